from __future__ import annotations

import io
import sys

import pytest

from bot.cli.lines import read_texts
from bot.cli.output import Failure


def texts(monkeypatch: pytest.MonkeyPatch, given: bytes, *, jsonl: bool = False) -> list[str]:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
    return list(read_texts(jsonl=jsonl))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("xin chào\n", ["xin chào"]),
        ("một\r\nhai", ["một", "hai"]),
        ("\n  \nba\n", ["ba"]),
        ('{"text": "bốn", "more": 1}\nnăm\n', ["bốn", "năm"]),
        ('{"text": 6}\n', ['{"text": 6}']),
        ("{không phải json\n", ["{không phải json"]),
        ("\ufeffbảy\n", ["bảy"]),
        ("tám\u2028chín\n", ["tám\u2028chín"]),
        ("", []),
    ],
)
def test_lines_are_taken_as_they_are(monkeypatch: pytest.MonkeyPatch, given: str, expected: list[str]) -> None:
    assert texts(monkeypatch, given.encode()) == expected


def test_what_is_no_object_is_refused_where_objects_were_promised(monkeypatch: pytest.MonkeyPatch) -> None:
    assert texts(monkeypatch, b'{"text": "a"}\n', jsonl=True) == ["a"]
    with pytest.raises(Failure, match="Dòng 2"):
        texts(monkeypatch, b'{"text": "a"}\nplain\n', jsonl=True)


def test_bytes_that_are_no_text_are_refused_by_line(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Failure, match="Dòng 2"):
        texts(monkeypatch, b"fine\n\xff\xfe\n")
