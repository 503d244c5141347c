"""Transactions over the state in memory: one after another, all of it or nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from types import TracebackType
from typing import Any

from bot.adapters.memory.cases import MemoryCases
from bot.adapters.memory.conversations import MemoryConversations
from bot.adapters.memory.data import Effects, FeedEvent, Memory, Work
from bot.adapters.memory.desk import MemoryApprovals, MemoryRatings, MemoryRequests
from bot.adapters.memory.events import MemoryAudit, MemoryChannelStates, MemoryEvents, MemoryFeed, MemoryGates
from bot.adapters.memory.hands import MemoryOffers, MemoryTransfers
from bot.adapters.memory.journal import Journal
from bot.adapters.memory.messages import MemoryMessages
from bot.adapters.memory.models import MemoryModels
from bot.adapters.memory.needs import MemoryAnswers, MemoryNeeds
from bot.adapters.memory.promises import MemoryPromises
from bot.adapters.memory.queues import MemoryQueues, QueueState
from bot.adapters.memory.rosters import MemoryRosters
from bot.adapters.memory.staff import MemoryChatSessions, MemoryStaff
from bot.adapters.memory.teaching import MemoryTeaching
from bot.adapters.memory.turns import MemoryTurns
from bot.services.ports import Clock, QueueName, UnitOfWork


class MemoryUnitOfWork:
    """The repositories over one journal. There are two of these for good: one that records, one that does not."""

    def __init__(self, work: Work, queues: QueueState) -> None:
        self.work = work
        self.conversations = MemoryConversations(work)
        self.messages = MemoryMessages(work)
        self.turns = MemoryTurns(work)
        self.cases = MemoryCases(work)
        self.promises = MemoryPromises(work)
        self.rosters = MemoryRosters(work)
        self.offers = MemoryOffers(work)
        self.transfers = MemoryTransfers(work)
        self.requests = MemoryRequests(work)
        self.approvals = MemoryApprovals(work)
        self.ratings = MemoryRatings(work)
        self.teaching = MemoryTeaching(work)
        self.needs = MemoryNeeds(work)
        self.answers = MemoryAnswers(work)
        self.models = MemoryModels(work)
        self.staff = MemoryStaff(work)
        self.chat_sessions = MemoryChatSessions(work)
        self.events = MemoryEvents(work)
        self.queues = MemoryQueues(work, queues)
        self.feed = MemoryFeed(work)
        self.audit = MemoryAudit(work)
        self.channel_states = MemoryChannelStates(work)
        self.gates = MemoryGates(work)


class MemoryStore:
    """See `bot.services.ports.Store`.

    A transaction begins when the one before has ended, so the locks that a service asks for have nothing to wait for.
    One that is begun within another never begins: where nothing else runs, that is an error at once.
    """

    failures: tuple[type[Exception], ...] = ()
    """Memory is always there."""

    def __init__(self, clock: Clock) -> None:
        self.memory = Memory(clock=clock)
        self.queues = QueueState(clock)
        self._turn = asyncio.Lock()
        self._writing = self._unit(recording=True)
        self._reading = self._unit(recording=False)
        self._on_work: list[Callable[[QueueName], None]] = []
        self._on_event: list[Callable[[FeedEvent], None]] = []
        self._on_people: list[Callable[[], None]] = []

    def _unit(self, *, recording: bool) -> MemoryUnitOfWork:
        work = Work(memory=self.memory, journal=Journal(recording=recording), effects=Effects())
        return MemoryUnitOfWork(work, self.queues)

    def begin(self, *, relaxed: bool = False) -> _Transaction:
        """Open a transaction."""
        return _Transaction(self, self._writing, self._turn)

    def read(self) -> _Look:
        """Open a unit of work without a transaction."""
        return _Look(self._reading, self._turn)

    def next_due(self, queue: QueueName) -> datetime | None:
        """Return when the next item of a queue can be read, in the past where it can be already."""
        return self.queues.next_due(queue)

    def buried(self, queue: QueueName) -> list[Mapping[str, Any]]:
        """Return the bodies of what was moved out of a queue's way, oldest first."""
        return self.queues.buried(queue)

    def on_work(self, listener: Callable[[QueueName], None]) -> None:
        """Have somebody told of every queue that got something, after the commit."""
        self._on_work.append(listener)

    def on_event(self, listener: Callable[[FeedEvent], None]) -> None:
        """Have somebody told of every live event, after the commit."""
        self._on_event.append(listener)

    def on_people(self, listener: Callable[[], None]) -> None:
        """Have somebody told when people come or go, or a roster changes, after the commit."""
        self._on_people.append(listener)

    def tell(self, effects: Effects) -> None:
        """Tell listeners what a transaction did that has just committed."""
        if not effects:
            return
        queues, events, people = effects.taken()
        if people:
            for come_or_gone in self._on_people:
                come_or_gone()
        if events:
            self.memory.feed.extend(events)
            for listener in self._on_event:
                for event in events:
                    listener(event)
        if queues:
            for wake in self._on_work:
                for queue in queues:
                    wake(queue)


class _Transaction:
    """A transaction as a block."""

    __slots__ = ("_store", "_turn", "_unit")

    def __init__(self, store: MemoryStore, unit: MemoryUnitOfWork, turn: asyncio.Lock) -> None:
        self._store = store
        self._unit = unit
        self._turn = turn

    async def __aenter__(self) -> UnitOfWork:
        if self._turn.locked():
            _require_loop()
        await self._turn.acquire()
        return self._unit

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        work = self._unit.work
        if kind is None:
            work.journal.forget()
        else:
            work.journal.undo()
            work.effects.clear()
        self._turn.release()
        if kind is None:
            self._store.tell(work.effects)


class _Look:
    """A block without a transaction. It begins when none is open, and sees nothing of one that is not finished."""

    __slots__ = ("_turn", "_unit")

    def __init__(self, unit: MemoryUnitOfWork, turn: asyncio.Lock) -> None:
        self._unit = unit
        self._turn = turn

    async def __aenter__(self) -> UnitOfWork:
        while self._turn.locked():
            _require_loop()
            await self._turn.acquire()
            self._turn.release()
        return self._unit

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # As in the database, what wakes somebody is said by transactions only.
        self._unit.work.effects.clear()


def _require_loop() -> None:
    """Refuse to wait for a transaction to end where nobody else runs who could end it."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        raise RuntimeError("a unit of work is begun within a transaction") from None
