"""Opening-hours arithmetic: when a door is open, when it opens next, and what "90 open minutes from now" means.

Everything takes and returns aware datetimes. Blocks are written in the wall time of the zone; sums are done in UTC, so
a day on which the clocks change is 23 or 25 hours long, as it is for the people standing at the door.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise
from typing import Protocol

DAY = 24 * 60
HORIZON_DAYS = 732
"""How far any search looks ahead: two years. Beyond it a calendar that never opens would be searched for ever."""

_BLOCK = re.compile(r"^([01]?\d|2[0-4])[:h]([0-5]\d)\s*[-–]\s*([01]?\d|2[0-4])[:h]([0-5]\d)(\s*\+1)?$")


class Holidays(Protocol):
    """Names of the days on which nothing opens. A plain dict of dates fits; so does an endless public calendar."""

    def get(self, day: date, /) -> str | None:
        """Return the name of the holiday, or None on an ordinary day."""
        ...


class NeverOpen(Exception):
    """Nothing opens within the horizon: the caller must promise without this calendar, or ask for a person."""


class BadBlock(ValueError):
    """A block of opening hours that cannot be meant; the message tells the person editing the file why."""


@dataclass(frozen=True, slots=True, order=True)
class Block:
    """A stretch of a day, in minutes after local midnight; `end` beyond 1440 reaches into the following day."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < DAY:
            raise BadBlock("giờ bắt đầu phải từ 00:00 đến 23:59")
        if self.end <= self.start:
            raise BadBlock("giờ kết thúc không sau giờ bắt đầu; ca qua nửa đêm viết thêm +1, ví dụ 22:00-06:00+1")
        if self.end - self.start > DAY:
            raise BadBlock("một khung giờ không dài quá 24 giờ")

    @classmethod
    def parse(cls, text: str) -> Block:
        """Read "08:00-12:00", "8h00-12h00", or "22:00-06:00+1" for a block that ends on the next day."""
        found = _BLOCK.match(text.strip())
        if found is None:
            raise BadBlock("khung giờ phải có dạng 08:00-12:00")
        hours_from, minutes_from, hours_to, minutes_to, next_day = found.groups()
        start = int(hours_from) * 60 + int(minutes_from)
        end = int(hours_to) * 60 + int(minutes_to)
        if max(start, end) > DAY:
            raise BadBlock("giờ muộn nhất trong ngày là 24:00")
        return cls(start, end + DAY if next_day else end)

    def __str__(self) -> str:
        """Return the block as people write it: "08:00-12:00"."""
        return f"{clock_text(self.start)}-{clock_text(self.end)}{'+1' if self.end > DAY else ''}"


def clock_text(minutes: int) -> str:
    """Write minutes after midnight as "08:05"; 1440 is written "24:00"."""
    shown = minutes if minutes <= DAY else minutes - DAY
    return f"{shown // 60:02d}:{shown % 60:02d}"


