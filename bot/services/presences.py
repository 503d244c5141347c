"""Who is there: what the house knows of everybody's presence, and what follows when it changes.

Presence is never stored; `bot.domain.presence` says it of the switch, the roster and the last sign of life. Whoever
changes one of them posts a look (`look_at`) in the same transaction. The look tells the consoles and calls the
assigner: whoever is free now gets what waits, and what is on offer to somebody who is gone goes to others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.company import Company
from bot.domain.presence import Presence, presence
from bot.domain.shifts import Roster
from bot.domain.staff import StaffMember
from bot.services.attendance import AT_WORK, Doorkeeper
from bot.services.ports import Clock, QueueItem, QueueName, Store, UnitOfWork
from bot.services.rousing import call_assigner
from bot.services.timers import not_before

LOOK = "presence"
SIGN_OF_LIFE = "sign_of_life"
SEEN_EVERY = timedelta(minutes=1)
"""How much newer a sign of life must be to be worth storing, unless that is too coarse for the heartbeat."""


@dataclass(frozen=True, kw_only=True)
class Whereabouts:
    """A person with their presence at one moment. ``second_factor``: their login asks for a code, as far as asked."""

    person: StaffMember
    presence: Presence
    flexible: bool
    second_factor: bool = False


async def roster_of(uow: UnitOfWork, company: Company, at: datetime, *, staff_id: int | None = None) -> Roster:
    """Return the roster around one moment."""
    return await uow.rosters.roster(company.zone, at, at, staff_id=staff_id)


def seen(company: Company, roster: Roster, people: Sequence[StaffMember], at: datetime) -> list[Whereabouts]:
    """Return the presence of people."""
    heartbeat = company.assignment.heartbeat
    return [
        Whereabouts(person=one, presence=presence(one, roster, at, heartbeat), flexible=roster.flexible(one.id))
        for one in people
    ]


async def at_work(uow: UnitOfWork, company: Company, at: datetime) -> list[StaffMember]:
    """Return everybody who is at work, by id, also those whose console is silent for a moment."""
    people, roster = await uow.staff.people(), await roster_of(uow, company, at)
    return [one for one in people if presence(one, roster, at, company.assignment.heartbeat) in AT_WORK]


async def look_at(uow: UnitOfWork, staff_id: int, *, watch: bool = False) -> None:
    """Have the house look at a person whose presence may just have changed.

    ``watch``: this begins a stretch of signs of life, at whose end somebody must notice.
    """
    await uow.queues.post(QueueName.TIMERS, {"kind": LOOK, "staff_id": staff_id, "watch": watch})


async def heard_of(uow: UnitOfWork, company: Company, person: StaffMember, now: datetime) -> StaffMember:
    """Note a sign of life, and have the house look where the person had been silent for too long.

    Returns the person as heard of.
    """
    every = min(SEEN_EVERY, company.assignment.heartbeat / 2)
    if person.seen_at is not None and now - person.seen_at < every:
        return person
    if _silent(company, person, now):
        # Two requests may break the silence at once; only the first of them begins a new watch.
        person = await uow.staff.get(person.id, lock=True)
        if person.on_duty and _silent(company, person, now):
            await look_at(uow, person.id, watch=True)
    await uow.staff.touch(person.id, now)
    return replace(person, seen_at=now)


class Presences:
    """Looks at people, and notices who falls silent."""

    def __init__(self, *, store: Store, clock: Clock, company: Company, doorkeeper: Doorkeeper) -> None:
        self._store = store
        self._clock = clock
        self._company = company
        self._doorkeeper = doorkeeper

    async def everybody(self) -> list[Whereabouts]:
        """Return all accounts by name, each with its presence."""
        now = self._clock.now()
        async with self._store.read() as uow:
            people, coded = await uow.staff.all(), await uow.staff.second_factors()
            found = seen(self._company, await roster_of(uow, self._company, now), people, now)
            return [replace(one, second_factor=one.person.id in coded) for one in found]

    async def of(self, person: StaffMember) -> Whereabouts:
        """Return the presence of one person."""
        now = self._clock.now()
        async with self._store.read() as uow:
            roster = await roster_of(uow, self._company, now, staff_id=person.id)
            factor = await uow.staff.second_factor(person.id)
        coded = factor is not None and factor.confirmed
        return replace(seen(self._company, roster, [person], now)[0], second_factor=coded)

    async def look(self, item: QueueItem) -> None:
        """Tell the consoles how a person is there now; whoever is free gets what waits for them."""
        async with self._store.begin() as uow:
            if await uow.queues.finish(QueueName.TIMERS, item.id):
                found = await self._tell(uow, int(item.body["staff_id"]))
                if item.body.get("watch") and found.presence is Presence.ON_DUTY:
                    await self._expect(uow, found.person)

    async def silent(self, item: QueueItem) -> datetime | None:
        """Look whether a person who was there has been heard of since; whoever has not is away from now on."""
        now = self._clock.now()
        async with self._store.begin() as uow:
            person = await uow.staff.get(int(item.body["staff_id"]))
            if person.seen_at is None or not person.on_duty or item.body.get("since") != turned_at(person):
                await uow.queues.finish(QueueName.TIMERS, item.id)
                return None
            if again := await not_before(uow, item, self._silent_at(person.seen_at), now):
                return again
            if await uow.queues.finish(QueueName.TIMERS, item.id):
                await self._tell(uow, person.id)
            return None

    async def _expect(self, uow: UnitOfWork, person: StaffMember) -> None:
        due = self._silent_at(person.seen_at or self._clock.now())
        await uow.queues.set_timer({"kind": SIGN_OF_LIFE, "staff_id": person.id, "since": turned_at(person)}, due)

    def _silent_at(self, seen_at: datetime) -> datetime:
        return seen_at + self._company.assignment.heartbeat + timedelta(seconds=1)

    async def _tell(self, uow: UnitOfWork, staff_id: int) -> Whereabouts:
        now = self._clock.now()
        person = await uow.staff.get(staff_id)
        found = seen(self._company, await roster_of(uow, self._company, now, staff_id=staff_id), [person], now)[0]
        said = {"staff_id": staff_id, "on_duty": person.on_duty, "presence": found.presence.value}
        await uow.feed.publish("staff", None, said)
        self._doorkeeper.forget()
        await call_assigner(uow)
        return found


def _silent(company: Company, person: StaffMember, now: datetime) -> bool:
    return person.seen_at is None or now - person.seen_at > company.assignment.heartbeat


def turned_at(person: StaffMember) -> str:
    """Return by what a timer knows the stretch of duty that it belongs to: when the switch was turned."""
    return person.switched_at.isoformat() if person.switched_at else ""
