"""Keeps files under names that nobody chose: no path, extension or type of a stranger decides where a file lies."""

from __future__ import annotations

import asyncio
import os
import secrets
from datetime import datetime, timedelta
from pathlib import Path

from bot.domain.company import AttachmentLimits
from bot.domain.messages import Attachment
from bot.services.ports_channel import Rejected, Unreachable

LEFT_BEHIND = timedelta(days=1)
_DRAFT = ".part"

_SIGNATURES: tuple[tuple[bytes, int, str], ...] = (
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"GIF8", 0, "image/gif"),
    (b"WEBP", 8, "image/webp"),
    (b"%PDF-", 0, "application/pdf"),
    (b"OggS", 0, "audio/ogg"),
    (b"#!AMR", 0, "audio/amr"),
    (b"ID3", 0, "audio/mpeg"),
    # Pictures of iPhones lie in the same container as films: the brand behind "ftyp" tells them apart.
    *((b"ftyp" + brand, 4, "image/heic") for brand in (b"heic", b"heix", b"hevc", b"mif1", b"msf1")),
    (b"ftypavif", 4, "image/avif"),
    (b"ftyp", 4, "video/mp4"),
    (b"PK\x03\x04", 0, "application/zip"),
    (b"\xd0\xcf\x11\xe0", 0, "application/msword"),
)
_OFFICE = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


def sniff(content: bytes, declared: str) -> str:
    """Return the media type that the content itself shows; text without markup is plain text, the rest is binary.

    The declared type is believed only where it refines what was seen (an Office document is a zip file).
    """
    plain = declared.split(";", 1)[0].strip().lower()
    for magic, offset, media_type in _SIGNATURES:
        if content[offset : offset + len(magic)] == magic:
            if media_type == "application/zip" and plain in _OFFICE:
                return plain
            if media_type == "video/mp4" and plain in ("audio/mp4", "audio/x-m4a", "audio/aac"):
                return "audio/mp4"
            return media_type
    if content[:2] in (b"\xff\xf1", b"\xff\xf9", b"\xff\xfb"):
        return "audio/aac" if content[1] in (0xF1, 0xF9) else "audio/mpeg"
    return "text/plain" if _is_text(content) else "application/octet-stream"


def _is_text(content: bytes) -> bool:
    head = content[:4096]
    if b"\x00" in head or head.lstrip()[:1] == b"<":
        return False
    try:
        # A multi-byte character may be cut at the end of the sample.
        head[:-4].decode("utf-8") if len(head) > 8 else head.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


class MediaDirectory:
    """See `bot.services.fetching.MediaStore`; also used for uploads from the web."""

    def __init__(self, root: Path, limits: AttachmentLimits) -> None:
        self._root = root
        self._limits = limits

    @property
    def root(self) -> Path:
        """Where the files lie."""
        return self._root

    async def keep(self, attachment: Attachment, content: bytes, mime: str) -> tuple[str, str]:
        """Write a fetched file; see the port."""
        return await self.put(content, mime or attachment.mime)

    async def put(self, content: bytes, declared: str) -> tuple[str, str]:
        """Write content under a random name and return its path below the root and its media type.

        Raises:
            Rejected: too large, empty, or of a type that `company.yml` does not allow.
            Unreachable: the disk would not take it; try again.
        """
        media_type = sniff(content, declared)
        if not content:
            raise Rejected("empty file")
        if len(content) > self._limits.max_bytes:
            raise Rejected(f"{len(content)} bytes, at most {self._limits.max_bytes}")
        if not self._limits.allows(media_type):
            raise Rejected(f"type {media_type} is not allowed")
        name = secrets.token_hex(16)
        path = f"{name[:2]}/{name}"
        try:
            await asyncio.to_thread(self._write, path, content)
        except OSError as failure:
            raise Unreachable(f"media directory: {failure.strerror}") from failure
        return path, media_type

    def _write(self, path: str, content: bytes) -> None:
        target = self._root / path
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = target.with_suffix(_DRAFT)
        try:
            with draft.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.rename(target)
        except OSError:
            # A full disk is the usual reason: leave it no fuller than it was.
            draft.unlink(missing_ok=True)
            raise

    async def forget(self, path: str) -> None:
        """Delete a file that no message came to hold; one that is gone already is fine."""
        await asyncio.to_thread((self._root / path).unlink, missing_ok=True)

    async def sweep(self, now: datetime) -> int:
        """Delete what writes left behind that were cut off by a crash, a day after; returns how many there were."""
        return await asyncio.to_thread(self._sweep, now - LEFT_BEHIND)

    def _sweep(self, before: datetime) -> int:
        swept = 0
        for draft in self._root.glob(f"*/*{_DRAFT}"):
            if draft.stat().st_mtime < before.timestamp():
                draft.unlink(missing_ok=True)
                swept += 1
        return swept

    def resolve(self, path: str) -> Path:
        """Return the file of a stored path. Raises FileNotFoundError for anything outside the root."""
        target = (self._root / path).resolve()
        if not target.is_relative_to(self._root.resolve()) or not target.is_file():
            raise FileNotFoundError(path)
        return target
