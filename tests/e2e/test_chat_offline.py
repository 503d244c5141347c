"""Nothing that a customer wrote is lost or doubled, whatever happens to the line, the tab or the server's patience."""

from __future__ import annotations

import asyncio
import json

import pytest
from playwright.async_api import Route, expect

from tests.e2e.chat_driver import (
    EVENTS,
    MESSAGES,
    Street,
    answered,
    code_of,
    make_browser,
    make_house,
    make_street,
)

__all__ = ["make_browser", "make_house", "make_street"]
pytestmark = pytest.mark.e2e


async def test_offline_then_online_loses_and_doubles_nothing(street: Street) -> None:
    clerk = await street.house.staff("Lan", "accounting")
    guest = await street.guest()
    await guest.say("Tôi cần hoá đơn")
    code = await code_of(guest)

    await guest.page.context.set_offline(True)
    said = [f"Khi mất mạng {number}" for number in range(4)]
    for text in said:
        await guest.say(text)
    await expect(guest.find("#connection")).to_contain_text("mất mạng")
    await expect(guest.said(said[-1])).to_contain_text("Chờ có mạng")
    # Signs come inside the page: none is missing when the line is.
    signs = await guest.said(said[-1]).locator("svg").evaluate_all("all => all.map((one) => one.getBBox().width > 0)")
    assert signs == [True]
    assert await guest.texts() == ["Tôi cần hoá đơn", *said]
    await answered(clerk, code, "Trả lời trong lúc khách mất mạng")
    assert street.stored() == ["Tôi cần hoá đơn"]

    await guest.page.context.set_offline(False)
    await guest.received(said[-1])
    await expect(guest.said("Trả lời trong lúc khách mất mạng", "staff")).to_have_count(1)
    await expect(guest.find("#connection")).to_be_hidden()
    assert street.stored() == ["Tôi cần hoá đơn", *said]
    await guest.page.reload()
    await expect(guest.said(said[-1])).to_be_visible()
    assert await guest.texts() == ["Tôi cần hoá đơn", *said]


async def test_a_message_whose_acknowledgement_was_lost_is_not_doubled(street: Street) -> None:
    guest = await street.guest()
    lost = 0

    async def lose(route: Route) -> None:
        nonlocal lost
        if route.request.method == "POST" and lost < 2:
            lost += 1
            await route.fetch()
            await route.abort("connectionreset")
        else:
            await route.continue_()

    # The first one opens the conversation; then the line swallows two answers of the server.
    await guest.say("Mở đầu")
    await expect(guest.said("Dạ em nghe: Mở đầu", "bot")).to_be_visible()
    await guest.page.route(EVENTS, lambda route: route.abort())
    await guest.page.route(MESSAGES, lose)
    await guest.page.reload()
    await guest.say("Chỉ một lần")
    await guest.received("Chỉ một lần")
    await guest.page.unroute(EVENTS)
    await expect(guest.said("Dạ em nghe: Chỉ một lần", "bot")).to_have_count(1)
    assert lost == 2
    assert street.stored() == ["Mở đầu", "Chỉ một lần"]
    assert await guest.texts() == ["Mở đầu", "Chỉ một lần"]


async def test_a_closed_browser_sends_what_was_waiting_when_it_opens_again(street: Street) -> None:
    context = await street.context()
    guest = await street.tab(context)
    await guest.page.route("**/chat/api/**", lambda route: route.abort())
    await guest.say("Một")
    await guest.say("Hai")
    await expect(guest.said("Hai")).to_contain_text("Đang gửi")
    await guest.page.close(run_before_unload=False)

    again = await street.tab(context)
    await again.received("Hai")
    await expect(again.said("Dạ em nghe: Hai", "bot")).to_be_visible()
    assert street.stored() == ["Một", "Hai"]
    assert await again.texts() == ["Một", "Hai"]


async def test_repeated_failure_is_shown_and_a_press_tries_again(street: Street) -> None:
    guest = await street.guest()
    await guest.page.clock.install()
    await guest.page.route("**/chat/api/**", lambda route: route.abort())
    await guest.say("Kiên nhẫn")
    failed = guest.find("#messages").get_by_role("button", name="Chưa gửi được, bấm để thử lại")
    for _ in range(40):
        await guest.page.clock.run_for(1000)
        if await failed.count():
            break
    await expect(failed).to_be_visible()
    await guest.page.unroute("**/chat/api/**")
    await failed.click()
    await guest.received("Kiên nhẫn")
    assert street.stored() == ["Kiên nhẫn"]


