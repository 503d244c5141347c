"""Cases find their person: offers, refusals, managers in person, covers, and what goes wrong on the way."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.cases import Case, CaseState
from bot.domain.company import Company, RoleId
from bot.domain.conversations import Speaker
from bot.domain.errors import AlreadyTaken, DomainError
from bot.domain.offers import OfferState
from bot.services.ports import QueueItem
from tests.house import Clerk, TestHouse, eventually, running_house
from tests.integration.desk_steps import (
    asks,
    backstage,
    case_of,
    member,
    offered,
    offers_of,
    open_offer,
    rings,
    rows,
    runs_out,
    sql,
)

pytestmark = pytest.mark.integration


async def accept(house: TestHouse, clerk: Clerk, code: str = "KT-0001") -> Case:
    return await backstage(house).offering.accept(await member(house, clerk), code)


async def decline(house: TestHouse, clerk: Clerk, code: str = "KT-0001", reason: str = "Em đang dở việc.") -> Case:
    return await backstage(house).offering.decline(await member(house, clerk), code, reason)


async def comes(house: TestHouse, clerk: Clerk) -> None:
    assert (await clerk.post("/api/duty", on_duty=True))[0] == 200


async def assigned(house: TestHouse, code: str, clerk: Clerk) -> Case:
    """Wait until a case is in somebody's hands."""

    async def look() -> Case | None:
        case = await case_of(house, code)
        return case if case.owner_id == clerk.id else None

    return await eventually(look)


# --- who is asked -----------------------------------------------------------------------------------------------------


async def test_a_case_is_offered_and_accepted_with_the_floor(house: TestHouse) -> None:
    lan = await house.staff("Lan", "accounting")
    await house.staff("Bình", "warehouse")
    visitor = await asks(house)
    offer = await offered(house, "KT-0001", lan)
    assert offer.expires_at - offer.made_at == timedelta(seconds=90)
    assert (await case_of(house, "KT-0001")).state is CaseState.WAITING, "an offer is not yet an owner"
    taken = await accept(house, lan)
    assert (taken.state, taken.owner_id) == (CaseState.ASSIGNED, lan.id)
    await visitor.hears("Lan bên bộ phận Kế toán")
    async with house.running.house.store.begin() as uow:
        conversation = await uow.conversations.get(visitor.conversation_id)
        assert (conversation.floor.speaker, conversation.floor.staff_id) == (Speaker.STAFF, lan.id)
    assert [one.state for one in await offers_of(house, "KT-0001")] == [OfferState.ACCEPTED]
    assert (await accept(house, lan)).owner_id == lan.id, "a double click is no error"


async def test_what_nobody_on_duty_could_take_is_not_looked_at_every_minute(house: TestHouse) -> None:
    """A lone watch at night serves its own desk; whoever could take the rest calls when they come."""
    await house.staff("Bình", "warehouse")
    await asks(house)

    async def next_look() -> datetime | None:
        async with house.running.house.store.begin() as uow:
            state = await uow.channel_states.get("assign")
        return datetime.fromisoformat(str(state["at"])) if state else None

    assert await eventually(next_look) - datetime.now(UTC) > timedelta(minutes=1)


async def test_the_person_this_customer_had_before_is_asked_first(house: TestHouse) -> None:
    lan, binh = await house.staff("Lan", "accounting"), await house.staff("Bình", "accounting")
    visitor = await asks(house)
    await binh.post("/api/cases/KT-0001/claim")
    assert (await binh.post("/api/cases/KT-0001/resolve", unanswered=True))[0] == 200
    await visitor.hears("đã xử lý xong")
    # Lan has been idle for longer by now, and has as little to do.
    await visitor.say("hoá đơn lại sai rồi")
    await visitor.hears("KT-0002")
    assert (await offered(house, "KT-0002", binh)).staff_id != lan.id


