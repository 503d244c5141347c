"""The JSON shapes of teaching: what to look at and what was labelled.

No text in here is a customer's own words: each was masked before it left the database's room.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from bot.web.endpoint import ID_MAX, Body, Given
from bot.web.teach_review_shapes import MarkOut, Marks, SaidOut

Id = Annotated[int, Field(ge=1, le=ID_MAX)]
Label = Annotated[str, StringConstraints(max_length=60)]
Written = Annotated[str, StringConstraints(max_length=1_000)]


class GuessOut(Given):
    """A need that the bot thought of; ``name`` is its intent, ``confidence`` between 0 and 1."""

    name: str
    confidence: float


class QueueEntryOut(Given):
    """One entry to look at: near-duplicates stand in it once, ``size`` messages of ``customers`` customers.

    ``message_id`` names the leader and is what the doors take. ``reasons`` are the values of
    `bot.domain.teaching.worth.Reason`, the weightiest first. ``guesses`` are the likeliest needs, at most five.
    ``members`` are the ids of the others, which a decision may be meant for too; ``others`` the texts of some.
    ``hint`` is the need that staff named when they said it was another one; ``shadow_intent`` what a candidate model
    made of it. ``department`` is where the case of the leader lies now, ``None`` where it has none. ``said`` is set
    where somebody else's label waits for this person's (reason ``second_look``), and where two people disagree (reason
    ``disputed``): a third one, or an admin, settles it.
    """

    message_id: int
    text: str
    at: datetime
    channel: str
    size: int
    customers: int
    worth: float
    reasons: list[str]
    intent: str | None
    confidence: float | None
    decision: str | None
    guesses: list[GuessOut]
    department: str | None
    members: list[int]
    others: list[str]
    hint: str | None
    shadow_intent: str | None
    said: list[SaidOut]


class NeedOut(Given):
    """A need that a message may be given: the intent's name and who owns it."""

    name: str
    department: str
    department_label: str


class QueueOut(Given):
    """What to look at first, in this order. ``labelled`` counts the decisions that stand, ``approved`` the examples.

    ``entities`` are the names that a part of a text may be marked with.
    """

    entries: list[QueueEntryOut]
    needs: list[NeedOut]
    entities: list[str]
    waiting: int
    labelled: int
    approved: int
    two_reviewers: bool


class QueueIn(BaseModel):
    """How many entries are wanted."""

    limit: Annotated[int, Field(ge=1, le=100)] = 30


class AlsoIn(Body):
    """``also`` are further messages for which the same is decided, near-duplicates say."""

    also: Annotated[tuple[Id, ...], Field(max_length=99)] = ()


class LabelIn(AlsoIn):
    """The need that a message speaks of; ``not_a_need`` where it asks for nothing.

    ``entities`` are marked in the text of the message in the path, not in those of ``also``. ``settle``: an admin
    decides between two people of whom they are one; anybody else who is neither needs no such word.
    """

    label: Label
    entities: Marks = ()
    settle: bool = False


class DecisionOut(Given):
    """What somebody decided on a message. ``label`` is ``None`` where it was skipped.

    ``state`` is the example's: ``None`` where
    nothing is taught, ``proposed`` (waits for a second person), ``approved`` or ``withdrawn``. A message that was split
    has the labels joined with ``+`` and several ``example_ids``. ``disputed``: two people said different things.
    """

    message_id: int
    label: str | None
    example_id: int | None
    state: str | None
    undone: bool
    example_ids: list[int]
    disputed: bool


class DecisionsOut(Given):
    """What holds now of the messages that were named."""

    decisions: list[DecisionOut]


class ExampleOut(Given):
    """A taught sentence. ``text`` is empty once it was withdrawn. ``customer_id`` is ``None`` for words of our own.

    ``refused`` is set while its customer does not want to be learned from.
    """

    id: int
    text: str
    label: str
    state: str
    source: str
    message_id: int | None
    made_at: datetime
    labelled_by: str
    labelled_by_id: int
    reviewed_by: str | None
    customer_id: int | None
    refused: bool
    entities: list[MarkOut]


class ExamplesIn(BaseModel):
    """Which page of examples, newest first: those with an id below ``before``."""

    before: Annotated[int | None, Field(ge=1, le=ID_MAX)] = None
    state: Annotated[str | None, StringConstraints(pattern="^(proposed|approved|withdrawn)$")] = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class ExamplesOut(Given):
    """A page of examples; ``next`` is the ``before`` of the following page."""

    examples: list[ExampleOut]
    next: int | None