@lru_cache(maxsize=16_384)
def moment_of(zone: tzinfo, day: date, minutes: int) -> datetime:
    """Return the moment, in UTC, at which the clock on the wall shows this many minutes after midnight of the day.

    Minutes beyond 1440 belong to the following day. An hour that comes twice means the first; one that is skipped
    counts on from before the gap.
    """
    days, minute = divmod(minutes, DAY)
    wall = datetime.combine(day + timedelta(days=days), time(minute // 60, minute % 60), zone)
    return wall.astimezone(UTC)


def overlap(blocks: tuple[Block, ...]) -> tuple[Block, Block] | None:
    """Return the first two blocks of one day that share a minute."""
    for first, second in pairwise(sorted(blocks)):
        if second.start < first.end:
            return first, second
    return None


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """A weekly calendar in one time zone, with days on which nothing opens.

    `weekly` starts on Monday. A holiday removes the blocks that start on it; a night block of the evening before stays,
    as the people working it do.
    """

    zone: tzinfo
    weekly: tuple[tuple[Block, ...], ...]
    holidays: Holidays = field(default_factory=dict[date, str])

    def __post_init__(self) -> None:
        if len(self.weekly) != 7:
            raise ValueError("weekly needs seven days, Monday first")

    @classmethod
    def always(cls, zone: tzinfo) -> OpeningHours:
        """Return a calendar that is open round the clock, holidays included."""
        return cls(zone, ((Block(0, DAY),),) * 7)

    def blocks_on(self, day: date) -> tuple[Block, ...]:
        """Return the blocks that start on this local day, earliest first; none on a holiday."""
        if self.holidays.get(day) is not None:
            return ()
        return tuple(sorted(self.weekly[day.weekday()]))

    def holiday(self, at: datetime) -> str | None:
        """Return the name of the holiday on the local day of this moment."""
        return self.holidays.get(self._local(at).date())

    def is_open(self, at: datetime) -> bool:
        """Tell whether the door is open; the closing minute itself counts as closed."""
        moment = self._utc(at)
        return any(start <= moment < end for start, end in self._near(at))

    def next_opening(self, at: datetime) -> datetime:
        """Return the first moment not before `at` when the door is open: `at` itself while open. Raises NeverOpen."""
        start, _ = self._next_interval(at)
        return max(start, self._utc(at)).astimezone(self.zone)

    def next_closing(self, at: datetime) -> datetime | None:
        """Return the end of the stretch that is open at `at`, or of the next one; None if it never closes.

        "Never" is not within the horizon. Raises NeverOpen.
        """
        _, last = self._next_interval(at)
        for start, end in self._intervals(at):
            if start > last:
                break
            last = end
        # The final day that is searched may end in the middle of a night block.
        within = last < self._utc(at) + timedelta(days=HORIZON_DAYS - 3)
        return last.astimezone(self.zone) if within else None

    def unchanged_until(self, at: datetime, latest: datetime) -> datetime:
        """Return when the door next opens or closes after `at`, or `latest` where it does not before then."""
        for opens, closes in self.stretches(at, latest):
            return opens if opens > at else closes
        return latest

    def stretches(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Iterate over the open stretches between two moments, in UTC, cut at both; two that touch stay two."""
        low, high = self._utc(start), self._utc(end)
        for opens, closes in self._intervals(start) if low < high else ():
            if opens >= high:
                return
            yield max(opens, low), min(closes, high)

    def add_open_time(self, at: datetime, minutes: float) -> datetime:
        """Return the moment when the door has been open for `minutes` since `at`.

        Zero minutes is the next opening. A sum that comes out even with a closing time is that closing time, not the
        next opening: a deadline at noon is due at noon. Raises NeverOpen when the horizon is reached first.
        """
        if minutes < 0:
            raise ValueError("minutes must not be negative")
        left = timedelta(minutes=minutes)
        moment = self._utc(at)
        for start, end in self._intervals(at):
            begin = max(start, moment)
            if left <= end - begin:
                return (begin + left).astimezone(self.zone)
            left -= end - begin
        raise NeverOpen(f"not open for {minutes} minutes within {HORIZON_DAYS} days")

    def open_minutes(self, start: datetime, end: datetime) -> float:
        """Return how many minutes the door is open between two moments; 0 when they are reversed."""
        total = sum((closes - opens for opens, closes in self.stretches(start, end)), timedelta())
        return total.total_seconds() / 60

    def _next_interval(self, at: datetime) -> tuple[datetime, datetime]:
        for interval in self._intervals(at):
            return interval
        raise NeverOpen(f"never open within {HORIZON_DAYS} days")

    def _intervals(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Open stretches in UTC that end after `at`, in order and apart; two that touch stay two."""
        moment = self._utc(at)
        if not any(self.weekly):
            return
        day = self._local(at).date() - timedelta(days=1)
        reached = datetime.min.replace(tzinfo=UTC)
        for _ in range(HORIZON_DAYS):
            for start, end in self._day(day):
                begin = max(start, reached)
                if begin < end and end > moment:
                    yield begin, end
                reached = max(reached, end)
            day += timedelta(days=1)

    def _near(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        today = self._local(at).date()
        for day in (today - timedelta(days=1), today):
            yield from self._day(day)

    def _day(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        for block in self.blocks_on(day):
            start, end = moment_of(self.zone, day, block.start), moment_of(self.zone, day, block.end)
            # A block inside the hour that spring skips has no length.
            if start < end:
                yield start, end

    def _local(self, at: datetime) -> datetime:
        return self._utc(at).astimezone(self.zone)

    @staticmethod
    def _utc(at: datetime) -> datetime:
        if at.tzinfo is None:
            raise ValueError("opening hours need an aware datetime")
        return at if at.tzinfo is UTC else at.astimezone(UTC)
