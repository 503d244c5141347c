"""A running front office with Zalo around it: what customers on Zalo live through, from the first word to the last."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.domain.company import Company
from bot.domain.messages import Attachment, Author, Channel, Delivery, Message
from tests.doubles.zalo import (
    APP_ID,
    APP_SECRET,
    FIRST_REFRESH_TOKEN,
    OA_ID,
    OA_SECRET,
    SECRET,
    Fault,
    WebhookCaller,
    ZaloBotServer,
    ZaloServer,
    bot_signer,
    oa_signer,
)
from tests.doubles.zalo_bot import TOKEN
from tests.house import TestHouse, running_house

pytestmark = pytest.mark.integration

USER = "246845883529197922"
CHAT = f"{OA_ID}:{USER}"
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 64


@dataclass
class Street:
    """The house and what Zalo puts before its door."""

    house: TestHouse
    zalo: ZaloServer
    bot: ZaloBotServer

    @property
    def webhooks(self) -> WebhookCaller:
        assert self.zalo.webhooks is not None
        return self.zalo.webhooks

    async def hears(self, part: str, *, user: str = USER) -> str:
        """Wait until the customer has received a message that contains ``part``."""
        async with asyncio.timeout(10):
            while True:
                for sent in self.zalo.sent:
                    if sent.user == user and part in sent.text:
                        return sent.text
                await asyncio.sleep(0.02)

    async def transcript(self, channel: Channel = Channel.ZALO, chat: str = CHAT) -> list[Message]:
        async with self.house.running.house.store.begin() as uow:
            conversation = await uow.conversations.at(channel, chat)
            assert conversation is not None
            return await uow.messages.history(conversation.id, limit=100)

    async def comes_to(self, delivery: Delivery, part: str) -> Message:
        """Wait until the outbound message that contains ``part`` has come so far."""
        async with asyncio.timeout(10):
            while True:
                for message in await self.transcript():
                    if message.delivery is delivery and part in message.text:
                        return message
                await asyncio.sleep(0.02)


@pytest.fixture
async def street(database: str, open_company: Company, tmp_path: Path) -> AsyncIterator[Street]:
    async with ZaloServer() as zalo, ZaloBotServer() as bot:
        settings: dict[str, Any] = {
            "zalo_app_id": APP_ID,
            "zalo_app_secret": SecretStr(APP_SECRET),
            "zalo_oa_secret": SecretStr(OA_SECRET),
            "zalo_refresh_token": SecretStr(FIRST_REFRESH_TOKEN),
            "zalo_api": zalo.url,
            "zalo_oauth_api": zalo.url,
            "zalo_bot_token": SecretStr(TOKEN),
            "zalo_bot_secret": SecretStr(SECRET),
            "zalo_bot_api": bot.url,
        }
        async with (
            running_house(database, open_company, tmp_path, **settings) as house,
            WebhookCaller(f"{house.url}/webhooks/zalo", oa_signer(APP_ID, OA_SECRET)) as oa_caller,
            WebhookCaller(f"{house.url}/webhooks/zalo-bot", bot_signer(SECRET)) as bot_caller,
        ):
            zalo.webhooks, bot.webhooks = oa_caller, bot_caller
            yield Street(house=house, zalo=zalo, bot=bot)


async def test_a_message_five_times_at_once_is_answered_once(street: Street) -> None:
    event = street.zalo.events.text(USER, "chào em")

    assert await street.webhooks.repeat(event, 5) == [200] * 5
    await street.hears("Dạ em nghe: chào em")
    await street.house.settled()

    assert len(street.zalo.sent) == 1
    assert street.webhooks.slow == 0


async def test_from_a_need_to_a_person_and_back(street: Street) -> None:
    lan = await street.house.staff("Lan", "accounting")
    await street.zalo.customer_writes(USER, "Em cần sửa hoá đơn hôm qua")
    assert "Kế toán" in await street.hears("KT-0001")

    assert (await lan.post("/api/cases/KT-0001/claim"))[0] == 200
    assert (await lan.post("/api/cases/KT-0001/reply", text="Dạ em sửa xong rồi ạ"))[0] == 200
    await street.hears("Dạ em sửa xong rồi ạ")

    await street.comes_to(Delivery.SENT, "sửa xong")
    await street.zalo.customer_reads(USER, receipts_first=True)
    await street.comes_to(Delivery.SEEN, "sửa xong")


async def test_a_colleague_in_zalos_own_chat_silences_the_bot(street: Street) -> None:
    await street.zalo.customer_writes(USER, "chào em")
    await street.hears("Dạ em nghe: chào em")
    await street.zalo.admin_writes(USER, "Chị Hoa đây ạ, để chị giúp")
    await street.house.settled()

    await street.zalo.customer_writes(USER, "vâng chị")
    await street.house.settled()

    assert not any("Dạ em nghe: vâng chị" in sent.text for sent in street.zalo.sent)
    assert Author.OUTSIDE in {message.author for message in await street.transcript()}


async def test_a_dead_token_costs_the_customer_nothing(street: Street) -> None:
    await street.zalo.customer_writes(USER, "một")
    await street.hears("Dạ em nghe: một")
    street.zalo.revoke()

    await street.zalo.customer_writes(USER, "hai")
    await street.hears("Dạ em nghe: hai")

    assert len(street.zalo.sent) == 2
    assert street.zalo.exchanges == 2


@pytest.mark.parametrize("fault", [Fault(status=503), Fault(error=-32), Fault(status=429, retry_after=1)])
async def test_what_did_not_go_out_goes_out_later_and_once(street: Street, fault: Fault) -> None:
    street.zalo.fail("send", fault)

    await street.zalo.customer_writes(USER, "chào em")
    await street.hears("Dạ em nghe: chào em")
    await street.house.settled()

    assert len(street.zalo.sent) == 1


async def test_a_lost_answer_is_not_sent_twice_and_the_echo_settles_it(street: Street) -> None:
    street.zalo.echoes = False
    street.zalo.fail("send", Fault(lost=True))
    await street.zalo.customer_writes(USER, "chào em")
    await street.comes_to(Delivery.UNKNOWN, "chào em")

    (sent,) = street.zalo.sent
    await street.webhooks.deliver(street.zalo.events.echo(USER, sent.id, sent.text))

    message = await street.comes_to(Delivery.SENT, "chào em")
    assert message.provider_id == sent.id
    assert len(street.zalo.sent) == 1


async def test_somebody_who_left_is_not_written_to_again(street: Street) -> None:
    street.zalo.fail("send", Fault(error=-213))
    await street.zalo.customer_writes(USER, "chào em")

    message = await street.comes_to(Delivery.FAILED, "chào em")

    assert message.delivery_error is not None
    assert message.delivery_error.startswith("not_following (-213")


async def test_an_album_is_kept_and_answered_as_one(street: Street) -> None:
    urls = [street.zalo.serve(f"{number}.jpg", JPEG, "image/jpeg") for number in range(10)]
    await asyncio.gather(*(street.webhooks.post(event) for event in street.zalo.events.album(USER, urls)))
    await street.house.settled()

    async def stored() -> list[Attachment]:
        return [file for message in await street.transcript() for file in message.attachments if file.path]

    async with asyncio.timeout(10):
        while len(await stored()) < 10:
            await asyncio.sleep(0.05)
    assert len(street.zalo.sent) == 1


async def test_every_kind_of_message_gets_an_answer(street: Street) -> None:
    events = street.zalo.events
    url = street.zalo.serve("1.jpg", JPEG, "image/jpeg")
    said = {
        "sticker": events.attachment("s", "sticker", {"url": url, "id": "1"}),
        "location": events.attachment("l", "location", {"coordinates": {"latitude": "10.76", "longitude": "106.65"}}),
        "file": events.attachment("f", "file", {"url": url, "name": "a.pdf", "size": "9", "type": "pdf"}),
        "audio": events.attachment("a", "audio", {"url": url}),
        "link": events.attachment("k", "link", {"url": "https://sen.example/", "description": "Tủ lạnh"}),
        "card": events.attachment(
            "c", "business_card", {"description": '{"phone":"84912345678"}', "url": url}, text="A"
        ),
        "poll": events.attachment("p", "poll", {"question": "?"}),
        "unreadable": events.attachment("u", "location", {"coordinates": "here"}),
    }

    assert {await street.webhooks.post(event) for event in said.values()} == {200}
    await street.house.settled()

    assert {sent.user for sent in street.zalo.sent} == {"s", "l", "f", "a", "k", "c", "p", "u"}


async def test_following_is_welcomed_and_the_name_is_asked_for(street: Street) -> None:
    street.zalo.names[USER] = "Nguyễn Văn A"
    await street.zalo.happens(USER, street.zalo.events.follow(USER))
    await street.zalo.customer_writes(USER, "chào em")
    await street.hears("Dạ em nghe: chào em")

    async with asyncio.timeout(10):
        while True:
            async with street.house.running.house.store.begin() as uow:
                conversation = await uow.conversations.at(Channel.ZALO, CHAT)
            if conversation is not None and conversation.customer_name == "Nguyễn Văn A":
                return
            await asyncio.sleep(0.05)


async def test_the_bot_platform_is_answered_too(street: Street) -> None:
    await street.bot.customer_writes("a1b2c3", "chào em")

    async with asyncio.timeout(10):
        while not any("Dạ em nghe: chào em" in sent.text for sent in street.bot.sent):
            await asyncio.sleep(0.02)


async def test_an_echo_that_overtakes_the_answer_settles_the_message_too(street: Street) -> None:
    street.zalo.fail("send", Fault(lost=True, after=0.5))
    await street.zalo.customer_writes(USER, "chào em")
    await street.house.settled()

    message = await street.comes_to(Delivery.SENT, "chào em")
    assert [sent.id for sent in street.zalo.sent] == [message.provider_id]
