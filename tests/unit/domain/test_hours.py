"""Opening hours: tables for the cases a calendar gets wrong, properties for the sums."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.hours import DAY, BadBlock, Block, NeverOpen, OpeningHours, overlap

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
BERLIN = ZoneInfo("Europe/Berlin")


def blocks(*texts: str) -> tuple[Block, ...]:
    return tuple(Block.parse(text) for text in texts)


SHOP = OpeningHours(
    HANOI,
    (*[blocks("08:00-12:00", "13:00-17:00")] * 5, blocks("08:00-12:00"), ()),
    {date(2026, 9, 2): "Quốc khánh", date(2026, 9, 1): "Quốc khánh"},
)
NIGHT = OpeningHours(HANOI, (blocks("22:00-06:00+1"),) * 7)


def at(text: str) -> datetime:
    """A moment in Hà Nội; 2026-08-24 is a Monday."""
    return datetime.fromisoformat(text).replace(tzinfo=HANOI)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-08-24T07:59", False),
        ("2026-08-24T08:00", True),
        ("2026-08-24T11:59", True),
        ("2026-08-24T12:00", False),
        ("2026-08-24T12:30", False),
        ("2026-08-24T16:59", True),
        ("2026-08-24T17:00", False),
        ("2026-08-29T13:30", False),
        ("2026-08-30T09:00", False),
        ("2026-09-02T09:00", False),
    ],
)
def test_is_open(moment: str, expected: bool) -> None:
    assert SHOP.is_open(at(moment)) is expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-08-24T09:15", "2026-08-24T09:15"),
        ("2026-08-24T06:00", "2026-08-24T08:00"),
        ("2026-08-24T12:00", "2026-08-24T13:00"),
        ("2026-08-24T17:00", "2026-08-25T08:00"),
        ("2026-08-29T12:00", "2026-08-31T08:00"),
        ("2026-08-31T17:00", "2026-09-03T08:00"),
    ],
)
def test_next_opening(moment: str, expected: str) -> None:
    assert SHOP.next_opening(at(moment)) == at(expected)


@pytest.mark.parametrize(
    ("moment", "minutes", "expected"),
    [
        ("2026-08-24T08:00", 60, "2026-08-24T09:00"),
        ("2026-08-24T11:30", 30, "2026-08-24T12:00"),
        ("2026-08-24T11:30", 31, "2026-08-24T13:01"),
        ("2026-08-24T16:30", 60, "2026-08-25T08:30"),
        ("2026-08-29T11:00", 120, "2026-08-31T09:00"),
        ("2026-08-31T16:00", 480, "2026-09-03T16:00"),
        ("2026-08-30T03:00", 0, "2026-08-31T08:00"),
        ("2026-08-24T08:00", 44 * 60, "2026-08-29T12:00"),
    ],
)
def test_add_open_time(moment: str, minutes: int, expected: str) -> None:
    assert SHOP.add_open_time(at(moment), minutes) == at(expected)


def test_night_block_belongs_to_the_day_it_starts_on() -> None:
    assert NIGHT.is_open(at("2026-08-24T23:00"))
    assert NIGHT.is_open(at("2026-08-25T05:59"))
    assert not NIGHT.is_open(at("2026-08-25T06:00"))
    assert NIGHT.add_open_time(at("2026-08-24T23:00"), 8 * 60) == at("2026-08-25T23:00")


def test_in_the_small_hours_the_night_before_counts() -> None:
    assert NIGHT.next_opening(at("2026-08-25T03:00")) == at("2026-08-25T03:00")
    assert NIGHT.next_closing(at("2026-08-25T03:00")) == at("2026-08-25T06:00")
    assert NIGHT.add_open_time(at("2026-08-25T05:00"), 90) == at("2026-08-25T22:30")


def test_night_before_a_holiday_is_still_worked() -> None:
    hours = OpeningHours(HANOI, NIGHT.weekly, {date(2026, 9, 2): "Quốc khánh"})
    assert hours.is_open(at("2026-09-02T03:00"))
    assert not hours.is_open(at("2026-09-02T23:00"))
    assert hours.holiday(at("2026-09-02T03:00")) == "Quốc khánh"
    assert hours.holiday(at("2026-09-03T03:00")) is None


def test_round_the_clock_is_one_stretch() -> None:
    always = OpeningHours.always(HANOI)
    assert always.is_open(at("2026-09-02T00:00"))
    assert always.add_open_time(at("2026-08-24T23:59"), 3 * DAY) == at("2026-08-27T23:59")
    assert always.next_closing(at("2026-08-24T12:00")) is None


def test_a_shop_says_when_it_closes() -> None:
    assert SHOP.next_closing(at("2026-08-24T09:00")) == at("2026-08-24T12:00")
    assert SHOP.next_closing(at("2026-08-24T12:30")) == at("2026-08-24T17:00")


def test_the_last_evening_before_endless_holidays_still_ends() -> None:
    class EverSince:
        def get(self, day: date, /) -> str | None:
            return "nghỉ" if day > date(2026, 8, 25) else None

    hours = OpeningHours(HANOI, SHOP.weekly, EverSince())
    assert hours.next_closing(at("2026-08-25T14:00")) == at("2026-08-25T17:00")
    night = OpeningHours(HANOI, NIGHT.weekly, EverSince())
    assert night.next_closing(at("2026-08-25T23:00")) == at("2026-08-26T06:00")
    with pytest.raises(NeverOpen):
        hours.next_closing(at("2026-08-25T17:00"))


def test_open_stretches_are_cut_at_both_ends() -> None:
    assert list(SHOP.stretches(at("2026-08-24T09:00"), at("2026-08-24T14:00"))) == [
        (at("2026-08-24T09:00"), at("2026-08-24T12:00")),
        (at("2026-08-24T13:00"), at("2026-08-24T14:00")),
    ]
    assert list(SHOP.stretches(at("2026-08-24T14:00"), at("2026-08-24T09:00"))) == []
    assert SHOP.open_minutes(at("2026-08-24T14:00"), at("2026-08-24T09:00")) == 0


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        # 2026-03-29: 02:00 becomes 03:00, so the night is an hour shorter; 2026-10-25: an hour longer.
        ("2026-03-28T22:00", "2026-03-29T07:00"),
        ("2026-10-24T22:00", "2026-10-25T05:00"),
    ],
)
def test_clock_changes_change_the_length_of_the_night(start: str, expected: str) -> None:
    hours = OpeningHours.always(BERLIN)
    begin = datetime.fromisoformat(start).replace(tzinfo=BERLIN)
    assert hours.add_open_time(begin, 8 * 60) == datetime.fromisoformat(expected).replace(tzinfo=BERLIN)


def test_a_block_inside_the_skipped_hour_has_no_length() -> None:
    hours = OpeningHours(BERLIN, (*[()] * 6, blocks("02:10-02:50", "10:00-11:00")))
    sunday = datetime(2026, 3, 29, 0, 0, tzinfo=BERLIN)
    assert hours.open_minutes(sunday, sunday + timedelta(days=1)) == pytest.approx(60, abs=40)


@pytest.mark.parametrize("minutes", [0, 1, 10_000])
def test_never_open_is_an_error_not_a_loop(minutes: int) -> None:
    shut = OpeningHours(HANOI, ((),) * 7)
    with pytest.raises(NeverOpen):
        shut.add_open_time(at("2026-08-24T08:00"), minutes)
    with pytest.raises(NeverOpen):
        shut.next_opening(at("2026-08-24T08:00"))
    with pytest.raises(NeverOpen):
        shut.next_closing(at("2026-08-24T08:00"))
    assert not shut.is_open(at("2026-08-24T08:00"))


def test_every_day_a_holiday_ends_too() -> None:
    class Everyday:
        def get(self, day: date, /) -> str | None:
            return f"{day:%d/%m}"

    with pytest.raises(NeverOpen):
        OpeningHours(HANOI, SHOP.weekly, Everyday()).next_opening(at("2026-08-24T08:00"))


def test_more_minutes_than_the_horizon_holds() -> None:
    with pytest.raises(NeverOpen):
        SHOP.add_open_time(at("2026-08-24T08:00"), 10**9)


def test_naive_time_and_negative_minutes_are_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        SHOP.is_open(datetime(2026, 8, 24, 8, 0))  # noqa: DTZ001
    with pytest.raises(ValueError, match="negative"):
        SHOP.add_open_time(at("2026-08-24T08:00"), -1)
    with pytest.raises(ValueError, match="seven days"):
        OpeningHours(HANOI, ((),))


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("08:00-12:00", 480, 720),
        ("8h30 - 12h00", 510, 720),
        ("00:00-24:00", 0, DAY),
        ("22:00-06:00+1", 1320, DAY + 360),
    ],
)
def test_block_text(text: str, start: int, end: int) -> None:
    block = Block.parse(text)
    assert (block.start, block.end) == (start, end)
    assert Block.parse(str(block)) == block


@pytest.mark.parametrize(
    "text",
    ["", "8-12", "08:00", "12:00-08:00", "08:00-08:00", "25:00-26:00", "24:30-24:40", "08:00-09:00+1", "24:00-24:00"],
)
def test_blocks_that_cannot_be_meant(text: str) -> None:
    with pytest.raises(BadBlock):
        Block.parse(text)


def test_overlap_names_the_two() -> None:
    assert overlap(blocks("08:00-12:00", "12:00-13:00")) is None
    assert overlap(blocks("10:00-11:00", "08:00-10:30")) == tuple(blocks("08:00-10:30", "10:00-11:00"))


@st.composite
def calendars(draw: st.DrawFn) -> OpeningHours:
    """A week that opens at least once, in a zone with or without clock changes, with a few holidays."""
    week = []
    for _ in range(7):
        edges = sorted(draw(st.sets(st.integers(0, DAY - 1), max_size=6)))
        week.append(tuple(Block(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False)))
    # Within the two years of the horizon the door must be open longer than any sum below asks for.
    if sum(block.end - block.start for day in week for block in day) < 200:
        week[0] = (Block(480, 1020),)
    free = draw(st.sets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=5))
    return OpeningHours(draw(st.sampled_from([HANOI, BERLIN])), tuple(week), dict.fromkeys(free, "nghỉ"))


moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
minutes = st.integers(0, 5_000)


@given(calendars(), moments)
def test_the_next_opening_is_open_and_nothing_before_it_is(hours: OpeningHours, moment: datetime) -> None:
    opening = hours.next_opening(moment)
    assert opening >= moment
    assert hours.is_open(opening)
    assert hours.open_minutes(moment, opening) == 0


@given(calendars(), moments, minutes)
def test_the_time_added_is_the_time_that_passed(hours: OpeningHours, moment: datetime, amount: int) -> None:
    assert hours.open_minutes(moment, hours.add_open_time(moment, amount)) == pytest.approx(amount)


@given(calendars(), moments, minutes, st.integers(1, 5_000))
def test_two_sums_are_one_sum(hours: OpeningHours, moment: datetime, first: int, second: int) -> None:
    assert hours.add_open_time(hours.add_open_time(moment, first), second) == hours.add_open_time(
        moment, first + second
    )


@given(calendars(), moments, minutes, st.timedeltas(timedelta(0), timedelta(days=9)))
def test_later_starts_end_later(hours: OpeningHours, moment: datetime, amount: int, gap: timedelta) -> None:
    assert hours.add_open_time(moment + gap, amount) >= hours.add_open_time(moment, amount)


@given(calendars(), moments)
def test_closing_follows_opening(hours: OpeningHours, moment: datetime) -> None:
    closing = hours.next_closing(moment)
    assert closing is not None
    assert closing > hours.next_opening(moment)
    assert not hours.is_open(closing)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-08-24T06:00", "2026-08-24T08:00"),
        ("2026-08-24T08:00", "2026-08-24T12:00"),
        ("2026-08-24T12:00", "2026-08-24T13:00"),
        ("2026-08-24T17:00", "2026-08-25T08:00"),
        # Nothing happens within a day: Sunday, and two holidays in a row.
        ("2026-08-29T12:00", "2026-08-30T12:00"),
        ("2026-08-31T17:00", "2026-09-01T17:00"),
    ],
)
def test_the_next_time_a_door_moves(moment: str, expected: str) -> None:
    assert SHOP.unchanged_until(at(moment), at(moment) + timedelta(days=1)) == at(expected)
