"""A customer talks to the house in the web chat."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from playwright.async_api import expect

from bot.domain.hours import OpeningHours
from tests.doubles import engine
from tests.e2e.chat_driver import Street, answered, code_of, make_browser, make_house, make_street

__all__ = ["make_browser", "make_house", "make_street"]
pytestmark = pytest.mark.e2e


async def test_a_question_gets_an_answer_and_looking_alone_creates_nothing(street: Street) -> None:
    guest = await street.guest()
    await expect(guest.find("#intro")).to_contain_text("Em là trợ lý tự động")
    await expect(guest.find(".starter")).to_have_count(4)
    assert street.conversations() == 0
    assert await guest.page.context.cookies() == []

    await guest.say("Cho tôi hỏi giá tủ lạnh")
    await expect(guest.said("Dạ em nghe: Cho tôi hỏi giá tủ lạnh", "bot")).to_contain_text("Trợ lý tự động")
    await expect(guest.said("Cho tôi hỏi giá tủ lạnh")).to_contain_text("Đã nhận")
    await expect(guest.find("#starters")).to_be_hidden()
    assert street.conversations() == 1


async def test_a_case_reaches_a_person_and_their_answer_comes_back(street: Street) -> None:
    clerk = await street.house.staff("Trần Thị Lan", "accounting")
    guest = await street.guest()
    who = guest.find("#who-answers")
    await guest.find(".starter", has_text="hoá đơn").click()
    code = await code_of(guest)
    await expect(who).to_contain_text("Trợ lý tự động trả lời trước")
    assert re.fullmatch(r"KT-\d{4}", code)

    await clerk.post(f"/api/cases/{code}/claim")
    await expect(guest.said("Trần Thị Lan bên bộ phận Kế toán", "bot")).to_be_visible()
    await expect(who).to_have_text("Anh/chị đang nói chuyện với Trần Thị Lan.")
    await guest.page.reload()
    await expect(who).to_have_text("Anh/chị đang nói chuyện với Trần Thị Lan.")
    status, _ = await clerk.post(f"/api/cases/{code}/typing")
    assert status == 204
    await expect(guest.find("#typing")).to_contain_text("Nhân viên đang nhập")
    await answered(clerk, code, "Dạ anh/chị gửi giúp em mã số thuế ạ.")
    staff = guest.said("mã số thuế", "staff")
    await expect(staff.locator(".who")).to_have_text("Trần Thị LanNhân viên")
    await expect(guest.find("#typing")).to_be_empty()

    await guest.say("0101243150")
    await guest.received("0101243150")
    await clerk.post(f"/api/cases/{code}/resolve", unanswered=True)
    await expect(guest.said("đã xử lý xong", "bot")).to_be_visible()
    await expect(who).to_contain_text("Trợ lý tự động trả lời trước")
    await guest.say("Cảm ơn em")
    await expect(guest.said("Dạ em nghe: Cảm ơn em", "bot")).to_be_visible()


async def test_a_case_number_copies_itself(street: Street) -> None:
    context = await street.context()
    await context.grant_permissions(["clipboard-read", "clipboard-write"])
    guest = await street.tab(context)
    await guest.say("Tôi cần hoá đơn")
    code = await code_of(guest)
    await guest.find("#messages .code").click()
    await expect(guest.find("#toasts")).to_contain_text(f"Đã chép {code}")
    assert await guest.page.evaluate("navigator.clipboard.readText()") == code


async def test_a_reload_keeps_the_conversation_and_the_draft(street: Street) -> None:
    guest = await street.guest()
    await guest.say("Câu thứ nhất")
    await expect(guest.said("Dạ em nghe: Câu thứ nhất", "bot")).to_be_visible()
    await guest.find("#text").fill("Đang viết dở")
    await guest.page.wait_for_timeout(600)
    await guest.page.reload()
    await expect(guest.said("Dạ em nghe: Câu thứ nhất", "bot")).to_be_visible()
    await expect(guest.find("#text")).to_have_value("Đang viết dở")
    await guest.find("#send").click()
    await expect(guest.said("Dạ em nghe: Đang viết dở", "bot")).to_be_visible()
    assert street.conversations() == 1


async def test_offered_choices_can_be_pressed_once_and_only_while_they_are_asked(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = engine.answer

    def offering(body: dict[str, Any], text: str) -> dict[str, Any]:
        given = plain(body, text)
        if "giúp" in text:
            buttons = [{"title": title, "payload": title} for title in ("Bảo dưỡng", "Việc khác")]
            given["messages"] = [{"text": "Dạ việc nào ạ?", "buttons": buttons}]
        return given

    monkeypatch.setattr(engine, "answer", offering)
    guest = await street.guest()
    await guest.say("giúp tôi với")
    await guest.find(".chip", has_text="Việc khác").click()
    await expect(guest.said("Dạ em nghe: Việc khác", "bot")).to_be_visible()
    await expect(guest.find(".chip:enabled")).to_have_count(0)
    await expect(guest.find(".chip[aria-pressed=true]")).to_have_text("Việc khác")
    assert street.stored() == ["giúp tôi với", "Việc khác"]


async def test_two_tabs_show_the_same(street: Street) -> None:
    context = await street.context()
    one, other = await street.tab(context), await street.tab(context)
    await one.say("Từ thẻ một")
    await expect(one.said("Dạ em nghe: Từ thẻ một", "bot")).to_be_visible()
    # The other tab had no conversation when it opened; now it shares the one.
    await other.say("Từ thẻ hai")
    for tab in (one, other):
        await expect(tab.said("Dạ em nghe: Từ thẻ hai", "bot")).to_be_visible()
        assert await tab.texts() == ["Từ thẻ một", "Từ thẻ hai"]
        assert await tab.texts("bot") == ["Dạ em nghe: Từ thẻ một", "Dạ em nghe: Từ thẻ hai"]
    await one.say("Nữa")
    await expect(other.said("Dạ em nghe: Nữa", "bot")).to_be_visible()
    assert street.conversations() == 1


async def test_english_is_spoken_and_remembered(street: Street) -> None:
    guest = await street.guest()
    await guest.say("xin chào")
    await expect(guest.said("Dạ em nghe: xin chào", "bot")).to_be_visible()
    await guest.find("#language").click()
    await expect(guest.page).to_have_title("Chat with Sen Việt")
    await expect(guest.find("#intro")).to_contain_text("I am the automatic assistant")
    await guest.page.goto(street.house.url)
    await expect(guest.find("#hours")).to_contain_text("On duty")
    # The house, too, is told, and answers in the language that is written.
    await guest.say("I need a new invoice please")
    await expect(guest.said("I have written this down as case KT-", "bot")).to_be_visible()


async def test_out_of_hours_is_said_with_the_next_opening(street: Street) -> None:
    house = street.house.running.house
    closed = OpeningHours(house.company.zone, ((),) * 7)
    object.__setattr__(house, "company", replace(house.company, hours=closed))
    guest = await street.guest()
    await expect(guest.find("#hours")).to_have_text("Ngoài giờ")
    await expect(guest.find("#who-answers")).to_contain_text("ghi phiếu hẹn")


async def test_older_messages_come_when_scrolling_up_and_the_reader_stays_where_they_are(street: Street) -> None:
    guest = await street.guest()
    visitor = await street.house.visitor()
    street.house.running.house.limits.messages.burst = 100
    for number in range(45):
        await visitor.say(f"Câu số {number:02d}")
        await street.house.settled()
    cookie = next(one for one in visitor.session.cookie_jar if one.key == "letan_chat")
    await guest.page.context.add_cookies([{"name": "letan_chat", "value": cookie.value, "url": street.house.url}])
    await guest.page.reload()
    await expect(guest.said("Câu số 44")).to_be_visible()
    await expect(guest.said("Câu số 02")).to_have_count(0)
    await guest.find("#transcript").evaluate("place => { place.scrollTop = 0; }")
    await expect(guest.said("Câu số 02")).to_have_count(1)
    seen = await guest.find("#transcript").evaluate("place => place.scrollTop")
    assert seen > 300, "the reader was thrown to the top"

    await visitor.say("Câu mới nhất")
    chip = guest.find("#to-bottom")
    await expect(chip).to_contain_text("Tin mới")
    assert abs(await guest.find("#transcript").evaluate("place => place.scrollTop") - seen) < 5
    await expect(guest.find(".divider")).to_have_text("Tin nhắn mới")
    await chip.click()
    await expect(chip).to_be_hidden()
    await expect(guest.said("Dạ em nghe: Câu mới nhất", "bot")).to_be_in_viewport()


async def test_a_hidden_tab_counts_what_it_missed(street: Street) -> None:
    clerk = await street.house.staff("Lan", "accounting")
    guest = await street.guest()
    await guest.say("hoá đơn")
    code = await code_of(guest)
    await guest.page.evaluate(
        "Object.defineProperty(document, 'hidden', {value: true, configurable: true});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    await answered(clerk, code, "Dạ em đây ạ")
    await expect(guest.page).to_have_title("(2) Trò chuyện với Sen Việt")
    await expect(guest.page.locator("link[rel=icon]")).to_have_attribute("href", re.compile("^data:image/png"))
    await guest.page.evaluate(
        "Object.defineProperty(document, 'hidden', {value: false, configurable: true});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    await expect(guest.page).to_have_title("Trò chuyện với Sen Việt")
    await expect(guest.find(".divider")).to_be_visible()
