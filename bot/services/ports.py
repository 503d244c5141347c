"""What the use cases need from the outside. Adapters implement these; services know nothing else.

A `Store` gives a `UnitOfWork` per transaction. Everything written through one unit of work, queue messages and live
events included, becomes visible together when its block ends without an error, or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from bot.domain.arrivals import Arrival
from bot.domain.messages import (
    Channel,
)
from bot.services.ports_cases import Cases, Promises
from bot.services.ports_channel import Gates
from bot.services.ports_conversations import Conversations, Messages, Turns
from bot.services.ports_desk import Approvals, Offers, Ratings, Requests, Transfers
from bot.services.ports_models import Models
from bot.services.ports_needs import Answers, Needs
from bot.services.ports_people import ChatSessions, Staff
from bot.services.ports_roster import Rosters
from bot.services.ports_teach import Teaching


class Clock(Protocol):
    """The only source of time."""

    def now(self) -> datetime:
        """Return the present moment, aware."""
        ...


@dataclass(frozen=True, kw_only=True)
class StoredEvent:
    """A raw inbound event as it was accepted."""

    id: int
    channel: Channel
    chat: str
    payload: Mapping[str, Any]
    received_at: datetime


class Events(Protocol):
    """Raw inbound events, unique by channel and dedupe key."""

    async def add(self, channel: Channel, arrival: Arrival, at: datetime) -> int | None:
        """Store a raw event; ``None`` when the same one was accepted before."""
        ...

    async def get(self, event_id: int) -> StoredEvent:
        """Return one event. Raises `Unknown`."""
        ...


class QueueName(StrEnum):
    """The queues of the house."""

    INBOX = "inbox"
    OUTBOX = "outbox"
    TIMERS = "timers"


@dataclass(frozen=True, kw_only=True)
class QueueItem:
    """A message read from a queue. ``reads`` above 1 means that an earlier worker did not finish it."""

    id: int
    reads: int
    body: Mapping[str, Any]


class Queues(Protocol):
    """PGMQ inside the same transaction."""

    async def post(self, queue: QueueName, body: Mapping[str, Any], *, group: str | None = None) -> None:
        """Put a message into a queue, visible when this transaction has committed."""
        ...

    async def set_timer(self, body: Mapping[str, Any], at: datetime) -> int:
        """Put a message into the queue of timers that is visible from a moment on.

        Returns its id, with which `finish` cancels it.
        """
        ...

    async def read(self, queue: QueueName, *, seconds: int, limit: int) -> list[QueueItem]:
        """Take the heads of up to ``limit`` groups, hidden from other workers for ``seconds``."""
        ...

    async def finish(self, queue: QueueName, item_id: int) -> bool:
        """Delete a message; false when a second worker finished it first, and then nothing else may be written."""
        ...

    async def drop(self, queue: QueueName, item_id: int) -> None:
        """Delete a message when this transaction commits, where something else in it fences out a second worker."""
        ...

    async def hold(self, queue: QueueName, item_id: int, until: datetime) -> None:
        """Hide a message (and with it its group) until a moment."""
        ...

    async def bury(self, queue: QueueName, item_id: int) -> None:
        """Move a message that cannot be processed out of the way, keeping it for people to look at."""
        ...

    async def depth(self, queue: QueueName) -> int:
        """Count the messages in a queue, hidden ones included."""
        ...


class Feed(Protocol):
    """Live events for browsers."""

    async def publish(self, kind: str, conversation_id: int | None, data: Mapping[str, Any]) -> None:
        """Tell whoever watches, once this transaction has committed."""
        ...


class Audit(Protocol):
    """Who did what, append only."""

    async def write(self, at: datetime, actor: str, action: str, subject: str, **detail: Any) -> None:
        """Add a line."""
        ...

    async def acted(self, actor: str, subject: str, since: str) -> bool:
        """Tell whether somebody did anything with something after the last time that an action (``since``) befell it.

        The order of the lines counts, whatever the clock said; what this transaction writes does not.
        """
        ...


class ChannelStates(Protocol):
    """Small durable facts of channels: polling offsets, tokens."""

    async def get(self, key: str, *, lock: bool = False) -> dict[str, Any] | None:
        """Return a value; ``lock`` keeps every other locking reader of this key waiting until the transaction ends."""
        ...

    async def put(self, key: str, value: Mapping[str, Any]) -> None:
        """Store a value."""
        ...

    async def remove(self, key: str) -> None:
        """Forget a value, if there is one."""
        ...


class UnitOfWork(Protocol):
    """One transaction and everything that can be reached in it."""

    @property
    def conversations(self) -> Conversations:
        """See `Conversations`."""
        ...

    @property
    def messages(self) -> Messages:
        """See `Messages`."""
        ...

    @property
    def turns(self) -> Turns:
        """See `Turns`."""
        ...

    @property
    def cases(self) -> Cases:
        """See `Cases`."""
        ...

    @property
    def promises(self) -> Promises:
        """See `Promises`."""
        ...

    @property
    def rosters(self) -> Rosters:
        """See `Rosters`."""
        ...

    @property
    def offers(self) -> Offers:
        """See `Offers`."""
        ...

    @property
    def transfers(self) -> Transfers:
        """See `Transfers`."""
        ...

    @property
    def requests(self) -> Requests:
        """See `Requests`."""
        ...

    @property
    def approvals(self) -> Approvals:
        """See `Approvals`."""
        ...

    @property
    def ratings(self) -> Ratings:
        """See `Ratings`."""
        ...

    @property
    def teaching(self) -> Teaching:
        """See `Teaching`."""
        ...

    @property
    def needs(self) -> Needs:
        """See `Needs`."""
        ...

    @property
    def answers(self) -> Answers:
        """See `Answers`."""
        ...

    @property
    def models(self) -> Models:
        """See `Models`."""
        ...

    @property
    def staff(self) -> Staff:
        """See `Staff`."""
        ...

    @property
    def chat_sessions(self) -> ChatSessions:
        """See `ChatSessions`."""
        ...

    @property
    def events(self) -> Events:
        """See `Events`."""
        ...

    @property
    def queues(self) -> Queues:
        """See `Queues`."""
        ...

    @property
    def feed(self) -> Feed:
        """See `Feed`."""
        ...

    @property
    def audit(self) -> Audit:
        """See `Audit`."""
        ...

    @property
    def channel_states(self) -> ChannelStates:
        """See `ChannelStates`."""
        ...

    @property
    def gates(self) -> Gates:
        """See `Gates`."""
        ...


class Store(Protocol):
    """The one store."""

    @property
    def failures(self) -> tuple[type[Exception], ...]:
        """What is raised where the store cannot be reached, or is too busy: the same may succeed a moment later."""
        ...

    def begin(self, *, relaxed: bool = False) -> AbstractAsyncContextManager[UnitOfWork]:
        """Open a transaction that commits when its block ends and rolls back on an error.

        ``relaxed`` commits without waiting for the disk: only for what a later transaction, or a repetition, restores.
        """
        ...

    def read(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """Open a unit of work without a transaction: each statement stands by itself and commits at once.

        For reading, and for taking and holding queue items; what wakes somebody belongs into `begin`.
        """
        ...
