"""Looking at messages one by one: with keys, with a finger, with what goes wrong on the way."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import Route, expect

from tests.e2e.desk_driver import PHONE, Desk, make_desk, make_house  # noqa: F401 - fixtures
from tests.e2e.desk_pages import fits
from tests.e2e.teach_driver import at, in_doubt, said, select, taught, teacher, text, waiting  # noqa: F401 - fixture

pytestmark = pytest.mark.e2e

PARKING = "cho tôi gửi xe qua đêm được không"
BATTERY = "pin laptop chai rồi thì sao"
WHEELS = "xe đẩy hàng mượn ở đâu vậy shop"


async def test_keys_label_and_take_back(desk: Desk) -> None:
    await said(desk, PARKING, BATTERY, WHEELS)
    minh = await teacher(desk)
    seat = await at(desk, minh)
    press = seat.page.keyboard.press
    await expect(seat.find("#review-said")).to_have_text("đã xem 0/3")
    order = [PARKING, BATTERY, WHEELS]
    await waiting(seat, PARKING).click()
    await expect(text(seat)).to_have_text(PARKING)
    await expect(seat.find("#teach-why .first")).to_have_text("Trợ lý phải hỏi lại khách")
    await press("2")
    await expect(seat.find("#review-undo-said")).to_have_text("Đã gắn “Gửi xe”")
    await expect(waiting(seat, PARKING)).to_have_count(0)
    await expect(seat.find("#review-said")).to_have_text("đã xem 1/3")
    await press("z")
    await expect(text(seat)).to_have_text(PARKING)
    await expect(seat.find("#review-said")).to_have_text("đã xem 0/3")
    for one, keys in zip(order, (["/"], ["0"], ["s"]), strict=True):
        await waiting(seat, one).click()
        await expect(text(seat)).to_have_text(one)
        for key in keys:
            await press(key)
        if keys == ["/"]:
            await seat.page.keyboard.type("gui xe")
            await expect(seat.find("#teach-search [role=option]").first).to_contain_text("Gửi xe")
            await press("Enter")
        await expect(waiting(seat, one)).to_have_count(0)
    await expect(seat.find("#review-empty-title")).to_have_text("Xong rồi, cảm ơn anh/chị!")
    await expect(seat.find("#review-said")).to_have_text("đã xem 3/3")
    async with asyncio.timeout(10):
        while (await minh.get("/api/teach/queue"))[1]["waiting"]:
            await asyncio.sleep(0.05)
    assert [(one["label"], one["state"]) for one in await taught(minh, state="approved")] == [("parking", "approved")]


async def test_arrows_go_through_the_messages_and_keys_keep_out_of_fields(desk: Desk) -> None:
    await said(desk, PARKING, BATTERY)
    seat = await at(desk, await teacher(desk))
    first = await text(seat).inner_text()
    await seat.page.keyboard.press("ArrowDown")
    await expect(text(seat)).not_to_have_text(first)
    await seat.page.keyboard.press("ArrowUp")
    await expect(text(seat)).to_have_text(first)
    await seat.page.keyboard.press("/")
    await seat.page.keyboard.type("1023sz")
    await expect(seat.find("#teach-search input")).to_have_value("1023sz")
    await expect(seat.find("#review-said")).to_have_text("đã xem 0/2")
    await seat.page.keyboard.press("Escape")
    await seat.page.keyboard.press("?")
    await expect(seat.find("#teach-keys-dialog")).to_be_visible()


async def test_what_the_server_refuses_comes_back_with_the_reason(desk: Desk) -> None:
    await said(desk, PARKING, BATTERY)
    minh = await teacher(desk)
    seat = await at(desk, minh)
    await waiting(seat, PARKING).click()

    async def refuse(route: Route) -> None:
        await asyncio.sleep(0.3)
        await route.abort()

    await seat.page.route("**/label", refuse)
    await seat.page.keyboard.press("1")
    await expect(text(seat)).to_have_text(BATTERY)
    await expect(seat.find(".toast.bad")).to_contain_text("trở lại danh sách: Không tới được máy chủ")
    await expect(waiting(seat, PARKING)).to_contain_text("Chưa lưu được")
    await expect(text(seat)).to_have_text(PARKING)
    await expect(seat.find("#teach-entry-problem")).to_contain_text("kiểm tra mạng")
    await expect(seat.find("#review-said")).to_have_text("đã xem 0/2")
    await seat.page.unroute("**/label")
    await seat.page.keyboard.press("2")
    await expect(waiting(seat, PARKING)).to_have_count(0)
    async with asyncio.timeout(10):
        while [one["label"] for one in await taught(minh)] != ["parking"]:
            await asyncio.sleep(0.05)


async def test_near_duplicates_are_one_and_may_be_opened(desk: Desk) -> None:
    await said(
        desk, "cho em hỏi chỗ gửi xe ở đâu ạ", "cho em hỏi chỗ gửi xe ở đâu", "cho em hỏi chỗ gửi xe ở đâu vậy ạ"
    )
    minh = await teacher(desk)
    seat = await at(desk, minh)
    await expect(seat.find("#review-said")).to_have_text("đã xem 0/1")
    await seat.find("#teach-near summary").click()
    await expect(seat.find("#teach-near-said")).to_have_text("và 2 tin giống")
    await expect(seat.find("#teach-near-list li")).to_have_count(2)
    await seat.page.keyboard.press("2")
    await expect(seat.find("#review-empty")).to_be_visible()
    async with asyncio.timeout(10):
        while len(await taught(minh)) < 3:
            await asyncio.sleep(0.05)


async def test_what_a_customer_named_is_marked_by_selecting_it(desk: Desk) -> None:
    await said(desk, "😀 gửi xe 2 ngày, gọi 0912345678 nhé")
    minh = await teacher(desk)
    seat = await at(desk, minh)
    await expect(text(seat)).to_have_text("😀 gửi xe 2 ngày, gọi ‹số điện thoại› nhé")
    await select(seat, "điện")
    await seat.find("#teach-mark-bar button", has_text="Số điện thoại").click()
    await expect(seat.find("#teach-text mark")).to_have_text("‹số điện thoại›")
    await select(seat, "2")
    await seat.find("#teach-mark-bar button", has_text="Số lượng").click()
    await expect(seat.find("#teach-marks li")).to_have_count(2)
    await seat.find("#teach-marks button").first.click()
    await expect(seat.find("#teach-text mark")).to_have_text("‹số điện thoại›")
    async with seat.page.expect_request("**/label") as sent:
        await seat.page.keyboard.press("2")
    body = (await sent.value).post_data_json
    assert body is not None
    (mark,) = body["entities"]
    shown = "😀 gửi xe 2 ngày, gọi ‹số điện thoại› nhé"
    assert (shown[mark["start"] : mark["end"]], mark["entity"]) == ("‹số điện thoại›", "phone")
    async with asyncio.timeout(10):
        while not (found := await taught(minh)):
            await asyncio.sleep(0.05)
    (kept,) = found[0]["entities"]
    assert found[0]["text"][kept["start"] : kept["end"]] == "0900 000 000"


async def test_a_message_with_two_needs_is_taken_apart_and_put_together_again(desk: Desk) -> None:
    await said(desk, "thay pin ở đâu, với lại chủ nhật mấy giờ mở cửa")
    minh = await teacher(desk)
    seat = await at(desk, minh)
    await seat.page.keyboard.press("t")
    dialog = seat.find("#split-dialog")
    await expect(dialog.locator("textarea").first).to_have_value("thay pin ở đâu")
    for place, words in enumerate(("bảo hành", "giờ mở cửa")):
        field = dialog.locator("[role=combobox]").nth(place)
        await field.fill(words)
        await field.press("Enter")
    await dialog.locator("[type=submit]").click()
    await expect(dialog).to_be_hidden()
    await expect(seat.find("#review-undo-said")).to_have_text("Đã tách: Bảo hành, sửa chữa, Giờ mở cửa")
    assert {(one["label"], one["text"]) for one in await taught(minh)} == {
        ("warranty", "thay pin ở đâu"),
        ("opening_hours", "với lại chủ nhật mấy giờ mở cửa"),
    }
    await seat.page.keyboard.press("z")
    await expect(text(seat)).to_contain_text("thay pin ở đâu")
    async with asyncio.timeout(10):
        while await taught(minh, state="approved"):
            await asyncio.sleep(0.05)


async def test_a_message_is_cut_at_and_then_put_together_and_an_empty_piece_is_dropped(desk: Desk) -> None:
    await said(desk, "shop thay pin điện thoại ở đâu va chủ nhật này mấy giờ mở cửa")
    minh = await teacher(desk)
    seat = await at(desk, minh)
    await seat.page.keyboard.press("t")
    dialog = seat.find("#split-dialog")
    pieces = dialog.locator("textarea")
    await expect(pieces.nth(1)).to_have_value("chủ nhật này mấy giờ mở cửa")
    await dialog.get_by_role("button", name="Nhập vào phần trước").click()
    await expect(pieces).to_have_count(1)
    await expect(pieces.first).to_have_value("shop thay pin điện thoại ở đâu va chủ nhật này mấy giờ mở cửa")
    await expect(pieces.first).to_be_focused()
    await pieces.first.fill("shop thay pin điện thoại ở đâu")
    await dialog.locator("#split-more").click()
    await dialog.locator("[role=combobox]").first.fill("bảo hành")
    await dialog.locator("[role=combobox]").first.press("Enter")
    await dialog.locator("[type=submit]").click()
    await expect(dialog).to_be_hidden()
    assert {(one["label"], one["text"]) for one in await taught(minh)} == {
        ("warranty", "shop thay pin điện thoại ở đâu")
    }


async def test_a_phone_shows_one_message_whole_and_takes_a_finger(desk: Desk) -> None:
    await said(desk, PARKING, BATTERY, WHEELS)
    minh = await teacher(desk)
    seat = await at(desk, minh, **PHONE)
    await expect(seat.find("#review-list")).to_be_hidden()
    await fits(seat, phone=True)
    first = await text(seat).inner_text()
    await seat.find(".guess").first.tap()
    await expect(text(seat)).not_to_have_text(first)
    await seat.find("[data-do=undo]").last.tap()
    await expect(text(seat)).to_have_text(first)
    await seat.find("[data-do=next]").tap()
    await expect(text(seat)).not_to_have_text(first)
    await seat.find("[data-do=skip]").tap()
    await expect(seat.find("#review-said")).to_have_text("đã xem 1/3")
    await seat.find("#teach-search input").tap()
    await seat.find("#teach-search input").fill("khen")
    await seat.find("#teach-search [role=option]").first.tap()
    await expect(seat.find("#review-undo-said")).to_contain_text("Khen nhân viên")


async def test_the_page_is_for_those_who_lead_and_a_place_survives_a_reload(desk: Desk) -> None:
    await said(desk, PARKING, BATTERY)
    agent = await desk.seat(await desk.house.staff("Lan", "sales"), "/desk/teach")
    await expect(agent.find("#list-title")).to_be_visible()
    await expect(agent.find("#teach-link")).to_be_hidden()
    seat = await desk.seat(await teacher(desk))
    await seat.find("#teach-link").click()
    await expect(seat.page).to_have_url(re.compile("/desk/teach$"))
    await expect(seat.find("#review-said")).to_have_text("đã xem 0/2")
    await seat.page.keyboard.press("s")
    await expect(seat.find("#review-said")).to_have_text("đã xem 1/2")
    async with asyncio.timeout(10):
        while (await seat.clerk.get("/api/teach/queue"))[1]["waiting"] != 1:  # type: ignore[union-attr]
            await asyncio.sleep(0.05)
    await seat.page.reload()
    await expect(seat.find("#review-said")).to_have_text("đã xem 1/2")
    await fits(seat)


async def test_what_a_colleague_decides_goes_from_the_list_by_itself(desk: Desk) -> None:
    await said(desk, PARKING, BATTERY)
    minh, hoa = await teacher(desk), await teacher(desk, "Hoa")
    seat = await at(desk, minh)
    await expect(seat.find("#review-list li")).to_have_count(2)
    entries = (await hoa.get("/api/teach/queue"))[1]["entries"]
    battery = next(one for one in entries if one["text"] == BATTERY)
    await hoa.post(f"/api/teach/{battery['message_id']}/label", label="warranty")
    await expect(waiting(seat, BATTERY)).to_have_count(0)
    await expect(waiting(seat, PARKING)).to_have_count(1)
