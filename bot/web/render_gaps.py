"""Gaps as JSON, and what a refused break or leave says of them; refusals need it, so it imports no door."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.domain.company import Company
from bot.domain.coverage import Gap
from bot.domain.staff import StaffMember
from bot.services.absences import CustomersWait, Uncovers
from bot.web.gap_shapes import CoverOut, GapOut, WaitingOut


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
    """Return what a refused break or leave says: the gaps, who waits, and who could stand in."""
    told: dict[str, Any] = {
        "gaps": [gap_out(gap, company) for gap in failure.gaps],
        "covers": [_cover(one) for one in failure.covers],
    }
    if isinstance(failure, CustomersWait):
        waiting = [
            WaitingOut(department=name, department_label=company.department(name).label("vi"), count=count)
            for name, count in failure.waiting.items()
        ]
        told["waiting"] = waiting
        told["message"] = _who_waits(waiting, stand_in=bool(failure.covers))
    return told


def _who_waits(waiting: Sequence[WaitingOut], *, stand_in: bool) -> str:
    desks = ", ".join(f"{one.department_label} {one.count}" for one in waiting)
    total = sum(one.count for one in waiting)
    way_out = (
        "Anh/chị chọn một đồng nghiệp trực thay, hoặc tiếp xong rồi nghỉ giúp."
        if stand_in
        else "Anh/chị tiếp xong rồi nghỉ, hoặc nhờ quản lý xếp người thay giúp."
    )
    return f"Đang có {total} khách chờ ({desks}) mà không còn ai khác đang trực. {way_out}"


def _cover(person: StaffMember) -> CoverOut:
    return CoverOut(id=person.id, name=person.name, departments=sorted(person.departments))
