"""Turns each raw update of the Bot Platform into one arrival. Pure, and takes any JSON object.

The documentation shows updates inside ``{"ok": true, "result": ...}``, live traffic comes without; both are taken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bot.adapters.channels.payload import Payload
from bot.adapters.channels.zalo.events import arrival, digest, ignored, key_of
from bot.domain.arrivals import Arrival, CustomerMessage
from bot.domain.messages import Media, MessageKind
from bot.domain.text import clean

_EVENT: Final = re.compile(r"message\.([a-z_]{1,40})\.received", re.ASCII)
_NOTHING_SAID: Final = frozenset({"reaction"})
_MAX_ID: Final = 128
_MAX_URL: Final = 2048
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FILES: Final = {
    "image": (MessageKind.IMAGE, ("photo_url", "photo"), "image/jpeg"),
    "sticker": (MessageKind.STICKER, ("url",), ""),
    "voice": (MessageKind.VOICE, ("voice_url", "url"), "audio/aac"),
}
_WORDS: Final = {"text": MessageKind.TEXT, "link": MessageKind.LINK}


@dataclass(frozen=True, kw_only=True)
class _Sender:
    """Who wrote, and where the answer goes."""

    chat: str
    id: str
    name: str | None


def parse(payload: Mapping[str, Any]) -> Arrival:
    """Return what an update means; one that cannot be understood is ignored with the reason, never an exception."""
    try:
        return _parsed(_unwrapped(payload), payload)
    except ValueError as error:
        return ignored(payload, f"unreadable: {error}")


def _unwrapped(payload: Mapping[str, Any]) -> Payload:
    whole = Payload(payload)
    return whole.object("result") if payload.get("ok") is True and "result" in whole else whole


def _parsed(update: Payload, payload: Mapping[str, Any]) -> Arrival:
    name = update.text("event_name")
    event = _EVENT.fullmatch(name)
    if event is None:
        return ignored(payload, f"unknown event: {re.sub(r'[^a-z._]', '?', name[:64])}")
    kind = event[1]
    if kind in _NOTHING_SAID:
        return ignored(payload, kind)
    message = update.maybe_object("message")
    if message is None:
        # Files, cards and protected senders may come so: somebody wrote, but nothing says who, so nobody can answer.
        return ignored(payload, f"no message: {kind}")
    if (message.object("chat").maybe_text("chat_type") or "PRIVATE").upper() != "PRIVATE":
        return ignored(payload, "group")
    if message.object("from").flag("is_bot"):
        return ignored(payload, "bot")
    sender = _sender(message)
    said = _said(kind, message, sender, payload)
    return arrival(payload, key_of(name, said.provider_id), sender.chat, said)


def _sender(message: Payload) -> _Sender:
    who = message.object("from")
    name = " ".join(clean(who.maybe_text("display_name") or "").split())[:100]
    return _Sender(chat=_id(message.object("chat")), id=_id(who), name=name or None)


def _id(holder: Payload) -> str:
    value = holder.identifier("id")
    if len(value) > _MAX_ID:
        raise ValueError(f"{holder.path}.id: not an id")
    return value


def _said(kind: str, message: Payload, sender: _Sender, payload: Mapping[str, Any]) -> CustomerMessage:
    """What a customer says is never dropped: content that cannot be read, or is new to us, becomes ``UNKNOWN``."""
    blank = CustomerMessage(
        provider_id=digest(payload), kind=MessageKind.UNKNOWN, sender_id=sender.id, sender_name=sender.name
    )
    try:
        known = replace(blank, provider_id=message.maybe_identifier("message_id") or blank.provider_id)
    except ValueError as error:
        return replace(blank, meta={"unreadable": str(error)})
    try:
        return _with_content(known, kind, message)
    except ValueError as error:
        return replace(known, meta={"unreadable": str(error)})


def _with_content(known: CustomerMessage, kind: str, message: Payload) -> CustomerMessage:
    text = clean(message.maybe_text("text") or message.maybe_text("caption") or "")
    sent_at = _moment(message)
    known = replace(known, text=text, meta={"sent_at": sent_at} if sent_at else {})
    if kind in _WORDS:
        return replace(known, kind=_WORDS[kind])
    if kind not in _FILES:
        return known
    media_kind, keys, mime = _FILES[kind]
    url = next((url for key in keys if (url := message.maybe_text(key)) and len(url) <= _MAX_URL), None)
    media = (Media(kind=media_kind, ref=url, mime=mime),) if url else ()
    return replace(known, kind=media_kind, media=media)


def _moment(message: Payload) -> str | None:
    """When it was sent; the platform counts milliseconds."""
    date = message.maybe_integer("date")
    if date is None:
        return None
    try:
        return (_EPOCH + timedelta(milliseconds=date)).isoformat(timespec="milliseconds")
    except OverflowError:
        return None
