"""Vietnamese however it is typed, English, and what is too short to tell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.domain.company import Language
from bot.domain.language import language_of

HELD_OUT = Path(__file__).parents[2] / "data/heldout"


@pytest.mark.parametrize(
    "text",
    ["there is a fire in the parking lot!", "please call me back", "About buying an air conditioner on instalments",
     "what's the weather like in Hanoi?", "tomorrow", "Friday 10am", "my fridge stopped cooling", "it's cracked",
     "third basement", "bought it in June", "after 5pm", "do you have Samsung?", "I need a VAT invoice"],
)  # fmt: skip
def test_english(text: str) -> None:
    assert language_of(text, Language.VI) is Language.EN


@pytest.mark.parametrize(
    "text",
    ["Hi shop, đổi hàng được không", "check order giup minh", "cancel don giup minh", "login ko dc", "app bi loi",
     "stock con k", "toi can mua iphone 15 pro max", "feedback ve nhan vien", "can ban gap nha", "ship cod dc ko",
     "ai day", "ai day vay"],
)  # fmt: skip
def test_vietnamese_full_of_english_words(text: str) -> None:
    assert language_of(text, Language.EN) is Language.VI


@pytest.mark.parametrize(
    "text", ["ok", "ok thanks", "bye", "no", "0909123456", "DH12345", "Samsung", "order size L", "tv 43in", "???", ""]
)
@pytest.mark.parametrize("before", list(Language))
def test_what_is_too_short_to_tell_keeps_the_language(text: str, before: Language) -> None:
    assert language_of(text, before) is before


def test_nobody_who_writes_vietnamese_is_answered_in_english() -> None:
    """Over everything that customers write in the held-out data; a few English lines are words of both languages."""
    missed = []
    for path in HELD_OUT.glob("*.jsonl"):
        for one in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            found = language_of(one["text"], Language.VI)
            assert one["style"] == "english" or found is Language.VI, one["text"]
            missed += [one["text"]] if one["style"] == "english" and found is Language.VI else []
    assert len(missed) <= 3, missed