async def test_whoever_waited_long_sees_at_the_first_refusal_that_nothing_was_sent(street: Street) -> None:
    guest = await street.guest()
    await guest.say("Mở đầu")
    await guest.received("Mở đầu")
    await guest.page.clock.install()
    asked: asyncio.Queue[Route] = asyncio.Queue()

    async def hold(route: Route) -> None:
        await (asked.put(route) if route.request.method == "POST" else route.continue_())

    await guest.page.route(MESSAGES, hold)
    await guest.say("Còn ai không")
    first = await asyncio.wait_for(asked.get(), 10)
    await guest.page.clock.run_for(12_000)
    await expect(guest.said("Còn ai không")).to_contain_text("Đang gửi")
    await first.fulfill(status=503, json={"error": "unavailable", "message": "Hệ thống đang bận."})
    await expect(guest.said("Còn ai không")).to_contain_text("Chưa gửi được, bấm để thử lại")
    again = await asyncio.wait_for(asked.get(), 10)
    assert again.request.post_data_json == first.request.post_data_json
    await again.continue_()
    await guest.received("Còn ai không")
    assert street.stored() == ["Mở đầu", "Còn ai không"]


async def test_without_a_network_nothing_asks_to_be_pressed(street: Street) -> None:
    guest = await street.guest()
    await guest.page.clock.install()
    await guest.page.context.set_offline(True)
    await guest.say("Trên tàu")
    for _ in range(20):
        await guest.page.clock.run_for(1000)
    await expect(guest.said("Trên tàu")).to_contain_text("Chờ có mạng")
    await expect(guest.find("#messages")).not_to_contain_text("Chưa gửi được")
    await guest.page.context.set_offline(False)
    await guest.received("Trên tàu")
    assert street.stored() == ["Trên tàu"]


async def test_an_address_that_is_not_there_answers_in_vietnamese(street: Street) -> None:
    for method, path, said in (
        ("GET", "/chat/api/none", "Không tìm thấy."),
        ("DELETE", "/chat/api/sessions", "Cách gọi này không dùng được"),
        ("GET", "/chat/api/messages", "Phiên đã hết hạn."),
    ):
        async with street.house.session.request(method, street.house.url + path) as response:
            assert said in (await response.json())["message"]


async def test_too_many_too_fast_waits_and_goes_on_by_itself(street: Street) -> None:
    bucket = street.house.running.house.limits.messages
    bucket.burst, bucket.rate = 2, 0.5
    guest = await street.guest()
    said = [f"Nhanh {number}" for number in range(4)]
    for text in said:
        await guest.say(text)
    await expect(guest.find("#messages")).to_contain_text("Gửi tiếp sau")
    await guest.received(said[-1])
    assert street.stored() == said


async def test_a_refused_message_says_why_can_be_mended_and_holds_up_nothing(street: Street) -> None:
    guest = await street.guest()

    async def refuse(route: Route) -> None:
        if "xấu" in (route.request.post_data or ""):
            problem = {"error": "invalid", "message": "Dữ liệu gửi lên chưa đúng."}
            await route.fulfill(status=422, content_type="application/json", body=json.dumps(problem))
        else:
            await route.continue_()

    await guest.page.route(MESSAGES, refuse)
    await guest.say("Tin xấu")
    await expect(guest.said("Tin xấu")).to_contain_text("Dữ liệu gửi lên chưa đúng.")
    await guest.say("Tin sau")
    await guest.received("Tin sau")
    await guest.find("#messages").get_by_role("button", name="Sửa lại").click()
    await expect(guest.find("#text")).to_have_value("Tin xấu")
    await expect(guest.said("Tin xấu")).to_have_count(0)
    await guest.say("Tin đã sửa")
    await guest.received("Tin đã sửa")
    assert street.stored() == ["Tin sau", "Tin đã sửa"]


async def test_the_limit_is_shown_before_it_is_passed(street: Street) -> None:
    guest = await street.guest()
    await guest.find("#text").fill("😀" * 9_990)
    await expect(guest.find("#left")).to_have_text("Còn 10 ký tự")
    await guest.find("#text").fill("a" * 10_003)
    await expect(guest.find("#left")).to_contain_text("Dài quá 3 ký tự")
    await expect(guest.find("#send")).to_be_disabled()
    await guest.find("#text").press("Enter")
    await guest.find("#text").fill("ă" * 10_000)
    await guest.find("#send").click()
    await expect(guest.find("#messages .from-customer")).not_to_have_attribute("data-id", "")
    assert [len(text) for text in street.stored()] == [10_000]