async def test_declining_and_silence_both_move_the_case_on_and_two_make_it_the_manager_s(house: TestHouse) -> None:
    lan, binh = await house.staff("Lan", "accounting"), await house.staff("Bình", "accounting")
    hoa = await house.staff("Hoa", role=RoleId.MANAGER)
    visitor = await asks(house)

    async def anybody() -> object:
        return await open_offer(house, "KT-0001")

    await eventually(anybody)
    first = await open_offer(house, "KT-0001")
    assert first is not None
    asked, other = (lan, binh) if first.staff_id == lan.id else (binh, lan)
    await decline(house, asked)
    second = await offered(house, "KT-0001", other)
    await runs_out(house, second)
    case = await assigned(house, "KT-0001", hoa)
    assert case.state is CaseState.ASSIGNED
    await visitor.hears("Hoa bên")
    states = [(one.staff_id, one.state) for one in await offers_of(house, "KT-0001")]
    assert states == [(asked.id, OfferState.DECLINED), (other.id, OfferState.EXPIRED)]
    told = await rows(house, "SELECT data->>'state' AS state FROM live_events WHERE kind = 'offer' ORDER BY id")
    assert [one.state for one in told] == ["open", "declined", "open", "expired"]


async def test_nobody_gets_more_than_they_can_carry(house: TestHouse) -> None:
    lan = await house.staff("Lan", "accounting")
    capacity = house.running.house.company.department("accounting").capacity
    for number in range(1, capacity + 2):
        await asks(house, code=f"KT-{number:04d}")
        if number <= capacity:
            await offered(house, f"KT-{number:04d}", lan)
            await accept(house, lan, f"KT-{number:04d}")
    last = f"KT-{capacity + 1:04d}"
    await backstage(house).assigner.run()
    assert await open_offer(house, last) is None
    assert (await lan.post("/api/cases/KT-0001/resolve", unanswered=True))[0] == 200
    await backstage(house).assigner.run()
    await offered(house, last, lan)


async def test_a_claim_by_hand_takes_the_offer_back(house: TestHouse) -> None:
    lan, binh = await house.staff("Lan", "accounting"), await house.staff("Bình", "accounting")
    await asks(house)

    async def anybody() -> object:
        return await open_offer(house, "KT-0001")

    await eventually(anybody)
    offer = await open_offer(house, "KT-0001")
    assert offer is not None
    asked, other = (lan, binh) if offer.staff_id == lan.id else (binh, lan)
    assert (await other.post("/api/cases/KT-0001/claim"))[0] == 200
    assert [one.state for one in await offers_of(house, "KT-0001")] == [OfferState.WITHDRAWN]
    with pytest.raises(AlreadyTaken):
        await accept(house, asked)
    assert (await case_of(house, "KT-0001")).tries == 0, "nobody refused"


async def test_only_whoever_is_asked_may_answer(house: TestHouse) -> None:
    lan = await house.staff("Lan", "accounting")
    await asks(house)
    offer = await offered(house, "KT-0001", lan)
    binh = await house.staff("Bình", "accounting")
    for answer in (accept, decline):
        with pytest.raises(DomainError):
            await answer(house, binh)
    await runs_out(house, offer)

    async def over() -> bool | None:
        return True if (await offers_of(house, "KT-0001"))[0].state is OfferState.EXPIRED else None

    await eventually(over)
    await offered(house, "KT-0001", binh)
    with pytest.raises(DomainError):
        await decline(house, lan)


# --- people come and go -----------------------------------------------------------------------------------------------


async def test_whoever_comes_on_duty_gets_what_waits_at_once(house: TestHouse) -> None:
    lan = await house.staff("Lan", "accounting", on_duty=False)
    visitor = await house.visitor()
    await visitor.say("sửa hoá đơn giúp em")
    await visitor.hears("KT-0001")
    assert await open_offer(house, "KT-0001") is None
    await comes(house, lan)
    await offered(house, "KT-0001", lan)
    took = await rows(
        house,
        """SELECT offers.made_at - audit.at AS took FROM offers, audit
           WHERE audit.action = 'duty' AND (audit.detail->>'on_duty')::boolean""",
    )
    # The look from time to time comes every minute.
    assert took[0].took < timedelta(seconds=30), "woken, not found by a look from time to time"


async def test_an_offer_to_somebody_who_left_goes_on(house: TestHouse) -> None:
    lan = await house.staff("Lan", "accounting")
    await asks(house)
    await offered(house, "KT-0001", lan)
    binh = await house.staff("Bình", "accounting")
    assert (await lan.post("/api/duty", on_duty=False))[0] == 200
    await backstage(house).assigner.run()
    await offered(house, "KT-0001", binh)
    assert [one.state for one in await offers_of(house, "KT-0001")] == [OfferState.WITHDRAWN, OfferState.OPEN]


