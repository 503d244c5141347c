"""Fills a house with messages that the bot was in doubt about, and opens the teaching page on them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.async_api import Locator, expect

from bot.domain.company import RoleId
from tests.doubles import engine as scripted
from tests.e2e.desk_driver import Desk, Seat
from tests.house import Clerk

DOUBTS = {
    "xe": (("address", 0.41), ("parking", 0.4), ("opening_hours", 0.08)),
    "pin": (("warranty", 0.36), ("product_price", 0.33), ("return_exchange", 0.2)),
}


@pytest.fixture(autouse=True)
def in_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the scripted engine ask back whenever a message speaks of what `DOUBTS` names."""
    plain: Callable[[dict[str, Any], str], dict[str, Any]] = scripted.answer

    def answer(body: dict[str, Any], said: str) -> dict[str, Any]:
        given = plain(body, said)
        for word, ranking in DOUBTS.items():
            if word in said:
                read = [{"name": name, "confidence": share} for name, share in ranking]
                asked = {"clarify": {"intents": [name for name, _ in ranking[:2]]}}
                given |= {"ranking": read, "intent": read[0], "outcomes": [asked]}
                given["messages"] = [{"text": "Dạ anh/chị cần gì ạ?", "buttons": []}]
        return given

    monkeypatch.setattr(scripted, "answer", answer)


async def said(desk: Desk, *texts: str) -> None:
    """Let a new customer write each of the texts."""
    for one in texts:
        await (await desk.house.visitor()).say(one)
    await desk.house.settled()


async def teacher(desk: Desk, name: str = "Minh", role: RoleId = RoleId.MANAGER) -> Clerk:
    """Somebody who leads."""
    return await desk.house.staff(name, role=role)


async def at(desk: Desk, clerk: Clerk, tab: str = "", **context: Any) -> Seat:
    """Open a tab of the teaching page."""
    seat = await desk.seat(clerk, f"/desk/teach/{tab}" if tab else "/desk/teach", **context)
    await expect(seat.find(f"#teach-tabs [data-tab={tab or 'review'}]")).to_have_attribute("aria-current", "page")
    if not tab:
        # Keys do nothing before there is a message.
        await expect(seat.find("#review-loading")).to_be_hidden()
    return seat


def text(seat: Seat) -> Locator:
    """The message that is looked at."""
    return seat.find("#teach-text")


def waiting(seat: Seat, words: str) -> Locator:
    """A message in the list beside it."""
    return seat.find("#review-list button", has_text=words)


async def select(seat: Seat, words: str) -> None:
    """Select words of the message, as a mouse or a long press does."""
    await text(seat).evaluate(
        """(place, words) => {
          const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const at = walker.currentNode.data.indexOf(words);
            if (at >= 0) return getSelection().setBaseAndExtent(
              walker.currentNode, at, walker.currentNode, at + words.length);
          }
          throw new Error(`no ${words}`);
        }""",
        words,
    )


async def taught(clerk: Clerk, **wanted: Any) -> list[dict[str, Any]]:
    """What the house was taught so far, the newest first."""
    return list((await clerk.get("/api/teach/examples", **wanted))[1]["examples"])