async def test_a_reset_feed_loads_what_is_missing_without_doubling(street: Street) -> None:
    guest = await street.guest()
    await guest.say("Trước")
    await expect(guest.said("Dạ em nghe: Trước", "bot")).to_be_visible()
    answers = 0

    async def reset(route: Route) -> None:
        nonlocal answers
        answers += 1
        if answers == 1:
            await route.fulfill(content_type="text/event-stream", body="id: 1.1\nevent: reset\ndata: {}\n\n")
        else:
            await route.continue_()

    await guest.page.context.set_offline(True)
    await guest.page.route(EVENTS, reset)
    cookie = next(one for one in await guest.page.context.cookies() if one["name"] == "letan_chat")
    for number in range(3):
        body = {"client_id": f"00000000-0000-4000-8000-00000000000{number}", "text": f"Nơi khác {number}"}
        headers = {"Cookie": f"letan_chat={cookie['value']}"}
        async with street.house.session.post(
            f"{street.house.url}/chat/api/messages", json=body, headers=headers
        ) as response:
            assert response.status == 202
    await street.house.settled()
    await guest.page.context.set_offline(False)
    await expect(guest.said("Dạ em nghe: Nơi khác 2", "bot")).to_be_visible()
    assert answers >= 1
    await asyncio.sleep(1)
    expected = ["Trước", *(f"Nơi khác {number}" for number in range(3))]
    assert await guest.texts() == expected
    assert await guest.texts("bot") == [f"Dạ em nghe: {text}" for text in expected]


async def test_a_lost_cookie_opens_a_new_conversation_with_the_next_word(street: Street) -> None:
    guest = await street.guest()
    await guest.say("Một")
    await expect(guest.said("Dạ em nghe: Một", "bot")).to_be_visible()
    await guest.page.context.clear_cookies()
    await guest.say("Hai")
    await expect(guest.find("#toasts")).to_contain_text("Phiên trò chuyện đã hết hạn, em mở phiên mới")
    await expect(guest.said("Dạ em nghe: Hai", "bot")).to_be_visible()
    await expect(guest.find("#blocked")).to_be_hidden()
    assert "đăng nhập" not in await guest.page.inner_text("body")
    assert street.stored() == ["Một", "Hai"]


async def test_hidden_tabs_share_one_line_and_catch_up_when_looked_at(street: Street) -> None:
    """Seven tabs on six connections: the seventh must still get its words out."""
    context = await street.context()
    hide = "Object.defineProperty(document, 'hidden', {value: %s, configurable: true});"
    tell = "document.dispatchEvent(new Event('visibilitychange'))"
    first = await street.tab(context)
    await first.say("Câu đầu")
    await expect(first.said("Dạ em nghe: Câu đầu", "bot")).to_be_visible()
    others = []
    for _ in range(4):
        page = await context.new_page()
        await page.clock.install()
        await page.goto(street.house.url)
        await expect(page.locator("#messages .from-bot")).to_have_count(1)
        await page.evaluate(hide % "true" + tell)
        await page.clock.run_for(61_000)
        others.append(page)
    seventh = [await street.tab(context) for _ in range(3)][-1]
    await seventh.say("Câu của thẻ cuối")
    await expect(seventh.said("Dạ em nghe: Câu của thẻ cuối", "bot")).to_be_visible()
    # Words that a hidden tab sends, its own or another's, do not have it listen.
    await others[0].locator("#text").fill("Câu của thẻ khuất")
    await others[0].locator("#text").press("Enter")
    await expect(seventh.said("Dạ em nghe: Câu của thẻ khuất", "bot")).to_be_visible()
    await expect(others[0].locator("#messages .from-bot")).to_have_count(1)
    await others[0].evaluate(hide % "false" + tell)
    await expect(others[0].locator("#messages .from-bot")).to_have_count(3)


async def test_answers_come_also_where_the_network_lets_no_stream_through(street: Street) -> None:
    guest = await street.guest()
    await guest.page.route(EVENTS, lambda route: route.abort())
    for number in range(2):
        await guest.say(f"Câu {number}")
        await expect(guest.said(f"Dạ em nghe: Câu {number}", "bot")).to_have_count(1, timeout=25_000)
    await expect(guest.find("#connection")).to_contain_text("Đang kết nối lại")
    await guest.page.unroute(EVENTS)
    await expect(guest.find("#connection")).to_be_hidden(timeout=25_000)
    await guest.say("Câu cuối")
    await expect(guest.said("Dạ em nghe: Câu cuối", "bot")).to_have_count(1)
    assert await guest.texts() == ["Câu 0", "Câu 1", "Câu cuối"]
