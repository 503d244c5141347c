"""Sums of stretches of time, held against sets of single minutes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.intervals import Interval, clipped, common, merged, minus

BASE = datetime(2026, 8, 24, tzinfo=UTC)


def stretch(start: int, end: int) -> Interval:
    return BASE + timedelta(minutes=start), BASE + timedelta(minutes=end)


def minutes(intervals: list[Interval]) -> set[int]:
    return {
        minute
        for start, end in intervals
        for minute in range(int((start - BASE).total_seconds() // 60), int((end - BASE).total_seconds() // 60))
    }


stretches = st.lists(st.builds(stretch, st.integers(0, 60), st.integers(0, 60)), max_size=8)


def apart(intervals: list[Interval]) -> bool:
    return all(start < end for start, end in intervals) and all(a[1] < b[0] for a, b in pairwise(intervals))


def test_touching_stretches_become_one_and_empty_ones_go() -> None:
    assert merged([stretch(10, 20), stretch(0, 10), stretch(30, 30), stretch(40, 35)]) == [stretch(0, 20)]
    assert minus([stretch(0, 20)], [stretch(0, 20)]) == []
    assert minus([stretch(0, 20)], [stretch(5, 6), stretch(19, 30)]) == [stretch(0, 5), stretch(6, 19)]


@given(stretches, stretches, st.integers(0, 60), st.integers(0, 60))
def test_sums_are_those_of_sets_of_minutes(first: list[Interval], second: list[Interval], low: int, high: int) -> None:
    one, two = merged(first), merged(second)
    assert minutes(one) == minutes(first)
    assert apart(one)
    assert minutes(minus(one, two)) == minutes(one) - minutes(two)
    assert apart(minus(one, two))
    assert minutes(common(one, two)) == minutes(one) & minutes(two)
    assert minutes(clipped(one, *stretch(low, high))) == minutes(one) & set(range(low, high))
