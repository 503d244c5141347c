"""Gaps as JSON, and what a refused break or leave says of them; refusals need it, so it imports no door."""

from __future__ import annotations

from typing import Any

from bot.domain.company import Company
from bot.domain.coverage import Gap
from bot.domain.staff import StaffMember
from bot.services.absences import Uncovers
from bot.web.gap_shapes import CoverOut, GapOut


def gap_out(gap: Gap, company: Company, language: str = "vi") -> GapOut:
    """Return a gap."""
    return GapOut(
        department=gap.department,
        department_label=company.department(gap.department).label(language),
        start_at=gap.start_at.astimezone(company.zone),
        end_at=gap.end_at.astimezone(company.zone),
        minutes=round((gap.end_at - gap.start_at).total_seconds() / 60),
        holiday=gap.holiday,
    )


def uncovered(failure: Uncovers, company: Company) -> dict[str, Any]:
    """Return what a refused break or leave says: the gaps, and who could close them."""
    return {
        "gaps": [gap_out(gap, company) for gap in failure.gaps],
        "covers": [_cover(one) for one in failure.covers],
    }


def _cover(person: StaffMember) -> CoverOut:
    return CoverOut(id=person.id, name=person.name, departments=sorted(person.departments))
