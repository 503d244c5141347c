"""Reviewing in PostgreSQL beside decisions: objections, corrections, consent."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.db.review_tables import corrections, objections, refusals
from bot.adapters.db.tables import customers
from bot.domain.errors import Unknown
from bot.services.ports_review import Correction, Objection, Opening, Refusal

_UNSETTLED = objections.c.settled_at.is_(None)
_STANDS = corrections.c.undone_at.is_(None)
_OPENING = text(
    """
    SELECT said.id, turns.intent
    FROM cases
    CROSS JOIN LATERAL (
        SELECT id, intent FROM turns
        WHERE conversation_id = cases.conversation_id AND case_id = cases.id ORDER BY id LIMIT 1
    ) AS turns
    CROSS JOIN LATERAL (
        SELECT id FROM messages
        WHERE turn_id = turns.id AND author = 'customer' AND text <> '' ORDER BY id DESC LIMIT 1
    ) AS said
    WHERE cases.id = :case
    """
)


class ReviewRows:
    """The part of `bot.services.ports_review.Reviews` that is about what people said."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def objection(self, message_id: int) -> Objection | None:
        """Find the one that stands."""
        rows = await self._connection.execute(
            select(objections).where(objections.c.message_id == message_id, _UNSETTLED)
        )
        row = rows.one_or_none()
        return _objection(row) if row else None

    async def object(self, message_id: int, label: str, staff_id: int, at: datetime) -> Objection:
        """Insert."""
        values = {"message_id": message_id, "label": label, "staff_id": staff_id, "at": at}
        row = await self._connection.execute(insert(objections).values(values).returning(objections))
        return _objection(row.one())

    async def settle(self, objection: Objection, at: datetime) -> None:
        """Update."""
        await self._connection.execute(update(objections).where(objections.c.id == objection.id).values(settled_at=at))

    async def opening(self, case_id: int) -> Opening | None:
        """Find the first turn of the case and what was said last in it."""
        row = (await self._connection.execute(_OPENING, {"case": case_id})).one_or_none()
        return Opening(message_id=row.id, intent=row.intent) if row else None

    async def correction(self, case_id: int) -> Correction | None:
        """Find the one that stands."""
        rows = await self._connection.execute(select(corrections).where(corrections.c.case_id == case_id, _STANDS))
        row = rows.one_or_none()
        return _correction(row) if row else None

    async def corrected(self, message_id: int) -> bool:
        """Look for one that stands."""
        found = await self._connection.execute(
            select(corrections.c.id).where(corrections.c.message_id == message_id, _STANDS).limit(1)
        )
        return found.one_or_none() is not None

    async def correct(
        self, case_id: int, message_id: int, intent: str | None, staff_id: int, at: datetime
    ) -> Correction:
        """Insert."""
        values = {"case_id": case_id, "message_id": message_id, "intent": intent, "staff_id": staff_id, "at": at}
        row = await self._connection.execute(insert(corrections).values(values).returning(corrections))
        return _correction(row.one())

    async def uncorrect(self, correction: Correction, at: datetime) -> None:
        """Update."""
        await self._connection.execute(
            update(corrections).where(corrections.c.id == correction.id).values(undone_at=at)
        )

    async def refusal(self, customer_id: int) -> Refusal | None:
        """Find by customer."""
        rows = await self._connection.execute(select(refusals).where(refusals.c.customer_id == customer_id))
        row = rows.one_or_none()
        return _refusal(row) if row else None

    async def refused(self, customer_ids: Collection[int]) -> frozenset[int]:
        """Find by customers."""
        wanted = select(refusals.c.customer_id).where(refusals.c.customer_id.in_(customer_ids))
        return frozenset((await self._connection.execute(wanted)).scalars())

    async def refuse(self, customer_id: int, staff_id: int, at: datetime) -> Refusal:
        """Insert, or leave what is there."""
        known = await self._connection.execute(select(customers.c.id).where(customers.c.id == customer_id))
        if known.one_or_none() is None:
            raise Unknown(f"customer {customer_id}")
        values = {"customer_id": customer_id, "staff_id": staff_id, "at": at}
        await self._connection.execute(upsert(refusals).values(values).on_conflict_do_nothing())
        rows = await self._connection.execute(select(refusals).where(refusals.c.customer_id == customer_id))
        return _refusal(rows.one())

    async def allow(self, customer_id: int) -> None:
        """Delete."""
        await self._connection.execute(delete(refusals).where(refusals.c.customer_id == customer_id))


def _objection(row: Row[Any]) -> Objection:
    return Objection(id=row.id, message_id=row.message_id, label=row.label, staff_id=row.staff_id, at=row.at)


def _correction(row: Row[Any]) -> Correction:
    return Correction(
        id=row.id,
        case_id=row.case_id,
        message_id=row.message_id,
        intent=row.intent,
        staff_id=row.staff_id,
        at=row.at,
    )


def _refusal(row: Row[Any]) -> Refusal:
    return Refusal(customer_id=row.customer_id, staff_id=row.staff_id, at=row.at)
