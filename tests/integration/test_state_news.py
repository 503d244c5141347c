"""Asking how a case stands while a person has the floor: answered at once, and the person keeps the floor."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.domain.company import RoleId
from tests.house import Clerk, TestHouse, Visitor
from tests.integration.desk_steps import asks, case_of, rows, sql

MARK = "(Tin tự động)"


async def with_lan(house: TestHouse) -> tuple[Clerk, Visitor]:
    """A customer whose case Lan of accounting has, floor included."""
    lan = await house.staff("Lan", "accounting", role=RoleId.AGENT)
    visitor = await asks(house)
    assert (await lan.post("/api/cases/KT-0001/claim"))[0] == 200
    return lan, visitor


async def told(visitor: Visitor) -> list[dict[str, Any]]:
    return [one for one in await visitor.read() if MARK in one["text"]]


async def nothing_more(house: TestHouse) -> None:
    """Wait until no question is left to look at."""
    async with asyncio.timeout(10):
        while await rows(house, "SELECT 1 FROM pgmq.q_timers WHERE message->>'kind' = 'state_asked'"):
            await asyncio.sleep(0.02)


async def test_the_state_is_told_at_once_and_the_person_keeps_the_floor(house: TestHouse) -> None:
    lan, visitor = await with_lan(house)
    await visitor.say("Phiếu của em tới đâu rồi ạ")
    heard = await visitor.hears(MARK)
    assert "phiếu KT-0001 đang có Lan bên bộ phận Kế toán xử lý, hẹn trả lời anh/chị trước" in heard["text"]
    _, page = await lan.get("/api/cases/KT-0001")
    said = [(one["written_by"], one["text"][:13]) for one in page["messages"][-2:]]
    assert said == [("customer", "Phiếu của em "), ("system", MARK)], "the person sees both"
    assert (page["speaker"], page["speaker_id"]) == ("staff", lan.id)
    assert (await lan.post("/api/cases/KT-0001/reply", text="Dạ chị đang kiểm tra ạ"))[0] == 200
    case = await case_of(house, "KT-0001")
    assert case.replied_at is not None
    turns = await rows(house, "SELECT outcome FROM turns ORDER BY id DESC LIMIT 1")
    assert turns[0].outcome == "owned", "an automatic line is no answer of a person"


async def test_the_same_state_is_told_once_in_two_minutes(house: TestHouse) -> None:
    _, visitor = await with_lan(house)
    await visitor.say("Phiếu của em tới đâu rồi ạ")
    await visitor.hears(MARK)
    await visitor.say("Tới đâu rồi em ơi?")
    await visitor.say("kt 1")
    await nothing_more(house)
    assert len(await told(visitor)) == 1
    await sql(house, "UPDATE messages SET created_at = created_at - interval '3 minutes', client_id = NULL")
    await visitor.say("kt 1")
    async with asyncio.timeout(10):
        while len(await told(visitor)) < 2:
            await asyncio.sleep(0.02)


async def test_what_asks_no_state_is_left_to_the_person(house: TestHouse) -> None:
    _, visitor = await with_lan(house)
    asked = len(house.engine.asked)
    await visitor.say("Em gửi thêm số hoá đơn nhé")
    await house.settled()
    await nothing_more(house)
    assert len(house.engine.asked) == asked, "the engine is asked only about what may ask that"
    await visitor.say("Chị tên gì vậy, có chưa?")
    await house.settled()
    await nothing_more(house)
    assert (len(house.engine.asked), await told(visitor)) == (asked + 1, [])


async def test_only_ones_own_cases_are_told(house: TestHouse) -> None:
    _, visitor = await with_lan(house)
    stranger = await asks(house, "bảo hành giúp em", "KH-0001")
    assert stranger.conversation_id != visitor.conversation_id
    await visitor.say("Phiếu KH-0001 tới đâu rồi?")
    heard = await visitor.hears(MARK)
    assert "KT-0001" in heard["text"]
    assert "KH-0001" not in heard["text"]


async def test_a_person_who_is_faster_needs_no_automatic_line(house: TestHouse) -> None:
    lan, visitor = await with_lan(house)
    house.engine.delay = 0.6
    await visitor.say("Tới đâu rồi em?")
    await house.settled()
    assert (await lan.post("/api/cases/KT-0001/reply", text="Dạ xong rồi ạ"))[0] == 200
    await nothing_more(house)
    assert await told(visitor) == []


async def test_without_an_engine_the_message_is_the_persons_as_before(house: TestHouse) -> None:
    lan, visitor = await with_lan(house)
    house.engine.down = True
    await visitor.say("Tới đâu rồi em?")
    await house.settled()
    await nothing_more(house)
    assert await told(visitor) == []
    _, page = await lan.get("/api/cases/KT-0001")
    assert page["messages"][-1]["text"] == "Tới đâu rồi em?"
    await visitor.say("KT-0001")
    await visitor.hears(MARK)


async def test_who_is_forgotten_while_the_engine_is_asked_is_told_nothing(house: TestHouse) -> None:
    _, visitor = await with_lan(house)
    house.engine.delay = 0.6
    asked = len(house.engine.asked)
    await visitor.say("Tới đâu rồi em?")
    async with asyncio.timeout(10):
        while len(house.engine.asked) == asked:
            await asyncio.sleep(0.02)
    async with house.running.house.store.begin() as uow:
        conversation = await uow.conversations.get(visitor.conversation_id)
        await uow.teaching.erase(conversation.customer_id, "shell", house.running.house.clock.now(), "")
    await nothing_more(house)
    assert await rows(house, "SELECT 1 FROM messages WHERE client_id LIKE 'state-%'") == []
