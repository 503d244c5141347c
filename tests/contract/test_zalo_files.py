"""Files that an Official Account sends: uploaded first, seen by nobody until they are sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.services.ports_channel import OutcomeUnknown, Rejected, Unreachable
from tests.doubles.zalo import Fault
from tests.doubles.zalo_bench import bench

JPEG, PNG, GIF = b"\xff\xd8\xff\xe0jpeg", b"\x89PNG\r\n\x1a\npng", b"GIF89a\x40\x01\xf0\x00gif"


def file(tmp_path: Path, name: str, content: bytes) -> dict[str, Any]:
    path = tmp_path / "stored-under-a-random-name"
    path.write_bytes(content)
    return {"file_path": str(path), "file_name": name, "file_mime": "application/octet-stream"}


@pytest.mark.parametrize(
    ("name", "content", "element"),
    [
        ("a.jpg", JPEG, {"media_type": "image"}),
        ("a.png", PNG, {"media_type": "image"}),
        ("no-ending", PNG, {"media_type": "image"}),
        ("a.gif", GIF, {"media_type": "gif", "width": 320, "height": 240}),
    ],
)
async def test_a_picture_goes_with_its_caption(
    tmp_path: Path, name: str, content: bytes, element: dict[str, Any]
) -> None:
    async with bench() as b:
        await b.send("Mẫu đây ạ", **file(tmp_path, name, content))

        (sent,) = b.server.sent
        (uploaded,) = b.server.uploads
        assert b.server.uploads[uploaded] == content
        assert sent.text == "Mẫu đây ạ"
        assert sent.message["attachment"]["payload"] == {
            "template_type": "media",
            "elements": [{**element, "attachment_id": uploaded}],
        }


async def test_a_picture_needs_no_caption(tmp_path: Path) -> None:
    async with bench() as b:
        await b.send("", **file(tmp_path, "a.jpg", JPEG))

        assert "text" not in b.server.sent[0].message


async def test_a_document_follows_its_text(tmp_path: Path) -> None:
    async with bench() as b:
        provider_id = await b.send("Hoá đơn của anh ạ", **file(tmp_path, "hoá đơn.pdf", b"%PDF-1.7"))

        text, document = b.server.sent
        assert text.text == "Hoá đơn của anh ạ"
        assert document.message["attachment"]["type"] == "file"
        assert document.id == provider_id


async def test_a_document_that_fails_after_its_text_is_not_sent_again(tmp_path: Path) -> None:
    async with bench() as b:
        b.server.fail("send", Fault(), Fault(status=503))

        with pytest.raises(OutcomeUnknown, match="the text was sent, its file was not"):
            await b.send("Hoá đơn của anh ạ", **file(tmp_path, "a.pdf", b"%PDF-1.7"))


@pytest.mark.parametrize("fault", [Fault(lost=True), Fault(status=500), Fault(garbage=True)])
async def test_a_failed_upload_is_tried_again_because_nobody_saw_it(tmp_path: Path, fault: Fault) -> None:
    async with bench() as b:
        b.server.fail("upload", fault)

        with pytest.raises(Unreachable):
            await b.send("Hoá đơn", **file(tmp_path, "a.pdf", b"%PDF-1.7"))

        assert b.server.sent == []


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.exe", b"MZ", "file_type"),
        ("a.jpg", b"<html>", "file_type"),
        ("a.xlsx", b"PK", "file_type"),
        ("a.jpg", JPEG + b"x" * 1024 * 1024, "file_too_large"),
        ("a.gif", GIF + b"x" * 5 * 1024 * 1024, "file_too_large"),
        ("a.pdf", b"%PDF" + b"x" * 5 * 1024 * 1024, "file_too_large"),
    ],
)
async def test_what_zalo_does_not_take_is_refused_with_the_reason_or_goes_as_a_link(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    given = file(tmp_path, name, content)
    async with bench() as b:
        with pytest.raises(Rejected, match=reason):
            await b.send("Tệp đây ạ", **given)
        assert b.server.sent == []

    async with bench(link_for=lambda message: f"https://sen.example/f/{message.message_id}") as b:
        await b.send("Tệp đây ạ", **given)
        assert b.server.sent[0].message == {"text": "Tệp đây ạ\nhttps://sen.example/f/1"}


async def test_a_file_that_is_gone_from_the_disk(tmp_path: Path) -> None:
    async with bench() as b:
        with pytest.raises(Rejected, match="file_unreadable"):
            await b.send("Tệp đây ạ", file_path=str(tmp_path / "gone"), file_name="a.pdf")
