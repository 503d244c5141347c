"""The whole product, started as an owner starts it: `up`, the real engine, real browsers, Telegram beside them.

A customer asks for an invoice correction and gets a number; a person claims the case and answers; the customer reads
the answer; the case is resolved, and the bot is back. Everything is real but Telegram.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import async_playwright, expect

from bot.domain.company import Company
from tests.doubles.telegram import TelegramServer
from tests.e2e.product import FLAGS, hears, product, say

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]


def who_has_it(told: str, company: Company) -> str:
    """Return the desk that the customer was told of: at some hours another one stands in for accounting."""
    desks = company.departments.values()
    return next((one.id for one in desks if one.id != "accounting" and one.label("vi") in told), "accounting")


async def test_from_a_first_word_to_a_persons_answer_and_back(tmp_path: Path, company: Company) -> None:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    assert chromium is not None, "these tests need Chromium"
    async with TelegramServer() as telegram, async_playwright() as playwright:
        settings = {"LETAN_TELEGRAM_TOKEN": telegram.token, "LETAN_TELEGRAM_API": telegram.url}
        async with product(tmp_path, settings) as running:
            browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            customer = await (await browser.new_context(viewport={"width": 390, "height": 844})).new_page()
            await customer.goto(running.url)
            await expect(customer.locator("#boot")).to_be_hidden(timeout=20_000)
            await say(customer, "cho e xin sua lai hoa don hom qua bi sai ten cty")
            told = await hears(customer, "KT-0001")
            assert "Kế toán" in told
            assert "số thứ tự 1" in told

            clerk = await (await browser.new_context(viewport={"width": 1440, "height": 900})).new_page()
            email, password = running.password(who_has_it(told, company))
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
