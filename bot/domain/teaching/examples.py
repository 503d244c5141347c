"""An example: one sentence of a customer (or of ours) and the need it speaks of, from proposal to training.

Only approved examples that somebody consented to are learned from. An example that was withdrawn keeps its row, as the
proof that it was withdrawn, and loses its words.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.domain.errors import ForbiddenMove, Invalid, NotPermitted
from bot.domain.teaching.labels import checked_label, checked_text, sameness

CUSTOMER_CAP: Final = 20
"""Examples of one customer that a dataset takes at most: one person must not be able to push a need."""


class ExampleState(StrEnum):
    """``proposed``: labelled, waits for a second person. ``approved``: may be learned from. ``withdrawn``: never."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


class Source(StrEnum):
    """Where the words come from: a reviewed message, a cluster of them, a staff correction, or an admin's own pen."""

    REVIEW = "review"
    CLUSTER = "cluster"
    CORRECTION = "correction"
    WRITTEN = "written"


class Consent(StrEnum):
    """On what ground the words may teach.

    ``given``: the customer agreed to that purpose. ``deidentified``: nothing in the text points to anyone, and a person
    looked. ``own``: written by the house. ``absent``: nobody agreed; silence is not consent.
    """

    GIVEN = "given"
    DEIDENTIFIED = "deidentified"
    OWN = "own"
    ABSENT = "absent"


@dataclass(frozen=True, kw_only=True, order=True)
class EntityMark:
    """A part of an example's text that somebody marked; ``end`` is the offset behind it."""

    start: int
    end: int
    name: str


@dataclass(frozen=True, kw_only=True)
class Example:
    """An example as stored. ``message_id`` and ``customer_id`` are ``None`` for words of our own; ids are staff's.

    ``part`` counts the examples of a message that speaks of several needs.
    """

    id: int
    text: str
    label: str
    source: Source
    made_at: datetime
    labelled_by: int
    state: ExampleState = ExampleState.PROPOSED
    consent: Consent = Consent.ABSENT
    message_id: int | None = None
    customer_id: int | None = None
    reviewed_by: int | None = None
    withdrawn_at: datetime | None = None
    entities: tuple[EntityMark, ...] = ()
    part: int = 0

    @property
    def usable(self) -> bool:
        """Tell whether a model may learn from it."""
        return self.state is ExampleState.APPROVED and self.consent is not Consent.ABSENT

    def approved(self, reviewer_id: int, *, two_reviewers: bool) -> Example:
        """Return the example as approved; approving it again changes nothing.

        Raises:
            NotPermitted: the company wants two people, and this is the one who labelled it.
            ForbiddenMove: it was withdrawn.
        """
        if self.state is ExampleState.WITHDRAWN:
            raise ForbiddenMove(f"example {self.id} was withdrawn")
        if two_reviewers and reviewer_id == self.labelled_by:
            raise NotPermitted(f"staff member {reviewer_id} labelled example {self.id} and cannot review it")
        if self.state is ExampleState.APPROVED:
            return self
        return replace(self, state=ExampleState.APPROVED, reviewed_by=reviewer_id)

    def unapproved(self) -> Example:
        """Return the example as it was before a second person approved it."""
        return replace(self, state=ExampleState.PROPOSED, reviewed_by=None)

    def withdrawn(self, at: datetime) -> Example:
        """Return the example without its words; withdrawing it again changes nothing."""
        if self.state is ExampleState.WITHDRAWN:
            return self
        return replace(
            self,
            text="",
            entities=(),
            state=ExampleState.WITHDRAWN,
            consent=Consent.ABSENT,
            withdrawn_at=at,
        )


def labelled(
    *,
    id: int,  # noqa: A002 - the field is called so
    text: str,
    label: str,
    source: Source,
    staff_id: int,
    at: datetime,
    consent: Consent,
    two_reviewers: bool,
    message_id: int | None = None,
    customer_id: int | None = None,
    entities: Iterable[EntityMark] = (),
    part: int = 0,
) -> Example:
    """Return a new example: approved at once, or proposed where the company wants a second pair of eyes.

    ``entities`` count from the start of `checked_text`, which is the text that was shown for marking.

    Raises:
        Invalid: text, label or an entity cannot be accepted.
    """
    words = checked_text(text)
    example = Example(
        id=id,
        text=words,
        label=checked_label(label),
        source=source,
        made_at=at,
        labelled_by=staff_id,
        consent=consent,
        message_id=message_id,
        customer_id=customer_id,
        entities=checked_entities(words, entities),
        part=part,
    )
    return example if two_reviewers else example.approved(staff_id, two_reviewers=False)


def checked_entities(text: str, marks: Iterable[EntityMark]) -> tuple[EntityMark, ...]:
    """Return the marks in the order of the text.

    Raises:
        Invalid: one lies outside of the text, is empty, overlaps another, or has a name that is none.
    """
    ordered = tuple(sorted(marks))
    reached = 0
    for mark in ordered:
        checked_label(mark.name)
        if not 0 <= mark.start < mark.end <= len(text) or not text[mark.start : mark.end].strip():
            raise Invalid("entities", "Phần được đánh dấu không nằm trong câu.")
        if mark.start < reached:
            raise Invalid("entities", "Hai phần được đánh dấu chồng lên nhau.")
        reached = mark.end
    return ordered


def likeness(text: str) -> str:
    """Return a digest that two texts share when they are one to a reader."""
    return hashlib.sha256(sameness(text).encode("utf-8", "replace")).hexdigest()


def within_cap(examples: Sequence[Example], cap: int = CUSTOMER_CAP) -> Iterator[Example]:
    """Yield the examples that the cap lets through: of each customer the earliest ones; words of our own all."""
    taken: Counter[int] = Counter()
    for example in sorted(examples, key=lambda one: (one.made_at, one.id)):
        if example.customer_id is not None:
            taken[example.customer_id] += 1
            if taken[example.customer_id] > cap:
                continue
        yield example
