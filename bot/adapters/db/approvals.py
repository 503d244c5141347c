"""Approvals in PostgreSQL."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, insert, literal_column, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.db.desk_tables import APPROVAL_PENDING, approvals
from bot.adapters.db.tables import cases
from bot.domain.approvals import Approval, ApprovalState, beside
from bot.domain.errors import Unknown

# Built once: see `bot.adapters.db.messages`.
_ADD = insert(approvals).values(state=ApprovalState.PENDING).returning(approvals.c.id)
_WITH_OWNER = select(approvals, cases.c.owner_id).join(cases, cases.c.id == approvals.c.case_id)
_GET = _WITH_OWNER.where(approvals.c.id == bindparam("approval"))
_LOCK = _GET.with_for_update(of=approvals)
_SAVE = update(approvals).where(approvals.c.id == bindparam("approval"))
_OF_CASE = _WITH_OWNER.where(approvals.c.case_id == bindparam("case")).order_by(approvals.c.id)
_PENDING = _WITH_OWNER.where(APPROVAL_PENDING).order_by(approvals.c.due_at, approvals.c.id)
_waiting = approvals.alias()
_GRANTED = (
    select(approvals)
    .where(approvals.c.state == ApprovalState.APPROVED)
    .where(approvals.c.case_id.in_(select(_waiting.c.case_id).where(_waiting.c.state == literal_column("'pending'"))))
)
"""What was granted in the cases of what waits."""


class ApprovalTable:
    """See `bot.services.ports_desk.Approvals`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(
        self,
        case_id: int,
        kind: str,
        amount: int | None,
        reason: str,
        asked_by: int,
        asked_at: datetime,
        due_at: datetime,
    ) -> Approval:
        """Insert a pending approval."""
        made = await self._connection.execute(
            _ADD,
            {
                "case_id": case_id,
                "kind": kind,
                "amount": amount,
                "reason": reason,
                "asked_by": asked_by,
                "asked_at": asked_at,
                "due_at": due_at,
            },
        )
        return await self.get(made.scalar_one())

    async def get(self, approval_id: int, *, lock: bool = False) -> Approval:
        """Find by id."""
        row = (await self._connection.execute(_LOCK if lock else _GET, {"approval": approval_id})).one_or_none()
        if row is None:
            raise Unknown(f"approval {approval_id}")
        return beside(_approval(row), await self.of_case(row.case_id), row.owner_id)

    async def save(self, approval: Approval) -> None:
        """Store a change."""
        await self._connection.execute(
            _SAVE,
            {
                "approval": approval.id,
                "state": approval.state,
                "due_at": approval.due_at,
                "decided_by": approval.decided_by,
                "decided_at": approval.decided_at,
                "note": approval.note,
                "escalated_at": approval.escalated_at,
                "timer_id": approval.timer_id,
                "asked_of": approval.asked_of,
                "asked_too": list(approval.asked_too),
            },
        )

    async def pending(self) -> list[Approval]:
        """Find what is undecided."""
        rows = list(await self._connection.execute(_PENDING))
        granted = [_approval(row) for row in await self._connection.execute(_GRANTED)] if rows else []
        return [beside(_approval(row), granted, row.owner_id) for row in rows]

    async def of_case(self, case_id: int) -> list[Approval]:
        """Find by case."""
        rows = list(await self._connection.execute(_OF_CASE, {"case": case_id}))
        found = [_approval(row) for row in rows]
        return [beside(one, found, row.owner_id) for one, row in zip(found, rows, strict=True)]


def _approval(row: Row[Any]) -> Approval:
    return Approval(
        id=row.id,
        case_id=row.case_id,
        kind=row.kind,
        amount=row.amount,
        reason=row.reason,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        due_at=row.due_at,
        state=ApprovalState(row.state),
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        note=row.note,
        escalated_at=row.escalated_at,
        timer_id=row.timer_id,
        asked_of=row.asked_of,
        asked_too=tuple(row.asked_too),
    )
