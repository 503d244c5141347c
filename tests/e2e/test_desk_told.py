"""What the console says of colleagues and of what happened is true for as long as it stands there."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.e2e.desk_driver import Desk, make_desk, make_house  # noqa: F401 - fixtures
from tests.integration.desk_steps import sql

pytestmark = pytest.mark.e2e


async def test_who_is_away_for_a_moment_is_not_counted_as_on_duty(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting", "warehouse")
    silent = [await desk.house.staff(name, "warehouse") for name in ("Hà", "Tú")]
    await desk.house.staff("Nga", "warehouse")
    for one in silent:
        await sql(desk.house, "UPDATE staff SET seen_at = now() - interval '1 hour' WHERE id = :id", id=one.id)
    _, code = await desk.case()
    seat = await desk.seat(lan)
    there = seat.find("#queues a[href='/desk/queue/warehouse']")
    await expect(there.locator(".on-duty")).to_have_text("2 người trực · 2 tạm vắng")
    await expect(there.locator(".visually-hidden")).to_contain_text("kể cả người kiêm nhiệm: 2 người trực · 2 tạm vắng")
    await seat.claim(code)
    dialog = await seat.ask("transfer", "#transfer-dialog")
    await dialog.locator("[name=department]").select_option("warehouse")
    options = dialog.locator("[name=staff_id] option")
    await expect(options.first).to_have_text("Ai cũng được (1 người trực · 2 tạm vắng)")
    [queue] = [one for one in (await lan.get("/api/queues"))[1]["queues"] if one["department"] == "warehouse"]
    assert (queue["on_duty"], queue["away"]) == (2, 2)
