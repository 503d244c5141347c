"""Five customers in five styles, with the real engine, as pictures: ``python -m tests.e2e.five_customers OUT``."""

from __future__ import annotations

import asyncio
import base64
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Browser, async_playwright, expect

from tests.e2e.product import FLAGS, product, say

SECONDS_TO_READ = 2.5
CUSTOMERS = {
    "elder": [
        "Bác chào cháu. Bác mua cái máy giặt tháng trước, nay nó kêu to quá, nhờ cháu xem giúp bác còn bảo hành không?",
        "Ừ, cháu cho bác gặp người phụ trách nhé",
        "bác ở nhà buổi sáng thôi nha cháu",
    ],
    "plain": ["shop oi", "cho hoi may gio mo cua", "the con o dau vay", "minh muon xuat hoa don do cho cong ty"],
    "teencode": ["tủ lạnh 300l bn v ad", "trả góp dc ko", "e sv chưa đi làm dc k"],
    "english": ["Hi, I lost my member card this morning", "please hurry", "is it blocked?"],
    "angry": [
        "răng giao hàng chậm rứa, tui chờ 5 ngày rồi mà chưa thấy mô!!!",
        "với lại xuất hoá đơn cho tui luôn",
        "thôi khỏi làm hoá đơn nữa",
    ],
}
PHONE = {"width": 390, "height": 844}


async def main(out: Path) -> None:
    """Let each of them talk, take a picture of their phone, and put the five side by side."""
    out.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as folder:
        async with product(Path(folder), {}) as running, async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            phones = [await _talk(browser, running.url, lines) for lines in CUSTOMERS.values()]
            await _side_by_side(browser, phones, out / "five-customers.png")
            await browser.close()


async def _talk(browser: Browser, url: str, lines: list[str]) -> bytes:
    context = await browser.new_context(viewport=PHONE, device_scale_factor=1.5)
    page = await context.new_page()
    await page.goto(url)
    await expect(page.locator("#boot")).to_be_hidden(timeout=20_000)
    for line in lines:
        await say(page, line)
        await asyncio.sleep(SECONDS_TO_READ)
    picture = await page.screenshot()
    await context.close()
    return picture


async def _side_by_side(browser: Browser, phones: list[bytes], path: Path) -> None:
    width = len(phones) * (PHONE["width"] + 16) + 16
    page = await browser.new_page(viewport={"width": width, "height": PHONE["height"] + 32}, device_scale_factor=1)
    images = "".join(
        f'<img width="{PHONE["width"]}" src="data:image/png;base64,{base64.b64encode(phone).decode()}">'
        for phone in phones
    )
    await page.set_content(f'<body style="margin:16px;display:flex;gap:16px;background:#ddd">{images}</body>')
    await page.screenshot(path=path)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
