"""On a small laptop (1366 by 768) what hangs on a case leaves the conversation at least half of the height."""

from __future__ import annotations

from datetime import datetime

import pytest
from playwright.async_api import expect

from bot.domain.company import RoleId
from tests.e2e.desk_driver import LAPTOP, Desk, Seat, make_desk, make_house  # noqa: F401 - fixtures
from tests.e2e.desk_pages import fits
from tests.integration.call_steps import wants_call

pytestmark = pytest.mark.e2e


async def height(seat: Seat, selector: str) -> float:
    box = await seat.find(selector).bounding_box()
    assert box is not None
    return box["height"]


async def test_a_call_card_leaves_half_of_the_height(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "customer_relations")
    await wants_call(desk.house, 90)
    seat = await desk.seat(lan, **LAPTOP)
    await seat.claim("KH-0001")
    for went in ("reached", "missed"):
        await expect(seat.find(f".call-card [data-call={went}]")).to_be_in_viewport(ratio=1)
    assert await height(seat, ".transcript-wrap") >= 768 / 2
    await fits(seat)
    await seat.checked()


async def test_every_button_of_a_card_is_whole_however_many_there_are(desk: Desk) -> None:
    nhi = await desk.house.staff("Nhi", "accounting", role=RoleId.MANAGER)
    _, code = await desk.case()
    seat = await desk.seat(nhi, **LAPTOP)
    await seat.claim(code)
    await nhi.post(f"/api/cases/{code}/request", department="warehouse", text="Kiểm giúp phiếu xuất HD-2291.")
    buttons = seat.find("#case-work .work-request .work-buttons button")
    await expect(buttons).to_have_count(4)
    for place in range(4):
        await expect(buttons.nth(place)).to_be_in_viewport(ratio=1)
    await seat.checked()


async def test_two_cards_leave_half_of_the_height(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    await desk.house.staff("Nhi", role=RoleId.MANAGER)
    await desk.house.staff("Tú", "warehouse")
    _, code = await desk.case()
    seat = await desk.seat(lan, **LAPTOP)
    await seat.claim(code)
    reason = "Khách đưa sao kê hai lần trừ tiền, cả hai đều khớp với đơn, xin hoàn lại một lần trong hôm nay giúp."
    assert (await lan.post(f"/api/cases/{code}/request", department="warehouse", text=reason))[0] == 201
    assert (await lan.post(f"/api/cases/{code}/approve", kind="refund", amount=5_000_000, reason=reason))[0] == 201
    await expect(seat.find("#case-work .work")).to_have_count(2)
    assert await height(seat, ".transcript-wrap") >= 768 / 2
    await expect(seat.find("#case-work .work-outgoing, #case-work [data-does=cancel]")).to_be_in_viewport()
    # The list says of the date what the page says.
    due = datetime.fromisoformat((await lan.get(f"/api/cases/{code}"))[1]["due_at"])
    said = f"Hẹn {due.astimezone(desk.house.running.house.company.zone):%H:%M}"
    await expect(seat.find("#case-facts .due[data-key=due_in]")).to_contain_text(said)
    await expect(seat.row(code).locator(".due")).to_contain_text(said)
    await fits(seat)
    await seat.checked()


async def test_the_buttons_of_an_ending_shift_stay_whole(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    codes = [(await desk.case())[1] for _ in range(3)]
    for code in codes:
        assert (await lan.post(f"/api/cases/{code}/claim"))[0] == 200
    seat = await desk.seat(lan, **LAPTOP)
    await seat.find("#end-button").click()
    await expect(seat.find("#end-list .end-case")).to_have_count(3)
    await expect(seat.find("#end-submit")).to_be_in_viewport(ratio=1)
    box = await seat.find("#end-submit").bounding_box()
    sheet = await seat.find("#end-dialog").bounding_box()
    assert box is not None
    assert sheet is not None
    assert box["y"] + box["height"] <= sheet["y"] + sheet["height"]
