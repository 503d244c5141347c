"""Every tab of the teaching page: with nothing on it, on a phone, and in English."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import expect

from tests.e2e.desk_driver import Desk, Seat, make_desk, make_house  # noqa: F401 - fixtures
from tests.e2e.desk_pages import fits
from tests.e2e.teach_driver import at, in_doubt, said, teacher, text  # noqa: F401 - fixture
from tests.e2e.test_teach_models import school
from tests.integration.test_drift import drifting, moved

pytestmark = pytest.mark.e2e

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
EMPTY = {
    "review": ("#review-empty", "Không có gì phải xem"),
    "needs": ("#clusters-empty", "Chưa tìm lần nào"),
    "answers": ("#answer-none", "Chọn một câu trả lời"),
    "models": ("#gate-none", "Chưa có so sánh nào"),
    "drift": ("#drift-empty", "Chưa có tin nào để so"),
    "taught": ("#taught-none", "Chưa có câu nào"),
}
ENGLISH = {
    "review": ("#teach-why .first", "The assistant had to ask back"),
    "needs": ("#cluster-start", "Look for new needs"),
    "answers": ("#answer-list a", "Goodbye"),
    "models": ("#gate-banner", "Good to go: nothing is clearly worse"),
    "drift": ("#drift-alerts", "Web chat: The share that the assistant does not understand rose from 0 % to"),
    "taught": ("#taught-list li", "Approved"),
}
VIETNAMESE = "/[ạảãấầẩẫậắằẳẵặẹẻẽếềểễệịỉĩọỏõốồổỗộớờởỡợụủũứừửữựỳỵỷỹđơư]/i"
_FOREIGN = f"""
() => {{
  const words = [];
  const walker = document.createTreeWalker(document.querySelector("main[data-for=teach]"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {{
    const one = walker.currentNode;
    const place = one.parentElement;
    if (!place.checkVisibility() || place.closest("bdi, .chip, code, .quotes, .teach-text")) continue;
    if ({VIETNAMESE}.test(one.data)) words.push(one.data.trim());
  }}
  return words;
}}
"""


async def turn(seat: Seat, tab: str) -> None:
    """Press a tab."""
    await seat.find(f"#teach-tabs [data-tab={tab}]").click()
    await expect(seat.find(f"[data-tab-of={tab}]")).to_be_visible()


async def test_a_new_house_is_told_what_each_tab_is_for(desk: Desk) -> None:
    minh = await teacher(desk)
    wide, phone = await at(desk, minh), await at(desk, minh, **PHONE)
    for tab, (place, title) in EMPTY.items():
        for seat in (wide, phone):
            await turn(seat, tab)
            if (tab, seat) == ("answers", phone):
                # There is room for the list alone, and that is never empty.
                await expect(seat.find("#answer-list a").first).to_be_visible()
            else:
                await expect(seat.find(place)).to_contain_text(title)
            await fits(seat, phone=seat is phone)
    await turn(wide, "review")
    await expect(wide.find("#review-bar")).to_be_hidden()


async def filled(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Seat:
    """A house with something on every tab, open on a phone."""
    drifting(desk.house)
    await moved(desk.house)
    await said(desk, "cho tôi gửi xe qua đêm được không", "pin laptop chai rồi thì sao, gọi 0912345678")
    school(desk, monkeypatch, before=12, after=0).go.set()
    minh = await teacher(desk)
    entries = (await minh.get("/api/teach/queue"))[1]["entries"]
    labelled = next(one for one in entries if "pin" in one["text"])
    assert (await minh.post(f"/api/teach/{labelled['message_id']}/label", label="warranty"))[0] == 200
    seat = await at(desk, minh, "models", **PHONE)
    await seat.find("#training-start").tap()
    await expect(seat.find("#gate-banner")).to_contain_text("Dùng được")
    return seat


async def test_every_tab_fits_a_phone_and_speaks_english(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    seat = await filled(desk, monkeypatch)
    for tab in EMPTY:
        await turn(seat, tab)
        await expect(seat.find(f"[data-tab-of={tab}] .loading:visible")).to_have_count(0)
        await fits(seat, phone=True)
    await seat.page.context.add_cookies([{"name": "letan_lang", "value": "en", "url": seat.url}])
    await seat.page.goto(f"{seat.url}/desk/teach")
    for tab, (place, words) in ENGLISH.items():
        await turn(seat, tab)
        await expect(seat.find(place).first).to_contain_text(words)
        assert await seat.page.evaluate(_FOREIGN) == [] or tab == "answers"
        await fits(seat, phone=True)


async def test_whoever_is_here_for_the_first_time_is_told_once(desk: Desk) -> None:
    await said(desk, "cho tôi gửi xe qua đêm được không")
    seat = await at(desk, await teacher(desk), **PHONE)
    await expect(seat.find("#review-hint")).to_contain_text("Khách này cần gì?")
    await fits(seat, phone=True)
    await seat.find("#review-hint-done").tap()
    await expect(seat.find("#review-hint")).to_be_hidden()
    await seat.page.reload()
    await expect(text(seat)).to_be_visible()
    await expect(seat.find("#review-hint")).to_be_hidden()
