"""What the teaching page says is so: how much waits, where a case lies, what was replaced in one's own words."""

from __future__ import annotations

import pytest
from playwright.async_api import Route, expect

from tests.e2e.desk_driver import Desk, make_desk, make_house  # noqa: F401 - fixtures
from tests.e2e.teach_driver import at, in_doubt, said, taught, teacher  # noqa: F401 - fixture

pytestmark = pytest.mark.e2e

PARKING = "cho tôi gửi xe qua đêm được không"


async def test_the_head_counts_all_that_waits_and_no_case_is_made_up(desk: Desk) -> None:
    await said(desk, PARKING)
    minh = await teacher(desk)
    seat = await at(desk, minh)
    await expect(seat.find("#teach-read")).not_to_contain_text("Phiếu")

    async def much(route: Route) -> None:
        answer = await route.fetch()
        await route.fulfill(response=answer, json={**await answer.json(), "waiting": 57})

    await seat.page.route("**/api/teach/queue*", much)
    await seat.page.reload()
    await expect(seat.find("#review-said")).to_have_text("đã xem 0/57")
    await seat.page.keyboard.press("s")
    await expect(seat.find("#review-said")).to_have_text("đã xem 1/57")


async def test_what_was_replaced_in_ones_own_words_is_told(desk: Desk) -> None:
    await said(desk, PARKING)
    minh = await teacher(desk)
    seat = await at(desk, minh)
    await seat.page.keyboard.press("n")
    form = seat.find("#need-dialog")
    await form.locator("[name=name_vi]").fill("Gửi xe qua đêm")
    await form.locator("[name=department]").select_option("facilities")
    await form.locator("[name=examples]").fill("gọi 0909123456 cho chị Hồng")
    await form.locator("[type=submit]").click()
    notice = seat.find("#toasts .toast", has_text="0900 000 000 cho chị An")
    await expect(notice).to_contain_text("gọi 0909123456 cho chị Hồng")
    assert "gọi 0900 000 000 cho chị An" in {one["text"] for one in await taught(minh)}
