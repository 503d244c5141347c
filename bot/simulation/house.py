"""The house of the virtual company: the services of production over the store in memory, and the loops beside them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

from bot.adapters.memory.store import MemoryStore
from bot.domain.arrivals import Happening, Ignored
from bot.domain.company import Company
from bot.domain.messages import Attachment, Channel
from bot.services.accounts import Accounts
from bot.services.desk import Desk
from bot.services.facts import Facts
from bot.services.fetching import Fetching
from bot.services.handoff import Handoff
from bot.services.inbound import Inbound
from bot.services.intake import Intake
from bot.services.ledger import Ledger
from bot.services.names import Names
from bot.services.ports import QueueItem, QueueName
from bot.services.ports_channel import ChannelLimits, ChannelPort, OutgoingMessage, Rejected
from bot.services.ports_engine import Engine
from bot.services.promise_keeper import PromiseKeeper
from bot.services.reports import Reports
from bot.services.secrets import Passwords
from bot.services.timers import Timers
from bot.services.voice import Voice
from bot.services.watch import Watch
from bot.simulation.agenda import Agenda, run
from bot.simulation.shaky import Broken, ShakyStore

WIDTH = 6
LOST = 0.0003
"""Share of the workers' transactions that are lost at their end."""

_HIDDEN = {QueueName.INBOX: 10, QueueName.TIMERS: 60}
_WATCH_AFTER, _WATCH_EVERY = 21.0, 2.0
_NEVER = float("inf")


class SimulatedChannel:
    """A channel whose customers fetch what is said, as the web chat's do; see `bot.services.ports_channel`."""

    limits = ChannelLimits(text=2000, buttons=True)
    pulls = True

    def __init__(self, channel: Channel) -> None:
        self.channel = channel

    def parse(self, payload: Mapping[str, Any]) -> Happening:
        """Read nothing: what arrives here is a message, and messages are not read again."""
        return Ignored(reason=f"simulated {sorted(payload)}")

    async def send(self, message: OutgoingMessage) -> str:
        """Refuse: nothing has to be sent."""
        raise Rejected(f"message {message.message_id} of a channel that pulls")

    async def typing(self, chat: str) -> None:
        """Show nothing."""

    async def fetch(self, attachment: Attachment, max_bytes: int) -> tuple[bytes, str]:
        """Refuse: no simulated message has a file."""
        raise Rejected(f"attachment {attachment.id} over {max_bytes}")

    async def display_name(self, chat: str) -> str | None:
        """Return the name that the customer shows."""
        return f"Khách {chat}"


class NoMedia:
    """See `bot.services.fetching.MediaStore`."""

    async def keep(self, attachment: Attachment, content: bytes, mime: str) -> tuple[str, str]:
        """Refuse everything."""
        raise Rejected(f"attachment {attachment.id} of {len(content)} bytes, {mime}")


class House:
    """Everything that production builds at its start, but for channels, web and database."""

    def __init__(self, company: Company, agenda: Agenda, engine: Engine, dice: Random) -> None:
        self.company = company
        self.agenda = agenda
        self.store = store = MemoryStore(agenda)
        self.memory = store.memory
        channels: dict[Channel, ChannelPort] = {one: SimulatedChannel(one) for one in Channel}
        voice, handoff, ledger = Voice(channels), Handoff(company), Ledger()
        self.intake = Intake(store, agenda)
        self.desk = Desk(store=store, clock=agenda, company=company, voice=voice, handoff=handoff, ledger=ledger)
        self.accounts = Accounts(store=store, clock=agenda, company=company, passwords=Passwords())
        shaky = ShakyStore(store, dice, LOST)
        self.inbound = Inbound(
            store=shaky,
            clock=agenda,
            company=company,
            engine=engine,
            channels=channels,
            voice=voice,
            handoff=handoff,
            ledger=ledger,
            facts=Facts(company),
            reports=Reports(
                store=shaky,
                clock=agenda,
                company=company,
                channels=channels,
                voice=voice,
                handoff=handoff,
                ledger=ledger,
            ),
        )
        fetching = Fetching(
            store=shaky,
            clock=agenda,
            channels=channels,
            media=NoMedia(),
            max_bytes=company.attachments.max_bytes,
        )
        self.timers = Timers(
            store=shaky,
            handlers={
                "promise": PromiseKeeper(store=shaky, clock=agenda, voice=voice, handoff=handoff).due,
                "name": Names(store=shaky, channels=channels).due,
                "fetch": fetching.due,
            },
        )
        self.watch = Watch(store=store, clock=agenda, voice=voice, handoff=handoff)
        self.loops = Loops(self)


class Loops:
    """The worker loops and the watchdog, woken when there is something to do instead of looking every second."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._agenda = house.agenda
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
        due = self._house.store.next_due(queue)
        if due is None:
            return
        seconds = self._agenda.seconds + max((due - self._agenda.now()).total_seconds(), 0.001)
        if queue is QueueName.INBOX:
            seconds = max(seconds, self.stalled_until)
        if self._planned.get(queue, _NEVER) > seconds:
            self._planned[queue] = seconds
            self._agenda.after(seconds - self._agenda.seconds, self._work, queue, seconds)

    def _work(self, queue: QueueName, planned: float) -> None:
        if self._planned.get(queue) != planned:
            return
        del self._planned[queue]
        room = WIDTH - self._under_way[queue]
        for item in run(self._read(queue, room)) if room else ():
            self._under_way[queue] += 1
            self._agenda.drive(self._deal(queue, item), self._done(queue))
        self._plan(queue)

    async def _read(self, queue: QueueName, room: int) -> list[QueueItem]:
        async with self._house.store.read() as uow:
            return await uow.queues.read(queue, seconds=_HIDDEN[queue], limit=room)

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

    def _done(self, queue: QueueName) -> Any:
        def done(_: QueueName) -> None:
            self._under_way[queue] -= 1
            self._plan(queue)

        return done

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
