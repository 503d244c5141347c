"""The console follows what happens: live, through gaps, and under a flood."""

from __future__ import annotations

import asyncio
import re
import statistics
import time
import uuid
from collections.abc import Callable

import pytest
from playwright.async_api import expect

from bot.domain.company import RoleId
from tests.e2e.desk_driver import Desk, make_desk, make_house  # noqa: F401 - fixtures

pytestmark = pytest.mark.e2e

_SEEN_AT = """
(code) => new Promise((resolve) => {
  const look = () => {
    if (!document.querySelector(`#list a[href='/desk/cases/${code}']`)) return false;
    resolve(Date.now());
    return true;
  };
  if (look()) return;
  const observer = new MutationObserver(() => look() && observer.disconnect());
  observer.observe(document.getElementById('list'), { childList: true, subtree: true });
})
"""
_WATCH_FRAMES = """
() => {
  window.gaps = [];
  let last = performance.now();
  const step = (now) => { gaps.push(now - last); last = now; requestAnimationFrame(step); };
  requestAnimationFrame(step);
}
"""


async def test_a_case_appears_by_itself(desk: Desk, record_property: Callable[[str, object], None]) -> None:
    """The time is measured and reported, not asserted: a busy machine must not fail a right program."""
    lan, _ = await desk.house.staff("Lan", "accounting"), await desk.house.staff("Mai", "reception")
    nhi = await desk.house.staff("Nhi", role=RoleId.MANAGER, on_duty=False)
    seat = await desk.seat(lan)
    await expect(seat.find("#list-empty")).to_contain_text("Không ai phải chờ")
    took = []
    for number in range(1, 6):
        _, code = await desk.case("Cho tôi gặp nhân viên")
        seen = asyncio.create_task(seat.page.evaluate(_SEEN_AT, code))
        await asyncio.sleep(0.5)
        began = time.time()
        status, moved = await nhi.post(f"/api/cases/{code}/transfer", department="accounting", note="kế toán giúp")
        assert (status, moved["outcome"]) == (200, "moved")
        took.append(await seen - began * 1000)
        await expect(seat.page).to_have_title(re.compile(rf"\({number}\) Lễ Tân · Bàn làm việc$"))
    record_property("case_visible_ms_median", round(statistics.median(took)))
    record_property("case_visible_ms_worst", round(max(took)))
    print(f"\ncase visible after ms: {sorted(round(one) for one in took)}")  # noqa: T201 - the figure is the point


