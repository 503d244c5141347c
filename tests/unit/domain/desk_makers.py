"""People and waiting cases for the tests of assignment: everything has a default, a test names what it is about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.assignment import Person, WaitingCase
from bot.domain.company import Priority, RoleId

NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)


def person(staff_id: int, *desks: str, idle: float = 10, **more: Any) -> Person:
    """An agent of these desks (sales, unless said) who has been idle for so many minutes."""
    values: dict[str, Any] = {"name": f"Người {staff_id}", "role": RoleId.AGENT}
    values["departments"] = frozenset(desks or ("sales",))
    return Person(id=staff_id, idle_since=NOW - timedelta(minutes=idle), **(values | more))


def boss(staff_id: int, *desks: str, **more: Any) -> Person:
    """A manager."""
    return person(staff_id, *(desks or ("management",)), role=RoleId.MANAGER, **more)


def case(case_id: int, desk: str = "sales", *, waited: float = 1, **more: Any) -> WaitingCase:
    """A case that has waited so many minutes. A first answer of sales is due after ten."""
    values: dict[str, Any] = {"department": desk, "wanted": desk, "priority": Priority.NORMAL}
    return WaitingCase(id=case_id, waiting_since=NOW - timedelta(minutes=waited), **(values | more))
