"""Messages: who says what, of which kind, and how far an outgoing one has come."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Channel(StrEnum):
    """Where a conversation takes place. The values are stored and appear in URLs and metrics."""

    WEBCHAT = "webchat"
    TELEGRAM = "telegram"
    ZALO = "zalo"
    ZALO_BOT = "zalo-bot"


class Direction(StrEnum):
    """Inbound from the customer, outbound to the customer, internal among staff (never leaves the house)."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    INTERNAL = "internal"


class Author(StrEnum):
    """Who wrote a message. ``outside`` is a person who answered in the channel's own application, not here."""

    CUSTOMER = "customer"
    BOT = "bot"
    STAFF = "staff"
    SYSTEM = "system"
    OUTSIDE = "outside"


class MessageKind(StrEnum):
    """Content of a message; ``unknown`` keeps whatever a channel invents next in the ledger."""

    TEXT = "text"
    IMAGE = "image"
    VIDEO = "video"
    VOICE = "voice"
    FILE = "file"
    STICKER = "sticker"
    LOCATION = "location"
    CONTACT = "contact"
    LINK = "link"
    UNKNOWN = "unknown"


class Delivery(StrEnum):
    """State of an outbound message. ``unknown``: it may or may not have left, and nobody can tell."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    SEEN = "seen"
    FAILED = "failed"
    UNKNOWN = "unknown"


_MOVES: dict[Delivery, frozenset[Delivery]] = {
    Delivery.QUEUED: frozenset({Delivery.SENDING, Delivery.FAILED, Delivery.SENT}),
    Delivery.SENDING: frozenset({Delivery.SENT, Delivery.FAILED, Delivery.UNKNOWN, Delivery.QUEUED}),
    Delivery.SENT: frozenset({Delivery.DELIVERED, Delivery.SEEN}),
    Delivery.UNKNOWN: frozenset({Delivery.SENT, Delivery.DELIVERED, Delivery.SEEN, Delivery.FAILED}),
    Delivery.DELIVERED: frozenset({Delivery.SEEN}),
    Delivery.SEEN: frozenset(),
    Delivery.FAILED: frozenset(),
}
_PROGRESS = (Delivery.QUEUED, Delivery.SENDING, Delivery.UNKNOWN, Delivery.SENT, Delivery.DELIVERED, Delivery.SEEN)


def states_before(new: Delivery) -> frozenset[Delivery]:
    """Return the states from which an outbound message may go to ``new``; any other move would rewrite history."""
    return frozenset(state for state, following in _MOVES.items() if new in following)


def after_receipt(current: Delivery, reported: Delivery) -> Delivery:
    """Return the state after a channel's receipt; receipts come late, twice and out of order, so never backwards."""
    if current is Delivery.FAILED:
        return current
    return max(current, reported, key=_PROGRESS.index)


STORED = "media:"
"""Prefix of a file reference that lies in the media directory already; no channel's ids begin so."""


@dataclass(frozen=True, kw_only=True)
class Button:
    """A choice offered under a message. ``payload`` is the text that comes back when it is pressed."""

    title: str
    payload: str


@dataclass(frozen=True, kw_only=True)
class Media:
    """A file of a message about to be stored.

    ``ref`` is a URL or the channel's own file id while the file is still there, or `STORED` and a path below the media
    directory once it is here.
    """

    kind: MessageKind
    ref: str
    name: str = ""
    mime: str = ""
    size: int | None = None

    @property
    def stored_path(self) -> str | None:
        """The path below the media directory, where the file lies there already."""
        return self.ref.removeprefix(STORED) if self.ref.startswith(STORED) else None


class AttachmentState(StrEnum):
    """``pending``: still to be fetched from the channel; ``refused``: over a limit or of a forbidden type."""

    PENDING = "pending"
    STORED = "stored"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file of a message as the house keeps it; ``path`` is relative to the media directory."""

    id: int
    message_id: int
    kind: MessageKind
    ref: str
    name: str
    mime: str
    size: int | None
    state: AttachmentState
    path: str | None


@dataclass(frozen=True, kw_only=True)
class Message:
    """One stored item of a conversation.

    ``id`` grows in the order in which a conversation's items were committed. ``handled`` is false while an inbound
    message still waits for a worker.
    """

    id: int
    conversation_id: int
    direction: Direction
    author: Author
    kind: MessageKind
    text: str
    created_at: datetime
    staff_id: int | None = None
    turn_id: int | None = None
    case_id: int | None = None
    client_id: str | None = None
    provider_id: str | None = None
    delivery: Delivery | None = None
    delivery_error: str | None = None
    edited_at: datetime | None = None
    buttons: tuple[Button, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    meta: dict[str, Any] = field(default_factory=dict)
    handled: bool = True
