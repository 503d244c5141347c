"""What the customer thought of it, through the doors: asked once, read from their words, followed up if low."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.domain.company import Company
from tests.house import Clerk, TestHouse, Visitor, running_house

pytestmark = pytest.mark.integration

QUESTION = "chấm giúp em"


async def resolved(house: TestHouse) -> tuple[Visitor, Clerk]:
    """A customer whose case KT-0001 Lan has just resolved."""
    visitor, lan = await house.visitor(), await house.staff("Lan", "accounting")
    await visitor.say("sửa hoá đơn giúp em")
    await visitor.hears("KT-0001")
    assert (await lan.post("/api/cases/KT-0001/claim"))[0] == 200
    assert (await lan.post("/api/cases/KT-0001/reply", text="Dạ em sửa xong rồi ạ"))[0] == 200
    assert (await lan.post("/api/cases/KT-0001/resolve", unanswered=True))[0] == 200
    return visitor, lan


async def rating(clerk: Clerk) -> dict[str, Any]:
    status, page = await clerk.get("/api/cases/KT-0001")
    assert status == 200
    return page["rating"]  # type: ignore[no-any-return]


async def test_a_score_is_stored_and_thanked_and_is_no_new_need(house: TestHouse) -> None:
    visitor, lan = await resolved(house)
    asked = await visitor.hears(QUESTION)
    assert "đã xử lý xong" in asked["text"]
    assert [one["payload"] for one in asked["buttons"]] == ["1 sao", "2 sao", "3 sao", "4 sao", "5 sao"]
    assert (await rating(lan))["score"] is None
    seen = len(house.engine.asked)
    await visitor.say("5 điểm, em Lan nhiệt tình lắm")
    await visitor.hears("đã gửi lời tới đồng nghiệp")
    given = await rating(lan)
    assert (given["score"], given["follow_up_code"]) == (5, None)
    assert "nhiệt tình" in given["words"]
    assert len(house.engine.asked) == seen
    await house.settled()
    # A second score is no new need either, and the first one counts.
    await visitor.say("4 sao")
    await visitor.hears("vẫn ghi điểm 5/5")
    assert (await rating(lan))["score"] == 5
    assert len(house.engine.asked) == seen
    # With more in it, it is talk like any other.
    await visitor.say("4 sao thôi vì phải chờ lâu")
    await visitor.hears("Dạ em nghe: 4 sao")


async def test_a_low_score_becomes_a_case_of_customer_relations(house: TestHouse) -> None:
    visitor, lan = await resolved(house)
    mai = await house.staff("Mai", "customer_relations")
    await visitor.say("1 sao, chờ lâu quá")
    told = await visitor.hears("KH-0001")
    assert "xin lỗi" in told["text"]
    assert (await rating(lan))["follow_up_code"] == "KH-0001"
    page = (await mai.get("/api/cases/KH-0001"))[1]
    assert page["case"]["priority"] == "high"
    assert "Khách chấm 1/5 cho phiếu KT-0001" in page["case"]["summary"]
    assert "chờ lâu quá" in page["case"]["summary"]
    # Nobody is asked how the follow-up went.
    await mai.post("/api/cases/KH-0001/claim")
    await mai.post("/api/cases/KH-0001/resolve", unanswered=True)
    await visitor.hears("phiếu KH-0001 đã xử lý xong")
    await house.settled()
    assert sum(QUESTION in one["text"] for one in await visitor.read()) == 1


async def test_it_is_asked_once_however_often_the_case_is_resolved(house: TestHouse) -> None:
    visitor, lan = await resolved(house)
    await visitor.hears(QUESTION)
    await lan.post("/api/cases/KT-0001/reopen")
    async with asyncio.timeout(10):
        while (await lan.post("/api/cases/KT-0001/claim"))[0] != 200:
            await asyncio.sleep(0.05)
    await lan.post("/api/cases/KT-0001/resolve", unanswered=True)
    await house.settled()
    said = [one["text"] for one in await visitor.read()]
    assert sum("đã xử lý xong" in one for one in said) == 2
    assert sum(QUESTION in one for one in said) == 1


async def test_what_is_no_score_goes_its_way(house: TestHouse) -> None:
    visitor, lan = await resolved(house)
    await visitor.hears(QUESTION)
    await visitor.say("5 phút nữa tôi ghé được không")
    await visitor.hears("Dạ em nghe: 5 phút nữa")
    assert (await rating(lan))["score"] is None
    await visitor.say("bốn sao")
    await visitor.hears("đã gửi lời tới đồng nghiệp")
    assert (await rating(lan))["score"] == 4


async def test_a_house_that_does_not_ask_does_not_ask(database: str, open_company: Company, tmp_path: Path) -> None:
    company = replace(open_company, feedback=replace(open_company.feedback, ask=False))
    async with running_house(database, company, tmp_path) as house:
        visitor, lan = await resolved(house)
        await visitor.hears("đã xử lý xong")
        assert all(QUESTION not in one["text"] for one in await visitor.read())
        assert await rating(lan) is None


async def test_in_english_it_is_asked_and_thanked_in_english(house: TestHouse) -> None:
    visitor, lan = await house.visitor(), await house.staff("Lan", "accounting")
    await visitor.say("please send me an invoice for my order")
    await visitor.hears("KT-0001")
    await lan.post("/api/cases/KT-0001/claim")
    await lan.post("/api/cases/KT-0001/resolve", unanswered=True)
    await visitor.hears("How did we do")
    await visitor.say("2 stars, too slow")
    told = await visitor.hears("KH-0001")
    assert "I am sorry that we fell short" in told["text"]