async def test_who_shows_no_sign_of_life_is_asked_nothing_but_their_desk_is_staffed(house: TestHouse) -> None:
    lan = await house.staff("Lan", "accounting")
    await sql(house, "UPDATE staff SET seen_at = now() - interval '10 minutes' WHERE id = :id", id=lan.id)
    backstage(house).doorkeeper.forget()
    visitor = await asks(house)
    told = await visitor.hears("KT-0001")
    assert "hẹn trả lời" not in told["text"], "the desk is at work"
    await backstage(house).assigner.run()
    assert await open_offer(house, "KT-0001") is None


async def test_a_case_of_a_desk_that_everybody_left_goes_to_whoever_stands_in(house: TestHouse) -> None:
    lan = await house.staff("Lan", "accounting")
    cover = next(one for one in house.running.house.company.chain("accounting") if one.id != "accounting")
    stand_in = await house.staff("Bình", cover.id)
    await asks(house)
    offer = await offered(house, "KT-0001", lan)
    # Gone without a word, a moment before the case came.
    await sql(house, "UPDATE staff SET on_duty = false WHERE id = :id", id=lan.id)
    backstage(house).doorkeeper.forget()
    await backstage(house).assigner.run()
    await offered(house, "KT-0001", stand_in)
    assert offer.staff_id == lan.id


# --- accidents --------------------------------------------------------------------------------------------------------


async def test_two_front_offices_at_once_make_no_double_offers(house: TestHouse) -> None:
    for number in range(1, 7):
        await asks(house, code=f"KT-{number:04d}")
    for name in ("Lan", "Bình", "Cúc"):
        await house.staff(name, "accounting")
    backstage(house).doorkeeper.forget()
    await asyncio.gather(*(backstage(house).assigner.run() for _ in range(4)))
    doubled = await rows(house, "SELECT case_id FROM offers WHERE state = 'open' GROUP BY case_id HAVING count(*) > 1")
    assert doubled == []
    most = await rows(house, "SELECT count(*) AS held FROM offers WHERE state = 'open' GROUP BY staff_id")
    capacity = house.running.house.company.department("accounting").capacity
    assert most
    assert all(one.held <= capacity for one in most)


async def test_a_timer_that_comes_twice_or_early_does_nothing(house: TestHouse) -> None:
    lan = await house.staff("Lan", "accounting")
    await asks(house)
    offer = await offered(house, "KT-0001", lan)
    # The clock went back: the queue shows the timer, but the offer still has its time.
    await rings(house, offer.timer_id)

    async def held() -> bool | None:
        found = await rows(
            house,
            "SELECT vt > now() + interval '30 seconds' AS held, read_ct FROM pgmq.q_timers WHERE msg_id = :id",
            id=offer.timer_id,
        )
        return True if found and found[0].held and found[0].read_ct else None

    await eventually(held)
    assert (await open_offer(house, "KT-0001")) == offer
    await accept(house, lan)
    assert await rows(house, "SELECT 1 FROM pgmq.q_timers WHERE msg_id = :id", id=offer.timer_id) == []
    # A worker that read it before the answer came.
    body = {"kind": "offer", "offer_id": offer.id, "case_id": offer.case_id}
    await backstage(house).offering.due(QueueItem(id=offer.timer_id or 0, reads=1, body=body))
    assert (await case_of(house, "KT-0001")).owner_id == lan.id


async def test_whoever_speaks_the_customer_s_language_is_asked(house: TestHouse) -> None:
    lan, binh = await house.staff("Lan", "accounting"), await house.staff("Bình", "accounting")
    await sql(house, """UPDATE staff SET languages = '["vi", "en"]' WHERE id = :id""", id=binh.id)
    backstage(house).doorkeeper.forget()
    visitor = await house.visitor()
    await visitor.say("Hello, please send me the invoice again")
    await visitor.hears("KT-0001")
    offer = await offered(house, "KT-0001", binh)
    assert offer.staff_id != lan.id
    assert (await case_of(house, "KT-0001")).language == "en"


async def test_an_offer_outlives_the_process_that_made_it(database: str, open_company: Company, tmp_path: Path) -> None:
    async with running_house(database, open_company, tmp_path) as before:
        lan = await before.staff("Lan", "accounting")
        await asks(before)
        offer = await offered(before, "KT-0001", lan)
    async with running_house(database, open_company, tmp_path) as after:
        binh = await after.staff("Bình", "accounting")
        assert await open_offer(after, "KT-0001") == offer
        await runs_out(after, offer)
        await offered(after, "KT-0001", binh)
        assert (await case_of(after, "KT-0001")).tries == 1
