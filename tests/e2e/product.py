"""Starts the whole product as an owner does, for tests and for pictures."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Page, expect

from bot.adapters.processes.place import ROOT
from bot.adapters.processes.ports import free_port
from bot.cli.model_files import ensure
from bot.settings import Settings

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


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
async def product(folder: Path, settings: Mapping[str, str]) -> AsyncIterator[Product]:
    """Run the product on a data directory of its own, with the model that is trained already."""
    trained, data, port = Settings().data.absolute(), folder / "data", free_port()
    await ensure(trained, lambda _: None)
    shutil.copytree(trained / "models", data / "models")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.cli.main", "up", "--demo", "--json", "--port", str(port), "--data", str(data)),
        cwd=ROOT,
        env={**os.environ, **settings},
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
