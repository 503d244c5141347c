from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.adapters.training.taught import taught_yaml
from bot.domain.errors import Invalid
from bot.domain.teaching.dataset import Dataset
from bot.domain.teaching.examples import Consent, Example, Source, labelled
from bot.services.lessons import NO_LESSONS, Lessons


def example(text: str) -> Example:
    """An example about to be stored."""
    return labelled(
        id=0,
        text=text,
        label="parking",
        source=Source.WRITTEN,
        staff_id=1,
        at=datetime(2026, 11, 26, tzinfo=UTC),
        consent=Consent.OWN,
        two_reviewers=False,
    )


def unwritable(_: Dataset) -> str:
    raise Invalid("examples", "ở nhu cầu: parking")


def test_what_cannot_be_written_is_refused_by_its_words() -> None:
    with pytest.raises(Invalid, match="“giữ xe đêm”") as refused:
        Lessons(labels={}, entities=frozenset(), emit=unwritable).check(example("giữ xe đêm"))
    assert refused.value.field == "examples"


@pytest.mark.parametrize("text", ["giữ xe đêm", "examples: |", "- a: b # c", "‘’ “” \\ {} []"])
def test_what_can_be_written_passes(text: str) -> None:
    Lessons(labels={}, entities=frozenset(), emit=taught_yaml).check(example(text))
    NO_LESSONS.check(example(text))
