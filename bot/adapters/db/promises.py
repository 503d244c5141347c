"""Promises in PostgreSQL."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.db.tables import promises
from bot.domain.errors import Unknown
from bot.domain.promises import Promise, PromiseKind, PromiseState

# Built once: see `bot.adapters.db.messages`.
_ADD = insert(promises).returning(promises)
_OPEN_OF = select(promises).where(promises.c.case_id == bindparam("case"), promises.c.state == PromiseState.OPEN)


class PromiseTable:
    """See `bot.services.ports.Promises`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(
        self,
        case_id: int,
        due_at: datetime,
        made_at: datetime,
        timer_id: int,
        kind: PromiseKind = PromiseKind.ANSWER,
        tries: int = 0,
        *,
        silent: bool = False,
    ) -> Promise:
        """Insert an open promise."""
        values = {
            "case_id": case_id,
            "due_at": due_at,
            "made_at": made_at,
            "state": PromiseState.OPEN,
            "timer_id": timer_id,
            "kind": kind,
            "tries": tries,
            "silent": silent,
        }
        return _promise((await self._connection.execute(_ADD, values)).one())

    async def get(self, promise_id: int) -> Promise:
        """Find by id."""
        row = (await self._connection.execute(select(promises).where(promises.c.id == promise_id))).one_or_none()
        if row is None:
            raise Unknown(f"promise {promise_id}")
        return _promise(row)

    async def open_of(self, case_id: int) -> Promise | None:
        """Find the open promise of a case."""
        row = (await self._connection.execute(_OPEN_OF, {"case": case_id})).one_or_none()
        return _promise(row) if row else None

    async def called(self, case_id: int, due_at: datetime) -> bool:
        """Look for a kept call."""
        found = await self._connection.scalar(
            select(promises.c.id)
            .where(
                promises.c.case_id == case_id,
                promises.c.due_at == due_at,
                promises.c.kind == PromiseKind.CALL,
                promises.c.state == PromiseState.KEPT,
            )
            .limit(1)
        )
        return found is not None

    async def broken(self, case_id: int) -> int:
        """Count the renewed ones after the last that was kept."""
        of_case = promises.c.case_id == case_id
        last_kept = select(func.max(promises.c.id)).where(of_case, promises.c.state == PromiseState.KEPT)
        count = await self._connection.scalar(
            select(func.count()).where(
                of_case,
                promises.c.state == PromiseState.RENEWED,
                promises.c.id > func.coalesce(last_kept.scalar_subquery(), 0),
            )
        )
        return int(count or 0)

    async def save(self, promise: Promise) -> None:
        """Store a change."""
        await self._connection.execute(
            update(promises)
            .where(promises.c.id == promise.id)
            .values(
                state=promise.state,
                settled_at=promise.settled_at,
                due_at=promise.due_at,
                timer_id=promise.timer_id,
                replied_at=promise.replied_at,
                calling_at=promise.calling_at,
            )
        )


def _promise(row: Row[Any]) -> Promise:
    return Promise(
        id=row.id,
        case_id=row.case_id,
        due_at=row.due_at,
        made_at=row.made_at,
        state=PromiseState(row.state),
        settled_at=row.settled_at,
        timer_id=row.timer_id,
        kind=PromiseKind(row.kind),
        replied_at=row.replied_at,
        tries=row.tries,
        calling_at=row.calling_at,
        silent=row.silent,
    )
