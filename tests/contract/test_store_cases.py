"""Every store keeps cases and promises alike, and answers the assigner's questions alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.cases import CaseState
from bot.domain.company import Priority, RoleId
from bot.domain.errors import Unknown
from bot.domain.messages import Author, Channel, Direction
from bot.domain.offers import OfferState
from bot.domain.promises import PromiseKind, PromiseState
from bot.domain.sla import SlaClock
from bot.domain.sla_run import Run
from bot.services.ports_cases import CaseFilter, QueueLook
from tests.contract.stores import DAY, NINE, Filling, at


async def test_numbers_are_drawn_one_by_one_for_each_name(room: Filling) -> None:
    cases = room.uow.cases
    assert [await cases.numbers("KT", "accounting", DAY) for _ in range(2)] == [(1, 1), (2, 2)]
    assert await cases.numbers("BH", "sales", DAY) == (1, 1)
    assert await cases.queue_number("accounting", DAY) == 3
    assert await cases.queue_number("accounting", DAY + timedelta(days=1)) == 1
    assert await cases.numbers("KT", "accounting", DAY + timedelta(days=1)) == (3, 2)


async def test_a_case_waits_as_it_was_opened(room: Filling) -> None:
    chat = await room.conversation()
    case = await room.case(chat, code="BH-0042", priority=Priority.HIGH, queue_number=7)
    assert (case.code, case.state, case.owner_id, case.hops) == ("BH-0042", CaseState.WAITING, None, 0)
    assert (case.conversation_id, case.customer_id) == (chat.id, chat.customer_id)
    assert (case.department, case.wanted, case.priority, case.reason) == ("sales", "sales", "high", "order_place")
    assert (case.collected, case.queue_number, case.queue_day) == ({"item": "máy giặt"}, 7, DAY)
    assert (case.opened_at, case.claimed_at, case.replied_at, case.resolved_at) == (NINE, None, None, None)
    assert await room.uow.cases.get(case.id) == case
    assert await room.uow.cases.by_code("BH-0042", lock=True) == case


async def test_all_that_may_change_in_a_case_is_saved(room: Filling) -> None:
    lan = await room.person("Lan")
    case = await room.case(await room.conversation())
    changed = replace(
        case,
        department="accounting",
        wanted="teller",
        state=CaseState.RESOLVED,
        priority=Priority.URGENT,
        summary="Đã đổi.",
        collected={"invoice": "0012"},
        owner_id=lan.id,
        queue_number=None,
        queue_day=None,
        hops=2,
        claimed_at=at(minutes=1),
        replied_at=at(minutes=2),
        resolved_at=at(minutes=3),
    )
    await room.uow.cases.save(changed)
    assert await room.uow.cases.get(case.id, lock=True) == changed


async def test_no_case_is_unknown(room: Filling) -> None:
    with pytest.raises(Unknown):
        await room.uow.cases.get(1)
    with pytest.raises(Unknown):
        await room.uow.cases.by_code("BH-0001")
    with pytest.raises(Unknown):
        await room.uow.promises.get(1)


async def test_a_customer_s_cases_come_newest_first(room: Filling) -> None:
    lan = await room.person("Lan")
    chat, other = await room.conversation("a"), await room.conversation("b")
    first, second = await room.case(chat), await room.held(chat, lan)
    done = (await room.held(chat, lan)).resolved(at(hours=1))
    await room.uow.cases.save(done)
    foreign = await room.held(other, lan)
    assert await room.uow.cases.of_customer(chat.customer_id) == [second, first]
    assert await room.uow.cases.of_conversation(chat.id) == [done, second, first]
    assert await room.uow.cases.assigned_in(chat.id, lan.id) == [second]
    assert await room.uow.cases.held_by(lan.id) == [second, foreign]
    await room.uow.promises.add(first.id, at(hours=2), NINE, 1)
    assert await room.uow.cases.recent(chat.customer_id, at(hours=1)) == [
        (done, None),
        (second, None),
        (first, at(hours=2)),
    ]
    assert await room.uow.cases.recent(chat.customer_id, at(hours=1.5)) == [(second, None), (first, at(hours=2))]


async def test_lists_show_urgent_cases_first_and_resolved_ones_newest_first(room: Filling) -> None:
    lan = await room.person("Lan", "sales")
    chat = await room.conversation()
    await room.said(chat, "Cho em hỏi giá")
    await room.said(chat, "ghi chú", direction=Direction.INTERNAL, author=Author.STAFF, created_at=at(hours=1))
    normal, urgent = await room.case(chat), await room.case(chat, priority=Priority.URGENT)
    high = await room.held(chat, lan, priority=Priority.HIGH)
    await room.uow.promises.add(normal.id, at(hours=4), NINE, 1)
    elsewhere = await room.case(chat, "it")
    rows = await room.uow.cases.listing(CaseFilter())
    assert [row.case for row in rows] == [urgent, high, normal, elsewhere]
    assert (rows[1].owner_name, rows[1].customer_name, rows[1].channel) == ("Lan", "Mai", Channel.WEBCHAT)
    assert (rows[2].due_at, rows[2].last_text, rows[2].last_at) == (at(hours=4), "Cho em hỏi giá", NINE)

    async def listed(**wanted: Any) -> list[int]:
        return [row.case.id for row in await room.uow.cases.listing(CaseFilter(**wanted))]

    assert await listed(limit=2) == [urgent.id, high.id]
    assert await listed(department="it") == [elsewhere.id]
    assert await listed(state=CaseState.ASSIGNED) == [high.id]
    assert await listed(owner_id=lan.id) == [high.id]
    assert await listed(visible_to=lan) == [urgent.id, high.id, normal.id]
    done = [high.resolved(at(hours=1)), normal.claimed(lan.id, NINE).resolved(at(hours=2))]
    for case in done:
        await room.uow.cases.save(case)
    assert await listed(state=CaseState.RESOLVED) == [high.id, normal.id]
    assert await listed(state=CaseState.RESOLVED, before=high.id) == [normal.id]


async def test_open_cases_are_counted_as_far_as_one_may_see_them(room: Filling) -> None:
    lan, boss = await room.person("Lan", "sales"), await room.person("Sếp", role=RoleId.MANAGER)
    chat = await room.conversation()
    first, second = await room.case(chat), await room.case(chat)
    await room.uow.promises.add(first.id, at(hours=1), NINE, 1)
    await room.uow.promises.add(second.id, at(hours=3), NINE, 2)
    await room.held(chat, lan)
    await room.held(chat, lan, "it")
    await room.held(chat, boss, "it")
    assert await room.uow.cases.waiting(NINE) == {"sales": 2}
    sales = QueueLook(waiting=2, assigned=1, waiting_since=first.opened_at, late=1)
    later = at(hours=2)
    assert await room.uow.cases.queues(boss, later) == {"sales": sales, "it": QueueLook(assigned=2)}
    assert await room.uow.cases.queues(lan, later) == {"sales": sales, "it": QueueLook(assigned=1)}


async def test_who_rests_until_a_call_neither_waits_nor_is_waited_behind(room: Filling) -> None:
    boss, chat = await room.person("Sếp", role=RoleId.MANAGER), await room.conversation()
    first, called, owed, urgent = [await room.case(chat) for _ in range(4)]
    clock = SlaClock(first=None, next=None, resolution=Run(allowed=60.0), call=Run.call(NINE, at(hours=3)))
    answer = Run(allowed=30.0, since=NINE, due_at=at(hours=1))
    await room.uow.cases.save(replace(called, sla=clock))
    await room.uow.cases.save(replace(owed, sla=replace(clock, next=answer)))
    await room.uow.cases.save(replace(urgent, sla=clock, priority=Priority.URGENT))
    assert await room.uow.cases.waiting(NINE) == {"sales": 3}
    look = (await room.uow.cases.queues(boss, NINE))["sales"]
    assert (look.waiting, look.resting, look.waiting_since) == (3, 1, first.opened_at)
    near = at(hours=2, minutes=45)
    assert await room.uow.cases.waiting(near) == {"sales": 4}
    assert (await room.uow.cases.queues(boss, near))["sales"].resting == 0
    await room.uow.cases.save(replace(called, sla=clock).claimed(boss.id, NINE))
    assert await room.uow.cases.waiting(NINE) == {"sales": 3}


async def test_a_case_has_one_open_promise_and_remembers_those_it_broke(room: Filling) -> None:
    case = await room.case(await room.conversation())
    first = await room.uow.promises.add(case.id, at(hours=1), NINE, 11)
    assert (first.case_id, first.due_at, first.made_at, first.timer_id) == (case.id, at(hours=1), NINE, 11)
    assert await room.uow.promises.open_of(case.id) == first
    await room.uow.promises.save(first.settled(PromiseState.RENEWED, at(hours=1)))
    assert await room.uow.promises.open_of(case.id) is None
    second = await room.uow.promises.add(case.id, at(hours=3), at(hours=1), 12)
    moved = replace(second, due_at=at(hours=4), timer_id=13)
    await room.uow.promises.save(moved)
    assert await room.uow.promises.get(second.id) == moved
    assert await room.uow.promises.broken(case.id) == 1


async def test_a_call_keeps_its_tries_and_its_beginning_and_is_known_once_it_was_made(
    room: Filling,
) -> None:
    case = await room.case(await room.conversation())
    call = await room.uow.promises.add(case.id, at(hours=1), NINE, 11, PromiseKind.CALL, 2)
    assert await room.uow.promises.get(call.id) == call
    assert (call.tries, call.calling_at) == (2, None)
    begun = call.calling(at(minutes=50))
    await room.uow.promises.save(begun)
    assert await room.uow.promises.open_of(case.id) == begun
    assert not await room.uow.promises.called(case.id, at(hours=1))
    await room.uow.promises.save(begun.settled(PromiseState.KEPT, at(hours=1)))
    assert await room.uow.promises.called(case.id, at(hours=1))
    assert not await room.uow.promises.called(case.id, at(hours=2))
    date = await room.uow.promises.add(case.id, at(hours=2), at(hours=1), 12, PromiseKind.DATE)
    await room.uow.promises.save(date.settled(PromiseState.KEPT, at(hours=2)))
    assert not await room.uow.promises.called(case.id, at(hours=2))


async def test_a_promise_keeps_its_kind_and_when_it_was_answered(room: Filling) -> None:
    case = await room.case(await room.conversation())
    answer = await room.uow.promises.add(case.id, at(hours=1), NINE, 11)
    assert (answer.kind, answer.replied_at) == (PromiseKind.ANSWER, None)
    await room.uow.promises.save(answer.settled(PromiseState.CANCELLED, NINE))
    date = await room.uow.promises.add(case.id, at(hours=2), NINE, 12, PromiseKind.DATE)
    answered = replace(date, replied_at=at(minutes=30))
    await room.uow.promises.save(answered)
    assert await room.uow.promises.open_of(case.id) == answered
    assert not answered.silent
    await room.uow.promises.save(answered.settled(PromiseState.KEPT, at(hours=1)))
    silent = await room.uow.promises.add(case.id, at(hours=3), at(hours=2), 13, silent=True)
    assert silent.silent
    assert await room.uow.promises.get(silent.id) == silent
    await room.uow.promises.save(silent.settled(PromiseState.KEPT, at(hours=2)))
    call = await room.uow.promises.add(case.id, at(hours=3), NINE, 13, PromiseKind.CALL)
    assert await room.uow.promises.get(call.id) == call
    assert call.kind is PromiseKind.CALL


async def test_dates_missed_in_a_row_are_counted_since_one_was_kept(room: Filling) -> None:
    case, other = await room.case(await room.conversation()), await room.case(await room.conversation())
    missed: list[int] = []
    for timer, state in enumerate(("renewed", "renewed", "cancelled", "renewed", "kept", "renewed"), 1):
        promise = await room.uow.promises.add(case.id, at(hours=timer), NINE, timer)
        await room.uow.promises.save(promise.settled(PromiseState(state), at(hours=timer)))
        missed.append(await room.uow.promises.broken(case.id))
    assert missed == [1, 2, 2, 3, 0, 1]
    assert await room.uow.promises.broken(other.id) == 0


async def test_what_waits_comes_longest_first_and_not_while_somebody_is_asked(room: Filling) -> None:
    lan = await room.person("Lan", "sales")
    chat = await room.conversation()
    late = await room.case(chat, opened_at=at(hours=2))
    early = await room.case(chat, opened_at=at(hours=1))
    twin = await room.case(chat, opened_at=at(hours=2))
    elsewhere = await room.case(chat, "it", opened_at=NINE)
    await room.held(chat, lan)
    offered = await room.case(chat)
    asked = await room.case(chat)
    offer = await room.uow.offers.add(offered.id, lan.id, NINE, at(minutes=1))
    await room.uow.transfers.add(asked.id, lan.id, "it", None, "", NINE, at(minutes=5))
    waiting = room.uow.cases.waiting_in
    assert await waiting(None) == [elsewhere, early, late, twin]
    assert await waiting(frozenset({"sales"})) == [early, late, twin]
    assert await waiting(frozenset({"sales", "it"})) == [elsewhere, early, late, twin]
    assert await waiting(frozenset()) == []
    await room.uow.offers.save(offer.settled(OfferState.DECLINED, at(minutes=1)))
    assert await waiting(frozenset({"sales"})) == [offered, early, late, twin]


async def test_loads_say_who_holds_how_much_and_since_when_one_is_idle(room: Filling) -> None:
    chat = await room.conversation()
    names = ("Lan", "Minh", "Hoa", "An", "Vũ")
    busy, finished, fresh, both, gone = [await room.person(name, "sales") for name in names]
    await room.held(chat, busy, opened_at=at(hours=1))
    await room.held(chat, busy, opened_at=at(hours=2))
    for person, taken, ended in [(finished, 1, 5), (finished, 2, 4), (both, 1, 2)]:
        case = await room.held(chat, person, opened_at=at(hours=taken))
        await room.uow.cases.save(case.resolved(at(hours=ended)))
    await room.held(chat, both, opened_at=at(hours=3))
    await room.uow.staff.set_active(gone.id, active=False)
    loads = await room.uow.cases.loads()
    assert loads == {
        busy.id: (2, at(hours=2)),
        finished.id: (0, at(hours=5)),
        fresh.id: (0, NINE),
        both.id: (1, at(hours=3)),
    }
    assert loads[busy.id].open_cases == 2
    assert loads[busy.id].idle_since == at(hours=2)


async def test_the_previous_person_is_the_one_who_last_had_this_customer_for_this_work(room: Filling) -> None:
    lan, minh, hoa = await room.person("Lan"), await room.person("Minh"), await room.person("Hoa")
    chat, other = await room.conversation("a"), await room.conversation("b")
    await room.uow.cases.save((await room.held(chat, lan)).resolved(at(hours=1)))
    await room.uow.cases.save((await room.held(chat, minh)).resolved(at(hours=2)))
    # Covered by the cashier, but sales work; and work of another desk.
    await room.held(chat, hoa, "cashier", wanted="sales")
    await room.held(chat, lan, "it")
    await room.held(other, lan)
    sales, it = await room.case(chat), await room.case(chat, "it")
    elsewhere, stranger = await room.case(chat, "teller"), await room.case(other, "it")
    asked = [sales.id, it.id, elsewhere.id, stranger.id]
    assert await room.uow.cases.previous_staff_of(asked) == {sales.id: hoa.id, it.id: lan.id}
    assert await room.uow.cases.previous_staff_of([]) == {}


async def test_a_case_is_not_its_own_past(room: Filling) -> None:
    lan, minh = await room.person("Lan"), await room.person("Minh")
    chat = await room.conversation()
    await room.held(chat, lan)
    held = await room.held(chat, minh)
    assert await room.uow.cases.previous_staff_of([held.id]) == {held.id: lan.id}


async def test_many_cases_come_with_the_names_of_their_customers(room: Filling) -> None:
    first, second = await room.conversation("one"), await room.conversation("two")
    await room.uow.conversations.save_name(first.customer_id, "Khách Lan")
    cases = [await room.case(first, code="BH-0001"), await room.case(second, code="BH-0002")]
    found = await room.uow.cases.with_customers([one.id for one in cases])
    assert {case.code: name for case, name in found.values()} == {
        "BH-0001": "Khách Lan",
        "BH-0002": second.customer_name,
    }
    assert found[cases[0].id][0] == cases[0]
    assert await room.uow.cases.with_customers([]) == {}
