"""Two people who decide together, and a customer who does not want to be learned from, in a browser."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Locator, expect

from bot.domain.company import RoleId
from tests.e2e.desk_driver import Desk, Seat, make_desk, make_house  # noqa: F401 - fixtures
from tests.e2e.desk_pages import fits
from tests.e2e.teach_driver import at, in_doubt, said, taught, teacher, text, waiting  # noqa: F401 - fixture
from tests.house import Clerk

pytestmark = pytest.mark.e2e

PARKING = "cho tôi gửi xe qua đêm được không"
BATTERY = "pin laptop chai rồi thì sao"


async def labelled(seat: Seat, words: str, key: str, done: str) -> None:
    """Look at a message, press a key, and wait until the page says what was done."""
    await waiting(seat, words).click()
    await expect(text(seat)).to_have_text(words)
    await seat.page.keyboard.press(key)
    await expect(seat.find("#review-undo-said")).to_have_text(done)


async def stands(clerk: Clerk, *wanted: tuple[str, str]) -> None:
    """Wait until just these labels and states are what was taught."""
    async with asyncio.timeout(10):
        while sorted((one["label"], one["state"]) for one in await taught(clerk) if one["text"]) != sorted(wanted):
            await asyncio.sleep(0.05)


def shown(seat: Seat, words: str) -> Locator:
    """A sentence on the tab of what was taught."""
    return seat.find("#taught-list li", has_text=words)


async def test_a_second_person_agrees_or_objects_and_a_third_settles(desk: Desk) -> None:
    desk.house.running.house.reviewing.two_reviewers = True
    await said(desk, PARKING, BATTERY)
    minh, hoa = await teacher(desk), await teacher(desk, "Hoa")
    first = await at(desk, minh)
    await expect(first.find("#review-two")).to_have_text("Cần hai người xác nhận")
    await labelled(first, PARKING, "2", "Đã gắn “Gửi xe”")
    await labelled(first, BATTERY, "1", "Đã gắn “Bảo hành, sửa chữa”")
    await expect(first.find("#review-empty-text")).to_contain_text("Cần một người nữa đồng ý")
    await stands(minh, ("parking", "proposed"), ("warranty", "proposed"))

    second = await at(desk, hoa)
    await waiting(second, PARKING).click()
    await expect(second.find("#teach-why .first")).to_have_text("Đã có một người gắn nhãn, chờ người thứ hai")
    await expect(second.find("#teach-state")).to_contain_text("Minh: Gửi xe")
    await expect(second.find(".guess").first).to_contain_text("Minh")
    await labelled(second, PARKING, "1", "Đã gắn “Gửi xe”")
    await stands(minh, ("parking", "approved"), ("warranty", "proposed"))
    await second.page.keyboard.press("z")
    await stands(minh, ("parking", "proposed"), ("warranty", "proposed"))
    await labelled(second, PARKING, "1", "Đã gắn “Gửi xe”")
    await labelled(second, BATTERY, "2", "Đã gắn “Hỏi giá sản phẩm”")
    await expect(second.find(".toast")).to_contain_text("Tin ở lại hàng đợi tới khi có người phân xử")

    await expect(waiting(first, BATTERY)).to_contain_text("Hai người gắn khác nhau")
    await waiting(first, BATTERY).click()
    await expect(first.find("#teach-state")).to_contain_text("theo ý người kia, hoặc chờ người thứ ba")
    third = await at(desk, await teacher(desk, "Lê Chủ", RoleId.ADMIN))
    await waiting(third, BATTERY).click()
    await expect(third.find("#teach-state strong")).to_have_text("Hai người nói khác nhau: anh/chị phân xử giúp")
    await expect(third.find("#teach-state li")).to_have_text(["Minh: Bảo hành, sửa chữa", "Hoa: Hỏi giá sản phẩm"])
    await labelled(third, BATTERY, "2", "Đã gắn “Hỏi giá sản phẩm”")
    await stands(minh, ("parking", "approved"), ("product_price", "approved"))
    newest = (await taught(minh, state="approved"))[0]
    assert (newest["labelled_by"], newest["reviewed_by"]) == ("Hoa", "Lê Chủ")
    await expect(waiting(first, BATTERY)).to_have_count(0)


async def test_what_is_proposed_is_approved_from_the_list_too(desk: Desk) -> None:
    desk.house.running.house.reviewing.two_reviewers = True
    await said(desk, PARKING)
    minh, hoa = await teacher(desk), await teacher(desk, "Hoa")
    (entry,) = (await minh.get("/api/teach/queue"))[1]["entries"]
    await minh.post(f"/api/teach/{entry['message_id']}/label", label="parking")
    own, other = await at(desk, minh, "taught"), await at(desk, hoa, "taught")
    await expect(shown(own, PARKING).get_by_role("button", name="Rút lại")).to_be_visible()
    await expect(shown(own, PARKING).get_by_role("button", name="Đồng ý", exact=True)).to_have_count(0)
    await expect(shown(other, PARKING)).to_contain_text("Chờ người thứ hai")
    await fits(other)
    await shown(other, PARKING).get_by_role("button", name="Đồng ý", exact=True).click()
    await expect(shown(other, PARKING)).to_contain_text("Minh, Hoa đồng ý")
    await stands(minh, ("parking", "approved"))


async def test_a_customer_who_refuses_takes_all_of_it_back_and_may_agree_again(desk: Desk) -> None:
    minh, customer = await teacher(desk), await desk.house.visitor()
    await said(desk, BATTERY)
    for one in (PARKING, "xe đạp để chỗ nào vậy shop"):
        await customer.say(one)
        await desk.house.settled()
    for entry in (await minh.get("/api/teach/queue"))[1]["entries"]:
        if entry["text"] != "xe đạp để chỗ nào vậy shop":
            await minh.post(f"/api/teach/{entry['message_id']}/label", label="parking")
    seat = await at(desk, minh, "taught")
    await shown(seat, PARKING).get_by_role("button", name="Khách không đồng ý").click()
    await expect(seat.find("#confirm-dialog")).to_contain_text("tin của khách không còn ở hàng đợi")
    await seat.find("#confirm-dialog [data-submit]").click()
    await expect(seat.find(".toast")).to_contain_text("Đã rút 1 câu của khách này.")
    await expect(shown(seat, PARKING)).to_have_count(0)
    await expect(shown(seat, BATTERY)).to_contain_text("Đã duyệt")
    gone = shown(seat, "đã rút lại, chữ đã xoá")
    await expect(gone).to_contain_text("Khách không đồng ý")
    assert (await minh.get("/api/teach/queue"))[1]["entries"] == []
    await gone.get_by_role("button", name="Khách đồng ý lại").click()
    await expect(gone.get_by_role("button")).to_have_count(0)
    await expect(gone).to_contain_text("đã rút lại, chữ đã xoá")
    (entry,) = (await minh.get("/api/teach/queue"))[1]["entries"]
    assert entry["text"] == "xe đạp để chỗ nào vậy shop"
    await seat.find("[data-state=withdrawn]").click()
    await expect(seat.find("#taught-list li")).to_have_count(1)
    await seat.find("#taught-states [data-state='']").click()
    await shown(seat, BATTERY).get_by_role("button", name="Rút lại").click()
    await seat.find("#confirm-dialog [data-submit]").click()
    await expect(seat.find("#taught-list li", has_text="đã rút lại, chữ đã xoá")).to_have_count(2)
