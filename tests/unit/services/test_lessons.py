from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from bot.adapters.training.taught import taught_yaml
from bot.domain.errors import Invalid
from bot.domain.teaching.dataset import Base, Dataset
from bot.domain.teaching.examples import Consent, Example, Source, labelled
from bot.services.lessons import NO_LESSONS, LessonBook, Lessons
from bot.services.ports_review import Project


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


async def test_the_files_are_read_once_however_many_ask_at_the_same_time() -> None:
    read: list[int] = []

    def base() -> Base:
        read.append(1)
        return Base(digests={}, lines=(("address", "Công ty ở đâu?"),))

    book = LessonBook(Project(base=base, emit=taught_yaml))
    found = await asyncio.gather(*(book.lessons() for _ in range(4)))
    assert (len(read), {len(one.labels) for one in found}) == (1, {1})
