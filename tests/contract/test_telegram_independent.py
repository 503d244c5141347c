"""A conversation through a Bot API server that nobody of this house wrote: npm's telegram-test-api."""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.adapters.channels.telegram.client import TelegramClient
from bot.adapters.channels.telegram.parse import salvage_update
from bot.adapters.channels.telegram.sender import TelegramChannel
from bot.adapters.channels.telegram.status import identify
from bot.domain.arrivals import CustomerMessage
from bot.domain.channel_status import ChannelStatus
from bot.domain.messages import Button
from bot.services.ports_channel import OutgoingMessage
from tests.doubles.telegram_world import StillClock

SOURCE = Path(__file__).parent.parent / "doubles" / "telegram-test-api"
FILES = ("package.json", "package-lock.json", "server.js")
TOKEN = "123456:independent"
LAN = {"id": 42, "is_bot": False, "first_name": "Lan", "language_code": "vi"}
CHAT = {"id": 42, "type": "private", "first_name": "Lan"}

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(
        shutil.which("node") is None or shutil.which("npm") is None,
        reason="telegram-test-api needs Node.js and npm, and this machine has none",
    ),
]


async def run(*command: str, where: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *command, cwd=where, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()


async def installed() -> Path:
    """Install what the lock file pins, once per content of the lock file; never half."""
    pinned = hashlib.sha256(b"".join((SOURCE / name).read_bytes() for name in FILES)).hexdigest()[:16]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "letan-tests"
    place = cache / f"telegram-test-api-{pinned}"
    if not place.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as fresh:
            folder = Path(fresh) / "installed"
            folder.mkdir()
            for name in FILES:
                shutil.copy(SOURCE / name, folder)
            await run("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", where=folder)
            # Whoever was first, wins; a loser's folder goes away with its parent.
            if not place.exists():
                folder.rename(place)
    return place


@pytest.fixture
async def url() -> AsyncIterator[str]:
    server = await asyncio.create_subprocess_exec(
        "node", "server.js", cwd=await installed(), stdout=asyncio.subprocess.PIPE
    )
    assert server.stdout is not None
    try:
        port = (await asyncio.wait_for(server.stdout.readline(), 20)).decode().strip()
        yield f"http://127.0.0.1:{port}"
    finally:
        server.kill()
        await server.wait()


async def customer(url: str, door: str, body: dict[str, Any]) -> Any:
    async with aiohttp.ClientSession() as session, session.post(f"{url}/{door}", json=body) as response:
        assert response.status == 200
        return (await response.json())["result"]


async def heard(client: TelegramClient) -> CustomerMessage:
    updates: Sequence[Any] = []
    async with asyncio.timeout(10):
        while not updates:
            updates = await client.updates(None, seconds=0)
    (update,) = updates
    happening = salvage_update(update).happening
    assert isinstance(happening, CustomerMessage)
    return happening


async def test_a_customer_asks_gets_an_answer_and_presses_a_button(url: str) -> None:
    async with TelegramClient(TOKEN, api=url) as client:
        channel = TelegramChannel(client, StillClock())
        assert (await identify(client))[0] == ChannelStatus.ok()
        await client.bot.delete_webhook()

        asked = {"botToken": TOKEN, "from": LAN, "chat": CHAT, "date": 1, "text": "Cho chị hỏi hoá đơn"}
        await customer(url, "sendMessage", asked)
        assert (await heard(client)).text == "Cho chị hỏi hoá đơn"

        buttons = [Button(title="Xuất hoá đơn", payload="Em xuất hoá đơn giúp chị")]
        await channel.send(OutgoingMessage(message_id=1, chat="42", text="Chị cần gì ạ?", buttons=buttons))
        await channel.typing("42")
        (answer,) = await customer(url, "getUpdates", {"token": TOKEN, "chatId": 42})
        assert answer["message"]["text"] == "Chị cần gì ạ?"

        pressed = answer["message"]["reply_markup"]["inline_keyboard"][0][0]
        shown = {"message_id": answer["messageId"], "chat": CHAT, "date": 1}
        press = {"botToken": TOKEN, "from": LAN, "message": shown, "data": pressed["callback_data"]}
        await customer(url, "sendCallback", press)
        assert (await heard(client)).text == "Em xuất hoá đơn giúp chị"
