"""Requests to back-office departments in PostgreSQL."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.db.desk_tables import REQUEST_TAKEN, REQUEST_UNSETTLED, requests
from bot.domain.errors import Unknown
from bot.domain.requests import Request, RequestState

# Built once: see `bot.adapters.db.messages`.
_ADD = insert(requests).values(state=RequestState.OPEN).returning(requests)
_GET = select(requests).where(requests.c.id == bindparam("request"))
_LOCK = _GET.with_for_update()
_SAVE = update(requests).where(requests.c.id == bindparam("request"))
_OF_CASE = select(requests).where(requests.c.case_id == bindparam("case")).order_by(requests.c.id)
_UNSETTLED = select(requests).where(REQUEST_UNSETTLED).order_by(requests.c.due_at, requests.c.id)
_UNSETTLED_IN = _UNSETTLED.where(requests.c.department.in_(bindparam("departments", expanding=True)))
_UNSETTLED_BY = (
    select(requests)
    .where(REQUEST_TAKEN, requests.c.taken_by == bindparam("person"))
    .order_by(requests.c.due_at, requests.c.id)
)


class RequestTable:
    """See `bot.services.ports_desk.Requests`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(
        self, case_id: int, department: str, asked_by: int, text: str, asked_at: datetime, due_at: datetime
    ) -> Request:
        """Insert an open request."""
        made = await self._connection.execute(
            _ADD,
            {
                "case_id": case_id,
                "department": department,
                "asked_by": asked_by,
                "text": text,
                "asked_at": asked_at,
                "due_at": due_at,
            },
        )
        return _request(made.one())

    async def get(self, request_id: int, *, lock: bool = False) -> Request:
        """Find by id."""
        row = (await self._connection.execute(_LOCK if lock else _GET, {"request": request_id})).one_or_none()
        if row is None:
            raise Unknown(f"request {request_id}")
        return _request(row)

    async def save(self, request: Request) -> None:
        """Store a change."""
        await self._connection.execute(
            _SAVE,
            {
                "request": request.id,
                "state": request.state,
                "due_at": request.due_at,
                "taken_by": request.taken_by,
                "answer": request.answer,
                "settled_at": request.settled_at,
                "slipped": request.slipped,
                "timer_id": request.timer_id,
            },
        )

    async def unsettled_in(self, departments: frozenset[str] | None) -> list[Request]:
        """Find what departments owe."""
        if departments is None:
            rows = await self._connection.execute(_UNSETTLED)
        else:
            rows = await self._connection.execute(_UNSETTLED_IN, {"departments": sorted(departments)})
        return [_request(row) for row in rows]

    async def unsettled_by(self, staff_id: int) -> list[Request]:
        """Find what a person owes."""
        return [_request(row) for row in await self._connection.execute(_UNSETTLED_BY, {"person": staff_id})]

    async def of_case(self, case_id: int) -> list[Request]:
        """Find by case."""
        return [_request(row) for row in await self._connection.execute(_OF_CASE, {"case": case_id})]


def _request(row: Row[Any]) -> Request:
    return Request(
        id=row.id,
        case_id=row.case_id,
        department=row.department,
        asked_by=row.asked_by,
        text=row.text,
        asked_at=row.asked_at,
        due_at=row.due_at,
        state=RequestState(row.state),
        taken_by=row.taken_by,
        answer=row.answer,
        settled_at=row.settled_at,
        slipped=row.slipped,
        timer_id=row.timer_id,
    )
