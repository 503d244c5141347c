"""From when on a department is staffed, for promises that rest on a roster."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bot.domain.company import Company, Priority
from bot.domain.coverage import staffed
from bot.domain.promises import first_response_due
from bot.domain.shifts import Roster
from bot.domain.staff import StaffMember

_LOOKS = (timedelta(days=2), timedelta(days=14))
"""Nearly every date lies in the first; Tết needs the second."""


def staffed_from(
    company: Company, roster: Roster, people: Sequence[StaffMember], department: str, at: datetime
) -> datetime | None:
    """Return the first moment, `at` or later, at which a department is open and staffed by plan; None within weeks."""
    moment, desk = at.astimezone(UTC), company.department(department)
    for ahead in _LOOKS:
        for start, _ in staffed(company, roster, people, desk, (moment, moment + ahead)):
            return start
    return None


def planned_due(
    company: Company,
    roster: Roster,
    people: Sequence[StaffMember],
    department: str,
    priority: Priority,
    at: datetime,
) -> datetime:
    """Return the date by which a department can answer, as far as its roster knows; without one, by its hours alone."""
    start = staffed_from(company, roster, people, department, at)
    return first_response_due(company.department(department), priority, at if start is None else start)
