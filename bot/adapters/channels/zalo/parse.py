"""Turns each raw event of an Official Account into one arrival. Pure, and takes any JSON object.

What a customer says is never dropped: a message whose content cannot be read, or whose kind is new to us, still becomes
a message of kind ``UNKNOWN``. Everything that no customer said and nobody waits for is ignored with a reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from bot.adapters.channels.payload import Payload
from bot.adapters.channels.zalo.content import Content, described, read_content
from bot.adapters.channels.zalo.events import (
    Party,
    about_customer,
    arrival,
    digest,
    ignored,
    key_by_time,
    key_of,
    written_by_account,
    written_by_customer,
)
from bot.domain.arrivals import Arrival, CustomerMessage, Happening, OutsideReply, OwnEcho, Presence, Receipt
from bot.domain.messages import Delivery, MessageKind
from bot.domain.text import clean

_EVENT_NAME: Final = re.compile(r"[a-z0-9_]{1,64}", re.ASCII)
_WITHDRAWAL: Final = "Tôi yêu cầu xoá dữ liệu cá nhân của tôi."
"""A button in Zalo says this for the customer; as a sentence it is routed and answered like any other request."""

_IGNORED: Final = {
    "user_reacted_message": "reaction",
    "oa_reacted_message": "reaction",
    "add_user_to_tag": "tag",
    "remove_user_from_tag": "tag",
    "remove_tag": "tag",
    "update_user_info": "profile",
    "widget_interaction_accepted": "widget",
    "widget_failed_to_sync_user_external_id": "widget",
    "user_call_oa": "call",
    "oa_call_user": "call",
    "oa_send_consent": "consent",
    "user_reply_consent": "consent",
    "change_template_status": "template",
    "change_template_quality": "template",
    "change_template_quota": "template",
    "change_oa_daily_quota": "template",
}


def parse(payload: Mapping[str, Any]) -> Arrival:
    """Return what an event means; one that cannot be understood is ignored with the reason, never an exception."""
    event = Payload(payload)
    try:
        name = event.text("event_name")
        reason = _not_for_us(name)
        return ignored(payload, reason) if reason else _reader(name)(name, event, payload)
    except ValueError as error:
        return ignored(payload, f"unreadable: {error}")


def _not_for_us(name: str) -> str | None:
    if _EVENT_NAME.fullmatch(name) is None:
        return "unreadable: $.event_name"
    if "group" in name.split("_"):
        return "group"
    return _IGNORED.get(name)


_Reader = Callable[[str, Payload, Mapping[str, Any]], Arrival]


def _reader(name: str) -> _Reader:
    exact = _EXACT.get(name)
    if exact is not None:
        return exact
    for prefix, reader in _BY_PREFIX.items():
        if name.startswith(prefix):
            return reader
    return _unknown


def _unknown(name: str, event: Payload, payload: Mapping[str, Any]) -> Arrival:
    return ignored(payload, f"unknown event: {name}")


# --- what a customer says -----------------------------------------------------------------------------------------


def _said(name: str, event: Payload, payload: Mapping[str, Any]) -> Arrival:
    anonymous = name.startswith("anonymous_")
    party = written_by_customer(event, anonymous=anonymous)
    content, msg_id = _content(name, event)
    provider_id = msg_id or digest(payload)
    key = key_of(name, provider_id)
    if content.album is not None and content.meta.get("album_index") is not None:
        # Should the pictures of an album ever share one message id, none of them may be taken for a repetition.
        key = key_of(name, provider_id, str(content.meta["album_index"]))
    return arrival(payload, key, party.chat, _message(content, provider_id, party))


def _content(name: str, event: Payload) -> tuple[Content, str | None]:
    """The content and the message id, each as far as it can be read: a customer spoke, so this must not fail."""
    try:
        message = event.object("message")
        msg_id = message.maybe_identifier("msg_id")
    except ValueError as error:
        return Content(kind=MessageKind.UNKNOWN, meta={"unreadable": str(error)}), None
    try:
        return read_content(name.partition("_send_")[2], message), msg_id
    except ValueError as error:
        return Content(kind=MessageKind.UNKNOWN, meta={"unreadable": str(error)}), msg_id


def _message(content: Content, provider_id: str, party: Party) -> CustomerMessage:
    return CustomerMessage(
        provider_id=provider_id,
        kind=content.kind,
        text=content.text,
        sender_id=party.user if party.thread is None else party.chat,
        media=content.media,
        album=content.album,
        meta=content.meta,
    )


def _shared_details(name: str, event: Payload, payload: Mapping[str, Any]) -> Arrival:
    party = written_by_customer(event)
    key = key_by_time(name, event, party, payload)
    meta = _details(event.object("info"))
    told = " ".join(str(meta[part]) for part in ("name", "phone", "address") if part in meta)
    content = Content(kind=MessageKind.CONTACT, text=told, meta=meta)
    return arrival(payload, key, party.chat, _message(content, key, party))


def _details(info: Payload) -> dict[str, Any]:
    whole = info.maybe_object("full_address")
    places = (
        (info, ("address", "district", "city"))
        if whole is None
        else (whole, ("user_address", "user_ward", "user_city"))
    )
    address = ", ".join(part for part in (_said_in(places[0], key) for key in places[1]) if part)
    found = {
        "name": _said_in(info, "name"),
        "phone": _said_in(info, "phone"),
        "birthday": _said_in(info, "user_dob"),
        "gender": _said_in(info, "gender"),
        "address": address,
    }
    return {key: value for key, value in found.items() if value}


def _said_in(holder: Payload, key: str) -> str:
    return clean(holder.maybe_identifier(key) or "")[:300]


def _withdrawal(name: str, event: Payload, payload: Mapping[str, Any]) -> Arrival:
    party = about_customer(event)
    key = key_by_time(name, event, party, payload)
    content = Content(kind=MessageKind.TEXT, text=_WITHDRAWAL, meta={"event": name})
    return arrival(payload, key, party.chat, _message(content, key, party))


# --- what happens besides -----------------------------------------------------------------------------------------


def _presence(name: str, event: Payload, payload: Mapping[str, Any]) -> Arrival:
    party = about_customer(event)
    happening = Presence(present=name != "unfollow", sender_id=party.user)
    return arrival(payload, key_by_time(name, event, party, payload), party.chat, happening)


def _receipt(name: str, event: Payload, payload: Mapping[str, Any]) -> Arrival:
    message = event.object("message")
    if "tracking_id" in message or "delivery_time" in message:
        return ignored(payload, "template receipt")  # of a message to a telephone number: no conversation of ours
    party = written_by_account(event)
    single = message.maybe_identifier("msg_id")
    ids = tuple(dict.fromkeys(message.texts("msg_ids") or ([single] if single else [])))
    if not ids:
        return ignored(payload, "receipt without ids")
    reached = Delivery.SEEN if name == "user_seen_message" else Delivery.DELIVERED
    key = key_of(name, party.oa, *sorted(ids))
    return arrival(payload, key, party.chat, Receipt(provider_ids=ids, reached=reached))


def _echo(name: str, event: Payload, payload: Mapping[str, Any]) -> Arrival:
    anonymous = name.startswith("oa_send_anonymous_")
    party = written_by_account(event, anonymous=anonymous)
    message = event.object("message")
    msg_id = message.identifier("msg_id")
    author = event.object("sender").maybe_identifier("admin_id")
    kind = name.removeprefix("oa_send_anonymous_" if anonymous else "oa_send_")
    happening: Happening
    if author is None:
        happening = OwnEcho(provider_id=msg_id, text=clean(message.maybe_text("text") or ""))
    else:
        happening = OutsideReply(provider_id=msg_id, text=described(kind, message), author_id=author)
    return arrival(payload, key_of(name, msg_id), party.chat, happening)


_EXACT: Final[dict[str, _Reader]] = {
    "user_submit_info": _shared_details,
    "user_withdraw": _withdrawal,
    "follow": _presence,
    "unfollow": _presence,
    "user_click_chatnow": _presence,
    "user_received_message": _receipt,
    "user_seen_message": _receipt,
}
_BY_PREFIX: Final[dict[str, _Reader]] = {
    "user_send_": _said,
    "anonymous_send_": _said,
    "oa_send_": _echo,
}
