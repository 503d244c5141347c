"""The chat on a phone, by keyboard, in the dark, and for those who listen."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import expect

from tests.e2e.chat_driver import PHONE, Street, answered, code_of, make_browser, make_house, make_street

__all__ = ["make_browser", "make_house", "make_street"]
pytestmark = pytest.mark.e2e

_CONTRAST = """(selectors) => {
  const parts = (colour) => (colour.match(/[\\d.]+/g) ?? []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((one) => one / 255)
    .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4))
    .reduce((sum, one, place) => sum + one * [0.2126, 0.7152, 0.0722][place], 0);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const [r, g, b, a = 1] = parts(getComputedStyle(at).backgroundColor);
      if (a === 1 && r !== undefined) return [r, g, b];
    }
    return parts(getComputedStyle(document.documentElement).backgroundColor);
  };
  return selectors.map((selector) => {
    const element = document.querySelector(selector);
    if (!element) return [selector, -1];
    const [one, other] = [light(parts(getComputedStyle(element).color)), light(ground(element))];
    return [selector, (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)];
  });
}"""


async def test_a_phone_shows_everything_without_sideways_scrolling(street: Street) -> None:
    guest = await street.guest(**PHONE)
    await guest.say("một_từ_rất_dài_" * 30)
    await guest.received("một_từ")
    await guest.say("hoá đơn https://senviet.example/" + "a" * 200)
    await code_of(guest)
    wide = await guest.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1] == 360
    log = await guest.find("#transcript").evaluate("one => [one.scrollWidth, one.clientWidth]")
    assert log[0] == log[1]
    small = await guest.page.evaluate(
        """() => [...document.querySelectorAll('button, textarea')]
          .filter((one) => one.checkVisibility() && !one.classList.contains('code') && !one.classList.contains('link'))
          .map((one) => [one.id || one.className, one.getBoundingClientRect()])
          .filter(([, box]) => box.width < 40 || box.height < 40).map(([name]) => name)"""
    )
    assert small == []
    await expect(guest.find("#text")).to_be_in_viewport(ratio=1)
    await expect(guest.find("#send")).to_be_in_viewport(ratio=1)


async def test_on_a_phone_enter_breaks_the_line(street: Street) -> None:
    guest = await street.guest(**PHONE)
    await expect(guest.find("#text")).to_have_attribute("enterkeyhint", "enter")
    await guest.find("#text").tap()
    await guest.page.keyboard.type("một")
    await guest.page.keyboard.press("Enter")
    await guest.page.keyboard.type("hai")
    await guest.find("#send").tap()
    await guest.received("một")
    assert street.stored() == ["một\nhai"]


async def test_at_a_desk_enter_sends_and_an_input_method_keeps_its_enter(street: Street) -> None:
    guest = await street.guest()
    await expect(guest.find("#text")).to_be_focused()
    await guest.page.keyboard.type("một")
    await guest.page.keyboard.press("Shift+Enter")
    await guest.page.keyboard.type("hai")
    await guest.find("#text").evaluate(
        "one => one.dispatchEvent(new KeyboardEvent('keydown', "
        "{ key: 'Enter', isComposing: true, bubbles: true, cancelable: true }))"
    )
    await expect(guest.find("#messages .message")).to_have_count(0)
    await guest.page.keyboard.press("Enter")
    await guest.received("một")
    assert street.stored() == ["một\nhai"]


async def test_everything_can_be_done_by_keyboard(street: Street) -> None:
    guest = await street.guest()
    keys = guest.page.keyboard
    await guest.find("body").evaluate("() => document.activeElement.blur()")
    for _ in range(20):
        await keys.press("Tab")
        if await guest.page.evaluate("document.activeElement.dataset.text?.includes('hoá đơn') ?? false"):
            break
    await keys.press("Enter")
    code = await code_of(guest)
    await expect(guest.find("#text")).to_be_focused()
    await keys.press("Shift+Tab")
    await keys.press("Shift+Tab")
    await expect(guest.find(".code", has_text=code)).to_be_focused()
    menu = guest.find("#menu-button")
    await menu.focus()
    await keys.press("Enter")
    await expect(guest.find("#menu")).to_be_visible()
    await keys.press("Tab")
    await expect(guest.find("#sound")).to_be_focused()
    await keys.press("Space")
    await expect(guest.find("#sound")).to_be_checked()
    await keys.press("Escape")
    await expect(guest.find("#menu")).to_be_hidden()
    await expect(menu).to_be_focused()
    outline = await menu.evaluate("one => getComputedStyle(one).outlineStyle")
    assert outline == "solid"


async def test_new_messages_are_said_aloud_once(street: Street) -> None:
    clerk = await street.house.staff("Lan", "accounting")
    guest = await street.guest()
    await guest.page.evaluate(
        """() => { window.said = []; new MutationObserver((all) => all.forEach((one) =>
          one.addedNodes.forEach((node) => said.push(node.textContent)))).observe(
            document.getElementById('announcer'), { childList: true }); }"""
    )
    await guest.say("hoá đơn")
    await answered(clerk, await code_of(guest), "Dạ em nghe ạ")
    await expect(guest.said("Dạ em nghe ạ", "staff")).to_be_visible()
    await guest.page.wait_for_timeout(200)
    said: list[str] = await guest.page.evaluate("window.said")
    assert [one for one in said if "Dạ em nghe ạ" in one] == ["Lan: Dạ em nghe ạ"]
    assert sum("mã phiếu" in one for one in said) == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_text_can_be_read(street: Street, scheme: Any) -> None:
    clerk = await street.house.staff("Lan", "accounting")
    guest = await street.guest(color_scheme=scheme)
    await guest.say("hoá đơn")
    await answered(clerk, await code_of(guest), "Dạ em nghe ạ")
    await expect(guest.said("Dạ em nghe ạ", "staff")).to_be_visible()
    selectors = [
        ".head h1",
        "#hours-text",
        "#language",
        "#intro .text",
        "#messages .from-customer .text",
        "#messages .foot",
    ]
    selectors += ["#messages .from-staff .text", "#messages .who", ".code", ".day", "#who-answers"]
    found = await guest.page.evaluate(_CONTRAST, selectors)
    assert {name: ratio for name, ratio in found if ratio < 4.5} == {}


async def test_nothing_moves_for_those_who_asked_for_that(street: Street) -> None:
    guest = await street.guest(reduced_motion="reduce")
    await guest.page.evaluate("document.getElementById('typing').innerHTML = ''")
    await guest.say("chậm")
    await expect(guest.find("#typing .dots i").first).to_be_visible()
    turns = await guest.find("#typing .dots i").first.evaluate("one => getComputedStyle(one).animationIterationCount")
    assert turns == "1"
