"""A customer in Telegram, a real front office with its database, and a person at the desk."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.adapters.channels.telegram.offset import STATE_KEY
from bot.domain.company import Company
from bot.domain.messages import Attachment, AttachmentState, Channel
from tests.doubles.telegram import Fault, Refusal, TelegramServer
from tests.doubles.telegram_world import Customer
from tests.house import TestHouse, running_house

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)

pytestmark = pytest.mark.integration


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as running:
        running.world.paced = True
        yield running


@pytest.fixture
async def house(
    server: TelegramServer, database: str, open_company: Company, tmp_path: Path
) -> AsyncIterator[TestHouse]:
    async with running_house(
        database, open_company, tmp_path, telegram_token=SecretStr(server.token), telegram_api=server.url
    ) as running:
        yield running


async def hears(customer: Customer, part: str) -> None:
    await customer.world.until(lambda: any(part in sent.text for sent in customer.received), seconds=15)


async def test_from_telegram_to_a_person_and_back(house: TestHouse, server: TelegramServer) -> None:
    hoa = server.world.customer(42, "Hoa")
    lan = await house.staff("Lan", "accounting")
    hoa.writes("em muốn sửa hoá đơn hôm qua")
    await hears(hoa, "KT-0001")

    assert (await lan.post("/api/cases/KT-0001/claim"))[0] == 200
    assert (await lan.post("/api/cases/KT-0001/reply", text="Dạ em sửa xong rồi ạ"))[0] == 200
    await hears(hoa, "sửa xong rồi")

    await house.settled()
    texts = [sent.text for sent in hoa.received]
    assert len(texts) == len(set(texts)), "nothing is said twice"


async def test_starting_a_chat_greets_once(house: TestHouse, server: TelegramServer) -> None:
    hoa = server.world.customer(42, "Hoa")
    hoa.writes("/start")
    hoa.writes("/start")
    await server.world.until(lambda: not server.world.pending)
    await house.settled()

    assert len(hoa.received) == 1


async def test_a_photo_is_fetched_and_kept(house: TestHouse, server: TelegramServer) -> None:
    server.world.customer(42, "Hoa").attaches("photo", PNG, "photos/file_1.png")
    async with asyncio.timeout(15):
        while (kept := await first_attachment(house)) is None or kept.state is AttachmentState.PENDING:
            await asyncio.sleep(0.05)

    assert (kept.state, kept.mime) == (AttachmentState.STORED, "image/png")
    assert kept.path is not None
    assert (house.running.house.media.root / kept.path).read_bytes() == PNG


async def first_attachment(house: TestHouse) -> Attachment | None:
    async with house.running.house.store.begin() as uow:
        conversation = await uow.conversations.at(Channel.TELEGRAM, "42")
        messages = await uow.messages.history(conversation.id) if conversation else []
    return next((message.attachments[0] for message in messages if message.attachments), None)


async def test_polling_goes_on_after_the_store_failed(
    house: TestHouse, server: TelegramServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    hoa = server.world.customer(42, "Hoa")
    intake = house.running.house.intake
    works = intake.accept
    failures: list[int] = []

    async def fails_once(*args: object) -> object:
        if not failures:
            failures.append(1)
            raise ConnectionError("the database went away")
        return await works(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(intake, "accept", fails_once)
    hoa.writes("chào em")

    await hears(hoa, "Dạ em nghe: chào em")
    async with house.running.house.store.begin() as uow:
        state = await uow.channel_states.get(STATE_KEY)
    assert state is not None
    assert state["offset"] == server.world.next_update_id


async def test_a_time_out_after_writing_is_not_sent_again(house: TestHouse, server: TelegramServer) -> None:
    hoa = server.world.customer(42, "Hoa")
    server.fail("sendMessage", Fault.LOST)
    hoa.writes("chào em")
    await hears(hoa, "Dạ em nghe: chào em")
    await house.settled()

    assert len(hoa.received) == 1


async def test_an_answer_that_telegram_refuses_becomes_a_case_for_a_person(
    house: TestHouse, server: TelegramServer
) -> None:
    server.fail("sendMessage", Refusal(400, "Bad Request: message is not supported"))
    server.world.customer(42, "Hoa").writes("chào em")
    async with asyncio.timeout(15):
        while True:
            async with house.running.house.store.begin() as uow:
                waiting = await uow.cases.waiting(datetime.now(UTC))
            if waiting.get("reception"):
                return
            await asyncio.sleep(0.05)


async def test_what_the_bot_prepared_before_a_person_spoke_is_not_said_after_them(
    house: TestHouse, server: TelegramServer
) -> None:
    hoa, lan = server.world.customer(42, "Hoa"), await house.staff("Lan", "accounting")
    hoa.writes("em muốn sửa hoá đơn")
    await hears(hoa, "KT-0001")
    server.fail("sendMessage", Refusal(429, "Too Many Requests: retry after 3", retry_after=3))
    hoa.writes("alo")
    await asyncio.sleep(1.5)
    assert (await lan.post("/api/cases/KT-0001/claim"))[0] == 200
    assert (await lan.post("/api/cases/KT-0001/reply", text="Dạ em Lan đây ạ"))[0] == 200
    await hears(hoa, "em Lan đây")
    await house.settled()
    assert not any("Dạ em nghe: alo" in sent.text for sent in hoa.received)
