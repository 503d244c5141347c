"""Transfers in PostgreSQL."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.db.desk_tables import TRANSFER_ASKED, transfers
from bot.domain.errors import ForbiddenMove, Unknown
from bot.domain.transfers import Transfer, TransferKind, TransferState

# Built once: see `bot.adapters.db.messages`.
_ADD = (
    upsert(transfers)
    .values(state=TransferState.ASKED)
    .on_conflict_do_nothing(index_elements=[transfers.c.case_id], index_where=TRANSFER_ASKED)
    .returning(transfers)
)
_GET = select(transfers).where(transfers.c.id == bindparam("transfer"))
_SAVE = update(transfers).where(transfers.c.id == bindparam("transfer"))
_ASKED_OF = select(transfers).where(transfers.c.case_id == bindparam("case"), TRANSFER_ASKED)
_OF_CASE = select(transfers).where(transfers.c.case_id == bindparam("case")).order_by(transfers.c.id)
_BY_EXPIRY = select(transfers).where(TRANSFER_ASKED).order_by(transfers.c.expires_at, transfers.c.id)
_INCOMING = _BY_EXPIRY.where(
    or_(
        transfers.c.to_staff_id == bindparam("person"),
        transfers.c.to_staff_id.is_(None) & transfers.c.to_department.in_(bindparam("departments", expanding=True)),
    ),
    transfers.c.from_staff_id != bindparam("person"),
)
_RELIEVING = select(transfers.c.from_staff_id).distinct().where(TRANSFER_ASKED, transfers.c.leaving)
_OUTGOING = _BY_EXPIRY.where(transfers.c.from_staff_id == bindparam("person"))


class TransferTable:
    """See `bot.services.ports_desk.Transfers`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(
        self,
        case_id: int,
        from_staff_id: int,
        to_department: str,
        to_staff_id: int | None,
        summary: str,
        asked_at: datetime,
        expires_at: datetime,
        *,
        kind: TransferKind = TransferKind.PASSED_ON,
        meant: str | None = None,
        leaving: bool = False,
    ) -> Transfer:
        """Insert unless one is asked."""
        made = await self._connection.execute(
            _ADD,
            {
                "case_id": case_id,
                "from_staff_id": from_staff_id,
                "to_department": to_department,
                "to_staff_id": to_staff_id,
                "summary": summary,
                "kind": kind,
                "meant": meant,
                "leaving": leaving,
                "asked_at": asked_at,
                "expires_at": expires_at,
            },
        )
        row = made.one_or_none()
        if row is None:
            raise ForbiddenMove(f"a transfer of case {case_id} waits for an answer")
        return _transfer(row)

    async def get(self, transfer_id: int) -> Transfer:
        """Find by id."""
        row = (await self._connection.execute(_GET, {"transfer": transfer_id})).one_or_none()
        if row is None:
            raise Unknown(f"transfer {transfer_id}")
        return _transfer(row)

    async def save(self, transfer: Transfer) -> None:
        """Store a change."""
        await self._connection.execute(
            _SAVE,
            {
                "transfer": transfer.id,
                "leaving": transfer.leaving,
                "state": transfer.state,
                "expires_at": transfer.expires_at,
                "settled_at": transfer.settled_at,
                "settled_by": transfer.settled_by,
                "reason": transfer.reason,
                "said_no": list(transfer.said_no),
                "timer_id": transfer.timer_id,
            },
        )

    async def asked_of(self, case_id: int) -> Transfer | None:
        """Find the unanswered one of a case."""
        row = (await self._connection.execute(_ASKED_OF, {"case": case_id})).one_or_none()
        return _transfer(row) if row else None

    async def incoming(self, staff_id: int, departments: frozenset[str]) -> list[Transfer]:
        """Find what waits for a person."""
        rows = await self._connection.execute(_INCOMING, {"person": staff_id, "departments": sorted(departments)})
        return [_transfer(row) for row in rows]

    async def outgoing(self, staff_id: int) -> list[Transfer]:
        """Find what a person waits for."""
        return [_transfer(row) for row in await self._connection.execute(_OUTGOING, {"person": staff_id})]

    async def relieving(self) -> frozenset[int]:
        """Find who is being relieved."""
        return frozenset((await self._connection.scalars(_RELIEVING)).all())

    async def of_case(self, case_id: int) -> list[Transfer]:
        """Find by case."""
        return [_transfer(row) for row in await self._connection.execute(_OF_CASE, {"case": case_id})]


def _transfer(row: Row[Any]) -> Transfer:
    return Transfer(
        id=row.id,
        case_id=row.case_id,
        from_staff_id=row.from_staff_id,
        to_department=row.to_department,
        to_staff_id=row.to_staff_id,
        summary=row.summary,
        asked_at=row.asked_at,
        expires_at=row.expires_at,
        kind=TransferKind(row.kind),
        meant=row.meant,
        leaving=row.leaving,
        state=TransferState(row.state),
        settled_at=row.settled_at,
        settled_by=row.settled_by,
        reason=row.reason,
        said_no=tuple(row.said_no),
        timer_id=row.timer_id,
    )
