"""Queues with groups, hiding and delays in memory, with the behaviour of PGMQ.

Heaps hold only hints of when an item may be readable; an item itself says whether a hint still holds. So nothing has
to be searched for in a heap, and a rollback only has to put items back.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from bot.adapters.memory.data import Work
from bot.adapters.memory.journal import Index, Journal
from bot.services.ports import Clock, QueueItem, QueueName

_UNGROUPED = "_default_fifo_group"


class _Item(NamedTuple):
    id: int
    body: Mapping[str, Any]
    group: str | None
    visible_at: datetime
    reads: int
    second: float
    """``visible_at`` in seconds since 1970: a heap compares them in a fraction of the time that moments take."""


@dataclass(slots=True)
class _Queue:
    grouped: bool
    number: int = 0
    items: dict[int, _Item] = field(default_factory=dict)
    groups: Index = field(default_factory=Index)
    hints: list[tuple[float, int]] = field(default_factory=list)
    buried: dict[int, _Item] = field(default_factory=dict)

    def add(self, journal: Journal, item: _Item) -> None:
        """Store a new item."""
        journal.put(self.items, item.id, item)
        if item.group is not None:
            self.groups.add(journal, item.group, item.id)
        heapq.heappush(self.hints, (item.second, item.id))

    def put(self, journal: Journal, before: _Item, item: _Item) -> None:
        """Store an item as it is now."""
        journal.put(self.items, item.id, item)
        heapq.heappush(self.hints, (item.second, item.id))
        journal.on_undo(lambda: heapq.heappush(self.hints, (before.second, before.id)))

    def drop(self, journal: Journal, item_id: int) -> _Item | None:
        """Take an item away; what stands behind it in its group becomes readable."""
        item = self.items.get(item_id)
        if item is None:
            return None
        journal.drop(self.items, item_id)
        journal.on_undo(lambda: heapq.heappush(self.hints, (item.second, item.id)))
        if item.group is not None:
            self.groups.drop(journal, item.group, item_id)
            behind = self.groups.first(item.group)
            if behind is not None:
                heapq.heappush(self.hints, (self.items[behind].second, behind))
        return item

    def holds(self, hint: tuple[float, int]) -> bool:
        """Whether a hint still speaks of an item that can be read then."""
        item = self.items.get(hint[1])
        if item is None or item.second != hint[0]:
            return False
        return item.group is None or self.groups.first(item.group) == item.id

    def readable(self, now: datetime) -> list[int]:
        """Take the hints that are due off the heap and return what they still speak of, each once, oldest first."""
        found, second = set(), now.timestamp()
        while self.hints and self.hints[0][0] <= second:
            hint = heapq.heappop(self.hints)
            if self.holds(hint):
                found.add(hint[1])
        return sorted(found)

    def take(self, journal: Journal, now: datetime, hidden: timedelta, limit: int) -> list[QueueItem]:
        """Hide what is readable, oldest first, and return it; what is beyond the limit stays readable."""
        until = now + hidden
        second = until.timestamp()
        taken: list[QueueItem] = []
        for item_id in self.readable(now):
            item = self.items[item_id]
            if len(taken) == limit:
                heapq.heappush(self.hints, (item.second, item_id))
                continue
            self.put(journal, item, _Item(item.id, item.body, item.group, until, item.reads + 1, second))
            taken.append(QueueItem(id=item.id, reads=item.reads + 1, body=item.body))
        return taken

    def next_due(self) -> datetime | None:
        """Return when something is readable at the earliest."""
        while self.hints and not self.holds(self.hints[0]):
            heapq.heappop(self.hints)
        return self.items[self.hints[0][1]].visible_at if self.hints else None


class QueueState:
    """The queues themselves, shared by all units of work."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.of = {name: _Queue(grouped=name is not QueueName.TIMERS) for name in QueueName}

    def now(self) -> datetime:
        """The moment by which items are hidden or not."""
        return self._clock.now()

    def next_due(self, queue: QueueName) -> datetime | None:
        """Return when the next item of a queue can be read, in the past where it can be already."""
        return self.of[queue].next_due()

    def buried(self, queue: QueueName) -> list[Mapping[str, Any]]:
        """Return the bodies of what was moved out of the way, oldest first."""
        return [item.body for item in self.of[queue].buried.values()]


class MemoryQueues:
    """See `bot.services.ports.Queues`."""

    def __init__(self, work: Work, state: QueueState) -> None:
        self._journal = work.journal
        self._effects = work.effects
        self._state = state

    async def post(self, queue: QueueName, body: Mapping[str, Any], *, group: str | None = None) -> None:
        """Put a message into a queue."""
        self._send(queue, body, group, self._state.now())

    async def set_timer(self, body: Mapping[str, Any], at: datetime) -> int:
        """Put a delayed message into the queue of timers."""
        return self._send(QueueName.TIMERS, body, None, at)

    def _send(self, queue: QueueName, body: Mapping[str, Any], group: str | None, at: datetime) -> int:
        there = self._state.of[queue]
        there.number += 1
        item = _Item(there.number, dict(body), (group or _UNGROUPED) if there.grouped else None, at, 0, at.timestamp())
        there.add(self._journal, item)
        self._effects.queues[queue] = None
        return item.id

    async def read(self, queue: QueueName, *, seconds: int, limit: int) -> list[QueueItem]:
        """Take messages: heads of groups, or due timers."""
        return self._state.of[queue].take(self._journal, self._state.now(), timedelta(seconds=seconds), limit)

    async def finish(self, queue: QueueName, item_id: int) -> bool:
        """Delete a message."""
        return self._state.of[queue].drop(self._journal, item_id) is not None

    async def drop(self, queue: QueueName, item_id: int) -> None:
        """Delete a message; a rollback brings it back, so it need not wait for the commit."""
        self._state.of[queue].drop(self._journal, item_id)

    async def hold(self, queue: QueueName, item_id: int, until: datetime) -> None:
        """Hide a message."""
        there = self._state.of[queue]
        item = there.items.get(item_id)
        if item is not None:
            there.put(self._journal, item, _Item(item.id, item.body, item.group, until, item.reads, until.timestamp()))

    async def bury(self, queue: QueueName, item_id: int) -> None:
        """Move a message out of the way."""
        there = self._state.of[queue]
        item = there.drop(self._journal, item_id)
        if item is not None:
            self._journal.put(there.buried, item_id, item)

    async def depth(self, queue: QueueName) -> int:
        """Count messages."""
        return len(self._state.of[queue].items)
