"""What the bot says, edited and tried out; needs that had no name, made from what nobody understood."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.async_api import Route, expect

from tests.doubles import engine as scripted
from tests.e2e.desk_driver import PHONE, Desk, make_desk, make_house  # noqa: F401 - fixtures
from tests.e2e.desk_pages import fits
from tests.e2e.teach_driver import at, said, taught, teacher

pytestmark = pytest.mark.e2e

NEW = "Dạ {you} gửi xe ở cổng số 2 ạ."
AS_READ = "Dạ anh/chị gửi xe ở cổng số 2 ạ."


@pytest.fixture(autouse=True)
def drafted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the scripted engine say the draft that comes with a preview, as the action server does."""
    plain: Callable[[dict[str, Any], str], dict[str, Any]] = scripted.answer

    def answer(body: dict[str, Any], text: str) -> dict[str, Any]:
        given = plain(body, text)
        for key, texts in body["facts"].get("drafts", {}).items():
            words = texts["vi"][0].replace("{you}", "anh/chị")
            given |= {"messages": [{"text": words, "buttons": []}], "intent": {"name": key, "confidence": 0.97}}
        return given

    monkeypatch.setattr(scripted, "answer", answer)


async def test_an_answer_is_edited_tried_stored_and_taken_back(desk: Desk) -> None:
    minh = await teacher(desk)
    seat = await at(desk, minh, "answers")
    await seat.find("#answer-search").fill("bao hanh")
    await expect(seat.find("#answer-list a").first).to_contain_text("Bảo hành")
    await seat.find("#answer-search").fill("gui xe")
    await seat.find("#answer-list a", has_text="Gửi xe").click()
    await expect(seat.page).to_have_url(re.compile("/answers/parking$"))
    await expect(seat.find("#answer-save")).to_be_disabled()
    first = seat.find("#answer-vi textarea").first
    await first.fill("Dạ  gửi xe ở cổng số 2 ạ.")
    await first.evaluate("(field) => field.setSelectionRange(3, 3)")
    await seat.find("#answer-holders button", has_text=re.compile(r"^\{you\}")).click()
    await expect(first).to_have_value("Dạ {you} gửi xe ở cổng số 2 ạ.")
    await expect(seat.find("#answer-vi .wording-said").first).to_have_text(AS_READ)
    await seat.find("#preview-form [name=text]").fill("để xe ở đâu em")
    await seat.page.keyboard.press("Enter")
    await expect(seat.find("#preview-chat .from-bot")).to_contain_text(AS_READ)
    await expect(seat.find(".bubble-said")).to_contain_text("“Gửi xe” (97 %)")
    await seat.find("#answer-save").click()
    await expect(seat.find(".toast")).to_contain_text("Đã lưu “Gửi xe”")
    await expect(seat.find("#preview-chat .from-bot")).to_contain_text(AS_READ)
    await expect(seat.find("#answer-list a[aria-current]")).to_contain_text("Đã sửa")
    await expect(seat.find("#answer-list a[aria-current]")).to_contain_text(AS_READ)
    await first.fill("Dạ em bó tay, anh chị gọi chỗ khác ạ.")
    await seat.find("#answer-save").click()
    await expect(seat.find("#answer-problem")).to_be_visible()
    await expect(first).to_have_value("Dạ em bó tay, anh chị gọi chỗ khác ạ.")
    await seat.find("#answer-drop").click()
    await expect(first).to_have_value(NEW)
    await seat.find("#answer-back").click()
    await seat.find("#confirm-dialog [data-submit]").click()
    await expect(first).to_have_value(re.compile("hầm gửi xe"))
    await seat.find("#answer-versions-part summary").click()
    await expect(seat.find("#answer-versions .version")).to_have_count(2)
    await expect(seat.find("#answer-versions .version", has_text="Đang dùng")).to_have_count(1)
    await expect(seat.find("#answer-said")).not_to_contain_text("sửa")
    await seat.find("#answer-versions .version", has_text="Bản 1").get_by_role("button").click()
    await expect(first).to_have_value(NEW)


