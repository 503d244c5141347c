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
    made of it. ``said`` is set where two people disagree (reason ``disputed``): a third one, or an admin, settles it.
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

    ``entities`` are marked in the text of the message in the path, not in those of ``also``.
    """

    label: Label
    entities: Marks = ()


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
    """A taught sentence. ``text`` is empty once it was withdrawn. ``customer_id`` is ``None`` for words of our own."""

    id: int
    text: str
    label: str
    state: str
    source: str
    message_id: int | None
    made_at: datetime
    labelled_by: str
    reviewed_by: str | None
    customer_id: int | None
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


class IntervalOut(Given):
    """An estimate with its 95 % interval."""

    estimate: float
    low: float
    high: float


class DeltaOut(Given):
    """How the share understood changed in one group (a style, an intent, ``""`` for all)."""

    group: str
    count: int
    before: float
    after: float
    change: IntervalOut
    won: int
    lost: int


class GateReasonOut(Given):
    """Why a candidate is refused, or what to look at; ``text`` is a Vietnamese sentence."""

    code: str
    subject: str
    text: str


class ConfusionOut(Given):
    """How many test messages of a need moved from one reading to another."""

    truth: str
    before: str
    after: str
    count: int


class GateOut(Given):
    """What the gate found when it compared the candidate with the model that served then.

    ``calibration_before`` and ``calibration_after`` are expected calibration errors, ``p95`` milliseconds a message.
    """

    serving: str
    candidate: str
    allowed: bool
    reasons: list[GateReasonOut]
    notices: list[GateReasonOut]
    overall: DeltaOut
    styles: list[DeltaOut]
    intents: list[DeltaOut]
    confusions: list[ConfusionOut]
    undone: int
    still_wrong: int
    calibration_before: float
    calibration_after: float
    p95_before_ms: float | None
    p95_after_ms: float | None


class TrainingOut(Given):
    """A training. ``state`` is ``running``, ``done``, ``failed``, ``cancelled`` or ``interrupted``.

    ``progress`` says what is being done, ``share`` how far it is, 0 to 1. ``faults`` say what keeps it from training.
    ``model_id`` is set once a candidate was made, ``gate`` once it was compared.
    """

    id: int
    state: str
    progress: str
    share: float
    examples: int
    started_at: datetime
    started_by: str
    ended_at: datetime | None
    faults: list[str]
    model_id: str | None
    gate: GateOut | None


class TrainingsOut(Given):
    """The trainings, newest first. ``running`` is the one under way."""

    trainings: list[TrainingOut]
    running: TrainingOut | None


class ModelOut(Given):
    """A kept model. ``allowed`` is the gate's word, ``None`` where it was never compared."""

    id: str
    made_at: datetime
    bytes: int
    seconds: float
    serving: bool
    allowed: bool | None
    training_id: int | None


class ModelsOut(Given):
    """The models of this installation, newest first. ``serving`` answers the customers; ``promoted`` is to."""

    models: list[ModelOut]
    serving: str | None
    promoted: str | None
    can_roll_back: bool


class PromoteIn(Body):
    """``reason`` is needed (from an admin) where the gate refused the model or never saw it."""

    reason: Written = ""


class PromotedOut(Given):
    """The model that is to serve from now on; the engine follows within seconds."""

    model: str
