"""Raw inbound events, live events, audit, channel states and rate gates in PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, bindparam, delete, exists, func, select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.db.tables import audit, channel_state, inbound_events, send_gates
from bot.adapters.db.tail import Tail
from bot.domain.arrivals import Arrival
from bot.domain.errors import Unknown
from bot.domain.messages import Channel
from bot.services.ports import StoredEvent

# Built once: see `bot.adapters.db.messages`.
_ACCEPT = (
    upsert(inbound_events)
    .on_conflict_do_nothing(index_elements=[inbound_events.c.channel, inbound_events.c.dedupe_key])
    .returning(inbound_events.c.id)
)


_earlier = audit.alias()
_ACTED = select(
    exists().where(
        audit.c.subject == bindparam("found_subject"),
        audit.c.actor == bindparam("found_actor"),
        audit.c.id
        > select(func.max(_earlier.c.id))
        .where(_earlier.c.subject == bindparam("found_subject"), _earlier.c.action == bindparam("since"))
        .scalar_subquery(),
    )
)

_RESERVE = text(
    """
    WITH taken AS (
        INSERT INTO send_gates AS gate (key, open_at)
        SELECT key, :now + make_interval(secs => pause)
        FROM unnest(CAST(:paced AS text[]), CAST(:pauses AS float8[])) WITH ORDINALITY AS one(key, pause, place)
        ORDER BY place
        ON CONFLICT (key) DO UPDATE SET open_at = greatest(gate.open_at, :now) + (excluded.open_at - :now)
        RETURNING key, open_at
    )
    SELECT taken.open_at - make_interval(secs => pause) AS opens
    FROM taken JOIN unnest(CAST(:paced AS text[]), CAST(:pauses AS float8[])) AS one(key, pause) USING (key)
    UNION ALL SELECT max(open_at) FROM send_gates WHERE key = ANY(CAST(:keys AS text[]))
    """
).bindparams(bindparam("now", type_=DateTime(timezone=True)))


class EventTable:
    """See `bot.services.ports.Events`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, channel: Channel, arrival: Arrival, at: datetime) -> int | None:
        """Insert unless it is known."""
        made = await self._connection.execute(
            _ACCEPT,
            {
                "channel": channel,
                "dedupe_key": arrival.dedupe_key,
                "chat": arrival.chat,
                "payload": dict(arrival.payload),
                "received_at": at,
            },
        )
        event_id = made.scalar_one_or_none()
        return int(event_id) if event_id is not None else None

    async def get(self, event_id: int) -> StoredEvent:
        """Find by id."""
        rows = await self._connection.execute(select(inbound_events).where(inbound_events.c.id == event_id))
        row = rows.one_or_none()
        if row is None:
            raise Unknown(f"event {event_id}")
        return StoredEvent(
            id=row.id,
            channel=Channel(row.channel),
            chat=row.chat,
            payload=row.payload,
            received_at=row.received_at,
        )


class FeedTable:
    """See `bot.services.ports.Feed`."""

    def __init__(self, tail: Tail) -> None:
        self._tail = tail

    async def publish(self, kind: str, conversation_id: int | None, data: Mapping[str, Any]) -> None:
        """Append a live event."""
        self._tail.event(kind, conversation_id, data)


class AuditTable:
    """See `bot.services.ports.Audit`."""

    def __init__(self, connection: AsyncConnection, tail: Tail) -> None:
        self._connection = connection
        self._tail = tail

    async def write(self, at: datetime, actor: str, action: str, subject: str, **detail: Any) -> None:
        """Append a line."""
        self._tail.line(at, actor, action, subject, detail)

    async def acted(self, actor: str, subject: str, since: str) -> bool:
        """Look for a line."""
        return bool(
            await self._connection.scalar(_ACTED, {"found_actor": actor, "found_subject": subject, "since": since})
        )


class ChannelStateTable:
    """See `bot.services.ports.ChannelStates`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, key: str, *, lock: bool = False) -> dict[str, Any] | None:
        """Read a value, behind a lock on the key when asked (a row that is not there yet cannot be locked)."""
        if lock:
            await self._connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))
        found = await self._connection.scalar(select(channel_state.c.value).where(channel_state.c.key == key))
        return dict(found) if found is not None else None

    async def put(self, key: str, value: Mapping[str, Any]) -> None:
        """Write a value."""
        await self._connection.execute(
            upsert(channel_state)
            .values(key=key, value=dict(value))
            .on_conflict_do_update(index_elements=[channel_state.c.key], set_={"value": dict(value)})
        )

    async def remove(self, key: str) -> None:
        """Delete a value."""
        await self._connection.execute(delete(channel_state).where(channel_state.c.key == key))


class GateTable:
    """See `bot.services.ports_channel.Gates`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def closed_until(self, keys: Sequence[str], now: datetime) -> datetime | None:
        """Read the latest closing time that is still ahead."""
        latest: datetime | None = await self._connection.scalar(
            select(func.max(send_gates.c.open_at)).where(send_gates.c.key.in_(keys))
        )
        return latest if latest is not None and latest > now else None

    async def reserve(self, pauses: Mapping[str, float], keys: Sequence[str], now: datetime) -> datetime:
        """Move every key's end one pause on, in one statement; the slot begins where the end was."""
        # In a fixed order, so that two senders never wait for each other's rows.
        paced = sorted(pauses)
        taken = await self._connection.execute(
            _RESERVE, {"paced": paced, "pauses": [pauses[key] for key in paced], "now": now, "keys": list(keys)}
        )
        begins: list[datetime] = [row.opens for row in taken if row.opens is not None]
        return max([now, *begins])

    async def close(self, key: str, until: datetime) -> None:
        """Close, never earlier than it is closed already."""
        await self._connection.execute(
            upsert(send_gates)
            .values(key=key, open_at=until)
            .on_conflict_do_update(
                index_elements=[send_gates.c.key], set_={"open_at": func.greatest(send_gates.c.open_at, until)}
            )
        )
