"""The door of the calendar: which days are holidays, when each department is open, and who stands in for whom."""

from __future__ import annotations

from datetime import date, timedelta

from pydantic import BaseModel, Field

from bot.domain.errors import Invalid
from bot.domain.hours import DAY, moment_of
from bot.domain.intervals import merged
from bot.services.rosters import LONGEST_LOOK
from bot.web.endpoint import Call, Day, Door, Given, Nothing, Who, door
from bot.web.roster_shapes import WorkOut

AHEAD = timedelta(days=13)


class CalendarIn(BaseModel):
    """Days, both included; today and the 13 days after it where nothing is said, 62 at most."""

    start: Day | None = Field(default=None, alias="from")
    end: Day | None = Field(default=None, alias="to")


class DayName(Given):
    """A day of the company; ``holiday`` names the one that it is."""

    day: date
    holiday: str | None


class DepartmentHours(Given):
    """When a department is open, and ``chain``: itself, then whoever the company names to stand in, nearest first."""

    department: str
    label: str
    side: str
    chain: list[str]
    open: list[WorkOut]


class CalendarOut(Given):
    """The calendar of the company between two days, both included."""

    start: date
    end: date
    days: list[DayName]
    departments: list[DepartmentHours]


@door("GET", "/api/calendar", who=Who.STAFF, query=CalendarIn, returns=CalendarOut, errors=(401, 422))
async def calendar(call: Call[Nothing, CalendarIn]) -> CalendarOut:
    """Return holidays and opening hours, which coverage is measured against."""
    company, zone = call.house.company, call.house.company.zone
    start = call.query.start or call.house.crew.rosters.today()
    end = call.query.end or start + AHEAD
    if not timedelta() <= end - start < LONGEST_LOOK:
        raise Invalid("to", f"Khoảng ngày phải từ 1 đến {LONGEST_LOOK.days} ngày.")
    low, high = moment_of(zone, start, 0), moment_of(zone, end, DAY)
    days = [start + timedelta(days=count) for count in range((end - start).days + 1)]
    return CalendarOut(
        start=start,
        end=end,
        days=[DayName(day=day, holiday=company.hours.holiday(moment_of(zone, day, 0))) for day in days],
        departments=[
            DepartmentHours(
                department=one.id,
                label=one.label(call.query_language),
                side=one.side.value,
                chain=list(company.cover_chain(one.id)),
                open=[
                    WorkOut(start_at=opens.astimezone(zone), end_at=closes.astimezone(zone))
                    for opens, closes in merged(one.hours.stretches(low, high))
                ],
            )
            for one in company.departments.values()
        ],
    )


DOORS: tuple[Door, ...] = (calendar,)
