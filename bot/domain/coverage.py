"""Coverage: the open hours of a department in which neither its people nor its cover are at work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.domain.company import Company, Department, Side
from bot.domain.hours import OpeningHours, moment_of
from bot.domain.intervals import Interval, clipped, common, merged, minus
from bot.domain.shifts import Absence, Roster
from bot.domain.staff import StaffMember

FLEXIBLE_DAY = timedelta(hours=8)
"""What a plan can count on from one person without planned hours in a day."""

DAYTIME = (6 * 60, 22 * 60)
"""Minutes of the day between which such people work: nobody is on duty at night without a plan."""

_SUNDAY = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A stretch in which a department is open and unstaffed, in UTC. ``holiday`` names the holiday it falls on."""

    department: str
    start_at: datetime
    end_at: datetime
    holiday: str | None = None


def gaps(company: Company, roster: Roster, people: Sequence[StaffMember], start: datetime, end: datetime) -> list[Gap]:
    """Return every gap between two moments, department by department in the order of the file, each in order of time.

    A department is staffed while one of its people works, or one of a department that `company.yml` names to stand in
    for it. People without planned hours staff their own back office only: the front office has fixed cover, and nobody
    may count on somebody for a desk that is not theirs who may come or not. Each of them is counted on for what one
    person can work: the first `FLEXIBLE_DAY` of the desk's daytime hours, and one day off a week, which somebody alone
    has on Sunday. Whoever was named to stand in for an absence staffs the desks of the absent person for as long as
    that one would have worked.
    """
    if start >= end:
        return []
    at_work = _AtWork(company, roster, people, start, end)
    return [gap for one in company.departments.values() for gap in _named(company, one.id, at_work.unstaffed(one))]


def staffed(
    company: Company, roster: Roster, people: Sequence[StaffMember], department: Department, window: Interval
) -> list[Interval]:
    """Return the open hours of one department in which somebody is there or may be, in UTC.

    Unlike in `gaps`, flexible people count whenever they are not known to be away: no plan rests on this.
    """
    start, end = window
    opened = merged(department.hours.stretches(start, end))
    if not opened:
        return []
    at_work = _AtWork(company, roster, _near(company, roster, people, [department]), start, end)
    return common(opened, at_work.at(department, may_come=True))


def _near(
    company: Company, roster: Roster, people: Iterable[StaffMember], departments: Iterable[Department]
) -> list[StaffMember]:
    """Return the people who can matter for departments: those of their chains, and who was named to stand in."""
    chains = frozenset(name for one in departments for name in company.cover_chain(one.id))
    named = {one.cover_id for one in roster.absences}
    return [one for one in people if one.id in named or not chains.isdisjoint(_desks(one))]


def uncovered_by(
    company: Company,
    roster: Roster,
    people: Sequence[StaffMember],
    absence: Absence,
    staying: Collection[int] = (),
) -> list[Gap]:
    """Return the gaps that an absence would make and that are not there without it; none means it may be granted.

    Of flexible people it must leave both what `gaps` counts on and what `staffed` does: whoever wants a break in the
    evening is there in the evening, though a plan would not have counted on it. ``staying`` are those who are counted
    on for all of it, whatever was planned.
    """
    start, end = absence.interval
    if start >= end:
        return []
    desks = _desks_left(company, roster, people, absence.staff_id)
    then = roster.with_absence(absence)
    near = _near(company, then, people, desks)
    after = _AtWork(company, then, near, start, end, staying)
    left = {one.id: [after.unstaffed(one, may_come=may_come) for may_come in (False, True)] for one in desks}
    if not any(holes for both in left.values() for holes in both):
        return []
    before = _AtWork(company, roster.without_absence(absence.id), near, start, end, staying)
    found: list[Gap] = []
    for one in desks:
        there = [before.unstaffed(one, may_come=may_come) for may_come in (False, True)]
        made = [hole for new, old in zip(left[one.id], there, strict=True) for hole in minus(new, old)]
        found += _named(company, one.id, merged(made))
    return found


def _desks_left(
    company: Company, roster: Roster, people: Iterable[StaffMember], staff_id: int
) -> Collection[Department]:
    """Return the desks that somebody can leave empty; any of them where they were named to stand in for others."""
    absent = next((one for one in people if one.id == staff_id), None)
    if absent is None or any(one.cover_id == staff_id for one in roster.absences):
        return company.departments.values()
    return [one for one in company.departments.values() if not _desks(absent).isdisjoint(company.cover_chain(one.id))]


def may_stand_in(company: Company, staff: StaffMember, department_id: str) -> bool:
    """Tell whether a person may be named to stand in at a desk: by membership, by the cover chain, or by leading."""
    if not staff.active:
        return False
    return staff.leads or not _desks(staff).isdisjoint(company.cover_chain(department_id))


def left_waiting(
    company: Company, on_duty: Iterable[StaffMember], waiting: Mapping[str, int], leaver_id: int
) -> dict[str, int]:
    """Return how many wait in the queues that nobody would serve any more if one person left at this moment.

    ``on_duty`` is who takes cases now: somebody away or on a break serves nobody, whatever the roster says. Queues that
    the person does not serve either are not laid at their door.
    """
    here = {one.id: one.desks for one in on_duty}
    leaving = here.pop(leaver_id, frozenset[str]())
    left: dict[str, int] = {}
    for name, count in waiting.items():
        chain = company.cover_chain(name) if name in company.departments else ()
        if count and not leaving.isdisjoint(chain) and all(desks.isdisjoint(chain) for desks in here.values()):
            left[name] = count
    return left


def _desks(staff: StaffMember) -> frozenset[str]:
    """The departments for which a plan counts on the person: those they were put in.

    Whoever leads elsewhere takes cases of management while they are there, and nobody plans them for it.
    """
    return staff.departments & staff.desks


