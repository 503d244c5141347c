"""The JSON shapes of trainings, models, what a candidate must prove, how it does beside the serving one, and drift.

No text in here is a customer's own words: each was masked before it left the database's room.
"""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from bot.web.endpoint import Body, Given
from bot.web.teach_shapes import Written


class IntervalOut(Given):
    """An estimate with its 95 % interval."""

    estimate: float
    low: float
    high: float


# --- the gate ---------------------------------------------------------------------------------------------------------


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
    """Why a candidate is refused, or what to look at; ``text`` is a sentence in the page's language.

    It names needs and styles by their ids, in “quotes”.
    """

    code: str
    subject: str
    text: str


class ConfusionOut(Given):
    """How many test messages of a need moved from one reading to another."""

    truth: str
    before: str
    after: str
    count: int


class BinOut(Given):
    """Test messages whose stated confidence lies between ``low`` and ``high``.

    ``stated`` is their mean confidence, ``right`` the share that was understood; both are the same for a model that
    can be believed.
    """

    low: float
    high: float
    count: int
    stated: float
    right: float


class CorrectionOut(Given):
    """A message that a person once set right: ``truth`` is what they said, ``read`` what had been read then.

    ``before`` and ``after`` are what the two models make of it.
    """

    message_id: int
    text: str
    truth: str
    read: str
    before: str
    after: str


class ReplayOut(Given):
    """A message of last week that would be read differently; ``count`` messages say nearly the same."""

    message_id: int
    text: str
    before: str
    after: str
    count: int


class GateOut(Given):
    """What the gate found when it compared the candidate with the model that served then.

    ``calibration_before`` and ``calibration_after`` are expected calibration errors, ``bins_*`` their pictures; ``p95``
    is in milliseconds of processor time a message. ``corrections`` counts the messages that people set right,
    ``undone`` those of them that only the serving model reads rightly (``undone_list`` has 50 at most), ``still_wrong``
    those that the candidate reads wrongly as the serving model does. ``replay`` has 50 at most of the
    ``replay_changed`` messages, of the ``replay_messages`` of last week, that would be read differently; the most
    frequent first. Fields that a verdict of an earlier version does not have are empty. ``seconds`` is how long the
    comparison took.
    """

    serving: str
    candidate: str
    allowed: bool
    reasons: list[GateReasonOut]
    notices: list[GateReasonOut]
    accuracy_before: IntervalOut | None = None
    accuracy_after: IntervalOut | None = None
    overall: DeltaOut
    styles: list[DeltaOut]
    intents: list[DeltaOut]
    confusions: list[ConfusionOut]
    corrections: int = 0
    undone: int
    undone_list: list[CorrectionOut] = Field(default_factory=list)
    still_wrong: int
    still_wrong_list: list[CorrectionOut] = Field(default_factory=list)
    replay_messages: int = 0
    replay_changed: int = 0
    replay_share: IntervalOut | None = None
    replay: list[ReplayOut] = Field(default_factory=list)
    calibration_before: float
    calibration_after: float
    bins_before: list[BinOut] = Field(default_factory=list)
    bins_after: list[BinOut] = Field(default_factory=list)
    p95_before_ms: float | None
    p95_after_ms: float | None
    seconds: float | None = None


# --- trainings and models ---------------------------------------------------------------------------------------------


class UnlearnedOut(Given):
    """A need that a training went without: ``missing`` sentences were too few, or 0, and the need is none any more.

    With a ``text`` only this sentence of the need was left out, because the trainer would misread it.
    """

    intent: str
    name: str
    missing: int
    text: str = ""


class TrainingOut(Given):
    """A training. ``state`` is ``running``, ``done``, ``failed``, ``cancelled`` or ``interrupted``.

    ``progress`` says what is being done, ``share`` how far it is, 0 to 1. ``faults`` say what keeps it from training.
    ``model_id`` is set once a candidate was made, ``gate`` once it was compared. ``started_by`` is empty for one that
    was started in the shell. ``resumes`` is the interrupted training that the house started again with this one.
    ``unlearned`` are needs whose examples it left out, so that the others could be learned.
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
    resumes: int | None = None
    unlearned: list[UnlearnedOut] = Field(default_factory=list)


class TrainingsOut(Given):
    """The trainings, newest first. ``running`` is the one under way."""

    trainings: list[TrainingOut]
    running: TrainingOut | None


class ModelOut(Given):
    """A kept model. ``allowed`` is the gate's word, ``None`` where it was never compared.

    One that ``served`` before may serve again without asking the gate.
    """

    id: str
    made_at: datetime
    bytes: int
    seconds: float
    serving: bool
    served: bool
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


class HistoryPointOut(Given):
    """One training that was judged, as a point of the picture "accuracy over versions".

    ``accuracy`` is the candidate's on ``tests`` locked messages with its 95 % interval, ``accuracy_before`` that of the
    model which served then, ``calibration`` the candidate's expected calibration error, ``examples`` how many taught
    sentences it learned from. ``promoted_at`` is when it last began to serve, ``None`` where it never did.
    """

    training_id: int
    model_id: str
    at: datetime
    examples: int
    tests: int
    accuracy: IntervalOut
    accuracy_before: float
    calibration: float
    p95_ms: float | None
    allowed: bool
    serving: bool
    promoted_at: datetime | None


class HistoryOut(Given):
    """The judged trainings, oldest first, at most the newest 50."""

    points: list[HistoryPointOut]


# --- shadow -----------------------------------------------------------------------------------------------------------


class DifferingOut(Given):
    """A live message that the two models read differently; nobody has said yet which of them is right."""

    message_id: int
    text: str
    at: datetime
    serving: str
    candidate: str
    confidence: float


class ShadowOut(Given):
    """A candidate that reads live messages after they were answered.

    ``until`` is when it stops by itself. ``messages`` counts what it read, ``agree`` what both models read alike,
    ``share`` is that share with its 95 % interval. ``differing`` has the newest 50. All is empty where nothing runs in
    the shadow, and ``reading`` is false while the engine has yet to load the candidate. ``fault`` says why it cannot.
    """

    model: str | None
    since: datetime | None
    until: datetime | None
    started_by: str
    reading: bool
    fault: str
    messages: int
    agree: int
    share: IntervalOut | None
    differing: list[DifferingOut]


# --- drift ------------------------------------------------------------------------------------------------------------


class DriftAlertOut(Given):
    """Something moved; ``kind`` is ``fallbacks``, ``needs`` or ``words``, ``text`` a Vietnamese sentence."""

    kind: str
    text: str


class NewWordOut(Given):
    """A word that neither last month's messages nor the training lines have."""

    word: str
    messages: int
    customers: int


class NeedShiftOut(Given):
    """How the share of a need changed, as parts of 1."""

    need: str
    before: float
    now: float


class ChannelDriftOut(Given):
    """A channel this week against the month before.

    ``enough`` is false where there are too few messages to say anything. ``growth`` is the change of the share of
    fallbacks, ``divergence`` the Jensen-Shannon divergence of the mix of needs in bits, 0 to 1.
    """

    channel: str
    enough: bool
    messages: int
    messages_before: int
    fallbacks: IntervalOut
    fallbacks_before: IntervalOut
    growth: IntervalOut
    divergence: float
    shifts: list[NeedShiftOut]
    new_words: list[NewWordOut]
    alerts: list[DriftAlertOut]


class DriftOut(Given):
    """The traffic from ``since`` to ``made_at`` against that from ``before_since`` to ``since``, by channel."""

    made_at: datetime
    since: datetime
    before_since: datetime
    channels: list[ChannelDriftOut]
