"""Which files Zalo takes, where they are uploaded, and how large they may be."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import Enum
from pathlib import Path, PurePosixPath
from typing import Final

from bot.domain.text import clean
from bot.services.ports_channel import OutgoingMessage, Rejected

MEGABYTE: Final = 1024 * 1024


class Upload(Enum):
    """A way of uploading: the path of the API, the size limit in bytes, the field of the answer."""

    IMAGE = ("/v2.0/oa/upload/image", MEGABYTE, "attachment_id")
    GIF = ("/v2.0/oa/upload/gif", 5 * MEGABYTE, "attachment_id")
    DOCUMENT = ("/v2.0/oa/upload/file", 5 * MEGABYTE, "token")

    @property
    def path(self) -> str:
        """The path of the API."""
        return self.value[0]

    @property
    def max_bytes(self) -> int:
        """The limit that Zalo documents."""
        return self.value[1]

    @property
    def answer(self) -> str:
        """The field of the answer that stands for the file from then on."""
        return self.value[2]


@dataclass(frozen=True, kw_only=True)
class OutgoingFile:
    """A file that Zalo will take. ``size`` is width and height, known for moving pictures only, which need it."""

    upload: Upload
    content: bytes
    name: str
    mime: str
    size: tuple[int, int] | None = None


_DOCUMENTS: Final = {
    ".pdf": "application/pdf",
    ".doc": "application/msword",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


async def read_file(message: OutgoingMessage) -> OutgoingFile:
    """Read the file of a message. What a picture is shows in its first bytes, not in its name.

    Raises:
        Rejected: Zalo does not take such a file, or it cannot be read. The text begins with ``file_type``,
            ``file_too_large`` or ``file_unreadable``.
    """
    path = Path(message.file_path or "")
    try:
        size = (await asyncio.to_thread(path.stat)).st_size
        if size > Upload.DOCUMENT.max_bytes:
            raise Rejected(f"file_too_large: {size} bytes, Zalo takes {Upload.DOCUMENT.max_bytes}")
        content = await asyncio.to_thread(path.read_bytes)
    except OSError as error:
        raise Rejected(f"file_unreadable: {error.strerror}") from error
    found = _recognised(content, _one_line(message.file_name or path.name))
    if len(content) > found.upload.max_bytes:
        raise Rejected(f"file_too_large: {len(content)} bytes, Zalo takes {found.upload.max_bytes}")
    return found


def _recognised(content: bytes, name: str) -> OutgoingFile:
    if content.startswith(b"\xff\xd8\xff"):
        return OutgoingFile(upload=Upload.IMAGE, content=content, name=_ending(name, ".jpg"), mime="image/jpeg")
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return OutgoingFile(upload=Upload.IMAGE, content=content, name=_ending(name, ".png"), mime="image/png")
    if content.startswith((b"GIF87a", b"GIF89a")) and len(content) >= 10:
        size = (int.from_bytes(content[6:8], "little"), int.from_bytes(content[8:10], "little"))
        return OutgoingFile(upload=Upload.GIF, content=content, name=_ending(name, ".gif"), mime="image/gif", size=size)
    mime = _DOCUMENTS.get(PurePosixPath(name).suffix.lower())
    if mime is None:
        raise Rejected(f"file_type: Zalo takes jpg, png, gif, pdf, doc and docx, not {name}")
    return OutgoingFile(upload=Upload.DOCUMENT, content=content, name=name, mime=mime)


def _ending(name: str, suffix: str) -> str:
    known = {".jpg", ".jpeg"} if suffix == ".jpg" else {suffix}
    return name if PurePosixPath(name).suffix.lower() in known else f"{name}{suffix}"


def _one_line(name: str) -> str:
    """A name that is one line and no path; the customer sees it."""
    return " ".join(clean(name).split()).replace("/", "_").replace("\\", "_")[-120:] or "file"
