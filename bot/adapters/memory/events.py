"""Raw inbound events, live events, audit, channel states and rate gates in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.adapters.memory.data import AuditLine, FeedEvent, Work
from bot.domain.arrivals import Arrival
from bot.domain.errors import Unknown
from bot.domain.messages import Channel
from bot.services.ports import StoredEvent


class MemoryEvents:
    """See `bot.services.ports.Events`."""

    def __init__(self, work: Work) -> None:
        self._memory = work.memory
        self._journal = work.journal

    async def add(self, channel: Channel, arrival: Arrival, at: datetime) -> int | None:
        """Store unless it is known."""
        key = (channel, arrival.dedupe_key)
        if key in self._memory.event_keys:
            return None
        event = StoredEvent(
            id=self._memory.next_id("events"),
            channel=channel,
            chat=arrival.chat,
            payload=dict(arrival.payload),
            received_at=at,
        )
        self._journal.put(self._memory.event_keys, key, event.id)
        self._journal.put(self._memory.events, event.id, event)
        return event.id

    async def get(self, event_id: int) -> StoredEvent:
        """Find by id."""
        found = self._memory.events.get(event_id)
        if found is None:
            raise Unknown(f"event {event_id}")
        return found


class MemoryFeed:
    """See `bot.services.ports.Feed`."""

    def __init__(self, work: Work) -> None:
        self._effects = work.effects

    async def publish(self, kind: str, conversation_id: int | None, data: Mapping[str, Any]) -> None:
        """Have it told after the commit."""
        self._effects.events.append(FeedEvent(kind, conversation_id, dict(data)))


class MemoryAudit:
    """See `bot.services.ports.Audit`."""

    def __init__(self, work: Work) -> None:
        self._memory = work.memory
        self._journal = work.journal

    async def write(self, at: datetime, actor: str, action: str, subject: str, **detail: Any) -> None:
        """Append a line."""
        lines = self._memory.audit.setdefault(subject, [])
        lines.append(AuditLine(at, actor, action, subject, detail))
        self._journal.on_undo(lines.pop)

    async def acted(self, actor: str, subject: str, since: str) -> bool:
        """Look for a line."""
        lines = self._memory.audit.get(subject, [])
        last = max((place for place, one in enumerate(lines) if one.action == since), default=len(lines))
        return any(one.actor == actor for one in lines[last + 1 :])


class MemoryChannelStates:
    """See `bot.services.ports.ChannelStates`."""

    def __init__(self, work: Work) -> None:
        self._memory = work.memory
        self._journal = work.journal

    async def get(self, key: str, *, lock: bool = False) -> dict[str, Any] | None:
        """Read a value."""
        found = self._memory.channel_states.get(key)
        return dict(found) if found is not None else None

    async def put(self, key: str, value: Mapping[str, Any]) -> None:
        """Write a value."""
        self._journal.put(self._memory.channel_states, key, dict(value))

    async def remove(self, key: str) -> None:
        """Forget a value."""
        if key in self._memory.channel_states:
            self._journal.drop(self._memory.channel_states, key)


class MemoryGates:
    """See `bot.services.ports_channel.Gates`."""

    def __init__(self, work: Work) -> None:
        self._gates = work.memory.gates
        self._journal = work.journal

    async def closed_until(self, keys: Sequence[str], now: datetime) -> datetime | None:
        """Read the latest closing time that is still ahead."""
        return max((self._gates[key] for key in keys if key in self._gates and self._gates[key] > now), default=None)

    async def reserve(self, pauses: Mapping[str, float], keys: Sequence[str], now: datetime) -> datetime:
        """Move every key's end one pause on; the slot begins where the end was, and not before all keys are open."""
        begins = max([now, *(self._gates[key] for key in keys if key in self._gates)])
        for key, pause in pauses.items():
            end = max(self._gates.get(key, now), now)
            self._journal.put(self._gates, key, end + timedelta(seconds=pause))
            begins = max(begins, end)
        return begins

    async def close(self, key: str, until: datetime) -> None:
        """Close, never earlier than it is closed already."""
        self._journal.put(self._gates, key, max(self._gates.get(key, until), until))
