"""What the console says of colleagues and of what happened is true for as long as it stands there."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from bot.domain.company import RoleId
from tests.e2e.desk_driver import PHONE, Desk, log_in, make_desk, make_house  # noqa: F401 - fixtures
from tests.house import PASSWORD, eventually
from tests.integration.call_steps import wants_call
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


async def test_a_warning_goes_when_what_it_says_is_over(desk: Desk) -> None:
    lan, khoi = await desk.house.staff("Lan", "accounting"), await desk.house.staff("Khôi", "warehouse")
    codes = [(await desk.case())[1] for _ in range(2)]
    seat = await desk.seat(lan, "/desk/inbox")
    for code in codes:
        assert (await lan.post(f"/api/cases/{code}/claim"))[0] == 200
        await lan.post(f"/api/cases/{code}/transfer", department="warehouse", staff_id=khoi.id, note="Kho kiểm giúp.")
        await expect(seat.find("#inbox .work-outgoing", has_text=code)).to_be_visible()
        assert (await khoi.post(f"/api/cases/{code}/decline", reason="Đang bận"))[0] == 200
    warnings = seat.find(".toast.bad", has_text="Đang bận")
    await expect(warnings).to_have_count(2)
    assert (await lan.post(f"/api/cases/{codes[0]}/reply", text="Dạ em xem ngay ạ."))[0] == 200
    await lan.post(f"/api/cases/{codes[0]}/transfer", department="warehouse", staff_id=khoi.id, note="Kho kiểm giúp.")
    assert (await khoi.post(f"/api/cases/{codes[0]}/accept"))[0] == 200
    await expect(warnings).to_have_count(1)
    await expect(warnings).to_contain_text(codes[1])
    assert (await lan.post(f"/api/cases/{codes[1]}/reply", text="Dạ xong rồi ạ."))[0] == 200
    assert (await lan.post(f"/api/cases/{codes[1]}/resolve"))[0] == 200
    await expect(warnings).to_have_count(0)


async def test_a_refusal_goes_when_the_case_is_another_one(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "customer_relations")
    visitor = await wants_call(desk.house, 90)
    seat = await desk.seat(lan, **PHONE)
    await seat.claim("KH-0001")
    await seat.find(".call-card [data-call=missed]").click()
    refused = seat.find(".toast.bad", has_text="Khách hẹn nghe máy lúc")
    await expect(refused).to_be_visible()
    # It covers nothing that was said.
    last, over = await seat.find("#messages .message").last.bounding_box(), await refused.bounding_box()
    assert last is not None
    assert over is not None
    assert last["y"] + last["height"] <= over["y"]
    await visitor.say("gọi lại sau 120 phút nhé")
    await visitor.hears("đổi giờ rồi")
    await expect(refused).to_have_count(0)


async def test_a_deadline_keeps_its_name_when_it_is_missed(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    _, code = await desk.case()
    for run in ("first", "resolution"):
        past = f"jsonb_set(sla, '{{{run},due_at}}', to_jsonb((now() - interval '3 minutes')::text))"
        await sql(desk.house, f"UPDATE cases SET sla = {past} WHERE code = :code", code=code)
    seat = await desk.seat(lan)
    await seat.open(code)
    facts = seat.find("#case-facts")
    await expect(facts.locator(".due[data-key=deadline_first]")).to_contain_text("Trả lời lần đầu quá hạn 3 phút")
    await expect(facts.locator(".due[data-key=deadline_resolution]")).to_contain_text("Xử lý xong quá hạn 3 phút")


async def test_on_a_phone_every_button_of_a_card_is_in_sight(desk: Desk) -> None:
    nhi = await desk.house.staff("Nhi", "accounting", role=RoleId.MANAGER)
    await desk.house.staff("Lan", "accounting")
    _, code = await desk.case()
    await nhi.post(f"/api/cases/{code}/claim")
    await nhi.post(f"/api/cases/{code}/request", department="warehouse", text="Kiểm giúp phiếu xuất HD-2291.")
    seat = await desk.seat(nhi, f"/desk/cases/{code}", viewport={"width": 390, "height": 844}, is_mobile=True)
    buttons = seat.find("#case-work .work-request .work-buttons button")
    await expect(buttons).to_have_count(4)
    for place in range(4):
        await expect(buttons.nth(place)).to_be_in_viewport(ratio=1)
    # Whom to ask at the end of a shift is said in a line that fits its field.
    await seat.page.goto(seat.url + "/desk/mine")
    await seat.page.evaluate("document.body.dataset.pane = 'queues'")
    await seat.find("#end-button").click()
    await expect(seat.find("#end-list option").first).to_have_text("Nhờ Lan · đang trực, còn nhận 6 phiếu")


async def test_an_empty_list_beside_an_offer_says_whose_case_is_offered(desk: Desk) -> None:
    lan, hoa = await desk.house.staff("Lan", "accounting"), await desk.house.staff("Hoa", "warehouse")
    await desk.case()

    async def offered() -> dict[str, object] | None:
        inbox: dict[str, object] = (await lan.get("/api/inbox"))[1]
        return inbox if inbox["offers"] else None

    inbox = await eventually(offered)
    seat = await desk.window()
    await seat.page.route("**/api/inbox", lambda route: route.fulfill(json=inbox))
    await log_in(seat, hoa.email, PASSWORD)
    await expect(seat.find("#tray .work-offer")).to_be_visible()
    await expect(seat.find("#list-empty")).to_contain_text("Bộ phận của anh/chị không ai phải chờ")
