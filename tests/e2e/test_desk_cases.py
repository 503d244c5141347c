"""A case in the browser, from the queue to its end, as customers and colleagues see it."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import expect

from bot.domain.company import RoleId
from tests.e2e.desk_driver import Desk, make_desk, make_house  # noqa: F401 - fixtures

pytestmark = pytest.mark.e2e


async def test_a_click_counts_although_the_head_changes_under_it(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    visitor, code = await desk.case()
    seat = await desk.seat(lan)
    await seat.claim(code)
    button = seat.find("#case-head [data-move=promise]")
    await button.hover()
    await seat.page.mouse.down()
    await desk.rename(visitor, "Hoa")
    await visitor.say("Chị tên Hoa em nhé")
    await expect(seat.find("#case-head .case-name")).to_contain_text("Hoa")
    await seat.page.mouse.up()
    await expect(seat.find("#promise-dialog")).to_be_visible()
    await seat.page.keyboard.press("Escape")
    # A menu that stands open stays open, and goes with its case.
    await seat.find("#case-head .menu summary").click()
    await desk.rename(visitor, "Hoa Trần")
    await visitor.say("Họ Trần")
    await expect(seat.find("#case-head .case-name")).to_contain_text("Hoa Trần")
    await expect(seat.find("#case-head [data-move=ask]")).to_be_visible()


async def test_two_browsers_claim_one_case_and_one_wins(desk: Desk) -> None:
    people = [await desk.house.staff(name, "accounting") for name in ("Lan", "Minh")]
    _, code = await desk.case()
    seats = [await desk.seat(person) for person in people]
    for seat in seats:
        await seat.open(code)
    await asyncio.gather(*(seat.find("#case-head [data-move=claim]").click() for seat in seats))
    await expect(seats[0].find("#case-head .state-assigned")).to_be_visible()
    _, page = await people[0].get(f"/api/cases/{code}")
    won = page["case"]["owner_name"]
    winner, loser = seats if won == "Lan" else reversed(seats)
    await expect(winner.find("#text")).to_be_visible()
    await expect(loser.find(".toast")).to_contain_text(f"{won} đã nhận trước phiếu {code}")
    await expect(loser.find("#case-facts")).to_contain_text(won)
    await expect(loser.find("#composer-closed")).to_contain_text(f"{won} đang phụ trách")
    await expect(loser.find("[data-move=claim]")).to_have_count(0)


async def test_a_reply_reaches_the_customer_and_a_note_does_not(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    visitor, code = await desk.case()
    seat = await desk.seat(lan)
    await seat.claim(code)
    await seat.find("#tab-note").click()
    await seat.find("#text").fill("Khách đại lý, ưu tiên.")
    await seat.find("#send").click()
    await expect(seat.said("Khách đại lý", "note")).to_be_visible()
    await seat.reply("Dạ em đã nhận, anh chờ em 5 phút ạ.")
    await expect(seat.said("chờ em 5 phút", "staff")).to_be_visible()
    await expect(seat.find("#text")).to_have_value("")
    heard = await visitor.hears("chờ em 5 phút")
    assert heard["name"] == "Lan"
    assert not [one for one in await visitor.read() if "đại lý" in one["text"]]


async def test_sending_twice_says_it_once(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    visitor, code = await desk.case()
    seat = await desk.seat(lan)
    await seat.claim(code)
    # The answer to the first try is lost on the way: the words stay, and sending them again is safe.
    await seat.page.route("**/reply", _lose_the_answer, times=1)
    await seat.reply("Dạ em gửi hoá đơn ngay ạ.")
    await expect(seat.find("#composer-problem")).to_contain_text("khách chỉ nhận một lần")
    await expect(seat.find("#text")).to_have_value("Dạ em gửi hoá đơn ngay ạ.")
    await seat.find("#send").dblclick()
    await expect(seat.find("#text")).to_have_value("")
    await expect(seat.said("gửi hoá đơn ngay", "staff")).to_have_count(1)
    assert len([one for one in await visitor.read() if "gửi hoá đơn ngay" in one["text"]]) == 1


async def _lose_the_answer(route, request) -> None:
    await route.fetch()
    await route.abort()


async def test_the_guard_explains_and_offers_a_way_out(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    visitor, code = await desk.case()
    seat = await desk.seat(lan)
    await seat.claim(code)
    await seat.reply("Cái này không phải việc của em, anh gọi chỗ khác nhé.")
    guard = seat.find("#guard")
    await expect(guard).to_contain_text("Câu này chưa gửi")
    await expect(guard.locator("mark")).not_to_be_empty()
    await expect(seat.find("#text")).to_have_value("Cái này không phải việc của em, anh gọi chỗ khác nhé.")
    await guard.get_by_role("button", name="Hẹn giờ trả lời").click()
    await expect(seat.find("#promise-dialog")).to_be_visible()
    await seat.page.keyboard.press("Escape")
    await seat.find("#text").fill("Dạ em hỏi bộ phận kho rồi báo lại anh ngay ạ.")
    await expect(guard).to_be_hidden()
    await seat.find("#send").click()
    await visitor.hears("báo lại anh ngay")
    assert not [one for one in await visitor.read() if "gọi chỗ khác" in one["text"]]


async def test_a_transfer_leaves_the_givers_desk_and_arrives_with_its_note(desk: Desk) -> None:
    lan, minh = await desk.house.staff("Lan", "accounting"), await desk.house.staff("Minh", "warehouse")
    hoa = await desk.house.staff("Hoa", "accounting")
    visitor, code = await desk.case()
    giver, receiver, colleague = await desk.seat(lan), await desk.seat(minh), await desk.seat(hoa)
    await expect(receiver.find("#list-empty")).to_contain_text("Không ai phải chờ")
    await giver.claim(code)
    await giver.find("[data-move=transfer]").click()
    dialog = giver.find("#transfer-dialog")
    await dialog.locator("[type=submit]").click()
    await expect(dialog.locator(".problem")).to_contain_text("“Tới bộ phận” còn trống")
    await dialog.locator("[name=department]").select_option("warehouse")
    await dialog.locator("[type=submit]").click()
    await expect(dialog.locator(".problem")).to_contain_text("“Nhắn người nhận” còn trống")
    await dialog.locator("[name=note]").fill("Khách thiếu một remote, kho kiểm giúp.")
    await dialog.locator("[type=submit]").click()
    await expect(giver.find(".toast").last).to_contain_text(f"Đã mời Kho vận nhận {code}")
    # Until somebody says yes it is the giver's.
    await expect(giver.find("#text")).to_be_visible()
    await receiver.find("#tray .work-transfer [data-does=accept]").click()
    await expect(receiver.said("thiếu một remote", "note")).to_be_visible()
    await expect(receiver.find("#case-facts")).to_contain_text("Đã chuyển 1 lần")
    await expect(giver.find(".toast", has_text=f"Minh đã nhận {code}")).to_be_visible()
    for seat in (giver, colleague):
        await expect(seat.row(code)).to_have_count(0)
    await visitor.hears("Minh bên bộ phận Kho vận đã nắm phiếu")


async def test_promise_resolve_and_reopen(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    visitor, code = await desk.case()
    seat = await desk.seat(lan)
    await seat.claim(code)
    await seat.find("[data-move=promise]").click()
    dialog = seat.find("#promise-dialog")
    await dialog.locator("[name=due]").fill("2020-01-01T09:00")
    await dialog.locator("[type=submit]").click()
    await expect(dialog.locator(".problem")).to_be_visible()
    await dialog.get_by_role("button", name="09:00 ngày mai").click()
    await dialog.locator("[type=submit]").click()
    await visitor.hears("bên em hẹn trả lời")
    await expect(seat.find("#case-facts .due[data-key=due_in]")).to_contain_text("Hẹn 09:00 ngày mai")
    await seat.find("[data-move=resolve]").click()
    dialog = seat.find("#resolve-dialog")
    await expect(dialog).to_contain_text("chưa có câu trả lời")
    await dialog.locator("[type=submit]").click()
    await expect(dialog.locator(".problem")).to_contain_text("đánh dấu “Vẫn hoàn tất”")
    assert (await dialog.inner_text()).count("chưa có câu trả lời") == 1
    await dialog.locator("[name=unanswered]").check()
    await dialog.locator("[type=submit]").click()
    await visitor.hears("đã xử lý xong")
    await expect(seat.row(code)).to_have_count(0)
    await expect(seat.find("#composer-closed")).to_contain_text("Phiếu đã xong")
    await seat.find("#views a[href='/desk/done']").click()
    await seat.open(code)
    await seat.find("#case-head [data-move=reopen]").click()
    await seat.find("#confirm-dialog [type=submit]").click()
    await visitor.hears("đã mở lại phiếu")
    await expect(seat.find("#case-head .state-waiting")).to_be_visible()


async def test_a_manager_steps_in(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    nhi = await desk.house.staff("Nhi", role=RoleId.MANAGER)
    visitor, code = await desk.case()
    await lan.post(f"/api/cases/{code}/claim")
    manager, agent = await desk.seat(nhi), await desk.seat(lan)
    await agent.open(code)
    await manager.open(code)
    await manager.find("#case-head [data-move=step-in]").click()
    await manager.find("#confirm-dialog [type=submit]").click()
    await expect(manager.find("#text")).to_be_visible()
    await expect(agent.find("#composer-closed")).to_contain_text("Nhi đang phụ trách")
    await visitor.hears("Nhi")


async def test_the_other_cases_of_a_customer_are_one_click_away(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting", "teller")
    visitor, first = await desk.case()
    await visitor.say("À tôi còn bị mất thẻ nữa")
    second = next(word for word in (await visitor.hears("GD-"))["text"].replace(",", " ").split() if "GD-" in word)
    seat = await desk.seat(lan)
    await seat.open(first)
    await seat.find(f".others a[href='/desk/cases/{second}']").click()
    await expect(seat.find("#case-code")).to_contain_text(second)
    await expect(seat.find("#case-head .priority-urgent")).to_have_text("Khẩn")


async def test_what_a_colleague_did_meanwhile_is_said_in_words_that_help(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    _, code = await desk.case()
    seat = await desk.seat(lan)
    await seat.claim(code)
    refusal = {"error": "not_permitted", "message": "Anh/chị không có quyền làm việc này."}
    await seat.page.route("**/reply", lambda route: route.fulfill(status=403, json=refusal), times=1)
    await seat.reply("Dạ em gửi ngay ạ.")
    await expect(seat.find("#composer-problem")).to_contain_text("Nhận phiếu trước khi trả lời.")
    await expect(seat.find("#text")).to_have_value("Dạ em gửi ngay ạ.")

    manager = await desk.house.staff("Nhi", role=RoleId.MANAGER)
    await seat.find("[data-move=transfer]").click()
    dialog = seat.find("#transfer-dialog")
    await dialog.locator("[name=department]").select_option("warehouse")
    await dialog.locator("[name=note]").fill("Kho kiểm giúp.")
    await manager.post(f"/api/cases/{code}/step-in")
    await dialog.locator("[type=submit]").click()
    await expect(dialog.locator(".problem")).to_contain_text(f"Nhi đang giữ {code}")


async def test_queues_say_who_is_there_and_what_the_sides_are(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    await lan.post("/api/duty", on_duty=True)
    _, code = await desk.case()
    seat = await desk.seat(lan)
    await expect(seat.find("#queues")).to_contain_text("Khối hỗ trợ")
    await expect(seat.find("#queues a[href='/desk/queue/accounting'] .on-duty")).to_have_text("1 người trực")
    await expect(seat.row(code).locator(".row-name")).to_contain_text("Khách đến lúc")
