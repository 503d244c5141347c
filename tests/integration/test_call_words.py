"""What customers say of a promised call: when they want it, another hour, none at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.cases import CaseState
from bot.domain.company import RoleId
from bot.domain.promises import PromiseKind
from tests.house import TestHouse
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
from tests.integration.desk_steps import case_of, hour_comes, offered, open_offer, rows, sql

pytestmark = pytest.mark.integration


async def test_a_customer_is_told_number_and_hour_and_the_clock_waits_for_it(house: TestHouse) -> None:
    visitor = await wants_call(house)
    told = await visitor.hears("hẹn gọi anh/chị số 0909111222 lúc")
    assert CODE in told["text"]
    promise, case = await the_call(house), await case_of(house, CODE)
    assert case.call_at == promise.due_at
    assert minutes_to(promise.due_at) == pytest.approx(180, abs=1)


async def test_another_hour_that_the_customer_names_counts_the_tries_anew(house: TestHouse) -> None:
    lan = await house.staff("Lan", "customer_relations")
    visitor = await wants_call(house)
    await lan.post(f"/api/cases/{CODE}/claim")
    await called(lan, (await hour_comes(house, CODE)).due_at, reached=False)
    await called(lan, (await hour_comes(house, CODE)).due_at, reached=False)
    await visitor.say("gọi em sau 45 phút nữa nha")
    await visitor.hears("đổi giờ rồi")
    assert (await the_call(house)).tries == 0


async def test_a_customer_moves_a_call_that_nobody_has_yet(house: TestHouse) -> None:
    visitor = await wants_call(house)
    await visitor.say("gọi em sau 60 phút nha")
    await visitor.hears("đổi giờ rồi")
    assert minutes_to((await the_call(house)).due_at) == pytest.approx(60, abs=1)
    assert await rows(house, "SELECT 1 FROM audit WHERE action = 'case.call' AND subject = :code", code=CODE)


async def test_a_customer_moves_a_call_while_a_person_has_the_floor(house: TestHouse) -> None:
    lan = await house.staff("Lan", "customer_relations")
    visitor = await wants_call(house)
    await lan.post(f"/api/cases/{CODE}/claim")
    await visitor.say("gọi em sau 45 phút nữa nha")
    await visitor.hears("đổi giờ rồi")
    assert minutes_to((await the_call(house)).due_at) == pytest.approx(45, abs=6)
    await visitor.say("sao 3h chưa thấy ai gọi vậy")
    await house.settled()
    assert minutes_to((await the_call(house)).due_at) == pytest.approx(45, abs=6)


async def test_a_call_that_a_customer_asks_for_takes_the_place_of_a_date(house: TestHouse) -> None:
    lan = await house.staff("Lan", "customer_relations")
    visitor = await house.visitor()
    await visitor.say("bảo hành tủ lạnh giúp em")
    await visitor.hears(CODE)
    await lan.post(f"/api/cases/{CODE}/claim")
    at = (datetime.now(UTC) + timedelta(hours=2)).replace(microsecond=0)
    assert (await lan.post(f"/api/cases/{CODE}/promise", due_at=at.isoformat()))[0] == 200
    async with house.running.house.store.begin() as uow:
        case = await uow.cases.by_code(CODE, lock=True)
        talk = await uow.conversations.get(case.conversation_id, lock=True)
        appointments = house.running.house.backstage.handoff.appointments
        wanted, now = at + timedelta(hours=1), datetime.now(UTC)
        changed, told = await appointments.call_at(uow, talk, case, wanted, now, beside=False)
    assert changed.call_at is not None
    assert ", thay cho giờ đã hẹn " in told


@pytest.mark.parametrize("words", ["nó bốc khói rồi", "bảo hành tủ lạnh giúp em"])
async def test_what_a_customer_writes_before_a_call_is_offered_at_once(house: TestHouse, words: str) -> None:
    lan = await house.staff("Lan", "customer_relations")
    visitor = await wants_call(house)
    await house.running.house.backstage.assigner.run()
    assert await open_offer(house, CODE) is None
    await visitor.say(words)
    await visitor.hears("đã ghi thêm vào phiếu")
    await offered(house, CODE, lan)
    case = await case_of(house, CODE)
    assert case.sla is not None
    assert case.sla.next_due_at is not None
    assert case.call_at is not None


async def test_whoever_needs_nothing_any_more_is_not_called(house: TestHouse) -> None:
    visitor = await wants_call(house)
    await visitor.say("không cần nữa em")
    await visitor.hears("là anh/chị không cần nữa")
    promise = await open_promise(house)
    assert promise is not None
    assert promise.kind is PromiseKind.ANSWER
    await an_answer_is_owed(house)


async def test_an_hour_at_which_nobody_is_planned_is_answered_with_another(house: TestHouse) -> None:
    lan = await house.staff("Lan", "customer_relations")
    boss = await house.staff("Sơn", "management", role=RoleId.MANAGER)
    zone = house.running.house.company.zone
    tomorrow = datetime.now(zone) + timedelta(days=1)
    status, _ = await boss.post("/api/shifts", staff_id=lan.id, weekday=tomorrow.weekday(), block="09:00-12:00")
    assert status in (200, 201)
    wanted = tomorrow.replace(hour=7, minute=0)
    visitor = await house.visitor()
    await visitor.say(f"gọi lại sau {round(minutes_to(wanted))} phút nhé")
    await visitor.hears("vào giờ gần nhất là 9:00 ngày mai")
    call = await the_call(house)
    assert f"{call.due_at.astimezone(zone):%H:%M}" == "09:00"
    await visitor.say(f"gọi em sau {round(minutes_to(wanted)) + 10} phút nha")
    await visitor.hears("Dạ 7:10 ngày mai bên em chưa có người trực")
    assert (await the_call(house)).id == call.id
    assert "thay cho" not in "".join(one["text"] for one in await visitor.read())


async def test_whoever_works_overtime_is_there_for_a_call_soon(house: TestHouse) -> None:
    lan = await house.staff("Lan", "customer_relations")
    boss = await house.staff("Sơn", "management", role=RoleId.MANAGER)
    tomorrow = datetime.now(house.running.house.company.zone) + timedelta(days=1)
    status, _ = await boss.post("/api/shifts", staff_id=lan.id, weekday=tomorrow.weekday(), block="09:00-12:00")
    assert status in (200, 201)
    assert (await lan.get("/api/duty"))[1]["overtime"]
    visitor = await house.visitor()
    await visitor.say("gọi lại sau 6 phút nhé")
    await visitor.hears("KH-0001")
    assert (await the_call(house)).due_at - datetime.now(UTC) < timedelta(minutes=10)


async def test_a_change_of_time_in_other_words_moves_the_call_beside_the_person_who_speaks(house: TestHouse) -> None:
    lan = await house.staff("Lan", "customer_relations")
    visitor = await wants_call(house)
    await lan.post(f"/api/cases/{CODE}/claim")
    tomorrow = (datetime.now(house.running.house.company.zone) + timedelta(days=1)).replace(minute=0, second=0)
    await visitor.say("thôi đổi sang 4h chiều mai nhé")
    await visitor.hears("đổi giờ rồi")
    moved = await the_call(house)
    assert moved.due_at == tomorrow.replace(hour=16, microsecond=0)
    await visitor.say("đổi giờ gọi giúp chị")
    told = await visitor.hears("muốn em gọi lúc mấy giờ")
    assert "vẫn giữ hẹn gọi lúc 16:00 ngày mai" in told["text"]
    assert (await the_call(house)).id == moved.id


async def test_a_customer_calls_a_call_off_beside_the_person_who_speaks(house: TestHouse) -> None:
    lan = await house.staff("Lan", "customer_relations")
    visitor = await wants_call(house)
    await lan.post(f"/api/cases/{CODE}/claim")
    await visitor.say("thôi khỏi gọi nhé")
    await visitor.hears("đã huỷ giờ gọi")
    case = await case_of(house, CODE)
    assert (case.call_at, case.state, await open_promise(house)) == (None, CaseState.ASSIGNED, None)
    assert "Khách đã huỷ cuộc hẹn gọi. Phiếu không còn việc nào khác, đóng phiếu giúp ạ." in await notes(lan)
    assert await rows(house, "SELECT 1 FROM audit WHERE action = 'case.call_off' AND subject = :code", code=CODE)
    assert len(await rows(house, "SELECT 1 FROM cases")) == 1


async def test_whoever_would_rather_be_written_to_is_promised_that(house: TestHouse) -> None:
    lan = await house.staff("Lan", "customer_relations")
    visitor = await wants_call(house)
    await lan.post(f"/api/cases/{CODE}/claim")
    await visitor.say("đừng gọi nữa, nhắn tin được rồi")
    told = await visitor.hears("đã huỷ giờ gọi")
    assert "vẫn trả lời anh/chị ngay tại đây trước" in told["text"]
    promise = await open_promise(house)
    assert promise is not None
    assert promise.kind is PromiseKind.ANSWER


async def test_a_call_is_called_off_through_the_bot_and_the_rest_is_still_answered(house: TestHouse) -> None:
    visitor = await wants_call(house)
    await sql(house, "UPDATE cases SET reason = 'warranty' WHERE code = :code", code=CODE)
    await visitor.say("huỷ giờ gọi nhé")
    told = await visitor.hears("đã huỷ giờ gọi")
    promise = await open_promise(house)
    assert promise is not None
    assert promise.kind is PromiseKind.ANSWER
    assert "vẫn trả lời anh/chị ngay tại đây trước" in told["text"]
    assert (await case_of(house, CODE)).call_at is None
