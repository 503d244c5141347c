"""What the use cases need from a channel, and the ways in which a delivery can fail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from bot.domain.arrivals import Happening
from bot.domain.messages import Attachment, Button, Channel


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
    """Wait; nothing was sent. ``retry_after`` is in seconds; ``whole_channel``: it holds for every chat."""

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


class Gates(Protocol):
    """Rate gates: until when nothing may be sent through a key. Stored as a moment, never as a boolean."""

    async def closed_until(self, keys: Sequence[str], now: datetime) -> datetime | None:
        """Return the latest moment until which any of the keys is closed, ``None`` when all are open."""
        ...

    async def reserve(self, pauses: Mapping[str, float], keys: Sequence[str], now: datetime) -> datetime:
        """Take the next free slot of every key of ``pauses`` and return when the last of them begins.

        That is ``now`` at the earliest, and not before all of ``keys`` are open. ``pauses`` are the seconds that a slot
        of each key lasts. Each caller gets slots of its own, on any host.
        """
        ...

    async def close(self, key: str, until: datetime) -> None:
        """Close a key until a moment; an earlier moment never shortens a later one."""
        ...
