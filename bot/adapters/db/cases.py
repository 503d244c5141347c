"""Cases, their numbers and their lists in PostgreSQL."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Row,
    Select,
    bindparam,
    case,
    cast,
    false,
    func,
    insert,
    lateral,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.sql.dml import ReturningInsert

from bot.adapters.db.case_queries import CaseQueryTable
from bot.adapters.db.case_rows import changes_of, new_row, to_case
from bot.adapters.db.desk_tables import transfers
from bot.adapters.db.tables import cases, conversations, counters, customers, messages, promises, staff
from bot.domain.cases import Case, CaseState
from bot.domain.company import Priority
from bot.domain.errors import Unknown
from bot.domain.messages import Channel, Direction
from bot.domain.promises import CALL_NEAR, PromiseState
from bot.domain.staff import StaffMember
from bot.domain.transfers import TransferKind, TransferState
from bot.services.ports_cases import CaseFilter, CaseRow, NewCase, QueueLook

__all__ = ["INTRODUCED", "CaseTable", "to_case"]

INTRODUCED = (transfers.c.kind == TransferKind.INTRODUCED) & (transfers.c.state == TransferState.ACCEPTED)
"""Tells of a transfer that somebody was brought into a case by it."""

_URGENCY = case((cases.c.priority == Priority.URGENT, 0), (cases.c.priority == Priority.HIGH, 1), else_=2)


# Built once: see `bot.adapters.db.messages`.
_OF = select(cases).where(cases.c.customer_id == bindparam("customer")).order_by(cases.c.id.desc()).limit(20)
_OPEN_OF = _OF.where(cases.c.state != CaseState.RESOLVED)
_RECENT_OF = (
    _OF.where(or_(cases.c.state != CaseState.RESOLVED, cases.c.resolved_at >= bindparam("since")))
    .outerjoin(promises, (promises.c.case_id == cases.c.id) & (promises.c.state == PromiseState.OPEN))
    .add_columns(promises.c.due_at.label("due_at"))
)


def _drawing(*names: str) -> ReturningInsert[Any]:
    return (
        upsert(counters)
        .values([{"name": bindparam(name), "value": 1} for name in names])
        .on_conflict_do_update(index_elements=[counters.c.name], set_={"value": counters.c.value + 1})
        .returning(counters.c.name, counters.c.value)
    )


_DRAW, _DRAW_TWO = _drawing("first"), _drawing("first", "second")
_ADD = insert(cases).returning(cases)
_SAVE = update(cases).where(cases.c.id == bindparam("case"))


class CaseTable(CaseQueryTable):
    """See `bot.services.ports.Cases`."""

    async def numbers(self, prefix: str, department: str, day: date) -> tuple[int, int]:
        """Draw both in one statement, always in this order, so that two customers never wait for each other."""
        case_name, queue_name = f"case:{prefix}", _queue_name(department, day)
        drawn = await self._connection.execute(_DRAW_TWO, {"first": case_name, "second": queue_name})
        values = {row.name: int(row.value) for row in drawn}
        return values[case_name], values[queue_name]

    async def queue_number(self, department: str, day: date) -> int:
        """Draw a queue number."""
        drawn = await self._connection.execute(_DRAW, {"first": _queue_name(department, day)})
        return int(drawn.one().value)

    async def add(self, case: NewCase) -> Case:
        """Insert a waiting case."""
        return to_case((await self._connection.execute(_ADD, new_row(case))).one())

    async def get(self, case_id: int, *, lock: bool = False) -> Case:
        """Find by id."""
        return await self._one(select(cases).where(cases.c.id == case_id), f"case {case_id}", lock=lock)

    async def by_code(self, code: str, *, lock: bool = False) -> Case:
        """Find by code."""
        return await self._one(select(cases).where(cases.c.code == code), f"case {code}", lock=lock)

    async def _one(self, query: Select[Any], name: str, *, lock: bool) -> Case:
        row = (await self._connection.execute(query.with_for_update() if lock else query)).one_or_none()
        if row is None:
            raise Unknown(name)
        return to_case(row)

    async def save(self, case: Case) -> None:
        """Store a change."""
        await self._connection.execute(_SAVE, {"case": case.id, **changes_of(case)})

    async def of_customer(self, customer_id: int) -> list[Case]:
        """Find a customer's open cases."""
        return [to_case(row) for row in await self._connection.execute(_OPEN_OF, {"customer": customer_id})]

    async def recent(self, customer_id: int, since: datetime) -> list[tuple[Case, datetime | None]]:
        """Find a customer's cases, with the dates of their open promises."""
        rows = await self._connection.execute(_RECENT_OF, {"customer": customer_id, "since": since})
        return [(to_case(row), row.due_at) for row in rows]

    async def assigned_in(self, conversation_id: int, staff_id: int) -> list[Case]:
        """Find what a person holds in a conversation."""
        rows = await self._connection.execute(
            select(cases)
            .where(
                cases.c.conversation_id == conversation_id,
                cases.c.owner_id == staff_id,
                cases.c.state == CaseState.ASSIGNED,
            )
            .order_by(cases.c.id)
        )
        return [to_case(row) for row in rows]

    async def of_conversation(self, conversation_id: int) -> list[Case]:
        """Find by conversation."""
        rows = await self._connection.execute(
            select(cases).where(cases.c.conversation_id == conversation_id).order_by(cases.c.id.desc()).limit(200)
        )
        return [to_case(row) for row in rows]

    async def held_by(self, staff_id: int) -> list[Case]:
        """Find what a person holds anywhere."""
        rows = await self._connection.execute(
            select(cases).where(cases.c.owner_id == staff_id, cases.c.state == CaseState.ASSIGNED).order_by(cases.c.id)
        )
        return [to_case(row) for row in rows]

    async def listing(self, wanted: CaseFilter) -> list[CaseRow]:
        """Read a page for a list."""
        rows = await self._connection.execute(_listing(wanted))
        return [_row(row) for row in rows]

    async def waiting(self, now: datetime) -> dict[str, int]:
        """Count waiting cases."""
        rows = await self._connection.execute(
            select(cases.c.department, func.count())
            .where(cases.c.state == CaseState.WAITING, ~_rests(now))
            .group_by(cases.c.department)
        )
        return dict(rows.all())

    async def queues(self, staff: StaffMember, now: datetime) -> dict[str, QueueLook]:
        """Count open cases for the queue list."""
        open_waits = cases.c.state == CaseState.WAITING
        waits, rests = open_waits & ~_rests(now), open_waits & _rests(now)
        query = (
            select(
                cases.c.department,
                func.count().filter(waits).label("waiting"),
                func.count().filter(rests).label("resting"),
                func.count().filter(~open_waits).label("assigned"),
                func.min(cases.c.opened_at).filter(waits).label("waiting_since"),
                func.count().filter(waits & (promises.c.due_at < now)).label("late"),
            )
            .outerjoin(promises, (promises.c.case_id == cases.c.id) & (promises.c.state == PromiseState.OPEN))
            .where(cases.c.state != CaseState.RESOLVED)
            .group_by(cases.c.department)
        )
        rows = await self._connection.execute(_visible(query, staff))
        return {
            row.department: QueueLook(
                waiting=row.waiting,
                resting=row.resting,
                assigned=row.assigned,
                waiting_since=row.waiting_since,
                late=row.late,
            )
            for row in rows
        }


