"""Coverage against an oracle that counts minutes, and against a machine that grants and ends absences."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.domain import coverage
from bot.domain.company import Company, RoleId, Side
from bot.domain.coverage import Gap, gaps, uncovered_by
from bot.domain.hours import DAY
from bot.domain.intervals import Interval
from bot.domain.shifts import Absence, Roster
from bot.domain.staff import StaffMember
from tests.unit.domain.roster_world import BERLIN, Minutes, person, small_company
from tests.unit.domain.test_shifts import WEEKS, absences, rosters

CROWD = (
    person(1, "reception"),
    person(2, "sales", "cashier"),
    person(3, "facilities", "management", role=RoleId.MANAGER),
    person(4, "accounting", "research"),
)
CHAINS = {
    "reception": ["reception"],
    "sales": ["sales", "reception"],
    "cashier": ["cashier", "reception"],
    "accounting": ["accounting", "cashier", "reception"],
    "facilities": ["facilities"],
    "research": ["research"],
    "management": ["management"],
}


def staffed(minutes: Minutes, company: Company, some: Roster, desk: str, *, may_come: bool = False) -> int:
    """Minutes in which somebody is there, person by person; with ``may_come`` flexible people at any time."""
    back = company.departments[desk].side is Side.BACK
    flexible = {
        one.id
        for one in CROWD
        if not any(block.staff_id == one.id for block in some.shifts)
        and not any(day.blocks for day in some.exceptions if day.staff_id == one.id)
    }

    def expected(staff_id: int) -> int:
        days_off = [day.day for day in some.exceptions if day.staff_id == staff_id]
        return loose(days_off) if staff_id in flexible else minutes.planned(some, staff_id)

    def loose(days_off: list[date]) -> int:
        found = minutes.all
        for day in days_off:
            midnight = datetime(day.year, day.month, day.day, tzinfo=company.zone)
            following = midnight + timedelta(days=1)
            found &= ~minutes.of(midnight.astimezone(UTC), following.astimezone(UTC))
        return found

    def does(one: StaffMember) -> bool:
        if one.id in flexible:
            return back and desk in one.departments
        return bool(one.departments & set(CHAINS[desk]))

    loosely = [one.id for one in CROWD if one.id in flexible and does(one)]
    found = 0 if may_come else shared(minutes, company, some, desk, loosely)
    for one in CROWD:
        if does(one) and (may_come or one.id not in flexible):
            found |= expected(one.id) & ~minutes.absent(some, one.id)
        for rest in (rest for rest in some.absences if rest.staff_id == one.id and rest.cover_id and does(one)):
            cover = CROWD[rest.cover_id - 1]
            if cover.leads or cover.departments & set(CHAINS[desk]):
                missed = minutes.of(rest.start_at, rest.until) & (
                    minutes.all if one.id in flexible else expected(one.id)
                )
                found |= missed & expected(cover.id) & ~minutes.absent(some, cover.id)
    return found


def shared(minutes: Minutes, company: Company, some: Roster, desk: str, people: list[int]) -> int:
    """Minutes that flexible people share: of the desk's daytime hours of a day, also before the window, eight each."""
    wide = Minutes(minutes.base - timedelta(days=2), minutes.days + 4)
    opened, found = wide.opened(company.departments[desk].hours), 0
    first = wide.base.astimezone(company.zone).date()
    for day in (first + timedelta(days=number) for number in range(1, wide.days)):
        midnight = datetime(day.year, day.month, day.day, tzinfo=company.zone)
        daytime = opened & wide.of(*(midnight.replace(hour=hour).astimezone(UTC) for hour in (6, 22)))
        off = {one.staff_id for one in some.exceptions if one.day == day}
        there = [daytime & ~wide.absent(some, one) for one in people if one not in off]
        there = [one for one in there if one]
        if day.weekday() == 6 and len(there) < 2:
            continue
        counted, left = 0, len(there) * 480
        while daytime and left:
            minute = daytime & -daytime
            counted, daytime, left = counted | minute, daytime ^ minute, left - 1
        for one in there:
            found |= one & counted
    return (found >> 2 * DAY) & minutes.all


@given(st.sampled_from(WEEKS), st.data())
def test_gaps_minute_by_minute(week: tuple[ZoneInfo, date], data: st.DataObject) -> None:
    zone, first = week
    company = small_company(zone, {first + timedelta(days=data.draw(st.integers(0, 4))): "Nghỉ"})
    some = data.draw(rosters(zone, first, len(CROWD)))
    minutes = Minutes(datetime(first.year, first.month, first.day, tzinfo=UTC), 4)
    by_desk: dict[str, list[tuple[datetime, datetime]]] = {name: [] for name in company.departments}
    for gap in gaps(company, some, CROWD, minutes.base, minutes.end):
        assert gap.holiday == company.hours.holiday(gap.start_at)
        assert gap.holiday == company.hours.holiday(gap.end_at - timedelta(minutes=1))
        by_desk[gap.department].append((gap.start_at, gap.end_at))
    for name, department in company.departments.items():
        holes = minutes.opened(department.hours) & ~staffed(minutes, company, some, name)
        assert minutes.of_all(by_desk[name]) == holes, name
        served = coverage.staffed(company, some, CROWD, department, (minutes.base, minutes.end))
        there = staffed(minutes, company, some, name, may_come=True)
        assert minutes.of_all(served) == minutes.opened(department.hours) & there, name


class Granting(RuleBasedStateMachine):
    """Absences are granted only where they uncover nothing; then no order of granting and ending opens a gap."""

    BASE = date(2026, 10, 23)
    WINDOW = (datetime(2026, 10, 22, tzinfo=UTC), datetime(2026, 10, 31, tzinfo=UTC))

    @initialize(some=rosters(BERLIN, BASE, len(CROWD)))
    def open_house(self, some: Roster) -> None:
        self.company = small_company(BERLIN)
        self.roster = Roster(BERLIN, some.shifts, some.exceptions)
        self.before = self.seen()
        self.granted: list[Absence] = []

    def seen(self) -> tuple[list[Gap], list[list[Interval]]]:
        """What a plan leaves open, and when somebody may be there."""
        desks = self.company.departments.values()
        there = [coverage.staffed(self.company, self.roster, CROWD, one, self.WINDOW) for one in desks]
        return gaps(self.company, self.roster, CROWD, *self.WINDOW), there

    @rule(one=absences(BASE, len(CROWD)))
    def ask(self, one: Absence) -> None:
        new = Absence(**{**vars(one), "id": len(self.granted) + 1, "ended_at": None})
        if new.cover_id != new.staff_id and not uncovered_by(self.company, self.roster, CROWD, new):
            self.granted.append(new)
            self.roster = self.roster.with_absence(new)

    @rule(which=st.integers(0, 20), minute=st.integers(-DAY, 5 * DAY))
    def come_back(self, which: int, minute: int) -> None:
        running = [one for one in self.roster.absences if one.ended_at is None]
        if running:
            ended = running[which % len(running)].ended(self.WINDOW[0] + timedelta(days=1, minutes=minute))
            self.roster = self.roster.with_absence(ended)

    @invariant()
    def nothing_is_uncovered(self) -> None:
        if hasattr(self, "before"):
            assert self.seen() == self.before


TestGranting = Granting.TestCase
