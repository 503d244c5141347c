"""Taught needs in PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Row, exists, func, literal, not_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.db.need_tables import needs
from bot.adapters.db.review_tables import refusals
from bot.adapters.db.tables import conversations, customers, messages
from bot.adapters.db.teach_tables import examples, labels
from bot.domain.company import Priority, Words
from bot.domain.errors import Unknown
from bot.domain.messages import Author
from bot.domain.teaching.examples import ExampleState
from bot.domain.teaching.needs import NeedState, TaughtNeed
from bot.domain.teaching.worth import STRANGE
from bot.services.ports_needs import ExampleCounts
from bot.services.ports_teach import Spoken

# Asked back, given up, or strange: an answer that was only a close choice is of a need that there is.
_UNKNOWN = text(
    """
    SELECT said.id AS id, said.text AS text, conversations.customer_id, customers.name
    FROM turns
    JOIN conversations ON conversations.id = turns.conversation_id
    JOIN customers ON customers.id = conversations.customer_id
    CROSS JOIN LATERAL (
        SELECT id, text FROM messages
        WHERE turn_id = turns.id AND author = 'customer' AND text <> '' ORDER BY id DESC LIMIT 1
    ) AS said
    WHERE turns.to_review AND turns.closed_at >= :since
    AND (turns.reading ->> 'decision' <> 'answer' OR (turns.reading ->> 'in_scope')::float < :strange)
    AND NOT EXISTS (SELECT FROM labels WHERE labels.message_id = said.id AND labels.undone_at IS NULL)
    AND NOT EXISTS (SELECT FROM refusals WHERE refusals.customer_id = conversations.customer_id)
    ORDER BY turns.closed_at DESC LIMIT :limit
    """
)
_STAMP = text(
    """
    SELECT (SELECT coalesce(md5(string_agg(needs::text, E'\\n' ORDER BY id)), '') FROM needs)
        || ' ' || (SELECT count(*) || ' ' || coalesce(max(id), 0) FROM answers)
    """
)


class NeedTable:
    """See `bot.services.ports_needs.Needs`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, need: TaughtNeed) -> TaughtNeed | None:
        """Insert unless there is one of this intent."""
        statement = insert(needs).values(_values(need)).on_conflict_do_nothing().returning(needs)
        row = (await self._connection.execute(statement)).one_or_none()
        return _need(row) if row else None

    async def get(self, need_id: int) -> TaughtNeed:
        """Find by id."""
        row = (
            await self._connection.execute(select(needs).where(needs.c.id == need_id).with_for_update())
        ).one_or_none()
        if row is None:
            raise Unknown(f"need {need_id}")
        return _need(row)

    async def save(self, need: TaughtNeed) -> None:
        """Update."""
        await self._connection.execute(update(needs).where(needs.c.id == need.id).values(_values(need)))

    async def listed(self) -> list[TaughtNeed]:
        """List."""
        return [_need(row) for row in await self._connection.execute(select(needs).order_by(needs.c.id))]

    async def stamp(self) -> str:
        """Needs change in place and are few; an answer gets another version, so its texts need not be read."""
        return str((await self._connection.execute(_STAMP)).scalar_one())

    async def counts(self) -> Mapping[str, ExampleCounts]:
        """Count by intent and state."""
        rows = await self._connection.execute(
            select(examples.c.label, examples.c.state, func.count())
            .where(examples.c.state != ExampleState.WITHDRAWN, examples.c.label.in_(select(needs.c.intent)))
            .group_by(examples.c.label, examples.c.state)
        )
        found: dict[str, dict[str, int]] = {}
        for label, state, count in rows:
            found.setdefault(label, {})[state] = count
        return {label: ExampleCounts(**states) for label, states in found.items()}

    async def example_ids(self, intent: str) -> list[int]:
        """List by label."""
        rows = await self._connection.execute(
            select(examples.c.id)
            .where(examples.c.label == intent, examples.c.state != ExampleState.WITHDRAWN)
            .order_by(examples.c.id)
        )
        return list(rows.scalars())

    async def unknown(self, since: datetime, limit: int) -> list[Spoken]:
        """Find them through the index of doubtful turns."""
        given = {"since": since, "limit": limit, "strange": STRANGE}
        return [_said(row) for row in await self._connection.execute(_UNKNOWN, given)]

    async def undecided(self, message_ids: Iterable[int]) -> list[Spoken]:
        """Find by ids."""
        # One array, not thousands of parameters.
        wanted = literal(list(message_ids), ARRAY(BigInteger))
        standing = exists().where(labels.c.message_id == messages.c.id, labels.c.undone_at.is_(None))
        rows = await self._connection.execute(
            select(messages.c.id, messages.c.text, conversations.c.customer_id, customers.c.name)
            .join(conversations, conversations.c.id == messages.c.conversation_id)
            .join(customers, customers.c.id == conversations.c.customer_id)
            .where(
                messages.c.id == func.any(wanted),
                messages.c.author == Author.CUSTOMER,
                not_(standing),
                not_(exists().where(refusals.c.customer_id == conversations.c.customer_id)),
            )
        )
        return [_said(row) for row in rows]


def _said(row: Row[*tuple[Any, ...]]) -> Spoken:
    return Spoken(message_id=row.id, customer_id=row.customer_id, text=row.text, name=row.name)


def _values(need: TaughtNeed) -> dict[str, Any]:
    return {
        "intent": need.intent,
        "department": need.department,
        "name_vi": need.name.vi,
        "name_en": need.name.en,
        "priority": need.priority,
        "state": need.state,
        "made_by": need.made_by,
        "made_at": need.made_at,
        "retired_at": need.retired_at,
    }


def _need(row: Row[Any]) -> TaughtNeed:
    return TaughtNeed(
        id=row.id,
        intent=row.intent,
        department=row.department,
        name=Words(row.name_vi, row.name_en),
        priority=Priority(row.priority),
        state=NeedState(row.state),
        made_by=row.made_by,
        made_at=row.made_at,
        retired_at=row.retired_at,
    )
