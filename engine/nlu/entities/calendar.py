"""From a rule for a day ("the Friday of next week") to a date, seen from a given today."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from engine.nlu.marks import words

# The first day of the Vietnamese lunar year.
_TET = tuple(
    map(
        date.fromisoformat,
        words("""
        2025-01-29 2026-02-17 2027-02-06 2028-01-26 2029-02-13 2030-02-02 2031-01-23 2032-02-11
        2033-01-31 2034-02-19 2035-02-08 2036-01-28 2037-02-15 2038-02-04 2039-01-24 2040-02-12
        """),
    )
)
_SATURDAY = 5


class Rule(StrEnum):
    """The ways in which a day is named."""

    DATE = "date"  # a day and a month, perhaps a year
    MONTH_DAY = "month_day"  # a day of this or the next month
    WEEKDAY = "weekday"  # Monday is 0; of a given week, or the next to come
    WEEKEND = "weekend"
    WEEK = "week"
    MONTH = "month"
    TET = "tet"  # days counted from the first day of the lunar year, which is 1
    OFFSET = "offset"  # days from today


@dataclass(frozen=True, slots=True)
class Day:
    """A named day. `ahead` counts weeks or months from the present one, `None` means the next to come."""

    rule: Rule
    number: int | None = None
    month: int | None = None
    year: int | None = None
    ahead: int | None = None
    edge: str | None = None

    def fields(self) -> dict[str, Any]:
        """What is known about the day, for a reader without a calendar."""
        return {**{name: value for name, value in asdict(self).items() if value is not None}, "rule": self.rule.value}


def resolve(day: Day, today: date) -> tuple[date, date] | None:
    """First and last date of a named day or stretch of days; `None` when no calendar has it (31 February)."""
    match day.rule:
        case Rule.WEEKEND:
            saturday = _weekday(_SATURDAY, day.ahead, today) if today.weekday() <= _SATURDAY or day.ahead else today
            return saturday, saturday + timedelta(days=6 - saturday.weekday())
        case Rule.WEEK:
            return _week(day, today)
        case Rule.MONTH:
            return _month(day, today)
        case _:
            single = _single(day, today)
            return None if single is None else (single, single)


def _single(day: Day, today: date) -> date | None:
    number = day.number or 0
    match day.rule:
        case Rule.DATE:
            return _dated(day, today)
        case Rule.MONTH_DAY:
            return _in_month(number, today)
        case Rule.WEEKDAY:
            return _weekday(number, day.ahead, today)
        case Rule.TET:
            return _tet(number, today)
        case _:
            return today + timedelta(days=number)


def _make(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _dated(day: Day, today: date) -> date | None:
    """Without a year, the date that is next to come."""
    month, number = day.month or today.month, day.number or 1
    if day.year is not None:
        return _make(day.year, month, number)
    this = _make(today.year, month, number)
    return this if this is not None and this >= today else _make(today.year + 1, month, number) or this


def _in_month(number: int, today: date) -> date | None:
    this = _make(today.year, today.month, number)
    if this is not None and this >= today:
        return this
    after = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    return _make(after.year, after.month, number)


def _weekday(weekday: int, ahead: int | None, today: date) -> date:
    if ahead is None:
        return today + timedelta(days=(weekday - today.weekday()) % 7)
    return today - timedelta(days=today.weekday()) + timedelta(days=weekday, weeks=ahead)


def _week(day: Day, today: date) -> tuple[date, date]:
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=day.ahead or 0)
    first, last = {"start": (0, 1), "middle": (2, 3), "end": (5, 6)}.get(day.edge or "", (0, 6))
    return monday + timedelta(days=first), monday + timedelta(days=last)


def _month(day: Day, today: date) -> tuple[date, date]:
    months = today.year * 12 + today.month - 1 + (day.ahead or 0)
    first = date(months // 12, months % 12 + 1, 1)
    last = date((months + 1) // 12, (months + 1) % 12 + 1, 1) - timedelta(days=1)
    match day.edge:
        case "start":
            return first, first + timedelta(days=4)
        case "middle":
            return first + timedelta(days=12), first + timedelta(days=17)
        case "end":
            return last - timedelta(days=4), last
        case _:
            return first, last


def _tet(number: int, today: date) -> date | None:
    days = (first + timedelta(days=number - 1) for first in _TET)
    return next((day for day in days if day >= today), None)
