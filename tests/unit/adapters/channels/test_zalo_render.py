"""Texts and choices in the form that Zalo takes."""

from __future__ import annotations

import time

import pytest

from bot.adapters.channels.zalo.render import TEXT_UNITS, numbered, plain, utf16_units
from bot.domain.messages import Button
from bot.services.ports_channel import Rejected


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("**đậm** và __đậm__ và ~~bỏ~~", "đậm và đậm và bỏ"),
        ("[Sen Việt](https://sen.example/a?b=c)", "Sen Việt (https://sen.example/a?b=c)"),
        ("![ảnh](https://sen.example/a.png)", "ảnh (https://sen.example/a.png)"),
        ("## Giá\nPhòng", "Giá\nPhòng"),
        ("```python\nmã\n```", "mã"),
        ("dùng `mã` này", "dùng mã này"),
        ("2*3*4 = 24 và snake_case", "2*3*4 = 24 và snake_case"),
        ("a__b__c", "a__b__c"),
        ("** không đậm **", "** không đậm **"),
        ("#hashtag", "#hashtag"),
        ("- gạch đầu dòng", "- gạch đầu dòng"),
        ("[không](javascript:alert(1))", "[không](javascript:alert(1))"),
        ("mảng[0](x)", "mảng[0](x)"),
        ("Ho\u0301a", "Hóa"),
        ("  lề  ", "lề"),
    ],
)
def test_plain(written: str, read: str) -> None:
    assert plain(written) == read
    assert plain(read) == read


@pytest.mark.parametrize("hostile", ["*" * 4000, "[" * 4000, "`" * 4000, "**a" * 1300, "[a](" * 1000, "__ " * 1300])
def test_plain_takes_no_time_over_hostile_text(hostile: str) -> None:
    started = time.process_time()
    made = plain(hostile)

    assert time.process_time() - started < 0.1
    assert len(made) <= len(hostile)


def test_numbered_shortens_titles_between_signs_until_all_fits() -> None:
    buttons = [Button(title="😊" * 200, payload=str(number)) for number in range(5)]

    made = numbered("x" * 1500, buttons)

    assert utf16_units(made) <= TEXT_UNITS
    assert [line[:3] for line in made.split("\n")[2:]] == ["1. ", "2. ", "3. ", "4. ", "5. "]
    assert made.encode("utf-16")  # no half of a pair is left over


def test_numbered_without_room_is_refused() -> None:
    with pytest.raises(Rejected, match="too_long"):
        numbered("x" * 1990, [Button(title="Đúng ạ " * 9, payload="1"), Button(title="Không " * 9, payload="2")])


def test_numbered_without_text_or_choices() -> None:
    assert numbered("", [Button(title="Đúng\nạ", payload="1")]) == "1. Đúng ạ"
    assert numbered("chào", []) == "chào"
