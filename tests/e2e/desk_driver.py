"""Drives the console in a real browser, against a real front office. Import the fixtures `make_house` and `make_desk`.

This is the one place that knows where the house is and how people come to sit at its desk.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Dialog, Locator, Page, async_playwright, expect

from bot.domain.company import Company
from tests.house import PASSWORD, Clerk, TestHouse, Visitor, running_house

PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
LAPTOP: dict[str, Any] = {"viewport": {"width": 1366, "height": 768}}
SECONDS = 10_000
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
_WATCH = """
window.violations = [];
addEventListener('securitypolicyviolation',
  (event) => violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""

expect.set_options(timeout=SECONDS)


@dataclass
class Seat:
    """One person's browser window.

    ``faults`` holds what must never happen: dialogs, script errors, requests to strangers.
    """

    page: Page
    url: str
    clerk: Clerk | None = None
    faults: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Note every fault from now on."""

        async def refuse(dialog: Dialog) -> None:
            self.faults.append(f"dialog: {dialog.message}")
            await dialog.dismiss()

        def foreign(address: str) -> None:
            if not address.startswith((self.url, "data:", "blob:")):
                self.faults.append(f"request: {address}")

        self.page.on("dialog", refuse)
        self.page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        self.page.on("request", lambda request: foreign(request.url))

    async def checked(self) -> None:
        """Fail where anything happened that must never happen."""
        violations = await self.page.evaluate("window.violations")
        assert (self.faults, violations) == ([], [])

    def find(self, selector: str, **options: Any) -> Locator:
        """Return what matches."""
        return self.page.locator(selector, **options)

    def row(self, code: str) -> Locator:
        """A case in the list."""
        return self.page.locator(f"#list a[href='/desk/cases/{code}']")

    async def open(self, code: str) -> None:
        """Click a case in the list and wait for its transcript."""
        await self.row(code).click()
        await expect(self.find("#case-code")).to_contain_text(code)
        await expect(self.find("#messages .message").first).to_be_visible()

    async def claim(self, code: str) -> None:
        """Open a case and take it."""
        await self.open(code)
        await self.find("#case-head [data-move=claim]").click()
        await expect(self.find("#text")).to_be_visible()

    async def ask(self, move: str, dialog: str) -> Locator:
        """Press the button of a move; returns its dialog."""
        await self.find(f"#case-head [data-move={move}]").click()
        shown = self.find(dialog)
        await expect(shown).to_be_visible()
        return shown

    async def reply(self, text: str) -> None:
        """Write to the customer and send."""
        await self.find("#tab-reply").click()
        await self.find("#text").fill(text)
        await self.find("#send").click()

    def said(self, text: str, side: str) -> Locator:
        """A message of one side that contains a text."""
        return self.find(f".from-{side} .message-text", has_text=text)


@dataclass
class Desk:
    """Opens windows."""

    house: TestHouse
    browser: Browser
    seats: list[Seat] = field(default_factory=list)

    async def window(self, path: str = "/desk", **context: Any) -> Seat:
        """Open a browser of its own at an address."""
        opened = await self.browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **context})
        await opened.add_init_script(_WATCH)
        seat = Seat(page=await opened.new_page(), url=self.house.url)
        seat.watch()
        self.seats.append(seat)
        await seat.page.goto(f"{self.house.url}{path}")
        return seat

    async def seat(self, clerk: Clerk, path: str = "/desk", **context: Any) -> Seat:
        """Open a browser and log a staff member in through the page."""
        seat = await self.window(path, **context)
        seat.clerk = clerk
        await log_in(seat, clerk.email, PASSWORD)
        await expect(seat.find("body[data-view=login]")).to_have_count(0)
        return seat

    async def case(self, text: str = "Tôi cần sửa hoá đơn", name: str | None = None) -> tuple[Visitor, str]:
        """Let a new customer ask for something that needs a person; returns them and the code of their case."""
        visitor = await self.house.visitor()
        await visitor.say(text)
        told = await visitor.hears("mã phiếu")
        code = next(word.strip(",.") for word in told["text"].split() if "-0" in word)
        if name is not None:
            await self.rename(visitor, name)
        return visitor, code

    async def rename(self, visitor: Visitor, name: str) -> None:
        """Give a customer a name, as a channel would."""
        async with self.house.running.house.store.begin() as uow:
            conversation = await uow.conversations.get(visitor.conversation_id)
            await uow.conversations.save_name(conversation.customer_id, name)


async def log_in(seat: Seat, email: str, password: str) -> None:
    """Fill in the login form and send it."""
    await seat.find("#login-form [name=email]").fill(email)
    await seat.find("#login-password").fill(password)
    await seat.find("#login-form [type=submit]").click()


@pytest.fixture(name="house")
async def make_house(database: str, open_company: Company, tmp_path: Path) -> AsyncIterator[TestHouse]:
    """A front office with a database of its own and the scripted engine."""
    async with running_house(database, open_company, tmp_path) as running:
        yield running


@pytest.fixture(name="desk")
async def make_desk(house: TestHouse) -> AsyncIterator[Desk]:
    """Browsers for the staff; afterwards no window may have seen a fault."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium on this machine: install the package chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=_FLAGS)
        desk = Desk(house, browser)
        yield desk
        for seat in desk.seats:
            await seat.checked()
        await browser.close()
