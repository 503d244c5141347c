"""What the use cases need from the store about who works when: shifts, exceptions of single days, absences.

An absence is stored before its timer is set, whose id ``save_absence`` notes. Whoever saves anything holds the lock.
"""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from typing import Protocol

from bot.domain.hours import Block
from bot.domain.shifts import Absence, AbsenceKind, DayException, Roster, Shift


class Rosters(Protocol):
    """Who should be there when: recurring shifts, single days that differ, breaks and leave."""

    async def lock(self) -> None:
        """Keep every other locking writer waiting until the transaction ends.

        Two breaks granted at once, each of them harmless, could leave a desk empty.
        """
        ...

    async def roster(self, zone: tzinfo, start: datetime, end: datetime, *, staff_id: int | None = None) -> Roster:
        """Return all that bears on a stretch of time, of everybody or of one person.

        It reaches as far back (breaks: a day) and ahead as a roster ever looks (`shifts.HORIZON_DAYS`), so that every
        question of `Roster` about a moment in the stretch has its whole answer.
        """
        ...

    async def add_shift(
        self, staff_id: int, weekday: int, block: Block, valid_from: date, valid_to: date | None
    ) -> Shift:
        """Store a recurring shift."""
        ...

    async def shift(self, shift_id: int) -> Shift:
        """Return one shift. Raises `Unknown`."""
        ...

    async def save_shift(self, shift: Shift) -> None:
        """Store a changed shift; ending it with a date keeps what was worked."""
        ...

    async def remove_shift(self, shift_id: int) -> None:
        """Delete a shift that never came into force."""
        ...

    async def shifts(self, *, staff_id: int | None = None) -> list[Shift]:
        """Return shifts (of one person) by person, weekday and hour."""
        ...

    async def put_exception(self, staff_id: int, day: date, blocks: tuple[Block, ...], note: str) -> DayException:
        """Store what a person works on one day in place of the shifts; a second one for the day replaces the first."""
        ...

    async def remove_exception(self, staff_id: int, day: date) -> None:
        """Delete the exception of a day, if there is one: the shifts apply again."""
        ...

    async def exceptions(self, start: date, end: date, *, staff_id: int | None = None) -> list[DayException]:
        """Return exceptions from ``start`` to ``end``, both included, by day and person."""
        ...

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
        """Store a break or leave."""
        ...

    async def absence(self, absence_id: int) -> Absence:
        """Return one absence. Raises `Unknown`."""
        ...

    async def save_absence(self, absence: Absence) -> None:
        """Store a changed absence: ended early, covered by somebody else, its timer."""
        ...

    async def absences(self, start: datetime, end: datetime, *, staff_id: int | None = None) -> list[Absence]:
        """Return absences of which some part lies in ``[start, end)``, by start; the early end is the one that counts.

        An absence that was taken back before it began has no part anywhere. ``start == end`` asks for one moment.
        """
        ...