async def test_what_somebody_else_stored_meanwhile_is_not_written_over(desk: Desk) -> None:
    minh, hoa = await teacher(desk), await teacher(desk, "Hoa")
    seat = await at(desk, minh, "answers")
    await seat.find("#answer-list a", has_text="Gửi xe").click()
    first = seat.find("#answer-vi textarea").first
    await first.fill("Dạ {you} cứ để xe trước cửa ạ.")
    status, _ = await hoa.send("PUT", "/api/teach/answers/parking", vi=[NEW], en=["Park at gate 2."], version=0)
    assert status == 200
    await expect(seat.find("#answer-problem")).to_contain_text("Hoa vừa lưu bản mới")
    await seat.find("#answer-save").click()
    await expect(seat.find("#answer-problem")).to_be_visible()
    await expect(first).to_have_value("Dạ {you} cứ để xe trước cửa ạ.")
    await seat.find("#answer-drop").click()
    await expect(first).to_have_value(NEW)
    await expect(seat.find("#answer-said")).to_contain_text("Hoa sửa")


async def test_answers_fit_a_phone(desk: Desk) -> None:
    seat = await at(desk, await teacher(desk), "answers", **PHONE)
    await expect(seat.find("#answer-list li").first).to_be_visible()
    await fits(seat, phone=True)
    await seat.find("#answer-list a", has_text="Gửi xe").first.tap()
    await expect(seat.find("#answer-title")).to_have_text("Gửi xe")
    await expect(seat.find("#answer-list")).to_be_hidden()
    await fits(seat, phone=True)
    await seat.find(".answer-up").tap()
    await expect(seat.find("#answer-list")).to_be_visible()


