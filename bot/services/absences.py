"""Breaks and leave: granted where no desk is left empty, or where a colleague stands in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from bot.domain.company import Company
from bot.domain.copies import altered
from bot.domain.coverage import Gap, left_waiting, may_stand_in, uncovered_by
from bot.domain.errors import DomainError, ForbiddenMove, Invalid, Unknown
from bot.domain.presence import Presence
from bot.domain.shift_checks import checked_absence
from bot.domain.shifts import Absence, AbsenceKind, Roster
from bot.domain.staff import StaffMember, require_lead
from bot.services.duty import HoldsOpenCases, end_absence, leave_requests
from bot.services.ports import Clock, QueueItem, QueueName, Store, UnitOfWork
from bot.services.presences import look_at, seen
from bot.services.putting_back import post_put_back
from bot.services.refusals import NotNow
from bot.services.timers import not_before

ABSENCE = "absence"
COVERS_SHOWN = 10


class Uncovers(DomainError):
    """The absence would leave desks empty: name somebody of ``covers`` to stand in, or choose another time."""

    code = "uncovers"

    def __init__(self, gaps: Sequence[Gap], covers: Sequence[StaffMember]) -> None:
        super().__init__(", ".join(sorted({gap.department for gap in gaps})))
        self.gaps = list(gaps)
        self.covers = list(covers)


class CustomersWait(Uncovers):
    """Customers wait at this moment, by department in ``waiting``, and nobody else is on duty for them."""

    code = "customers_wait"

    def __init__(self, waiting: Mapping[str, int], gaps: Sequence[Gap], covers: Sequence[StaffMember]) -> None:
        super().__init__(gaps, covers)
        self.waiting = dict(waiting)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody asks for. ``accept_gaps``: a fact that leaves no choice, as when a person is ill."""

    start_at: datetime
    end_at: datetime
    cover_id: int | None = None
    note: str = ""
    accept_gaps: bool = False


@dataclass(frozen=True)
class _House:
    """Who is there for an absence: as planned, ``on_duty`` where it begins now, and ``staying`` without a plan."""

    company: Company
    roster: Roster
    people: Sequence[StaffMember]
    on_duty: Sequence[StaffMember]
    staying: frozenset[int]

    def gaps(self, asked: Absence) -> list[Gap]:
        """Return what the absence would leave empty."""
        return uncovered_by(self.company, self.roster, self.people, asked, self.staying)

    def covers(self, asked: Absence, found: Sequence[Gap], among: Sequence[StaffMember]) -> list[StaffMember]:
        """Whoever could close all gaps alone, as far as the house knows."""
        desks = {gap.department for gap in found}
        able = (
            one
            for one in among
            if one.id != asked.staff_id
            and all(may_stand_in(self.company, one, desk) for desk in desks)
            and all(self._works(one, gap) for gap in found)
        )
        return list(islice((one for one in able if not self.gaps(altered(asked, cover_id=one.id))), COVERS_SHOWN))

    def _works(self, person: StaffMember, gap: Gap) -> bool:
        """Tell whether the person is at work for the whole of a gap."""
        if person.id in self.staying:
            return True
        known = self.roster.available if self.roster.flexible(person.id) else self.roster.working
        return known(person.id, gap.start_at, gap.end_at) == ((gap.start_at, gap.end_at),)


