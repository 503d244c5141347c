"""What was read by which model, in PostgreSQL: live traffic through an index on time, and an even sample of much."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.db.model_tables import shadow_readings
from bot.domain.teaching.drift import Heard
from bot.services.ports_models import Counted, Differing, ReadMessage, ShadowReading
from bot.services.readings import ANSWER

# What a customer said in a turn, as the engine was given it: several messages that belong together are one text.
_SAID = """
    CROSS JOIN LATERAL (
        SELECT max(id) AS id, string_agg(text, E'\\n' ORDER BY id) AS text FROM messages
        WHERE turn_id = turns.id AND author = 'customer' AND text <> ''
    ) AS said
    JOIN conversations ON conversations.id = turns.conversation_id
    JOIN customers ON customers.id = conversations.customer_id
"""
_READ = "turns.reading IS NOT NULL AND turns.intent IS NOT NULL AND said.id IS NOT NULL"
_UNSHADOWED = text(
    f"""
    SELECT said.id, said.text, turns.intent, turns.closed_at, customers.name FROM turns {_SAID}
    WHERE turns.closed_at >= :since AND {_READ}
    AND NOT EXISTS (SELECT FROM shadow_readings WHERE model_id = :model AND message_id = said.id)
    ORDER BY turns.closed_at LIMIT :limit
    """  # noqa: S608 - fixed text
)
_BETWEEN = text(
    f"""
    SELECT said.id, said.text, turns.intent, turns.closed_at, turns.reading ->> 'decision' AS decision,
        customers.name, customers.id AS customer_id, conversations.channel
    FROM turns {_SAID}
    WHERE turns.closed_at >= :since AND turns.closed_at < :until AND turns.id % :every = 0 AND {_READ}
    ORDER BY turns.closed_at
    """  # noqa: S608 - fixed text
)
_HOW_MANY = text("SELECT count(*) FROM turns WHERE reading IS NOT NULL AND closed_at >= :since AND closed_at < :until")
_COUNTED = text(
    """
    SELECT conversations.channel, turns.intent, turns.reading ->> 'decision' AS decision, count(*) AS count
    FROM turns JOIN conversations ON conversations.id = turns.conversation_id
    WHERE turns.reading IS NOT NULL AND turns.closed_at >= :since AND turns.closed_at < :until
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    """
)
_COUNTS = text(
    """
    SELECT count(*) AS messages, count(*) FILTER (WHERE agrees) AS agree
    FROM shadow_readings WHERE model_id = :model AND at >= :since
    """
)
_DIFFERING = text(
    """
    SELECT shadow_readings.*, messages.text, customers.name
    FROM shadow_readings
    JOIN messages ON messages.id = shadow_readings.message_id
    JOIN conversations ON conversations.id = messages.conversation_id
    JOIN customers ON customers.id = conversations.customer_id
    WHERE shadow_readings.model_id = :model AND shadow_readings.at >= :since AND NOT agrees
    ORDER BY shadow_readings.at DESC, message_id DESC LIMIT :limit
    """
)
_READ_THEN = text(
    """
    SELECT examples.id, turns.intent FROM examples
    JOIN messages ON messages.id = examples.message_id
    JOIN turns ON turns.id = messages.turn_id
    WHERE examples.state = 'approved' AND turns.intent IS NOT NULL
    """
)


class ModelRows:
    """See `bot.services.ports_models.Models`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def unshadowed(self, model_id: str, since: datetime, limit: int) -> list[ReadMessage]:
        """Find through the index on time."""
        given = {"model": model_id, "since": since, "limit": limit}
        return [_read(row) for row in await self._connection.execute(_UNSHADOWED, given)]

    async def add_shadow_readings(self, readings: Sequence[ShadowReading]) -> None:
        """Insert what is not there."""
        if readings:
            values = [
                {
                    "model_id": one.model_id,
                    "message_id": one.message_id,
                    "serving": one.serving,
                    "intent": one.intent,
                    "confidence": one.confidence,
                    "agrees": one.agrees,
                    "at": one.at,
                }
                for one in readings
            ]
            await self._connection.execute(upsert(shadow_readings).values(values).on_conflict_do_nothing())

    async def shadow_counts(self, model_id: str, since: datetime) -> tuple[int, int]:
        """Count."""
        row = (await self._connection.execute(_COUNTS, {"model": model_id, "since": since})).one()
        return int(row.messages), int(row.agree)

    async def differing(self, model_id: str, since: datetime, limit: int) -> list[Differing]:
        """List those whose message is still there."""
        rows = await self._connection.execute(_DIFFERING, {"model": model_id, "since": since, "limit": limit})
        return [
            Differing(
                reading=ShadowReading(
                    model_id=row.model_id,
                    message_id=row.message_id,
                    serving=row.serving,
                    intent=row.intent,
                    confidence=row.confidence,
                    at=row.at,
                ),
                text=row.text,
                name=row.name,
            )
            for row in rows
        ]

    async def read_between(self, since: datetime, until: datetime, limit: int) -> list[ReadMessage]:
        """List every so many-th turn."""
        return [_read(row) for row in await self._sample(since, until, limit)]

    async def read_then(self) -> dict[int, str]:
        """Look at the turns of the examples' messages."""
        return {row.id: row.intent for row in await self._connection.execute(_READ_THEN)}

    async def counted(self, since: datetime, until: datetime) -> list[Counted]:
        """Group."""
        rows = await self._connection.execute(_COUNTED, {"since": since, "until": until})
        return [
            Counted(channel=channel, intent=intent, decision=decision, count=count)
            for channel, intent, decision, count in rows
        ]

    async def heard(self, since: datetime, until: datetime, limit: int) -> list[Heard]:
        """List every so many-th turn."""
        return [
            Heard(
                channel=row.channel,
                customer_id=row.customer_id,
                text=row.text,
                intent=row.intent,
                fallback=row.decision != ANSWER,
            )
            for row in await self._sample(since, until, limit)
        ]

    async def _sample(self, since: datetime, until: datetime, limit: int) -> Sequence[Row[Any]]:
        span = {"since": since, "until": until}
        found = int((await self._connection.execute(_HOW_MANY, span)).scalar_one())
        every = max(1, -(-found // limit))
        return (await self._connection.execute(_BETWEEN, {**span, "every": every})).all()


def _read(row: Row[Any]) -> ReadMessage:
    return ReadMessage(message_id=row.id, text=row.text, intent=row.intent, at=row.closed_at, name=row.name)
