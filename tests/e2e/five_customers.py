"""Five customers in five styles, with the real engine, as pictures: ``python -m tests.e2e.five_customers OUT``."""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.async_api import async_playwright, expect

from tests.e2e.product import FLAGS, product, say

CUSTOMERS = {
    "elder": [
        "Bác chào cháu. Bác mua cái máy giặt tháng trước, nay nó kêu to quá, nhờ cháu xem giúp bác còn bảo hành không?",
        "Ừ, cháu cho bác gặp người phụ trách nhé",
    ],
    "plain": ["shop oi", "cho hoi may gio mo cua", "the con o dau vay", "minh muon xuat hoa don do cho cong ty"],
    "teencode": ["tủ lạnh 300l bn v ad", "trả góp dc ko", "ok cho e gặp nv tín dụng đi"],
    "english": ["Hi, I lost my member card this morning", "please hurry"],
    "angry": [
        "răng giao hàng chậm rứa, tui chờ 5 ngày rồi mà chưa thấy mô!!!",
        "với lại xuất hoá đơn cho tui luôn",
    ],
}


async def main(out: Path) -> None:
    """Let each of them talk and take a picture of their phone."""
    out.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as folder:
        async with product(Path(folder), {}) as running, async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            for name, lines in CUSTOMERS.items():
                context = await browser.new_context(viewport={"width": 390, "height": 844}, device_scale_factor=2)
                page = await context.new_page()
                await page.goto(running.url)
                await expect(page.locator("#boot")).to_be_hidden(timeout=20_000)
                for line in lines:
                    await say(page, line)
                    await asyncio.sleep(2.5)
                await page.screenshot(path=out / f"customer-{name}.png")
                await context.close()
            await browser.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
