"""PGMQ through the connection of the open transaction.

The functions come from PGMQ 1.13 (see migration 0001). Whatever is put into a queue also rings the bell, so that a
worker on any host wakes when the transaction has committed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.db.tail import Tail
from bot.services.ports import QueueItem, QueueName

_SET_TIMER = text(f"SELECT pgmq.send('{QueueName.TIMERS}', :body, '{{}}'::jsonb, :at)").bindparams(
    bindparam("body", type_=JSONB)
)
_READ_HEADS = text(
    "SELECT msg_id, read_ct, message FROM pgmq.read_grouped_head(:queue, :seconds, :limit) ORDER BY msg_id"
)
_READ = text("SELECT msg_id, read_ct, message FROM pgmq.read(:queue, :seconds, :limit)")
_DELETE = text("SELECT pgmq.delete(:queue, CAST(:id AS bigint))")
_HOLD = text("SELECT 1 FROM pgmq.set_vt(:queue, CAST(:id AS bigint), CAST(:until AS timestamptz))")
_ARCHIVE = text("SELECT pgmq.archive(:queue, CAST(:id AS bigint))")
_DEPTH = text("SELECT queue_length FROM pgmq.metrics(:queue)")


class PgmqQueues:
    """See `bot.services.ports.Queues`."""

    def __init__(self, connection: AsyncConnection, tail: Tail) -> None:
        self._connection = connection
        self._tail = tail

    async def post(self, queue: QueueName, body: Mapping[str, Any], *, group: str | None = None) -> None:
        """Append a message to a queue."""
        self._tail.post(queue.value, body, {"x-pgmq-group": group} if group is not None else {})

    async def set_timer(self, body: Mapping[str, Any], at: datetime) -> int:
        """Put a delayed message into the queue of timers."""
        sent = await self._connection.execute(_SET_TIMER, {"body": dict(body), "at": at})
        self._tail.wake(QueueName.TIMERS.value)
        return int(sent.scalar_one())

    async def read(self, queue: QueueName, *, seconds: int, limit: int) -> list[QueueItem]:
        """Take messages: heads of groups, or due timers (which have no groups: each stands for itself)."""
        statement = _READ if queue is QueueName.TIMERS else _READ_HEADS
        rows = await self._connection.execute(statement, {"queue": queue.value, "seconds": seconds, "limit": limit})
        return [QueueItem(id=row.msg_id, reads=row.read_ct, body=row.message) for row in rows]

    async def finish(self, queue: QueueName, item_id: int) -> bool:
        """Delete a message."""
        return bool(await self._connection.scalar(_DELETE, {"queue": queue.value, "id": item_id}))

    async def drop(self, queue: QueueName, item_id: int) -> None:
        """Delete a message at the end."""
        self._tail.drop(queue.value, item_id)

    async def hold(self, queue: QueueName, item_id: int, until: datetime) -> None:
        """Hide a message."""
        await self._connection.execute(_HOLD, {"queue": queue.value, "id": item_id, "until": until})

    async def bury(self, queue: QueueName, item_id: int) -> None:
        """Archive a message."""
        await self._connection.execute(_ARCHIVE, {"queue": queue.value, "id": item_id})

    async def depth(self, queue: QueueName) -> int:
        """Count messages."""
        return int(await self._connection.scalar(_DEPTH, {"queue": queue.value}) or 0)
