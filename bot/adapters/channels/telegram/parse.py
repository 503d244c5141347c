"""From a raw update of the Bot API to an arrival. Pure.

Customers are met in private chats. What happens in groups and channels is none of their business and is ignored,
by name, so that a metric shows it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from bot.adapters.channels.payload import Payload, storable
from bot.adapters.channels.telegram.buttons import pressed_button
from bot.adapters.channels.telegram.content import read_content
from bot.domain.arrivals import Arrival, CustomerMessage, Happening, Ignored, MessageEdited, Presence
from bot.domain.messages import MessageKind
from bot.domain.text import clean

_NAME_LENGTH: Final = 120
_AWAY: Final = frozenset({"kicked", "left"})
_START: Final = re.compile(r"/start(@\w+)?( [A-Za-z0-9_-]{1,64})?", re.ASCII)
"""What the button sends that opens a chat, with the word of a link at most. Anything longer was typed."""


def read_update(payload: Mapping[str, Any]) -> Arrival:
    """Return the arrival that one raw update means.

    Raises:
        ValueError: the update has no id, or a field that says who speaks where has another type than it should; the
            text names its path. Odd *content* never raises: it arrives as a message of kind ``unknown``.
    """
    raw = storable(payload)
    update = Payload(raw)
    return Arrival(
        dedupe_key=_dedupe_key(update),
        chat=_chat(update),
        payload=raw,
        happening=read_happening(raw),
    )


def salvage_update(payload: Mapping[str, Any]) -> Arrival:
    """Return an arrival for any update that has an id, so that all of them can be stored and confirmed.

    What cannot be read is ignored by name; what cannot be stored either (nested without end) leaves its id behind.

    Raises:
        ValueError: the update has no id.
    """
    try:
        return read_update(payload)
    except ValueError as error:
        reason = f"unreadable:{error}"
    try:
        raw = storable(payload)
    except ValueError:
        raw = {"update_id": payload.get("update_id")}
    return Arrival(dedupe_key=_dedupe_key(Payload(raw)), chat="", payload=raw, happening=Ignored(reason=reason))


def read_happening(payload: Mapping[str, Any]) -> Happening:
    """Return what happened in one raw update.

    Raises:
        ValueError: as in `read_update`.
    """
    update = Payload(payload)
    readers = {
        "message": _message,
        "edited_message": _edit,
        "callback_query": _press,
        "my_chat_member": _membership,
    }
    for kind, read in readers.items():
        if (subject := update.maybe_object(kind)) is not None:
            return read(subject)
    return Ignored(reason=f"update:{_kind(update)[:40]}")


def _dedupe_key(update: Payload) -> str:
    return f"u:{update.integer('update_id')}"


def _kind(update: Payload) -> str:
    """Return the name of an update's kind: its only key beside the id."""
    return next((key for key in update if key != "update_id"), "empty")


def _chat(update: Payload) -> str:
    """Return the id of the chat, or of the person, that an update belongs to; empty where it names none.

    Never raises: the kinds that matter are read strictly afterwards, and all others are ignored anyway.
    """
    try:
        subject = update.object(_kind(update))
        holder = subject.maybe_object("message") or subject
        chat = holder.maybe_object("chat") or subject.maybe_object("from") or subject.maybe_object("user")
        return chat.identifier("id") if chat else ""
    except ValueError:
        return ""


def _elsewhere(chat: Payload) -> Ignored | None:
    kind = chat.text("type")
    return None if kind == "private" else Ignored(reason=f"chat:{kind[:20]}")


def _message(message: Payload) -> Happening:
    if elsewhere := _elsewhere(message.object("chat")):
        return elsewhere
    content = read_content(message)
    if content is None:
        return Ignored(reason="service_message")
    sender = message.maybe_object("from") or message.object("chat")
    if content.kind is MessageKind.TEXT and _START.fullmatch(content.text):
        return Presence(present=True, sender_id=sender.identifier("id"), sender_name=_name(sender))
    return CustomerMessage(
        provider_id=message.identifier("message_id"),
        kind=content.kind,
        text=content.text,
        sender_id=sender.identifier("id"),
        sender_name=_name(sender),
        language=sender.maybe_text("language_code"),
        media=content.media,
        album=message.maybe_identifier("media_group_id"),
        meta=content.meta | _context(message),
    )


def _context(message: Payload) -> dict[str, Any]:
    context: dict[str, Any] = {}
    if (answered := message.maybe_object("reply_to_message")) is not None:
        context["reply_to"] = answered.identifier("message_id")
    if "forward_origin" in message:
        context["forwarded"] = True
    return context


def _edit(message: Payload) -> Happening:
    """Read a changed message. New words change the old ones; a new file under it is something to look at."""
    if elsewhere := _elsewhere(message.object("chat")):
        return elsewhere
    if "location" in message:
        return Ignored(reason="live_location")
    text = clean(message.maybe_text("text") or message.maybe_text("caption") or "")
    said = _message(message)
    if not isinstance(said, CustomerMessage):
        return said
    if said.media and not text:
        return replace(said, meta={**said.meta, "edit_of": said.provider_id})
    return MessageEdited(
        provider_id=said.provider_id, text=text, sender_id=said.sender_id, sender_name=said.sender_name
    )


def _press(query: Payload) -> Happening:
    message = query.maybe_object("message")
    if message is not None and (elsewhere := _elsewhere(message.object("chat"))):
        return elsewhere
    sender = query.object("from")
    text, meta = pressed_button(query)
    return CustomerMessage(
        provider_id=query.identifier("id"),
        kind=MessageKind.TEXT,
        text=text,
        sender_id=sender.identifier("id"),
        sender_name=_name(sender),
        language=sender.maybe_text("language_code"),
        meta=meta,
    )


def _membership(change: Payload) -> Happening:
    if elsewhere := _elsewhere(change.object("chat")):
        return elsewhere
    sender = change.object("from")
    return Presence(
        present=change.object("new_chat_member").text("status") not in _AWAY,
        sender_id=sender.identifier("id"),
        sender_name=_name(sender),
    )


def _name(person: Payload) -> str | None:
    """Return the display name on one line, ``None`` when nothing visible is left of it."""
    parts = (person.maybe_text("first_name") or "", person.maybe_text("last_name") or "")
    return " ".join(clean(" ".join(parts)).split())[:_NAME_LENGTH].strip() or None
