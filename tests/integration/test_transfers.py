"""Warm transfers through the doors: the giver has the case until somebody says yes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.company import Company, Priority, RoleId
from bot.domain.conversations import Speaker
from tests.house import Clerk, TestHouse, Visitor, running_house
from tests.integration.desk_steps import case_of, rings, rows, sql
from tests.integration.test_live import listening

pytestmark = pytest.mark.integration

NOTE = "Khách nhận thiếu một thùng, kiểm giúp phiếu xuất."


@pytest.fixture
async def hasty(database: str, open_company: Company, tmp_path: Path) -> AsyncIterator[TestHouse]:
    """A house in which nobody has time: an offer lasts a second, so a transfer two."""
    seconds = dict.fromkeys(Priority, 1)
    company = replace(open_company, assignment=replace(open_company.assignment, offer_seconds=seconds))
    async with running_house(database, company, tmp_path) as running:
        yield running


async def held(house: TestHouse) -> tuple[Visitor, Clerk]:
    """A customer whose case KT-0001 is with Lan of accounting, who has answered."""
    visitor, lan = await house.visitor(), await house.staff("Chị Lan", "accounting")
    await visitor.say("hoá đơn ghi thiếu hàng")
    await visitor.hears("KT-0001")
    assert (await lan.post("/api/cases/KT-0001/claim"))[0] == 200
    assert (await lan.post("/api/cases/KT-0001/reply", text="Dạ em xem rồi ạ"))[0] == 200
    return visitor, lan


async def held_at_the_front(house: TestHouse) -> tuple[Visitor, Clerk]:
    """A customer whose case LT-0001 is with Lan of the reception."""
    visitor, lan = await house.visitor(), await house.staff("Chị Lan", "reception")
    await visitor.say("Cho em gặp nhân viên")
    await visitor.hears("LT-0001")
    assert (await lan.post("/api/cases/LT-0001/claim"))[0] == 200
    return visitor, lan


async def give(clerk: Clerk, **to: Any) -> tuple[int, Any]:
    return await clerk.post("/api/cases/KT-0001/transfer", note=NOTE, **to)


async def page(clerk: Clerk) -> dict[str, Any]:
    status, found = await clerk.get("/api/cases/KT-0001")
    assert status == 200, found
    return found  # type: ignore[no-any-return]


async def notes(clerk: Clerk) -> list[str]:
    return [one["text"] for one in (await page(clerk))["messages"] if one["direction"] == "internal"]


async def speaker(house: TestHouse, visitor: Visitor) -> tuple[Speaker, int | None]:
    async with house.running.house.store.begin() as uow:
        floor = (await uow.conversations.get(visitor.conversation_id)).floor
    return floor.speaker, floor.staff_id


# --- saying yes and no ------------------------------------------------------------------------------------------------


async def test_the_giver_keeps_the_case_until_somebody_accepts(house: TestHouse) -> None:
    visitor, lan = await held(house)
    tu = await house.staff("Anh Tú", "warehouse")
    status, given = await give(lan, department="warehouse")
    assert (status, given["outcome"], given["owner_id"], given["transfer"]["state"]) == (201, "asked", lan.id, "asked")
    assert "Kho vận" in given["told"]
    before = await page(tu)
    assert (before["case"]["owner_name"], before["transfer"]["note"]) == ("Chị Lan", NOTE)
    assert await speaker(house, visitor) == (Speaker.STAFF, lan.id)
    assert (await tu.post("/api/cases/KT-0001/reply", text="Dạ em chào anh ạ"))[0] == 403

    status, taken = await tu.post("/api/cases/KT-0001/accept")
    assert (status, taken["owner_id"], taken["department"], taken["hops"]) == (200, tu.id, "warehouse", 1)
    await visitor.hears("Anh Tú bên bộ phận Kho vận đã nắm phiếu KT-0001 và sẽ hỗ trợ")
    assert await speaker(house, visitor) == (Speaker.STAFF, tu.id)
    assert (await lan.post("/api/cases/KT-0001/reply", text="Dạ em đây ạ"))[0] in (403, 404)
    assert NOTE in await notes(tu)
    assert all(NOTE not in one["text"] for one in await visitor.read())
    # A second click changes nothing, and introduces nobody twice.
    assert (await tu.post("/api/cases/KT-0001/accept"))[0] == 200
    assert sum("sẽ hỗ trợ" in one["text"] for one in await visitor.read()) == 1


async def test_a_decline_returns_the_case_with_its_reason(house: TestHouse) -> None:
    visitor, lan = await held(house)
    tu = await house.staff("Tú", "warehouse")
    await give(lan, staff_id=tu.id)
    assert (await tu.post("/api/cases/KT-0001/decline", reason="  "))[0] == 422
    status, kept = await tu.post("/api/cases/KT-0001/decline", reason="Việc này của bên lắp đặt.")
    assert (status, kept["owner_id"], kept["hops"]) == (200, lan.id, 0)
    found = await page(lan)
    assert found["transfer"] is None
    assert "Chưa nhận được phiếu: Việc này của bên lắp đặt." in await notes(lan)
    assert await speaker(house, visitor) == (Speaker.STAFF, lan.id)
    # It was none of the customer's business.
    assert all("Kho vận" not in one["text"] for one in await visitor.read())
    assert (await tu.post("/api/cases/KT-0001/accept"))[0] in (404, 409)


async def test_one_who_cannot_leaves_the_case_to_the_others_of_the_department(house: TestHouse) -> None:
    _, lan = await held(house)
    tu, nga = await house.staff("Tú", "warehouse"), await house.staff("Nga", "warehouse")
    await house.staff("Hà", "warehouse", on_duty=False)
    await give(lan, department="warehouse")
    for _ in range(2):
        assert (await tu.post("/api/cases/KT-0001/decline", reason="Đang bận"))[0] == 200
    found = await page(lan)
    assert (found["transfer"]["state"], found["transfer"]["said_no"]) == ("asked", [tu.id])
    assert [one for one in await notes(lan) if "Đang bận" in one] == ["Chưa nhận được phiếu: Đang bận"]
    asked = [(await one.get("/api/inbox"))[1]["transfers"] for one in (tu, nga)]
    assert [len(one) for one in asked] == [0, 1]
    # The last of those at work ends it.
    assert (await nga.post("/api/cases/KT-0001/decline", reason="Hết ca"))[0] == 200
    found = await page(lan)
    assert (found["transfer"], found["case"]["owner_id"]) == (None, lan.id)


async def test_silence_returns_the_case_when_the_time_is_up(hasty: TestHouse) -> None:
    _, lan = await held(hasty)
    tu = await hasty.staff("Tú", "warehouse")
    await give(lan, department="warehouse")
    async with asyncio.timeout(15):
        while (await page(lan))["transfer"] is not None:
            await asyncio.sleep(0.1)
    found = await page(lan)
    assert found["case"]["owner_id"] == lan.id
    assert any("Kho vận chưa trả lời kịp" in one for one in await notes(lan))
    status, late = await tu.post("/api/cases/KT-0001/accept")
    assert (status, late["error"]) == (409, "forbidden_move")
    # And it can be given again.
    assert (await give(lan, department="warehouse"))[0] == 201


async def test_of_two_who_accept_at_once_one_wins_and_the_other_hears_who(house: TestHouse) -> None:
    _, lan = await held(house)
    people = [await house.staff(name, "warehouse") for name in ("Tú", "Ba", "Sáu")]
    await give(lan, department="warehouse")
    answers = await asyncio.gather(*(one.post("/api/cases/KT-0001/accept") for one in people))
    assert sorted(status for status, _ in answers) == [200, 409, 409]
    winner = next(body["owner_name"] for status, body in answers if status == 200)
    assert {body["winner"] for status, body in answers if status == 409} == {winner}


# --- giving -----------------------------------------------------------------------------------------------------------


async def test_a_transfer_that_is_taken_back_is_marked_so_in_the_transcript(house: TestHouse) -> None:
    _, lan = await held(house)
    tu = await house.staff("Tú", "warehouse")
    await give(lan, department="warehouse", staff_id=tu.id)
    assert (await lan.post("/api/cases/KT-0001/cancel-transfer"))[0] == 200
    assert (await lan.post("/api/cases/KT-0001/cancel-transfer"))[0] == 200
    assert [one for one in await notes(lan) if NOTE in one] == [
        NOTE,
        f"Đã rút lại lời chuyển tới Tú (Kho vận): “{NOTE}”",
    ]


async def test_asking_twice_is_asking_once_and_taking_back_is_possible(house: TestHouse) -> None:
    _, lan = await held(house)
    tu, boss = await house.staff("Tú", "warehouse"), await house.staff("Hà", role=RoleId.MANAGER)
    first, again = await give(lan, department="warehouse"), await give(lan, department="warehouse")
    assert (first[0], again[0], first[1]["transfer"]["id"]) == (201, 200, again[1]["transfer"]["id"])
    assert sum(one == NOTE for one in await notes(lan)) == 1
    status, other = await give(lan, department="management")
    assert status == 409
    assert "Rút lại lời chuyển" in other["message"]
    assert (await tu.post("/api/cases/KT-0001/cancel-transfer"))[0] == 403
    assert (await lan.post("/api/cases/KT-0001/cancel-transfer"))[0] == 200
    assert (await lan.post("/api/cases/KT-0001/cancel-transfer"))[0] == 200
    assert (await tu.post("/api/cases/KT-0001/accept"))[0] == 409
    assert (await give(lan, department="management"))[1]["transfer"]["kind"] == "escalated"
    assert (await boss.post("/api/cases/KT-0001/accept"))[1]["priority"] == "high"


async def test_where_nobody_is_the_case_waits_there_with_a_date(house: TestHouse) -> None:
    visitor, lan = await held(house)
    await house.staff("Tú", "warehouse", on_duty=False)
    status, given = await give(lan, department="warehouse")
    assert (status, given["outcome"], given["state"], given["department"]) == (200, "queued", "waiting", "warehouse")
    assert given["transfer"] is None
    assert "chưa có ai trực" in given["told"]
    told = await visitor.hears("chuyển phiếu KT-0001 sang bộ phận Kho vận")
    assert "hẹn trả lời" in told["text"]
    async with house.running.house.store.begin() as uow:
        case = await uow.cases.by_code("KT-0001")
        assert await uow.promises.open_of(case.id) is not None
    assert (await speaker(house, visitor))[0] is Speaker.BOT


async def test_a_transfer_to_nobody_or_to_somebody_impossible_says_what_is_wrong(house: TestHouse) -> None:
    _, lan = await held(house)
    away, minh = await house.staff("Vy", "warehouse", on_duty=False), await house.staff("Minh", "it")
    for body, field in (
        ({}, "department"),
        ({"department": "nowhere"}, "department"),
        ({"department": "accounting"}, "department"),
        ({"staff_id": lan.id}, "staff_id"),
        ({"staff_id": away.id}, "staff_id"),
        ({"staff_id": 999_999}, "staff_id"),
        ({"staff_id": minh.id, "department": "warehouse"}, "staff_id"),
    ):
        status, problem = await give(lan, **body)
        assert (status, list(problem["fields"])) == (422, [field]), (body, problem)
    assert (await lan.post("/api/cases/KT-0001/transfer", department="it", note=" "))[0] == 422
    assert (await page(lan))["transfer"] is None


async def test_nobody_answers_their_own_transfer_or_gives_what_a_colleague_holds(house: TestHouse) -> None:
    _, lan = await held(house)
    mai, boss = await house.staff("Mai", "accounting"), await house.staff("Hà", role=RoleId.MANAGER)
    status, problem = await give(mai, department="it")
    assert (status, problem["message"]) == (403, "Chị Lan đang giữ KT-0001.")
    status, problem = await give(boss, department="it")
    assert status == 403
    assert "bước vào phiếu trước" in problem["message"]
    await give(lan, staff_id=mai.id)
    assert (await lan.post("/api/cases/KT-0001/accept"))[0] == 403
    assert (await boss.post("/api/cases/KT-0001/accept"))[0] == 409
    assert (await mai.post("/api/cases/KT-0001/accept"))[1]["department"] == "accounting"


# --- managers ---------------------------------------------------------------------------------------------------------


async def test_with_its_hops_used_up_the_case_is_offered_to_those_who_lead(house: TestHouse) -> None:
    _, lan = await held(house)
    tu, minh = await house.staff("Tú", "warehouse"), await house.staff("Minh", "it")
    boss = await house.staff("Hà", role=RoleId.MANAGER)
    await give(lan, department="warehouse")
    await tu.post("/api/cases/KT-0001/accept")
    await give(tu, department="it")
    await minh.post("/api/cases/KT-0001/accept")
    assert (await page(minh))["hops_left"] == 0
    status, given = await give(minh, department="sales")
    assert (status, given["to_management"], given["transfer"]["to_department"]) == (201, True, "management")
    assert "quản lý" in given["told"]
    taken = (await boss.post("/api/cases/KT-0001/accept"))[1]
    assert (taken["department"], taken["hops"], taken["owner_id"]) == ("management", 2, boss.id)


async def test_a_manager_steps_in_and_gives_back(house: TestHouse) -> None:
    visitor, lan = await held(house)
    tu, boss = await house.staff("Tú", "warehouse"), await house.staff("Hà", role=RoleId.MANAGER)
    await give(lan, department="warehouse")
    assert (await boss.post("/api/cases/KT-0001/step-in"))[0] == 200
    # The transfer has no giver any more.
    assert [one.state for one in await rows(house, "SELECT state FROM transfers")] == ["cancelled"]
    status, problem = await tu.post("/api/cases/KT-0001/accept")
    assert (status, problem["winner"]) == (409, "Hà")
    assert (await give(lan, department="accounting", kind="given_back"))[0] == 403
    status, given = await give(boss, kind="given_back")
    assert (status, given["transfer"]["to_department"]) == (201, "accounting")
    taken = (await lan.post("/api/cases/KT-0001/accept"))[1]
    assert (taken["owner_id"], taken["hops"]) == (lan.id, 0)
    assert await speaker(house, visitor) == (Speaker.STAFF, lan.id)


async def test_a_case_that_nobody_has_moves_at_once(house: TestHouse) -> None:
    visitor, boss = await house.visitor(), await house.staff("Hà", role=RoleId.MANAGER, on_duty=False)
    await visitor.say("hoá đơn ghi thiếu hàng")
    await visitor.hears("KT-0001")
    status, given = await give(boss, department="warehouse")
    assert (status, given["outcome"], given["department"], given["state"]) == (200, "moved", "warehouse", "waiting")
    await visitor.hears("chuyển phiếu KT-0001 sang bộ phận Kho vận")


async def test_the_back_office_is_brought_in_by_introduction(house: TestHouse) -> None:
    visitor, lan = await held_at_the_front(house)
    tu, mai = await house.staff("Anh Tú", "warehouse"), await house.staff("Mai", "sales")
    status, problem = await lan.post("/api/cases/LT-0001/introduce", staff_id=mai.id, note=NOTE)
    assert (status, list(problem["fields"])) == (422, ["staff_id"])
    status, given = await lan.post("/api/cases/LT-0001/introduce", staff_id=tu.id, note=NOTE)
    assert (status, given["transfer"]["to_staff_name"]) == (201, "Anh Tú")
    await tu.post("/api/cases/LT-0001/accept")
    await visitor.hears("Anh Tú bên bộ phận Kho vận")


async def test_whoever_brought_somebody_in_reads_on_and_writes_notes(house: TestHouse) -> None:
    visitor, lan = await held_at_the_front(house)
    tu, mai = await house.staff("Anh Tú", "warehouse"), await house.staff("Mai", "sales")
    await lan.post("/api/cases/LT-0001/introduce", staff_id=tu.id, note=NOTE)
    await tu.post("/api/cases/LT-0001/accept")
    status, page = await lan.get("/api/cases/LT-0001")
    assert (status, page["takes_part"], page["case"]["owner_name"]) == (200, True, "Anh Tú")
    assert page["hops_left"] == 2, "bringing somebody in is not passing on"
    await visitor.say("em cảm ơn ạ")
    assert (await lan.post("/api/cases/LT-0001/note", text="Hoá đơn số 12, khách quen."))[0] == 200
    for name, body in (
        ("reply", {"text": "Dạ em đây"}),
        ("resolve", {}),
        ("transfer", {"department": "it", "note": NOTE}),
    ):
        assert (await lan.post(f"/api/cases/LT-0001/{name}", **body))[0] in (403, 404), name
    assert (await mai.get("/api/cases/LT-0001"))[0] == 404
    assert (await lan.get("/api/cases", introduced="true"))[1]["cases"][0]["code"] == "LT-0001"
    for other in (tu, mai):
        assert (await other.get("/api/cases", introduced="true"))[1]["cases"] == []
    assert (await tu.post("/api/cases/LT-0001/resolve", unanswered=True))[0] == 200
    assert (await lan.get("/api/cases/LT-0001"))[0] == 404, "it ended, and is no longer hers to read"
    assert (await lan.get("/api/cases", introduced="true"))[1]["cases"] == []


async def test_whoever_brought_somebody_in_follows_the_case_until_it_ends(house: TestHouse) -> None:
    visitor, lan = await held_at_the_front(house)
    tu, mai = await house.staff("Anh Tú", "warehouse"), await house.staff("Mai", "sales")
    await lan.post("/api/cases/LT-0001/introduce", staff_id=tu.id, note=NOTE)
    await tu.post("/api/cases/LT-0001/accept")
    async with listening(lan) as hers, listening(mai) as strangers:
        assert (await tu.post("/api/cases/LT-0001/reply", text="Dạ em xem kho rồi ạ"))[0] == 200
        while (event := await hers.next("message")) is not None and event.data["message"][
            "text"
        ] != "Dạ em xem kho rồi ạ":
            pass
        assert event is not None
        assert event.data["codes"] == ["LT-0001"]
        assert (await tu.post("/api/cases/LT-0001/resolve"))[0] == 200
        while (event := await hers.next("case")) is not None and event.data["data"].get("change") != "moved":
            assert event.data["codes"] == ["LT-0001"]
        assert event is not None
        assert (event.data["codes"], event.data["conversation_id"]) == ([], None), (
            "something ended, and no more than that"
        )
        await visitor.say("còn ai ở đó không")
        await lan.post("/api/duty", on_duty=False)
        for reader in (hers, strangers):
            while (event := await reader.next()) is not None and event.kind != "staff":
                assert "LT-0001" not in event.data.get("codes", ()), event
                assert event.kind != "message" or event.data["codes"], event


async def test_from_behind_bringing_somebody_in_uses_up_a_hop_until_those_who_lead_are_asked(house: TestHouse) -> None:
    _, lan = await held(house)
    tu, nam, boss = (
        await house.staff("Tú", "warehouse"),
        await house.staff("Nam", "it"),
        await house.staff("Hà", role=RoleId.MANAGER),
    )
    for giver, receiver, hops in ((lan, tu, 1), (tu, nam, 2)):
        introduced = await giver.post("/api/cases/KT-0001/introduce", staff_id=receiver.id, note=NOTE)
        assert introduced[0] == 201
        taken = (await receiver.post("/api/cases/KT-0001/accept"))[1]
        assert (taken["owner_id"], taken["hops"]) == (receiver.id, hops)
    assert (await lan.get("/api/cases/KT-0001"))[0] == 404, "whoever passed it on has given it away"
    status, given = await nam.post("/api/cases/KT-0001/introduce", staff_id=tu.id, note=NOTE)
    assert (status, given["to_management"], given["transfer"]["to_department"]) == (201, True, "management")
    taken = (await boss.post("/api/cases/KT-0001/accept"))[1]
    assert (taken["owner_id"], taken["hops"]) == (boss.id, 2)


async def test_resolving_ends_a_transfer_that_waits(house: TestHouse) -> None:
    _, lan = await held(house)
    tu = await house.staff("Tú", "warehouse")
    await give(lan, department="warehouse")
    assert (await lan.post("/api/cases/KT-0001/resolve"))[0] == 200
    assert (await tu.post("/api/cases/KT-0001/accept"))[0] == 409
    async with house.running.house.store.begin() as uow:
        case = await uow.cases.by_code("KT-0001")
        assert await uow.transfers.asked_of(case.id) is None


async def test_a_promise_that_falls_due_takes_the_case_from_giver_and_receiver(house: TestHouse) -> None:
    _, lan = await held(house)
    tu = await house.staff("Tú", "warehouse")
    due = house.running.house.clock.now() + timedelta(hours=2)
    await lan.post("/api/cases/KT-0001/promise", due_at=due.isoformat())
    await give(lan, department="warehouse")
    (promise,) = await rows(house, "SELECT id, timer_id FROM promises WHERE state = 'open'")
    await sql(house, "UPDATE promises SET due_at = now() - interval '1 second' WHERE id = :id", id=promise.id)
    await rings(house, promise.timer_id)
    async with asyncio.timeout(15):
        while (await case_of(house, "KT-0001")).department != "management":
            await asyncio.sleep(0.05)
    assert [one.state for one in await rows(house, "SELECT state FROM transfers")] == ["cancelled"]
    assert (await tu.post("/api/cases/KT-0001/accept"))[0] in (403, 409)


# --- the live feed ----------------------------------------------------------------------------------------------------


async def test_only_those_who_are_asked_hear_of_a_transfer(house: TestHouse) -> None:
    _, lan = await held(house)
    tu, minh = await house.staff("Tú", "warehouse"), await house.staff("Minh", "it")
    async with listening(tu) as theirs, listening(minh) as strangers:
        await give(lan, department="warehouse")
        event = await theirs.next("transfer")
        assert event is not None
        assert (event.data["data"]["code"], event.data["data"]["state"]) == ("KT-0001", "asked")
        await minh.post("/api/duty", on_duty=False)
        others = []
        while (heard := await strangers.next()) is not None:
            others.append(heard.kind)
            if heard.kind == "staff" and heard.data["data"].get("on_duty") is False:
                break
        assert "transfer" not in others


async def test_the_customer_is_called_as_they_like_to_be(house: TestHouse) -> None:
    visitor, lan = await held(house)
    tu = await house.staff("Tú", "warehouse")
    async with house.running.house.store.begin() as uow:
        noted = {"v": 1, "events": [{"slot": "address", "value": "bác"}]}
        await uow.conversations.save_dialogue(visitor.conversation_id, noted, "vi")
    await give(lan, department="warehouse")
    await tu.post("/api/cases/KT-0001/accept")
    await visitor.hears("sẽ hỗ trợ bác tiếp ạ")