async def test_a_group_becomes_a_need_with_its_department_and_answer(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    narrow = [{"name": "address", "confidence": 0.41}, {"name": "parking", "confidence": 0.4}]
    plain: Callable[[dict[str, Any], str], dict[str, Any]] = scripted.answer
    monkeypatch.setattr(scripted, "answer", lambda body, text: plain(body, text) | {"ranking": narrow})
    texts = ["cho gửi xe hơi qua đêm không", "đỗ ô tô xe con qua đêm được không", "xe tải để qua đêm ở hầm nhé"]
    await said(desk, *texts)
    minh = await teacher(desk)
    ids = [one["message_id"] for one in (await minh.get("/api/teach/queue"))[1]["entries"]]
    assert len(ids) >= 2
    group = {
        "id": 1,
        "size": len(ids),
        "customers": len(ids),
        "words": ["qua đêm", "ô tô"],
        "samples": [{"message_id": one, "text": f"câu {one}"} for one in ids[:2]],
        "doubtful": [{"message_id": one, "text": f"câu {one}"} for one in ids[2:]],
        "near": 2,
        "members": ids,
    }
    found = {"state": "done", "made_at": "2026-11-26T09:00:00+07:00", "messages": 3, "seconds": 0.1, "fault": None}

    async def give(route: Route) -> None:
        left = [] if await taught(minh) else [group]
        await route.fulfill(json={**found, "clusters": left})

    seat = await desk.seat(minh, "/desk")
    await seat.page.route("**/api/teach/clusters", give)
    await seat.page.goto(f"{seat.url}/desk/teach/needs")
    await expect(seat.find(".cluster .chip").first).to_have_text("qua đêm")
    await seat.find(".cluster .primary").click()
    dialog = seat.find("#need-dialog")
    await expect(dialog.locator("#need-samples input")).to_have_count(len(ids))
    await expect(dialog.locator("#need-samples input:checked")).to_have_count(2)
    await dialog.locator("[name=name_vi]").fill("Gửi xe qua đêm")
    await dialog.locator("[type=submit]").click()
    await expect(dialog.locator(".problem")).to_contain_text("“Bộ phận” còn trống")
    await dialog.locator("[name=department]").select_option("facilities")
    await expect(dialog.locator("#need-way")).to_contain_text("được chuyển tới Cơ sở vật chất")
    await dialog.locator("[name=answer_vi]").fill("Dạ {you} gửi xe qua đêm ở hầm B1 ạ.")
    await expect(dialog.locator("#need-way")).to_contain_text("Trợ lý tự trả lời")
    await dialog.locator("[name=examples]").fill("xe hơi đậu tới sáng mai được không em\ngiữ xe qua đêm giá sao")
    await dialog.locator("[type=submit]").click()
    await expect(dialog).to_be_hidden()
    await expect(seat.find(".cluster")).to_have_count(0)
    await expect(seat.find("#needs-made")).to_contain_text("Gửi xe qua đêm")
    await expect(seat.find("#needs-made")).to_contain_text("Chờ huấn luyện")
    assert {one["label"] for one in await taught(minh)} == {"gui_xe_qua_dem"}
    await seat.find("#needs-made").get_by_role("button", name="Bỏ nhu cầu").click()
    await seat.find("#confirm-dialog [data-submit]").click()
    await expect(seat.find("#needs-made-part")).to_be_hidden()
    assert {one["state"] for one in await taught(minh)} == {"withdrawn"}


async def test_a_question_that_is_asked_often_is_added_with_examples_and_answer_by_hand(desk: Desk) -> None:
    seat = await at(desk, await teacher(desk), "needs")
    await seat.find("#need-new").click()
    dialog = seat.find("#need-dialog")
    await dialog.locator("[name=name_vi]").fill("Gửi xe qua đêm")
    await dialog.locator("[name=department]").select_option("facilities")
    await dialog.locator("[name=answer_vi]").fill("Dạ {you} gửi xe qua đêm ở hầm B1 ạ.")
    await dialog.locator("[name=examples]").fill("giữ xe qua đêm giá sao")
    await dialog.locator("[type=submit]").click()
    await expect(dialog).to_be_hidden()
    made = seat.find("#needs-made li")
    await expect(made).to_contain_text("Còn thiếu 1 câu mẫu")
    await made.get_by_role("button", name="Sửa").click()
    await expect(seat.find("#need-title")).to_have_text("Sửa “Gửi xe qua đêm”")
    await expect(dialog.locator("[name=answer_vi]")).to_be_hidden()
    await dialog.locator("[name=department]").select_option("reception")
    await dialog.locator("[name=examples]").fill("xe hơi đậu tới sáng mai được không em")
    await dialog.locator("[type=submit]").click()
    await expect(dialog).to_be_hidden()
    await expect(made).to_contain_text("Chờ huấn luyện")
    await expect(made).to_contain_text("Lễ tân · 2 câu mẫu")
    await expect(made).to_contain_text("hầm B1")
    await made.get_by_role("button", name="Câu trả lời").click()
    await expect(seat.find("#answer-title")).to_have_text("Gửi xe qua đêm")
    first = seat.find("#answer-vi textarea").first
    await first.fill("Dạ {you} gửi xe ở hầm B2 ạ.")
    await seat.find("#preview-form [name=text]").fill("cho gửi tới sáng nha")
    await seat.page.keyboard.press("Enter")
    await expect(seat.find("#preview-chat .from-bot")).to_contain_text("Dạ anh/chị gửi xe ở hầm B2 ạ.")
    await seat.find("#answer-save").click()
    await expect(seat.find(".toast").last).to_contain_text("Đã lưu")
    await seat.find("#answer-versions-part summary").click()
    await seat.find("#answer-versions .version", has_text="Bản 1").get_by_role("button").click()
    await expect(first).to_have_value("Dạ {you} gửi xe qua đêm ở hầm B1 ạ.")
    await seat.find("#teach-tabs [data-tab=needs]").click()
    await expect(made).to_contain_text("hầm B1")
