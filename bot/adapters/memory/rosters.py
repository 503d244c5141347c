"""Shifts, single days, breaks and leave in memory."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta, tzinfo
from typing import TypeVar

from bot.adapters.memory.data import Work
from bot.domain.errors import Unknown
from bot.domain.hours import Block
from bot.domain.shifts import HORIZON_DAYS, Absence, AbsenceKind, DayException, Roster, Shift

REACH = timedelta(days=HORIZON_DAYS)
ONE_DAY = timedelta(days=1)
ROSTERS_KEPT = 64
OfPerson = TypeVar("OfPerson", Shift, DayException, Absence)


class MemoryRosters:
    """See `bot.services.ports_desk.Rosters`."""

    def __init__(self, work: Work) -> None:
        self._memory = work.memory
        self._journal = work.journal
        self._effects = work.effects

    async def lock(self) -> None:
        """Wait for nobody: transactions come one after another."""

    async def roster(self, zone: tzinfo, start: datetime, end: datetime, *, staff_id: int | None = None) -> Roster:
        """Read what a roster needs; the same look of the same day gives the same roster, until something changes."""
        key = (zone, start.date(), end.date(), staff_id)
        known = self._memory.rosters.get(key)
        if known is None:
            if len(self._memory.rosters) > ROSTERS_KEPT:
                self._memory.rosters.clear()
            missed = self._absences(start - REACH, end + REACH, staff_id)
            late = start - ONE_DAY
            gone = tuple(one for one in missed if one.kind is AbsenceKind.LEAVE or one.end_at > late)
            known = self._memory.rosters[key] = self._planned(zone, start, end, staff_id).with_absences(gone)
        return known

    def _planned(self, zone: tzinfo, start: datetime, end: datetime, staff_id: int | None) -> Roster:
        """Planned hours alone: they outlive the absences that come and go all day."""
        low, high = start - REACH, end + REACH
        first, last = low.astimezone(zone).date() - ONE_DAY, high.astimezone(zone).date() + ONE_DAY
        key = (zone, first, last, staff_id)
        known = self._memory.planned.get(key)
        if known is None:
            if len(self._memory.planned) > ROSTERS_KEPT:
                self._memory.planned.clear()
            shifts = tuple(one for one in self._shifts(staff_id, first) if one.valid_from <= last)
            exceptions = tuple(self._exceptions(first, last, staff_id))
            known = self._memory.planned[key] = Roster(zone, shifts, exceptions)
        return known

    def _changed(self, staff_id: int) -> None:
        """Have rosters read anew that speak of a person; one of somebody else alone says what it said."""
        self._effects.people = True
        for key in [one for one in self._memory.rosters if one[3] in (None, staff_id)]:
            del self._memory.rosters[key]
        self._journal.on_undo(self._memory.rosters.clear)

    def _replanned(self) -> None:
        self._effects.people = True
        self._memory.rosters.clear()
        self._journal.on_undo(self._memory.rosters.clear)
        self._memory.planned.clear()
        self._journal.on_undo(self._memory.planned.clear)

    # --- shifts -------------------------------------------------------------------------------------------------------

    async def add_shift(
        self, staff_id: int, weekday: int, block: Block, valid_from: date, valid_to: date | None
    ) -> Shift:
        """Store a shift."""
        shift = Shift(
            id=self._memory.next_id("shifts"),
            staff_id=staff_id,
            weekday=weekday,
            block=block,
            valid_from=valid_from,
            valid_to=valid_to,
        )
        await self.save_shift(shift)
        return shift

    async def shift(self, shift_id: int) -> Shift:
        """Find a shift."""
        found = self._memory.shifts.get(shift_id)
        if found is None:
            raise Unknown(f"shift {shift_id}")
        return found

    async def save_shift(self, shift: Shift) -> None:
        """Store a change."""
        self._journal.put(self._memory.shifts, shift.id, shift)
        self._replanned()

    async def remove_shift(self, shift_id: int) -> None:
        """Delete a shift."""
        self._journal.drop(self._memory.shifts, shift_id)
        self._replanned()

    async def shifts(self, *, staff_id: int | None = None) -> list[Shift]:
        """Read shifts."""
        return self._shifts(staff_id, None)

    def _shifts(self, staff_id: int | None, since: date | None) -> list[Shift]:
        found = [
            one
            for one in _of(self._memory.shifts.values(), staff_id)
            if since is None or one.valid_to is None or one.valid_to >= since
        ]
        return sorted(found, key=lambda one: (one.staff_id, one.weekday, one.block.start, one.id))

    # --- single days --------------------------------------------------------------------------------------------------

    async def put_exception(self, staff_id: int, day: date, blocks: tuple[Block, ...], note: str) -> DayException:
        """Store or replace the exception of a day."""
        earlier = self._memory.day_exceptions.get((staff_id, day))
        exception = DayException(
            id=earlier.id if earlier else self._memory.next_id("day_exceptions"),
            staff_id=staff_id,
            day=day,
            blocks=tuple(sorted(blocks)),
            note=note,
        )
        self._journal.put(self._memory.day_exceptions, (staff_id, day), exception)
        self._replanned()
        return exception

    async def remove_exception(self, staff_id: int, day: date) -> None:
        """Delete the exception of a day."""
        self._journal.drop(self._memory.day_exceptions, (staff_id, day))
        self._replanned()

    async def exceptions(self, start: date, end: date, *, staff_id: int | None = None) -> list[DayException]:
        """Read exceptions."""
        return self._exceptions(start, end, staff_id)

    def _exceptions(self, start: date, end: date, staff_id: int | None) -> list[DayException]:
        there = _of(self._memory.day_exceptions.values(), staff_id)
        return sorted((one for one in there if start <= one.day <= end), key=lambda one: (one.day, one.staff_id))

    # --- breaks and leave ---------------------------------------------------------------------------------------------

    async def add_absence(
        self,
        staff_id: int,
        kind: AbsenceKind,
        start_at: datetime,
        end_at: datetime,
        *,
        cover_id: int | None = None,
        note: str = "",
    ) -> Absence:
        """Store an absence."""
        absence = Absence(
            id=self._memory.next_id("absences"),
            staff_id=staff_id,
            kind=kind,
            start_at=start_at,
            end_at=end_at,
            cover_id=cover_id,
            note=note,
        )
        await self.save_absence(absence)
        return absence

    async def absence(self, absence_id: int) -> Absence:
        """Find an absence."""
        found = self._memory.absences.get(absence_id)
        if found is None:
            raise Unknown(f"absence {absence_id}")
        return found

    async def save_absence(self, absence: Absence) -> None:
        """Store a change."""
        self._journal.put(self._memory.absences, absence.id, absence)
        self._changed(absence.staff_id)

    async def absences(self, start: datetime, end: datetime, *, staff_id: int | None = None) -> list[Absence]:
        """Read absences that touch a stretch of time."""
        return self._absences(start, end, staff_id)

    def _absences(self, start: datetime, end: datetime, staff_id: int | None) -> list[Absence]:
        there = _of(self._memory.absences.values(), staff_id)
        found = [one for one in there if max(one.start_at, start) < one.until]
        touching = [one for one in found if one.start_at < end or one.start_at == start]
        return sorted(touching, key=lambda one: (one.start_at, one.id))


def _of(things: Iterable[OfPerson], staff_id: int | None) -> Iterable[OfPerson]:
    return things if staff_id is None else (one for one in things if one.staff_id == staff_id)
