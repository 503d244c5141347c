"""Sums of stretches of time: half-open pairs of UTC moments, in order, apart from each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

Interval = tuple[datetime, datetime]
"""From the first moment up to, but not including, the second; both in UTC."""


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """Return the stretches in order, with those that overlap or touch made one and empty ones dropped."""
    found: list[Interval] = []
    for start, end in sorted(intervals):
        if end <= start:
            continue
        if found and start <= found[-1][1]:
            if end > found[-1][1]:
                found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def minus(whole: Sequence[Interval], parts: Sequence[Interval]) -> list[Interval]:
    """Return what is left of `whole` without `parts`; both must be merged, and so is the result."""
    left: list[Interval] = []
    index = 0
    for start, end in whole:
        begin = start
        while index < len(parts) and parts[index][1] <= begin:
            index += 1
        at = index
        while at < len(parts) and parts[at][0] < end:
            if parts[at][0] > begin:
                left.append((begin, parts[at][0]))
            begin = parts[at][1]
            at += 1
        if begin < end:
            left.append((begin, end))
    return left


def common(first: Sequence[Interval], second: Sequence[Interval]) -> list[Interval]:
    """Return what lies in both; both must be merged, and so is the result."""
    return minus(first, minus(first, second))


def clipped(intervals: Iterable[Interval], start: datetime, end: datetime) -> list[Interval]:
    """Return the stretches as far as they lie between two moments."""
    found: list[Interval] = []
    for low, high in intervals:
        cut = (low if low > start else start, high if high < end else end)
        if cut[0] < cut[1]:
            found.append(cut)
    return found
