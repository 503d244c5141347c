"""Duty, breaks, rosters and gaps as JSON: every moment in the company's time zone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, tzinfo
from typing import Any

from bot.domain.company import Company
from bot.domain.coverage import Gap
from bot.domain.shifts import Absence, DayException, Shift
from bot.domain.staff import StaffMember
from bot.services.duty import DutyView
from bot.services.presences import Whereabouts
from bot.services.rosters import PlannedPerson
from bot.web.render_gaps import gap_out
from bot.web.roster_shapes import (
    AbsenceOut,
    CoverageOut,
    DayOut,
    DepartmentCoverage,
    DutyOut,
    RosterOut,
    RosterPerson,
    ShiftOut,
    WorkOut,
)
from bot.web.staff_shapes import StaffOut

Names = Mapping[int, str]


def staff_out(one: Whereabouts) -> StaffOut:
    """Return a staff member with their presence."""
    return StaffOut(**_staff(one))


def _staff(one: Whereabouts) -> dict[str, Any]:
    person = one.person
    return {
        "id": person.id,
        "email": person.email,
        "name": person.name,
        "role": person.role.value,
        "departments": sorted(person.departments),
        "active": person.active,
        "on_duty": person.on_duty,
        "presence": one.presence.value,
        "flexible": one.flexible,
        "skills": sorted(person.skills),
        "languages": sorted(person.languages),
        "senior": person.senior,
        "title": person.title,
        "second_factor": one.second_factor,
    }


def duty_out(view: DutyView, names: Names, zone: tzinfo) -> DutyOut:
    """Return one's own duty."""
    return DutyOut(
        **_staff(view.seen),
        shift_ends_at=local(view.shift_ends_at, zone),
        next_shift_at=local(view.next_shift_at, zone),
        overtime=view.overtime,
        absence=absence_out(view.absence, names, zone) if view.absence else None,
        holds=view.holds,
        leaving=view.leaving,
    )


def absence_out(absence: Absence, names: Names, zone: tzinfo) -> AbsenceOut:
    """Return a break or leave."""
    return AbsenceOut(
        id=absence.id,
        staff_id=absence.staff_id,
        staff_name=names.get(absence.staff_id, ""),
        kind=absence.kind.value,
        start_at=absence.start_at.astimezone(zone),
        end_at=absence.end_at.astimezone(zone),
        ended_at=local(absence.ended_at, zone),
        cover_id=absence.cover_id,
        cover_name=names.get(absence.cover_id) if absence.cover_id is not None else None,
        note=absence.note,
    )


def shift_out(shift: Shift) -> ShiftOut:
    """Return a recurring shift."""
    return ShiftOut(
        id=shift.id,
        staff_id=shift.staff_id,
        weekday=shift.weekday,
        block=str(shift.block),
        valid_from=shift.valid_from,
        valid_to=shift.valid_to,
    )


def day_out(day: DayException) -> DayOut:
    """Return a day that differs from the shifts."""
    return DayOut(staff_id=day.staff_id, day=day.day, blocks=[str(one) for one in day.blocks], note=day.note)


def roster_out(
    start: date, end: date, people: Iterable[PlannedPerson], names: Names, zone: tzinfo, reader: StaffMember
) -> RosterOut:
    """Return who works when; why somebody is away is for themselves and for those who lead to read."""
    return RosterOut(start=start, end=end, people=[_person(one, names, zone, reader) for one in people])


def _person(one: PlannedPerson, names: Names, zone: tzinfo, reader: StaffMember) -> RosterPerson:
    own = reader.leads or one.seen.person.id == reader.id
    days = [day if own else replace(day, note="") for day in one.days]
    absences = [absence if own else replace(absence, note="") for absence in one.absences]
    return RosterPerson(
        **_staff(one.seen),
        shifts=[shift_out(shift) for shift in one.shifts],
        days=[day_out(day) for day in days],
        absences=[absence_out(absence, names, zone) for absence in absences],
        work=[WorkOut(start_at=start.astimezone(zone), end_at=end.astimezone(zone)) for start, end in one.work],
    )


def coverage_out(
    gaps: Sequence[Gap],
    departments: Iterable[str],
    company: Company,
    stretch: tuple[datetime, datetime],
    language: str,
) -> CoverageOut:
    """Return gaps by department, those without any included."""
    shown = [gap_out(gap, company, language) for gap in gaps]
    by_desk = []
    for name in departments:
        theirs = [gap for gap in shown if gap.department == name]
        by_desk.append(
            DepartmentCoverage(
                department=name,
                label=company.department(name).label(language),
                gaps=theirs,
                minutes=sum(gap.minutes for gap in theirs),
            )
        )
    start, end = (moment.astimezone(company.zone) for moment in stretch)
    return CoverageOut(start_at=start, end_at=end, departments=by_desk, minutes=sum(one.minutes for one in by_desk))


def local(moment: datetime | None, zone: tzinfo) -> datetime | None:
    """Return a moment in the company's time zone."""
    return None if moment is None else moment.astimezone(zone)
