"""What becomes of the cases of somebody who goes off: who may take one, best first, and what the house puts forward."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.cases import Case
from bot.domain.company import Company
from bot.domain.presence import Presence
from bot.domain.staff import StaffMember


class To(StrEnum):
    """What may become of a case: a colleague or a department is asked, it goes back with a date, or it is kept."""

    STAFF = "staff"
    DEPARTMENT = "department"
    PROMISE = "promise"
    KEEP = "keep"


@dataclass(frozen=True, kw_only=True)
class Line:
    """What a person wants to become of one case; ``confirmed``: a date in closed hours is meant."""

    code: str
    to: To
    staff_id: int | None = None
    department: str | None = None
    due_at: datetime | None = None
    note: str = ""
    confirmed: bool = False


@dataclass(frozen=True, kw_only=True)
class Colleague:
    """Somebody who may take a case now; ``free`` is how many more they can carry."""

    person: StaffMember
    presence: Presence
    department: str
    free: int


def colleagues_for(
    company: Company, case: Case, there: Iterable[tuple[StaffMember, Presence]], carried: Mapping[int, int]
) -> list[Colleague]:
    """Return whoever may take a case, best first: not one who leads, of the desk itself, there, least loaded.

    ``carried`` is how many cases each of them has or is being offered, by their ids.
    """
    home = company.department_or_reception(case.department)
    chain = [one.id for one in company.chain(home.id)]
    found = []
    for person, presence in there:
        desk = next((one for one in chain if one in person.departments), None)
        if desk is not None:
            free = max(home.capacity - carried.get(person.id, 0), 0)
            found.append(Colleague(person=person, presence=presence, department=desk, free=free))

    def rank(one: Colleague) -> tuple[bool, int, bool, int, int]:
        present = one.presence is Presence.ON_DUTY
        return one.person.leads, chain.index(one.department), not present, -one.free, one.person.id

    return sorted(found, key=rank)


def staffed_by(case: Case, colleagues: Iterable[Colleague]) -> bool:
    """Tell whether any of those who may take a case is there for its own desk."""
    return any(one.department == case.department for one in colleagues)


def suggested(case: Case, colleagues: Sequence[Colleague], date: datetime | None) -> Line:
    """Return a colleague who is there and free; else the desk, if anybody is at it; else a ``date``.

    Without one, as its customer is owed nothing, it goes back to an empty desk.
    """
    free = [one for one in colleagues if one.free and one.presence is Presence.ON_DUTY]
    if free:
        return Line(code=case.code, to=To.STAFF, staff_id=free[0].person.id)
    if staffed_by(case, colleagues):
        return Line(code=case.code, to=To.DEPARTMENT, department=case.department)
    if date is None:
        return Line(code=case.code, to=To.DEPARTMENT)
    return Line(code=case.code, to=To.PROMISE, due_at=date)
