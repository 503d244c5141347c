"""People and waiting cases for the tests of assignment: everything has a default, a test names what it is about."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.assignment import OFFERS_AT_ONCE, assign
from bot.domain.assignment_seats import Hall
from bot.domain.assignment_terms import Plan, WaitingCase
from bot.domain.company import Company, Priority, RoleId
from bot.domain.staff import StaffMember

NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Present:
    """Somebody on duty, with what they have before them."""

    staff: StaffMember
    open_cases: int = 0
    offered: int = 0
    idle_since: datetime

    @property
    def id(self) -> int:
        """The person's."""
        return self.staff.id


def person(staff_id: int, *desks: str, idle: float = 10, open_cases: int = 0, offered: int = 0, **more: Any) -> Present:
    """An agent of these desks (sales, unless said) who has been idle for so many minutes."""
    values: dict[str, Any] = {"name": f"Người {staff_id}", "email": f"nguoi{staff_id}@example.vn"}
    values |= {"role": RoleId.AGENT, "departments": frozenset(desks or ("sales",))}
    return Present(
        staff=StaffMember(id=staff_id, **(values | more)),
        open_cases=open_cases,
        offered=offered,
        idle_since=NOW - timedelta(minutes=idle),
    )


def boss(staff_id: int, *desks: str, **more: Any) -> Present:
    """A manager."""
    return person(staff_id, *(desks or ("management",)), role=RoleId.MANAGER, **more)


def case(case_id: int, desk: str = "sales", *, waited: float = 1, **more: Any) -> WaitingCase:
    """A case that has waited so many minutes. A first answer of sales is due after ten."""
    values: dict[str, Any] = {"department": desk, "wanted": desk, "priority": Priority.NORMAL}
    return WaitingCase(id=case_id, waiting_since=NOW - timedelta(minutes=waited), **(values | more))


def seated(company: Company, people: Iterable[Present], *, offers_at_once: int = OFFERS_AT_ONCE) -> Hall:
    """The hall of these people."""
    return Hall(company, [one.staff for one in people], offers_at_once)


def decided(
    hall: Hall,
    company: Company,
    cases: Sequence[WaitingCase],
    people: Iterable[Present],
    now: datetime,
    *,
    at_most: int = sys.maxsize,
) -> list[Plan]:
    """What one round in a hall decides, told what its people have before them."""
    begin(hall, list(people), now)
    return assign(hall, company, cases, now, at_most=at_most)


def begin(hall: Hall, people: Sequence[Present], now: datetime) -> None:
    """Tell a hall what its people have before them."""
    loads = {one.id: (one.open_cases, one.idle_since) for one in people}
    hall.begin(loads, {one.id: one.offered for one in people}, now)


def plans_for(
    company: Company, cases: Sequence[WaitingCase], people: Iterable[Present], now: datetime, **limits: int
) -> list[Plan]:
    """What one round decides in a hall of these people that was never used before."""
    there = list(people)
    at_once = limits.pop("offers_at_once", OFFERS_AT_ONCE)
    return decided(seated(company, there, offers_at_once=at_once), company, cases, there, now, **limits)
