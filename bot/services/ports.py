"""What the use cases need from the outside. Adapters implement these; services know nothing else.

A `Store` gives a `UnitOfWork` per transaction. Everything written through one unit of work, queue messages and live
events included, becomes visible together when its block ends without an error, or not at all.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from bot.domain.arrivals import Arrival
from bot.domain.conversations import Conversation, Floor
from bot.domain.messages import (
    Attachment,
    AttachmentState,
    Author,
    Button,
    Channel,
    Delivery,
    Direction,
    Media,
    Message,
    MessageKind,
)
from bot.domain.turns import Closing, Turn
from bot.services.ports_cases import Cases, Promises
from bot.services.ports_channel import Gates
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
class NewMessage:
    """A message about to be stored. ``handled`` is false for an inbound message that a worker still has to look at."""

    conversation_id: int
    direction: Direction
    author: Author
    kind: MessageKind = MessageKind.TEXT
    text: str = ""
    staff_id: int | None = None
    turn_id: int | None = None
    case_id: int | None = None
    client_id: str | None = None
    provider_id: str | None = None
    delivery: Delivery | None = None
    buttons: Sequence[Button] = ()
    media: Sequence[Media] = ()
    meta: Mapping[str, Any] = field(default_factory=dict)
    handled: bool = True
    created_at: datetime


class Conversations(Protocol):
    """Conversations and the customers behind them."""

    async def meet(
        self, channel: Channel, chat: str, sender_id: str, name: str | None, language: str, at: datetime
    ) -> Conversation:
        """Return the conversation of a chat, made with its customer at the first meeting, and lock it.

        The lock serialises all writers of one conversation until the transaction ends, so ids of its messages and
        queue entries follow the order of commit.
        """
        ...

    async def at(self, channel: Channel, chat: str) -> Conversation | None:
        """Return the conversation of a chat, unlocked, or ``None`` before the first meeting."""
        ...

    async def get(self, conversation_id: int, *, lock: bool = False) -> Conversation:
        """Return one conversation. Raises `Unknown`."""
        ...

    async def save_floor(self, conversation_id: int, floor: Floor) -> None:
        """Store a new floor; the caller holds the lock."""
        ...

    async def save_dialogue(self, conversation_id: int, dialogue: Mapping[str, Any] | None, language: str) -> None:
        """Store the engine's state and the language the customer writes."""
        ...

    async def save_reachable(self, conversation_id: int, *, reachable: bool) -> None:
        """Remember whether the channel still delivers to this customer."""
        ...

    async def save_name(self, customer_id: int, name: str, *, first: bool = False) -> None:
        """Store the name that the channel or the customer gave; as the ``first``, only where there is none."""
        ...


class Messages(Protocol):
    """Messages and their attachments."""

    async def add(self, message: NewMessage) -> Message:
        """Store a message with its attachments and return it with its id."""
        ...

    async def add_to_turn(self, message: NewMessage) -> Message:
        """Store a customer's message in the open turn of a locked conversation, opening one where there is none."""
        ...

    async def get(self, message_id: int) -> Message:
        """Return one message with attachments. Raises `Unknown`."""
        ...

    async def by_client_id(self, conversation_id: int, client_id: str) -> Message | None:
        """Return the message that the web chat named so."""
        ...

    async def by_provider_id(self, conversation_id: int, provider_id: str, direction: Direction) -> Message | None:
        """Return the newest message that the channel named so."""
        ...

    async def history(
        self,
        conversation_id: int,
        *,
        after: int = 0,
        before: int | None = None,
        limit: int = 50,
        newest: bool = False,
        notes_of: Collection[int] = (),
    ) -> list[Message]:
        """Return messages oldest first: ``limit`` after an id, or the ``newest`` before one; notes of ``notes_of``."""
        ...

    async def with_conversation(self, message_id: int) -> tuple[Message, Conversation]:
        """Return a message and the conversation it stands in, unlocked. Raises `Unknown`."""
        ...

    async def many(self, message_ids: Sequence[int]) -> list[Message]:
        """Return messages by id with their attachments, in the order of their ids."""
        ...

    async def take(self, message_id: int) -> int | None:
        """Note that an inbound message is dealt with now, and return its turn; ``None`` when somebody was faster."""
        ...

    async def unhandled(self, turn_id: int) -> list[Message]:
        """Return the messages of a turn that nobody has dealt with, oldest first."""
        ...

    async def last_at(self, conversation_id: int, author: Author) -> datetime | None:
        """Return when somebody of this kind last said something in a conversation."""
        ...

    async def move_unhandled(self, turn_id: int, to_turn_id: int) -> None:
        """Put the messages of a turn that nobody has dealt with into another turn."""
        ...

    async def set_case(self, message_id: int, case_id: int) -> None:
        """Note to which case a message belongs."""
        ...

    async def set_delivery(
        self,
        message_id: int,
        delivery: Delivery,
        *,
        before: Collection[Delivery],
        provider_id: str | None = None,
        error: str | None = None,
    ) -> bool:
        """Store how far an outbound message has come, if it is in one of the states ``before``; tell whether it was."""
        ...

    async def edit(self, message_id: int, text: str, at: datetime) -> None:
        """Store the new text; the earlier one stays in ``meta['versions']``."""
        ...

    async def album_answered(self, conversation_id: int, album: str, before: int) -> bool:
        """Tell whether an earlier message of the same album has been dealt with."""
        ...

    async def attachment(self, attachment_id: int) -> Attachment:
        """Return one attachment. Raises `Unknown`."""
        ...

    async def save_attachment(
        self, attachment_id: int, state: AttachmentState, *, path: str | None, mime: str, size: int | None
    ) -> None:
        """Store what became of fetching a file."""
        ...

    async def wrote_since(self, conversation_id: int, message_id: int) -> bool:
        """Tell whether the customer has written anything behind a message, however much the house has said since."""
        ...

    async def last_outbound_text(self, conversation_id: int) -> str | None:
        """Return what was said last to the customer, by whomever."""
        ...


class Turns(Protocol):
    """The turn ledger."""

    async def current(self, conversation_id: int, at: datetime) -> Turn:
        """Return the open turn of a locked conversation, opening one where there is none."""
        ...

    async def opened(self, conversation_id: int) -> Turn | None:
        """Return the open turn, if there is one."""
        ...

    async def get(self, turn_id: int) -> Turn:
        """Return one turn. Raises `Unknown`."""
        ...

    async def close(self, turn_id: int, closing: Closing, *, after: int = 0) -> int | None:
        """Close an open turn and count its messages behind the message ``after`` that nobody has dealt with.

        Returns ``None``, and changes nothing, where the turn had closed already.
        """
        ...

    async def overdue(self, before: datetime, limit: int) -> list[Turn]:
        """Return open turns that opened before a moment, oldest first."""
        ...

    async def count_open(self, before: datetime) -> int:
        """Count the turns still open that opened before a moment: the first metric of the product."""
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
