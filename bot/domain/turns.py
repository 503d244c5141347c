"""The turn ledger: what the customer said since the last answer, and how it closed. A turn closes exactly once."""

from __future__ import annotations

from dataclasses import dataclass, replace
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

    def closed(self, outcome: Outcome, at: datetime, case_id: int | None = None) -> Turn:
        """Return the turn as it closes.

        Raises:
            ForbiddenMove: it is closed already, or an owned or promised turn names no case.
        """
        if self.outcome is not None:
            raise ForbiddenMove(f"turn {self.id} closed as {self.outcome} already")
        if outcome is not Outcome.ANSWERED and case_id is None:
            raise ForbiddenMove(f"turn {self.id} cannot close as {outcome} without a case")
        return replace(self, outcome=outcome, closed_at=at, case_id=case_id)

    def overdue(self, at: datetime) -> bool:
        """Tell whether the watchdog must close this turn now."""
        return self.outcome is None and at - self.opened_at >= WATCH_LIMIT
