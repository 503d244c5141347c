"""The turn ledger: what the customer said since the last answer, and how it closed. A turn closes exactly once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.errors import ForbiddenMove

WATCH_LIMIT = timedelta(seconds=20)
"""A turn that is still open this long after it opened is closed by the watchdog with a case at reception."""


class Outcome(StrEnum):
    """How a turn closed (DESIGN section 1). There is no fourth way."""

    ANSWERED = "answered"
    OWNED = "owned"
    PROMISED = "promised"


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How the bot read a turn: the likeliest needs, likeliest first, and what it made of them.

    ``in_scope`` is the chance of being about this business at all, ``decision`` what followed (``answer``, ``ask``,
    ``hand_off``). ``doubtful`` is set where somebody should look at it, see `bot.domain.teaching.worth`.
    """

    ranking: tuple[tuple[str, float], ...] = ()
    in_scope: float | None = None
    decision: str | None = None
    doubtful: bool = False


@dataclass(frozen=True, kw_only=True)
class Closing:
    """How a turn closes.

    Raises:
        ForbiddenMove: an owned or promised turn names no case.
    """

    outcome: Outcome
    at: datetime
    case_id: int | None = None
    intent: str | None = None
    confidence: float | None = None
    model_id: str | None = None
    reading: Reading | None = None

    def __post_init__(self) -> None:
        if self.outcome is not Outcome.ANSWERED and self.case_id is None:
            raise ForbiddenMove(f"a turn cannot close as {self.outcome} without a case")


@dataclass(frozen=True, kw_only=True)
class Turn:
    """A row of the ledger. ``case_id`` is set for ``owned`` and ``promised``; ``intent`` only where the bot read it."""

    id: int
    conversation_id: int
    opened_at: datetime
    closed_at: datetime | None = None
    outcome: Outcome | None = None
    case_id: int | None = None
    intent: str | None = None
    confidence: float | None = None
    model_id: str | None = None
    reading: Reading | None = None

    def overdue(self, at: datetime) -> bool:
        """Tell whether the watchdog must close this turn now."""
        return self.outcome is None and at - self.opened_at >= WATCH_LIMIT
