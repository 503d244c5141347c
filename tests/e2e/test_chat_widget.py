"""The chat inside somebody else's page."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from playwright.async_api import Locator, Page, expect

from tests.e2e.chat_driver import (
    PHONE,
    Guest,
    Street,
    answered,
    code_of,
    make_browser,
    make_house,
    make_street,
)

__all__ = ["make_browser", "make_house", "make_street"]
pytestmark = pytest.mark.e2e

_SHOP = """<!doctype html><html lang="vi"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<style>button {{ background: red !important; width: 300px !important }} * {{ border: 5px solid lime !important }}
iframe {{ display: none !important }}</style>
<h1 id="title">Cửa hàng</h1><button id="own">Nút của trang</button>
<script src="{home}/widget.js" defer {attributes}></script>"""


@asynccontextmanager
async def shop(home: str, attributes: str = "", host: str = "127.0.0.1") -> AsyncIterator[str]:
    """Serve a page of another origin, with a policy as strict as the chat can live with and styles that hurt."""

    async def page(_request: web.Request) -> web.Response:
        policy = f"default-src 'none'; script-src {home}; frame-src {home}; style-src 'unsafe-inline'"
        html = _SHOP.format(home=home, attributes=attributes)
        return web.Response(text=html, content_type="text/html", headers={"Content-Security-Policy": policy})

    app = web.Application()
    app.router.add_get("/", page)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://{host}:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


def launch(page: Page) -> Locator:
    """The round button."""
    return page.locator("letan-chat .launch")


async def opened(street: Street, page: Page) -> Guest:
    """Press the button and return the chat inside the frame."""
    guest = Guest(page=page, place=page)
    guest.watch()
    street.guests.append(guest)
    await launch(page).click()
    handle = await page.locator("letan-chat iframe").element_handle()
    frame = await handle.content_frame()
    assert frame is not None
    guest.place = frame
    await expect(guest.find("#intro")).to_be_visible()
    return guest


async def test_talking_from_a_page_of_another_origin(street: Street) -> None:
    clerk = await street.house.staff("Lan", "accounting")
    context = await street.context()
    async with shop(street.house.url) as address:
        page = await context.new_page()
        await page.goto(address)
        await expect(launch(page)).to_have_attribute("aria-expanded", "false")
        await expect(page.locator("letan-chat iframe")).to_have_count(0)
        guest = await opened(street, page)
        await expect(guest.find("#text")).to_be_focused()
        await guest.say("Tôi cần hoá đơn")
        code = await code_of(guest)

        await guest.find("#text").press("Escape")
        await expect(page.locator("letan-chat .panel")).to_be_hidden()
        await expect(launch(page)).to_be_focused()
        await answered(clerk, code, "Dạ em đây ạ")
        await expect(page.locator("letan-chat .count")).to_have_text("2")
        await expect(launch(page)).to_have_attribute("aria-label", "Trò chuyện với chúng tôi (2 tin chưa đọc)")
        await launch(page).press("Enter")
        await expect(guest.said("Dạ em đây ạ", "staff")).to_be_in_viewport()
        await expect(page.locator("letan-chat .count")).to_be_hidden()

        # The next page of the shop hears of answers without anybody opening the panel.
        await page.goto(address)
        await answered(clerk, code, "Dạ em xong rồi ạ", 2)
        await expect(page.locator("letan-chat .count")).to_have_text("1")


async def test_neither_page_hurts_the_other(street: Street) -> None:
    context = await street.context()
    async with shop(street.house.url, 'data-colour="#ffd400" data-position="left" data-lang="en"') as address:
        page = await context.new_page()
        await page.goto(address)
        style = "one => ['backgroundColor', 'width', 'borderWidth'].map((name) => getComputedStyle(one)[name])"
        assert await launch(page).evaluate(style) == ["rgb(255, 212, 0)", "60px", "0px"]
        # Dark signs on a light colour.
        assert await launch(page).evaluate("one => getComputedStyle(one).color") == "rgb(16, 32, 30)"
        box = await launch(page).bounding_box()
        assert box is not None
        assert box["x"] < 100
        await expect(launch(page)).to_have_attribute("aria-label", "Chat with us")
        guest = await opened(street, page)
        await expect(guest.find("#intro")).to_contain_text("I am the automatic assistant")
        assert await page.locator("#own").evaluate("one => getComputedStyle(one).width") == "300px"
        assert await page.evaluate("Object.keys(window).filter((name) => /letan/i.test(name))") == []


async def test_strangers_are_not_listened_to(street: Street) -> None:
    context = await street.context()
    async with shop(street.house.url) as address:
        page = await context.new_page()
        await page.goto(address)
        guest = await opened(street, page)
        # The page itself pretends to be the chat, and the chat's own window to be the page that frames it.
        await page.evaluate("postMessage({ letan: 'unread', count: 99 }, '*'); postMessage({ letan: 'close' }, '*')")
        await guest.place.evaluate(
            "postMessage({ letan: 'hello' }, '*'); postMessage({ letan: 'panel', open: false }, '*')"
        )
        await page.wait_for_timeout(300)
        await expect(page.locator("letan-chat .panel")).to_be_visible()
        await expect(page.locator("letan-chat .count")).to_be_hidden()
        await guest.say("Vẫn đọc được")
        await expect(guest.said("Dạ em nghe: Vẫn đọc được", "bot")).to_be_visible()
        # Had the chat taken the impostor for the page, it would now speak to nobody.
        await guest.find("#text").press("Escape")
        await expect(page.locator("letan-chat .panel")).to_be_hidden()


async def test_a_site_that_was_not_named_cannot_frame_the_chat_and_gets_a_way_on(street: Street) -> None:
    context = await street.context()
    async with shop(street.house.url, host="localhost") as address:
        page = await context.new_page()
        await page.clock.install()
        await page.goto(address)
        await launch(page).click()
        await page.clock.run_for(10_500)
        failed = page.locator("letan-chat .failed")
        await expect(failed).to_contain_text("Chưa hiện được khung trò chuyện")
        await expect(failed.locator("a")).to_have_attribute("href", f"{street.house.url}/")


async def test_blocked_cookies_are_explained_and_the_words_are_carried_along(street: Street) -> None:
    object.__setattr__(street.house.running.house.settings, "widget_origins", "http://localhost:*")
    context = await street.context()
    async with shop(street.house.url, host="localhost") as address:
        page = await context.new_page()
        await page.goto(address)
        guest = await opened(street, page)
        await guest.say("Cho tôi hỏi & đáp #1")
        blocked = guest.find("#blocked")
        await expect(blocked).to_contain_text("Trình duyệt đang chặn cookie")
        async with context.expect_page() as waiting:
            await blocked.get_by_role("link", name="Mở trang trò chuyện").click()
        own = await waiting.value
        await expect(own.locator("#text")).to_have_value("Cho tôi hỏi & đáp #1")
        assert own.url == f"{street.house.url}/?lang=vi"
        await own.locator("#send").click()
        await expect(own.locator("#messages .from-bot")).to_contain_text("Dạ em nghe: Cho tôi hỏi & đáp #1")


async def test_on_a_phone_the_panel_is_the_whole_screen(street: Street) -> None:
    context = await street.context(**PHONE)
    async with shop(street.house.url) as address:
        page = await context.new_page()
        await page.goto(address)
        guest = await opened(street, page)
        assert await page.locator("letan-chat .panel").bounding_box() == {"x": 0, "y": 0, "width": 360, "height": 740}
        await expect(launch(page)).to_be_hidden()
        await guest.find("#hide").click()
        await expect(page.locator("letan-chat .panel")).to_be_hidden()
        await expect(launch(page)).to_be_visible()


async def test_a_framed_chat_asks_for_a_cookie_of_its_own_where_there_is_tls(street: Street) -> None:
    """Browsers that block the cookies of framed pages still keep one that belongs to the framing site alone."""
    object.__setattr__(street.house.running.house.settings, "public_url", "https://chat.example")
    door = f"{street.house.url}/chat/api/sessions"
    async with street.house.session.post(door, json={"embedded": True}) as framed:
        assert framed.headers["Set-Cookie"].endswith("; HttpOnly; Secure; SameSite=None; Partitioned")
    street.house.session.cookie_jar.clear()
    async with street.house.session.post(door, json={}) as whole:
        assert whole.headers["Set-Cookie"].endswith("; HttpOnly; Secure; SameSite=None")
