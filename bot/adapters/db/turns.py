"""The turn ledger in PostgreSQL."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.db.tables import messages, turns
from bot.domain.errors import Unknown
from bot.domain.turns import Closing, Outcome, Reading, Turn

_CLOSING = ("closed_at", "outcome", "case_id", "intent", "confidence", "model_id", "reading", "to_review")

# Built once: see `bot.adapters.db.messages`.
_CURRENT = (
    upsert(turns)
    .on_conflict_do_update(
        index_elements=[turns.c.conversation_id],
        index_where=turns.c.outcome.is_(None),
        set_={"opened_at": turns.c.opened_at},
    )
    .returning(turns)
)
_GET = select(turns).where(turns.c.id == bindparam("turn"))
_BEHIND = (
    select(func.count())
    .where(messages.c.turn_id == bindparam("turn"), messages.c.id > bindparam("after"), messages.c.handled.is_(False))
    .scalar_subquery()
)
_CLOSE = (
    update(turns)
    .where(turns.c.id == bindparam("turn"), turns.c.outcome.is_(None))
    .values({name: bindparam(f"new_{name}") for name in _CLOSING})
    .returning(_BEHIND)
)


class TurnTable:
    """See `bot.services.ports.Turns`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def current(self, conversation_id: int, at: datetime) -> Turn:
        """Find the open turn or open one, in one statement: a conflict gives back the open one untouched."""
        found = await self._connection.execute(_CURRENT, {"conversation_id": conversation_id, "opened_at": at})
        return _turn(found.one())

    async def opened(self, conversation_id: int) -> Turn | None:
        """Find the open turn."""
        rows = await self._connection.execute(
            select(turns).where(turns.c.conversation_id == conversation_id, turns.c.outcome.is_(None))
        )
        row = rows.one_or_none()
        return _turn(row) if row else None

    async def get(self, turn_id: int) -> Turn:
        """Find by id."""
        row = (await self._connection.execute(_GET, {"turn": turn_id})).one_or_none()
        if row is None:
            raise Unknown(f"turn {turn_id}")
        return _turn(row)

    async def close(self, turn_id: int, closing: Closing, *, after: int = 0) -> int | None:
        """Store how it closed, unless it did, and count what came in behind it, in one statement."""
        values = (
            closing.at,
            closing.outcome,
            closing.case_id,
            closing.intent,
            closing.confidence,
            closing.model_id,
            _stored(closing.reading),
            closing.reading is not None and closing.reading.doubtful,
        )
        named = {f"new_{name}": value for name, value in zip(_CLOSING, values, strict=True)}
        closed = await self._connection.execute(_CLOSE, {"turn": turn_id, "after": after, **named})
        behind: int | None = closed.scalar_one_or_none()
        return behind

    async def overdue(self, before: datetime, limit: int) -> list[Turn]:
        """Find what the watchdog must close."""
        rows = await self._connection.execute(
            select(turns)
            .where(turns.c.outcome.is_(None), turns.c.opened_at < before)
            .order_by(turns.c.opened_at)
            .limit(limit)
        )
        return [_turn(row) for row in rows]

    async def count_open(self, before: datetime) -> int:
        """Count them."""
        count = await self._connection.scalar(
            select(func.count()).where(turns.c.outcome.is_(None), turns.c.opened_at < before)
        )
        return int(count or 0)


def _turn(row: Row[Any]) -> Turn:
    return Turn(
        id=row.id,
        conversation_id=row.conversation_id,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        outcome=Outcome(row.outcome) if row.outcome else None,
        case_id=row.case_id,
        intent=row.intent,
        confidence=row.confidence,
        model_id=row.model_id,
        reading=_reading(row.reading, doubtful=row.to_review),
    )


def _stored(reading: Reading | None) -> dict[str, Any] | None:
    if reading is None:
        return None
    return {"ranking": list(reading.ranking), "in_scope": reading.in_scope, "decision": reading.decision}


def _reading(stored: dict[str, Any] | None, *, doubtful: bool) -> Reading | None:
    if stored is None:
        return None
    ranking = tuple((str(name), float(confidence)) for name, confidence in stored["ranking"])
    return Reading(ranking=ranking, in_scope=stored["in_scope"], decision=stored["decision"], doubtful=doubtful)
