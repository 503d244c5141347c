"""Queue numbers: told once, and a case keeps its own for as long as it waits in that department that day."""

from __future__ import annotations

from datetime import date

from bot.domain.cases import Case
from bot.services.ports import UnitOfWork


async def queue_number(uow: UnitOfWork, case: Case, department: str, day: date) -> int:
    """Return the number of a case that waits in a department: its own of that day where it has one, else a new one."""
    if case.department == department and case.queue_day == day and case.queue_number is not None:
        return case.queue_number
    return await uow.cases.queue_number(department, day)
