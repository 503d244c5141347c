"""Dates behind the doors: they live as long as the customer was told, whoever has the case meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.cases import CaseState
from bot.domain.company import Company, RoleId
from bot.domain.promises import Promise, PromiseKind, PromiseState
from tests.house import Clerk, TestHouse, Visitor, eventually, running_house
from tests.integration.desk_steps import asks, case_of, member, rings, rows, sql

pytestmark = pytest.mark.integration

CODE = "KT-0001"
HOLDING = "Dạ anh chờ em 10 phút để em hỏi kế toán trưởng ạ"
ANSWER = "Dạ hoá đơn của anh em sửa xong rồi ạ"


async def talking(house: TestHouse, name: str = "Lan") -> tuple[Visitor, Clerk]:
    """A customer whose case somebody holds."""
    clerk = await house.staff(name, "accounting")
    visitor = await asks(house)
    assert (await clerk.post(f"/api/cases/{CODE}/claim"))[0] == 200
    await visitor.hears("đã nhận phiếu")
    return visitor, clerk


async def promise_of(house: TestHouse) -> Promise | None:
    async with house.running.house.store.begin() as uow:
        return await uow.promises.open_of((await uow.cases.by_code(CODE)).id)


async def opened(house: TestHouse) -> Promise:
    promise = await promise_of(house)
    assert promise is not None
    return promise


async def settled(house: TestHouse, promise: Promise) -> PromiseState:
    async with house.running.house.store.begin() as uow:
        return (await uow.promises.get(promise.id)).state


async def dated(house: TestHouse, clerk: Clerk, hours: float = 30) -> Promise:
    """Have the owner give a date far ahead."""
    due = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(hours=hours)
    assert (await clerk.post(f"/api/cases/{CODE}/promise", due_at=due.isoformat()))[0] == 200
    promise = await opened(house)
    assert (promise.kind, promise.due_at) == (PromiseKind.DATE, due)
    return promise


async def replies(clerk: Clerk, text: str, **more: Any) -> None:
    status, body = await clerk.post(f"/api/cases/{CODE}/reply", text=text, **more)
    assert status == 200, body


async def page(clerk: Clerk) -> dict[str, Any]:
    status, found = await clerk.get(f"/api/cases/{CODE}")
    assert status == 200
    return dict(found)


async def said(visitor: Visitor) -> list[str]:
    return [one["text"] for one in await visitor.read() if one["author"] != "customer"]


async def audited(house: TestHouse, action: str) -> list[Any]:
    statement = "SELECT detail FROM audit WHERE action = :action AND subject = :code ORDER BY id"
    return await rows(house, statement, action=action, code=CODE)


async def falls_due(house: TestHouse, promise: Promise) -> None:
    """Let a promise that was made an hour ago have ten seconds left, and show its timer to the worker."""
    await sql(
        house,
        "UPDATE promises SET due_at = now() + interval '10 s', made_at = made_at - interval '1 h' WHERE id = :id",
        id=promise.id,
    )
    await rings(house, promise.timer_id)


async def ends(house: TestHouse, promise: Promise) -> PromiseState:
    async def look() -> PromiseState | None:
        state = await settled(house, promise)
        return state if state is not PromiseState.OPEN else None

    return await eventually(look)


# --- what a reply ends ------------------------------------------------------------------------------------------------


async def test_who_asks_for_time_owes_an_answer_and_keeps_the_date(house: TestHouse) -> None:
    visitor, lan = await talking(house)
    promise = await opened(house)
    await replies(lan, HOLDING)
    assert await promise_of(house) == promise
    case = await case_of(house, CODE)
    assert case.replied_at is not None, "the first answer was given"
    assert case.sla is not None
    assert (case.sla.first, case.sla.waiting_for_customer) == (None, False)
    shown = (await page(lan))["deadlines"]
    assert (shown["first_due_at"], shown["waiting_for_customer"]) == (None, False)
    assert shown["next_due_at"] is not None
    assert shown["resolution_due_at"] is not None
    await replies(lan, ANSWER)
    assert await promise_of(house) is None
    assert await settled(house, promise) is PromiseState.KEPT
    assert (await page(lan))["deadlines"]["waiting_for_customer"]
    count = len(await said(visitor))
    await replies(lan, "Em kiểm tra thêm rồi báo lại anh ạ")
    silent = await opened(house)
    assert silent.kind is PromiseKind.ANSWER
    assert len(await said(visitor)) == count + 1, "the person has just said it; the house adds nothing"


@pytest.mark.parametrize(("text", "owes", "open_after"), [("Dạ vâng ạ", True, True), (HOLDING, False, False)])
async def test_the_writer_knows_better_than_the_rule(
    house: TestHouse, text: str, *, owes: bool, open_after: bool
) -> None:
    _, lan = await talking(house)
    await replies(lan, text, owes=owes)
    assert (await promise_of(house) is not None) is open_after


async def test_an_answer_does_not_end_a_date_that_the_customer_was_told(house: TestHouse) -> None:
    visitor, lan = await talking(house)
    promise = await dated(house, lan)
    await visitor.hears("bên em hẹn trả lời")
    await replies(lan, ANSWER)
    kept = await opened(house)
    assert (kept.id, kept.due_at) == (promise.id, promise.due_at)
    assert kept.replied_at is not None
    await replies(lan, "Đây là kết quả em hẹn anh ạ", keeps_promise=True)
    assert await promise_of(house) is None
    assert await settled(house, promise) is PromiseState.KEPT


async def test_only_the_owner_says_that_a_date_was_kept_and_only_while_one_is_open(house: TestHouse) -> None:
    _, lan = await talking(house)
    mai = await house.staff("Mai", "accounting")
    status, body = await lan.post(f"/api/cases/{CODE}/promise-kept")
    assert (status, body["message"]) == (409, "Phiếu không có lời hẹn nào đang mở để đánh dấu đã giữ.")
    await replies(lan, ANSWER)
    promise = await dated(house, lan)
    assert (await mai.post(f"/api/cases/{CODE}/promise-kept"))[0] == 403
    assert (await lan.post(f"/api/cases/{CODE}/promise-kept"))[0] == 200
    assert await settled(house, promise) is PromiseState.KEPT
    assert await promise_of(house) is None
    assert len(await audited(house, "case.promise_kept")) == 1


async def test_a_date_kept_elsewhere_leaves_the_newest_words_owed(house: TestHouse) -> None:
    visitor, lan = await talking(house)
    await replies(lan, ANSWER)
    await dated(house, lan)
    await visitor.say("anh ơi cho em hỏi thêm cái này")
    await house.settled()
    assert (await lan.post(f"/api/cases/{CODE}/promise-kept"))[0] == 200
    assert (await opened(house)).kind is PromiseKind.ANSWER


async def test_nothing_is_owed_before_a_date_that_the_person_gave_until_the_customer_writes(house: TestHouse) -> None:
    visitor, lan = await talking(house)
    promise = await dated(house, lan)
    await replies(lan, HOLDING)
    shown = (await page(lan))["deadlines"]
    assert (shown["next_due_at"], shown["waiting_for_customer"]) == (None, False)
    assert shown["resolution_due_at"] is not None
    assert await opened(house) == promise
    await visitor.say("anh ơi cho em hỏi thêm cái này")
    await house.settled()
    assert (await page(lan))["deadlines"]["next_due_at"] is not None
    assert (await opened(house)).id == promise.id
    await replies(lan, ANSWER)
    await replies(lan, HOLDING)
    assert (await lan.post(f"/api/cases/{CODE}/promise-kept"))[0] == 200
    assert (await page(lan))["deadlines"]["waiting_for_customer"], "the next word is the customer's"


# --- a date in place of another ---------------------------------------------------------------------------------------


async def test_a_date_in_place_of_another_says_which_one_is_off(house: TestHouse) -> None:
    visitor, lan = await talking(house)
    await dated(house, lan, hours=30)
    assert ", thay cho giờ đã hẹn " in (await said(visitor))[-1], "the date of the house was told when it opened"
    await dated(house, lan, hours=50)
    told = (await said(visitor))[-1]
    assert "bên em hẹn trả lời anh/chị ngay tại đây trước" in told
    assert ", thay cho giờ đã hẹn " in told


async def test_a_date_that_a_request_moves_says_which_one_is_off(house: TestHouse) -> None:
    visitor, lan = await talking(house)
    date = await dated(house, lan, hours=0.1)
    path = f"/api/cases/{CODE}/request"
    status, seen = await lan.post(f"{path}-preview", department="warehouse")
    assert status == 200
    assert datetime.fromisoformat(seen["date_at"]) == date.due_at < datetime.fromisoformat(seen["due_at"])
    assert seen["due_at"] < seen["needed_at"]
    told = await said(visitor)
    assert (await lan.post(path, department="warehouse", text="Kho còn hàng không ạ?"))[0] == 201
    assert (await opened(house), await said(visitor)) == (date, told), "the person's date stays"
    asked = {"department": "warehouse", "text": "Kho còn hàng ở đâu ạ?", "move_date": True}
    assert (await lan.post(path, **asked))[0] == 201
    assert ", thay cho giờ đã hẹn " in (await said(visitor))[-1]
    moved = await opened(house)
    assert (moved.kind, moved.due_at >= datetime.fromisoformat(seen["needed_at"])) == (PromiseKind.DATE, True)
    assert (await lan.post(f"{path}-preview", department="warehouse"))[1]["date_at"] is None
    assert (await lan.post(f"{path}-preview", department="accounting"))[0] == 422


async def put_back(clerk: Clerk, due: datetime) -> None:
    plan = [{"code": CODE, "to": "promise", "due_at": due.isoformat()}]
    status, done = await clerk.post("/api/shift-end", plan=plan)
    assert (status, done["results"][0]["outcome"]) == (200, "put_back")


@pytest.mark.parametrize("before", ["the date of the house", "a date", "the same date"])
async def test_a_date_chosen_at_the_end_of_a_shift_is_one_of_a_person(house: TestHouse, before: str) -> None:
    visitor, lan = await talking(house)
    held = await dated(house, lan) if before != "the date of the house" else None
    due = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(hours=50)
    await put_back(lan, held.due_at if held is not None and before == "the same date" else due)
    promise, told = await opened(house), (await said(visitor))[-1]
    assert promise.kind is PromiseKind.DATE
    assert (promise == held) is (before == "the same date")
    assert ("vẫn giữ hẹn" in told) is (before == "the same date")
    assert ("thay cho giờ đã hẹn" in told) is (before != "the same date")
    found = await rows(house, "SELECT 1 FROM pgmq.q_timers WHERE message ->> 'promise_id' = :id", id=str(promise.id))
    assert found, "its owner is reminded"


# --- what a change of hands leaves ------------------------------------------------------------------------------------


async def test_a_manager_who_steps_in_and_gives_back_leaves_the_date_as_it_was_told(house: TestHouse) -> None:
    visitor, lan = await talking(house)
    promise = await dated(house, lan)
    boss = await house.staff("Sơn", role=RoleId.MANAGER)
    assert (await boss.post(f"/api/cases/{CODE}/step-in"))[0] == 200
    assert "vẫn giữ hẹn trả lời" in (await said(visitor))[-1]
    await replies(boss, "Dạ em là quản lý, em nắm việc rồi ạ")
    note = "Chị Lan làm tiếp giúp."
    status, given = await boss.post(
        f"/api/cases/{CODE}/transfer", department="accounting", kind="given_back", note=note
    )
    assert (status, given["outcome"]) == (201, "asked")
    assert (await lan.post(f"/api/cases/{CODE}/accept"))[0] == 200
    assert await opened(house) == promise.answered((await opened(house)).replied_at or promise.due_at)
    assert "vẫn giữ hẹn trả lời" in (await said(visitor))[-1]


async def test_a_case_that_is_queued_elsewhere_keeps_the_date_that_was_told(house: TestHouse) -> None:
    visitor, lan = await talking(house)
    promise = await dated(house, lan)
    status, given = await lan.post(f"/api/cases/{CODE}/transfer", department="warehouse", note="Kho xem giúp ạ.")
    assert (status, given["outcome"]) == (200, "queued")
    assert await opened(house) == promise
    assert "vẫn giữ hẹn trả lời" in (await said(visitor))[-1]
    status, given = await (await house.staff("Sơn", role=RoleId.MANAGER)).post(
        f"/api/cases/{CODE}/transfer", department="it", note="IT xem giúp ạ."
    )
    assert given["outcome"] == "moved"
    assert await opened(house) == promise
    assert "vẫn giữ hẹn trả lời" in (await said(visitor))[-1]


async def test_a_case_that_is_put_back_keeps_the_date_that_was_told(house: TestHouse) -> None:
    visitor, lan = await talking(house)
    promise = await dated(house, lan)
    due = await house.running.house.crew.shift_ends._putting_back.put_back(await member(house, lan), CODE)
    assert due == promise.due_at
    assert await opened(house) == promise
    assert "vẫn giữ hẹn trả lời" in (await said(visitor))[-1]


async def test_a_case_without_a_told_date_gets_one_that_is_told(house: TestHouse) -> None:
    visitor, lan = await talking(house)
    mai = await house.staff("Mai", "sales")
    await replies(lan, ANSWER)
    assert await promise_of(house) is None
    assert (await lan.post(f"/api/cases/{CODE}/transfer", department="sales", note="Bán hàng xem giúp."))[0] == 201
    assert (await mai.post(f"/api/cases/{CODE}/accept"))[0] == 200
    assert (await opened(house)).kind is PromiseKind.ANSWER
    assert "hẹn trả lời anh/chị ngay tại đây trước" in (await said(visitor))[-1]


# --- when it falls due ------------------------------------------------------------------------------------------------


async def test_a_date_that_its_owner_has_answered_is_kept_without_a_word(house: TestHouse) -> None:
    visitor, lan = await talking(house)
    promise = await dated(house, lan)
    await replies(lan, ANSWER)
    count = len(await said(visitor))
    await falls_due(house, promise)
    assert await ends(house, promise) is PromiseState.KEPT
    assert len(await audited(house, "promise.kept")) == 1
    assert len(await said(visitor)) == count
    assert (await case_of(house, CODE)).department == "accounting"


@pytest.mark.parametrize("then", ["holds", "writes", "hands_on"])
async def test_a_date_is_not_kept_by_less_than_that(house: TestHouse, then: str) -> None:
    visitor, lan = await talking(house)
    promise = await dated(house, lan)
    await replies(lan, ANSWER)
    if then == "holds":
        await replies(lan, HOLDING)
    elif then == "writes":
        await visitor.say("nhưng mà vẫn chưa đúng em ơi")
        await house.settled()
    else:
        boss = await house.staff("Sơn", role=RoleId.MANAGER)
        assert (await boss.post(f"/api/cases/{CODE}/step-in"))[0] == 200
    await falls_due(house, promise)
    assert await ends(house, promise) is PromiseState.RENEWED
    await visitor.hears("xin hẹn trả lời")


async def test_the_owner_is_reminded_of_a_date_before_it_falls_due(house: TestHouse) -> None:
    _, lan = await talking(house)
    promise = await dated(house, lan)
    found = await rows(
        house,
        "SELECT msg_id, vt FROM pgmq.q_timers WHERE message ->> 'kind' = 'promise_notice' ORDER BY msg_id",
    )
    assert [one.vt for one in found] == [promise.due_at - timedelta(minutes=10)]
    await sql(house, "UPDATE promises SET due_at = now() + interval '9 minutes' WHERE id = :id", id=promise.id)
    await sql(house, "UPDATE promises SET made_at = now() - interval '2 hours' WHERE id = :id", id=promise.id)
    await rings(house, found[0].msg_id)

    async def heard() -> list[Any] | None:
        return await rows(house, "SELECT data FROM live_events WHERE kind = 'deadline' ORDER BY id") or None

    news = (await eventually(heard))[-1].data
    assert (news["deadline"], news["state"], news["staff_ids"]) == ("promise_date", "warning", [lan.id])
    assert len(await audited(house, "promise.reminded")) == 1


# --- those who lead and say nothing -----------------------------------------------------------------------------------


async def test_a_case_that_stays_with_management_says_so_and_rings_on_every_third(house: TestHouse) -> None:
    visitor = await asks(house)
    boss = await house.staff("Sơn", role=RoleId.MANAGER)
    assert (await boss.post(f"/api/cases/{CODE}/step-in"))[0] == 200
    gaps = list[timedelta]()
    for _ in range(3):
        promise = await opened(house)
        gaps.append(promise.due_at - promise.made_at)
        await falls_due(house, promise)
        assert await ends(house, promise) is PromiseState.RENEWED
    await visitor.hears("vẫn đang ở Ban quản lý, em đã nhắc lại")
    told = await said(visitor)
    assert sum("Sơn" in one for one in told) == 1, told
    assert not any("em đã chuyển tới" in one and "phải chờ" in one for one in told), told
    case = await case_of(house, CODE)
    assert (case.owner_id, case.state) == (boss.id, CaseState.ASSIGNED)
    assert [one.detail["missed"] for one in await audited(house, "promise.alarm")] == [3]
    news = await rows(house, "SELECT data FROM live_events WHERE kind = 'deadline' AND data ->> 'state' = 'alarm'")
    assert [(one.data["missed"], one.data["departments"]) for one in news] == [(3, ["management"])]


async def test_customers_do_not_hear_of_accounts_that_are_named_after_roles(house: TestHouse) -> None:
    visitor = await asks(house)
    admin = await house.staff("Quản trị viên", "accounting", role=RoleId.ADMIN)
    assert (await admin.post(f"/api/cases/{CODE}/claim"))[0] == 200
    await visitor.hears("đã nhận phiếu")
    await replies(admin, ANSWER)
    found = await visitor.read()
    assert not any("Quản trị" in one["text"] for one in found)
    assert {one["name"] for one in found} == {None}


# --- what a date would mean -------------------------------------------------------------------------------------------


@pytest.fixture
async def resting(database: str, open_company: Company, tmp_path: Path) -> AsyncIterator[TestHouse]:
    """A house that opens round the clock, and rests on one day in a year from now."""
    holiday = (datetime.now(open_company.zone) + timedelta(days=360)).date()
    hours = replace(open_company.hours, holidays={holiday: "Quốc khánh"})
    departments = {name: replace(one, hours=hours) for name, one in open_company.departments.items()}
    async with running_house(database, replace(open_company, departments=departments), tmp_path) as running:
        yield running


async def test_the_preview_says_what_the_customer_reads_and_when_the_desk_is_closed(resting: TestHouse) -> None:
    _, lan = await talking(resting)
    path = f"/api/cases/{CODE}/promise"
    holiday = datetime.now(UTC) + timedelta(days=360)
    status, seen = await lan.post(f"{path}-preview", due_at=holiday.isoformat())
    assert (status, seen["closed"], seen["holiday"]) == (200, True, "Quốc khánh")
    local = holiday.astimezone(resting.running.house.company.zone)
    year = f"/{local.year}" if local.year != datetime.now(local.tzinfo).year else ""
    assert f"{local.day}/{local.month}{year}, thay cho giờ đã hẹn " in seen["said"]
    before = await opened(resting)
    for call in (False, True):
        status, refused = await lan.post(path, due_at=holiday.isoformat(), call=call)
        assert (status, refused["error"]) == (409, "closed_then")
        assert refused["message"] == "Bộ phận đóng cửa lúc đó (Quốc khánh). Vẫn hẹn?"
    assert await opened(resting) == before
    assert (await lan.post(path, due_at=holiday.isoformat(), confirmed=True))[0] == 200
    assert (await opened(resting)).id != before.id
    _, seen = await lan.post(f"{path}-preview", due_at=holiday.isoformat(), call=True)
    assert seen["closed"]
    assert "hẹn gọi anh/chị lúc" in seen["said"]
    assert "thay cho giờ đã hẹn" in seen["said"]
    _, seen = await lan.post(f"{path}-preview", due_at=(holiday - timedelta(days=3)).isoformat())
    assert (seen["closed"], seen["holiday"]) == (False, None)


async def test_a_date_in_closed_hours_at_the_end_of_a_shift_is_asked_about_too(resting: TestHouse) -> None:
    _, lan = await talking(resting)
    holiday = datetime.now(UTC) + timedelta(days=360)
    line = {"code": CODE, "to": "promise", "due_at": holiday.isoformat()}
    _, done = await lan.post("/api/shift-end", plan=[line])
    assert (done["results"][0]["error"], done["off"]) == ("closed_then", False)
    assert done["results"][0]["message"] == "Bộ phận đóng cửa lúc đó (Quốc khánh). Vẫn hẹn?"
    _, done = await lan.post("/api/shift-end", plan=[{**line, "confirmed": True}])
    assert (done["results"][0]["outcome"], done["off"]) == ("put_back", True)
    kept = await opened(resting)
    assert (kept.kind, kept.due_at) == (PromiseKind.DATE, holiday)


async def test_a_preview_waits_for_nobody(house: TestHouse) -> None:
    _, lan = await talking(house)
    due = (datetime.now(UTC) + timedelta(hours=3)).isoformat()
    async with house.running.house.store.begin() as uow:
        case = await uow.cases.by_code(CODE, lock=True)
        await uow.conversations.get(case.conversation_id, lock=True)
        async with asyncio.timeout(5):
            status, seen = await lan.post(f"/api/cases/{CODE}/promise-preview", due_at=due)
    assert (status, seen["closed"]) == (200, False)
    mai = await house.staff("Mai", "accounting")
    assert (await mai.post(f"/api/cases/{CODE}/promise-preview", due_at=due))[0] == 403
