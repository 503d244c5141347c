"""A whole sitting without a mouse: searching, a new need, taking a message apart, putting aside, taking back."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import expect

from tests.e2e.desk_driver import Desk, Seat, make_desk, make_house  # noqa: F401 - fixtures
from tests.e2e.teach_driver import at, in_doubt, said, taught, teacher, text, waiting  # noqa: F401 - fixture
from tests.house import Clerk

pytestmark = pytest.mark.e2e

BATTERY = "pin laptop chai rồi thì sao"
GREETING = "hôm nay xe đông quá shop nhỉ"
TWO = "gửi xe ở đâu, với lại chủ nhật mấy giờ mở cửa"
WHEELS = "xe đẩy hàng mượn ở đâu vậy shop"
ALL = (BATTERY, GREETING, TWO, WHEELS)


async def reached(seat: Seat, words: str) -> None:
    """Walk with the arrows until a message is looked at."""
    for _ in ALL:
        if await text(seat).inner_text() == words:
            return
        before = await text(seat).inner_text()
        await seat.page.keyboard.press("ArrowDown")
        if await text(seat).inner_text() == before:
            for _ in ALL:
                await seat.page.keyboard.press("ArrowUp")
    await expect(text(seat)).to_have_text(words)


async def stands(clerk: Clerk, *labels: str) -> None:
    """Wait until just these labels teach."""
    async with asyncio.timeout(10):
        while sorted(one["label"] for one in await taught(clerk, state="approved")) != sorted(labels):
            await asyncio.sleep(0.05)


async def test_a_sitting_needs_no_mouse(desk: Desk) -> None:
    await said(desk, *ALL)
    minh = await teacher(desk)
    seat = await at(desk, minh)
    press, type_in = seat.page.keyboard.press, seat.page.keyboard.type

    # A need is found by what it is about, without marks, and by keys alone.
    await reached(seat, BATTERY)
    await press("/")
    await type_in("sua chua")
    options = seat.find("#teach-search [role=option]")
    await expect(options.first).to_contain_text("Bảo hành, sửa chữa")
    await expect(options.last).to_contain_text("Tạo nhu cầu mới “sua chua”")
    await press("ArrowUp")
    await expect(options.last).to_have_attribute("aria-selected", "true")
    await press("ArrowDown")
    await press("Enter")
    await expect(seat.find("#review-undo-said")).to_have_text("Đã gắn “Bảo hành, sửa chữa”")
    await stands(minh, "warranty")

    await reached(seat, GREETING)
    await press("0")
    await expect(seat.find("#review-undo-said")).to_have_text("Đã gắn “Không phải nhu cầu”")
    await press("z")
    await expect(text(seat)).to_have_text(GREETING)
    await press("s")
    await expect(seat.find("#review-undo-said")).to_have_text("Đã bỏ qua một tin")

    await reached(seat, TWO)
    await press("t")
    dialog = seat.find("#split-dialog")
    await expect(dialog.locator("textarea").first).to_be_focused()
    for words in ("gửi xe", "giờ mở"):
        await press("Tab")
        await type_in(words)
        await press("Enter")
        await press("Tab")
    await expect(dialog.locator("[role=combobox]").first).to_have_value("Gửi xe")
    await dialog.locator("[type=submit]").press("Enter")
    await expect(seat.find("#review-undo-said")).to_have_text("Đã tách: Gửi xe, Giờ mở cửa")
    await stands(minh, "warranty", "parking", "opening_hours")
    await press("z")
    await expect(text(seat)).to_have_text(TWO)
    await stands(minh, "warranty")
    await press("s")

    await reached(seat, WHEELS)
    await press("n")
    await expect(seat.find("#need-dialog [name=name_vi]")).to_be_focused()
    await type_in("Mượn xe đẩy")
    await press("Tab")
    await press("Tab")
    await type_in("L")
    await expect(seat.find("#need-way")).to_contain_text("Khách được chuyển tới Lễ tân và nhận số phiếu.")
    await press("Shift+Tab")
    await press("Enter")
    await expect(seat.find("#review-undo-said")).to_have_text("Đã tạo nhu cầu “Mượn xe đẩy”")
    await expect(seat.find("#review-empty-title")).to_have_text("Xong rồi, cảm ơn anh/chị!")
    assert [one["text"] for one in await taught(minh, state="approved")] == [WHEELS, BATTERY]
    await press("z")
    await expect(text(seat)).to_have_text(WHEELS)
    await stands(minh, "warranty")


async def test_a_mouse_drawn_over_words_marks_them(desk: Desk) -> None:
    await said(desk, "pin dự phòng 2 cục giao tới chợ Bến Thành")
    minh = await teacher(desk)
    seat = await at(desk, minh)
    box = await text(seat).evaluate(
        """(place) => {
          const range = document.createRange(), node = place.firstChild, at = node.data.indexOf("2 cục");
          range.setStart(node, at);
          range.setEnd(node, at + 5);
          const {left, right, top, height} = range.getBoundingClientRect();
          return {left, right, middle: top + height / 2};
        }"""
    )
    await seat.page.mouse.move(box["left"], box["middle"])
    await seat.page.mouse.down()
    await seat.page.mouse.move(box["right"], box["middle"], steps=5)
    await seat.page.mouse.up()
    await expect(seat.find("#teach-mark-bar")).to_contain_text("“2 cục” là:")
    await seat.find("#teach-mark-bar button", has_text="Số lượng").click()
    await expect(seat.find("#teach-text mark")).to_have_text("2 cục")
    await seat.page.keyboard.press("1")
    await stands(minh, "warranty")
    (one,) = await taught(minh)
    assert [one["text"][mark["start"] : mark["end"]] for mark in one["entities"]] == ["2 cục"]
    await seat.find("#teach-tabs [data-tab=taught]").click()
    await expect(seat.find("#taught-list mark")).to_have_text("2 cục")
    await expect(waiting(seat, BATTERY)).to_have_count(0)
