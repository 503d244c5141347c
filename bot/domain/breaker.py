"""A circuit breaker: when to stop asking a part that keeps failing, and when to try it again.

Closed: everything passes, failures in a row are counted. Open: nothing passes until a rest is over. Half-open: one
caller passes as a probe; its result closes or opens the breaker. Moments are seconds of a monotonic clock.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class BreakerState(StrEnum):
    """Whether callers pass."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


class Refused(Exception):
    """The part is not asked now; ``retry_in`` is the number of seconds until one caller may try."""

    def __init__(self, retry_in: float) -> None:
        super().__init__(f"refused for another {retry_in:.1f} s")
        self.retry_in = retry_in


@dataclass(frozen=True, kw_only=True, slots=True)
class Breaker:
    """Every method returns the breaker after the move."""

    threshold: int = 5
    """Failures in a row that open it."""
    rest: float = 5.0
    """Seconds during which nothing passes."""
    probe_limit: float = 4.0
    """Seconds after which a probe that never reported counts as lost and another may pass."""
    state: BreakerState = BreakerState.CLOSED
    failures: int = 0
    since: float = 0.0
    """When it opened, or when the probe passed."""

    def __post_init__(self) -> None:
        if self.threshold < 1 or self.rest < 0 or self.probe_limit <= 0:
            raise ValueError("a breaker needs a threshold of at least 1, and times that are not negative")

    def admitted(self, at: float) -> Breaker:
        """Let one caller pass. Raises Refused."""
        if self.state is BreakerState.CLOSED:
            return self
        wait = self.rest if self.state is BreakerState.OPEN else self.probe_limit
        left = self.since + wait - at
        if left > 0:
            raise Refused(left)
        return replace(self, state=BreakerState.HALF_OPEN, since=at)

    def succeeded(self) -> Breaker:
        """A caller got its answer. A late success of before the opening closes it as well: the part answers."""
        return replace(self, state=BreakerState.CLOSED, failures=0, since=0.0)

    def failed(self, at: float) -> Breaker:
        """A caller got none. Callers that were under way when it opened do not lengthen the rest."""
        if self.state is BreakerState.OPEN:
            return self
        failures = self.failures + 1
        if self.state is BreakerState.HALF_OPEN or failures >= self.threshold:
            return replace(self, state=BreakerState.OPEN, failures=failures, since=at)
        return replace(self, failures=failures)
