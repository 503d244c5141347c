"""What strangers write is text on every page of the console: nothing runs, nothing is reported, nothing breaks out."""

from __future__ import annotations

import io
import uuid

import aiohttp
import pytest
from playwright.async_api import expect

from bot.domain.company import RoleId
from tests.e2e.desk_driver import Desk, make_desk, make_house  # noqa: F401 - fixtures

pytestmark = pytest.mark.e2e

HOSTILE = [
    "<script>alert('chu')</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(2)>',
    "javascript:alert(3)",
    "[bấm đây](javascript:alert(4)) ![x](https://evil.example/x.png)",
    "<style>body{display:none}</style><b>đậm</b>",
    "{{ 7*7 }} ${7*7} <%= 7*7 %>",
    "</script><script>alert(5)</script>",
    "\u202emoc.live\u202c và \u2066cô lập\u2069",
    "Z" + "\u0301\u0302\u0303\u0336\u0324" * 60 + " zalgo",
    "👨‍👩‍👧‍👦" * 60,
    "dàikhôngcáchchữ" * 60,
]
_NAME = "<img src=x onerror=alert(9)> \u202eQuản trị viên"


async def test_hostile_words_stay_words(desk: Desk) -> None:
    lan = await desk.house.staff('Lan <b onmouseover="alert(1)">', "accounting")
    visitor, code = await desk.case(f"hoá đơn {HOSTILE[0]}", name=_NAME)
    for text in HOSTILE:
        await visitor.say(text)
    seat = await desk.seat(lan)
    await expect(seat.row(code)).to_contain_text("<img src=x onerror=alert(9)>")
    await seat.open(code)
    transcript = await seat.find("#messages").inner_text()
    for text in HOSTILE[:8]:
        await expect(seat.find(".from-customer .message-text", has_text=text).last).to_be_attached()
        assert text in transcript
    assert await seat.find("#messages script, #messages style, #messages b, #messages svg:not(.icon)").count() == 0
    assert await seat.find("#list img, #case img").count() == 0
    assert await seat.find("a[href^='javascript:' i]").count() == 0
    await expect(seat.find("#case-facts .told-need blockquote").first).not_to_be_empty()
    assert (
        await seat.find("#case-facts script, #case-facts style, #case-facts b, #case-facts svg:not(.icon)").count() == 0
    )
    await seat.find("#case-head [data-move=claim]").click()
    await seat.reply(HOSTILE[7])
    await expect(seat.said(HOSTILE[7], "staff")).to_be_visible()
    await seat.find("#search").fill("<img src=x")
    await expect(seat.row(code)).to_be_visible()


async def test_a_customer_cannot_look_like_one_of_us(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    visitor, code = await desk.case(name="Lan")
    await visitor.say("Nhân viên Lan: em đã duyệt hoàn tiền")
    seat = await desk.seat(lan)
    await seat.open(code)
    message = seat.find(".message", has_text="đã duyệt hoàn tiền").first
    await expect(message).to_have_class("message from-customer")
    await expect(seat.find("#case-head .who-customer")).to_have_text("Khách")
    assert await seat.find(".who-staff").count() == 0


async def test_foreign_writing_is_isolated_and_clamped(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    _, plain = await desk.case(name="Hoa")
    _, strange = await desk.case(name="\u202eH" + "\u0301\u0324" * 100)
    seat = await desk.seat(lan)
    heights = [(await seat.row(code).locator(".row-top").bounding_box())["height"] for code in (plain, strange)]
    assert heights[0] == heights[1]
    names = seat.find("#list .row-name bdi")
    assert await names.evaluate_all("(all) => all.map((one) => getComputedStyle(one).unicodeBidi)") == ["isolate"] * 2
    overflow = "(all) => all.map((one) => getComputedStyle(one).overflowY)"
    assert set(await seat.find("#list .row-name").evaluate_all(overflow)) == {"hidden"}
    await seat.open(strange)
    assert set(await seat.find(".message-text").evaluate_all(overflow)) == {"clip"}
    assert not await seat.page.evaluate("document.documentElement.scrollWidth > innerWidth")


async def test_links_are_only_what_they_say(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    visitor, code = await desk.case()
    await visitor.say("xem https://senviet.example/a?b=1&c=<x>. rồi ftp://x.example http://user:pw@evil.example/ nhé")
    seat = await desk.seat(lan)
    await seat.open(code)
    links = await seat.find(".from-customer .message-text a").evaluate_all(
        "(all) => all.map((one) => [one.textContent, one.href, one.rel, one.target])"
    )
    address = "https://senviet.example/a?b=1&c="
    assert links == [[address, address, "noopener noreferrer nofollow", "_blank"]]


async def test_files_are_shown_as_pictures_or_offered_for_saving(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    visitor, code = await desk.case()
    files = [("<b>ảnh</b>.png", "image/png", _png()), ("hợp đồng <script>.pdf", "application/pdf", b"%PDF-1.4\n%%EOF")]
    for name, mime, content in files:
        form = aiohttp.FormData(quote_fields=False)
        form.add_field("client_id", str(uuid.uuid4()))
        form.add_field("file", io.BytesIO(content), filename=name, content_type=mime)
        async with visitor.session.post(f"{visitor.url}/chat/api/attachments", data=form) as response:
            assert response.status == 202, await response.text()
    seat = await desk.seat(lan)
    await seat.open(code)
    await expect(seat.find(".thumb img")).to_have_js_property("naturalWidth", 2)
    saved = seat.find("a.file", has_text="hợp đồng <script>.pdf")
    async with seat.page.expect_download() as download:
        await saved.click()
    assert (await (await download.value).path()).read_bytes() == files[1][2]
    await seat.find(".thumb").click()
    await expect(seat.find("#picture-dialog img")).to_be_visible()
    await seat.page.keyboard.press("Escape")


async def test_an_agent_can_send_a_file(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    visitor, code = await desk.case()
    seat = await desk.seat(lan)
    await seat.claim(code)
    await seat.find("#file").set_input_files(
        {"name": "virus.exe", "mimeType": "application/x-msdownload", "buffer": b"MZ"}
    )
    await expect(seat.find("#composer-problem")).to_contain_text("virus.exe")
    await seat.find("#file").set_input_files({"name": "hoá đơn.png", "mimeType": "image/png", "buffer": _png()})
    await expect(seat.find("#attached")).to_contain_text("hoá đơn.png")
    await seat.reply("Dạ hoá đơn của anh đây ạ.")
    await expect(seat.find(".from-staff .thumb img")).to_be_visible()
    heard = await visitor.hears("Dạ hoá đơn của anh đây ạ.")
    assert [one["name"] for one in heard["files"]] == ["hoá đơn.png"]


async def test_no_page_is_for_those_who_may_not_see_it(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    await desk.house.staff("Sếp", role=RoleId.ADMIN)
    _, code = await desk.case("tôi bị mất thẻ")
    seat = await desk.seat(lan, f"/desk/cases/{code}")
    await expect(seat.find("#case-problem")).to_contain_text(f"Không thấy phiếu {code}")
    await seat.page.goto(f"{seat.url}/desk/staff")
    await expect(seat.find("#list-title")).to_have_text("Tất cả")


def _png() -> bytes:
    """Return a picture of two by two points."""
    return bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000002000000020802000000fdd49a73"
        "0000001049444154789c63605860c00084500c0005a60141e22a0a1f0000000049454e44ae426082"
    )
