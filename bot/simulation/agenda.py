"""Virtual time: a clock that stands still until the next thing happens, and the list of things to come.

The services are coroutines, but over the store in memory they never wait for anything; so they are driven by hand, and
an event loop is not needed. The one thing they wait for is a `Pause`, the time that the simulated engine takes.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Coroutine, Generator
from datetime import datetime, timedelta
from typing import Any, TypeVar

Result = TypeVar("Result")
Action = Callable[..., None]


class Pause:
    """Awaited by something that takes virtual time."""

    __slots__ = ("seconds",)

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def __await__(self) -> Generator[Pause, None, None]:
        """Give control back to whoever drives the coroutine, until the time is over."""
        yield self


class Waited(RuntimeError):
    """A coroutine that must run through at once waited for something."""


def run(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine that waits for nothing to its end."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        result: Result = done.value
        return result
    coroutine.close()
    raise Waited(repr(coroutine))


class Agenda:
    """The clock, and what happens next. Time is counted in seconds since the start and never goes back.

    The wall clock is that count plus an offset, and the offset may jump. Things planned for a moment of the wall clock
    (a shift's end) wait for the wall clock; things planned for later wait for time to pass.
    """

    def __init__(self, start: datetime) -> None:
        self.seconds = 0.0
        """Since the start, whatever the wall clock says."""
        self._start = start
        self._offset = 0.0
        self._shown: datetime | None = start
        """What the wall clock shows; ``None`` until somebody looks at it after time has passed."""
        self._heap: list[tuple[float, int, datetime | None, Action, tuple[Any, ...]]] = []
        self._number = 0

    def now(self) -> datetime:
        """Return what the wall clock shows; see `bot.services.ports.Clock`."""
        if self._shown is None:
            self._shown = self._start + timedelta(seconds=self.seconds + self._offset)
        return self._shown

    def jump(self, seconds: float) -> None:
        """Set the wall clock forward, or back with a negative number."""
        self._offset += seconds
        self._shown = None

    def after(self, seconds: float, action: Action, *arguments: Any) -> None:
        """Have something done when so much time has passed."""
        self._number += 1
        heapq.heappush(self._heap, (self.seconds + max(seconds, 0.0), self._number, None, action, arguments))

    def at(self, moment: datetime, action: Action, *arguments: Any) -> None:
        """Have something done when the wall clock shows a moment, at once where that is past."""
        wait = (moment - self.now()).total_seconds()
        self._number += 1
        heapq.heappush(self._heap, (self.seconds + max(wait, 0.0), self._number, moment, action, arguments))

    def run(self, until: datetime) -> int:
        """Let everything happen up to a moment of the wall clock; returns how many things did."""
        heap, happened, end = self._heap, 0, (until - self._start).total_seconds()
        while heap and heap[0][0] + self._offset <= end:
            self.seconds, _, moment, action, arguments = heapq.heappop(heap)
            self._shown = None
            if moment is not None and self.now() < moment:
                # The wall clock was set back since this was planned.
                self.at(moment, action, *arguments)
                continue
            action(*arguments)
            happened += 1
        return happened

    def drive(self, coroutine: Coroutine[Any, Any, Any], then: Callable[[Any], None] | None = None) -> None:
        """Run a coroutine to its end, letting time pass where it pauses; ``then`` gets what it returned."""
        try:
            pause = coroutine.send(None)
        except StopIteration as done:
            if then is not None:
                then(done.value)
            return
        if not isinstance(pause, Pause):
            coroutine.close()
            raise Waited(repr(coroutine))
        self.after(pause.seconds, self.drive, coroutine, then)
