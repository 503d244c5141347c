"""Webhooks: who may knock, and that an update comes again until it is stored."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from multidict import CIMultiDict

from bot.adapters.channels.telegram.client import ALLOWED_UPDATES, TelegramClient
from bot.adapters.channels.telegram.parse import read_update
from bot.adapters.channels.telegram.webhook import SECRET_HEADER, inspect, register, reply, verify
from bot.domain.channel_status import ChannelHealth, ChannelStatus
from tests.doubles.telegram import Fault, TelegramServer

SECRET = "hoa-sen_2026"


@pytest.mark.parametrize(
    ("given", "secret", "open_door"),
    [
        ([(SECRET_HEADER, SECRET)], SECRET, True),
        ([(SECRET_HEADER.lower(), SECRET)], SECRET, True),
        ([], SECRET, False),
        ([(SECRET_HEADER, "hoa-sen_2025")], SECRET, False),
        ([(SECRET_HEADER, SECRET.upper())], SECRET, False),
        ([(SECRET_HEADER, SECRET + " ")], SECRET, False),
        ([(SECRET_HEADER, SECRET), (SECRET_HEADER, SECRET)], SECRET, False),
        ([(SECRET_HEADER, SECRET), (SECRET_HEADER.lower(), "x")], SECRET, False),
        ([(SECRET_HEADER, "hoá\udc80")], SECRET, False),
        ([(SECRET_HEADER, "")], "", False),
        ([(SECRET_HEADER, "")], None, False),
        ([], None, False),
    ],
)
def test_only_the_one_right_secret_opens(given: list[tuple[str, str]], secret: str | None, open_door: bool) -> None:
    assert verify(CIMultiDict(given).items(), secret) is open_door


class Door:
    """A route as the product has it: check, store, answer. The first knocks may fail."""

    def __init__(self) -> None:
        self.stored: list[int] = []
        self.knocks = 0
        self.failures = 0
        self.url = ""

    async def knock(self, request: web.Request) -> web.Response:
        self.knocks += 1
        if not verify(request.headers.items(), SECRET):
            return web.Response(status=401)
        if self.failures:
            self.failures -= 1
            return web.Response(status=503)
        arrival = read_update(await request.json())
        if arrival.payload["update_id"] not in self.stored:
            self.stored.append(arrival.payload["update_id"])
        return web.json_response(reply(arrival) or {})


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as running:
        yield running


@pytest.fixture
async def client(server: TelegramServer) -> AsyncIterator[TelegramClient]:
    async with TelegramClient(server.token, api=server.url) as opened:
        yield opened


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    door = Door()
    app = web.Application()
    app.router.add_post("/webhooks/telegram", door.knock)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    door.url = f"http://127.0.0.1:{runner.addresses[0][1]}/webhooks/telegram"
    yield door
    await runner.cleanup()


async def test_updates_come_in_order_and_again_until_they_are_stored(
    server: TelegramServer, client: TelegramClient, door: Door
) -> None:
    lan = server.world.customer()
    lan.writes("Trước khi đăng ký")
    door.failures = 3
    assert await register(client, door.url, SECRET) == ChannelStatus.ok()
    lan.writes("Sau khi đăng ký")
    await server.world.until(lambda: not server.world.pending)

    assert door.stored == [870_000_001, 870_000_002]
    assert door.knocks == 5
    assert server.world.kinds == tuple(ALLOWED_UPDATES)


async def test_a_press_is_answered_in_the_answer(server: TelegramServer, client: TelegramClient, door: Door) -> None:
    await register(client, door.url, SECRET)
    lan = server.world.customer()
    server.world.push(
        "callback_query",
        {"id": "77", "from": lan.user, "data": "a", "message": {"message_id": 1, "chat": lan.chat}},
    )
    await server.world.until(lambda: server.world.answered == ["77"])

    assert "answerCallbackQuery" not in server.calls


def test_other_updates_need_no_answer() -> None:
    assert reply(read_update({"update_id": 1, "poll": {}})) is None
    assert reply(read_update({"update_id": 1, "callback": {"id": "1"}})) is None


@pytest.mark.parametrize("secret", [None, "", "có dấu", "a b", "a" * 257])
async def test_without_a_usable_secret_nothing_is_registered(
    server: TelegramServer, client: TelegramClient, secret: str | None
) -> None:
    status = await register(client, "https://x.example/webhooks/telegram", secret)

    assert (status.health, status.reason) == (ChannelHealth.REFUSED, "webhook_secret")
    assert server.calls == []


@pytest.mark.parametrize(
    ("fault", "reason"), [(Fault.INTERNAL, "unreachable"), (Fault.SILENT, "unreachable"), (None, "invalid_token")]
)
async def test_a_failed_registration_is_a_state_and_no_error(
    server: TelegramServer, fault: Fault | None, reason: str
) -> None:
    if fault:
        server.fail("setWebhook", fault)
    token = server.token if fault else "1:wrong"
    async with TelegramClient(token, api=server.url, read_seconds=0.2) as client:
        assert (await register(client, "https://x.example/", SECRET)).reason == reason


async def test_telegram_tells_when_it_cannot_reach_us(
    server: TelegramServer, client: TelegramClient, door: Door
) -> None:
    await register(client, door.url, SECRET)
    assert await inspect(client, door.url) == ChannelStatus.ok()
    door.failures = 10_000
    server.world.customer().writes("Ai ơi")
    await server.world.until(lambda: bool(server.webhook_error))

    failing = await inspect(client, door.url)
    elsewhere = await inspect(client, "https://khac.example/")

    assert (failing.health, failing.reason) == (ChannelHealth.DEGRADED, "webhook_failing")
    assert "503" in failing.detail
    assert (elsewhere.health, elsewhere.reason) == (ChannelHealth.REFUSED, "webhook_elsewhere")
