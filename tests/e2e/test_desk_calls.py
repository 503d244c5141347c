"""Calling a customer at the hour they chose: the card, the number, how it went, and a promise by hand."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import expect

from tests.e2e.desk_driver import LAPTOP, PHONE, Desk, make_desk, make_house  # noqa: F401 - fixtures
from tests.e2e.desk_pages import fits
from tests.integration.call_steps import wants_call
from tests.integration.desk_steps import hour_comes

pytestmark = pytest.mark.e2e


async def test_the_card_of_a_call_says_whom_when_and_keeps_how_it_went(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "customer_relations")
    visitor = await wants_call(desk.house, 90)
    seat = await desk.seat(lan)
    await expect(seat.find("#queues .queue-resting:visible")).to_have_text("+1 hẹn gọi")
    await seat.claim("KH-0001")
    await expect(seat.find("#queues .queue-resting:visible")).to_have_count(0)
    card = seat.find(".call-card")
    await expect(card.locator("a[href='tel:0909111222']")).to_be_visible()
    await expect(card.locator(".due")).to_contain_text("Gọi ")
    await expect(seat.row("KH-0001").locator(".due")).to_contain_text("Gọi ")

    await hour_comes(desk.house, "KH-0001")
    await seat.page.reload()
    await card.locator("[name=call-note]").fill("Máy bận")
    await card.locator("[data-call=missed]").click()
    await visitor.hears("vừa gọi mà chưa gặp được")
    await expect(seat.find("#messages")).to_contain_text("Đã gọi, chưa gặp khách. Máy bận")
    await expect(card.locator("[name=call-note]")).to_have_value("")

    await card.locator("[name=call-note]").fill("Khách đồng ý")
    await card.locator("[data-call=reached]").click()
    await expect(card).to_have_count(0)
    await expect(seat.find("#messages")).to_contain_text("Đã gọi, gặp khách. Khách đồng ý")
    await seat.checked()


async def test_a_call_is_promised_by_hand(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    visitor, code = await desk.case()
    seat = await desk.seat(lan, **PHONE)
    await seat.claim(code)
    await seat.find("[data-move=promise]").click()
    dialog = seat.find("#promise-dialog")
    await dialog.get_by_role("button", name="09:00 ngày mai").click()
    await dialog.get_by_label("Hẹn gọi lại").check()
    await expect(dialog.locator("[data-said]")).to_contain_text("hẹn gọi anh/chị lúc 9:00 ngày mai")
    await dialog.locator("[type=submit]").click()
    await visitor.hears("hẹn gọi anh/chị lúc 9:00 ngày mai")
    await expect(seat.find(".call-card")).to_contain_text("Khách chưa để lại số điện thoại.")
    await fits(seat)
    await seat.checked()


@pytest.mark.parametrize("screen", [PHONE, LAPTOP], ids=["phone", "laptop"])
async def test_a_case_whose_call_is_taken_off_ends_without_the_question_of_an_answer(
    desk: Desk, screen: dict[str, Any]
) -> None:
    lan = await desk.house.staff("Lan", "customer_relations")
    visitor = await wants_call(desk.house, 90)
    seat = await desk.seat(lan, **screen)
    await seat.claim("KH-0001")
    dialog = await seat.ask("resolve", "#resolve-dialog")
    await expect(dialog.locator("[data-unanswered]")).to_be_visible()
    await dialog.locator("[data-cancel]").click()

    await visitor.say("thôi khỏi gọi nhé")
    await visitor.hears("đã huỷ giờ gọi")
    await expect(seat.find("#messages")).to_contain_text("Phiếu không còn việc nào khác, đóng phiếu giúp ạ.")
    await expect(seat.find(".call-card")).to_have_count(0)
    dialog = await seat.ask("resolve", "#resolve-dialog")
    await expect(dialog.locator("[data-unanswered]")).to_be_hidden()
    await fits(seat)
    await dialog.locator("[type=submit]").click()
    await expect(dialog).to_be_hidden()
    await expect(seat.find(".toast", has_text="Đã hoàn tất KH-0001")).to_be_visible()
    await expect(seat.find("#composer-closed")).to_contain_text("Phiếu đã xong")
    await seat.checked()
