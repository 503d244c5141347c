"""The whole product, started as an owner starts it: `up`, the real engine, real browsers, Telegram beside them.

A customer asks for an invoice correction and gets a number; a person claims the case and answers; the customer reads
the answer; the case is resolved, and the bot is back. Everything is real but Telegram.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import Page, async_playwright, expect

from bot.adapters.processes.ports import free_port
from bot.cli.model_files import ensure
from bot.cli.place import ROOT
from bot.settings import Settings
from tests.doubles.telegram import TelegramServer

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@dataclass
class Product:
    """A running `./letan up --demo`."""

    url: str
    data: Path
    process: asyncio.subprocess.Process

    def password(self, department: str) -> tuple[str, str]:
        """Address and one-time password of a demonstration agent of a department."""
        staff = json.loads((self.data / "demo-staff.json").read_text(encoding="utf-8"))
        found = next(one for one in staff if one["role"] == "agent" and department in one["departments"])
        return found["email"], found["password"]


@asynccontextmanager
async def product(folder: Path, telegram: TelegramServer) -> AsyncIterator[Product]:
    """Run the product on a data directory of its own, with the model that is trained already."""
    trained, data, port = Settings().data.expanduser().absolute(), folder / "data", free_port()
    await ensure(trained, lambda _: None)
    shutil.copytree(trained / "models", data / "models")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.cli.main", "up", "--demo", "--json", "--port", str(port), "--data", str(data)),
        cwd=ROOT,
        env={**os.environ, "LETAN_TELEGRAM_TOKEN": telegram.token, "LETAN_TELEGRAM_API": telegram.url},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(150):
            addresses = json.loads(await process.stdout.readline())
        yield Product(url=addresses["chat"].rstrip("/"), data=data, process=process)
    finally:
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(15):
            assert await process.wait() == 0


async def say(page: Page, text: str) -> None:
    """Write as the customer."""
    await page.locator("#text").fill(text)
    await page.locator("#send").click()


async def hears(page: Page, text: str) -> str:
    """Wait for something that the house says in the customer's chat."""
    found = page.locator("#messages .from-bot, #messages .from-staff", has_text=text).last
    await expect(found).to_be_visible(timeout=20_000)
    return await found.inner_text()


async def test_from_a_first_word_to_a_persons_answer_and_back(tmp_path: Path) -> None:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    assert chromium is not None, "these tests need Chromium"
    async with TelegramServer() as telegram, product(tmp_path, telegram) as running, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=_FLAGS)
        customer = await (await browser.new_context(viewport={"width": 390, "height": 844})).new_page()
        await customer.goto(running.url)
        await expect(customer.locator("#boot")).to_be_hidden(timeout=20_000)
        await say(customer, "cho e xin sua lai hoa don hom qua bi sai ten cty")
        told = await hears(customer, "KT-0001")
        assert "Kế toán" in told
        assert "số thứ tự 1" in told

        clerk = await (await browser.new_context(viewport={"width": 1440, "height": 900})).new_page()
        email, password = running.password("accounting")
        await clerk.goto(f"{running.url}/desk")
        await clerk.locator("#login-form [name=email]").fill(email)
        await clerk.locator("#login-form [name=password]").fill(password)
        await clerk.locator("#login-form [type=submit]").click()
        await clerk.locator("#list a[href='/desk/cases/KT-0001']").click()
        await clerk.locator("#case-head [data-move=claim]").click()
        await clerk.locator("#tab-reply").click()
        await clerk.locator("#text").fill("Dạ em đã sửa tên công ty, hoá đơn mới em gửi qua email ngay ạ.")
        await clerk.locator("#send").click()
        await hears(customer, "hoá đơn mới em gửi qua email")

        async with aiohttp.ClientSession() as session, session.get(f"{running.url}/healthz") as response:
            assert response.status == 200
            assert (await response.json())["parts"]["engine"]["state"] == "ok"

        await clerk.locator("#case-head [data-move=resolve]").click()
        confirm = clerk.locator("dialog[open] [type=submit], dialog[open] [data-confirm]")
        if await confirm.count():
            await confirm.first.click()
        await hears(customer, "đã xử lý xong")
        await say(customer, "mấy giờ shop mở cửa vậy ạ")
        await hears(customer, "8:00")

        hoa = telegram.world.customer(42, "Hoa")
        hoa.writes("em bị trừ tiền hai lần khi thanh toán thẻ")
        await telegram.world.until(lambda: any("TN-0001" in sent.text for sent in hoa.received), seconds=20)
        await browser.close()
