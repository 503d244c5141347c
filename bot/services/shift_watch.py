"""Watching over the end of shifts: a warning first; then whoever holds nothing is off, and no case is left alone.

A person who still holds cases at the end of a shift and is there works overtime until the cases are in good hands.
Where they are not there, the house puts the cases back for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.company import Company
from bot.domain.shifts import Roster
from bot.domain.staff import StaffMember
from bot.services.duty import WARN_BEFORE, all_asked, go_off_duty, leaving_mark, set_shift_timer, watch_shift
from bot.services.ports import Clock, QueueItem, QueueName, Store, UnitOfWork
from bot.services.presences import look_at, roster_of, turned_at
from bot.services.putting_back import post_put_back
from bot.services.timers import come_again, not_before

SHIFT_END = "shift_end"
EARLY = timedelta(hours=3)
"""Between two shifts that are no further apart a person may leave their switch on."""

LOOK_AGAIN = timedelta(seconds=10)
ANSWERED_WITHIN = timedelta(seconds=30)
"""How often it is asked whether somebody who wants to leave got all answers, should nobody have noticed the last."""

OVERTIME = timedelta(minutes=15)
"""How often it is asked whether somebody who stayed to hand over is still there."""


@dataclass(frozen=True, kw_only=True)
class Left:
    """Whether a person could go. ``waiting``: every case that is left was asked of a colleague."""

    holds: Sequence[str]
    off: bool
    waiting: bool


async def try_to_leave(uow: UnitOfWork, person: StaffMember, now: datetime) -> Left:
    """Have a locked person go off duty if nothing keeps them; where only answers do, go off with the last of these."""
    held = await uow.cases.held_by(person.id)
    if not held:
        if person.on_duty:
            await go_off_duty(uow, person, now)
        return Left(holds=[], off=True, waiting=False)
    waiting = await all_asked(uow, person.id, held)
    if waiting:
        await uow.queues.set_timer(leaving_mark(person), now + ANSWERED_WITHIN)
    return Left(holds=[case.code for case in held], off=False, waiting=waiting)


class ShiftWatch:
    """Handles the timers of shifts."""

    def __init__(self, *, store: Store, clock: Clock, company: Company) -> None:
        self._store = store
        self._clock = clock
        self._company = company

    async def warn(self, item: QueueItem) -> datetime | None:
        """Tell a person that their shift ends soon, and what they still hold."""
        now, end = self._clock.now(), datetime.fromisoformat(item.body["end_at"])
        async with self._store.begin() as uow:
            person = await uow.staff.get(int(item.body["staff_id"]), lock=True)
            roster = await roster_of(uow, self._company, now, staff_id=person.id)
            if not self._stands(person, roster, item, end):
                if await uow.queues.finish(QueueName.TIMERS, item.id):
                    await self._watch_moved(uow, person, roster, item, now)
                return None
            if again := await not_before(uow, item, end - WARN_BEFORE, now):
                return again
            if await uow.queues.finish(QueueName.TIMERS, item.id):
                await set_shift_timer(uow, person, SHIFT_END, end, max(end, now))
                await self._tell(uow, person.id, end)
            return None

    async def end(self, item: QueueItem) -> datetime | None:
        """End a shift: off where nothing is held, overtime where somebody hands over, else put everything back."""
        now, end = self._clock.now(), datetime.fromisoformat(item.body["end_at"])
        async with self._store.begin() as uow:
            person = await uow.staff.get(int(item.body["staff_id"]), lock=True)
            roster = await roster_of(uow, self._company, now, staff_id=person.id)
            if not self._stands(person, roster, item, end):
                if await uow.queues.finish(QueueName.TIMERS, item.id):
                    await self._watch_moved(uow, person, roster, item, now)
                return None
            if again := await not_before(uow, item, end, now):
                return again
            if await uow.queues.finish(QueueName.TIMERS, item.id):
                await self._ended(uow, person, roster, end, now)
            return None

    async def leaving(self, item: QueueItem) -> datetime | None:
        """Have a person go off who waits for colleagues to accept their cases; a refusal keeps them."""
        now = self._clock.now()
        async with self._store.begin() as uow:
            person = await uow.staff.get(int(item.body["staff_id"]), lock=True)
            held = await uow.cases.held_by(person.id)
            if not person.on_duty or turned_at(person) != item.body["since"]:
                await uow.queues.finish(QueueName.TIMERS, item.id)
            elif await all_asked(uow, person.id, held):
                return await come_again(uow, item, now + ANSWERED_WITHIN, now)
            elif await uow.queues.finish(QueueName.TIMERS, item.id):
                if held:
                    await self._tell(uow, person.id, now)
                else:
                    await go_off_duty(uow, person, now)
            return None

    def _stands(self, person: StaffMember, roster: Roster, item: QueueItem, end: datetime) -> bool:
        """Tell whether a timer still means something: it is the person's, and the end has not moved."""
        just_before = end - timedelta(seconds=1)
        planned = roster.shift_end(person.id, just_before) == end or bool(item.body.get("overtime"))
        return _watches(person, item) and planned

    async def _watch_moved(
        self, uow: UnitOfWork, person: StaffMember, roster: Roster, item: QueueItem, now: datetime
    ) -> None:
        """Watch the end that took the place of the one a timer was set for, as when leave was taken back."""
        if _watches(person, item):
            await watch_shift(uow, roster, person, now)

    async def _ended(self, uow: UnitOfWork, person: StaffMember, roster: Roster, end: datetime, now: datetime) -> None:
        if roster.rostered(person.id, now):
            # The next shift has begun meanwhile.
            await watch_shift(uow, roster, person, now)
            return
        held = await uow.cases.held_by(person.id)
        if not held:
            following = roster.next_start(person.id, now)
            if following is not None and following - now <= EARLY:
                # The pause between two shifts of one day: the switch stays, and the next shift is watched as well.
                await watch_shift(uow, roster, person, now)
                await look_at(uow, person.id)
            else:
                await go_off_duty(uow, person, now, by="house")
            return
        there = person.seen_at is not None and now - person.seen_at <= self._company.assignment.heartbeat
        if not there:
            for case in held:
                await post_put_back(uow, case)
            # Off as soon as nothing is held.
            await set_shift_timer(uow, person, SHIFT_END, end, now + LOOK_AGAIN, overtime=True)
            return
        if person.switched_at is None or person.switched_at < now:
            await uow.staff.set_duty(person.id, on_duty=False, at=now)
            await uow.staff.set_duty(person.id, on_duty=True, at=now)
        await set_shift_timer(uow, person, SHIFT_END, end, now + OVERTIME, overtime=True)
        await uow.audit.write(now, "house", "duty.overtime", f"staff:{person.id}", holds=len(held))
        await look_at(uow, person.id, watch=True)
        await self._tell(uow, person.id, end)

    async def _tell(self, uow: UnitOfWork, staff_id: int, end: datetime) -> None:
        codes = [case.code for case in await uow.cases.held_by(staff_id)]
        local = end.astimezone(self._company.zone).isoformat()
        await uow.feed.publish("shift_end", None, {"staff_ids": [staff_id], "ends_at": local, "codes": codes})


def _watches(person: StaffMember, item: QueueItem) -> bool:
    """Tell whether a timer watches over the person's shift; those from before people knew theirs count as well."""
    return person.active and person.on_duty and person.shift_timer_id in (None, item.id)
