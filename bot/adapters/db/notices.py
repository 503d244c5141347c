"""Notices that wake listeners, collected over a transaction and sent as its last statement."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

LIVE_CHANNEL = "letan_live"
"""The LISTEN channel on which the feed says that there is something new; the payload is empty."""

WORK_CHANNEL = "letan_work"
"""The LISTEN channel that wakes workers; the payload is the queue's name."""

_NOTIFY = text(
    "SELECT pg_notify(channel, payload) "
    "FROM unnest(CAST(:channels AS text[]), CAST(:payloads AS text[])) AS due(channel, payload)"
)


class Notices:
    """What has to be said once the transaction has committed; PostgreSQL says it then, and equal ones once."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._due: dict[tuple[str, str], None] = {}

    def add(self, channel: str, payload: str = "") -> None:
        """Have listeners of a channel woken."""
        self._due[channel, payload] = None

    async def send(self) -> None:
        """Put everything that is due into the transaction."""
        if self._due:
            channels, payloads = zip(*self._due, strict=True)
            await self._connection.execute(_NOTIFY, {"channels": list(channels), "payloads": list(payloads)})
