"""What the use cases need from the outside. Adapters implement these; services know nothing else.

A `Store` gives a `UnitOfWork` per transaction. Everything written through one unit of work, queue messages and live
events included, becomes visible together when its block ends without an error, or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from bot.domain.arrivals import Arrival, Happening
from bot.domain.cases import Case, CaseState
from bot.domain.company import Priority, RoleId
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
from bot.domain.promises import Promise
from bot.domain.staff import StaffMember
from bot.domain.turns import Turn


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


@dataclass(frozen=True, kw_only=True)
class NewCase:
    """A case about to get its number."""

    code: str
    conversation_id: int
    customer_id: int
    department: str
    wanted: str
    priority: Priority
    reason: str
    summary: str
    collected: Mapping[str, Any]
    queue_number: int
    queue_day: date
    opened_at: datetime


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

    async def save_name(self, customer_id: int, name: str) -> None:
        """Store the name that the channel or the customer gave."""
        ...


class Messages(Protocol):
    """Messages and their attachments."""

    async def add(self, message: NewMessage) -> Message:
        """Store a message with its attachments and return it with its id."""
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
        internal: bool = False,
    ) -> list[Message]:
        """Return messages oldest first: the first ``limit`` after an id, or the ``newest`` ones before an id."""
        ...

    async def many(self, message_ids: Sequence[int]) -> list[Message]:
        """Return messages by id with their attachments, in the order of their ids."""
        ...

    async def set_handled(self, message_id: int) -> None:
        """Note that a worker has dealt with an inbound message."""
        ...

    async def unhandled_after(self, turn_id: int, message_id: int) -> int:
        """Count the messages of a turn behind ``message_id`` that no worker has dealt with."""
        ...

    async def move_unhandled(self, turn_id: int, to_turn_id: int) -> None:
        """Put the messages of a turn that nobody has dealt with into another turn."""
        ...

    async def set_case(self, message_id: int, case_id: int) -> None:
        """Note to which case a message belongs."""
        ...

    async def set_delivery(
        self, message_id: int, delivery: Delivery, *, provider_id: str | None = None, error: str | None = None
    ) -> None:
        """Store how far an outbound message has come."""
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

    async def save(self, turn: Turn) -> None:
        """Store how a turn closed."""
        ...

    async def overdue(self, before: datetime, limit: int) -> list[Turn]:
        """Return open turns that opened before a moment, oldest first."""
        ...

    async def count_open(self, before: datetime) -> int:
        """Count the turns still open that opened before a moment: the first metric of the product."""
        ...


@dataclass(frozen=True, kw_only=True)
class CaseFilter:
    """Which cases a list wants; ``None`` means any. ``departments`` limits to these (what the reader may see)."""

    department: str | None = None
    state: CaseState | None = None
    owner_id: int | None = None
    visible_to: StaffMember | None = None
    before: int | None = None
    limit: int = 50


@dataclass(frozen=True, kw_only=True)
class CaseRow:
    """A case as a list shows it, with what the reader needs to choose."""

    case: Case
    customer_name: str | None
    channel: Channel
    owner_name: str | None
    due_at: datetime | None
    last_text: str
    last_at: datetime


class Cases(Protocol):
    """Cases and their numbers."""

    async def number(self, prefix: str) -> int:
        """Draw the next case number of a prefix."""
        ...

    async def queue_number(self, department: str, day: date) -> int:
        """Draw the next queue number of a department's day."""
        ...

    async def add(self, case: NewCase) -> Case:
        """Store a new waiting case."""
        ...

    async def get(self, case_id: int, *, lock: bool = False) -> Case:
        """Return one case. Raises `Unknown`."""
        ...

    async def by_code(self, code: str, *, lock: bool = False) -> Case:
        """Return one case by its code. Raises `Unknown`."""
        ...

    async def save(self, case: Case) -> None:
        """Store a changed case; the caller holds its lock."""
        ...

    async def of_customer(self, customer_id: int, *, resolved_since: datetime | None = None) -> list[Case]:
        """Return the customer's open cases, and those resolved since a moment, newest first."""
        ...

    async def assigned_in(self, conversation_id: int, staff_id: int) -> list[Case]:
        """Return the open cases of a conversation that a staff member owns."""
        ...

    async def of_conversation(self, conversation_id: int) -> list[Case]:
        """Return every case of a conversation, resolved ones included, newest first."""
        ...

    async def held_by(self, staff_id: int) -> list[Case]:
        """Return the open cases that a staff member owns, anywhere."""
        ...

    async def listing(self, wanted: CaseFilter) -> list[CaseRow]:
        """Return a page of cases: urgent first, then oldest first; resolved ones newest first."""
        ...

    async def waiting(self) -> dict[str, int]:
        """Count waiting cases by department."""
        ...

    async def counts(self, staff: StaffMember) -> dict[str, dict[str, int]]:
        """Count open cases by department and state as far as the staff member may see them."""
        ...


