"""The week, coverage, breaks and the end of a shift, as people work with them in a browser."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.async_api import Locator, Route, expect

from bot.domain.company import RoleId
from tests.e2e.desk_driver import PHONE, Desk, Seat, make_desk, make_house  # noqa: F401 - fixtures
from tests.e2e.desk_pages import fits
from tests.house import Clerk
from tests.roster_days import HOUR, now, works

pytestmark = pytest.mark.e2e

SHEET = "#day-dialog"


def cell(seat: Seat, name: str, day: str) -> Locator:
    """A day of a person in the week."""
    return seat.find(f"#roster-grid [aria-label='{name}'] [data-day='{day}']")


def today(desk: Desk) -> str:
    return now(desk.house).date().isoformat()


async def a_manager(desk: Desk) -> Clerk:
    return await desk.house.staff("Sơn", "management", role=RoleId.MANAGER)


async def fill_shift(seat: Seat, start: str, end: str) -> None:
    await seat.find("#shift-form [name=from]").fill(start)
    await seat.find("#shift-form [name=to]").fill(end)
    await seat.find("#shift-submit").click()


async def test_a_manager_plans_a_shift_and_takes_it_back(desk: Desk) -> None:
    manager = await a_manager(desk)
    await desk.house.staff("Lan", "accounting")
    seat = await desk.seat(manager, "/desk/roster/accounting")
    day = today(desk)
    lan = cell(seat, "Lan", day)
    await lan.click()
    await seat.find("#day-forms [data-form=shift]").click()
    await seat.find("#shift-form [name=from]").fill("22:00")
    await seat.find("#shift-form [name=to]").fill("06:00")
    await expect(seat.find("#shift-said")).to_have_text("Ca qua nửa đêm, dài 8 giờ.")
    await seat.find("#shift-submit").click()
    await expect(lan).to_have_attribute("aria-label", re.compile("22:00–06:00 hôm sau"))
    await lan.click()
    await seat.find("#day-forms [data-form=shift]").click()
    await fill_shift(seat, "21:00", "23:00")
    await expect(seat.find("#shift-form .problem")).to_contain_text("chồng lên ca 22:00-06:00+1")
    await seat.find("#day-list").get_by_role("button", name="Sửa").click()
    await fill_shift(seat, "08:00", "12:00")
    await expect(lan).to_have_attribute("aria-label", re.compile("08:00–12:00"))
    undo = seat.find("main[data-for=roster] [data-undo]")
    await expect(undo).to_contain_text("Đã đổi ca của Lan")
    await undo.get_by_role("button").click()
    await expect(lan).to_have_attribute("aria-label", re.compile("22:00–06:00 hôm sau"))
    await expect(undo).to_be_hidden()
    await lan.click()
    await seat.find("#day-list").get_by_role("button", name="Kết thúc").click()
    await expect(seat.find("#day-list")).to_be_hidden()
    await seat.page.keyboard.press("Escape")
    await undo.get_by_role("button").click()
    await expect(lan).to_have_attribute("aria-label", re.compile("22:00–06:00 hôm sau"))


async def test_a_day_may_differ_from_the_week(desk: Desk) -> None:
    manager, lan = await a_manager(desk), await desk.house.staff("Lan", "accounting")
    day = now(desk.house).date()
    await manager.post("/api/shifts", staff_id=lan.id, weekday=day.weekday(), block="08:00-12:00")
    seat = await desk.seat(manager, "/desk/roster")
    place = cell(seat, "Lan", day.isoformat())
    await place.click()
    await seat.find("#day-more").click()
    await seat.find(".block-row").nth(1).locator("[name=from]").fill("11:00")
    await seat.find(".block-row").nth(1).locator("[name=to]").fill("15:00")
    await seat.find("#day-form [type=submit]").click()
    await expect(seat.find("#day-form .problem")).to_contain_text("chồng lên nhau")
    for _ in range(2):
        await seat.find(".block-row").first.get_by_role("button").click()
    await expect(seat.find("#day-none")).to_be_visible()
    await seat.find("#day-form [name=note]").fill("khám sức khoẻ")
    await seat.find("#day-form [type=submit]").click()
    await expect(place).to_have_attribute("aria-label", re.compile("Nghỉ cả ngày.*khám sức khoẻ"))
    await place.click()
    await seat.find("#day-list").get_by_role("button", name="Theo lại lịch tuần").click()
    await expect(seat.find("#day-list .own")).to_have_count(0)
    await seat.page.keyboard.press("Escape")
    await expect(place).to_have_attribute("aria-label", re.compile(r": 08:00–12:00$"))
    await seat.find("main[data-for=roster] [data-undo] button").click()
    await expect(place).to_have_attribute("aria-label", re.compile("Nghỉ cả ngày"))


async def test_leave_that_empties_a_desk_is_explained_beside_the_button(desk: Desk) -> None:
    lan, manager = await desk.house.staff("Lan", "reception"), await a_manager(desk)
    await desk.house.staff("Hà", "reception")
    for clerk in (lan, manager):
        await works(desk.house, clerk, -HOUR, 3 * HOUR)
    seat = await desk.seat(lan, "/desk/roster")
    await expect(cell(seat, "Hà", today(desk))).to_be_visible()
    await cell(seat, "Hà", today(desk)).click()
    await expect(seat.find(f"{SHEET} form:visible")).to_have_count(0)
    await seat.page.keyboard.press("Escape")
    await seat.find("#leave-mine").click()
    form = seat.find("#leave-form")
    start = now(desk.house) + timedelta(minutes=10)
    wall = "%Y-%m-%dT%H:%M"
    await form.locator("[name=start_at]").fill((start + HOUR).strftime(wall))
    await form.locator("[name=end_at]").fill(start.strftime(wall))
    await form.locator("[type=submit]").click()
    await expect(form.locator(".problem")).to_contain_text("Giờ kết thúc phải sau giờ bắt đầu")
    await form.locator("[name=start_at]").fill(start.strftime(wall))
    await form.locator("[name=end_at]").fill((start + HOUR).strftime(wall))
    await form.locator("[type=submit]").click()
    await expect(form.locator("[data-uncovered]")).to_contain_text("Lễ tân")
    await expect(form.locator("[data-uncovered]")).to_contain_text(f"trống {start:%H:%M}–{start + HOUR:%H:%M}")
    await expect(form.locator("[name=accept_gaps]")).to_have_count(0)
    await form.get_by_label("Sơn").check()
    await form.locator("[type=submit]").click()
    await expect(seat.find(SHEET)).to_be_hidden()
    await seat.find("#leave-mine").click()
    await expect(seat.find("#day-list .leave")).to_contain_text("Sơn trực thay")
    await seat.find("#day-list").get_by_role("button", name="Huỷ nghỉ").click()
    await expect(seat.find("#day-list .leave")).to_have_count(0)
    seat = await desk.seat(manager, "/desk/roster/reception")
    their_day = cell(seat, "Lan", start.date().isoformat())
    await their_day.click()
    await seat.find("#day-forms [data-form=leave]").click()
    form = seat.find("#leave-form")
    await form.locator("[name=start_at]").fill(start.strftime(wall))
    await form.locator("[name=end_at]").fill((start + HOUR).strftime(wall))
    await form.locator("[type=submit]").click()
    await form.locator("[name=accept_gaps]").check()
    await form.locator("[type=submit]").click()
    await expect(their_day).to_have_attribute("aria-label", re.compile("Nghỉ phép"))
    await expect(seat.find("main[data-for=roster] [data-undo]")).to_contain_text("Đã ghi nghỉ phép của Lan")


async def test_weeks_have_addresses_and_holidays_have_names(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")

    async def with_a_holiday(route: Route) -> None:
        answer = await route.fetch()
        body = await answer.json()
        body["days"][2]["holiday"] = "Tết Dương lịch"
        await route.fulfill(response=answer, json=body)

    seat = await desk.seat(lan, "/desk/roster")
    await expect(seat.find(".week-head [aria-current=date]")).to_contain_text("Hôm nay")
    await expect(seat.find("#week-now")).to_be_disabled()
    await seat.page.route("**/api/calendar**", with_a_holiday)
    await seat.find("#week-after").click()
    monday = now(desk.house).date() - timedelta(days=now(desk.house).weekday() - 7)
    assert seat.page.url.endswith(f"/desk/roster/all/{monday}")
    await expect(seat.find(".week-head .holiday")).to_have_text("Tết Dương lịch")
    await expect(cell(seat, "Lan", str(monday + timedelta(days=2)))).to_have_attribute("aria-label", re.compile("Tết"))
    await seat.page.go_back()
    await expect(seat.find(".week-head [aria-current=date]")).to_be_visible()
    await seat.find("#week-before").click()
    await cell(seat, "Lan", str(monday - timedelta(days=14))).click()
    await expect(seat.find("#day-said")).to_contain_text("đã qua")
    await expect(seat.find(f"{SHEET} form:visible")).to_have_count(0)


async def test_a_gap_is_told_in_words_and_closed_by_whoever_can(desk: Desk) -> None:
    manager = await a_manager(desk)
    lan, ha = await desk.house.staff("Lan", "reception"), await desk.house.staff("Hà", "reception")
    await desk.house.staff("Tùng", "it")
    tomorrow = now(desk.house).date() + timedelta(days=1)
    for clerk, block in ((lan, "06:00-10:00"), (ha, "09:00-12:00")):
        made = await manager.post("/api/shifts", staff_id=clerk.id, weekday=tomorrow.weekday(), block=block)
        assert made[0] == 201
    seat = await desk.seat(manager, "/desk/coverage")
    row = seat.find("#coverage-grid [aria-label='Lễ tân']")
    place = row.locator(f"[data-day='{tomorrow}']")
    await expect(place).to_contain_text("Trống 18 giờ")
    await place.click()
    parts = seat.find("#coverage-parts .part")
    await expect(parts.nth(0)).to_contain_text("00:00–06:00")
    await expect(parts.nth(0)).to_contain_text("Trống")
    await expect(parts.nth(1)).to_contain_text("Lan")
    await expect(seat.find("#coverage-parts")).not_to_contain_text("Tùng")
    first = parts.nth(0).locator("li", has_text="Hà")
    await expect(first).to_contain_text("Cùng bộ phận · hôm đó làm 09:00–12:00")
    await first.get_by_role("button", name="Xếp 00:00–06:00").click()
    await expect(parts.nth(0)).to_contain_text("Hà")
    await expect(place).to_contain_text("Trống 12 giờ")
    await seat.find("#coverage-dialog [data-undo] button").click()
    await expect(place).to_contain_text("Trống 18 giờ")
    await seat.page.keyboard.press("Escape")
    await expect(place).to_be_focused()
    await expect(seat.find("#coverage-grid [aria-label='Bán hàng']").locator(f"[data-day='{tomorrow}']")).to_have_class(
        re.compile("is-gap")
    )
    # What is told of two weeks lies ahead: the hours of today that are over are nobody's to fill any more.
    last = now(desk.house).date() + timedelta(days=13)
    ahead = (await manager.get(f"/api/coverage?to={last}"))[1]["departments"]
    hours = sum(
        (datetime.fromisoformat(gap["end_at"]) - datetime.fromisoformat(gap["start_at"])).total_seconds() / 3600
        for one in ahead
        for gap in one["gaps"]
    )
    told = re.search(r"Còn trống ([\d.,]+) giờ", await seat.find("#coverage-told").inner_text())
    assert told is not None
    assert float(told[1].replace(".", "").replace(",", ".")) == pytest.approx(hours, abs=1.0)
    # One flexible person is counted on for what one person can work, and not for the night.
    await expect(seat.find("#coverage-grid [aria-label='Công nghệ thông tin'] .cover-gap")).not_to_have_count(0)


async def test_a_break_counts_down_on_every_page_until_one_is_back(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    await desk.house.staff("Minh", "accounting")
    seat, colleague = await desk.seat(lan), await desk.seat(lan)
    await seat.find("#break-button").click()
    await expect(seat.find("[data-minutes='10']")).to_be_focused()
    await seat.find("[data-minutes='15']").press("Enter")
    await expect(seat.find("#break-left")).to_have_text(re.compile(r"^1[45]:\d\d$"))
    await expect(seat.find("#duty-word")).to_have_text("Đang nghỉ")
    await expect(colleague.find("#break-bar")).to_be_visible()
    await seat.find("a[href='/desk/roster']").first.click()
    await expect(seat.find("#roster-grid [aria-label='Lan'] .there-on_break")).to_be_visible()
    await seat.find("#break-back").click()
    await expect(seat.find("#break-bar")).to_be_hidden()
    await expect(colleague.find("#break-bar")).to_be_hidden()
    await expect(seat.find("#roster-grid [aria-label='Lan'] .there-on_duty")).to_be_visible()
    # It was over within the minute: nothing of it stands in the plan.
    await expect(seat.find("#roster-grid .chip.rest")).to_have_count(0)


async def test_a_break_that_empties_a_desk_asks_for_somebody_to_stand_in(desk: Desk) -> None:
    lan, manager = await desk.house.staff("Lan", "reception"), await a_manager(desk)
    for clerk in (lan, manager):
        await works(desk.house, clerk, -HOUR, HOUR)
    seat = await desk.seat(lan)
    await seat.find("#break-button").click()
    await seat.find("[data-minutes='30']").click()
    form = seat.find("#break-form")
    await expect(form.locator(".problem")).to_contain_text("Bộ phận sẽ không còn ai trực")
    await expect(form.locator("[data-uncovered]")).to_contain_text("Lễ tân")
    await form.get_by_label("Sơn").check()
    await seat.find("#break-again").click()
    await expect(seat.find("#break-said")).to_contain_text("Sơn trực thay")


async def test_a_shift_ends_once_every_case_is_in_good_hands(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    codes = []
    for _ in range(2):
        _, code = await desk.case()
        assert (await lan.post(f"/api/cases/{code}/claim"))[0] == 200
        codes.append(code)
    minh = await desk.house.staff("Minh", "accounting")
    seat = await desk.seat(lan)
    await expect(seat.find("#end-button")).to_be_visible()
    await seat.find("#duty").click()
    rows = {code: seat.find(f"#end-list [data-key='{code}']") for code in codes}
    await expect(seat.find("#end-said")).to_contain_text("còn giữ 2 phiếu")
    await expect(rows[codes[0]].locator("select")).to_have_value(f"staff:{minh.id}")
    await rows[codes[1]].locator("select").select_option("promise")
    await expect(rows[codes[1]].locator(".end-due")).to_be_visible()
    await fits(seat)
    await seat.find("#end-submit").click()
    await expect(rows[codes[1]]).to_have_count(0)
    await expect(rows[codes[0]]).to_contain_text("Chờ Minh nhận")
    await expect(seat.find("#end-said")).to_contain_text("Nhận xong là anh/chị tự động hết ca")
    assert (await minh.post(f"/api/cases/{codes[0]}/accept"))[0] == 200
    await expect(seat.find("#end-dialog")).to_be_hidden(timeout=20_000)
    await expect(seat.find("#duty")).to_have_attribute("aria-checked", "false")
    await expect(seat.find("#end-button")).to_be_hidden()


@pytest.mark.parametrize("context", [{}, PHONE], ids=["keyboard", "phone"])
async def test_three_cases_go_three_ways_and_whoever_gave_them_is_off(desk: Desk, context: dict[str, Any]) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    codes = []
    for _ in range(3):
        _, code = await desk.case()
        assert (await lan.post(f"/api/cases/{code}/claim"))[0] == 200
        codes.append(code)
    minh = await desk.house.staff("Minh", "accounting")
    seat = await desk.seat(lan, **context)
    receiving = await desk.seat(minh)
    phone = context == PHONE
    if phone:
        await seat.find("#open-queues").tap()
        await seat.find("#end-button").tap()
    else:
        await seat.find("#end-button").press("Enter")
    rows = [seat.find(f"#end-list [data-key='{code}']") for code in codes]
    for row, way in zip(rows, ("department", f"staff:{minh.id}", "promise"), strict=True):
        select = row.locator("select")
        if phone:
            await select.select_option(way)
            continue
        await select.focus()
        for key in ("Home", *["ArrowDown"] * 4):
            if await select.input_value() == way:
                break
            await seat.page.keyboard.press(key)
        await expect(select).to_have_value(way)
    await rows[1].locator(".end-note").fill("Khách chờ bản gốc.")
    await fits(seat, phone=phone)
    await (seat.find("#end-submit").tap() if phone else seat.find("#end-submit").press("Enter"))
    await expect(rows[0]).to_contain_text("Chờ Kế toán nhận")
    await expect(rows[1]).to_contain_text("Chờ Minh nhận")
    await expect(rows[2]).to_have_count(0)
    await expect(seat.find("#end-said")).to_contain_text("Đang chờ đồng nghiệp nhận 2 phiếu")
    for code in codes[:2]:
        card = receiving.find("#tray .work-transfer", has_text=code)
        await card.locator("[data-does=accept]").click()
        await expect(card).to_have_count(0)
    await expect(seat.find("#end-dialog")).to_be_hidden(timeout=20_000)
    await expect(seat.find("#duty")).to_have_attribute("aria-checked", "false")
    assert (await lan.get("/api/duty"))[1]["holds"] == []


async def test_whoever_is_warned_of_the_end_may_still_keep_a_case(desk: Desk) -> None:
    lan, manager = await desk.house.staff("Lan", "accounting"), await a_manager(desk)
    _, code = await desk.case()
    assert (await lan.post(f"/api/cases/{code}/claim"))[0] == 200
    seat = await desk.seat(lan)
    await expect(seat.find("#duty-said")).to_have_text("Giờ linh hoạt")
    start, end = now(desk.house), now(desk.house) + timedelta(minutes=9)
    block = f"{start:%H:%M}-{end:%H:%M}{'' if start.date() == end.date() else '+1'}"
    made = await manager.post("/api/shifts", staff_id=lan.id, weekday=start.weekday(), block=block)
    assert made[0] == 201
    await expect(seat.find("#duty-said")).to_have_text(f"Ca đến {end:%H:%M}")
    await expect(seat.find(".toast")).to_contain_text("anh/chị còn giữ 1 phiếu")
    await seat.find(".toast").get_by_role("button", name="Giao phiếu").click()
    row = seat.find(f"#end-list [data-key='{code}']")
    await row.locator("select").select_option("promise")
    await row.locator(".end-due").fill("2020-01-01T08:00")
    await seat.find("#end-submit").click()
    await expect(row.locator(".end-result.is-refused")).to_be_visible()
    await row.locator("select").select_option("keep")
    await seat.find("#end-submit").click()
    await expect(row.locator(".end-result.is-kept")).to_be_visible()
    await row.get_by_role("link", name=code).click()
    await expect(seat.find("#case-code")).to_contain_text(code)


async def test_what_became_of_a_case_is_said_in_the_language_of_the_page(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    _, code = await desk.case()
    assert (await lan.post(f"/api/cases/{code}/claim"))[0] == 200
    seat = await desk.seat(lan)
    await seat.page.context.add_cookies([{"name": "letan_lang", "value": "en", "url": seat.url}])
    await seat.page.reload()
    await seat.find("#end-button").click()
    row = seat.find(f"#end-list [data-key='{code}']")
    await row.locator("select").select_option("promise")
    await row.locator(".end-due").fill("2020-01-01T08:00")
    await seat.find("#end-submit").click()
    await expect(row.locator(".end-result.is-refused")).to_have_text(
        "Something in what you entered is not right; please check it."
    )
    await row.locator("select").select_option("keep")
    await seat.find("#end-submit").click()
    await expect(row.locator(".end-result.is-kept")).to_have_text(f"You keep {code}.")


async def test_the_week_and_coverage_by_keyboard_and_on_a_phone(desk: Desk) -> None:
    manager, lan = await a_manager(desk), await desk.house.staff("Lan", "reception")
    await works(desk.house, lan, -HOUR, HOUR)
    seat = await desk.seat(manager, "/desk/roster")
    place = cell(seat, "Lan", today(desk))
    await place.focus()
    await seat.page.keyboard.press("Enter")
    await expect(seat.find(SHEET)).to_be_visible()
    await fits(seat)
    await seat.page.keyboard.press("Escape")
    await expect(place).to_be_focused()
    phone = await desk.seat(manager, "/desk/roster", **PHONE)
    await cell(phone, "Lan", today(desk)).scroll_into_view_if_needed()
    await fits(phone, phone=True)
    await cell(phone, "Lan", today(desk)).tap()
    for form in ("day", "shift", "leave"):
        await phone.find(f"#day-forms [data-form={form}]").tap()
        await expect(phone.find(f"#{form}-form")).to_be_visible()
        await fits(phone, phone=True)
    await phone.page.goto(f"{phone.url}/desk/coverage")
    row = phone.find("#coverage-grid [aria-label='Lễ tân']")
    await row.locator(".cover-cell.is-gap").first.tap()
    await expect(phone.find("#coverage-parts .part").first).to_be_visible()
    await fits(phone, phone=True)
    await phone.page.keyboard.press("Escape")
    await fits(phone, phone=True)


async def test_a_break_over_a_live_queue_names_who_waits_and_who_could_take_over(desk: Desk) -> None:
    lan, minh = await desk.house.staff("Lan", "reception"), await desk.house.staff("Minh", "reception", on_duty=False)
    for clerk in (lan, minh):
        await works(desk.house, clerk, -HOUR, HOUR)
    await desk.house.staff("Sơn", "management", role=RoleId.MANAGER)
    await desk.case("Cho tôi gặp nhân viên")
    seat = await desk.seat(lan)
    await seat.find("#break-button").click()
    await seat.find("#break-minutes [data-minutes='15']").click()
    form = seat.find("#break-form")
    await expect(form.locator("[data-uncovered]")).to_contain_text("Lễ tân 1 khách")
    await expect(form).to_contain_text("Đang có 1 khách chờ (Lễ tân 1) mà không còn ai khác đang trực.")
    await form.locator("label", has_text="Sơn").click()
    await seat.find("#break-again").click()
    await expect(seat.find("#break-said")).to_contain_text("Sơn trực thay")
