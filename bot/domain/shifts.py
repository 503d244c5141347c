"""Who works when: recurring shifts, single days that differ, breaks and leave, and the roster that adds them up.

Blocks are wall time of the company; every moment that comes back is in UTC, so that a night on which the clocks change
is as long as it is for the person working it. A shift belongs to the day on which it starts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from bot.domain.errors import ForbiddenMove
from bot.domain.hours import DAY, Block, moment_of
from bot.domain.intervals import Interval, clipped, merged, minus

HORIZON_DAYS = 92
"""How far ahead the next working day of a person is looked for; beyond it nobody has a plan that a promise rests on."""

_ONE_DAY = timedelta(days=1)


class AbsenceKind(StrEnum):
    """``break``: back within the hour, still part of the shift. ``leave``: not at work at all."""

    BREAK = "break"
    LEAVE = "leave"


@dataclass(frozen=True, kw_only=True)
class Shift:
    """A block of work that comes back every week; ``weekday`` 0 is Monday, ``valid_to`` the last day, included."""

    id: int
    staff_id: int
    weekday: int
    block: Block
    valid_from: date
    valid_to: date | None = None

    def on(self, day: date) -> bool:
        """Tell whether this shift starts on that day, single exceptions aside."""
        if day.weekday() != self.weekday or day < self.valid_from:
            return False
        return self.valid_to is None or day <= self.valid_to


@dataclass(frozen=True, kw_only=True)
class DayException:
    """One day on which a person works other hours than usual: these, or none at all."""

    id: int
    staff_id: int
    day: date
    blocks: tuple[Block, ...] = ()
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Absence:
    """A break or leave. ``cover_id`` is who agreed to stand in; ``ended_at`` is set when the person is back."""

    id: int
    staff_id: int
    kind: AbsenceKind
    start_at: datetime
    end_at: datetime
    ended_at: datetime | None = None
    cover_id: int | None = None
    note: str = ""
    timer_id: int | None = None

    @property
    def until(self) -> datetime:
        """Return when the person is back, or is due back."""
        return self.end_at if self.ended_at is None else min(self.ended_at, self.end_at)

    def active(self, at: datetime) -> bool:
        """Tell whether the person is away for this reason at that moment."""
        return self.start_at <= at < self.end_at and (self.ended_at is None or at < self.ended_at)

    def ended(self, at: datetime) -> Absence:
        """Return the absence as over from now on; before it began, that takes it back altogether.

        Raises:
            ForbiddenMove: it was ended before.
        """
        if self.ended_at is not None:
            raise ForbiddenMove(f"absence {self.id} ended at {self.ended_at}")
        return replace(self, ended_at=min(max(at, self.start_at), self.end_at))

    @property
    def interval(self) -> Interval:
        """Return the stretch that is missed, in UTC."""
        return self.start_at.astimezone(UTC), self.until.astimezone(UTC)


class _Stretch(NamedTuple):
    """A stretch of time in which a person is in one shift, or between two."""

    since: datetime
    until: datetime
    shift: Interval | None


@dataclass(frozen=True)
class _Hours:
    """The planned hours of one person, sorted for asking. What was worked out of them holds in every roster of them."""

    shifts: list[list[Shift]] = field(default_factory=lambda: [[] for _ in range(7)])
    days: dict[date, DayException] = field(default_factory=dict)
    worked: dict[date, tuple[Interval, ...]] = field(default_factory=dict)
    found: dict[tuple[Interval, ...], _Stretch] = field(default_factory=dict)
    """The stretch that was asked for last, by the leave that cuts it."""

    @cached_property
    def flexible(self) -> bool:
        """Tell whether nobody has planned hours for this person."""
        return not any(self.shifts) and not any(one.blocks for one in self.days.values())


@dataclass(frozen=True)
class _Plan:
    """What is known of one person."""

    hours: _Hours = field(default_factory=_Hours)
    absences: list[Absence] = field(default_factory=list)

    @cached_property
    def missed(self) -> list[Interval]:
        """Breaks and leave."""
        return merged(one.interval for one in self.absences)

    @cached_property
    def leave(self) -> tuple[Interval, ...]:
        """Leave alone, which ends a shift where a break does not."""
        return tuple(merged(one.interval for one in self.absences if one.kind is AbsenceKind.LEAVE))


@dataclass(frozen=True)
class Roster:
    """The working time of all people in one time zone. Anybody it has no hours for is flexible.

    A day exception takes the place of the shifts that start on its day; a night shift of the evening before goes on.
    Leave cuts a shift short; a break leaves it one shift. What was worked out is remembered: who is there is asked for
    everybody whenever anything changes, and the answer is the same for hours.
    """

    zone: tzinfo
    shifts: tuple[Shift, ...] = ()
    exceptions: tuple[DayException, ...] = ()
    absences: tuple[Absence, ...] = ()
    _hours: dict[int, _Hours] = field(repr=False, compare=False, default_factory=dict)
    _plans: dict[int, _Plan] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        if not self._hours:
            for shift in self.shifts:
                self._hours.setdefault(shift.staff_id, _Hours()).shifts[shift.weekday].append(shift)
            for exception in self.exceptions:
                self._hours.setdefault(exception.staff_id, _Hours()).days[exception.day] = exception
        for staff_id, hours in self._hours.items():
            self._plans[staff_id] = _Plan(hours)
        for absence in self.absences:
            self._plans.setdefault(absence.staff_id, _Plan()).absences.append(absence)

    def flexible(self, staff_id: int) -> bool:
        """Tell whether the person has no planned hours at all, so that their own switch says when they work."""
        plan = self._plans.get(staff_id)
        return plan is None or plan.hours.flexible

    def working(self, staff_id: int, start: datetime, end: datetime) -> tuple[Interval, ...]:
        """Return when the person works between two moments, without breaks and leave; nothing for flexible people."""
        plan = self._plans.get(staff_id)
        planned = self.planned(staff_id, start, end)
        return planned if plan is None else tuple(minus(planned, plan.missed))

    def planned(self, staff_id: int, start: datetime, end: datetime) -> tuple[Interval, ...]:
        """Return the person's shifts between two moments as if there were no breaks and no leave."""
        plan = self._plans.get(staff_id)
        if plan is None or start >= end:
            return ()
        low, high = start.astimezone(UTC), end.astimezone(UTC)
        return tuple(merged(clipped(self._between(plan, low, high), low, high)))

    def available(self, staff_id: int, start: datetime, end: datetime) -> tuple[Interval, ...]:
        """Return when a flexible person could work between two moments: always, but for days off, breaks and leave."""
        if start >= end:
            return ()
        low, high = start.astimezone(UTC), end.astimezone(UTC)
        plan = self._plans.get(staff_id)
        if plan is None:
            return ((low, high),)
        off = [(moment_of(self.zone, day, 0), moment_of(self.zone, day, DAY)) for day in plan.hours.days]
        return tuple(minus([(low, high)], merged((*off, *plan.missed))))

    def rostered(self, staff_id: int, at: datetime) -> bool:
        """Tell whether the person is in the middle of a shift, on a break or not, and not on leave."""
        return self._shift_at(staff_id, at) is not None

    def shift_end(self, staff_id: int, at: datetime) -> datetime | None:
        """Return when the shift that the person is in ends, or leave begins; None outside of shifts."""
        found = self._shift_at(staff_id, at)
        return None if found is None else found[1]

    def next_start(self, staff_id: int, at: datetime) -> datetime | None:
        """Return when the person's next shift begins, later than `at`; None if none is planned within the horizon."""
        moment = at.astimezone(UTC)
        return next((start for start, _ in self._shifts_from(staff_id, moment) if start > moment), None)

    def last_end(self, staff_id: int, at: datetime) -> datetime | None:
        """Return when the latest shift that is over by `at` ended; None if none did within the horizon."""
        plan, moment = self._plans.get(staff_id), at.astimezone(UTC)
        if plan is None or plan.hours.flexible:
            return None
        day, leave = moment.astimezone(self.zone).date(), plan.leave
        for _ in range(HORIZON_DAYS):
            ends = [end for _, end in minus(self._day(plan.hours, day), leave) if end <= moment]
            if ends:
                return max(ends)
            day -= _ONE_DAY
        return None

    def absent(self, staff_id: int, at: datetime) -> tuple[Absence, ...]:
        """Return the breaks and leave that this person is on at that moment."""
        plan = self._plans.get(staff_id)
        return () if plan is None else tuple(one for one in plan.absences if one.active(at))

    def unchanged_until(self, staff_id: int, at: datetime) -> datetime:
        """Return until when all answers about this person at a moment stay what they are, as far as is known now."""
        edges = [self._stretch(staff_id, at).until]
        plan = self._plans.get(staff_id)
        for absence in plan.absences if plan is not None else ():
            edges += [edge for edge in absence.interval if edge > at]
        return min(edges)

    def with_absence(self, absence: Absence) -> Roster:
        """Return the roster with this absence in it, in the place of the one with its id."""
        return self.with_absences((*self._besides(absence.id), absence))

    def without_absence(self, absence_id: int) -> Roster:
        """Return the roster without one absence; 0 is the id of those that are not stored yet, and names none."""
        return self.with_absences(self._besides(absence_id))

    def with_absences(self, absences: tuple[Absence, ...]) -> Roster:
        """Return the same planned hours, and what was worked out of them, with these absences alone."""
        return Roster(self.zone, self.shifts, self.exceptions, absences, self._hours)

    def _besides(self, absence_id: int) -> tuple[Absence, ...]:
        return tuple(one for one in self.absences if one.id != absence_id or one.id == 0)

    def day(self, staff_id: int, day: date) -> tuple[Block, ...]:
        """Return the blocks of work that start on one day, earliest first, exceptions applied, absences not."""
        plan = self._plans.get(staff_id)
        return () if plan is None else self._blocks(plan.hours, day)

    @staticmethod
    def _blocks(hours: _Hours, day: date) -> tuple[Block, ...]:
        if (exception := hours.days.get(day)) is not None:
            return tuple(sorted(exception.blocks))
        return tuple(sorted(one.block for one in hours.shifts[day.weekday()] if one.on(day)))

    def _day(self, hours: _Hours, day: date) -> tuple[Interval, ...]:
        """The shifts that start on a day, in UTC, merged; worked out once for each day."""
        known = hours.worked.get(day)
        if known is None:
            blocks = self._blocks(hours, day)
            edges = ((moment_of(self.zone, day, one.start), moment_of(self.zone, day, one.end)) for one in blocks)
            known = hours.worked[day] = tuple(merged(edges))
        return known

    def _between(self, plan: _Plan, low: datetime, high: datetime) -> Iterator[Interval]:
        """Shifts that may reach into a stretch: a block of the day before may end in it."""
        day, last = low.astimezone(self.zone).date() - _ONE_DAY, high.astimezone(self.zone).date()
        while day <= last:
            yield from self._day(plan.hours, day)
            day += _ONE_DAY

    def _shifts_from(self, staff_id: int, moment: datetime) -> Iterator[Interval]:
        """Shifts without leave that end after a moment, in order; those that touch are one."""
        plan = self._plans.get(staff_id)
        if plan is None or plan.hours.flexible:
            return
        held: Interval | None = None
        planned, leave = self._between(plan, moment, moment + HORIZON_DAYS * _ONE_DAY), plan.leave
        for start, end in (left for one in planned for left in minus([one], leave)):
            if end <= moment:
                continue
            if held is not None and start > held[1]:
                yield held
                held = None
            held = (start, end) if held is None else (held[0], max(held[1], end))
        if held is not None:
            yield held

    def _shift_at(self, staff_id: int, at: datetime) -> Interval | None:
        return self._stretch(staff_id, at).shift

    def _stretch(self, staff_id: int, at: datetime) -> _Stretch:
        plan = self._plans.get(staff_id)
        if plan is None:
            return self._stretch_at(staff_id, at.astimezone(UTC))
        known = plan.hours.found.get(plan.leave)
        if known is None or not known.since <= at < known.until:
            known = plan.hours.found[plan.leave] = self._stretch_at(staff_id, at.astimezone(UTC))
        return known

    def _stretch_at(self, staff_id: int, moment: datetime) -> _Stretch:
        shift = next(self._shifts_from(staff_id, moment), None)
        if shift is None:
            # Nothing begins within the horizon; what lies behind it comes nearer.
            return _Stretch(moment, moment + (HORIZON_DAYS - 1) * _ONE_DAY, None)
        if shift[0] <= moment:
            return _Stretch(shift[0], shift[1], shift)
        return _Stretch(moment, shift[0], None)
