"""Customers send pictures and files."""

from __future__ import annotations

import base64
import struct
import zlib

import pytest
from playwright.async_api import FilePayload, Route, expect

from tests.e2e.chat_driver import Street, make_browser, make_house, make_street, payload

__all__ = ["make_browser", "make_house", "make_street"]
pytestmark = pytest.mark.e2e

_GIVE = """([how, name, type, data]) => {
  const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], name, { type }));
  const event = how === 'paste'
    ? new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true })
    : new DragEvent(how, { dataTransfer: transfer, bubbles: true, cancelable: true });
  document.getElementById('text').dispatchEvent(event);
}"""


def png(side: int = 40) -> bytes:
    """Return a small picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + b"\x20\x80\x70" * side) * side
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def picture(name: str = "hoá đơn.png") -> FilePayload:
    """Return a picture as a file picker gives it."""
    return payload(name, "image/png", png())


async def test_a_picture_is_sent_shown_enlarged_and_kept(street: Street) -> None:
    guest = await street.guest()
    await guest.find("#file").set_input_files([picture()])
    await expect(guest.find("#tray img")).to_be_visible()
    await guest.say("Ảnh đây ạ")
    thumb = guest.said("Ảnh đây ạ").locator("button.thumb")
    await expect(thumb.locator("img")).to_have_attribute("src", "/chat/api/files/1")
    await expect(guest.find("#tray")).to_be_hidden()
    await thumb.click()
    large = guest.find("#picture-dialog")
    await expect(large.locator("img")).to_be_visible()
    assert await large.locator("img").evaluate("one => one.naturalWidth") == 40
    await guest.page.keyboard.press("Escape")
    await expect(large).to_be_hidden()
    await guest.page.reload()
    await expect(guest.find("#messages button.thumb img")).to_be_visible()
    assert street.stored() == ["Ảnh đây ạ"]


async def test_files_can_be_pasted_dropped_and_taken_back(street: Street) -> None:
    guest = await street.guest()
    data = base64.b64encode(png()).decode()
    await guest.page.evaluate(_GIVE, ["paste", "dan.png", "image/png", data])
    await guest.page.evaluate(_GIVE, ["dragenter", "tha.txt", "text/plain", base64.b64encode(b"xin").decode()])
    await expect(guest.find("#drop")).to_be_visible()
    await guest.page.evaluate(_GIVE, ["drop", "tha.txt", "text/plain", base64.b64encode(b"xin").decode()])
    await expect(guest.find("#drop")).to_be_hidden()
    await expect(guest.find("#tray li")).to_have_count(2)
    await guest.find("#tray").get_by_role("button", name="Bỏ tệp dan.png").click()
    await expect(guest.find("#tray li")).to_have_count(1)
    await guest.find("#send").click()
    link = guest.find("#messages a.file")
    await expect(link).to_have_attribute("href", "/chat/api/files/1")
    async with guest.page.expect_download() as waiting:
        await link.click()
    assert (await waiting.value).suggested_filename == "tha.txt"


async def test_what_cannot_be_taken_is_said_before_anything_is_sent(street: Street) -> None:
    guest = await street.guest()
    problem = guest.find("#composer-problem")
    await guest.find("#file").set_input_files(payload("ma.exe", "application/x-msdownload", b"MZ"))
    await expect(problem).to_contain_text("ma.exe: chưa nhận được loại tệp này. Em nhận ảnh")
    await expect(problem).to_contain_text("PDF, tệp chữ, Word và Excel.")
    await expect(problem).to_contain_text("Anh/chị mô tả bằng lời hoặc nhắn “gặp nhân viên”")
    await guest.find("#file").set_input_files(payload("to.png", "image/png", b"0" * (15 * 1024 * 1024 + 1)))
    await expect(problem).to_contain_text("to.png: quá lớn, tối đa 15 MB.")
    await guest.find("#file").set_input_files(payload("trong.txt", "text/plain", b""))
    await expect(problem).to_contain_text("trong.txt: tệp trống.")
    await expect(guest.find("#tray")).to_be_hidden()
    await expect(guest.find("#send")).to_be_disabled()
    assert street.conversations() == 0


async def test_a_file_that_lies_about_itself_is_refused_by_the_server_in_words(street: Street) -> None:
    guest = await street.guest()
    fake = payload("anh.png", "image/png", b"<svg onload=alert(1)>")
    await guest.find("#file").set_input_files([fake])
    await guest.find("#send").click()
    refused = guest.find("#messages .refused")
    await expect(refused).to_contain_text("Tệp này không gửi được. Em nhận ảnh")
    await expect(refused).to_contain_text("gặp nhân viên")
    await guest.say("Tin sau tệp hỏng")
    await guest.received("Tin sau tệp hỏng")
    await refused.get_by_role("button", name="Bỏ tin này").click()
    await expect(refused).to_have_count(0)


async def test_word_and_excel_files_are_taken(street: Street) -> None:
    guest = await street.guest()
    office = "application/vnd.openxmlformats-officedocument."
    files = [
        payload("hop-dong.docx", f"{office}wordprocessingml.document", b"PK\x03\x04docx"),
        payload("cong-no.xlsx", f"{office}spreadsheetml.sheet", b"PK\x03\x04xlsx"),
        payload("don.doc", "application/msword", b"\xd0\xcf\x11\xe0doc"),
    ]
    await guest.find("#file").set_input_files(files)
    await guest.find("#send").click()
    await expect(guest.find("#messages a.file")).to_have_count(3)
    await expect(guest.find("#messages .refused")).to_have_count(0)


async def test_a_file_survives_a_closed_browser(street: Street) -> None:
    context = await street.context()
    guest = await street.tab(context)

    async def cut(route: Route) -> None:
        await route.abort()

    await guest.page.route("**/chat/api/**", cut)
    await guest.find("#file").set_input_files([picture("kho.png")])
    await guest.find("#send").click()
    await expect(guest.find("#messages .leaving")).to_be_visible()
    await guest.page.wait_for_timeout(500)
    await guest.page.close()
    again = await street.tab(context)
    await expect(again.find("#messages button.thumb img")).to_have_attribute("src", "/chat/api/files/1")
    assert street.stored() == [""]