async def test_a_customers_message_marks_the_case_until_somebody_looks(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    visitor, code = await desk.case()
    _, other = await desk.case()
    seat = await desk.seat(lan)
    await seat.claim(code)
    await seat.open(other)
    await visitor.say("Em ơi xong chưa?")
    await expect(seat.row(code).locator(".unread")).to_contain_text("1")
    await expect(seat.row(code)).to_contain_text("Em ơi xong chưa?")
    await seat.open(code)
    await expect(seat.said("Em ơi xong chưa?", "customer")).to_be_visible()
    await expect(seat.row(code).locator(".unread")).to_have_count(0)


async def test_typing_is_seen_on_both_sides(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    visitor, code = await desk.case()
    seat = await desk.seat(lan)
    await seat.claim(code)
    async with visitor.session.get(f"{visitor.url}/chat/api/events") as stream:
        await seat.find("#text").press_sequentially("Dạ")
        async with asyncio.timeout(10):
            while b"event: typing" not in await stream.content.readline():
                pass
    async with visitor.session.post(f"{visitor.url}/chat/api/typing") as response:
        assert response.status == 204
    await expect(seat.find("#typing")).to_contain_text("Khách đang nhập")
    await visitor.say("Mã số thuế là 0312345678")
    await expect(seat.find("#typing")).to_have_text("")


async def test_a_lost_connection_is_shown_and_nothing_is_missed(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    visitor, code = await desk.case()
    seat = await desk.seat(lan)
    await seat.claim(code)
    await seat.page.context.set_offline(True)
    await expect(seat.find("#connection")).to_contain_text("Mất kết nối, đang nối lại")
    for number in range(5):
        await visitor.say(f"tin số {number} lúc mất mạng")
    _, late = await desk.case()
    await seat.reply("Dạ em đây ạ.")
    await expect(seat.find("#composer-problem")).to_contain_text("kiểm tra mạng")
    await seat.page.context.set_offline(False)
    await expect(seat.find("#connection")).to_be_hidden()
    for number in range(5):
        await expect(seat.said(f"tin số {number} lúc mất mạng", "customer")).to_have_count(1)
    await expect(seat.row(late)).to_be_visible()
    await seat.find("#send").click()
    await visitor.hears("Dạ em đây ạ.")


async def test_a_flood_of_events_does_not_freeze_the_page(
    desk: Desk, record_property: Callable[[str, object], None]
) -> None:
    lan, minh = await desk.house.staff("Lan", "accounting"), await desk.house.staff("Minh", "accounting")
    visitors = [await desk.case() for _ in range(6)]
    seat = await desk.seat(lan)
    await seat.open(visitors[0][1])
    asked: list[str] = []
    seat.page.on("request", lambda request: asked.append(request.url))
    await seat.page.evaluate(_WATCH_FRAMES)
    for number in range(15):
        # Thirty events a second and more: a message is one, what the assistant answers another, each duty a third.
        await asyncio.gather(
            *(visitor.say(f"tin {number}", str(uuid.uuid4())) for visitor, _ in visitors),
            *(minh.post("/api/duty", on_duty=bool(turn % 2)) for turn in range(4)),
        )
        await asyncio.sleep(0.2)
    await expect(seat.said("tin 14", "customer")).to_have_count(1)
    gaps = await seat.page.evaluate("gaps")
    lists = [one for one in asked if "/api/cases?" in one or one.endswith(("/api/queues", "/api/staff"))]
    record_property("longest_frame_ms", round(max(gaps)))
    print(f"\nlongest frame {max(gaps):.0f} ms, {len(lists)} requests for 240 changes")  # noqa: T201 - the figures are the point
    assert 0 < len(lists) < 80


async def test_a_draft_is_kept_per_case_and_survives_a_reload(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    _, code = await desk.case()
    _, other = await desk.case()
    seat = await desk.seat(lan)
    await seat.claim(code)
    await seat.find("#text").fill("Dạ chị chờ em một ch")
    await seat.claim(other)
    await expect(seat.find("#text")).to_have_value("")
    await seat.find("#tab-note").click()
    await seat.find("#text").fill("nhớ hỏi sếp")
    await seat.page.reload()
    await expect(seat.find("#case-code")).to_contain_text(other)
    await seat.find("#tab-note").click()
    await expect(seat.find("#text")).to_have_value("nhớ hỏi sếp")
    await seat.open(code)
    await seat.find("#tab-reply").click()
    await expect(seat.find("#text")).to_have_value("Dạ chị chờ em một ch")


async def test_a_case_that_moves_away_while_it_is_open_is_not_left_on_the_screen(desk: Desk) -> None:
    lan, hoa = await desk.house.staff("Lan", "accounting"), await desk.house.staff("Hoa", "accounting")
    _, code = await desk.case()
    watching = await desk.seat(hoa)
    await watching.open(code)
    minh = await desk.house.staff("Minh", "warehouse")
    await lan.post(f"/api/cases/{code}/claim")
    await lan.post(f"/api/cases/{code}/transfer", department="warehouse", note="việc của kho")
    await minh.post(f"/api/cases/{code}/accept")
    await expect(watching.find("#case-problem")).to_contain_text(f"Không thấy phiếu {code}")
    await expect(watching.find("#composer")).to_be_hidden()


async def test_older_messages_come_while_scrolling_up_and_the_reader_stays(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    visitor, code = await desk.case()
    await lan.post(f"/api/cases/{code}/claim")
    for number in range(1, 121):
        status, _ = await lan.post(f"/api/cases/{code}/reply", text=f"dòng {number:03d}")
        assert status == 200
    seat = await desk.seat(lan)
    await seat.open(code)
    await expect(seat.said("dòng 120", "staff")).to_be_in_viewport()
    await expect(seat.said("dòng 001", "staff")).to_have_count(0)
    await seat.find("#transcript").evaluate("(place) => { place.scrollTop = 0; }")
    await expect(seat.said("dòng 001", "staff")).to_have_count(1)
    await expect(seat.said("dòng 001", "staff")).not_to_be_in_viewport()
    await visitor.say("khách nhắn thêm")
    await expect(seat.find("#to-bottom")).to_be_visible()
    await seat.find("#to-bottom").click()
    await expect(seat.said("khách nhắn thêm", "customer")).to_be_in_viewport()
