"""The web chat as a channel. The browser fetches what we say, so a stored message is a sent one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.arrivals import Arrival, CustomerMessage
from bot.domain.messages import Attachment, Channel, Media, MessageKind
from bot.domain.text import clean
from bot.services.ports_channel import ChannelLimits, OutgoingMessage, Rejected


def arrival(*, chat: str, client_id: str, text: str, language: str, media: Media | None = None) -> Arrival:
    """Return what a visitor sent. The same ``client_id`` again is the same message."""
    payload: dict[str, Any] = {"chat": chat, "client_id": client_id, "text": text, "language": language}
    if media is not None:
        payload["media"] = {"kind": media.kind.value, "ref": media.ref, "name": media.name, "mime": media.mime}
        payload["media"]["size"] = media.size
    return Arrival(dedupe_key=f"{chat}:{client_id}", chat=chat, payload=payload, happening=_read(payload))


def _read(payload: Mapping[str, Any]) -> CustomerMessage:
    media = payload.get("media")
    files: tuple[Media, ...] = ()
    if isinstance(media, Mapping):
        files = (
            Media(
                kind=MessageKind(media["kind"]),
                ref=str(media["ref"]),
                name=str(media["name"]),
                mime=str(media["mime"]),
                size=media["size"],
            ),
        )
    return CustomerMessage(
        provider_id=str(payload["client_id"]),
        client_id=str(payload["client_id"]),
        kind=files[0].kind if files else MessageKind.TEXT,
        text=clean(str(payload["text"])),
        sender_id=str(payload["chat"]),
        language=str(payload.get("language") or "vi"),
        media=files,
    )


class WebchatChannel:
    """See `bot.services.ports.ChannelPort`."""

    channel = Channel.WEBCHAT
    limits = ChannelLimits(text=4000, buttons=True)
    pulls = True

    def parse(self, payload: Mapping[str, Any]) -> CustomerMessage:
        """Read a stored payload."""
        return _read(payload)

    async def send(self, message: OutgoingMessage) -> str:
        """Nothing to do: the browser reads the message itself."""
        return str(message.message_id)

    async def typing(self, chat: str) -> None:
        """Nothing to do: the live feed carries it."""

    async def fetch(self, attachment: Attachment, max_bytes: int) -> tuple[bytes, str]:
        """Refuse: a visitor's file is in the media directory before its message exists."""
        raise Rejected(f"attachment {attachment.id} of the web chat was never uploaded")
