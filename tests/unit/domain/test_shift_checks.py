"""What may not enter a roster, each with the field and the words that people read."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.company import Breaks
from bot.domain.errors import Invalid
from bot.domain.hours import DAY, Block
from bot.domain.shift_checks import checked_absence, checked_exception, checked_shift, parsed_block
from bot.domain.shifts import Absence, AbsenceKind, DayException, Roster, Shift
from tests.unit.domain.roster_world import HANOI, LONG_AGO, absence, at, day_off, every_day, shift

LAN, MINH = 1, 2
LEAVE = AbsenceKind.LEAVE
NOW = at("2026-08-24T09:00")
EXISTING = (
    *every_day(LAN, "08:00-12:00"),
    shift(LAN, 5, "22:00-06:00+1"),
    shift(LAN, 2, "18:00-20:00", number=9, since=date(2026, 9, 1), until=date(2026, 9, 30)),
)


def refused(error: pytest.ExceptionInfo[Invalid]) -> tuple[str, str]:
    return error.value.field, error.value.reason


@pytest.mark.parametrize(
    ("new", "field", "words"),
    [
        (shift(LAN, 0, "11:59-13:00"), "block", "chồng lên ca 08:00-12:00"),
        (shift(LAN, 0, "06:00-20:00"), "block", "ngày 06/01/2020 chồng lên"),
        (shift(LAN, 6, "05:00-09:00"), "block", "chồng lên ca 22:00-06:00+1"),
        (shift(LAN, 4, "20:00-09:00+1"), None, ""),
        (shift(LAN, 6, "23:00-08:01+1"), "block", "chồng lên ca 08:00-12:00"),
        (shift(LAN, 6, "06:00-09:00"), None, ""),
        (shift(LAN, 0, "12:00-13:00"), None, ""),
        (shift(MINH, 0, "08:00-12:00"), None, ""),
        (shift(LAN, 2, "19:00-21:00", number=9), None, ""),
        (shift(LAN, 2, "19:00-21:00"), "block", "ngày 02/09/2026 chồng lên ca 18:00-20:00"),
        (shift(LAN, 2, "19:00-21:00", until=date(2026, 9, 1)), None, ""),
        (shift(LAN, 2, "19:00-21:00", since=date(2026, 10, 1)), None, ""),
        (shift(LAN, 0, "18:00-19:00", since=date(2026, 9, 2), until=date(2026, 9, 1)), "valid_to", "trước ngày đầu"),
        (shift(LAN, 0, "18:00-19:00", since=date(2026, 9, 1), until=date(2026, 9, 5)), "valid_to", "không có ngày nào"),
        (shift(LAN, 7, "18:00-19:00"), "weekday", "thứ Hai"),
    ],
)
def test_a_shift_among_others(new: Shift, field: str | None, words: str) -> None:
    if field is None:
        assert checked_shift(new, EXISTING) is new
        return
    with pytest.raises(Invalid) as error:
        checked_shift(new, EXISTING)
    assert refused(error)[0] == field
    assert words in refused(error)[1]


def test_a_night_and_the_day_after_clash_on_their_only_common_day() -> None:
    first_day = shift(LAN, 2, "06:00-10:00", since=date(2026, 9, 2), until=date(2026, 9, 2))
    night = shift(LAN, 1, "22:00-07:00+1", until=date(2026, 9, 1))
    with pytest.raises(Invalid, match="ngày 01/09/2026"):
        checked_shift(night, [first_day])
    with pytest.raises(Invalid, match="ngày 02/09/2026"):
        checked_shift(first_day, [night])
    before = shift(LAN, 1, "22:00-07:00+1", until=date(2026, 8, 31))
    assert checked_shift(before, [first_day]) is before


@pytest.mark.parametrize("text", ["12:00-08:00", "08:00-08:00", "8 giờ", ""])
def test_hours_that_cannot_be_meant(text: str) -> None:
    with pytest.raises(Invalid) as error:
        parsed_block(text)
    assert refused(error)[0] == "block"
    assert parsed_block("22:00-06:00+1") == Block(1320, DAY + 360)


ROSTER = Roster(HANOI, EXISTING, (day_off(LAN, "2026-08-27", "13:00-15:00"),))


@pytest.mark.parametrize(
    ("new", "field", "words"),
    [
        (day_off(LAN, "2026-08-27"), "day", "27/08/2026 đã có lịch riêng"),
        (day_off(LAN, "2026-08-25", "08:00-12:00", "11:00-13:00"), "blocks", "chồng lên nhau"),
        (day_off(LAN, "2026-08-30", "05:30-09:00"), "blocks", "ca hôm trước"),
        (day_off(LAN, "2026-08-30", "22:00-09:00+1"), "blocks", "ca hôm sau"),
        (day_off(LAN, "2026-08-26", "23:00-14:00+1"), "blocks", "ca hôm sau (13:00-15:00)"),
        (day_off(LAN, "2026-08-26", "23:00-13:00+1"), None, ""),
        (day_off(LAN, "2026-08-30", "06:00-09:00"), None, ""),
        (day_off(LAN, "2026-08-24"), None, ""),
        (day_off(MINH, "2026-08-27"), None, ""),
    ],
)
def test_an_exception_among_shifts(new: DayException, field: str | None, words: str) -> None:
    if field is None:
        assert checked_exception(new, ROSTER) is new
        return
    with pytest.raises(Invalid) as error:
        checked_exception(new, ROSTER)
    assert refused(error)[0] == field
    assert words in refused(error)[1]


def test_an_exception_may_be_changed() -> None:
    stored = DayException(id=3, staff_id=LAN, day=date(2026, 8, 25))
    changed = DayException(id=3, staff_id=LAN, day=date(2026, 8, 25), note="nửa ngày")
    assert checked_exception(changed, Roster(HANOI, EXISTING, (stored,))) is changed


TAKEN = (
    absence(LAN, at("2026-08-24T10:00"), at("2026-08-24T10:15"), id=4),
    absence(LAN, at("2026-08-26T00:00"), at("2026-08-28T00:00"), LEAVE, id=5),
    absence(LAN, at("2026-08-24T08:30"), at("2026-08-24T09:30"), id=6).ended(at("2026-08-24T08:45")),
)


def new(start: str, end: str, kind: AbsenceKind = AbsenceKind.BREAK, **more: object) -> Absence:
    return absence(LAN, at(start), at(end), kind, **more)


@pytest.mark.parametrize(
    ("absence", "field", "words"),
    [
        (new("2026-08-24T11:00", "2026-08-24T11:00"), "end_at", "sau giờ bắt đầu"),
        (new("2026-08-24T11:00", "2026-08-24T10:00"), "end_at", "sau giờ bắt đầu"),
        (new("2026-08-24T08:50", "2026-08-24T09:20"), "start_at", "đã qua"),
        (new("2026-08-24T08:59", "2026-08-24T09:20"), None, ""),
        (new("2026-08-23T08:59", "2026-08-25T09:00", LEAVE), "start_at", "đã qua"),
        (new("2026-08-23T22:00", "2026-08-24T08:00", LEAVE), "start_at", "đã qua"),
        (new("2026-08-23T22:00", "2026-08-24T08:30", LEAVE), "start_at", "đã qua"),
        (new("2026-08-24T11:00", "2026-08-24T12:01"), "end_at", "dài nhất 60 phút"),
        (new("2026-08-24T11:00", "2026-08-24T12:00"), None, ""),
        (new("2026-08-24T11:00", "2026-08-25T12:00", LEAVE), None, ""),
        (new("2026-09-01T11:00", "2027-10-01T12:00", LEAVE), "end_at", "dài hơn một năm"),
        (new("2026-08-24T11:00", "2026-08-24T11:30", cover_id=LAN), "cover_id", "tự trực thay"),
        (new("2026-08-24T10:10", "2026-08-24T10:30"), "start_at", "chồng lên"),
        (new("2026-08-24T10:10", "2026-08-24T10:30", id=4), None, ""),
        (new("2026-08-24T10:15", "2026-08-24T10:30"), None, ""),
        (new("2026-08-24T09:15", "2026-08-24T09:45"), None, ""),
        (new("2026-08-25T12:00", "2026-08-26T12:00", LEAVE), "start_at", "chồng lên"),
        (absence(MINH, at("2026-08-24T10:10"), at("2026-08-24T10:30")), None, ""),
    ],
)
def test_an_absence_among_others(absence: Absence, field: str | None, words: str) -> None:
    if field is None:
        assert checked_absence(absence, TAKEN, NOW, Breaks()) is absence
        return
    with pytest.raises(Invalid) as error:
        checked_absence(absence, TAKEN, NOW, Breaks())
    assert refused(error)[0] == field
    assert words in refused(error)[1]


def test_leave_may_be_entered_after_the_night_in_which_somebody_fell_ill() -> None:
    ill = absence(MINH, at("2026-08-23T22:00"), at("2026-08-25T06:00"), LEAVE)
    assert checked_absence(ill, TAKEN, NOW, Breaks()) is ill


def test_the_business_says_how_long_a_break_is() -> None:
    long = new("2026-08-24T11:00", "2026-08-24T12:30")
    assert checked_absence(long, TAKEN, NOW, Breaks(longest_minutes=90)) is long


def test_a_clock_set_back_by_an_hour_leaves_a_break_of_now_valid() -> None:
    rest = new("2026-08-24T10:30", "2026-08-24T11:00")
    assert checked_absence(rest, TAKEN, at("2026-08-24T09:30"), Breaks()) is rest


days = st.integers(0, 20).map(lambda n: date(2026, 8, 24) + timedelta(days=n))
some_shifts = st.builds(
    lambda weekday, start, length, since, until: Shift(
        id=0, staff_id=LAN, weekday=weekday, block=Block(start, start + length), valid_from=since, valid_to=until
    ),
    st.integers(0, 6),
    st.integers(0, DAY - 1),
    st.sampled_from([60, 480, 900, DAY]),
    st.one_of(st.just(LONG_AGO), days),
    st.one_of(st.none(), days),
)


def minutes_of(one: Shift) -> set[int]:
    """Minutes of six weeks, counted on the wall, in which a shift is worked."""
    found: set[int] = set()
    for n in range(-7, 35):
        day = date(2026, 8, 24) + timedelta(days=n)
        if day.weekday() == one.weekday and one.valid_from <= day <= (one.valid_to or date.max):
            found |= set(range(n * DAY + one.block.start, n * DAY + one.block.end))
    return found


@given(some_shifts, some_shifts)
def test_two_shifts_clash_where_they_share_a_minute(first: Shift, second: Shift) -> None:
    assume(minutes_of(first) and minutes_of(second))
    if minutes_of(first) & minutes_of(second):
        with pytest.raises(Invalid, match="chồng lên"):
            checked_shift(second, [first])
    else:
        assert checked_shift(second, [first]) is second
