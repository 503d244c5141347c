"""One deadline as it runs, in open minutes of the department that has its case.

It runs, pauses and goes on; what counts is the open time that it has run. Moments to warn and to act are worked out
whenever it starts to run, so that reading them needs no calendar.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.copies import altered
from bot.domain.hours import OpeningHours
from bot.domain.promises import CALL_GRACE, due_after

WARN_SHARE = 0.8
"""A warning comes when this share of the allowed minutes has run."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """As far as it has run: ``spent`` are the minutes before ``since``, which is ``None`` while it does not run.

    ``warned`` and ``breached`` say what has been fired, and stay. ``fixed`` is a call at an hour that was promised: no
    calendar and no priority moves it, and the reminder of the promise is its warning.
    """

    allowed: float
    spent: float = 0.0
    since: datetime | None = None
    warn_at: datetime | None = None
    due_at: datetime | None = None
    warned: bool = False
    breached: bool = False
    fixed: bool = False

    @classmethod
    def call(cls, at: datetime, call_at: datetime) -> Run:
        """Return a call at an hour."""
        return cls(allowed=0.0, since=at, due_at=call_at, fixed=True)

    @property
    def breached_at(self) -> datetime | None:
        """When it counts as missed: once it is due, and a call once there was time to make it."""
        return self.due_at + CALL_GRACE if self.due_at is not None and self.fixed else self.due_at

    def running(self, hours: OpeningHours, at: datetime) -> Run:
        """Return the deadline as it runs from ``at`` with the minutes it has left."""
        left = max(self.allowed - self.spent, 0.0)
        to_warning = max(self.allowed * WARN_SHARE - self.spent, 0.0)
        # Used up: due now, not when the door opens next.
        due_at = due_after(hours, at, left) if left else at
        warn_at = min(due_after(hours, at, to_warning) if to_warning else at, due_at)
        return altered(self, since=at, warn_at=warn_at, due_at=due_at)

    def again(self, before: OpeningHours, after: OpeningHours, at: datetime, allowed: float) -> Run:
        """Return the running deadline under other hours and minutes; one that has passed keeps its moment."""
        changed = altered(self.halted(before, at), allowed=allowed).running(after, at)
        return altered(changed, due_at=self.due_at) if reached(self.due_at, at) else changed

    def halted(self, hours: OpeningHours, at: datetime) -> Run:
        """Return the deadline as it stands still, with what it has spent; standing already, it stays as it is."""
        return altered(self, spent=self.spent_by(hours, at), since=None, warn_at=None, due_at=None)

    def spent_by(self, hours: OpeningHours, at: datetime) -> float:
        """Return the open minutes run so far, never fewer than before; ``hours`` are those it runs by."""
        return self.spent if self.since is None else self.spent + hours.open_minutes(self.since, at)

    def left(self, hours: OpeningHours, at: datetime) -> float:
        """Return the open minutes left, never below zero."""
        return max(self.allowed - self.spent_by(hours, at), 0.0)


def reached(moment: datetime | None, at: datetime) -> bool:
    """Tell whether a moment has come; one that nobody set has not."""
    return moment is not None and moment <= at
