"""The worker loops and the watchdog of the virtual company."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.adapters.memory.journal import Journal
from bot.services.ports import QueueItem, QueueName
from bot.simulation.agenda import run
from bot.simulation.house import House
from bot.simulation.shaky import Broken

WIDTH = 6
_HIDDEN = {QueueName.INBOX: timedelta(seconds=10), QueueName.TIMERS: timedelta(seconds=60)}
_FOR_GOOD = Journal(recording=False)
_WATCH_AFTER, _WATCH_EVERY = 21.0, 2.0
_NEVER = float("inf")
_AT_ONCE = 0.001


class Loops:
    """Woken when there is something to do, instead of looking every second."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._agenda = house.agenda
        self._queues = house.store.queues.of
        self._planned: dict[QueueName, float] = {}
        self._under_way = dict.fromkeys(QueueName, 0)
        self._watching = False
        self.stalled_until = 0.0
        """Until this second the inbox worker does nothing: a process that hangs."""
        self.faults = 0
        self.watched = 0
        self.oldest_turn = 0.0
        """Seconds that the oldest turn was open when the watchdog looked."""
        self._turn_since: dict[int, float] = {}
        house.store.on_work(self._woken)

    def _woken(self, queue: QueueName) -> None:
        if queue is QueueName.INBOX and not self._watching:
            self._watching = True
            self._agenda.after(_WATCH_AFTER, self._watch)
        self._plan(queue)

    def _plan(self, queue: QueueName) -> None:
        planned, soonest = self._planned.get(queue, _NEVER), self._agenda.seconds + _AT_ONCE
        if planned <= soonest:
            return
        due = self._queues[queue].next_due()
        if due is None:
            return
        seconds = max(self._agenda.seconds + (due - self._agenda.now()).total_seconds(), soonest)
        if queue is QueueName.INBOX:
            seconds = max(seconds, self.stalled_until)
        if planned > seconds:
            self._planned[queue] = seconds
            self._agenda.after(seconds - self._agenda.seconds, self._work, queue, seconds)

    def _work(self, queue: QueueName, planned: float) -> None:
        if self._planned.get(queue) != planned:
            return
        room = WIDTH - self._under_way[queue]
        # While this stands, what becomes readable waits for the end of this look to be planned for.
        for item in self._queues[queue].take(_FOR_GOOD, self._agenda.now(), _HIDDEN[queue], room) if room else ():
            self._under_way[queue] += 1
            self._agenda.drive(self._deal(queue, item), self._done)
        del self._planned[queue]
        self._plan(queue)

    async def _deal(self, queue: QueueName, item: QueueItem) -> QueueName:
        try:
            if queue is QueueName.INBOX:
                await self._house.inbound.handle(item)
            else:
                await self._house.timers.handle(item)
        except Broken:
            # As the worker loop does with whatever it did not expect.
            self.faults += 1
            again = self._agenda.now() + timedelta(seconds=0.5 * 2 ** min(item.reads, 6))
            async with self._house.store.read() as uow:
                await uow.queues.hold(queue, item.id, again)
        return queue

    def _done(self, queue: QueueName) -> None:
        self._under_way[queue] -= 1
        self._plan(queue)

    def _watch(self) -> None:
        """Sweep while turns are open; each open turn is looked at within the limit and two seconds."""
        self._measure()
        for turn_id in run(self._house.watch.overdue()):
            run(self._house.watch.close(turn_id))
            self.watched += 1
        self._watching = bool(self._house.memory.open_turns)
        if self._watching:
            self._agenda.after(_WATCH_EVERY, self._watch)

    def _measure(self) -> None:
        now, open_now = self._agenda.seconds, set(self._house.memory.open_turns.values())
        self._turn_since = {turn: self._turn_since.get(turn, self._opened(turn)) for turn in open_now}
        if self._turn_since:
            self.oldest_turn = max(self.oldest_turn, now - min(self._turn_since.values()))

    def _opened(self, turn_id: int) -> float:
        opened: datetime = self._house.memory.turns[turn_id].opened_at
        return self._agenda.seconds - max((self._agenda.now() - opened).total_seconds(), 0.0)
