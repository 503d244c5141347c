"""Dates in the console: what a reply leaves owed, what ends a date, and times when nobody is there."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.async_api import expect

from bot.domain.company import Company
from tests.e2e.desk_driver import LAPTOP, PHONE, Desk, make_desk, make_house  # noqa: F401 - fixtures
from tests.e2e.desk_pages import fits
from tests.integration.call_steps import wants_call
from tests.integration.desk_steps import hour_comes

pytestmark = pytest.mark.e2e
SCREENS = pytest.mark.parametrize("screen", [PHONE, LAPTOP], ids=["phone", "laptop"])


@pytest.fixture(name="open_company")
def resting_company(open_company: Company) -> Company:
    """A company that is open round the clock but for one day, forty days from now."""
    holiday = datetime.now(open_company.zone).date() + timedelta(days=40)
    hours = replace(open_company.hours, holidays={holiday: "Quốc khánh"})
    departments = {name: replace(one, hours=hours) for name, one in open_company.departments.items()}
    return replace(open_company, departments=departments)


async def test_the_head_says_whose_turn_it_is_and_a_date_ends_only_when_it_is_kept(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    _, code = await desk.case()
    seat = await desk.seat(lan)
    await seat.claim(code)
    lines = seat.find("#case-lines")
    await seat.reply("Dạ anh chờ em 5 phút, em hỏi kế toán trưởng ạ")
    await expect(lines).to_contain_text("Còn nợ khách câu trả lời trước")
    await seat.reply("Dạ hoá đơn em gửi anh rồi ạ")
    await expect(lines).to_contain_text("Chờ khách trả lời")
    await seat.find("#owes").check()
    await seat.reply("Dạ vâng ạ")
    await expect(lines).to_contain_text("Còn nợ khách câu trả lời trước")
    await expect(seat.find("#owes")).not_to_be_checked()
    await expect(seat.find("#keeps-line")).to_be_hidden()

    dialog = await seat.ask("promise", "#promise-dialog")
    await dialog.locator("[data-quick] button").last.click()
    await expect(dialog.locator("[data-said]")).to_contain_text(f"Dạ về phiếu {code}, bên em hẹn trả lời anh/chị")
    await dialog.locator("button[type=submit]").click()
    await expect(dialog).to_be_hidden()
    await expect(seat.find("#keeps-line")).to_contain_text("Câu này là câu trả lời đã hẹn (trước 09:00 ngày mai)")
    await seat.reply("Dạ đây là bản nháp ạ")
    await expect(lines).to_contain_text("Chờ khách trả lời")
    await expect(lines.locator(".kept")).to_be_visible()
    await seat.find("#keeps").check()
    await seat.reply("Dạ đây là bản chính em hẹn ạ")
    await expect(lines.locator(".kept")).to_have_count(0)
    await expect(seat.find("#keeps-line")).to_be_hidden()

    dialog = await seat.ask("promise", "#promise-dialog")
    await dialog.locator("button[type=submit]").click()
    await lines.locator(".kept").click()
    await expect(seat.find(".toast", has_text="lời hẹn với khách đã giữ")).to_be_visible()
    await expect(lines.locator(".kept")).to_have_count(0)
    await seat.find("#tab-note").click()
    await expect(seat.find("#marks")).to_be_hidden()
    await seat.checked()


async def test_a_time_at_which_nobody_is_there_is_confirmed_first(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    visitor, code = await desk.case()
    seat = await desk.seat(lan, **PHONE)
    await seat.claim(code)
    await seat.find("[data-move=promise]").click()
    dialog = seat.find("#promise-dialog")
    closed = dialog.locator("[data-closed]")
    holiday = datetime.now(desk.house.running.house.company.zone) + timedelta(days=40)
    await dialog.locator("[name=due]").fill(f"{holiday:%Y-%m-%d}T10:00")
    await expect(closed).to_contain_text("Bộ phận đóng cửa lúc đó (Quốc khánh). Vẫn hẹn?")
    await fits(seat)
    await dialog.locator("[type=submit]").click()
    await expect(dialog.locator(".problem")).to_contain_text("đánh dấu “Vẫn hẹn”")
    # Quicker than the preview: another time of that day, by call, and sent in the same breath.
    await dialog.locator("[name=kind][value=call]").check()
    await dialog.locator("[name=due]").fill(f"{holiday:%Y-%m-%d}T11:00")
    await dialog.locator("[type=submit]").click()
    await expect(dialog.locator(".problem")).to_contain_text("Vẫn hẹn")
    await expect(dialog.locator("[data-said]")).to_contain_text("hẹn gọi anh/chị lúc 11:00")
    await expect(closed).to_be_visible()
    await dialog.locator("[name=kind][value=answer]").check()
    await dialog.locator("[name=due]").fill(f"{holiday:%Y-%m-%d}T10:00")
    await expect(dialog.locator("[data-said]")).to_contain_text("ngay tại đây trước 10:00")
    # What cannot be promised says why before anything is sent.
    await dialog.locator("[name=due]").fill(f"{holiday + timedelta(days=500):%Y-%m-%d}T10:00")
    await expect(dialog.locator("[data-said]")).to_contain_text("xa hơn một năm")
    await dialog.locator("[name=due]").fill(f"{holiday:%Y-%m-%d}T10:00")
    await expect(dialog.locator("[data-said]")).to_contain_text("ngay tại đây trước 10:00")
    await closed.locator("[name=anyway]").check()
    await dialog.locator("[type=submit]").click()
    await visitor.hears("bên em hẹn trả lời anh/chị ngay tại đây trước 10:00")
    await seat.checked()


@SCREENS
async def test_a_call_that_found_nobody_is_promised_for_the_hour_one_chooses(
    desk: Desk, screen: dict[str, Any]
) -> None:
    lan = await desk.house.staff("Lan", "customer_relations")
    visitor = await wants_call(desk.house, 90)
    seat = await desk.seat(lan, **screen)
    await seat.claim("KH-0001")
    await hour_comes(desk.house, "KH-0001")
    await seat.page.reload()
    card = seat.find(".call-card")
    holiday = datetime.now(desk.house.running.house.company.zone) + timedelta(days=40)
    await card.locator("[name=call-note]").fill("Máy bận")
    await card.locator("[name=call-again]").fill(f"{holiday:%Y-%m-%d}T10:00")
    await expect(card.locator("[name=anyway]")).to_be_hidden()
    await card.locator("[data-call=missed]").click()
    await expect(seat.find(".toast")).to_contain_text("Bộ phận đóng cửa lúc đó (Quốc khánh). Vẫn hẹn?")
    await fits(seat)
    # Another hour is another question.
    await card.locator("[name=anyway]").check()
    await card.locator("[name=call-again]").fill(f"{holiday:%Y-%m-%d}T11:00")
    await expect(card.locator("[name=anyway]")).to_be_hidden()
    await card.locator("[data-call=missed]").click()
    await card.locator("[name=anyway]").check()
    await card.locator("[data-call=missed]").click()
    told = await visitor.hears("chưa gặp được")
    assert "11:00" in told["text"]
    await expect(card.locator(".due")).to_contain_text("Gọi 11:00")
    await expect(card.locator("[name=call-again]")).to_have_value("")
    await seat.checked()


@SCREENS
async def test_whoever_is_on_the_telephone_says_so(desk: Desk, screen: dict[str, Any]) -> None:
    lan = await desk.house.staff("Lan", "customer_relations")
    await wants_call(desk.house, 90)
    seat = await desk.seat(lan, **screen)
    await seat.claim("KH-0001")
    card = seat.find(".call-card")
    await card.locator("[data-call=begun]").click()
    await expect(seat.find(".toast")).to_contain_text("Khách hẹn nghe máy lúc")
    await expect(card.locator(".calling")).to_have_count(0)
    await hour_comes(desk.house, "KH-0001")
    await seat.page.reload()
    await fits(seat)
    await card.locator("[data-call=begun]").click()
    await expect(seat.find(".toast")).to_contain_text("anh/chị đang gọi khách")
    await expect(card.locator(".calling")).to_contain_text("Đang gọi khách từ")
    await expect(card.locator("[data-call=begun]")).to_have_count(0)
    await fits(seat)
    # Nor does the list call it late, once the hour is past.
    await hour_comes(desk.house, "KH-0001", minutes=3)
    await seat.page.reload()
    row = seat.row("KH-0001")
    await expect(row.locator(".calling")).to_have_text("Đang gọi")
    await expect(row.locator(".due")).to_have_count(0)
    await expect(card.locator(".calling")).to_be_visible()
    await card.locator("[data-call=reached]").click()
    await expect(card).to_have_count(0)
    await seat.checked()


async def test_the_head_names_the_deadline_that_comes_first_and_each_date_once(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    visitor, code = await desk.case()
    seat = await desk.seat(lan, **PHONE)
    await seat.claim(code)
    await seat.reply("Dạ em nhận được rồi ạ")
    dialog = await seat.ask("promise", "#promise-dialog")
    await dialog.locator("[data-quick] button").last.click()
    await dialog.locator("button[type=submit]").click()
    close = seat.find(".toast button").last
    await expect(close).to_be_visible()
    box = await close.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 40
    await visitor.say("anh ơi cho em hỏi thêm cái này")
    owed = seat.find("#case-lines li", has_text="Còn nợ khách câu trả lời trước")
    await expect(owed).to_have_count(1)
    await expect(owed).not_to_contain_text("09:00 ngày mai")
    date = seat.find("#case-lines li", has_text="09:00 ngày mai")
    await expect(date).to_have_count(1)
    await expect(date.locator(".kept")).to_be_visible()
    await seat.reply("Dạ anh chờ em 5 phút ạ")
    await expect(owed).to_have_count(0)
    await expect(date).to_have_count(1)
    await seat.find(".toast button").last.click()
    dialog = await seat.ask("promise", "#promise-dialog")
    await dialog.locator("[name=kind][value=call]").check()
    await dialog.locator("button[type=submit]").click()
    await expect(seat.find(".toast", has_text="Đã hẹn gọi khách lúc")).to_be_visible()
    await seat.checked()
