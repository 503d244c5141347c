"""The patterns of talk about a case: right where they are meant, and quick on whatever comes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from actions import case_words, lexicon
from actions.courtesy import behind, complaining
from actions.handoffs import hinted, other_needs
from actions.understanding import Understanding

READERS = (
    case_words.withdraws, case_words.changes_mind, case_words.waits_patiently, case_words.asks_position,
    case_words.asks_number, case_words.asks_how_far, case_words.asks_where, case_words.hurries, case_words.introduces,
    case_words.explains, case_words.names_nothing, lexicon.says_later, lexicon.wants_person, lexicon.is_joint,
    lexicon.moves, lexicon.asks_after_one, hinted,
)  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["chưa " * 200, "a chua " * 2, "gap " * 8, "thoi khong can " * 60, "con may nguoi " * 70, "nhan vien " * 100,
     "bao ve " + "x" * 990, "doi " * 8 + "x" * 900, "mà" * 500, "ten cong ty " * 80, "what is " * 6, "how long " * 4],
)  # fmt: skip
def test_hostile_texts_are_read_in_bounded_time(text: str) -> None:
    started = datetime.now(UTC)
    for reader in READERS:
        reader(text)
    other_needs(text, "greet")
    understood = Understanding.read({"intent": {"name": "greet", "confidence": 0.9}})
    complaining(behind(understood, text), text)
    assert (datetime.now(UTC) - started).total_seconds() < 0.2


@pytest.mark.parametrize(
    ("text", "hurries"),
    [
        ("gấp nha em", True),
        ("gap lam em oi", True),
        ("nhanh anh ơi", True),
        ("cho gặp người đi", False),
        ("cho gap nguoi di", False),
        ("gap chi Lan ke toan", False),
        ("urgent", True),
        ("giá gấp đôi", False),
    ],
)
def test_haste(text: str, hurries: bool) -> None:
    assert case_words.hurries(text) is hurries