def _rests(now: datetime) -> ColumnElement[bool]:
    """Tell of a waiting case what `Case.rests_until` does."""
    call = cast(cases.c.sla[("call", "due_at")].astext, DateTime(timezone=True))
    owed = func.coalesce(cases.c.sla["first"].astext, cases.c.sla["next"].astext)
    return func.coalesce(call > now + CALL_NEAR, false()) & owed.is_(None) & (cases.c.priority != Priority.URGENT)


def _queue_name(department: str, day: date) -> str:
    return f"queue:{department}:{day.isoformat()}"


def _visible(query: Select[Any], person: StaffMember) -> Select[Any]:
    if person.leads:
        return query
    return query.where(or_(cases.c.department.in_(person.departments), cases.c.owner_id == person.id))


def _listing(wanted: CaseFilter) -> Select[Any]:
    last = lateral(
        select(messages.c.text.label("last_text"), messages.c.created_at.label("last_at"))
        .where(messages.c.conversation_id == cases.c.conversation_id, messages.c.direction != Direction.INTERNAL)
        .order_by(messages.c.id.desc())
        .limit(1)
    ).alias("last")
    query = (
        select(
            cases,
            customers.c.name.label("customer_name"),
            conversations.c.channel,
            staff.c.name.label("owner_name"),
            promises.c.due_at,
            last.c.last_text,
            last.c.last_at,
        )
        .join(customers, customers.c.id == cases.c.customer_id)
        .join(conversations, conversations.c.id == cases.c.conversation_id)
        .outerjoin(staff, staff.c.id == cases.c.owner_id)
        .outerjoin(promises, (promises.c.case_id == cases.c.id) & (promises.c.state == PromiseState.OPEN))
        .outerjoin(last, true())
        .limit(wanted.limit)
    )
    if wanted.state is CaseState.RESOLVED:
        query = query.where(cases.c.state == CaseState.RESOLVED).order_by(cases.c.id.desc())
        if wanted.before is not None:
            query = query.where(cases.c.id < wanted.before)
    else:
        query = query.where(cases.c.state != CaseState.RESOLVED).order_by(_URGENCY, cases.c.id)
    if wanted.state in (CaseState.WAITING, CaseState.ASSIGNED):
        query = query.where(cases.c.state == wanted.state)
    if wanted.department is not None:
        query = query.where(cases.c.department == wanted.department)
    if wanted.owner_id is not None:
        query = query.where(cases.c.owner_id == wanted.owner_id)
    if wanted.introduced_by is not None:
        introduced = transfers.c.case_id == cases.c.id, transfers.c.from_staff_id == wanted.introduced_by, INTRODUCED
        query = query.where(select(transfers.c.id).where(*introduced).exists(), cases.c.state != CaseState.RESOLVED)
    return _visible(query, wanted.visible_to) if wanted.visible_to is not None else query


def _row(row: Row[Any]) -> CaseRow:
    return CaseRow(
        case=to_case(row),
        customer_name=row.customer_name,
        channel=Channel(row.channel),
        owner_name=row.owner_name,
        due_at=row.due_at,
        last_text=row.last_text or "",
        last_at=row.last_at or row.opened_at,
    )
