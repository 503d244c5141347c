"""The console by keyboard alone, on a phone, on a tablet, and for those who listen instead of look."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Route, expect

from tests.e2e.desk_driver import PHONE, Desk, Seat, make_desk, make_house  # noqa: F401 - fixtures

pytestmark = pytest.mark.e2e

_UNNAMED = """
() => [...document.querySelectorAll('button, a[href], input, select, textarea')]
  .filter((one) => one.checkVisibility() && !one.closest('[aria-hidden=true]'))
  .filter((one) => !(one.textContent.trim() || one.getAttribute('aria-label') || one.labels?.length || one.title))
  .map((one) => one.outerHTML.slice(0, 120))
"""
_WIDER = """
() => [...document.querySelectorAll('body, body *')]
  .filter((one) => one.checkVisibility())
  .map((one) => [one, one.getBoundingClientRect()])
  .filter(([, box]) => box.right > 390.5 || box.left < -0.5)
  .map(([one, box]) => `${one.tagName} ${one.id || one.className} ${box.left}-${box.right}`)
"""

_SMALL = """
() => [...document.querySelectorAll('button, a[href], input, select, textarea')]
  .filter((one) => one.checkVisibility() && !one.matches('.link, .other, .visually-hidden, .skip'))
  // A box to tick is as large as the words that tick it.
  .map((one) => [one.id || one.className || one.textContent.trim(),
                 ((one.type === 'checkbox' && one.closest('label')) || one).getBoundingClientRect()])
  .filter(([, box]) => box.height < 40 && box.width > 1).map(([name, box]) => `${name} ${box.height}`)
