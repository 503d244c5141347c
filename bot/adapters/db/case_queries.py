"""What the assigner asks about cases, in PostgreSQL. All of it stays fast beside a million cases that are resolved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, func, lateral, literal_column, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.db.case_rows import to_case
from bot.adapters.db.desk_tables import OFFER_OPEN, TRANSFER_ASKED, offers, transfers
from bot.adapters.db.tables import cases, customers, staff
from bot.domain.cases import Case
from bot.domain.waits import Past
from bot.services.ports_desk import Load


def _state(name: str) -> Any:
    """Compare the state with a word written out, so that the partial indexes on it can be used by any plan."""
    return cases.c.state == literal_column(f"'{name}'")


# Built once: see `bot.adapters.db.messages`.
_WAITING = (
    select(cases)
    .where(
        _state("waiting"),
        ~select(offers.c.id).where(offers.c.case_id == cases.c.id, OFFER_OPEN).exists(),
        ~select(transfers.c.id).where(transfers.c.case_id == cases.c.id, TRANSFER_ASKED).exists(),
    )
    .order_by(cases.c.waiting_since, cases.c.id)
)
_WAITING_IN = _WAITING.where(cases.c.department == func.any(bindparam("departments")))

_held = lateral(
    select(func.count().label("cases"), func.max(cases.c.claimed_at).label("taken_at")).where(
        cases.c.owner_id == staff.c.id, _state("assigned")
    )
).alias("held")
_done = lateral(
    select(func.max(cases.c.resolved_at).label("finished_at")).where(cases.c.owner_id == staff.c.id, _state("resolved"))
).alias("done")
_LOADS = (
    select(
        staff.c.id,
        _held.c.cases,
        # What is null does not count: somebody without any case is idle since they have an account.
        func.greatest(_held.c.taken_at, _done.c.finished_at, staff.c.created_at),
    )
    .select_from(staff.join(_held, true()).join(_done, true()))
    .where(staff.c.active)
)

_PAST_WAITS = (
    select(
        cases.c.ahead,
        cases.c.serving,
        (cases.c.claimed_at - cases.c.waiting_since).label("waited"),
        cases.c.at_once,
    )
    .where(
        cases.c.department == bindparam("department"),
        cases.c.claimed_at.is_not(None),
        cases.c.ahead.is_not(None),
        cases.c.serving.is_not(None),
        cases.c.waiting_since.is_not(None),
    )
    .order_by(cases.c.claimed_at.desc())
    .limit(bindparam("limit"))
)

_WITH_CUSTOMERS = (
    select(cases, customers.c.name.label("customer_name"))
    .join(customers, customers.c.id == cases.c.customer_id)
    .where(cases.c.id == func.any(bindparam("cases")))
)

_earlier = cases.alias("earlier")
_before = lateral(
    select(_earlier.c.owner_id)
    .where(
        _earlier.c.customer_id == cases.c.customer_id,
        _earlier.c.wanted == cases.c.wanted,
        _earlier.c.owner_id.is_not(None),
        _earlier.c.id != cases.c.id,
    )
    .order_by(_earlier.c.id.desc())
    .limit(1)
).alias("before")
_PREVIOUS_OF = (
    select(cases.c.id, _before.c.owner_id)
    .select_from(cases.join(_before, true()))
    .where(cases.c.id == func.any(bindparam("cases")))
)


class CaseQueryTable:
    """See `bot.services.ports_desk.CaseQueries`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def waiting_in(self, departments: frozenset[str] | None) -> list[Case]:
        """Find what nobody is being asked about."""
        if departments is None:
            rows = await self._connection.execute(_WAITING)
        else:
            rows = await self._connection.execute(_WAITING_IN, {"departments": sorted(departments)})
        return [to_case(row) for row in rows]

    async def loads(self) -> dict[int, Load]:
        """Count what people hold."""
        rows = await self._connection.execute(_LOADS)
        return {staff_id: Load(held, idle_since) for staff_id, held, idle_since in rows}

    async def past_waits(self, department: str, limit: int) -> list[Past]:
        """Find the latest waits."""
        rows = await self._connection.execute(_PAST_WAITS, {"department": department, "limit": limit})
        return [
            Past(ahead=row.ahead, serving=row.serving, waited=row.waited, at_once=row.at_once)
            for row in rows.all()[::-1]
        ]

    async def with_customers(self, case_ids: Sequence[int]) -> dict[int, tuple[Case, str | None]]:
        """Find many cases with whom they are for."""
        if not case_ids:
            return {}
        rows = await self._connection.execute(_WITH_CUSTOMERS, {"cases": list(case_ids)})
        return {row.id: (to_case(row), row.customer_name) for row in rows}

    async def previous_staff_of(self, case_ids: Sequence[int]) -> dict[int, int]:
        """Find whom many customers last had."""
        return dict((await self._connection.execute(_PREVIOUS_OF, {"cases": list(case_ids)})).all())
