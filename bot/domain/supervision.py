"""When a part of the product that died is started again: the states of one supervised process, without any process.

Moments are seconds of a monotonic clock; only differences between them mean anything.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from bot.domain.errors import ForbiddenMove


class PartState(StrEnum):
    """Where a part stands. `backing_off` is the pause between a death and the next start."""

    IDLE = "idle"
    STARTING = "starting"
    RUNNING = "running"
    BACKING_OFF = "backing_off"
    STOPPING = "stopping"
    STOPPED = "stopped"


@dataclass(frozen=True, kw_only=True, slots=True)
class BackOff:
    """How long to wait before a start is tried again, in seconds."""

    first: float = 0.2
    factor: float = 2.0
    longest: float = 30.0
    steady: float = 60.0
    """A part that ran this long without a break is forgiven its earlier deaths."""

    def delay(self, failures: int) -> float:
        """Return the pause after this many deaths in a row, the first of them counted as 1."""
        exponent = min(max(failures, 1) - 1, 32)  # beyond this every sensible factor has reached the longest pause
        return min(self.first * self.factor**exponent, self.longest)


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One supervised process. Every method returns the part after the move, or raises ForbiddenMove."""

    name: str
    back_off: BackOff = BackOff()
    state: PartState = PartState.IDLE
    since: float = 0.0
    restarts: int = 0
    """Starts after the first one, over the whole life of the supervisor."""
    failures: int = 0
    """Deaths in a row, none of them after a steady run."""
    retry_at: float | None = None
    last_exit: str | None = None
    """How it last ended, for people: an exit status or the name of a signal."""

    def started(self, at: float) -> Part:
        """The process exists; nobody knows yet whether it is of use."""
        self._from(PartState.IDLE, PartState.BACKING_OFF)
        again = self.state is PartState.BACKING_OFF
        return replace(
            self, state=PartState.STARTING, since=at, retry_at=None, restarts=self.restarts + (1 if again else 0)
        )

    def ready(self, at: float) -> Part:
        """It answered its first probe."""
        self._from(PartState.STARTING)
        return replace(self, state=PartState.RUNNING, since=at)

    def exited(self, at: float, how: str) -> Part:
        """It died without being asked to."""
        self._from(PartState.STARTING, PartState.RUNNING)
        steady = self.state is PartState.RUNNING and at - self.since >= self.back_off.steady
        failures = 1 if steady else self.failures + 1
        return replace(
            self,
            state=PartState.BACKING_OFF,
            since=at,
            failures=failures,
            retry_at=at + self.back_off.delay(failures),
            last_exit=how,
        )

    def stopping(self, at: float) -> Part:
        """It was asked to end. Asking twice changes nothing."""
        if self.state in {PartState.STOPPING, PartState.STOPPED}:
            return self
        return replace(self, state=PartState.STOPPING, since=at, retry_at=None)

    def stopped(self, at: float, how: str | None = None) -> Part:
        """It ended because it was asked to, or had not been running when it was asked."""
        self._from(PartState.STOPPING)
        return replace(self, state=PartState.STOPPED, since=at, last_exit=how or self.last_exit)

    def _from(self, *allowed: PartState) -> None:
        if self.state not in allowed:
            raise ForbiddenMove(f"{self.name} is {self.state}, not {' or '.join(allowed)}")