class _AtWork:
    """Who is at work in a window: by department, and as named stand-ins by desk."""

    def __init__(
        self,
        company: Company,
        roster: Roster,
        people: Sequence[StaffMember],
        start: datetime,
        end: datetime,
        staying: Collection[int] = (),
    ) -> None:
        self._company, self._roster, self._window = company, roster, (start.astimezone(UTC), end.astimezone(UTC))
        self._staying = staying
        self._opened: dict[int, list[Interval]] = {}
        self._people = {one.id: one for one in people if one.active}
        planned = defaultdict[str, list[Interval]](list)
        self._flexible = defaultdict[str, list[StaffMember]](list)
        for one in self._people.values():
            flexible = roster.flexible(one.id)
            counted = not flexible or one.id in staying
            times = self._times(one) if counted else ()
            for name in _desks(one):
                if flexible:
                    self._flexible[name].append(one)
                planned[name].extend(times)
        self._planned = {name: merged(times) for name, times in planned.items()}
        self._named = self._stand_ins()

    def unstaffed(self, department: Department, *, may_come: bool = False) -> list[Interval]:
        """Return when the department is open and nobody is there."""
        return minus(self._open_hours(department.hours), self.at(department, may_come=may_come))

    def _open_hours(self, hours: OpeningHours) -> list[Interval]:
        # Most departments share the company's own calendar.
        if id(hours) not in self._opened:
            self._opened[id(hours)] = merged(hours.stretches(*self._window))
        return self._opened[id(hours)]

    def at(self, department: Department, *, may_come: bool) -> list[Interval]:
        """Return when somebody is there for this department; with ``may_come`` also when a flexible person may be."""
        chain = self._company.cover_chain(department.id)
        found = [time for name in chain for time in self._planned.get(name, ())]
        if department.side is Side.BACK:
            found += self._flexible_at_all(department) if may_come else self._flexible_hours(department)
        return merged((*found, *self._named.get(department.id, ())))

    def _flexible_at_all(self, department: Department) -> Iterator[Interval]:
        for one in self._flexible.get(department.id, ()):
            yield from self._times(one)

    def _flexible_hours(self, department: Department) -> list[Interval]:
        """The hours that the flexible people of a department can share among them, day by day."""
        people = self._flexible.get(department.id, ())
        found: list[Interval] = []
        day = self._window[0].astimezone(self._company.zone).date() if people else None
        while day is not None and (start := moment_of(self._company.zone, day, DAYTIME[0])) < self._window[1]:
            low, high = start.astimezone(UTC), moment_of(self._company.zone, day, DAYTIME[1]).astimezone(UTC)
            opened = merged(department.hours.stretches(low, high))
            could = [times for one in people if (times := common(opened, self._roster.available(one.id, low, high)))]
            if len(could) > 1 or day.weekday() != _SUNDAY:
                counted = list(_first(opened, FLEXIBLE_DAY * len(could)))
                found += common(counted, merged(time for times in could for time in times))
            day += timedelta(days=1)
        return clipped(found, *self._window)

    def _times(self, staff: StaffMember) -> Sequence[Interval]:
        if staff.id in self._staying:
            return minus(
                [self._window], merged(one.interval for one in self._roster.absences if one.staff_id == staff.id)
            )
        known = self._roster.available if self._roster.flexible(staff.id) else self._roster.working
        return known(staff.id, *self._window)

    def _stand_ins(self) -> dict[str, list[Interval]]:
        named = defaultdict[str, list[Interval]](list)
        for absence in self._roster.absences:
            absent, cover = self._people.get(absence.staff_id), self._people.get(absence.cover_id or 0)
            missed = clipped([absence.interval], *self._window) if absent is not None and cover is not None else []
            if absent is None or cover is None or not missed:
                continue
            times = common(common(missed, self._expected(absent)), self._times(cover))
            for desk in self._desks_of(absent):
                if may_stand_in(self._company, cover, desk.id):
                    named[desk.id].extend(times)
        return named

    def _expected(self, staff: StaffMember) -> Sequence[Interval]:
        """When a person would have worked, had there been no absence."""
        unplanned = staff.id in self._staying or self._roster.flexible(staff.id)
        return [self._window] if unplanned else self._roster.planned(staff.id, *self._window)

    def _desks_of(self, staff: StaffMember) -> Iterator[Department]:
        """Every desk that the person staffs, by membership or as cover."""
        desks, flexible = _desks(staff), self._roster.flexible(staff.id)
        for one in self._company.departments.values():
            if flexible:
                staffs = one.side is Side.BACK and one.id in desks
            else:
                staffs = not desks.isdisjoint(self._company.cover_chain(one.id))
            if staffs:
                yield one


def _first(intervals: Iterable[Interval], length: timedelta) -> Iterator[Interval]:
    """Yield the stretches, in order, until so much time has passed in them."""
    for start, end in intervals:
        if length <= timedelta():
            return
        yield start, min(end, start + length)
        length -= end - start


def _named(company: Company, department: str, holes: Iterable[Interval]) -> Iterator[Gap]:
    """Cut holes where a holiday begins or ends, so that each gap has one name or none."""
    for start, end in holes:
        begin, name = start, company.hours.holiday(start)
        day = start.astimezone(company.zone).date() + timedelta(days=1)
        while (midnight := moment_of(company.zone, day, 0)) < end:
            if (today := company.hours.holiday(midnight)) != name:
                yield Gap(department=department, start_at=begin, end_at=midnight, holiday=name)
                begin, name = midnight, today
            day += timedelta(days=1)
        yield Gap(department=department, start_at=begin, end_at=end, holiday=name)