class Promises(Protocol):
    """Promises of cases; a case has at most one open promise."""

    async def add(self, case_id: int, due_at: datetime, made_at: datetime) -> Promise:
        """Store an open promise; its timer is set next, and `save` notes the timer's id."""
        ...

    async def get(self, promise_id: int) -> Promise:
        """Return one promise. Raises `Unknown`."""
        ...

    async def open_of(self, case_id: int) -> Promise | None:
        """Return the promise that is still to be kept."""
        ...

    async def broken(self, case_id: int) -> int:
        """Count the promises of a case that fell due unkept."""
        ...

    async def save(self, promise: Promise) -> None:
        """Store a changed promise."""
        ...


@dataclass(frozen=True, kw_only=True)
class StaffSession:
    """A login. The token itself is never stored, only its SHA-256."""

    staff: StaffMember
    csrf: str
    created_at: datetime
    seen_at: datetime


class Staff(Protocol):
    """Staff members, their logins and one-time links."""

    async def add(
        self,
        email: str,
        name: str,
        role: RoleId,
        departments: frozenset[str],
        password_hash: str | None,
        at: datetime,
        *,
        on_duty: bool = False,
    ) -> StaffMember:
        """Store a new account. Raises `Invalid` when the address is taken."""
        ...

    async def get(self, staff_id: int) -> StaffMember:
        """Return one person. Raises `Unknown`."""
        ...

    async def by_email(self, email: str) -> tuple[StaffMember, str | None] | None:
        """Return a person and the stored password hash."""
        ...

    async def all(self) -> list[StaffMember]:
        """Return everybody, by name."""
        ...

    async def names(self) -> dict[int, str]:
        """Return display names by id."""
        ...

    async def save(self, staff: StaffMember) -> None:
        """Store name, role, departments, activity and duty."""
        ...

    async def save_password(self, staff_id: int, password_hash: str) -> None:
        """Store a new password and end every session of the person."""
        ...

    async def on_duty(self) -> dict[str, int]:
        """Count active people on duty by department; those who lead also count for management."""
        ...

    async def add_session(self, token_hash: bytes, staff_id: int, csrf: str, at: datetime) -> None:
        """Store a login."""
        ...

    async def session(self, token_hash: bytes) -> StaffSession | None:
        """Return a login with its person as they are now (a lowered role applies at once)."""
        ...

    async def touch_session(self, token_hash: bytes, at: datetime) -> None:
        """Note that a login was used."""
        ...

    async def end_session(self, token_hash: bytes) -> None:
        """Delete a login."""
        ...

    async def end_sessions_of(self, staff_id: int) -> None:
        """Delete every login of a person."""
        ...

    async def attempts(self, subject: str) -> tuple[int, datetime | None]:
        """Return how often logins of a subject failed in a row, and until when it is closed."""
        ...

    async def save_attempts(self, subject: str, failures: int, open_at: datetime) -> None:
        """Store failed logins; zero failures forgets the subject."""
        ...

    async def add_link(self, token_hash: bytes, purpose: str, expires_at: datetime) -> None:
        """Store a one-time link, replacing earlier ones of the same purpose."""
        ...

    async def use_link(self, token_hash: bytes, purpose: str, at: datetime) -> bool:
        """Use up a one-time link; false when it is unknown, used or expired."""
        ...


class ChatSessions(Protocol):
    """Visitors of the web chat, known by a cookie."""

    async def add(self, token_hash: bytes, conversation_id: int, at: datetime) -> None:
        """Store a visitor's cookie."""
        ...

    async def conversation_of(self, token_hash: bytes) -> int | None:
        """Return the conversation that a cookie opens."""
        ...


@dataclass(frozen=True, kw_only=True)
class StoredEvent:
    """A raw inbound event as it was accepted."""

    id: int
    channel: Channel
    chat: str
    payload: Mapping[str, Any]
    message_id: int | None
    received_at: datetime