class Absences:
    """Grants breaks and leave, and ends them."""

    def __init__(self, *, store: Store, clock: Clock, company: Company) -> None:
        self._store = store
        self._clock = clock
        self._company = company

    async def take_break(self, staff: StaffMember, minutes: int, *, cover_id: int | None, note: str = "") -> Absence:
        """Begin a break now.

        Raises:
            NotNow: the person is off duty.
            Uncovers: a desk would be empty, and nobody who could close that is named.
            CustomersWait: the roster would allow it, but nobody else is on duty for those who wait now.
            Invalid: it is too long, or one is running.
        """
        now = self._clock.now()
        wish = Wish(start_at=now, end_at=now + timedelta(minutes=minutes), cover_id=cover_id, note=note)
        async with self._store.begin() as uow:
            await uow.rosters.lock()
            person = await uow.staff.get(staff.id, lock=True)
            roster = await self._roster(uow, wish)
            if seen(self._company, roster, [person], now)[0].presence is Presence.OFF:
                raise NotNow("Anh/chị đang không trong ca, nên chưa có gì để nghỉ giữa ca.")
            return await self._grant(uow, staff, person, roster, AbsenceKind.BREAK, wish)

    async def end_break(self, staff: StaffMember) -> Absence:
        """Come back from the break that is running. Raises `Unknown` where none is."""
        now = self._clock.now()
        async with self._store.begin() as uow:
            await uow.rosters.lock()
            running = [
                one
                for one in await uow.rosters.absences(now, now, staff_id=staff.id)
                if one.kind is AbsenceKind.BREAK and one.active(now)
            ]
            if not running:
                raise Unknown(f"no break of staff member {staff.id}")
            return await end_absence(uow, running[0], staff.id, now)

    async def take_leave(self, staff: StaffMember, wish: Wish, *, staff_id: int | None = None) -> Absence:
        """Enter leave, one's own or, for those who lead, anybody's.

        Raises:
            NotPermitted: it is somebody else's, or leaves gaps that only those who lead may accept.
            Uncovers: see `take_break`.
            HoldsOpenCases: one's own leave begins now while one owns open cases.
        """
        now = self._clock.now()
        if staff_id not in (None, staff.id) or wish.accept_gaps:
            require_lead(staff)
        async with self._store.begin() as uow:
            await uow.rosters.lock()
            person = await uow.staff.get(staff.id if staff_id is None else staff_id, lock=True)
            if person.id == staff.id and wish.start_at <= now:
                held = await uow.cases.held_by(person.id)
                if held:
                    raise HoldsOpenCases([case.code for case in held])
            roster = await self._roster(uow, wish)
            return await self._grant(uow, staff, person, roster, AbsenceKind.LEAVE, wish)

    async def end_leave(self, staff: StaffMember, absence_id: int) -> Absence:
        """Take leave back before it begins, or end it early.

        Raises:
            Unknown: there is no such leave, or it is somebody else's and one does not lead.
        """
        now = self._clock.now()
        async with self._store.begin() as uow:
            await uow.rosters.lock()
            absence = await uow.rosters.absence(absence_id)
            if absence.kind is not AbsenceKind.LEAVE or not (staff.leads or absence.staff_id == staff.id):
                raise Unknown(f"leave {absence_id}")
            if absence.end_at <= now:
                raise ForbiddenMove(f"leave {absence_id} is over")
            return await end_absence(uow, absence, staff.id, now)

    async def due(self, item: QueueItem) -> datetime | None:
        """Begin a leave, or see that an absence is over."""
        now = self._clock.now()
        async with self._store.begin() as uow:
            await uow.rosters.lock()
            absence = await uow.rosters.absence(int(item.body["absence_id"]))
            if absence.timer_id != item.id or absence.ended_at is not None:
                await uow.queues.finish(QueueName.TIMERS, item.id)
                return None
            begins = bool(item.body.get("begins"))
            due = absence.start_at if begins else absence.end_at
            if again := await not_before(uow, item, due, now):
                return again
            if not await uow.queues.finish(QueueName.TIMERS, item.id):
                return None
            ends = begins and absence.end_at > now
            await self._watch(uow, absence, absence.end_at if ends else None)
            if ends:
                for case in await uow.cases.held_by(absence.staff_id):
                    await post_put_back(uow, case)
                await leave_requests(uow, absence.staff_id)
            await look_at(uow, absence.staff_id)
            return None

    # --- shared steps -------------------------------------------------------------------------------------------------

    async def _roster(self, uow: UnitOfWork, wish: Wish) -> Roster:
        return await uow.rosters.roster(self._company.zone, wish.start_at, max(wish.start_at, wish.end_at))

    async def _grant(
        self, uow: UnitOfWork, by: StaffMember, person: StaffMember, roster: Roster, kind: AbsenceKind, wish: Wish
    ) -> Absence:
        now = self._clock.now()
        asked = Absence(
            id=0,
            staff_id=person.id,
            kind=kind,
            start_at=wish.start_at,
            end_at=wish.end_at,
            cover_id=wish.cover_id,
            note=wish.note,
        )
        checked_absence(asked, roster.absences, now, self._company.breaks)
        people = await uow.staff.people()
        if wish.cover_id is not None and all(one.id != wish.cover_id for one in people):
            raise Invalid("cover_id", "Không có người trực thay này.")
        house = self._house(roster, people, asked)
        found = house.gaps(asked)
        if not wish.accept_gaps:
            await self._require_cover(uow, house, asked, found)
        stored = await uow.rosters.add_absence(
            person.id, kind, wish.start_at, wish.end_at, cover_id=wish.cover_id, note=wish.note
        )
        begins = kind is AbsenceKind.LEAVE
        stored = await self._watch(uow, stored, stored.start_at if begins else stored.end_at, begins=begins)
        await uow.audit.write(
            now, f"staff:{by.id}", f"{kind}.take", f"staff:{person.id}", absence=stored.id, gaps=len(found)
        )
        await look_at(uow, person.id)
        return stored

    def _house(self, roster: Roster, people: Sequence[StaffMember], asked: Absence) -> _House:
        now = self._clock.now()
        there = seen(self._company, roster, people, now) if asked.start_at <= now else ()
        on_duty = [one.person for one in there if one.presence is Presence.ON_DUTY]
        # Who is here without a plan, or beyond it, stays for as long as a break lasts. Who works overtime leaves a desk
        # that others may have been let go from; without planned hours one owes it to nobody but one's back office.
        brief = on_duty if asked.kind is AbsenceKind.BREAK else ()
        staying = (one.id for one in brief if one.id != asked.staff_id or not roster.flexible(one.id))
        unplanned = frozenset(one for one in staying if not roster.rostered(one, now))
        return _House(self._company, roster, people, on_duty, unplanned)

    async def _require_cover(self, uow: UnitOfWork, house: _House, asked: Absence, found: Sequence[Gap]) -> None:
        """Refuse what would leave a desk empty, as planned or as it stands now, and name who could prevent that."""
        left: dict[str, int] = {}
        if asked.start_at <= (now := self._clock.now()):
            left = left_waiting(self._company, house.on_duty, await uow.cases.waiting(now), asked.staff_id)
        colleagues = [one for one in house.on_duty if one.id != asked.staff_id]
        takes_over = [one.id for one in colleagues if all(may_stand_in(self._company, one, desk) for desk in left)]
        if left and asked.cover_id not in takes_over:
            able = [one for one in colleagues if one.id in takes_over]
            raise CustomersWait(left, found, house.covers(asked, found, able))
        if found:
            raise Uncovers(found, house.covers(asked, found, house.people))

    async def _watch(self, uow: UnitOfWork, absence: Absence, at: datetime | None, *, begins: bool = False) -> Absence:
        timer = None
        if at is not None:
            body = {"kind": ABSENCE, "absence_id": absence.id, "begins": begins}
            timer = await uow.queues.set_timer(body, max(at, self._clock.now()))
        watched = altered(absence, timer_id=timer)
        await uow.rosters.save_absence(watched)
        return watched
