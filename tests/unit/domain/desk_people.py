"""The people and the case that the tests of the desk's rules are about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.domain.cases import Case, CaseState
from bot.domain.company import MANAGEMENT, Priority, RoleId
from bot.domain.staff import StaffMember

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
LATER = NOW + timedelta(minutes=3)
DAY = date(2026, 11, 25)


def person(staff_id: int, *departments: str, role: RoleId = RoleId.AGENT) -> StaffMember:
    """Somebody of the house."""
    return StaffMember(
        id=staff_id, email=f"a{staff_id}@b.vn", name=f"N{staff_id}", role=role, departments=frozenset(departments)
    )


LAN = person(1, "sales")
MINH = person(2, "accounting")
HOA = person(3, "accounting")
TAM = person(4, "sales")
BINH = person(5, MANAGEMENT, role=RoleId.MANAGER)
AN = person(6, role=RoleId.ADMIN)
GONE = replace(person(7, "accounting"), active=False)
EVERYBODY = (LAN, MINH, HOA, TAM, BINH, AN)

WAITING = Case(
    id=1,
    code="BH-0001",
    conversation_id=1,
    customer_id=1,
    department="sales",
    wanted="sales",
    state=CaseState.WAITING,
    priority=Priority.NORMAL,
    reason="product_price",
    summary="",
    opened_at=NOW,
    queue_number=4,
    queue_day=DAY,
)
HELD = WAITING.claimed(LAN.id, NOW)
