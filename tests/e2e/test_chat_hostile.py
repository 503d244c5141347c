"""Whatever anybody writes stays text: on the page, in the tab's title, in file names and in names of people."""

from __future__ import annotations

import json
import uuid

import pytest
from playwright.async_api import expect

from tests.e2e.chat_driver import (
    Guest,
    Street,
    answered,
    code_of,
    make_browser,
    make_house,
    make_street,
    payload,
)

__all__ = ["make_browser", "make_house", "make_street"]
pytestmark = pytest.mark.e2e

HOSTILE = (
    "<script>window.hacked = 1</script>",
    '<img src=x onerror="window.hacked = 2">',
    '"><svg onload=window.hacked=3>',
    "javascript:window.hacked=4",
    "[bấm](javascript:window.hacked=5) ![](https://evil.example/a.png)",
    "</script><script>window.hacked=6</script>",
    "{{7*7}} ${7*7} <%= 7*7 %>",
    "<style>body{display:none}</style>",
    "<iframe srcdoc='<script>parent.hacked=7</script>'></iframe>",
    '\' OR 1=1; -- {"$ne": null}',
    "/restart",
    "dòng một\ndòng hai\n\n   thụt vào",
    "مرحبا بالعالم abc",
    "👨\u200d👩\u200d👧\u200d👦🇻🇳🏳️\u200d🌈",
)
_ADD = """(lines) => { for (const line of lines) {
  document.getElementById('text').value = line; document.getElementById('text').dispatchEvent(new Event('input'));
  document.getElementById('composer').requestSubmit(); } }"""


async def harmless(guest: Guest) -> None:
    """Nothing of it ran, and nothing foreign is in the page."""
    assert await guest.page.evaluate("window.hacked") is None
    strange = guest.find("#messages :is(script, iframe, style, object, embed, [onerror], [onload], [style])")
    await expect(strange).to_have_count(0)
    foreign = await guest.find("#messages img").evaluate_all(
        "all => all.map((one) => one.src).filter((src) => !src.startsWith(location.origin) && !src.startsWith('blob:'))"
    )
    assert foreign == []


async def test_messages_are_text_on_both_sides(street: Street) -> None:
    guest = await street.guest()
    await guest.page.evaluate(_ADD, list(HOSTILE))
    await guest.received("👨")
    assert await guest.texts() == list(HOSTILE)
    await expect(guest.find("#messages .from-bot")).to_have_count(len(HOSTILE))
    assert await guest.texts("bot") == [f"Dạ em nghe: {text}" for text in HOSTILE]
    await harmless(guest)
    await guest.page.reload()
    await expect(guest.find("#messages .from-customer")).to_have_count(len(HOSTILE))
    assert await guest.texts() == list(HOSTILE)
    await harmless(guest)


async def test_only_honest_web_addresses_become_links(street: Street) -> None:
    guest = await street.guest()
    await guest.say(
        "xem https://senviet.example/a?b=1&c=2, http://vi.example. javascript:alert(1) data:text/html,x "
        "https://ngan-hang.example@evil.example/ ftp://a.example"
    )
    await guest.received("xem https")
    links = guest.find("#messages .from-customer a")
    found = await links.evaluate_all("all => all.map((one) => [one.getAttribute('href'), one.rel, one.target])")
    safe = ["noopener noreferrer nofollow", "_blank"]
    assert found == [["https://senviet.example/a?b=1&c=2", *safe], ["http://vi.example/", *safe]]


async def test_names_of_people_and_files_are_text_too(street: Street) -> None:
    name = '<img src=x onerror="window.hacked=8"> Lan'
    clerk = await street.house.staff(name, "accounting")
    guest = await street.guest()
    await guest.say("hoá đơn")
    await answered(clerk, await code_of(guest), "<b>đậm</b>")
    await expect(guest.said("<b>đậm</b>", "staff").locator(".name")).to_have_text(name)
    file_name = "<svg onload=window.hacked=9>\u202egnp.exe.txt"
    await guest.find("#file").set_input_files(payload(file_name, "text/plain", b"xin"))
    await expect(guest.find("#tray")).to_contain_text("<svg onload")
    await guest.find("#send").click()
    await expect(guest.find("#messages .from-customer a.file")).to_contain_text("<svg onload=window.hacked=9>")
    await harmless(guest)


async def test_towers_of_marks_stay_inside_their_own_message(street: Street) -> None:
    guest = await street.guest()
    await guest.say("tháp " + "a" + "\u0301\u0323\u0302" * 60)
    await guest.say("dưới tháp")
    await guest.received("dưới tháp")
    heights = await guest.find("#messages .text").evaluate_all(
        "all => all.map((one) => getComputedStyle(one).overflowY)"
    )
    assert set(heights) == {"clip"}
    tall = await guest.said("tháp").first.locator(".bubble").evaluate("one => one.getBoundingClientRect().height")
    assert tall < 80


async def test_a_hostile_feed_and_store_break_nothing(street: Street) -> None:
    """What lies in the browser's store may have been written by anybody who had the machine."""
    context = await street.context()
    strange = {
        "letan-chat:out:x": '{"client_id": 5, "at": "x"}',
        "letan-chat:out:y": "không phải JSON",
        "letan-chat:draft": json.dumps("<b>nháp</b>"),
        f"letan-chat:out:{uuid.UUID(int=1)}": json.dumps(
            {"client_id": str(uuid.UUID(int=1)), "at": 1, "text": "<i>từ kho</i>", "file": None, "tries": 0, "until": 0}
        ),
    }
    await context.add_init_script(f"for (const [k, v] of Object.entries({json.dumps(strange)})) localStorage[k] ??= v")
    guest = await street.tab(context)
    await guest.received("<i>từ kho</i>")
    await expect(guest.find("#text")).to_have_value("<b>nháp</b>")
    assert street.stored() == ["<i>từ kho</i>"]
    await harmless(guest)
