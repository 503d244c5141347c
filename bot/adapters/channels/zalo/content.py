"""What one Zalo message holds: its kind, its words, files to fetch, and facts worth keeping.

A card and a link are told in ``text`` too, since that is what people read in a transcript; files are only fetched from
Zalo's own hosts, so an address that a customer shares is never among ``media``.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, Final

from bot.adapters.channels.payload import Payload
from bot.adapters.channels.strict_json import read_object
from bot.domain.messages import Media, MessageKind
from bot.domain.text import clean

_MAX_URL: Final = 2048
_MAX_NAME: Final = 200

_KINDS: Final = {
    "text": MessageKind.TEXT,
    "image": MessageKind.IMAGE,
    "multi_image": MessageKind.IMAGE,
    "gif": MessageKind.IMAGE,
    "link": MessageKind.LINK,
    "audio": MessageKind.VOICE,
    "voice": MessageKind.VOICE,
    "video": MessageKind.VIDEO,
    "sticker": MessageKind.STICKER,
    "location": MessageKind.LOCATION,
    "file": MessageKind.FILE,
    "business_card": MessageKind.CONTACT,
}
_VOICE_TYPES: Final = {".aac": "audio/aac", ".amr": "audio/amr", ".m4a": "audio/mp4", ".mp3": "audio/mpeg"}
_SPOKEN: Final = {
    MessageKind.IMAGE: "[hình ảnh]",
    MessageKind.VIDEO: "[video]",
    MessageKind.VOICE: "[tin nhắn thoại]",
    MessageKind.FILE: "[tệp]",
    MessageKind.STICKER: "[nhãn dán]",
    MessageKind.LOCATION: "[vị trí]",
    MessageKind.CONTACT: "[danh thiếp]",
    MessageKind.LINK: "[liên kết]",
}


@dataclass(frozen=True, kw_only=True)
class Content:
    """A message as far as it could be read."""

    kind: MessageKind
    text: str = ""
    media: tuple[Media, ...] = ()
    album: str | None = None
    meta: dict[str, Any] = field(default_factory=dict)


def read_content(event_kind: str, message: Payload) -> Content:
    """Return what a message holds. ``event_kind`` is the end of the event's name (``image`` of ``user_send_image``).

    An event of a kind that is new to us is told by its attachments, and is ``UNKNOWN`` where these tell nothing.

    Raises:
        ValueError: a field is of another type than documented.
    """
    attachments = message.objects("attachments")
    kind = _KINDS.get(event_kind) or _told_by(attachments)
    text = clean(message.maybe_text("text") or "")
    meta: dict[str, Any] = {}
    quoted = message.maybe_identifier("quote_msg_id")
    if quoted is not None:
        meta["quote_of"] = quoted
    reader = _READERS.get(kind)
    if reader is None or not attachments:
        return Content(kind=kind, text=text, meta=meta)
    parts = [reader(attachment.object("payload"), text) for attachment in attachments]
    for part in parts:
        meta.update(part.meta)
    return Content(
        kind=kind,
        text=parts[0].text,
        media=tuple(media for part in parts for media in part.media),
        album=next((part.album for part in parts if part.album), None),
        meta=meta,
    )


def described(event_kind: str, message: Payload) -> str:
    """Return what a person of the house sent from Zalo's own application, in words for the transcript."""
    content = read_content(event_kind, message)
    label = _SPOKEN.get(content.kind, "" if content.text else "[tin nhắn]")
    if content.kind is MessageKind.TEXT:
        return content.text or label
    return " ".join(part for part in (label, content.text, *(media.ref for media in content.media)) if part)


def _told_by(attachments: list[Payload]) -> MessageKind:
    told = attachments[0].maybe_text("type") if attachments else None
    return _KINDS.get(told or "", MessageKind.UNKNOWN)


def _image(payload: Payload, text: str) -> Content:
    meta: dict[str, Any] = {}
    album = payload.maybe_identifier("album_id")
    if album is not None:
        meta["album_index"] = _count(payload, "id_in_album")
        meta["album_size"] = _count(payload, "total_item_in_album")
    return Content(
        kind=MessageKind.IMAGE, text=text, media=_file_at(payload, MessageKind.IMAGE), album=album, meta=meta
    )


