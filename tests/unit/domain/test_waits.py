"""Wait estimates: friendly, honest with little data, scaled by the queue, and told again only when it matters."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.waits import (
    FRIENDLY,
    IN_MINUTES,
    MINUTE,
    RELIEF,
    SECOND,
    Estimate,
    Past,
    changed_much,
    estimate,
    people_until_served,
)

TWELVE = timedelta(minutes=12)


def span(low: float, high: float) -> Estimate:
    return Estimate(low=timedelta(minutes=low), high=timedelta(minutes=high))


def waits(*minutes: float, ahead: int = 2, serving: int = 3, at_once: bool = False) -> list[Past]:
    return [Past(ahead=ahead, serving=serving, waited=one * MINUTE, at_once=at_once) for one in minutes]


def told(
    past: list[Past], ahead: int = 2, serving: int = 3, *, at_once: bool = False, relief: timedelta | None = None
) -> Estimate:
    found = estimate(past, ahead, serving, TWELVE, at_once=at_once, relief=relief)
    assert found is not None
    return found


@pytest.mark.parametrize("serving", [0, -1])
def test_nobody_serves_so_no_range(serving: int) -> None:
    assert estimate(waits(5, 6), 3, serving, TWELVE) is None


def test_without_experience_it_follows_from_the_handling_time() -> None:
    few, many = told([], 2), told([], 20)
    assert few.low <= TWELVE <= few.high
    assert many.low <= 7 * TWELVE <= many.high
    assert many.high > few.high
    assert told([], 2, 12).high < few.high


def test_the_range_holds_four_in_five_of_what_was_seen_and_no_more_than_needed() -> None:
    seen = told(waits(*([9, 10, 11, 12] * 50)))
    assert seen == span(8, 12)
    assert told(waits(*([9, 10, 11, 12] * 45), *([60] * 10), *([10] * 20))) == seen, "a few odd days stretch nothing"


def test_experience_scales_with_the_place_in_the_queue_and_the_people() -> None:
    past = waits(*([10] * 100), ahead=1, serving=2)
    assert told(past, 3, 4).high <= 12 * MINUTE
    assert told(past, 3, 2).low >= 15 * MINUTE


def test_a_free_person_is_another_matter_than_a_queue() -> None:
    past = waits(*([0.4] * 60), ahead=0, at_once=True) + waits(*([15] * 60), ahead=0)
    assert told(past, 0, at_once=True) == Estimate(low=20 * SECOND, high=25 * SECOND)
    assert told(past, 0).low >= 10 * MINUTE


def test_a_free_person_is_told_of_in_seconds_also_before_anything_was_seen() -> None:
    found = told([], at_once=True)
    assert found.high <= MINUTE
    assert told([], 9, 1, at_once=True) == found, "who else waits is no matter"


def test_others_who_stand_in_end_a_queue_however_long_it_is() -> None:
    relief = 5 * MINUTE
    crowded = waits(*([40] * 60), ahead=5, serving=1)
    assert told(crowded, 5, 1).low >= 30 * MINUTE
    assert told(crowded, 5, 1, relief=relief) == span(5, 6)
    quick = waits(*([2, 3] * 30), ahead=0, serving=1)
    assert told(quick, 0, 1, relief=relief) == told(quick, 0, 1), "who is quicker than the others' help stays so"
    assert told([], 30, 1, relief=relief).high <= relief + RELIEF
    assert told(quick, 0, 1, at_once=True, relief=relief) == told(quick, 0, 1, at_once=True)


def test_what_happened_lately_counts_most() -> None:
    slower = told(waits(*([4] * 50), *([30] * 150)))
    assert slower.low >= 15 * MINUTE
    assert told(waits(*([4] * 1000), *([30] * 200))) == told(waits(*([30] * 200))), "old waits are forgotten"


def test_days_of_waiting_are_told_as_a_day() -> None:
    assert told(waits(*([9000] * 200))).high == timedelta(days=1)


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 9), st.floats(0, 5000), st.booleans()), max_size=60),
    st.integers(-1, 200),
    st.integers(1, 40),
    st.floats(0, 600),
    st.booleans(),
)
def test_any_experience_gives_a_friendly_range(
    past: list[tuple[int, int, float, bool]], ahead: int, serving: int, handling: float, at_once: bool
) -> None:
    seen = [Past(ahead=a, serving=s, waited=w * MINUTE, at_once=o) for a, s, w, o in past]
    found = estimate(seen, ahead, serving, handling * MINUTE, at_once=at_once)
    assert found is not None
    assert timedelta() <= found.low < found.high
    assert {found.low / SECOND, found.high / SECOND} <= set(FRIENDLY if at_once else IN_MINUTES)


@pytest.mark.parametrize(
    ("old", "new", "tell"),
    [
        (span(5, 10), span(5, 10), False),
        (span(5, 10), span(10, 15), True),
        (span(5, 10), span(6, 12), False),
        (span(1, 2), span(3, 5), False),
        (span(10, 20), span(20, 25), False),
        (span(10, 20), span(25, 30), True),
        (span(20, 30), span(5, 10), True),
        (span(20, 30), span(15, 20), False),
        (span(40, 60), span(50, 75), False),
        (span(40, 60), span(50, 90), True),
    ],
)
def test_only_a_change_that_matters_is_told(old: Estimate, new: Estimate, tell: bool) -> None:
    assert changed_much(old, new) is tell


def test_time_that_passes_is_no_change() -> None:
    left = span(10, 20).after(12 * MINUTE)
    assert left == span(0, 8)
    assert not changed_much(left, span(3, 8))
    assert span(5, 10).after(timedelta(hours=1)) == span(0, 0)


@pytest.mark.parametrize(
    ("coming", "ahead", "people"),
    [
        ([(0, 3)], 5, 3),
        ([(0, 4), (30, 2)], 0, 4),
        ([(0, 4), (12, 2)], 11, 2),  # 48 of 144 person-minutes before the others go, 96 at two: an hour for 144
        ([(0, 2), (12, 6)], 9, 4),
        ([(0, 2), (12, 0), (72, 2)], 5, 1),  # an hour without anybody is part of the wait
        ([(0, 2), (12, 0)], 1, 2),
        ([(0, 2), (12, 0)], 2, 0),
        ([(0, 0), (60, 2)], 0, 1),
        ([(0, 0)], 0, 0),
        ([], 0, 0),
    ],
)
def test_the_roster_of_the_coming_hours_says_who_serves(coming: list[tuple[int, int]], ahead: int, people: int) -> None:
    assert people_until_served([(start * MINUTE, count) for start, count in coming], ahead, TWELVE) == people


def test_who_is_served_at_once_waits_for_nobody_whoever_is_asked_beside_them() -> None:
    mixed = [Past(ahead=number % 4, serving=1 + number % 3, waited=MINUTE, at_once=True) for number in range(40)]
    past = mixed + waits(*([30] * 40), ahead=2, serving=1)
    found = {told(past, ahead, serving, at_once=True) for ahead in (0, 3) for serving in (1, 4)}
    assert len(found) == 1
    assert found.pop().high <= 3 * MINUTE
    assert told(past, 2, 1).high >= 30 * MINUTE
