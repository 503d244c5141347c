"""Requests to the departments behind the desk, through the doors: deadlines, answers, promises that move."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.domain.company import RoleId
from bot.domain.promises import PromiseState
from bot.domain.requests import Request
from tests.house import Clerk, TestHouse, Visitor, eventually
from tests.integration.desk_steps import case_of, rings, rows, sql

pytestmark = pytest.mark.integration

QUESTION = "Đơn 4411 đã xuất mấy thùng?"


async def held(house: TestHouse) -> tuple[Visitor, Clerk]:
    """A customer whose case KT-0001 is with Lan of accounting, who has answered."""
    visitor, lan = await house.visitor(), await house.staff("Lan", "accounting")
    await visitor.say("hoá đơn ghi thiếu hàng")
    await visitor.hears("KT-0001")
    assert (await lan.post("/api/cases/KT-0001/claim"))[0] == 200
    assert (await lan.post("/api/cases/KT-0001/reply", text="Dạ em xem rồi ạ"))[0] == 200
    return visitor, lan


async def ask(clerk: Clerk, text: str = QUESTION, department: str = "warehouse") -> dict[str, Any]:
    status, made = await clerk.post("/api/cases/KT-0001/request", department=department, text=text)
    assert status == 201, made
    return made  # type: ignore[no-any-return]


async def promised(house: TestHouse) -> datetime | None:
    async with house.running.house.store.begin() as uow:
        promise = await uow.promises.open_of((await uow.cases.by_code("KT-0001")).id)
    return promise.due_at if promise else None


async def stored(house: TestHouse, request_id: int) -> Request:
    async with house.running.house.store.begin() as uow:
        return await uow.requests.get(request_id)


async def notes(clerk: Clerk) -> list[str]:
    page = (await clerk.get("/api/cases/KT-0001"))[1]
    return [one["text"] for one in page["messages"] if one["direction"] == "internal"]


async def test_a_new_owner_who_asks_the_same_gets_the_first_one_back(house: TestHouse) -> None:
    _, lan = await held(house)
    boss = await house.staff("Sơn", role=RoleId.MANAGER)
    first = await ask(lan)
    assert (await boss.post("/api/cases/KT-0001/step-in"))[0] == 200
    status, again = await boss.post("/api/cases/KT-0001/request", department="warehouse", text=QUESTION)
    assert (status, again["id"], again["asked_by_name"]) == (200, first["id"], "Lan")
    assert sum(one.startswith("Hỏi Kho vận") for one in await notes(boss)) == 1


async def test_an_answer_comes_back_to_the_case_and_not_to_the_customer(house: TestHouse) -> None:
    visitor, lan = await held(house)
    tu, ba = await house.staff("Tú", "warehouse"), await house.staff("Ba", "warehouse")
    made = await ask(lan)
    assert (made["state"], made["department_label"], made["asked_by_name"]) == ("open", "Kho vận", "Lan")
    told = await visitor.hears("đang hỏi bộ phận Kho vận")
    due = await promised(house)
    assert due is not None
    assert due > datetime.fromisoformat(made["due_at"])
    assert "KT-0001" in told["text"]

    listed = (await tu.get("/api/requests"))[1]["requests"]
    assert [(one["text"], one["case"]["code"]) for one in listed] == [(QUESTION, "KT-0001")]
    assert (await tu.get("/api/cases/KT-0001"))[0] == 200
    path = f"/api/requests/{made['id']}"
    assert (await tu.post(f"{path}/take"))[1]["taken_by_name"] == "Tú"
    assert (await tu.post(f"{path}/take"))[0] == 200
    status, problem = await ba.post(f"{path}/take")
    assert (status, problem["winner"]) == (409, "Tú")
    assert (await ba.post(f"{path}/answer", text="Ba thùng."))[0] == 409
    status, answered = await tu.post(f"{path}/answer", text="Bốn thùng, thiếu một.")
    assert (status, answered["state"], answered["answer"]) == (200, "answered", "Bốn thùng, thiếu một.")
    assert (await tu.post(f"{path}/answer", text="Bốn thùng, thiếu một."))[0] == 200
    assert (await tu.post(f"{path}/answer", text="À, năm thùng."))[0] == 409, "other words are not lost in silence"
    assert (await notes(lan)).count("Kho vận trả lời: Bốn thùng, thiếu một.") == 1
    assert all("Bốn thùng" not in one["text"] for one in await visitor.read())
    # What is settled is not theirs to read any more.
    assert (await tu.get("/api/requests"))[1]["requests"] == []
    assert (await tu.get("/api/cases/KT-0001"))[0] == 404


async def test_a_date_that_the_answer_can_reach_is_left_alone(house: TestHouse) -> None:
    visitor, lan = await held(house)
    far = house.running.house.clock.now() + timedelta(days=3)
    await lan.post("/api/cases/KT-0001/promise", due_at=far.isoformat())
    await visitor.hears("hẹn trả lời")
    await ask(lan)
    assert await promised(house) == far
    assert all("đang hỏi" not in one["text"] for one in await visitor.read())


async def test_several_requests_run_for_one_case_and_the_same_one_only_once(house: TestHouse) -> None:
    _, lan = await held(house)
    minh = await house.staff("Minh", "it")
    first, other = await ask(lan), await ask(lan, "App báo gì?", "it")
    status, again = await lan.post("/api/cases/KT-0001/request", department="warehouse", text=f"  {QUESTION.upper()} ")
    assert (status, again["id"]) == (200, first["id"])
    assert other["id"] != first["id"]
    page = (await lan.get("/api/cases/KT-0001"))[1]
    assert [one["department"] for one in page["requests"]] == ["warehouse", "it"]
    assert [one["id"] for one in (await minh.get("/api/requests"))[1]["requests"]] == [other["id"]]
    boss = await house.staff("Hà", role=RoleId.MANAGER)
    assert len((await boss.get("/api/requests"))[1]["requests"]) == 2
    assert len((await boss.get("/api/requests", department="it", state="open"))[1]["requests"]) == 1
    assert (await boss.get("/api/requests", department="it", state="taken"))[1]["requests"] == []
    status, refusal = await boss.get("/api/requests", state="xx")
    assert status == 422
    assert "'open' hoặc 'taken'" in str(refusal)


async def test_a_slip_moves_the_customers_date_before_it_breaks(house: TestHouse) -> None:
    visitor, lan = await held(house)
    boss = await house.staff("Hà", role=RoleId.MANAGER)
    made = await ask(lan)
    before = await promised(house)
    # Four hours later: nobody has answered.
    await sql(
        house,
        "UPDATE requests SET due_at = now() - interval '1 second', asked_at = now() - interval '1 day' WHERE id = :id",
        id=made["id"],
    )
    await sql(house, "UPDATE promises SET due_at = now() + interval '14 minutes' WHERE state = 'open'")
    await rings(house, (await stored(house, made["id"])).timer_id)
    told = await visitor.hears("cần thêm chút thời gian")
    assert "KT-0001" in told["text"]
    after, request = await promised(house), await stored(house, made["id"])
    assert before is not None
    assert after is not None
    assert (request.slipped, request.open) == (True, True)
    assert after > request.due_at > house.running.house.clock.now()
    ended = await rows(house, "SELECT state FROM promises ORDER BY id")
    assert [one.state for one in ended][-2:] == [PromiseState.RENEWED, PromiseState.OPEN]
    assert (await case_of(house, "KT-0001")).owner_id == lan.id
    assert "Kho vận chưa trả lời kịp yêu cầu: Đơn 4411 đã xuất mấy thùng?" in await notes(boss)
    assert (await boss.get("/api/requests"))[1]["requests"][0]["slipped"] is True


async def test_a_clock_that_goes_back_fires_nothing(house: TestHouse) -> None:
    visitor, lan = await held(house)
    made = await ask(lan)
    timer = (await stored(house, made["id"])).timer_id
    await rings(house, timer)

    async def held_again() -> bool | None:
        found = await rows(house, "SELECT 1 FROM pgmq.q_timers WHERE msg_id = :id AND vt > now()", id=timer)
        return True if found else None

    await eventually(held_again)
    assert (await stored(house, made["id"])).slipped is False
    assert all("thêm chút thời gian" not in one["text"] for one in await visitor.read())


async def test_putting_back_declining_and_cancelling(house: TestHouse) -> None:
    _, lan = await held(house)
    tu, ba = await house.staff("Tú", "warehouse"), await house.staff("Ba", "warehouse")
    made = await ask(lan)
    path = f"/api/requests/{made['id']}"
    await tu.post(f"{path}/take")
    assert (await ba.post(f"{path}/put-back"))[0] == 409
    assert (await tu.post(f"{path}/put-back"))[1]["state"] == "open"
    assert (await tu.post(f"{path}/put-back"))[0] == 200
    assert (await ba.post(f"{path}/decline", reason=""))[0] == 422
    assert (await ba.post(f"{path}/decline", reason="Chứng từ ở kho hai."))[1]["state"] == "declined"
    assert "Kho vận chưa làm được: Chứng từ ở kho hai." in await notes(lan)
    status, problem = await tu.post(f"{path}/take")
    assert (status, problem["message"]) == (409, "Yêu cầu này đã được báo là chưa làm được.")
    second = await ask(lan, "Ai giữ chứng từ?")
    path = f"/api/requests/{second['id']}"
    assert (await tu.post(f"{path}/cancel"))[0] == 403
    assert (await lan.post(f"{path}/cancel"))[1]["state"] == "cancelled"
    assert (await lan.post(f"{path}/cancel"))[0] == 200
    assert (await tu.post(f"{path}/answer", text="Em giữ."))[0] == 409


async def test_resolving_does_not_lose_what_still_waits(house: TestHouse) -> None:
    _, lan = await held(house)
    made = await ask(lan)
    status, problem = await lan.post("/api/cases/KT-0001/resolve")
    assert (status, problem["error"]) == (409, "open_work")
    assert "1 yêu cầu nội bộ" in problem["message"]
    assert (await lan.post("/api/cases/KT-0001/resolve", drop_open=True))[0] == 200
    request = await stored(house, made["id"])
    assert request.open is False
    assert await rows(house, "SELECT 1 FROM pgmq.q_timers WHERE msg_id = :id", id=request.timer_id) == []


async def test_bad_requests_say_what_is_wrong(house: TestHouse) -> None:
    _, lan = await held(house)
    minh, mai = await house.staff("Minh", "it"), await house.staff("Mai", "accounting")
    for body in (
        {"department": "nowhere", "text": QUESTION},
        {"department": "accounting", "text": QUESTION},
        {"department": "warehouse", "text": " "},
        {"department": "warehouse", "text": "x" * 2001},
    ):
        assert (await lan.post("/api/cases/KT-0001/request", **body))[0] == 422
    assert (await mai.post("/api/cases/KT-0001/request", department="it", text=QUESTION))[0] == 403
    assert (await minh.post("/api/cases/KT-0001/request", department="it", text=QUESTION))[0] == 404
    made = await ask(lan)
    assert (await minh.post(f"/api/requests/{made['id']}/take"))[0] == 404
    assert (await minh.post("/api/requests/999999/take"))[0] == 404
    assert (await lan.post("/api/requests/abc/cancel"))[0] == 404
    assert (await minh.get("/api/requests", department="nowhere"))[0] == 422
    assert (await minh.get("/api/requests", department="warehouse"))[1]["requests"] == []


async def test_of_two_who_take_it_at_once_one_wins(house: TestHouse) -> None:
    _, lan = await held(house)
    people = [await house.staff(name, "warehouse") for name in ("Tú", "Ba", "Sáu")]
    made = await ask(lan)
    answers = await asyncio.gather(*(one.post(f"/api/requests/{made['id']}/take") for one in people))
    assert sorted(status for status, _ in answers) == [200, 409, 409]