def _video(payload: Payload, text: str) -> Content:
    text = text or clean(payload.maybe_text("description") or "")
    return Content(kind=MessageKind.VIDEO, text=text, media=_file_at(payload, MessageKind.VIDEO))


def _voice(payload: Payload, text: str) -> Content:
    return Content(kind=MessageKind.VOICE, text=text, media=_file_at(payload, MessageKind.VOICE))


def _sticker(payload: Payload, text: str) -> Content:
    return Content(
        kind=MessageKind.STICKER,
        text=text,
        media=_file_at(payload, MessageKind.STICKER),
        meta=_filled(sticker=payload.maybe_identifier("id")),
    )


def _file(payload: Payload, text: str) -> Content:
    return Content(
        kind=MessageKind.FILE,
        text=text,
        media=_file_at(payload, MessageKind.FILE),
        meta=_filled(checksum=payload.maybe_text("checksum")),
    )


def _location(payload: Payload, text: str) -> Content:
    place = payload.object("coordinates")
    latitude, longitude = place.number("latitude"), place.number("longitude")
    # Comparing this way round also refuses NaN.
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ValueError(f"{place.path}: not on this planet")
    return Content(kind=MessageKind.LOCATION, text=text, meta={"latitude": latitude, "longitude": longitude})


def _link(payload: Payload, text: str) -> Content:
    """A link, told as the customer's words and the address, whatever the preview calls it."""
    url = _web_address(payload)
    title = clean(payload.maybe_text("title") or payload.maybe_text("description") or "")[:_MAX_NAME]
    words = text or title
    told = words if url is None or url in words else f"{words}\n{url}".strip()
    return Content(kind=MessageKind.LINK, text=told, meta=_filled(url=url, title=title))


def _card(payload: Payload, text: str) -> Content:
    """A business card: the name is the message's text, telephone and QR code are JSON inside the description."""
    description = payload.maybe_text("description") or "{}"
    try:
        phone = Payload(read_object(description.encode("utf-8", "replace"))).maybe_identifier("phone") or ""
    except ValueError:
        # Seen in one integration only, so another form is likely some day: then the description is told as it is.
        return Content(
            kind=MessageKind.CONTACT, text=f"{text} {clean(description)}"[:_MAX_URL], meta=_filled(name=text)
        )
    phone = clean(phone)[:_MAX_NAME]
    meta = _filled(name=text, phone=phone, url=_web_address(payload))
    return Content(kind=MessageKind.CONTACT, text=f"{text} {phone}".strip(), meta=meta)


_READERS: Final[dict[MessageKind, Callable[[Payload, str], Content]]] = {
    MessageKind.IMAGE: _image,
    MessageKind.VIDEO: _video,
    MessageKind.VOICE: _voice,
    MessageKind.STICKER: _sticker,
    MessageKind.FILE: _file,
    MessageKind.LOCATION: _location,
    MessageKind.LINK: _link,
    MessageKind.CONTACT: _card,
}


def _file_at(payload: Payload, kind: MessageKind) -> tuple[Media, ...]:
    url = payload.maybe_text("url")
    if not url or len(url) > _MAX_URL:
        return ()
    name = clean(payload.maybe_text("name") or "")[-_MAX_NAME:]
    return (Media(kind=kind, ref=url, name=name, mime=_mime(kind, name, url), size=_count(payload, "size")),)


def _mime(kind: MessageKind, name: str, url: str) -> str:
    """The type that the name promises; what the file really is shows only when it has been fetched."""
    path = PurePosixPath(name or url.partition("?")[0])
    if kind is MessageKind.VOICE:
        return _VOICE_TYPES.get(path.suffix.lower(), "")
    return mimetypes.guess_type(path.name)[0] or ""


def _count(payload: Payload, key: str) -> int | None:
    """A count that Zalo writes as text; one that is not a number is not worth losing a message for."""
    written = payload.maybe_identifier(key) or ""
    return int(written) if written.isascii() and written.isdigit() and len(written) <= 18 else None


def _web_address(payload: Payload) -> str | None:
    url = payload.maybe_text("url") or ""
    return url if url.lower().startswith(("http://", "https://")) and len(url) <= _MAX_URL else None


def _filled(**facts: str | None) -> dict[str, Any]:
    return {key: value for key, value in facts.items() if value}