class Events(Protocol):
    """Raw inbound events, unique by channel and dedupe key."""

    async def add(self, channel: Channel, arrival: Arrival, at: datetime) -> int | None:
        """Store a raw event; ``None`` when the same one was accepted before."""
        ...

    async def set_message(self, event_id: int, message_id: int) -> None:
        """Note which message an event became."""
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

    async def send(
        self, queue: QueueName, body: Mapping[str, Any], *, group: str | None = None, at: datetime | None = None
    ) -> int:
        """Put a message into a queue, visible now or at a moment, and return its id."""
        ...

    async def read(self, queue: QueueName, *, seconds: int, limit: int) -> list[QueueItem]:
        """Take the heads of up to ``limit`` groups, hidden from other workers for ``seconds``."""
        ...

    async def finish(self, queue: QueueName, item_id: int) -> bool:
        """Delete a message; false when a second worker finished it first, and then nothing else may be written."""
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


class ChannelStates(Protocol):
    """Small durable facts of channels: polling offsets, tokens."""

    async def get(self, key: str, *, lock: bool = False) -> dict[str, Any] | None:
        """Return a value; ``lock`` keeps every other locking reader of this key waiting until the transaction ends."""
        ...

    async def put(self, key: str, value: Mapping[str, Any]) -> None:
        """Store a value."""
        ...


class Gates(Protocol):
    """Rate gates: until when nothing may be sent through a key. Stored as a moment, never as a boolean."""

    async def closed_until(self, keys: Sequence[str], now: datetime) -> datetime | None:
        """Return the latest moment until which any of the keys is closed, ``None`` when all are open."""
        ...

    async def close(self, key: str, until: datetime) -> None:
        """Close a key until a moment; an earlier moment never shortens a later one."""
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

    def begin(self, *, relaxed: bool = False) -> AbstractAsyncContextManager[UnitOfWork]:
        """Open a transaction that commits when its block ends and rolls back on an error.

        ``relaxed`` commits without waiting for the disk: only for what a later transaction, or a repetition, restores.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class OutgoingMessage:
    """What a channel is asked to deliver: at most ``limits.text`` characters, already split."""

    message_id: int
    chat: str
    text: str
    buttons: Sequence[Button]
    file_path: str | None = None
    file_name: str | None = None
    file_mime: str | None = None


@dataclass(frozen=True, kw_only=True)
class ChannelLimits:
    """What a channel can carry, and its pace in seconds between two messages."""

    text: int
    buttons: bool
    per_chat: float = 0.0
    overall: float = 0.0


class ChannelError(Exception):
    """Base of delivery failures, named by what the sender must do."""


class RateLimited(ChannelError):
    """Wait; nothing was sent. ``retry_after`` is in seconds; ``scope`` is ``chat`` or ``channel``."""

    def __init__(self, retry_after: float, *, whole_channel: bool) -> None:
        super().__init__(f"retry after {retry_after} s")
        self.retry_after = retry_after
        self.whole_channel = whole_channel


class Unreachable(ChannelError):
    """The channel did not get the message (no connection, a 5xx before reading): try again later."""


class OutcomeUnknown(ChannelError):
    """The message may or may not have left (a time-out after writing): never send it again blindly."""


class RecipientGone(ChannelError):
    """The customer blocked us or can no longer be written to: stop, and tell the staff."""


class Rejected(ChannelError):
    """The channel will not take this message (our mistake or its configuration): stop, and tell the staff."""


class ChannelPort(Protocol):
    """A channel as the house sees it."""

    @property
    def channel(self) -> Channel:
        """Which channel this is."""
        ...

    @property
    def limits(self) -> ChannelLimits:
        """What it can carry."""
        ...

    @property
    def pulls(self) -> bool:
        """Whether the customer's side fetches messages from us (web chat), so that stored means sent."""
        ...

    def parse(self, payload: Mapping[str, Any]) -> Happening:
        """Read a stored raw payload again; pure, raises nothing but ``ValueError`` for what it cannot read."""
        ...

    async def send(self, message: OutgoingMessage) -> str:
        """Deliver and return the channel's own id of the message. Raises `ChannelError`."""
        ...

    async def typing(self, chat: str) -> None:
        """Show the customer that an answer is coming, where the channel can; failures do not matter."""
        ...

    async def fetch(self, attachment: Attachment, max_bytes: int) -> tuple[bytes, str]:
        """Return content and media type of a file at the channel.

        Raises:
            Rejected: too large, or not from a place that files of this channel may come from.
            Unreachable: try again.
        """
        ...


@runtime_checkable
class NamesCustomers(Protocol):
    """A channel whose events carry no names, but which knows them when it is asked."""

    async def display_name(self, chat: str) -> str | None:
        """Return the name that the customer shows there; best effort, asked once per customer."""
        ...
