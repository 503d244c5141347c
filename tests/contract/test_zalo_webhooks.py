"""From Zalo's side of the webhook: what must hold for any route that checks, stores once, and then answers."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.adapters.channels.zalo.config import ZaloConfig
from bot.adapters.channels.zalo.door import Verdict
from bot.adapters.channels.zalo.parse import parse
from bot.adapters.channels.zalo.sender import ZaloChannel
from bot.adapters.channels.zalo.signature import SignatureCheck
from bot.adapters.clock import SystemClock
from bot.domain.arrivals import Arrival, CustomerMessage, Ignored, OutsideReply, OwnEcho, Receipt
from bot.domain.messages import Delivery, after_receipt
from bot.services.ports_channel import OutcomeUnknown, OutgoingMessage
from tests.doubles.zalo import (
    APP_ID,
    APP_SECRET,
    FIRST_REFRESH_TOKEN,
    OA_ID,
    OA_SECRET,
    Fault,
    ZaloServer,
    zalo_account,
)
from tests.doubles.zalo_store import MemoryStates

USER = "246845883529197922"
CHAT = f"{OA_ID}:{USER}"


class House:
    """The smallest route that does what it must: check, store once, answer; `down` makes it fail before storing."""

    def __init__(self) -> None:
        self.check = SignatureCheck(APP_ID, OA_SECRET)
        self.stored: dict[str, Arrival] = {}
        self.duplicates = 0
        self.refused: list[str] = []
        self.down = 0
        self.url = ""

    async def webhook(self, request: web.Request) -> web.Response:
        checked = self.check.check(await request.read(), request.headers)
        if checked.verdict is Verdict.PROBE:
            return web.Response()
        if checked.verdict is not Verdict.OK:
            self.refused.append(checked.reason)
            return web.Response(status=401)
        if self.down:
            self.down -= 1
            return web.Response(status=503)
        arrival = parse(checked.payload)
        await asyncio.sleep(0)  # where another request may come in between
        if not isinstance(arrival.happening, Ignored):
            self.duplicates += arrival.dedupe_key in self.stored
            self.stored.setdefault(arrival.dedupe_key, arrival)
        return web.Response()

    @property
    def happenings(self) -> list[Any]:
        return [arrival.happening for arrival in self.stored.values()]


@asynccontextmanager
async def open_house() -> AsyncIterator[tuple[House, ZaloServer]]:
    house, app = House(), web.Application()
    app.router.add_post("/webhooks/zalo", house.webhook)
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    house.url = f"http://127.0.0.1:{runner.addresses[0][1]}/webhooks/zalo"
    try:
        async with zalo_account(house.url, hour=0.1) as zalo:
            yield house, zalo
    finally:
        await runner.cleanup()


@asynccontextmanager
async def channel_to(zalo: ZaloServer) -> AsyncIterator[ZaloChannel]:
    config = ZaloConfig(
        app_id=APP_ID,
        app_secret=APP_SECRET,
        oa_secret=OA_SECRET,
        refresh_token=FIRST_REFRESH_TOKEN,
        api=zalo.url,
        oauth_api=zalo.url,
        call_seconds=0.5,
    )
    async with ZaloChannel(config, MemoryStates().store(), SystemClock()) as channel:
        yield channel


def outgoing(text: str) -> OutgoingMessage:
    return OutgoingMessage(message_id=1, chat=CHAT, text=text, buttons=())


async def test_saving_the_address_in_the_console_works_and_stores_nothing() -> None:
    async with open_house() as (house, zalo):
        assert zalo.webhooks is not None
        assert await zalo.webhooks.probe() == 200
        assert await zalo.webhooks.post_raw(b"", {}) == 200
        assert await zalo.webhooks.post_raw(b'{"a":1}', {}) == 401

        assert house.stored == {}
        assert house.refused == ["no_signature"]


async def test_an_event_five_times_at_once_is_one_message() -> None:
    async with open_house() as (house, zalo):
        assert zalo.webhooks is not None
        event = zalo.events.text(USER, "Xuất hoá đơn giúp chị")

        assert await zalo.webhooks.repeat(event, 5) == [200] * 5

        (said,) = house.happenings
        assert isinstance(said, CustomerMessage)
        assert (said.text, house.duplicates) == ("Xuất hoá đơn giúp chị", 4)


async def test_a_house_that_was_away_gets_everything_up_the_ladder() -> None:
    async with open_house() as (house, zalo):
        assert zalo.webhooks is not None
        house.down = 3

        await zalo.customer_writes(USER, "Có ai không?")

        assert zalo.webhooks.answers == [503, 503, 503, 200]
        assert len(house.stored) == 1


async def test_a_house_that_stays_away_loses_its_subscription() -> None:
    async with open_house() as (house, zalo):
        assert zalo.webhooks is not None
        house.down = 100

        assert not await zalo.webhooks.deliver(zalo.events.text(USER, "Có ai không?"))
        assert len(zalo.webhooks.answers) == 6
        assert zalo.webhooks.disabled


async def test_an_album_of_ten_is_ten_pictures_of_one_album() -> None:
    async with open_house() as (house, zalo):
        assert zalo.webhooks is not None
        album = zalo.events.album(USER, [zalo.serve(f"{n}.jpg", b"\xff\xd8\xff", "image/jpeg") for n in range(10)])

        await asyncio.gather(*(zalo.webhooks.post(event) for event in album))

        assert len(house.stored) == 10
        assert len({said.album for said in house.happenings}) == 1
        assert {arrival.chat for arrival in house.stored.values()} == {CHAT}


async def test_what_we_send_comes_back_as_our_own_echo_with_the_id_that_sending_gave() -> None:
    async with open_house() as (house, zalo), channel_to(zalo) as channel:
        provider_id = await channel.send(outgoing("Dạ em chào anh"))
        assert zalo.webhooks is not None
        await zalo.webhooks.settle()

        assert house.happenings == [OwnEcho(provider_id=provider_id, text="Dạ em chào anh")]


async def test_the_echo_settles_a_message_whose_sending_ended_in_a_time_out() -> None:
    async with open_house() as (house, zalo), channel_to(zalo) as channel:
        zalo.fail("send", Fault(silent=True))
        with pytest.raises(OutcomeUnknown):
            await channel.send(outgoing("Dạ em chào anh"))
        assert zalo.webhooks is not None
        await zalo.webhooks.settle()

        assert house.happenings == [OwnEcho(provider_id=zalo.sent[0].id, text="Dạ em chào anh")]


async def test_a_person_in_zalos_own_chat_is_told_from_us() -> None:
    async with open_house() as (house, zalo):
        msg_id = await zalo.admin_writes(USER, "Chị trả lời khách này nhé")

        assert house.happenings == [
            OutsideReply(provider_id=msg_id, text="Chị trả lời khách này nhé", author_id="4267886274574868951")
        ]


async def test_receipts_in_the_wrong_order_only_move_forward() -> None:
    async with open_house() as (house, zalo), channel_to(zalo) as channel:
        first, second = await channel.send(outgoing("một")), await channel.send(outgoing("hai"))
        await zalo.customer_reads(USER, receipts_first=True)

        reached = {first: Delivery.SENT, second: Delivery.SENT}
        for receipt in house.happenings:
            if isinstance(receipt, Receipt):
                for provider_id in receipt.provider_ids:
                    reached[provider_id] = after_receipt(reached[provider_id], receipt.reached)
        assert reached == {first: Delivery.SEEN, second: Delivery.SEEN}


async def test_the_servers_run_on_their_own_for_people() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.doubles.zalo", "--webhook", "http://127.0.0.1:9/", "--hour", "0.001",
        stdout=asyncio.subprocess.PIPE, env={**os.environ},
    )  # fmt: skip
    try:
        assert process.stdout is not None
        told = json.loads(await asyncio.wait_for(process.stdout.readline(), 20))
        async with aiohttp.ClientSession() as session:
            async with session.post(f"{told['people']}/people/says", json={"user": "1", "text": "a"}) as answer:
                assert (await answer.json())["delivered"] is False
            async with session.get(f"{told['people']}/people/sent") as answer:
                assert await answer.json() == {"account": [], "bot": []}
        assert told["environment"]["LETAN_ZALO_API"] == told["account"]
    finally:
        process.terminate()
        with contextlib.suppress(ProcessLookupError):
            await process.wait()
