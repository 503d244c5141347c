"""What a file is, told by its content."""

from __future__ import annotations

import pytest

from bot.adapters.media.store import sniff


@pytest.mark.parametrize(
    ("content", "declared", "seen"),
    [
        (b"\x00\x00\x00\x18ftypheic\x00\x00", "application/octet-stream", "image/heic"),
        (b"\x00\x00\x00\x18ftypmif1\x00\x00", "video/mp4", "image/heic"),
        (b"\x00\x00\x00\x18ftypavif\x00\x00", "", "image/avif"),
        (b"\x00\x00\x00\x18ftypisom\x00\x00", "video/mp4", "video/mp4"),
        (b"\x00\x00\x00\x18ftypM4A \x00\x00", "audio/mp4", "audio/mp4"),
        (b"\xff\xd8\xff\xe0", "text/plain", "image/jpeg"),
        ("chào em, gửi em danh sách".encode(), "image/png", "text/plain"),
        (b"<html><script>alert(1)</script>", "text/plain", "application/octet-stream"),
    ],
)
def test_the_content_decides(content: bytes, declared: str, seen: str) -> None:
    assert sniff(content, declared) == seen
