"""Drives the customer's chat in a real browser, against a real front office.

Import the fixtures `make_house`, `make_browser` and `make_street`.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.async_api import (
    Browser,
    BrowserContext,
    Dialog,
    FilePayload,
    Frame,
    Locator,
    Page,
    async_playwright,
    expect,
)

from bot.domain.company import Company
from tests.house import Clerk, TestHouse, running_house

PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
EVENTS = "**/chat/api/events*"
MESSAGES = "**/chat/api/messages"
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
_WATCH = """
window.violations = [];
addEventListener('securitypolicyviolation', (one) => violations.push(`${one.violatedDirective} ${one.blockedURI}`));
"""

expect.set_options(timeout=10_000)


@dataclass
class Guest:
    """A customer's tab. ``place`` is the page, or the frame in which the chat is shown."""

    page: Page
    place: Page | Frame
    faults: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Note what must never happen: a dialog, an error of a script."""

        async def refuse(dialog: Dialog) -> None:
            self.faults.append(f"dialog: {dialog.message}")
            await dialog.dismiss()

        self.page.on("dialog", refuse)
        self.page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))

    async def checked(self) -> None:
        """Fail where anything happened that must never happen."""
        violations = [] if self.page.is_closed() else await self.page.evaluate("window.violations")
        assert (self.faults, violations) == ([], [])

    def find(self, selector: str, **options: Any) -> Locator:
        """Return what matches."""
        return self.place.locator(selector, **options)

    async def say(self, text: str) -> None:
        """Write and send."""
        await self.find("#text").fill(text)
        await self.find("#send").click()

    def said(self, text: str, side: str = "customer") -> Locator:
        """A message of one side that contains a text."""
        return self.find(f"#messages .from-{side}", has_text=text)

    async def texts(self, side: str = "customer") -> list[str]:
        """Every message of one side, in order."""
        return await self.find(f"#messages .from-{side} .text").all_text_contents()

    async def received(self, text: str) -> None:
        """Wait until the server has a message."""
        await expect(self.said(text)).not_to_have_attribute("data-id", "")


@dataclass
class Street:
    """Lets customers come in."""

    house: TestHouse
    browser: Browser
    database: str
    guests: list[Guest] = field(default_factory=list)

    async def context(self, **options: Any) -> BrowserContext:
        """A browser of its own."""
        made = await self.browser.new_context(**{"viewport": {"width": 1100, "height": 800}, **options})
        await made.add_init_script(_WATCH)
        return made

    async def tab(self, context: BrowserContext, path: str = "/") -> Guest:
        """Open the chat in a tab."""
        page = await context.new_page()
        guest = Guest(page=page, place=page)
        guest.watch()
        self.guests.append(guest)
        await page.goto(f"{self.house.url}{path}")
        await expect(guest.find("#boot")).to_be_hidden()
        return guest

    async def guest(self, path: str = "/", **options: Any) -> Guest:
        """Somebody new comes in."""
        return await self.tab(await self.context(**options), path)

    def stored(self) -> list[str]:
        """What customers said, as it lies in the database."""
        with psycopg.connect(self.database) as connection:
            rows = connection.execute("SELECT text FROM messages WHERE direction = 'inbound' ORDER BY id").fetchall()
        return [str(text) for (text,) in rows]

    def conversations(self) -> int:
        """How many conversations there are."""
        with psycopg.connect(self.database) as connection:
            row = connection.execute("SELECT count(*) FROM conversations").fetchone()
        assert row is not None
        return int(row[0])


def payload(name: str, mime: str, content: bytes) -> FilePayload:
    """A file as a picker gives it."""
    return {"name": name, "mimeType": mime, "buffer": content}


async def code_of(guest: Guest) -> str:
    """Wait for a case number and return it."""
    button = guest.find("#messages .from-bot .code").last
    await expect(button).to_be_visible()
    return (await button.inner_text()).strip()


async def answered(clerk: Clerk, code: str, text: str, number: int = 1) -> None:
    """A staff member takes a case where needed, and answers."""
    await clerk.post(f"/api/cases/{code}/claim")
    client_id = f"00000000-0000-4000-8000-{number:012d}"
    status, body = await clerk.post(f"/api/cases/{code}/reply", client_id=client_id, text=text)
    assert status == 200, body


@pytest.fixture(name="house")
async def make_house(database: str, open_company: Company, tmp_path: Path) -> AsyncIterator[TestHouse]:
    """A front office with its own database and the scripted engine; any port of this machine may frame the chat."""
    async with running_house(database, open_company, tmp_path, widget_origins="http://127.0.0.1:*") as running:
        yield running


@pytest.fixture(name="browser")
async def make_browser() -> AsyncIterator[Browser]:
    """The system's Chromium."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert found is not None, "these tests need Chromium"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=_FLAGS)
        yield browser
        await browser.close()


@pytest.fixture(name="street")
async def make_street(house: TestHouse, browser: Browser, database: str) -> AsyncIterator[Street]:
    """Customers; afterwards none of their tabs may have seen a fault."""
    async with AsyncExitStack() as stack:
        street = Street(house=house, browser=browser, database=database)
        yield street
        for guest in street.guests:
            await guest.checked()
        for context in browser.contexts:
            stack.push_async_callback(context.close)
