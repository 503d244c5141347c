"""Sums of money as people type them, read by the console: what is read, and what is said beside the field."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from bot.domain.company import RoleId
from tests.e2e.desk_driver import Desk, make_desk, make_house  # noqa: F401 - fixtures

pytestmark = pytest.mark.e2e

READ: dict[str, int | None] = {
    "": None,
    "1500000": 1_500_000,
    "1.500.000": 1_500_000,
    "1,500,000 đ": 1_500_000,
    "1 500 000": 1_500_000,
    "500k": 500_000,
    "500 nghìn đồng": 500_000,
    "1.500k": 1_500_000,
    "2,5tr": 2_500_000,
    "2.5TR": 2_500_000,
    "1.5 triệu": 1_500_000,
    "1,5 trieu": 1_500_000,
    "1tr2": 1_200_000,
    "1tr 25": 1_250_000,
    "2tr05": 2_050_000,
    "1tr200": 1_200_000,
    "1tr200k": 1_200_000,
    "1 triệu rưỡi": 1_500_000,
    "1 tỷ 200 triệu": 1_200_000_000,
}
UNREAD = (
    *("-1.5 triệu", "+5", "-500000", "~2tr", "1.5", "2,5", "1.50.000", "1500.000", "1,500.000", "12.5.3tr"),
    *("tr", "abc", "năm trăm", "5 củ", "10%", "1e6", "0x10", "1tr2tr", "1k2tr", "1tr2345", "٣", "1/2", "999999 tỷ"),
)
READING = """async (texts) => {
  const { readAmount } = await import("/static/desk/amounts.js");
  return texts.map((text) => { const read = readAmount(text); return read ? [read.amount] : null; });
}"""


async def test_sums_are_read_as_people_type_them(desk: Desk) -> None:
    seat = await desk.seat(await desk.house.staff("Lan", "accounting"))
    read = await seat.page.evaluate(READING, list(READ))
    assert dict(zip(READ, read, strict=True)) == {text: [amount] for text, amount in READ.items()}
    unread = await seat.page.evaluate(READING, list(UNREAD))
    assert [text for text, found in zip(UNREAD, unread, strict=True) if found is not None] == []


async def test_what_is_read_stands_beside_the_field_before_it_is_sent(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    await desk.house.staff("Nhi", role=RoleId.MANAGER)
    _, code = await desk.case()
    seat = await desk.seat(lan)
    await seat.claim(code)
    await seat.find("#transcript").press("x")
    dialog = seat.find("#approval-dialog")
    read = dialog.locator("[data-read]")
    await expect(read).to_be_hidden()
    await dialog.locator("[name=reason]").fill("Hàng lỗi, khách đợi ba ngày.")
    await dialog.locator("[name=amount]").press_sequentially("-1.5 triệu")
    await expect(read).to_contain_text("Không đọc được số tiền")
    await dialog.locator("[type=submit]").click()
    await expect(dialog.locator(".problem")).to_contain_text("Không đọc được số tiền")
    await expect(seat.find("#case-work .work-approval")).to_have_count(0)
    await dialog.locator("[name=amount]").fill("0")
    await expect(read).to_contain_text("lớn hơn 0")
    await expect(dialog.locator("[data-deciders]")).to_be_hidden()
    await dialog.locator("[type=submit]").click()
    await expect(dialog.locator(".problem")).to_contain_text("lớn hơn 0")
    await dialog.locator("[name=amount]").fill("")
    await dialog.locator("[name=amount]").press_sequentially("2,5tr")
    await expect(read).to_have_text("= 2.500.000 đ")
    await dialog.locator("[type=submit]").click()
    await expect(seat.find("#case-work .work-approval")).to_contain_text("2.500.000 đ")
