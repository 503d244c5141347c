"""Shifts, single days, breaks and leave in PostgreSQL."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import Row, Select, bindparam, delete, func, insert, literal_column, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.db.bell import PEOPLE
from bot.adapters.db.desk_tables import absences, day_exceptions, shifts
from bot.adapters.db.tail import Tail
from bot.domain.errors import Unknown
from bot.domain.hours import Block
from bot.domain.shifts import HORIZON_DAYS, Absence, AbsenceKind, DayException, Roster, Shift

REACH = timedelta(days=HORIZON_DAYS)
"""How far from a moment a roster looks for the last shift before it, and for the next."""

ONE_DAY = timedelta(days=1)

# Built once: see `bot.adapters.db.messages`.
_LOCK = select(func.pg_advisory_xact_lock(func.hashtextextended("roster", 0)))

_SHIFTS = select(shifts).order_by(shifts.c.staff_id, shifts.c.weekday, shifts.c.start_minute, shifts.c.id)
_SHIFTS_IN = _SHIFTS.where(
    shifts.c.valid_from <= bindparam("last"), or_(shifts.c.valid_to.is_(None), shifts.c.valid_to >= bindparam("first"))
)
_SAVE_SHIFT = update(shifts).where(shifts.c.id == bindparam("shift"))

_EXCEPTIONS = (
    select(day_exceptions)
    .where(day_exceptions.c.day.between(bindparam("first"), bindparam("last")))
    .order_by(day_exceptions.c.day, day_exceptions.c.staff_id)
)

# Some part lies in [start, end): `Absence.until` said in SQL, in a form that the indexes on the planned end serve.
_ABSENCES_BEFORE = (
    select(absences)
    .where(
        or_(absences.c.start_at < bindparam("end"), absences.c.start_at == bindparam("start")),
        or_(
            absences.c.ended_at.is_(None),
            (absences.c.ended_at > bindparam("start")) & (absences.c.ended_at > absences.c.start_at),
        ),
    )
    .order_by(absences.c.start_at, absences.c.id)
)
_ABSENCES = _ABSENCES_BEFORE.where(absences.c.end_at > bindparam("start"))
# Breaks are many, and those of another day matter to nobody; leave of long ago says when somebody last worked.
_ABSENCES_AROUND = _ABSENCES_BEFORE.where(
    or_(
        (absences.c.kind == literal_column(f"'{AbsenceKind.LEAVE}'")) & (absences.c.end_at > bindparam("start")),
        absences.c.end_at > bindparam("breaks_since"),
    )
)
_ABSENCE = select(absences).where(absences.c.id == bindparam("absence"))
_SAVE_ABSENCE = update(absences).where(absences.c.id == bindparam("absence"))

# The same for one person.
_SHIFTS_OF = _SHIFTS.where(shifts.c.staff_id == bindparam("person"))
_SHIFTS_IN_OF = _SHIFTS_IN.where(shifts.c.staff_id == bindparam("person"))
_EXCEPTIONS_OF = _EXCEPTIONS.where(day_exceptions.c.staff_id == bindparam("person"))
_ABSENCES_OF = _ABSENCES.where(absences.c.staff_id == bindparam("person"))
_ABSENCES_AROUND_OF = _ABSENCES_AROUND.where(absences.c.staff_id == bindparam("person"))


class RosterTable:
    """See `bot.services.ports_desk.Rosters`."""

    def __init__(self, connection: AsyncConnection, tail: Tail) -> None:
        self._connection = connection
        self._tail = tail

    async def lock(self) -> None:
        """Take the one lock of all rosters."""
        await self._connection.execute(_LOCK)

    async def roster(self, zone: tzinfo, start: datetime, end: datetime, *, staff_id: int | None = None) -> Roster:
        """Read what a roster needs to answer about a stretch of time."""
        low, high = start - REACH, end + REACH
        days = {"first": low.astimezone(zone).date() - ONE_DAY, "last": high.astimezone(zone).date() + ONE_DAY}
        around = {"start": low, "end": high, "breaks_since": start - ONE_DAY}
        planned = await self._read(_SHIFTS_IN, _SHIFTS_IN_OF, staff_id, **days)
        single = await self._read(_EXCEPTIONS, _EXCEPTIONS_OF, staff_id, **days)
        missed = await self._read(_ABSENCES_AROUND, _ABSENCES_AROUND_OF, staff_id, **around)
        return Roster(
            zone,
            tuple(_shift(row) for row in planned),
            tuple(_exception(row) for row in single),
            tuple(_absence(row) for row in missed),
        )

    async def _read(
        self, of_all: Select[Any], of_one: Select[Any], staff_id: int | None, **values: object
    ) -> list[Row[Any]]:
        if staff_id is None:
            return list(await self._connection.execute(of_all, values))
        return list(await self._connection.execute(of_one, {**values, "person": staff_id}))

    async def add_shift(
        self, staff_id: int, weekday: int, block: Block, valid_from: date, valid_to: date | None
    ) -> Shift:
        """Insert a shift."""
        self._tail.wake(PEOPLE)
        made = await self._connection.execute(
            insert(shifts)
            .values(
                staff_id=staff_id,
                weekday=weekday,
                start_minute=block.start,
                end_minute=block.end,
                valid_from=valid_from,
                valid_to=valid_to,
            )
            .returning(shifts)
        )
        return _shift(made.one())

    async def shift(self, shift_id: int) -> Shift:
        """Find a shift."""
        row = (await self._connection.execute(select(shifts).where(shifts.c.id == shift_id))).one_or_none()
        if row is None:
            raise Unknown(f"shift {shift_id}")
        return _shift(row)

    async def save_shift(self, shift: Shift) -> None:
        """Store a change."""
        self._tail.wake(PEOPLE)
        await self._connection.execute(
            _SAVE_SHIFT,
            {
                "shift": shift.id,
                "weekday": shift.weekday,
                "start_minute": shift.block.start,
                "end_minute": shift.block.end,
                "valid_from": shift.valid_from,
                "valid_to": shift.valid_to,
            },
        )

    async def remove_shift(self, shift_id: int) -> None:
        """Delete a shift."""
        self._tail.wake(PEOPLE)
        await self._connection.execute(delete(shifts).where(shifts.c.id == shift_id))

    async def shifts(self, *, staff_id: int | None = None) -> list[Shift]:
        """Read shifts."""
        return [_shift(row) for row in await self._read(_SHIFTS, _SHIFTS_OF, staff_id)]

    async def put_exception(self, staff_id: int, day: date, blocks: tuple[Block, ...], note: str) -> DayException:
        """Insert or replace the exception of a day."""
        self._tail.wake(PEOPLE)
        values = {"blocks": [[block.start, block.end] for block in sorted(blocks)], "note": note}
        made = await self._connection.execute(
            upsert(day_exceptions)
            .values(staff_id=staff_id, day=day, **values)
            .on_conflict_do_update(index_elements=[day_exceptions.c.staff_id, day_exceptions.c.day], set_=values)
            .returning(day_exceptions)
        )
        return _exception(made.one())

    async def remove_exception(self, staff_id: int, day: date) -> None:
        """Delete the exception of a day."""
        self._tail.wake(PEOPLE)
        await self._connection.execute(
            delete(day_exceptions).where(day_exceptions.c.staff_id == staff_id, day_exceptions.c.day == day)
        )

    async def exceptions(self, start: date, end: date, *, staff_id: int | None = None) -> list[DayException]:
        """Read exceptions."""
        rows = await self._read(_EXCEPTIONS, _EXCEPTIONS_OF, staff_id, first=start, last=end)
        return [_exception(row) for row in rows]

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
        """Insert an absence."""
        self._tail.wake(PEOPLE)
        made = await self._connection.execute(
            insert(absences)
            .values(staff_id=staff_id, kind=kind, start_at=start_at, end_at=end_at, cover_id=cover_id, note=note)
            .returning(absences)
        )
        return _absence(made.one())

    async def absence(self, absence_id: int) -> Absence:
        """Find an absence."""
        row = (await self._connection.execute(_ABSENCE, {"absence": absence_id})).one_or_none()
        if row is None:
            raise Unknown(f"absence {absence_id}")
        return _absence(row)

    async def save_absence(self, absence: Absence) -> None:
        """Store a change."""
        self._tail.wake(PEOPLE)
        await self._connection.execute(
            _SAVE_ABSENCE,
            {
                "absence": absence.id,
                "start_at": absence.start_at,
                "end_at": absence.end_at,
                "ended_at": absence.ended_at,
                "cover_id": absence.cover_id,
                "note": absence.note,
                "timer_id": absence.timer_id,
            },
        )

    async def absences(self, start: datetime, end: datetime, *, staff_id: int | None = None) -> list[Absence]:
        """Read absences that touch a stretch of time."""
        rows = await self._read(_ABSENCES, _ABSENCES_OF, staff_id, start=start, end=end)
        return [_absence(row) for row in rows]


def _shift(row: Row[Any]) -> Shift:
    return Shift(
        id=row.id,
        staff_id=row.staff_id,
        weekday=row.weekday,
        block=Block(row.start_minute, row.end_minute),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


def _exception(row: Row[Any]) -> DayException:
    return DayException(
        id=row.id,
        staff_id=row.staff_id,
        day=row.day,
        blocks=tuple(Block(start, end) for start, end in row.blocks),
        note=row.note,
    )


def _absence(row: Row[Any]) -> Absence:
    return Absence(
        id=row.id,
        staff_id=row.staff_id,
        kind=AbsenceKind(row.kind),
        start_at=row.start_at,
        end_at=row.end_at,
        ended_at=row.ended_at,
        cover_id=row.cover_id,
        note=row.note,
        timer_id=row.timer_id,
    )
