"""The law of the house when things go wrong: watchdog, promises that fall due, takeovers, resolved cases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.domain.cases import Case, CaseState
from bot.domain.company import RoleId
from bot.domain.conversations import Speaker
from bot.domain.turns import Outcome
from bot.services.ports import UnitOfWork
from tests.house import Clerk, TestHouse, Visitor

pytestmark = pytest.mark.integration


@asynccontextmanager
async def store_of(house: TestHouse) -> AsyncIterator[UnitOfWork]:
    async with house.running.house.store.begin() as uow:
        yield uow


async def sql(house: TestHouse, statement: str, **values: Any) -> None:
    """Change the past: tests cannot wait for hours."""
    async with house.running.house.store.engine.connect() as connection:  # type: ignore[attr-defined]
        await connection.execute(text(statement), values)


async def opened(house: TestHouse, department: str = "accounting") -> tuple[Visitor, Clerk, str]:
    """A customer with a case that a person of its desk could take."""
    words = {"accounting": "sửa hoá đơn giúp em", "customer_relations": "bảo hành cái quạt giúp em"}
    visitor, clerk = await house.visitor(), await house.staff("Lan", department)
    await visitor.say(words[department])
    await visitor.hears("mã phiếu")
    return visitor, clerk, {"accounting": "KT-0001", "customer_relations": "KH-0001"}[department]


async def case_of(house: TestHouse, code: str) -> Case:
    async with store_of(house) as uow:
        return await uow.cases.by_code(code)


async def fall_due(house: TestHouse, code: str) -> None:
    """Let the open promise of a case fall due a moment ago."""
    async with store_of(house) as uow:
        case = await uow.cases.by_code(code)
        promise = await uow.promises.open_of(case.id)
        assert promise is not None
    await sql(house, "UPDATE promises SET due_at = now() - interval '1 second' WHERE id = :id", id=promise.id)
    await sql(house, "UPDATE pgmq.q_timers SET vt = now() WHERE msg_id = :id", id=promise.timer_id)


# --- the watchdog -----------------------------------------------------------------------------------------------------


async def test_a_turn_that_nobody_closes_is_closed_by_the_watchdog(house: TestHouse) -> None:
    visitor = await house.visitor()
    house.engine.delay = 60.0
    for task in house.tasks:
        if task.get_name() == "inbox":
            task.cancel()
    for number in range(3):
        await visitor.say(f"tin {number}")
    await sql(house, "UPDATE turns SET opened_at = now() - interval '1 minute'")
    told = await visitor.hears("LT-0001", seconds=10)
    assert told["author"] == "bot"
    async with store_of(house) as uow:
        assert await uow.turns.opened(visitor.conversation_id) is None
        case = await uow.cases.by_code("LT-0001")
        assert await uow.promises.open_of(case.id) is not None
    assert all(part in case.summary for part in ("tin 0", "tin 1", "tin 2"))


async def test_a_poison_item_goes_to_reception_and_its_conversation_goes_on(house: TestHouse) -> None:
    visitor = await house.visitor()
    house.engine.delay = 2.0
    await visitor.say("độc")
    await sql(house, "UPDATE pgmq.q_inbox SET read_ct = 9, vt = now()")
    await visitor.hears("LT-0001")
    house.engine.delay = 0.0
    await visitor.say("vẫn còn đây chứ")
    await visitor.hears("Dạ em nghe: vẫn còn đây chứ")


# --- promises ---------------------------------------------------------------------------------------------------------


async def test_a_promise_that_falls_due_is_renewed_and_a_manager_gets_the_case(house: TestHouse) -> None:
    visitor, lan, code = await opened(house)
    await lan.post(f"/api/cases/{code}/claim")
    await fall_due(house, code)
    await visitor.hears("xin hẹn trả lời trước")
    case = await case_of(house, code)
    assert (case.department, case.state, case.owner_id) == ("management", CaseState.WAITING, None)
    async with store_of(house) as uow:
        promise = await uow.promises.open_of(case.id)
        assert promise is not None
        assert promise.due_at > house.running.house.clock.now()
        assert (await uow.conversations.get(visitor.conversation_id)).floor.speaker is Speaker.BOT
    await visitor.say("alo")
    await visitor.hears("Dạ em nghe: alo")


async def test_a_kept_promise_never_fires(house: TestHouse) -> None:
    visitor, lan, code = await opened(house)
    await lan.post(f"/api/cases/{code}/claim")
    async with store_of(house) as uow:
        promise = await uow.promises.open_of((await uow.cases.by_code(code)).id)
    assert promise is not None
    await lan.post(f"/api/cases/{code}/reply", text="Dạ em xem rồi ạ")
    await visitor.hears("em xem rồi")
    await sql(house, "UPDATE pgmq.q_timers SET vt = now() WHERE msg_id = :id", id=promise.timer_id)
    await asyncio.sleep(1.2)
    assert all("xin lỗi" not in one["text"] for one in await visitor.read())


async def test_whoever_writes_again_has_a_promise_again(house: TestHouse) -> None:
    visitor, lan, code = await opened(house)
    await lan.post(f"/api/cases/{code}/claim")
    await lan.post(f"/api/cases/{code}/reply", text="Dạ em xem rồi ạ")
    await visitor.say("vậy bao giờ xong")
    await house.settled()
    async with store_of(house) as uow:
        assert await uow.promises.open_of((await uow.cases.by_code(code)).id) is not None


# --- who may speak ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("move", ["reply", "promise", "resolve", "transfer"])
async def test_a_resolved_case_is_moved_by_reopening_only(house: TestHouse, move: str) -> None:
    visitor, lan, code = await opened(house)
    await lan.post(f"/api/cases/{code}/claim")
    await lan.post(f"/api/cases/{code}/resolve", unanswered=True)
    bodies: dict[str, dict[str, Any]] = {
        "reply": {"text": "Thêm câu nữa ạ"},
        "promise": {"due_at": (house.running.house.clock.now() + timedelta(hours=2)).isoformat()},
        "resolve": {},
        "transfer": {"department": "warehouse", "note": "Xem giúp"},
    }
    assert (await lan.post(f"/api/cases/{code}/{move}", **bodies[move]))[0] == 409
    await visitor.say("em hỏi thêm")
    assert (await visitor.hears("Dạ em nghe: em hỏi thêm"))["author"] == "bot"
    assert (await lan.post(f"/api/cases/{code}/reopen"))[0] == 200
    await visitor.hears(f"mở lại phiếu {code}")


async def test_the_bots_answer_is_thrown_away_when_a_person_was_faster(house: TestHouse) -> None:
    visitor, lan, code = await opened(house)
    house.engine.delay = 1.0
    await visitor.say("câu hỏi chậm một chút")
    await asyncio.sleep(0.3)
    await lan.post(f"/api/cases/{code}/claim")
    await house.settled()
    assert all("Dạ em nghe: câu hỏi" not in one["text"] for one in await visitor.read())
    async with store_of(house) as uow:
        asked = [one for one in await uow.messages.history(visitor.conversation_id) if "chậm một chút" in one.text]
        assert asked[0].turn_id is not None
        assert (await uow.turns.get(asked[0].turn_id)).outcome is Outcome.OWNED


async def test_when_the_floor_comes_back_meanwhile_the_bot_answers_after_all(house: TestHouse) -> None:
    visitor, lan, code = await opened(house)
    house.engine.delay = 1.0
    await visitor.say("còn ai không")
    await asyncio.sleep(0.3)
    await lan.post(f"/api/cases/{code}/claim")
    await lan.post(f"/api/cases/{code}/resolve", unanswered=True)
    house.engine.delay = 0.0
    await visitor.hears("Dạ em nghe: còn ai không")


async def test_resolving_over_a_message_that_was_not_seen_is_refused(house: TestHouse) -> None:
    visitor, lan, code = await opened(house)
    await lan.post(f"/api/cases/{code}/claim")
    seen = (await lan.get(f"/api/cases/{code}"))[1]["messages"][-1]["id"]
    await visitor.say("khoan đã")
    status, body = await lan.post(f"/api/cases/{code}/resolve", unanswered=True, seen=seen)
    assert (status, body["error"]) == (409, "not_seen")
    newest = (await lan.get(f"/api/cases/{code}"))[1]["messages"][-1]["id"]
    assert (await lan.post(f"/api/cases/{code}/resolve", unanswered=True, seen=newest))[0] == 200


# --- nobody owns a case whom the customer cannot reach ----------------------------------------------------------------


async def test_claiming_is_coming_on_duty_and_nobody_goes_off_owning(house: TestHouse) -> None:
    _, _, code = await opened(house)
    minh = await house.staff("Minh", "accounting", on_duty=False)
    assert (await minh.post(f"/api/cases/{code}/claim"))[0] == 200
    assert (await minh.get("/api/session"))[1]["staff"]["on_duty"] is True
    status, body = await minh.post("/api/duty", on_duty=False)
    assert (status, body["codes"]) == (409, [code])
    await minh.post(f"/api/cases/{code}/resolve", unanswered=True)
    assert (await minh.post("/api/duty", on_duty=False))[0] == 200


async def test_a_disabled_colleagues_cases_go_back_to_their_queues(house: TestHouse) -> None:
    visitor, lan, code = await opened(house)
    await lan.post(f"/api/cases/{code}/claim")
    await lan.post(f"/api/cases/{code}/reply", text="Dạ anh chờ em xem một lát ạ")
    await house.running.house.accounts.set_active(lan.email, active=False)
    await visitor.hears("được giao lại cho đồng nghiệp khác")
    case = await case_of(house, code)
    assert (case.state, case.owner_id) == (CaseState.WAITING, None)
    async with store_of(house) as uow:
        assert await uow.promises.open_of(case.id) is not None
    assert (await lan.get("/api/session"))[0] == 401
    await visitor.say("alo")
    await visitor.hears("Dạ em nghe: alo")


async def test_after_two_hops_a_manager_has_it_whoever_was_meant(house: TestHouse) -> None:
    visitor, lan, code = await opened(house)
    boss = await house.staff("Hà", role=RoleId.MANAGER)
    await lan.post(f"/api/cases/{code}/claim")
    assert (await boss.post(f"/api/cases/{code}/step-in"))[0] == 200
    for department in ("warehouse", "sales", "it"):
        assert (await boss.post(f"/api/cases/{code}/transfer", department=department, note="Xem giúp"))[0] == 200
    case = await case_of(house, code)
    assert (case.department, case.hops) == ("management", 2)
    await visitor.hears("Ban quản lý")


async def test_two_cases_of_one_customer_pass_the_floor_between_colleagues(house: TestHouse) -> None:
    visitor, lan, code = await opened(house)
    mai = await house.staff("Mai", "customer_relations")
    await visitor.say("với cả bảo hành cái quạt")
    await visitor.hears("KH-0001")
    await lan.post(f"/api/cases/{code}/claim")
    assert (await mai.post("/api/cases/KH-0001/claim"))[0] == 200
    status, body = await mai.post("/api/cases/KH-0001/reply", text="Dạ em là Mai ạ")
    assert (status, body["winner"]) == (409, "Lan")
    await lan.post(f"/api/cases/{code}/resolve", unanswered=True)
    assert (await mai.post("/api/cases/KH-0001/reply", text="Dạ em là Mai ạ"))[0] == 200
    await visitor.hears("Dạ em là Mai")


async def test_a_case_is_not_ended_without_a_word_to_the_customer_unless_it_is_meant(house: TestHouse) -> None:
    visitor, lan = await house.visitor(), await house.staff("Lan", "accounting")
    await visitor.say("hoá đơn ghi sai tên")
    await visitor.hears("KT-0001")
    await lan.post("/api/cases/KT-0001/claim")
    status, problem = await lan.post("/api/cases/KT-0001/resolve")
    assert (status, problem["error"]) == (409, "unanswered")
    assert "chưa có câu trả lời" in problem["message"]
    assert (await lan.post("/api/cases/KT-0001/resolve", unanswered=True))[0] == 200
    await visitor.say("hoá đơn vẫn sai")
    await visitor.hears("KT-0002")
    await lan.post("/api/cases/KT-0002/claim")
    await lan.post("/api/cases/KT-0002/reply", text="Dạ em sửa rồi ạ")
    assert (await lan.post("/api/cases/KT-0002/resolve"))[0] == 200
