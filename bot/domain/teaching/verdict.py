"""What the gate looks at and what it finds, in the form in which it is kept and shown."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.domain.company import Words
from bot.domain.errors import Invalid
from bot.domain.teaching.figures import Bin, Interval
from bot.domain.teaching.results import ConfusionChange, Delta
from bot.domain.written import checked_words

SLOWDOWN_LIMIT: Final = 1.5
"""How many times as long as the serving model's the candidate's 95th percentile may be."""
SLOWDOWN_FLOOR_MS: Final = 0.5
"""A difference below this is the clock's and the machine's, not the model's."""
SHORTEST_EXCUSE: Final = 10
LONGEST_EXCUSE: Final = 1_000


class ReasonCode(StrEnum):
    """Why a promotion is refused, or what the admin should look at."""

    TOO_FEW_TESTS = "too_few_tests"
    ACCURACY = "accuracy"
    STYLE = "style"
    INTENT = "intent"
    CORRECTION = "correction"
    CALIBRATION = "calibration"
    SILENCE = "silence"
    SPEED = "speed"
    SPEED_UNKNOWN = "speed_unknown"
    STILL_WRONG = "still_wrong"
    REPLAY = "replay"
    UNTESTED = "untested"


@dataclass(frozen=True, kw_only=True)
class GateReason:
    """One reason; ``subject`` names the style, intent or message it is about."""

    code: ReasonCode
    subject: str
    text: Words


@dataclass(frozen=True, kw_only=True)
class Correction:
    """A message that staff once set right: what had been ``read``, the need they named, what each model reads now."""

    message_id: int
    text: str
    read: str
    truth: str
    serving: str
    candidate: str

    @property
    def undone(self) -> bool:
        """Tell whether the candidate forgets what the serving model has learned."""
        return self.serving == self.truth != self.candidate


@dataclass(frozen=True, kw_only=True)
class Replayed:
    """A message of last week and what each model makes of it; nobody knows which of them is right.

    It stands for ``count`` messages that say nearly the same.
    """

    message_id: int
    text: str
    before: str
    after: str
    count: int = 1
    before_confidence: float = 0.0
    after_confidence: float = 0.0

    @property
    def changed(self) -> bool:
        """Tell whether the customer would have been understood differently."""
        return self.before != self.after


@dataclass(frozen=True, kw_only=True)
class Speed:
    """The 95th percentile of understanding a message, both models measured in turn on the same machine, in ms."""

    serving_p95_ms: float
    candidate_p95_ms: float

    @property
    def slower(self) -> bool:
        """Tell whether customers would wait noticeably longer."""
        grown = self.candidate_p95_ms - self.serving_p95_ms
        return self.candidate_p95_ms > SLOWDOWN_LIMIT * self.serving_p95_ms and grown > SLOWDOWN_FLOOR_MS


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """Whether the stated confidence can be believed, before and after; the ``bins`` draw both pictures.

    ``change`` is how much the error grew, with its interval.
    """

    before: float
    after: float
    change: Interval
    bins_before: tuple[Bin, ...]
    bins: tuple[Bin, ...]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What the gate found. ``allowed`` is true where ``reasons`` is empty; ``notices`` do not stand in the way.

    ``accuracy_before`` and ``accuracy_after`` are the shares understood of all test messages. ``corrections`` counts
    the messages that staff set right. ``replay`` are the changed messages alone, the most frequent first, of
    ``replayed`` messages of last week; ``replay_share`` is how much of the traffic they are.
    """

    serving: str
    candidate: str
    allowed: bool
    reasons: tuple[GateReason, ...]
    notices: tuple[GateReason, ...]
    accuracy_before: Interval
    accuracy_after: Interval
    overall: Delta
    styles: tuple[Delta, ...]
    intents: tuple[Delta, ...]
    confusions: tuple[ConfusionChange, ...]
    corrections: int
    undone: tuple[Correction, ...]
    still_wrong: tuple[Correction, ...]
    replayed: int
    replay: tuple[Replayed, ...]
    replay_share: Interval
    calibration: Calibration
    speed: Speed | None


def override_reason(text: str) -> str:
    """Return the written reason with which an admin promotes a refused candidate all the same.

    Raises:
        Invalid: it says nothing, too little or too much.
    """
    words = checked_words("reason", text, LONGEST_EXCUSE, "Xin ghi rõ lý do vẫn đưa mô hình này vào dùng.")
    if len(words) < SHORTEST_EXCUSE:
        raise Invalid("reason", f"Lý do cần ít nhất {SHORTEST_EXCUSE} ký tự để người sau hiểu được.")
    return words
