"""The roster as those who lead plan it: recurring shifts, single days, who works when, and what stays uncovered."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain.company import Company
from bot.domain.coverage import Gap, gaps
from bot.domain.errors import Invalid, Unknown
from bot.domain.hours import DAY, moment_of
from bot.domain.shift_checks import checked_exception, checked_shift, parsed_block
from bot.domain.shifts import Absence, DayException, Roster, Shift
from bot.domain.staff import StaffMember, require_lead
from bot.services.duty import watch_shift, watched_end
from bot.services.ports import Clock, Store, UnitOfWork
from bot.services.presences import Whereabouts, look_at, roster_of, seen

LONGEST_LOOK = timedelta(days=62)
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class PlannedPerson:
    """What is planned for one person in a stretch of days; ``work`` is without breaks and leave."""

    seen: Whereabouts
    shifts: Sequence[Shift]
    days: Sequence[DayException]
    absences: Sequence[Absence]
    work: Sequence[tuple[datetime, datetime]]


@dataclass(frozen=True, kw_only=True)
class NewShift:
    """A recurring shift to be; ``block`` as people write it, ``valid_from`` None is today."""

    weekday: int
    block: str
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, kw_only=True)
class ShiftChange:
    """What changes of a shift from a day on; what is None stays. ``open_ended`` takes its last day away."""

    weekday: int | None = None
    block: str | None = None
    valid_to: date | None = None
    open_ended: bool = False


class Rosters:
    """Reads and plans the roster."""

    def __init__(self, *, store: Store, clock: Clock, company: Company) -> None:
        self._store = store
        self._clock = clock
        self._company = company

    # --- reading ------------------------------------------------------------------------------------------------------

    async def planned(self, staff: StaffMember, start: date, end: date, department: str | None) -> list[PlannedPerson]:
        """Return who works when, by name: colleagues of the person's departments, or anybody for those who lead.

        Raises:
            Invalid: there is no such department.
        """
        self._require_known(department)
        low, high = self._stretch(start, end)
        now = self._clock.now()
        async with self._store.read() as uow:
            roster = await uow.rosters.roster(self._company.zone, min(low, now), max(high, now))
            people = [one for one in await uow.staff.all() if one.active and _may_look(staff, one, department)]
        return [self._person(one, roster, low, high) for one in seen(self._company, roster, people, now)]

    def _person(self, one: Whereabouts, roster: Roster, low: datetime, high: datetime) -> PlannedPerson:
        staff_id, zone = one.person.id, self._company.zone
        first, last = low.astimezone(zone).date(), high.astimezone(zone).date() - _ONE_DAY
        return PlannedPerson(
            seen=one,
            shifts=[
                shift
                for shift in roster.shifts
                if shift.staff_id == staff_id
                and shift.valid_from <= last
                and (shift.valid_to is None or shift.valid_to >= first)
            ],
            days=[day for day in roster.exceptions if day.staff_id == staff_id and first <= day.day <= last],
            absences=[
                absence
                for absence in roster.absences
                if absence.staff_id == staff_id and absence.start_at < high and absence.until > low
            ],
            work=roster.working(staff_id, low, high),
        )

    async def coverage(self, start: datetime, end: datetime, department: str | None) -> tuple[list[Gap], list[str]]:
        """Return the open hours that nobody staffs, and the departments that were looked at."""
        self._require_known(department)
        if not timedelta() < end - start <= LONGEST_LOOK:
            raise Invalid("to", f"Khoảng ngày phải từ 1 đến {LONGEST_LOOK.days} ngày.")
        async with self._store.read() as uow:
            roster = await uow.rosters.roster(self._company.zone, start, end)
            people = await uow.staff.people()
        wanted = [one for one in self._company.departments if department in (None, one)]
        return [gap for gap in gaps(self._company, roster, people, start, end) if gap.department in wanted], wanted

    async def shifts(self) -> list[Shift]:
        """Return every recurring shift."""
        async with self._store.read() as uow:
            return await uow.rosters.shifts()

    def _stretch(self, start: date, end: date) -> tuple[datetime, datetime]:
        if not timedelta() <= end - start < LONGEST_LOOK:
            raise Invalid("to", f"Khoảng ngày phải từ 1 đến {LONGEST_LOOK.days} ngày.")
        return moment_of(self._company.zone, start, 0), moment_of(self._company.zone, end, DAY)

    def _require_known(self, department: str | None) -> None:
        if department is not None and department not in self._company.departments:
            raise Invalid("department", "Không có bộ phận này.")

    def today(self) -> date:
        """Return the present day of the company."""
        return self._clock.now().astimezone(self._company.zone).date()

    # --- planning -----------------------------------------------------------------------------------------------------

    async def add_shift(self, staff: StaffMember, staff_id: int, wanted: NewShift) -> Shift:
        """Give a person a recurring shift.

        Raises:
            NotPermitted: the planner does not lead.
            Invalid: it overlaps another shift, ends before it starts, or begins in the past.
        """
        return (await self.add_shifts(staff, staff_id, [wanted]))[0]

    async def add_shifts(self, staff: StaffMember, staff_id: int, wanted: Sequence[NewShift]) -> list[Shift]:
        """Give a person several recurring shifts, all of them or, where one cannot be, none; see `add_shift`."""
        async with self._planning(staff, staff_id) as (uow, person):
            added = [await self._added(uow, person, one) for one in wanted]
            for shift in added:
                await self._note(uow, staff, person, "shift.add", shift=shift.id, block=str(shift.block))
            return added

    async def _added(self, uow: UnitOfWork, person: StaffMember, wanted: NewShift) -> Shift:
        first = wanted.valid_from or self.today()
        self._require_ahead(first, "valid_from")
        shift = Shift(
            id=0,
            staff_id=person.id,
            weekday=wanted.weekday,
            block=parsed_block(wanted.block),
            valid_from=first,
            valid_to=wanted.valid_to,
        )
        checked_shift(shift, await uow.rosters.shifts(staff_id=person.id))
        return await uow.rosters.add_shift(person.id, shift.weekday, shift.block, first, shift.valid_to)

    async def change_shift(
        self, staff: StaffMember, shift_id: int, change: ShiftChange, from_day: date | None
    ) -> Shift:
        """Change a shift from a day on; what was worked before that day stays as it was.

        Returns the shift that holds from then on, which is a new one where the old one had begun.
        """
        first = from_day or self.today()
        self._require_ahead(first, "from_day")
        if change.valid_to is not None and change.valid_to < first - _ONE_DAY:
            raise Invalid("valid_to", "Ngày cuối của ca đã qua.")
        async with self._planning_shift(staff, shift_id) as (uow, person, shift):
            if shift.valid_to is not None and shift.valid_to < first:
                raise Invalid("from_day", "Ca này đã kết thúc trước ngày đó.")
            changed = replace(
                shift,
                weekday=shift.weekday if change.weekday is None else change.weekday,
                block=shift.block if change.block is None else parsed_block(change.block),
                valid_to=None if change.open_ended else change.valid_to or shift.valid_to,
            )
            others = [one for one in await uow.rosters.shifts(staff_id=person.id) if one.id != shift.id]
            begun = shift.valid_from < first
            if begun and (changed.weekday, changed.block) != (shift.weekday, shift.block):
                changed = checked_shift(replace(changed, id=0, valid_from=first), others)
                await self._end_before(uow, shift, first)
                changed = await uow.rosters.add_shift(
                    person.id, changed.weekday, changed.block, first, changed.valid_to
                )
            else:
                await uow.rosters.save_shift(checked_shift(changed, others))
            await self._note(uow, staff, person, "shift.change", shift=changed.id, former=shift.id)
            return changed

    async def remove_shift(self, staff: StaffMember, shift_id: int) -> None:
        """End a shift: it is not worked from today on; one that never came into force is gone."""
        today = self.today()
        async with self._planning_shift(staff, shift_id) as (uow, person, shift):
            if shift.valid_from >= today:
                await uow.rosters.remove_shift(shift.id)
            elif shift.valid_to is None or shift.valid_to >= today:
                await self._end_before(uow, shift, today)
            await self._note(uow, staff, person, "shift.remove", shift=shift.id)

    async def put_day(
        self, staff: StaffMember, staff_id: int, day: date, blocks: Sequence[str], note: str
    ) -> DayException:
        """Have a person work these blocks on a day in place of their shifts, or none at all."""
        self._require_ahead(day, "day")
        async with self._planning(staff, staff_id) as (uow, person):
            now = self._clock.now()
            roster = await roster_of(uow, self._company, now, staff_id=person.id)
            known = await uow.rosters.exceptions(day, day, staff_id=person.id)
            asked = DayException(
                id=known[0].id if known else 0,
                staff_id=person.id,
                day=day,
                blocks=tuple(parsed_block(one, "blocks") for one in blocks),
                note=note,
            )
            checked_exception(asked, roster)
            stored = await uow.rosters.put_exception(person.id, day, asked.blocks, note)
            await self._note(uow, staff, person, "roster.day", day=day.isoformat(), blocks=list(map(str, asked.blocks)))
            return stored

    async def remove_day(self, staff: StaffMember, staff_id: int, day: date) -> None:
        """Have the shifts apply again on a day; nothing where they do."""
        self._require_ahead(day, "day")
        async with self._planning(staff, staff_id) as (uow, person):
            await uow.rosters.remove_exception(person.id, day)
            await self._note(uow, staff, person, "roster.day_removed", day=day.isoformat())

    # --- shared steps -------------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def _planning(self, staff: StaffMember, staff_id: int) -> AsyncIterator[tuple[UnitOfWork, StaffMember]]:
        """Open the roster of a person for a planner; afterwards the end of a shift that runs is watched anew."""
        require_lead(staff)
        async with self._store.begin() as uow:
            await uow.rosters.lock()
            try:
                person = await uow.staff.get(staff_id, lock=True)
            except Unknown as failure:
                raise Invalid("staff_id", "Không có người này.") from failure
            now = self._clock.now()
            before = await roster_of(uow, self._company, now, staff_id=person.id)
            yield uow, person
            after = await roster_of(uow, self._company, now, staff_id=person.id)
            if person.on_duty and watched_end(before, person.id, now) != watched_end(after, person.id, now):
                await watch_shift(uow, after, person, now)
            await look_at(uow, person.id)

    @asynccontextmanager
    async def _planning_shift(
        self, staff: StaffMember, shift_id: int
    ) -> AsyncIterator[tuple[UnitOfWork, StaffMember, Shift]]:
        require_lead(staff)
        async with self._store.read() as uow:
            owner = (await uow.rosters.shift(shift_id)).staff_id
        async with self._planning(staff, owner) as (uow, person):
            yield uow, person, await uow.rosters.shift(shift_id)

    async def _end_before(self, uow: UnitOfWork, shift: Shift, day: date) -> None:
        await uow.rosters.save_shift(replace(shift, valid_to=day - _ONE_DAY))

    async def _note(
        self, uow: UnitOfWork, staff: StaffMember, person: StaffMember, action: str, **detail: object
    ) -> None:
        await uow.audit.write(self._clock.now(), f"staff:{staff.id}", action, f"staff:{person.id}", **detail)

    def _require_ahead(self, day: date, field: str) -> None:
        if day < self.today():
            raise Invalid(field, "Ngày này đã qua, lịch đã làm không sửa được nữa.")


def _may_look(staff: StaffMember, other: StaffMember, department: str | None) -> bool:
    if department is not None and department not in other.departments:
        return False
    return staff.leads or staff.id == other.id or not staff.departments.isdisjoint(other.departments)
