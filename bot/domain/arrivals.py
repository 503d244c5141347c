"""What a channel reports, in the words of the house.

A channel adapter turns each raw payload into exactly one of these; the raw payload itself is stored beside it, so a
parser that is mended later can read old events again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.domain.messages import Delivery, Media, MessageKind


@dataclass(frozen=True, kw_only=True)
class CustomerMessage:
    """The customer said or sent something. ``album`` groups pictures that were sent together."""

    provider_id: str
    kind: MessageKind
    text: str = ""
    sender_id: str
    sender_name: str | None = None
    language: str | None = None
    media: tuple[Media, ...] = ()
    album: str | None = None
    client_id: str | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class MessageEdited:
    """The customer changed an earlier message. ``provider_id`` names that earlier message."""

    provider_id: str
    text: str
    sender_id: str
    sender_name: str | None = None


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """The channel reports how far outbound messages have come (``DELIVERED`` or ``SEEN``)."""

    provider_ids: tuple[str, ...]
    reached: Delivery


@dataclass(frozen=True, kw_only=True)
class OwnEcho:
    """The channel shows us a message that we sent: settles an ``unknown`` delivery."""

    provider_id: str
    text: str


@dataclass(frozen=True, kw_only=True)
class OutsideReply:
    """A person of the house answered in the channel's own application: the bot must be silent."""

    provider_id: str
    text: str
    author_id: str


@dataclass(frozen=True, kw_only=True)
class Presence:
    """The customer came (``present``), or left or blocked us; nothing was said."""

    present: bool
    sender_id: str
    sender_name: str | None = None


@dataclass(frozen=True, kw_only=True)
class Ignored:
    """Nothing that concerns a customer; ``reason`` goes into a metric."""

    reason: str


Happening = CustomerMessage | MessageEdited | Receipt | OwnEcho | OutsideReply | Presence | Ignored


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """One raw event at the door.

    ``dedupe_key`` is the same for every repetition of the same event and unique within the channel; ``chat`` names the
    conversation within the channel (everything of one chat is processed in order).
    """

    dedupe_key: str
    chat: str
    payload: Mapping[str, Any]
    happening: Happening
