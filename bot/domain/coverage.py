"""Coverage: the open hours of a department in which neither its people nor its cover are at work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.domain.company import MANAGEMENT, Company, Department, Side
from bot.domain.hours import DAY, OpeningHours, moment_of
from bot.domain.intervals import Interval, clipped, common, merged, minus
from bot.domain.shifts import Absence, Roster
from bot.domain.staff import StaffMember


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A stretch in which a department is open and unstaffed, in UTC. ``holiday`` names the holiday it falls on."""

    department: str
    start_at: datetime
    end_at: datetime
    holiday: str | None = None


def gaps(company: Company, roster: Roster, people: Sequence[StaffMember], start: datetime, end: datetime) -> list[Gap]:
    """Return every gap between two moments, department by department in the order of the file, each in order of time.

    A department is staffed while one of its people works, or one of a department that `company.yml` names to stand in
    for it. People without planned hours staff the back office only: the front office has fixed cover. Whoever was named
    to stand in for an absence staffs the desks of the absent person for that long.
    """
    raise NotImplementedError


def uncovered_by(company: Company, roster: Roster, people: Sequence[StaffMember], absence: Absence) -> list[Gap]:
    """Return the gaps that an absence would make and that are not there without it; none means it may be granted."""
    raise NotImplementedError


def may_stand_in(company: Company, staff: StaffMember, department_id: str) -> bool:
    """Tell whether a person may be named to stand in at a desk: by membership, by the cover chain, or by leading."""
    raise NotImplementedError
