"""The roster: tables for nights, exceptions, leave and clock changes; an oracle that counts minutes for the sums."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import ForbiddenMove
from bot.domain.hours import DAY, Block
from bot.domain.shifts import Absence, AbsenceKind, DayException, Roster, Shift
from tests.unit.domain.roster_world import (
    BERLIN,
    HANOI,
    LONG_AGO,
    Minutes,
    absence,
    at,
    blocks,
    day_off,
    every_day,
    shift,
)

LAN, MINH, HOA = 1, 2, 3
"""Lan has a day with a lunch break, Minh works nights, Hoa has no planned hours."""

SHIFTS = (
    *every_day(LAN, "08:00-12:00"),
    *every_day(LAN, "13:00-17:00"),
    *every_day(MINH, "22:00-06:00+1", range(7)),
)
ROSTER = Roster(HANOI, SHIFTS)


def roster(*absences: Absence, exceptions: tuple[DayException, ...] = ()) -> Roster:
    return Roster(HANOI, SHIFTS, exceptions, absences)


def spans(some: Roster, staff_id: int, start: str, end: str) -> list[tuple[str, str]]:
    found = some.working(staff_id, at(start), at(end))
    return [(f"{a.astimezone(HANOI):%d %H:%M}", f"{b.astimezone(HANOI):%d %H:%M}") for a, b in found]


@pytest.mark.parametrize(
    ("staff_id", "start", "end", "expected"),
    [
        (LAN, "2026-08-24T00:00", "2026-08-25T00:00", [("24 08:00", "24 12:00"), ("24 13:00", "24 17:00")]),
        (LAN, "2026-08-24T09:30", "2026-08-24T13:30", [("24 09:30", "24 12:00"), ("24 13:00", "24 13:30")]),
        (LAN, "2026-08-29T00:00", "2026-08-31T00:00", []),
        (MINH, "2026-08-24T00:00", "2026-08-25T00:00", [("24 00:00", "24 06:00"), ("24 22:00", "25 00:00")]),
        (MINH, "2026-08-25T03:00", "2026-08-25T04:00", [("25 03:00", "25 04:00")]),
        (HOA, "2026-08-24T00:00", "2026-08-25T00:00", []),
        (LAN, "2026-08-25T00:00", "2026-08-24T00:00", []),
    ],
)
def test_working_time(staff_id: int, start: str, end: str, expected: list[tuple[str, str]]) -> None:
    assert spans(ROSTER, staff_id, start, end) == expected


def test_what_comes_back_is_in_utc() -> None:
    (start, _), *_ = ROSTER.working(LAN, at("2026-08-24T00:00"), at("2026-08-25T00:00"))
    assert start == datetime(2026, 8, 24, 1, tzinfo=UTC)
    assert start.tzinfo is UTC


@pytest.mark.parametrize(
    ("staff_id", "moment", "here", "end", "following"),
    [
        (LAN, "2026-08-24T07:59", False, None, "2026-08-24T08:00"),
        (LAN, "2026-08-24T08:00", True, "2026-08-24T12:00", "2026-08-24T13:00"),
        (LAN, "2026-08-24T12:00", False, None, "2026-08-24T13:00"),
        (LAN, "2026-08-28T16:59", True, "2026-08-28T17:00", "2026-08-31T08:00"),
        (LAN, "2026-08-28T17:00", False, None, "2026-08-31T08:00"),
        (MINH, "2026-08-25T05:59", True, "2026-08-25T06:00", "2026-08-25T22:00"),
        (MINH, "2026-08-24T23:00", True, "2026-08-25T06:00", "2026-08-25T22:00"),
        (HOA, "2026-08-24T10:00", False, None, None),
    ],
)
def test_the_shift_at_a_moment(staff_id: int, moment: str, here: bool, end: str | None, following: str | None) -> None:
    assert ROSTER.rostered(staff_id, at(moment)) is here
    assert ROSTER.shift_end(staff_id, at(moment)) == (at(end) if end else None)
    assert ROSTER.next_start(staff_id, at(moment)) == (at(following) if following else None)


def test_shifts_that_touch_are_one() -> None:
    guard = Roster(
        HANOI, (*every_day(LAN, "08:00-12:00"), *every_day(LAN, "12:00-22:00"), shift(LAN, 0, "22:00-08:00+1"))
    )
    assert guard.shift_end(LAN, at("2026-08-24T09:00")) == at("2026-08-25T22:00")
    assert guard.last_end(LAN, at("2026-08-25T23:00")) == at("2026-08-25T22:00")


def test_a_shift_begins_and_ends_with_its_dates() -> None:
    once = Roster(HANOI, (shift(LAN, 0, "08:00-12:00", since=date(2026, 8, 24), until=date(2026, 8, 31)),))
    assert not once.rostered(LAN, at("2026-08-17T09:00"))
    assert once.rostered(LAN, at("2026-08-24T09:00"))
    assert once.rostered(LAN, at("2026-08-31T09:00"))
    assert not once.rostered(LAN, at("2026-09-07T09:00"))
    assert once.next_start(LAN, at("2026-08-31T08:00")) is None
    assert not once.flexible(LAN)


def test_an_exception_takes_the_place_of_the_day_but_not_of_the_night_before() -> None:
    some = roster(exceptions=(day_off(MINH, "2026-08-25"), day_off(LAN, "2026-08-25", "10:00-15:00")))
    assert spans(some, MINH, "2026-08-24T12:00", "2026-08-27T12:00") == [
        ("24 22:00", "25 06:00"),
        ("26 22:00", "27 06:00"),
    ]
    assert spans(some, LAN, "2026-08-25T00:00", "2026-08-26T00:00") == [("25 10:00", "25 15:00")]
    assert some.day(LAN, date(2026, 8, 25)) == blocks("10:00-15:00")
    assert some.day(HOA, date(2026, 8, 25)) == ()
    assert not some.flexible(MINH)


def test_a_single_planned_day_makes_hours_planned_a_day_off_does_not() -> None:
    assert not Roster(HANOI, exceptions=(day_off(HOA, "2026-08-25", "10:00-15:00"),)).flexible(HOA)
    off = Roster(HANOI, exceptions=(day_off(HOA, "2026-08-25"),))
    assert off.flexible(HOA)
    assert off.working(HOA, at("2026-08-24T00:00"), at("2026-08-27T00:00")) == ()
    assert off.available(HOA, at("2026-08-24T12:00"), at("2026-08-27T00:00")) == (
        (at("2026-08-24T12:00"), at("2026-08-25T00:00")),
        (at("2026-08-26T00:00"), at("2026-08-27T00:00")),
    )
    assert off.available(HOA, at("2026-08-27T00:00"), at("2026-08-24T00:00")) == ()


def test_a_break_is_part_of_the_shift_and_leave_is_not() -> None:
    rest = absence(LAN, at("2026-08-24T10:00"), at("2026-08-24T10:15"))
    leave = absence(LAN, at("2026-08-24T15:00"), at("2026-08-26T10:00"), AbsenceKind.LEAVE)
    some = roster(rest, leave)
    assert spans(some, LAN, "2026-08-24T00:00", "2026-08-26T12:00") == [
        ("24 08:00", "24 10:00"),
        ("24 10:15", "24 12:00"),
        ("24 13:00", "24 15:00"),
        ("26 10:00", "26 12:00"),
    ]
    assert some.rostered(LAN, at("2026-08-24T10:05"))
    assert some.shift_end(LAN, at("2026-08-24T14:00")) == at("2026-08-24T15:00")
    assert not some.rostered(LAN, at("2026-08-24T15:00"))
    assert some.next_start(LAN, at("2026-08-24T14:00")) == at("2026-08-26T10:00")
    assert some.last_end(LAN, at("2026-08-25T09:00")) == at("2026-08-24T15:00")
    assert some.absent(LAN, at("2026-08-24T10:05")) == (rest,)
    assert some.absent(HOA, at("2026-08-24T10:05")) == ()


def test_leave_over_tet() -> None:
    leave = absence(LAN, at("2027-02-04T17:00"), at("2027-02-15T08:00"), AbsenceKind.LEAVE)
    some = roster(leave)
    assert some.next_start(LAN, at("2027-02-04T16:00")) == at("2027-02-15T08:00")
    assert some.working(LAN, at("2027-02-05T00:00"), at("2027-02-15T00:00")) == ()


def test_nobody_is_expected_beyond_the_horizon() -> None:
    leave = absence(LAN, at("2026-08-24T00:00"), at("2027-02-01T00:00"), AbsenceKind.LEAVE)
    assert roster(leave).next_start(LAN, at("2026-08-24T08:00")) is None
    assert roster(leave).last_end(LAN, at("2027-01-31T08:00")) is None


@pytest.mark.parametrize(
    ("evening", "hours"),
    # 2026-03-29: 02:00 becomes 03:00, so the night is an hour shorter; 2026-10-25: an hour longer.
    [("2026-03-27T12:00", 8), ("2026-03-28T12:00", 7), ("2026-10-24T12:00", 9), ("2026-10-25T12:00", 8)],
)
def test_a_night_on_which_the_clocks_change(evening: str, hours: int) -> None:
    some = Roster(BERLIN, every_day(MINH, "22:00-06:00+1", range(7)))
    noon = at(evening, BERLIN)
    ((start, end),) = some.working(MINH, noon, noon.astimezone(UTC) + timedelta(hours=23))
    assert end - start == timedelta(hours=hours)


def test_an_absence_ends_once_and_never_before_it_began() -> None:
    rest = absence(LAN, at("2026-08-24T10:00"), at("2026-08-24T10:15"))
    back = rest.ended(at("2026-08-24T10:05"))
    assert (rest.active(at("2026-08-24T10:05")), back.active(at("2026-08-24T10:05"))) == (True, False)
    assert back.until == at("2026-08-24T10:05")
    with pytest.raises(ForbiddenMove):
        back.ended(at("2026-08-24T10:06"))
    late = rest.ended(at("2026-08-24T10:40"))
    assert late.until == at("2026-08-24T10:15")


def test_a_clock_that_jumps_back_takes_an_absence_back_altogether() -> None:
    rest = absence(LAN, at("2026-08-24T10:00"), at("2026-08-24T10:15")).ended(at("2026-08-24T09:05"))
    assert rest.until == rest.start_at
    assert not rest.active(at("2026-08-24T10:00"))
    assert spans(roster(rest), LAN, "2026-08-24T08:00", "2026-08-24T11:00") == [("24 08:00", "24 11:00")]


def test_an_absence_takes_the_place_of_the_one_with_its_id() -> None:
    first = absence(LAN, at("2026-08-24T10:00"), at("2026-08-24T10:15"), id=7)
    moved = absence(LAN, at("2026-08-24T11:00"), at("2026-08-24T11:15"), id=7)
    fresh = absence(LAN, at("2026-08-24T09:00"), at("2026-08-24T09:15"))
    some = roster(first).with_absence(moved).with_absence(fresh).with_absence(fresh)
    assert some.absences == (moved, fresh, fresh)
    assert some.without_absence(7).without_absence(0).absences == (fresh, fresh)


@st.composite
def day_blocks(draw: st.DrawFn) -> Block:
    start = draw(st.integers(0, DAY - 1))
    return Block(start, start + draw(st.sampled_from([30, 60, 240, 480, 719, 1440])))


@st.composite
def rosters(draw: st.DrawFn, zone: ZoneInfo, base: date, people: int = 1) -> Roster:
    """Shifts may overlap here, as no check stands before them: the sums must hold all the same."""
    staff, days = st.integers(1, people), st.integers(-2, 6).map(lambda n: base + timedelta(days=n))
    shifts = draw(
        st.lists(
            st.builds(
                Shift,
                id=st.just(0),
                staff_id=staff,
                weekday=st.integers(0, 6),
                block=day_blocks(),
                valid_from=st.one_of(st.just(LONG_AGO), days),
                valid_to=st.one_of(st.none(), days),
            ),
            max_size=6 * people,
        )
    )
    single = st.builds(
        DayException, id=st.just(0), staff_id=staff, day=days, blocks=st.lists(day_blocks(), max_size=2).map(tuple)
    )
    exceptions = draw(st.lists(single, max_size=3, unique_by=lambda one: (one.staff_id, one.day)))
    return Roster(zone, tuple(shifts), tuple(exceptions), tuple(draw(st.lists(absences(base, people), max_size=4))))


@st.composite
def absences(draw: st.DrawFn, base: date, people: int = 1) -> Absence:
    start = datetime(base.year, base.month, base.day, tzinfo=UTC) + timedelta(minutes=draw(st.integers(-DAY, 5 * DAY)))
    rest = Absence(
        id=0,
        staff_id=draw(st.integers(1, people)),
        kind=draw(st.sampled_from(AbsenceKind)),
        start_at=start,
        end_at=start + timedelta(minutes=draw(st.sampled_from([15, 45, 600, 3000]))),
        cover_id=draw(st.one_of(st.none(), st.integers(1, people))),
    )
    return rest.ended(start + timedelta(minutes=draw(st.integers(-60, 90)))) if draw(st.booleans()) else rest


# A quiet week, and both changes of the clocks.
WEEKS = [(HANOI, date(2026, 8, 24)), (BERLIN, date(2026, 3, 27)), (BERLIN, date(2026, 10, 23))]


@given(st.sampled_from(WEEKS), st.data())
def test_working_time_minute_by_minute(week: tuple[ZoneInfo, date], data: st.DataObject) -> None:
    some = data.draw(rosters(*week))
    minutes = Minutes(datetime(week[1].year, week[1].month, week[1].day, tzinfo=UTC), 5)
    found = some.working(1, minutes.base, minutes.end)
    assert minutes.of_all(found) == minutes.worked(some, 1)
    assert all(first[1] < second[0] for first, second in pairwise(found))
    assert minutes.of_all(some.planned(1, minutes.base, minutes.end)) == minutes.planned(some, 1)


@given(st.sampled_from(WEEKS), st.data())
def test_the_shift_at_a_moment_minute_by_minute(week: tuple[ZoneInfo, date], data: st.DataObject) -> None:
    some = data.draw(rosters(*week))
    minutes = Minutes(datetime(week[1].year, week[1].month, week[1].day, tzinfo=UTC), 9)
    on_shift = minutes.planned(some, 1) & ~minutes.absent(some, 1, [AbsenceKind.LEAVE])
    minute = data.draw(st.integers(0, 4 * DAY))
    moment = minutes.base + timedelta(minutes=minute)

    def first(found: int) -> datetime:
        """The first minute of a set that is later than the moment; the end of the window where there is none."""
        later = found >> minute + 1
        return moment + timedelta(minutes=(later & -later).bit_length()) if later else minutes.end

    here = bool(on_shift >> minute & 1)
    assert some.rostered(1, moment) is here
    end, following = some.shift_end(1, moment), some.next_start(1, moment)
    assert (end is not None) is here
    assert min(end or minutes.end, minutes.end) == (first(minutes.all & ~on_shift) if here else minutes.end)
    assert min(following or minutes.end, minutes.end) == first(on_shift & ~(on_shift << 1))


def test_what_a_roster_remembers_it_finds_the_same_in_any_order() -> None:
    away = absence(LAN, at("2026-08-25T10:00"), at("2026-08-26T12:00"), AbsenceKind.LEAVE)
    known = roster(away, exceptions=(day_off(MINH, "2026-08-27"),))
    for step in range(0, 2_000 * 37, 37):
        moment = at("2026-08-24T00:00") + timedelta(minutes=step * 7 % (10 * DAY))
        fresh = roster(away, exceptions=(day_off(MINH, "2026-08-27"),))
        for one in (LAN, MINH, HOA):
            assert known.shift_end(one, moment) == fresh.shift_end(one, moment), (one, moment)
            assert known.unchanged_until(one, moment) > moment
    assert known == roster(away, exceptions=(day_off(MINH, "2026-08-27"),))
