"""Who takes a case: the chain that always ends (DESIGN section 1).

department on duty → its cover departments → manager on duty → reception → dated promise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from bot.domain.company import MANAGEMENT, RECEPTION, Company, Priority
from bot.domain.promises import first_response_due


class Step(StrEnum):
    """Which link of the chain took the case."""

    DEPARTMENT = "department"
    COVER = "cover"
    MANAGER = "manager"
    RECEPTION = "reception"
    PROMISE = "promise"
    """None of them: nobody is there, and the customer has a date."""


@lru_cache(maxsize=1024)
def links(home: str, covers: tuple[str, ...]) -> tuple[tuple[Step, str], ...]:
    """Return the departments that a case may go to, in this order, each once and as the first link that it is.

    ``covers`` may name any of them, also ``home``: who leads and reception come at the end nevertheless. All that a
    chain follows from are words: the few that a company has are worked out once.
    """
    chain = {home: Step.DEPARTMENT}
    for one in covers:
        if one not in (MANAGEMENT, RECEPTION):
            chain.setdefault(one, Step.COVER)
    chain.setdefault(MANAGEMENT, Step.MANAGER)
    chain.setdefault(RECEPTION, Step.RECEPTION)
    return tuple((step, one) for one, step in chain.items())


@dataclass(frozen=True, kw_only=True)
class Route:
    """Where a case goes. ``due_at`` is when its first answer is due, counted in the open hours of ``department``."""

    department: str
    step: Step
    due_at: datetime

    @property
    def staffed(self) -> bool:
        """Tell whether a person is there now; otherwise the customer is given the date."""
        return self.step is not Step.PROMISE


def route(company: Company, wanted: str, on_duty: Mapping[str, int], priority: Priority, at: datetime) -> Route:
    """Choose the department that takes a new case.

    ``on_duty`` counts the people on duty by department id; a department counts as staffed when it is open and somebody
    is on duty. A wanted department that the company does not have is treated as reception: an engine that names an
    unknown desk must not leave a customer standing.
    """
    first = wanted if wanted in company.departments else RECEPTION

    def staffed(department_id: str) -> bool:
        department = company.departments.get(department_id)
        return department is not None and on_duty.get(department_id, 0) > 0 and department.hours.is_open(at)

    for step, department_id in links(first, company.cover_chain(first)):
        if staffed(department_id):
            return Route(department=department_id, step=step, due_at=_due(company, department_id, priority, at))
    return Route(department=first, step=Step.PROMISE, due_at=_due(company, first, priority, at))


def _due(company: Company, department_id: str, priority: Priority, at: datetime) -> datetime:
    return first_response_due(company.department(department_id), priority, at)
