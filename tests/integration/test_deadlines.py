"""Deadlines and waits behind the doors: warned before, escalated after, each once; and customers hear of it in time."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.adapters.db.sla_json import clock_to_json
from bot.domain.assignment import OFFERS_AT_ONCE
from bot.domain.cases import Case, CaseState
from bot.domain.company import Priority, RoleId
from bot.domain.promises import PromiseState
from bot.services.ports import QueueItem
from tests.house import Clerk, TestHouse, Visitor, eventually
from tests.integration.desk_steps import asks, backstage, case_of, rings, rows, sql

pytestmark = pytest.mark.integration


async def watched(house: TestHouse, code: str = "KT-0001") -> Case:
    """Wait until somebody watches a case."""

    async def look() -> Case | None:
        case = await case_of(house, code)
        return case if case.timer_id is not None else None

    return await eventually(look)


async def passes(house: TestHouse, minutes: float, code: str = "KT-0001") -> None:
    """Let a case be older: every moment of its clock lies so much earlier. Then its timer is seen."""
    case = await watched(house, code)
    assert case.sla is not None
    clock = clock_to_json(case.sla)
    for run in (clock["first"], clock["next"], clock["resolution"]):
        for name in ("since", "warn_at", "due_at"):
            if run and run[name]:
                run[name] = (datetime.fromisoformat(run[name]) - timedelta(minutes=minutes)).isoformat()
    await sql(house, "UPDATE cases SET sla = cast(:sla AS jsonb) WHERE id = :id", sla=json.dumps(clock), id=case.id)
    await rings(house, case.timer_id)


async def lines(house: TestHouse, action: str, code: str = "KT-0001") -> list[Any]:
    return await rows(
        house,
        "SELECT detail FROM audit WHERE action = :action AND subject = :code ORDER BY id",
        action=action,
        code=code,
    )


async def told(house: TestHouse, action: str, count: int = 1) -> list[Any]:
    """Wait until so many lines are written."""

    async def look() -> list[Any] | None:
        found = await lines(house, action)
        return found if len(found) >= count else None

    return await eventually(look)


async def talking(house: TestHouse) -> tuple[Visitor, Clerk]:
    """A customer whose case somebody holds."""
    visitor, lan = await house.visitor(), await house.staff("Lan", "accounting")
    await visitor.say("sửa hoá đơn giúp em")
    await visitor.hears("KT-0001")
    await watched(house)
    assert (await lan.post("/api/cases/KT-0001/claim"))[0] == 200
    return visitor, lan


async def test_a_deadline_warns_then_escalates_once_each(house: TestHouse) -> None:
    await asks(house)
    sla = house.running.house.company.department("accounting").sla.normal
    await passes(house, sla.first_response * 0.85)
    warned = await told(house, "sla.warning")
    assert [one.detail["deadline"] for one in warned] == ["first_response"]
    before = await watched(house)
    assert before.priority is Priority.NORMAL

    await passes(house, sla.first_response * 0.2)
    broken = await told(house, "sla.breach")
    assert [one.detail["deadline"] for one in broken] == ["first_response"]
    after = await case_of(house, "KT-0001")
    assert after.priority is Priority.HIGH, "what is late is looked at first"
    heard = await rows(house, "SELECT data FROM live_events WHERE kind = 'deadline' ORDER BY id")
    assert [(one.data["state"], one.data["departments"]) for one in heard] == [
        ("warning", []),
        ("breach", ["management"]),
    ]

    # The timers again, as after a crash in the middle: nothing is left for them to do.
    for timer in (before.timer_id, after.timer_id):
        body = {"kind": "deadline", "case_id": after.id}
        await backstage(house).deadline_keeper.due(QueueItem(id=timer or 0, reads=2, body=body))
    assert len(await lines(house, "sla.breach")) == len(await lines(house, "sla.warning")) == 1


async def test_the_clock_stands_still_while_the_customer_has_the_next_word(house: TestHouse) -> None:
    visitor, lan = await talking(house)
    assert (await lan.post("/api/cases/KT-0001/reply", text="Anh/chị cho em số hoá đơn ạ."))[0] == 200
    case = await case_of(house, "KT-0001")
    assert case.sla is not None
    assert case.sla.waiting_for_customer
    assert case.sla.next_moment(house.running.house.clock.now()) is None

    await visitor.say("số 123 nhé")
    await house.settled()

    async def runs() -> Case | None:
        found = await case_of(house, "KT-0001")
        return found if found.sla and found.sla.next and found.timer_id is not None else None

    again = await eventually(runs)
    assert again.sla is not None
    assert not again.sla.waiting_for_customer
    assert again.sla.first is None
    # More messages do not push the answer away.
    await visitor.say("hoá đơn tháng 11")
    await house.settled()
    assert (await case_of(house, "KT-0001")).sla == again.sla


async def test_a_deadline_moves_along_with_its_case(house: TestHouse) -> None:
    hoa = await house.staff("Hoa", role=RoleId.MANAGER)
    await asks(house)
    before = await watched(house)
    status, _ = await hoa.post("/api/cases/KT-0001/transfer", department="warehouse", note="Kiểm tra số lượng giao.")
    assert status in (200, 201)

    async def arrived() -> Case | None:
        case = await case_of(house, "KT-0001")
        return case if case.department == "warehouse" and case.timer_id not in (None, before.timer_id) else None

    after = await eventually(arrived)
    assert before.sla is not None
    assert after.sla is not None
    assert after.sla.first is not None
    assert before.sla.first is not None
    assert after.sla.first.allowed == before.sla.first.allowed, "passing a case on gives nobody more time"
    assert after.sla.first.spent >= 0.0
    old = await rows(house, "SELECT 1 FROM pgmq.q_timers WHERE msg_id = :id", id=before.timer_id)
    assert old == [], "one timer a case"


async def test_a_resolved_case_has_no_timer_and_fires_nothing(house: TestHouse) -> None:
    _, lan = await talking(house)
    timer = (await case_of(house, "KT-0001")).timer_id
    assert (await lan.post("/api/cases/KT-0001/resolve", unanswered=True))[0] == 200
    done = await case_of(house, "KT-0001")
    assert done.timer_id is None
    assert await rows(house, "SELECT 1 FROM pgmq.q_timers WHERE msg_id = :id", id=timer) == []
    body = {"kind": "deadline", "case_id": done.id}
    await backstage(house).deadline_keeper.due(QueueItem(id=timer or 0, reads=1, body=body))
    assert await lines(house, "sla.breach") == []


async def test_a_timer_before_its_time_waits(house: TestHouse) -> None:
    """The clock of the house went back an hour."""
    await asks(house)
    case = await watched(house)
    await rings(house, case.timer_id)

    async def held() -> bool | None:
        found = await rows(
            house,
            "SELECT vt > now() + interval '1 minute' AS held, read_ct FROM pgmq.q_timers WHERE msg_id = :id",
            id=case.timer_id,
        )
        return True if found and found[0].held and found[0].read_ct else None

    await eventually(held)
    assert await case_of(house, "KT-0001") == case


async def test_a_promise_that_nobody_keeps_is_renewed_before_it_passes(house: TestHouse) -> None:
    await house.staff("Lan", "accounting")
    visitor = await asks(house)
    case = await watched(house)
    async with house.running.house.store.begin() as uow:
        promise = await uow.promises.open_of(case.id)
    assert promise is not None
    assert promise.watched_at < promise.due_at
    set_for = await rows(house, "SELECT vt FROM pgmq.q_timers WHERE msg_id = :id", id=promise.timer_id)
    assert set_for[0].vt == promise.watched_at
    # A minute is left of an hour.
    await sql(
        house,
        """UPDATE promises SET due_at = now() + interval '1 minute', made_at = now() - interval '1 hour'
           WHERE id = :id""",
        id=promise.id,
    )
    await rings(house, promise.timer_id)
    await visitor.hears("xin hẹn trả lời trước")
    async with house.running.house.store.begin() as uow:
        renewed, again = await uow.promises.get(promise.id), await uow.promises.open_of(case.id)
    assert renewed.state is PromiseState.RENEWED
    assert renewed.settled_at is not None
    assert renewed.settled_at < renewed.due_at, "the new date came before the old one passed"
    assert again is not None
    assert again.due_at > renewed.due_at
    moved = await case_of(house, "KT-0001")
    assert (moved.department, moved.state) == ("management", CaseState.WAITING)
    assert moved.sla is not None
    assert case.sla is not None
    assert moved.priority is Priority.HIGH
    assert moved.sla.resolution.allowed < case.sla.resolution.allowed, "what has become pressing has less time"


async def test_the_customer_hears_the_place_in_the_queue_and_an_honest_range(house: TestHouse) -> None:
    await house.staff("Lan", "accounting")
    early = await asks(house)
    said = await early.hears("KT-0001")
    assert "Trước anh/chị chưa có ai chờ" in said["text"]
    late = await asks(house, code="KT-0002")
    said = await late.hears("KT-0002")
    assert "Trước anh/chị còn 1 người, dự kiến chờ" in said["text"]
    case = await case_of(house, "KT-0002")
    assert (case.ahead, case.serving) == (1, 1)
    assert case.wait_low is not None
    assert case.wait_high is not None
    assert case.wait_low < case.wait_high
    facts = house.engine.asked[-1]["facts"]["departments"]["accounting"]
    assert facts["wait_minutes"] is not None
    assert house.engine.asked[0]["facts"]["departments"]["warehouse"]["wait_minutes"] is None, "nobody is there"


async def test_a_wait_that_becomes_much_longer_is_told_and_not_twice(house: TestHouse) -> None:
    await house.staff("Lan", "accounting")
    visitors = [await asks(house, code=f"KT-{number:04d}") for number in range(1, OFFERS_AT_ONCE + 3)]
    code = f"KT-{len(visitors):04d}"
    await backstage(house).assigner.run()
    # Waited for an hour, and was told of two minutes.
    await sql(house, "UPDATE cases SET waiting_since = now() - interval '1 hour', wait_low = 60, wait_high = 120")
    for number in range(2):
        await backstage(house).news.due(QueueItem(id=10_000 + number, reads=1, body={"kind": "wait_news"}))
    heard = [one["text"] for one in await visitors[-1].read() if f"Dạ về phiếu {code}" in one["text"]]
    assert len(heard) == 1
    assert f"còn {len(visitors) - 1} người" in heard[0]
    case = await case_of(house, code)
    assert case.wait_high is not None
    assert case.wait_high > 3600, "counted from the moment at which the wait began"
