"""What one Telegram message holds: text, a file, a place, a person, or something Telegram invented last week."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from bot.adapters.channels.payload import Payload
from bot.domain.messages import Media, MessageKind
from bot.domain.text import clean


@dataclass(frozen=True, kw_only=True)
class Content:
    """The content in the words of the house; ``text`` is clean."""

    kind: MessageKind
    text: str = ""
    media: tuple[Media, ...] = ()
    meta: dict[str, Any] = field(default_factory=dict)


_SERVICE: Final = frozenset(
    {
        "boost_added",
        "chat_background_set",
        "forum_topic_closed",
        "forum_topic_created",
        "forum_topic_edited",
        "forum_topic_reopened",
        "message_auto_delete_timer_changed",
        "pinned_message",
        "proximity_alert_triggered",
        "write_access_allowed",
    }
)
"""Notices that Telegram writes into a private chat; nobody said anything."""

_ENVELOPE: Final = frozenset(
    {
        "caption", "caption_entities", "chat", "date", "edit_date", "effect_id", "entities", "external_reply",
        "forward_date", "forward_from", "forward_from_chat", "forward_from_message_id", "forward_origin",
        "forward_sender_name", "forward_signature", "from", "has_media_spoiler", "has_protected_content",
        "link_preview_options", "media_group_id", "message_id", "message_thread_id", "quote", "reply_markup",
        "reply_to_message", "sender_chat", "show_caption_above_media", "via_bot",
    }
)  # fmt: skip


def read_content(message: Payload) -> Content | None:
    """Return what a message holds, ``None`` for a notice of the platform itself.

    A message always gets an answer, so content of an unexpected shape is not an error: it comes back as ``unknown``
    with the path of the trouble in ``meta``.
    """
    if any(key in message for key in _SERVICE):
        return None
    try:
        for key, read in _READERS.items():
            if key in message:
                return read(message, key)
    except ValueError as error:
        return Content(kind=MessageKind.UNKNOWN, text=_said(message), meta={"unreadable": str(error)})
    what = next((key for key in message if key not in _ENVELOPE), "nothing")
    return Content(kind=MessageKind.UNKNOWN, text=_said(message), meta={"telegram": what[:40]})


def _said(message: Payload) -> str:
    """Return the caption under an unreadable content, as far as there is one."""
    try:
        return clean(message.maybe_text("caption") or "")
    except ValueError:
        return ""


def _text(message: Payload, key: str) -> Content:
    return Content(kind=MessageKind.TEXT, text=clean(message.text(key)))


def _photo(message: Payload, key: str) -> Content:
    """Read the same picture in several sizes: the largest is the one to keep."""
    sizes = message.objects(key)
    if not sizes:
        raise ValueError(f"{message.path}.{key}: empty")
    largest = max(sizes, key=lambda size: (size.maybe_integer("width") or 0) * (size.maybe_integer("height") or 0))
    return _with_media(message, _media(largest, MessageKind.IMAGE, mime="image/jpeg"))


def _file(kind: MessageKind, *, mime: str = "") -> Callable[[Payload, str], Content]:
    def read(message: Payload, key: str) -> Content:
        return _with_media(message, _media(message.object(key), kind, mime=mime))

    return read


def _media(file: Payload, kind: MessageKind, *, mime: str) -> Media:
    return Media(
        kind=kind,
        ref=file.text("file_id"),
        name=" ".join(clean(file.maybe_text("file_name") or "").split()),
        mime=file.maybe_text("mime_type") or mime,
        size=file.maybe_integer("file_size"),
    )


def _with_media(message: Payload, media: Media) -> Content:
    return Content(kind=media.kind, text=clean(message.maybe_text("caption") or ""), media=(media,))


def _sticker(message: Payload, key: str) -> Content:
    """Read a sticker: the emoji it stands for is what the customer says with it."""
    sticker = message.object(key)
    moving = {"is_animated": "application/x-tgsticker", "is_video": "video/webm"}
    mime = next((mime for flag, mime in moving.items() if sticker.flag(flag)), "image/webp")
    return Content(
        kind=MessageKind.STICKER,
        text=clean(sticker.maybe_text("emoji") or ""),
        media=(_media(sticker, MessageKind.STICKER, mime=mime),),
    )


def _dice(message: Payload, key: str) -> Content:
    dice = message.object(key)
    return Content(kind=MessageKind.STICKER, text=clean(dice.text("emoji")), meta={"dice": dice.maybe_integer("value")})


def _location(message: Payload, key: str) -> Content:
    return Content(kind=MessageKind.LOCATION, meta=_place(message.object(key)))


def _venue(message: Payload, key: str) -> Content:
    venue = message.object(key)
    words = (clean(venue.maybe_text("title") or ""), clean(venue.maybe_text("address") or ""))
    return Content(
        kind=MessageKind.LOCATION, text=", ".join(filter(None, words)), meta=_place(venue.object("location"))
    )


def _place(location: Payload) -> dict[str, Any]:
    return {"latitude": location.number("latitude"), "longitude": location.number("longitude")}


def _contact(message: Payload, key: str) -> Content:
    contact = message.object(key)
    name = clean(f"{contact.maybe_text('first_name') or ''} {contact.maybe_text('last_name') or ''}")
    phone = clean(contact.text("phone_number"))
    meta = {"name": name, "phone": phone, "telegram_user": contact.maybe_identifier("user_id")}
    return Content(kind=MessageKind.CONTACT, text=f"{name} {phone}".strip(), meta=meta)


def _poll(message: Payload, key: str) -> Content:
    """Read a poll: somebody's question with choices, shown to staff, not words to the assistant."""
    poll = message.object(key)
    lines = [poll.text("question"), *(f"- {option.text('text')}" for option in poll.objects("options"))]
    return Content(kind=MessageKind.UNKNOWN, text=clean("\n".join(lines)), meta={"telegram": "poll"})


_READERS: Final[dict[str, Callable[[Payload, str], Content]]] = {
    "text": _text,
    "photo": _photo,
    "animation": _file(MessageKind.VIDEO, mime="video/mp4"),  # comes with a document of the same file
    "document": _file(MessageKind.FILE),
    "video": _file(MessageKind.VIDEO, mime="video/mp4"),
    "video_note": _file(MessageKind.VIDEO, mime="video/mp4"),
    "voice": _file(MessageKind.VOICE, mime="audio/ogg"),
    "audio": _file(MessageKind.VOICE, mime="audio/mpeg"),
    "sticker": _sticker,
    "dice": _dice,
    "venue": _venue,  # comes with a location of the same place
    "location": _location,
    "contact": _contact,
    "poll": _poll,
}
