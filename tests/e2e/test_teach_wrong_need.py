"""Whoever holds a case says that the bot misread it; those who teach see it first."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import expect

from tests.e2e.desk_driver import Desk, make_desk, make_house  # noqa: F401 - fixtures
from tests.e2e.teach_driver import at, teacher

pytestmark = pytest.mark.e2e


async def test_a_misread_case_is_shown_first_to_those_who_teach(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    _, code = await desk.case("Tôi cần sửa hoá đơn mua tủ lạnh")
    seat = await desk.seat(lan)
    await seat.claim(code)
    foot = seat.find(".told-need .told-foot")
    await foot.get_by_role("button", name="Trợ lý hiểu sai").click()
    await expect(foot).to_contain_text("Lan báo: trợ lý hiểu sai.")
    await foot.get_by_role("combobox").select_option("return_exchange")
    minh = await teacher(desk)
    async with asyncio.timeout(10):
        while (await minh.get(f"/api/cases/{code}/wrong-need"))[1]["intent"] != "return_exchange":
            await asyncio.sleep(0.05)
    teach = await at(desk, minh)
    await expect(teach.find("#teach-text")).to_have_text("Tôi cần sửa hoá đơn mua tủ lạnh")
    await expect(teach.find("#teach-why .first")).to_contain_text("nhân viên")
    await expect(teach.find("#teach-read")).to_contain_text("Nhân viên cho là “Đổi, trả hàng”.")
    await expect(teach.find(".guess").first).to_contain_text("Đổi, trả hàng")
    await foot.get_by_role("button", name="Hoàn tác").click()
    await expect(foot.get_by_role("button", name="Trợ lý hiểu sai")).to_be_visible()
