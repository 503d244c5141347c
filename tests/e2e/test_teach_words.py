"""The teaching page has words for everything that the house may tell it, without a browser."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
import yaml

from actions.plan import COMMON
from bot.domain.company import Company
from bot.domain.teaching.examples import ExampleState
from bot.domain.teaching.worth import Reason
from bot.services.ports_teach import TrainingState
from tests.e2e.test_desk_words import words

ROOT = Path(__file__).parents[2]
STYLES = [path.stem for path in (ROOT / "tests/data/locked").glob("*.jsonl")]
ENDED = ("failed", "cancelled", "interrupted")


def entities() -> Iterable[str]:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    return (name for one in domain["entities"] for name in one)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_everything_that_may_be_told_has_words(language: str) -> None:
    families = {
        "reason": [one.value for one in Reason],
        "why": [one.value for one in Reason],
        "did": ["answer", "ask", "hand_off"],
        "state": [one.value for one in ExampleState],
        "training": [one.value for one in TrainingState] + [f"{one}_long" for one in ENDED],
        "entity": entities(),
        "style": STYLES,
        "point": ["serving", "allowed", "refused"],
        "line": ["before", "after", "ideal"],
        "tab": ["review", "needs", "answers", "models", "drift", "taught"],
        "holder": COMMON,
        "step": ["check_data", "learning", "gate"],
        "drift": ["fallbacks", "needs", "words", "before", "now"],
        "priority": ["normal", "high", "urgent"],
    }
    asked = {f"teach_{family}_{value}" for family, values in families.items() for value in values}
    assert asked - set(words(language)) == set()


def test_every_need_has_a_name_on_the_page(company: Company) -> None:
    named = yaml.safe_load((ROOT / "knowledge.yml").read_text(encoding="utf-8"))["needs"]
    assert set(company.owners) <= set(named)
