"""What a transaction writes at its end: live events, audit, what comes into queues or goes out, in one statement.

Nothing within a transaction reads these, so they wait until all else is written. A statement saved is a quarter of a
millisecond of processor time, and every message a customer writes would pay for five of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.db.bell import LIVE

# The queue messages are counted at the end: PostgreSQL leaves out a query that nobody asks for.
_APPEND = text(
    """
    WITH told AS (
        INSERT INTO live_events (kind, conversation_id, data)
        SELECT kind, conversation_id, data
        FROM jsonb_to_recordset(:events) AS one(place int, kind text, conversation_id bigint, data jsonb) ORDER BY place
    ), noted AS (
        INSERT INTO audit (at, actor, action, subject, detail)
        SELECT at, actor, action, subject, detail
        FROM jsonb_to_recordset(:lines)
             AS one(place int, at timestamptz, actor text, action text, subject text, detail jsonb) ORDER BY place
    ), posted AS (
        SELECT pgmq.send(queue, body, headers)
        FROM (
            SELECT queue, body, headers
            FROM jsonb_to_recordset(:posts) AS one(place int, queue text, body jsonb, headers jsonb) ORDER BY place
        ) AS in_order
    ), dropped AS (
        SELECT pgmq.delete(queue, id) FROM jsonb_to_recordset(:drops) AS one(queue text, id bigint)
    )
    SELECT (SELECT count(*) FROM posted) + (SELECT count(*) FROM dropped)
    """
).bindparams(*(bindparam(name, type_=JSONB) for name in ("events", "lines", "posts", "drops")))


class Tail:
    """Collects over a transaction what is appended as its last statement, and who is woken after its commit."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._events: list[dict[str, Any]] = []
        self._lines: list[dict[str, Any]] = []
        self._posts: list[dict[str, Any]] = []
        self._drops: list[dict[str, Any]] = []
        self.woken: dict[str, None] = {}

    def wake(self, said: str) -> None:
        """Have the bell say this once the transaction has committed."""
        self.woken[said] = None

    def event(self, kind: str, conversation_id: int | None, data: Mapping[str, Any]) -> None:
        """Append a live event and wake the browsers' feed."""
        self._events.append(
            {"place": len(self._events), "kind": kind, "conversation_id": conversation_id, "data": dict(data)}
        )
        self.wake(LIVE)

    def line(self, at: datetime, actor: str, action: str, subject: str, detail: Mapping[str, Any]) -> None:
        """Append a line to the audit."""
        self._lines.append(
            {
                "place": len(self._lines),
                "at": at.isoformat(),
                "actor": actor,
                "action": action,
                "subject": subject,
                "detail": dict(detail),
            }
        )

    def post(self, queue: str, body: Mapping[str, Any], headers: Mapping[str, Any]) -> None:
        """Append a queue message and wake the queue's workers."""
        self._posts.append({"place": len(self._posts), "queue": queue, "body": dict(body), "headers": dict(headers)})
        self.wake(queue)

    def drop(self, queue: str, item_id: int) -> None:
        """Delete a queue message."""
        self._drops.append({"queue": queue, "id": item_id})

    async def append(self) -> None:
        """Write everything that was collected into the transaction."""
        if self._events or self._lines or self._posts or self._drops:
            await self._connection.execute(
                _APPEND, {"events": self._events, "lines": self._lines, "posts": self._posts, "drops": self._drops}
            )