"""


async def test_a_case_from_queue_to_end_without_a_mouse(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    visitor, first = await desk.case()
    _, second = await desk.case()
    seat = await desk.seat(lan)
    keys = seat.page.keyboard
    await expect(seat.row(second)).to_be_visible()
    await keys.press("j")
    await expect(seat.row(first)).to_be_focused()
    await keys.press("j")
    await expect(seat.row(second)).to_be_focused()
    await keys.press("k")
    await keys.press("Enter")
    await expect(seat.find("#case-code")).to_contain_text(first)
    await expect(seat.find("#messages .message").first).to_be_visible()
    await keys.press("c")
    await expect(seat.find("#text")).to_be_visible()
    await keys.press("n")
    await expect(seat.find("#text")).to_be_focused()
    await keys.type("cần hỏi lại")
    await keys.press("Enter")
    await expect(seat.said("cần hỏi lại", "note")).to_be_visible()
    await keys.press("Escape")
    await expect(seat.find("#text")).not_to_be_focused()
    await keys.press("r")
    await expect(seat.find("#text")).to_be_focused()
    await keys.type("Dạ em chào anh.")
    await keys.press("Shift+Enter")
    await keys.type("Anh cho em mã số thuế ạ.")
    await expect(seat.find("#text")).to_have_value("Dạ em chào anh.\nAnh cho em mã số thuế ạ.")
    await keys.press("Enter")
    heard = await visitor.hears("mã số thuế")
    assert heard["text"] == "Dạ em chào anh.\nAnh cho em mã số thuế ạ."
    await keys.press("Escape")
    await keys.press("t")
    await expect(seat.find("#transfer-dialog")).to_be_visible()
    await keys.press("Escape")
    await keys.press("e")
    await expect(seat.find("#resolve-dialog")).to_be_visible()
    await keys.press("Tab")
    await seat.find("#resolve-dialog [type=submit]").press("Enter")
    await visitor.hears("đã xử lý xong")


async def test_keys_do_nothing_while_somebody_types_or_has_turned_them_off(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    _, code = await desk.case()
    seat = await desk.seat(lan)
    keys = seat.page.keyboard
    await seat.open(code)
    await seat.page.keyboard.press("/")
    await keys.type("chờ ctrne")
    await expect(seat.find("#search")).to_have_value("chờ ctrne")
    await expect(seat.find("#list-empty")).to_contain_text("Không có phiếu nào khớp")
    await seat.find("#list-empty button").click()
    await expect(seat.row(code)).to_be_visible()
    await keys.press("?")
    await seat.find("#keys-on").uncheck()
    await keys.press("Escape")
    await keys.press("c")
    await keys.press("t")
    await expect(seat.find("#transfer-dialog")).to_be_hidden()
    await expect(seat.find("#case-head .state-waiting")).to_be_visible()


async def on_its_way(seat: Seat, text: str) -> asyncio.Event:
    """Send a reply that arrives when the event is set."""
    arrived, let_go = asyncio.Event(), asyncio.Event()

    async def slow(route: Route) -> None:
        arrived.set()
        await let_go.wait()
        await route.continue_()

    await seat.page.route("**/reply", slow, times=1)
    await seat.find("#text").fill(text)
    await seat.find("#text").press("Enter")
    await arrived.wait()
    return let_go


async def test_what_one_types_while_a_message_is_on_its_way_is_not_lost(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    visitor, code = await desk.case()
    seat = await desk.seat(lan)
    await seat.open(code)
    await seat.page.keyboard.press("c")
    let_go = await on_its_way(seat, "Dạ em xem ngay ạ.")
    await seat.find("#text").press("End")
    await seat.page.keyboard.type(" Anh chờ em chút ạ.")
    let_go.set()
    await expect(seat.find("#text")).to_have_value("Anh chờ em chút ạ.")
    await seat.find("#text").press("Enter")
    assert (await visitor.hears("xem ngay"))["text"] == "Dạ em xem ngay ạ."
    assert (await visitor.hears("chờ em"))["text"] == "Anh chờ em chút ạ."


async def test_whoever_goes_elsewhere_while_a_message_is_on_its_way_stays_there(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    _, code = await desk.case()
    seat = await desk.seat(lan)
    await seat.open(code)
    await seat.page.keyboard.press("c")
    let_go = await on_its_way(seat, "Dạ em xem ngay ạ.")
    await seat.page.keyboard.press("Escape")
    let_go.set()
    await expect(seat.find("#text")).to_have_value("")
    await expect(seat.find("#case-pane")).to_be_focused()
    await seat.find("#text").fill("Em gửi anh rồi ạ.")
    await seat.find("#text").press("Enter")
    await expect(seat.find("#text")).to_have_value("")
    await expect(seat.find("#text")).to_be_focused()


async def test_which_key_sends_is_shown_and_can_be_chosen(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    visitor, code = await desk.case()
    seat = await desk.seat(lan)
    await seat.claim(code)
    await expect(seat.find("#enter-hint")).to_have_text("Enter để gửi, Shift+Enter xuống dòng")
    await seat.find("#enter-hint").click()
    await expect(seat.find("#enter-hint")).to_have_text("Ctrl+Enter để gửi, Enter xuống dòng")
    await seat.find("#text").fill("một")
    await seat.find("#text").press("Enter")
    await seat.page.keyboard.type("hai")
    await expect(seat.find("#text")).to_have_value("một\nhai")
    await seat.find("#text").press("Control+Enter")
    assert (await visitor.hears("một"))["text"] == "một\nhai"


async def test_every_control_has_a_name_and_can_be_reached_by_tab(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    _, code = await desk.case()
    seat = await desk.seat(lan)
    await seat.claim(code)
    assert await seat.page.evaluate(_UNNAMED) == []
    reached = set()
    await seat.page.evaluate("document.activeElement.blur()")
    for _ in range(60):
        await seat.page.keyboard.press("Tab")
        focused = await seat.page.evaluate(
            "() => { const one = document.activeElement; return [one.id || one.dataset.move || one.pathname || '',"
            " one.matches(':focus-visible') ? getComputedStyle(one).outlineStyle : 'solid']; }"
        )
        reached.add(focused[0])
        assert focused[1] != "none", focused
    wanted = {"search", "duty", "logout", "text", "send", "attach", "tab-reply", "transcript", f"/desk/cases/{code}"}
    assert wanted | {"transfer", "resolve", "promise", "/desk/mine"} <= reached


async def test_a_phone_shows_one_pane_and_goes_back_as_phones_do(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    visitor, code = await desk.case(name="Khách tên rất dài " * 6)
    seat = await desk.seat(lan, **PHONE)
    await seat.page.emulate_media(reduced_motion="reduce")
    panes = {name: seat.find(f"#{name}-pane") for name in ("queue", "list", "case")}

    async def only(shown: str) -> None:
        for name, pane in panes.items():
            await (expect(pane).to_be_visible() if name == shown else expect(pane).to_be_hidden())
        assert not await seat.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert await seat.page.evaluate(_SMALL) == []

    await expect(seat.row(code)).to_be_visible()
    await only("list")
    await seat.find("#open-queues").tap()
    await only("queue")
    await seat.find("#queues a[href='/desk/queue/accounting']").tap()
    await only("list")
    await expect(seat.find("#list-title")).to_have_text("Kế toán")
    await seat.row(code).tap()
    await only("case")
    await seat.find("#case-head [data-move=claim]").tap()
    await seat.find("#text").fill("Dạ em đây ạ")
    await expect(seat.find("#send")).to_be_in_viewport()
    await seat.find("#send").tap()
    await visitor.hears("Dạ em đây ạ")
    await expect(seat.said("Dạ em đây ạ", "staff")).to_be_in_viewport()
    await seat.page.go_back()
    await only("list")
    await seat.page.go_forward()
    await only("case")
    await seat.find("#case-head").get_by_role("button", name="Quay lại").tap()
    await only("list")
    await expect(seat.find("#list-title")).to_have_text("Kế toán")


async def test_a_deep_link_opens_on_a_phone_and_back_leads_to_the_list(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    _, code = await desk.case()
    seat = await desk.seat(lan, f"/desk/cases/{code.lower()}", **PHONE)
    await expect(seat.find("#case-code")).to_contain_text(code)
    await seat.find("#case-head").get_by_role("button", name="Quay lại").tap()
    await expect(seat.row(code)).to_be_visible()
    await expect(seat.find("#case-pane")).to_be_hidden()


async def test_a_tablet_shows_list_and_case_and_the_queues_on_demand(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    _, code = await desk.case()
    seat = await desk.seat(lan, viewport={"width": 1024, "height": 768})
    await seat.open(code)
    await expect(seat.find("#list-pane")).to_be_visible()
    await expect(seat.find("#queue-pane")).to_be_hidden()
    await seat.find("#open-queues").click()
    await expect(seat.find("#queue-pane")).to_be_visible()
    await seat.page.mouse.click(900, 400)
    await expect(seat.find("#queue-pane")).to_be_hidden()
    await expect(seat.find("#case-code")).to_contain_text(code)


async def test_dark_and_light_are_both_legible(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    seat = await desk.seat(lan)
    papers = set()
    for scheme in ("light", "dark"):
        await seat.page.emulate_media(color_scheme=scheme)
        papers.add(await seat.page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert len(papers) == 2


async def test_a_claimed_case_fits_a_narrow_phone(desk: Desk) -> None:
    lan = await desk.house.staff("Nguyễn Thị Ngọc Lan", "accounting")
    await lan.post("/api/duty", on_duty=True)
    _, code = await desk.case("Tôi cần sửa hoá đơn " + "rất-dài" * 30)
    narrow = {**PHONE, "viewport": {"width": 390, "height": 844}}
    seat = await desk.seat(lan, **narrow)
    await seat.claim(code)
    await expect(seat.find(".case-name")).to_contain_text("Khách đến lúc")
    await expect(seat.find("#case-head .who-customer")).to_have_count(0)
    assert await seat.page.evaluate(_WIDER) == []
    assert await seat.page.evaluate("document.documentElement.scrollWidth") == 390
