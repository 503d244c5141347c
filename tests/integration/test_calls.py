"""What staff do with a call at the hour that a customer chose: promised, made, missed, and never forgotten."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.cases import Case, CaseState
from bot.domain.company import Priority, RoleId
from bot.domain.promises import PromiseKind, PromiseState
from tests.house import Clerk, TestHouse, eventually
from tests.integration.call_steps import (
    CODE,
    an_answer_is_owed,
    called,
    minutes_to,
    notes,
    open_promise,
    the_call,
    wants_call,
)
from tests.integration.desk_steps import case_of, hour_comes, offered, open_offer, rings, rows, sql

pytestmark = pytest.mark.integration


async def calling(clerk: Clerk, at: datetime) -> tuple[int, Any]:
    """Say that one is making the call of an hour."""
    return await clerk.post(f"/api/cases/{CODE}/calling", call_at=at.isoformat())


async def test_a_call_rests_until_its_hour_is_near_and_is_offered_then(house: TestHouse) -> None:
    lan = await house.staff("Lan", "customer_relations")
    await wants_call(house)
    await house.running.house.backstage.assigner.run()
    assert await open_offer(house, CODE) is None
    await comes_near(house, await case_of(house, CODE))
    offer = await offered(house, CODE, lan)
    assert offer.expires_at - offer.made_at == timedelta(seconds=90)


async def comes_near(house: TestHouse, case: Case) -> None:
    """Let the hour of a call be ten minutes away, and have the assigner look."""
    soon = (datetime.now(UTC) + timedelta(minutes=10)).isoformat()
    await sql(
        house,
        "UPDATE cases SET sla = jsonb_set(sla, '{call,due_at}', to_jsonb(cast(:soon AS text))) WHERE id = :id",
        soon=soon,
        id=case.id,
    )
    await house.running.house.backstage.assigner.run()


async def test_a_call_that_reached_its_customer_is_kept(house: TestHouse) -> None:
    lan = await house.staff("Lan", "customer_relations")
    await wants_call(house)
    await lan.post(f"/api/cases/{CODE}/claim")
    kept = await the_call(house)
    status, _ = await called(lan, kept.due_at, reached=True, note="Khách đồng ý đổi hàng.")
    assert status == 200
    assert await notes(lan) == ["Đã gọi, gặp khách. Khách đồng ý đổi hàng."]
    async with house.running.house.store.begin() as uow:
        assert (await uow.promises.get(kept.id)).state is PromiseState.KEPT
    case = await case_of(house, CODE)
    assert (case.call_at, case.replied_at is not None, await open_promise(house)) == (None, True, None)
    assert (await called(lan, kept.due_at, reached=True))[0] == 200
    status, refused = await called(lan, kept.due_at + timedelta(hours=1), reached=True)
    assert (status, refused["error"]) == (409, "no_call")
    assert len(await notes(lan)) == 1
    assert "không còn cuộc hẹn gọi" in refused["message"]


async def test_a_call_that_found_nobody_is_tried_three_times_and_then_asked_about(house: TestHouse) -> None:
    lan = await house.staff("Lan", "customer_relations")
    visitor = await wants_call(house)
    await lan.post(f"/api/cases/{CODE}/claim")
    first = await hour_comes(house, CODE)
    assert (await called(lan, first.due_at, reached=False, note="Máy bận"))[0] == 200
    await visitor.hears("vừa gọi mà chưa gặp được anh/chị, em gọi lại lúc")
    assert minutes_to((await the_call(house)).due_at) == pytest.approx(30, abs=6)
    later = (datetime.now(UTC) + timedelta(hours=5)).replace(microsecond=0)
    second = await hour_comes(house, CODE)
    await called(lan, second.due_at, reached=False, again_at=later.isoformat())
    assert ((await the_call(house)).due_at, (await the_call(house)).tries) == (later, 2)
    assert "call_tries" not in (await case_of(house, CODE)).collected
    third = await hour_comes(house, CODE)
    # An hour that somebody chooses is promised, however often nobody was there.
    await called(lan, third.due_at, reached=False, again_at=later.isoformat())
    assert ((await the_call(house)).due_at, (await the_call(house)).tries) == (later, 3)
    fourth = await hour_comes(house, CODE)
    await called(lan, fourth.due_at, reached=False)
    await visitor.hears("đã gọi 4 lần mà chưa gặp được")
    promise = await open_promise(house)
    assert promise is not None
    assert promise.kind is PromiseKind.ANSWER
    await an_answer_is_owed(house)
    await visitor.say("mấy giờ cũng được mà sao gọi hoài")
    await visitor.say("tuần sau nha em")
    await visitor.hears("muốn em gọi lúc mấy giờ")
    await visitor.say("goi lai 4h chieu mai")
    await visitor.hears("lúc 16:00 ngày mai")
    call = await the_call(house)
    assert (call.tries, f"{call.due_at.astimezone(house.running.house.company.zone):%H:%M}") == (0, "16:00")


async def test_said_twice_that_nobody_was_there_is_one_call(house: TestHouse) -> None:
    lan = await house.staff("Lan", "customer_relations")
    visitor = await wants_call(house)
    await lan.post(f"/api/cases/{CODE}/claim")
    first = await hour_comes(house, CODE)
    answers = await asyncio.gather(*(called(lan, first.due_at, reached=False) for _ in range(2)))
    assert [status for status, _ in answers] == [200, 200]
    await visitor.hears("vừa gọi mà chưa gặp")
    assert (await the_call(house)).tries == 1
    assert len(await notes(lan)) == 1


async def test_nobody_was_there_only_at_the_hour(house: TestHouse) -> None:
    lan = await house.staff("Lan", "customer_relations")
    await wants_call(house)
    await lan.post(f"/api/cases/{CODE}/claim")
    promise = await the_call(house)
    status, refused = await called(lan, promise.due_at, reached=False)
    assert (status, refused["error"]) == (409, "too_early")
    assert "Khách hẹn nghe máy lúc" in refused["message"]
    assert await the_call(house) == promise
    assert (await called(lan, promise.due_at, reached=True))[0] == 200


async def test_a_second_try_may_not_lie_in_the_past(house: TestHouse) -> None:
    lan = await house.staff("Lan", "customer_relations")
    await wants_call(house)
    await lan.post(f"/api/cases/{CODE}/claim")
    late = await hour_comes(house, CODE)
    status, _ = await called(lan, late.due_at, reached=False, again_at="2020-01-01T09:00:00+07:00")
    assert status == 422
    assert (await the_call(house)).state is PromiseState.OPEN


async def test_only_the_owner_says_how_a_call_went(house: TestHouse) -> None:
    lan, mai = await house.staff("Lan", "customer_relations"), await house.staff("Mai", "customer_relations")
    await wants_call(house)
    await lan.post(f"/api/cases/{CODE}/claim")
    assert (await called(mai, (await the_call(house)).due_at, reached=True))[0] == 403


async def test_claims_and_replies_leave_the_call_as_it_is(house: TestHouse) -> None:
    lan = await house.staff("Lan", "customer_relations")
    await wants_call(house)
    before = await the_call(house)
    await lan.post(f"/api/cases/{CODE}/claim")
    await lan.post(f"/api/cases/{CODE}/reply", text="Dạ em chào anh, em là Lan ạ.")
    assert (await the_call(house)).id == before.id
    assert (await case_of(house, CODE)).call_at == before.due_at


async def test_staff_promise_a_call_themselves(house: TestHouse) -> None:
    lan = await house.staff("Lan", "customer_relations")
    visitor = await house.visitor()
    await visitor.say("bảo hành tủ lạnh giúp em")
    await visitor.hears(CODE)
    await lan.post(f"/api/cases/{CODE}/claim")
    at = (datetime.now(UTC) + timedelta(hours=2)).replace(microsecond=0)
    status, _ = await lan.post(f"/api/cases/{CODE}/promise", due_at=at.isoformat(), call=True)
    assert status == 200
    await visitor.hears("hẹn gọi anh/chị lúc")
    assert (await the_call(house)).due_at == at
    _, page = await lan.get("/api/cases", department="customer_relations")
    assert datetime.fromisoformat(page["cases"][0]["call_at"]) == at
    status, _ = await lan.post(f"/api/cases/{CODE}/promise", due_at=(at + timedelta(hours=1)).isoformat())
    assert status == 200
    assert (await case_of(house, CODE)).call_at is None
    assert ", thay cho cuộc gọi đã hẹn " in (await visitor.read())[-1]["text"]
    status, _ = await lan.post(f"/api/cases/{CODE}/promise", due_at=at.isoformat(), call=True)
    assert status == 200
    told = (await visitor.read())[-1]["text"]
    assert "hẹn gọi anh/chị lúc" in told
    assert ", thay cho giờ đã hẹn " in told


async def test_a_call_that_nobody_makes_gets_another_hour_before_it_passes(house: TestHouse) -> None:
    await house.staff("Sơn", "management", role=RoleId.MANAGER)
    visitor = await wants_call(house)
    missed = await the_call(house)
    await sql(
        house,
        "UPDATE promises SET due_at = now() + interval '1 second', made_at = now() - interval '3 hours' WHERE id = :id",
        id=missed.id,
    )
    await rings(house, missed.timer_id)
    await visitor.hears("hẹn gọi lại anh/chị lúc")

    async def moved() -> Case | None:
        case = await case_of(house, CODE)
        return case if case.department == "management" else None

    case = await eventually(moved)
    assert case.state in (CaseState.WAITING, CaseState.ASSIGNED)
    again = await the_call(house)
    assert case.call_at == again.due_at
    assert again.id != missed.id


async def test_whoever_has_a_call_may_still_be_on_the_phone_after_its_hour(house: TestHouse) -> None:
    lan = await house.staff("Lan", "customer_relations")
    await wants_call(house)
    await lan.post(f"/api/cases/{CODE}/claim")
    late = await hour_comes(house, CODE, minutes=3)
    await rings(house, late.timer_id)
    await house.settled()
    assert await the_call(house) == late
    await called(lan, late.due_at, reached=True)
    assert await open_promise(house) is None


async def test_whoever_says_that_they_are_calling_keeps_the_case(house: TestHouse) -> None:
    lan, tam = await house.staff("Lan", "customer_relations"), await house.staff("Tâm", "customer_relations")
    await wants_call(house)
    await lan.post(f"/api/cases/{CODE}/claim")
    far = (await the_call(house)).due_at
    status, refused = await calling(lan, far)
    assert (status, refused["error"]) == (409, "too_early")
    late = await hour_comes(house, CODE, minutes=3)
    assert (await calling(tam, late.due_at))[0] == 403
    assert (await calling(lan, far))[1]["error"] == "no_call"
    assert (await calling(lan, late.due_at))[0] == 200
    begun = await the_call(house)
    assert begun.calling_at is not None
    assert (await calling(lan, late.due_at))[0] == 200
    assert await the_call(house) == begun
    _, page = await lan.get(f"/api/cases/{CODE}")
    _, listed = await tam.get("/api/cases")
    for shown in (page, *listed["cases"]):
        assert datetime.fromisoformat(shown["calling_at"]) == begun.calling_at
    late = await hour_comes(house, CODE, minutes=20)
    await rings(house, late.timer_id)
    case = await case_of(house, CODE)
    assert case.timer_id is not None
    await rings(house, case.timer_id)
    await house.settled()
    assert (await the_call(house)).due_at == late.due_at
    await called(lan, late.due_at, reached=True)
    assert (await lan.get(f"/api/cases/{CODE}"))[1]["calling_at"] is None


async def test_whoever_has_the_case_next_is_not_listed_as_calling(house: TestHouse) -> None:
    lan, nhi = await house.staff("Lan", "customer_relations"), await house.staff("Nhi", role=RoleId.MANAGER)
    await wants_call(house)
    await lan.post(f"/api/cases/{CODE}/claim")
    assert (await calling(lan, (await hour_comes(house, CODE)).due_at))[0] == 200
    assert (await nhi.post(f"/api/cases/{CODE}/step-in"))[0] == 200
    [listed] = (await nhi.get("/api/cases"))[1]["cases"]
    assert (listed["owner_name"], listed["calling_at"]) == ("Nhi", None)


async def test_a_customer_whose_owner_does_not_call_hears_within_five_minutes(house: TestHouse) -> None:
    lan = await house.staff("Lan", "customer_relations")
    visitor = await wants_call(house)
    await lan.post(f"/api/cases/{CODE}/claim")
    late = await hour_comes(house, CODE, minutes=4)
    await rings(house, late.timer_id)
    await visitor.hears("cuộc gọi về phiếu KH-0001 chưa thực hiện đúng giờ")


async def test_the_house_looks_again_when_the_hour_of_a_call_is_near(house: TestHouse) -> None:
    await house.staff("Lan", "customer_relations")
    await wants_call(house)

    async def looks_at() -> datetime | None:
        found = await rows(house, "SELECT value ->> 'at' FROM channel_state WHERE key = 'assign'")
        return datetime.fromisoformat(found[0][0]) if found and found[0][0] else None

    looks = await eventually(looks_at)
    assert looks == (await the_call(house)).due_at - timedelta(minutes=15)


async def test_what_a_colleague_still_has_to_find_out_moves_no_call(house: TestHouse) -> None:
    lan = await house.staff("Lan", "customer_relations")
    await wants_call(house, minutes=40)
    await lan.post(f"/api/cases/{CODE}/claim")
    before = await the_call(house)
    status, _ = await lan.post(f"/api/cases/{CODE}/request", department="warehouse", text="Còn máy không?")
    assert status == 201
    assert (await the_call(house)).id == before.id


async def test_a_call_goes_with_its_case_to_another_desk(house: TestHouse) -> None:
    lan = await house.staff("Lan", "customer_relations")
    visitor = await wants_call(house)
    before = await the_call(house)
    status, _ = await lan.post(f"/api/cases/{CODE}/transfer", department="warehouse", note="Kho gọi giúp khách.")
    assert status == 200
    await visitor.hears("Bên em vẫn giữ hẹn gọi anh/chị lúc")
    case = await case_of(house, CODE)
    assert ((await the_call(house)).id, case.call_at, case.department) == (before.id, before.due_at, "warehouse")


async def test_where_the_hour_passed_without_a_call_the_customer_hears_of_another(house: TestHouse) -> None:
    lan = await house.staff("Lan", "customer_relations")
    visitor = await wants_call(house)
    missed = await hour_comes(house, CODE, minutes=2)
    await lan.post(f"/api/cases/{CODE}/transfer", department="warehouse", note="Kho gọi giúp khách.")
    await visitor.hears("xin lỗi anh/chị vì cuộc gọi chưa thực hiện đúng giờ, bên em xin hẹn gọi lại lúc")
    async with house.running.house.store.begin() as uow:
        assert (await uow.promises.get(missed.id)).state is PromiseState.RENEWED
    again, case = await the_call(house), await case_of(house, CODE)
    assert again.due_at > datetime.now(UTC)
    assert (case.call_at, case.department, case.priority) == (again.due_at, "warehouse", Priority.HIGH)
    assert await rows(house, "SELECT 1 FROM audit WHERE action = 'promise.renew' AND subject = :code", code=CODE)


async def test_an_owner_who_is_away_at_the_hour_of_a_call_gets_no_more_time(house: TestHouse) -> None:
    lan = await house.staff("Lan", "customer_relations")
    visitor = await wants_call(house)
    await lan.post(f"/api/cases/{CODE}/claim")
    await sql(house, "UPDATE staff SET seen_at = now() - interval '1 hour' WHERE id = :id", id=lan.id)
    house.running.house.backstage.doorkeeper.forget()
    due = await hour_comes(house, CODE)
    await rings(house, due.timer_id)
    await visitor.hears("cuộc gọi về phiếu KH-0001 chưa thực hiện đúng giờ")
    assert (await the_call(house)).due_at > due.due_at


async def test_another_try_in_closed_hours_must_be_confirmed(house: TestHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    lan = await house.staff("Lan", "customer_relations")
    await wants_call(house)
    await lan.post(f"/api/cases/{CODE}/claim")
    due = (await hour_comes(house, CODE)).due_at
    moves = house.running.house.backstage.moves
    monkeypatch.setattr(moves, "closed_then", lambda case, at: (True, None))
    again = (datetime.now(UTC) + timedelta(hours=5)).replace(microsecond=0)
    status, refused = await called(lan, due, reached=False, again_at=again.isoformat())
    assert (status, refused["error"]) == (409, "closed_then")
    status, _ = await called(lan, due, reached=False, again_at=again.isoformat(), confirmed=True)
    assert status == 200
    assert (await the_call(house)).due_at == again
