"""Files in and out over HTTP. A stranger's file is only ever offered for saving, or shown as a picture or sound."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import structlog
from aiohttp import BodyPartReader, web

from bot.domain.errors import Invalid, Unknown
from bot.domain.messages import STORED, AttachmentState, Direction, Media, MessageKind
from bot.domain.text import clean
from bot.services.ports_channel import Rejected, Unreachable
from bot.web.endpoint import Call
from bot.web.errors import BadRequest, NotFound, TooLarge, Unavailable, UnsupportedMedia
from bot.web.house import House

log = structlog.get_logger(__name__)

_INLINE = frozenset(
    {
        "image/jpeg",
        "image/png",
        "image/gif",
        "image/webp",
        "audio/ogg",
        "audio/mpeg",
        "audio/mp4",
        "audio/aac",
        "video/mp4",
    }
)
_FIELD_MAX = 16 * 1024
_ID = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A multipart body: one file and some short fields."""

    name: str
    mime: str
    content: bytes
    fields: dict[str, str]


async def read_upload(request: web.Request, max_bytes: int) -> Upload:
    """Read a multipart body with one ``file``.

    Raises:
        TooLarge, UnsupportedMedia, BadRequest: what the sender must mend.
    """
    if not request.content_type.startswith("multipart/form-data"):
        raise UnsupportedMedia
    found: tuple[str, str, bytes] | None = None
    fields: dict[str, str] = {}
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader):
                raise Invalid("file", "Dữ liệu gửi lên chưa đúng.")
            if part.name == "file" and found is None:
                found = (part.filename or "", part.headers.get("Content-Type", ""), await _capped(part, max_bytes))
            elif part.name and len(fields) < 8:
                fields[part.name] = (await _capped(part, _FIELD_MAX)).decode("utf-8", "replace")
    except ValueError as failure:
        raise Invalid("file", "Tệp gửi lên bị đứt giữa chừng, anh/chị gửi lại giúp.") from failure
    if found is None or not found[2]:
        raise Invalid("file", "Chưa có tệp nào, hoặc tệp trống.")
    return Upload(name=shown_name(found[0]), mime=found[1], content=found[2], fields=fields)


async def _capped(part: BodyPartReader, limit: int) -> bytes:
    read = bytearray()
    while chunk := await part.read_chunk():
        read += chunk
        if len(read) > limit:
            raise TooLarge(limit)
    return bytes(read)


async def keep(house: House, upload: Upload) -> Media:
    """Put an upload on disk and return it as part of a message.

    Raises:
        BadRequest: empty, or of a type that is not taken.
        Unavailable: the disk does not take it.
    """
    try:
        path, mime = await house.media.put(upload.content, upload.mime)
    except Rejected as refusal:
        raise BadRequest("file_refused", "Tệp này không gửi được (loại tệp hoặc nội dung không phù hợp).") from refusal
    except Unreachable as failure:
        log.error("file_not_kept", reason=str(failure))  # noqa: TRY400 - the reason is the whole story
        raise Unavailable(
            "Máy chủ chưa lưu được tệp này. Anh/chị thử lại sau, hoặc nhắn nội dung bằng chữ."
        ) from failure
    return Media(kind=kind_of(mime), ref=f"{STORED}{path}", name=upload.name, mime=mime, size=len(upload.content))


def kind_of(mime: str) -> MessageKind:
    """Return how a file is shown."""
    family = mime.split("/", 1)[0]
    return {"image": MessageKind.IMAGE, "video": MessageKind.VIDEO, "audio": MessageKind.VOICE}.get(
        family, MessageKind.FILE
    )


def shown_name(raw: str) -> str:
    """Return a file's name as it may be shown: no path, no control characters, at most 120 characters."""
    return clean(raw.replace("\\", "/").rsplit("/", 1)[-1])[:120] or "tep"


async def file_response(call: Call[Any, Any], *, conversation_id: int | None) -> web.StreamResponse:
    """Return a stored file; with ``conversation_id`` only one of that conversation that the customer may see.

    Raises:
        NotFound: there is none, or not for this reader; both look the same.
    """
    if not _ID.fullmatch(call.path["id"]):
        raise NotFound
    try:
        async with call.house.store.read() as uow:
            attachment = await uow.messages.attachment(int(call.path["id"]))
            message = await uow.messages.get(attachment.message_id)
        if conversation_id is not None:
            if message.conversation_id != conversation_id or message.direction is Direction.INTERNAL:
                raise NotFound
        else:
            await call.house.desk.require_conversation(call.staff, message.conversation_id)
        if attachment.state is not AttachmentState.STORED or attachment.path is None:
            raise NotFound
        path = call.house.media.resolve(attachment.path)
    except (Unknown, FileNotFoundError) as failure:
        raise NotFound from failure
    inline = attachment.mime in _INLINE
    return web.FileResponse(
        path,
        headers={
            "Content-Type": attachment.mime if inline else "application/octet-stream",
            "Content-Disposition": f"{'inline' if inline else 'attachment'}; filename*=UTF-8''{quote(attachment.name)}",
            "Cache-Control": "private, max-age=86400",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )
