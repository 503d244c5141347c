"""Loops that read queues and never die of one bad item."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

import structlog

from bot.services.ports import Clock, QueueItem, QueueName, Store

log = structlog.get_logger(__name__)

Handler = Callable[[QueueItem], Awaitable[datetime | None]]
"""Deals with an item; may return the moment at which the queue is worth another look."""

_ERROR_PAUSE = 0.5
STOP_GRACE = 1.5
"""Seconds that items under way get to end when the process is told to stop."""


class QueueLoop:
    """Reads one queue and deals with up to ``width`` items at a time, each of another conversation."""

    def __init__(
        self,
        *,
        queue: QueueName,
        store: Store,
        clock: Clock,
        handler: Handler,
        width: int,
        hidden_for: int,
        poll: float,
    ) -> None:
        self._queue = queue
        self._store = store
        self._clock = clock
        self._handler = handler
        self._width = width
        self._hidden_for = hidden_for
        self._poll = poll
        self._wake = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at: datetime | None = None

    @property
    def name(self) -> str:
        """The queue's name."""
        return self._queue.value

    def woken(self) -> None:
        """Read again now."""
        self._wake.set()

    async def run(self) -> None:
        """Read and deal for ever; on cancellation the items under way are given up and read again by the next start."""
        try:
            while True:
                self._wake.clear()
                if await self._fill():
                    continue
                # Not `wait_for`: in Python 3.11 it may swallow a cancellation that comes together with the wake.
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self._poll):
                        await self._wake.wait()
        finally:
            if self._tasks:
                # A send under way would become "unknown"; most end within a moment.
                await asyncio.wait(self._tasks, timeout=STOP_GRACE)
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _fill(self) -> bool:
        """Start what there is room for; true when as much was there as was asked for."""
        room = self._width - len(self._tasks)
        if room <= 0:
            return False
        try:
            async with self._store.read() as uow:
                items = await uow.queues.read(self._queue, seconds=self._hidden_for, limit=room)
        except Exception:
            log.exception("queue_not_read", queue=self.name)
            await asyncio.sleep(_ERROR_PAUSE)
            return False
        for item in items:
            task = asyncio.create_task(self._deal(item))
            self._tasks.add(task)
            task.add_done_callback(self._done)
        return len(items) == room

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        # The next item of the same conversation can be read now.
        self._wake.set()

    async def _deal(self, item: QueueItem) -> None:
        try:
            again = await self._handler(item)
        except Exception:
            log.exception("item_not_finished", queue=self.name, item=item.id, reads=item.reads)
            await self._retry_soon(item)
            return
        if again is not None:
            self._look_again(again)

    async def _retry_soon(self, item: QueueItem) -> None:
        """Show a failed item again after a growing pause; without a database it shows itself when its time is over."""
        again = self._clock.now() + timedelta(seconds=_ERROR_PAUSE * 2 ** min(item.reads, 6))
        try:
            async with self._store.read() as uow:
                await uow.queues.hold(self._queue, item.id, again)
        except Exception:
            log.exception("item_not_released", queue=self.name, item=item.id)
            await asyncio.sleep(_ERROR_PAUSE)
            return
        self._look_again(again)

    def _look_again(self, at: datetime) -> None:
        if self._timer_at is not None and self._timer_at <= at and self._timer_at > self._clock.now():
            return
        if self._timer is not None:
            self._timer.cancel()
        delay = max((at - self._clock.now()).total_seconds(), 0.0) + 0.002
        self._timer_at = at
        self._timer = asyncio.get_running_loop().call_later(delay, self._wake.set)


class SweepLoop:
    """Finds things to deal with every ``seconds`` and deals with each by itself: one bad thing never stops the rest."""

    def __init__(
        self,
        name: str,
        seconds: float,
        *,
        find: Callable[[], Awaitable[Sequence[int]]],
        deal: Callable[[int], Awaitable[None]],
    ) -> None:
        self.name = name
        self._find = find
        self._deal = deal
        self._periodic = PeriodicLoop(name, seconds, self._sweep)

    async def run(self) -> None:
        """Sweep for ever."""
        await self._periodic.run()

    async def _sweep(self) -> None:
        for found in await self._find():
            try:
                await self._deal(found)
            except Exception:
                log.exception("sweep_item_failed", loop=self.name, item=found)


class PeriodicLoop:
    """Calls something every ``seconds``, first ``after`` some; a failure is logged and the next call comes anyway."""

    def __init__(
        self, name: str, seconds: float, action: Callable[[], Awaitable[object]], *, after: float = 0.0
    ) -> None:
        self.name = name
        self._after = after
        self._seconds = seconds
        self._action = action

    async def run(self) -> None:
        """Call for ever."""
        await asyncio.sleep(self._after)
        while True:
            try:
                await self._action()
            except Exception:
                log.exception("periodic_action_failed", loop=self.name)
            await asyncio.sleep(self._seconds)
