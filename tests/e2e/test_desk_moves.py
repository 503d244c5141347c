"""Giving cases away and having them back, in two browsers: the giver's and the receiver's."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from bot.domain.company import RoleId
from tests.e2e.desk_driver import PHONE, Desk, Seat, make_desk, make_house  # noqa: F401 - fixtures
from tests.e2e.desk_pages import fits
from tests.house import TestHouse
from tests.integration.desk_steps import rings, rows, sql

pytestmark = pytest.mark.e2e

NOTE = "Khách nhận thiếu một thùng, kiểm giúp phiếu xuất."


async def give(seat: Seat, department: str, person: str | None = None) -> None:
    """Fill in the transfer dialog of the open case and send it."""
    dialog = await seat.ask("transfer", "#transfer-dialog")
    await dialog.locator("[name=department]").select_option(department)
    if person is not None:
        await dialog.locator("[name=staff_id]").select_option(label=person)
    await dialog.locator("[name=note]").fill(NOTE)
    await dialog.locator("[type=submit]").click()
    await expect(dialog).to_be_hidden()


async def transfer_runs_out(house: TestHouse) -> None:
    """Let the time of the asked transfer be over."""
    [(timer,)] = await rows(house, "SELECT timer_id FROM transfers WHERE state = 'asked'")
    await sql(house, "UPDATE transfers SET expires_at = now() - interval '1 second' WHERE state = 'asked'")
    await rings(house, timer)


async def test_a_transfer_says_beforehand_what_will_happen_and_the_giver_follows_it(desk: Desk) -> None:
    lan, tu = await desk.house.staff("Lan", "accounting"), await desk.house.staff("Tú", "warehouse")
    await desk.house.staff("Hà", "warehouse", on_duty=False)
    visitor, code = await desk.case()
    giver = await desk.seat(lan)
    await giver.claim(code)
    await giver.find("#case-head").press("Escape")
    receiver = await desk.seat(tu)

    # Who is there, who is not, and what follows from it.
    dialog = await giver.ask("transfer", "#transfer-dialog")
    await dialog.locator("[name=department]").select_option("research")
    await expect(dialog.locator("[data-place]")).to_contain_text("vào hàng đợi và khách được hẹn")
    await dialog.locator("[name=department]").select_option("warehouse")
    await expect(dialog.locator("[data-place]")).to_contain_text("Mọi người đang trực ở Kho vận được mời")
    options = dialog.locator("[name=staff_id] option")
    await expect(options).to_have_count(3)
    await expect(options.filter(has_text="Hà")).to_be_disabled()
    await dialog.locator("[name=staff_id]").select_option(label="Tú · Đang trực")
    await expect(dialog.locator("[data-place]")).to_contain_text("Anh/chị giữ phiếu cho tới khi Tú đồng ý")
    await giver.page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()

    # Taken back.
    await give(giver, "warehouse", "Tú · Đang trực")
    waiting = giver.find("#case-work .work-outgoing")
    await expect(waiting).to_contain_text("Đang chờ Tú nhận")
    await expect(waiting.locator(".left")).to_contain_text("còn")
    await expect(giver.find("#case-head [data-move=transfer]")).to_have_count(0)
    asked = receiver.find("#tray .work-transfer")
    await expect(asked).to_contain_text(NOTE)
    await waiting.locator("[data-does=cancel]").click()
    await expect(receiver.find(".toast", has_text=f"Lan đã rút lại lời chuyển {code}")).to_be_visible()
    await expect(asked).to_have_count(0)

    # Declined, with the reason.
    await give(giver, "warehouse")
    await asked.locator("[data-does=decline]").click()
    await asked.locator("[type=submit]").click()
    await expect(asked.locator(".problem")).to_be_visible()
    await asked.locator("textarea").fill("Việc này của bên lắp đặt.")
    await asked.locator("[type=submit]").click()
    await expect(giver.find(".toast.bad")).to_contain_text("Tú chưa nhận được")
    await expect(giver.find(".toast.bad")).to_contain_text("Việc này của bên lắp đặt.")
    await expect(waiting).to_have_count(0)

    # Not answered.
    await give(giver, "warehouse")
    await expect(asked).to_be_visible()
    await transfer_runs_out(desk.house)
    await expect(receiver.find(".toast", has_text=f"Hết giờ trả lời; {code} vẫn ở Lan")).to_be_visible()
    await expect(giver.find(".toast.bad", has_text="chưa trả lời kịp")).to_be_visible()
    await expect(giver.find("#messages .from-move")).to_contain_text("Kho vận chưa trả lời kịp")
    await expect(giver.find("#text")).to_be_visible()
    assert not [one for one in await visitor.read() if "Kho vận" in one["text"]]


async def test_a_case_goes_to_those_of_management_who_lead_and_a_question_to_any_of_them(desk: Desk) -> None:
    lan, tuan = await desk.house.staff("Lan", "accounting"), await desk.house.staff("Tuấn", "accounting", "management")
    son = await desk.house.staff("Sơn", role=RoleId.MANAGER)
    _, code = await desk.case()
    seat, other, manager = await desk.seat(lan), await desk.seat(tuan), await desk.seat(son)
    await expect(other.find("#queues a[href='/desk/queue/management'] .on-duty")).to_have_text("1 người trực")
    await seat.claim(code)
    dialog = await seat.ask("transfer", "#transfer-dialog")
    await dialog.locator("[name=department]").select_option("management")
    options = dialog.locator("[name=staff_id] option")
    await expect(options).to_have_text(["Ai cũng được (1 người trực)", "Sơn · Đang trực"])
    await seat.page.keyboard.press("Escape")
    await seat.find(".menu summary").click()
    await seat.find("[data-move=ask]").click()
    question = seat.find("#request-dialog")
    await question.locator("[name=department]").select_option("management")
    await expect(question.locator("[data-place]")).to_contain_text("2 người trực")
    await seat.page.keyboard.press("Escape")
    await expect(question).to_be_hidden()

    await give(seat, "management")
    await expect(manager.find("#tray .work-transfer [data-does=accept]")).to_be_visible()
    await other.open(code)
    await expect(other.find("#case-work")).to_contain_text("Lan đang chờ Ban quản lý nhận")
    await expect(other.find("[data-does=accept], [data-move=accept]")).to_have_count(0)


async def test_a_phone_says_what_waits_on_one_line_and_gives_a_case_to_a_desk_where_nobody_is(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    visitor, held = await desk.case()
    seat = await desk.seat(lan, **PHONE)
    await seat.row(held).tap()
    await seat.find("#case-head [data-move=claim]").tap()
    await expect(seat.find("#inbox-line")).to_be_hidden()
    await seat.find("#text").fill("Dạ em đang viết")
    _, code = await desk.case()
    line = seat.find("#inbox-line")
    await expect(line).to_contain_text(f"Mời anh/chị nhận {code}")
    await expect(seat.find("#send")).to_be_in_viewport()
    await fits(seat, phone=True)
    await line.tap()
    await fits(seat, phone=True)
    await seat.find("#inbox .work-offer [data-does=accept]").tap()
    await expect(seat.find("#case-code")).to_contain_text(code)

    await seat.page.goto(f"{seat.url}/desk/cases/{held}")
    await seat.find("#case-head [data-move=transfer]").tap()
    dialog = seat.find("#transfer-dialog")
    await dialog.locator("[name=department]").select_option("research")
    await dialog.locator("[name=note]").fill("Cần thông số kỹ thuật.")
    await fits(seat, phone=True)
    await dialog.locator("[type=submit]").tap()
    await expect(seat.find(".toast")).to_contain_text("chưa có ai trực")
    await expect(seat.find("#case-pane")).to_be_hidden()
    await visitor.hears("Nghiên cứu")


async def test_a_case_that_went_another_way_is_not_told_as_taken_back(desk: Desk) -> None:
    lan, tu = await desk.house.staff("Lan", "accounting"), await desk.house.staff("Tú", "warehouse")
    _, code = await desk.case()
    receiver = await desk.seat(tu)
    assert (await lan.post(f"/api/cases/{code}/claim"))[0] == 200
    given = await lan.post(f"/api/cases/{code}/transfer", department="warehouse", staff_id=tu.id, note=NOTE)
    assert given[0] == 201, given
    await expect(receiver.find("#tray .work-transfer")).to_contain_text(NOTE)
    assert (await lan.post(f"/api/cases/{code}/resolve", unanswered=True))[0] == 200
    await expect(receiver.find(".toast", has_text=f"{code} không còn chờ anh/chị nhận")).to_be_visible()
    await expect(receiver.find(".toast", has_text="đã rút lại")).to_have_count(0)
    await receiver.checked()


async def test_a_colleague_from_behind_is_introduced_and_takes_over(desk: Desk) -> None:
    mai, tu = await desk.house.staff("Mai", "reception"), await desk.house.staff("Tú", "warehouse", "it")
    root = await desk.house.staff("Hà", role=RoleId.ADMIN, on_duty=False)
    assert (await root.send("PATCH", f"/api/staff/{tu.id}", title="anh"))[0] == 200
    visitor, code = await desk.case("Cho tôi gặp nhân viên")
    seat, other = await desk.seat(mai), await desk.seat(tu)
    await seat.claim(code)
    await seat.find("#transcript").press("m")
    dialog = seat.find("#introduce-dialog")
    await expect(dialog.locator("[name=staff_id] option")).to_have_count(2)
    await dialog.locator("[name=staff_id]").select_option(label="Tú · Đang trực · Công nghệ thông tin, Kho vận")
    await dialog.locator("[name=note]").fill(NOTE)
    await dialog.locator("[type=submit]").click()
    await expect(seat.find("#case-work .work-outgoing")).to_contain_text("Đang chờ Tú nhận")
    await expect(other.find("#tray .work-transfer")).to_contain_text("Mai mời anh/chị vào cùng hỗ trợ")
    await other.find("#tray .work-transfer [data-does=accept]").click()
    await expect(other.find("#text")).to_be_visible()
    await visitor.hears("Dạ anh Tú bên bộ phận Công nghệ thông tin đã nắm phiếu")
    await expect(seat.find(".toast", has_text=f"Tú đã nhận {code}")).to_be_visible()
    # Whoever brought him in reads on, hears what happens, and may write notes: not to the customer.
    await other.reply("Dạ em là Tú, em xem kho rồi ạ")
    await expect(seat.said("Dạ em là Tú, em xem kho rồi ạ", "staff")).to_be_visible()
    await seat.find("#views a[href='/desk/introduced']").click()
    await expect(seat.find("#list")).to_contain_text(code)
    await seat.page.evaluate(f"location.assign('/desk/cases/{code}')")
    await seat.find("#tab-note").click()
    await seat.find("#text").fill("Khách quen, thích gọi buổi sáng.")
    await seat.find("#composer [type=submit]").click()
    await expect(other.said("Khách quen, thích gọi buổi sáng.", "note")).to_be_visible()
    await seat.find("#tab-reply").click()
    await expect(seat.find("#composer-open")).to_be_hidden()


async def test_a_manager_sees_who_is_there_steps_in_and_gives_back(desk: Desk) -> None:
    lan, nhi = await desk.house.staff("Lan", "accounting"), await desk.house.staff("Nhi", role=RoleId.MANAGER)
    _, code = await desk.case()
    await lan.post(f"/api/cases/{code}/claim")
    agent, manager = await desk.seat(lan), await desk.seat(nhi, "/desk/queue/accounting")
    await expect(manager.find("#team")).to_contain_text("Lan")
    await expect(manager.find("#team .presence-on_duty")).to_have_count(1)
    await manager.open(code)
    await manager.find("#case-head [data-move=step-in]").click()
    await manager.find("#confirm-dialog [type=submit]").click()
    await manager.find(".menu summary").click()
    await manager.find("[data-move=give-back]").click()
    dialog = manager.find("#give-back-dialog")
    await dialog.locator("[name=staff_id]").select_option(label="Lan · Đang trực")
    await dialog.locator("[name=note]").fill("Khách đã bình tĩnh lại.")
    await dialog.locator("[type=submit]").click()
    card = agent.find("#tray .work-transfer")
    await expect(card).to_contain_text("Nhi chuyển cho anh/chị")
    await card.locator("[data-does=accept]").click()
    await expect(agent.find("#text")).to_be_visible()
    await expect(manager.find("#case-facts")).to_contain_text("Lan")
    await expect(manager.find("#case-head [data-move=step-in]")).to_be_visible()


async def test_the_summary_offers_words_that_answered_before_and_takes_them_back(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    seat = await desk.seat(lan)
    _, solved = await desk.case("Hoá đơn ghi sai mã số thuế công ty, sửa giúp")
    await lan.post(f"/api/cases/{solved}/claim")
    answer = "Dạ em đã lập hoá đơn điều chỉnh mã số thuế, anh xem email giúp em ạ."
    assert (await lan.post(f"/api/cases/{solved}/reply", text=answer))[0] == 200
    assert (await lan.post(f"/api/cases/{solved}/resolve", unanswered=True))[0] == 200
    _, code = await desk.case("Hoá đơn ghi sai mã số thuế công ty, bực quá, sửa gấp giúp!")
    await seat.open(code)
    await expect(seat.find("#case-lines")).to_contain_text("Khách được báo")
    panel = seat.find(".summary")
    await expect(panel.locator(".told-need")).to_contain_text("sai mã số thuế")
    await expect(panel.locator("[class*=mood-]")).to_be_visible()
    await expect(panel.locator("[data-does=use]")).to_have_count(0)
    await seat.find("#case-head [data-move=claim]").click()
    await seat.find("#text").fill("Dạ em chào anh.")
    await panel.locator("[data-does=use]").click()
    await expect(seat.find("#text")).to_have_value(f"Dạ em chào anh.\n{answer}")
    await expect(seat.find("#text")).to_be_focused()
    await seat.find(".toast-undo").click()
    await expect(seat.find("#text")).to_have_value("Dạ em chào anh.")


async def test_deadlines_pause_for_the_customer_and_a_rating_comes_after_the_end(desk: Desk) -> None:
    lan, tu = await desk.house.staff("Lan", "accounting"), await desk.house.staff("Tú", "warehouse")
    visitor, code = await desk.case()
    seat = await desk.seat(lan)
    await seat.claim(code)
    await expect(seat.find("#case-lines [data-key=deadline_first]")).to_contain_text("Trả lời lần đầu trước")
    await seat.reply("Dạ anh cho em số hoá đơn ạ.")
    await expect(seat.find("#case-lines .paused")).to_be_visible()
    await visitor.say("Số HD-2291 em nhé")
    await expect(seat.find("#case-lines [data-key=owes_answer]")).to_be_visible()

    # What still waits is not dropped unasked.
    await lan.post(f"/api/cases/{code}/request", department="warehouse", text="Kiểm giúp.")
    await expect(seat.find("#case-work .work-request")).to_be_visible()
    await seat.find("[data-move=resolve]").click()
    dialog = seat.find("#resolve-dialog")
    await expect(dialog).to_contain_text("Còn đang chờ: Kho vận.")
    await dialog.locator("[type=submit]").click()
    await expect(dialog.locator(".problem")).to_be_visible()
    await dialog.locator("[name=drop]").check()
    await dialog.locator("[type=submit]").click()
    await expect(seat.find("#composer-closed")).to_contain_text("Phiếu đã xong")
    await expect(seat.find("#case-work .settled-cancelled")).to_contain_text("Đã rút yêu cầu tới Kho vận")
    await expect(seat.find("#case-work")).to_contain_text("Đã hỏi khách đánh giá")
    status, inbox = await tu.get("/api/inbox")
    assert (status, inbox["counts"]["total"]) == (200, 0)
    await visitor.say("5 sao")
    await visitor.hears("cảm ơn")
    await seat.page.reload()
    await expect(seat.find("#case-work")).to_contain_text("Khách cho 5/5")
