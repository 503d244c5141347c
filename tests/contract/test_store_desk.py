"""Every store keeps offers, transfers, requests, approvals and ratings alike."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.approvals import ApprovalState, ApprovedSum
from bot.domain.cases import Case, CaseState
from bot.domain.company import RoleId
from bot.domain.errors import AlreadyTaken, ForbiddenMove, Unknown
from bot.domain.offers import OfferState
from bot.domain.requests import RequestState
from bot.domain.transfers import TransferKind, TransferState
from bot.services.ports_cases import CaseFilter
from tests.contract.stores import NINE, Filling, at


async def test_an_offer_is_kept_as_it_was_made_and_as_it_ended(room: Filling) -> None:
    case, lan = await room.case(await room.conversation()), await room.person("Lan", "sales")
    offer = await room.uow.offers.add(case.id, lan.id, NINE, at(minutes=1.5))
    assert (offer.case_id, offer.staff_id, offer.state) == (case.id, lan.id, OfferState.OPEN)
    assert (offer.made_at, offer.expires_at, offer.settled_at, offer.timer_id) == (NINE, at(minutes=1.5), None, None)
    await room.uow.offers.save(replace(offer, timer_id=77))
    assert (await room.uow.offers.get(offer.id)).timer_id == 77
    ended = replace(offer, timer_id=77).settled(OfferState.DECLINED, at(minutes=1), "đang bận")
    await room.uow.offers.save(ended)
    assert await room.uow.offers.get(offer.id) == ended
    assert await room.uow.offers.of_case(case.id) == [ended]
    assert await room.uow.offers.open_of(case.id) is None


async def test_a_case_has_one_open_offer_and_the_second_is_told_whose_it_is(room: Filling) -> None:
    case = await room.case(await room.conversation())
    lan, minh = await room.person("Lan"), await room.person("Minh")
    first = await room.uow.offers.add(case.id, lan.id, NINE, at(minutes=1))
    with pytest.raises(AlreadyTaken) as refused:
        await room.uow.offers.add(case.id, minh.id, NINE, at(minutes=1))
    assert refused.value.winner == lan.id
    # The refusal leaves the transaction whole, and an offer that has ended stands in nobody's way.
    await room.uow.offers.save(first.settled(OfferState.EXPIRED, at(minutes=1)))
    second = await room.uow.offers.add(case.id, minh.id, at(minutes=1), at(minutes=2))
    assert await room.uow.offers.open_of(case.id) == second
    assert [one.staff_id for one in await room.uow.offers.of_case(case.id)] == [lan.id, minh.id]


async def test_a_person_sees_what_is_on_offer_the_most_pressing_first(room: Filling) -> None:
    chat = await room.conversation()
    lan, minh = await room.person("Lan"), await room.person("Minh")
    late = await room.uow.offers.add((await room.case(chat)).id, lan.id, NINE, at(minutes=3))
    soon = await room.uow.offers.add((await room.case(chat)).id, lan.id, NINE, at(minutes=1))
    other = await room.uow.offers.add((await room.case(chat)).id, minh.id, NINE, at(minutes=2))
    assert await room.uow.offers.open_for(lan.id) == [soon, late]
    assert await room.uow.offers.open_counts() == {lan.id: 2, minh.id: 1}
    await room.uow.offers.save(other.settled(OfferState.ACCEPTED, at(minutes=1)))
    assert await room.uow.offers.open_counts() == {lan.id: 2}


async def test_refusals_are_those_of_the_present_wait(room: Filling) -> None:
    chat = await room.conversation()
    lan, minh, hoa = await room.person("Lan"), await room.person("Minh"), await room.person("Hoa")
    waiting = await room.case(chat, opened_at=at(hours=1))
    quiet = await room.case(chat)
    ends = [
        (lan, OfferState.DECLINED, at(minutes=59)),  # before this wait began
        (minh, OfferState.DECLINED, at(minutes=61)),
        (hoa, OfferState.EXPIRED, at(minutes=62)),
        (lan, OfferState.WITHDRAWN, at(minutes=63)),
    ]
    for person, state, made_at in ends:
        offer = await room.uow.offers.add(waiting.id, person.id, made_at, made_at)
        await room.uow.offers.save(offer.settled(state, made_at))
    await room.uow.offers.add(quiet.id, lan.id, NINE, at(minutes=1))
    found = await room.uow.offers.refusals([waiting.id, quiet.id])
    assert found == {waiting.id: frozenset({minh.id, hoa.id})}
    assert await room.uow.offers.refusals([]) == {}


async def test_a_transfer_is_kept_as_it_was_asked_and_as_it_ended(room: Filling) -> None:
    lan, minh = await room.person("Lan", "sales"), await room.person("Minh", "accounting")
    case = await room.held(await room.conversation(), lan)
    asked = await room.uow.transfers.add(
        case.id,
        lan.id,
        "accounting",
        minh.id,
        "Khách cần hoá đơn.",
        NINE,
        at(minutes=5),
        kind=TransferKind.RELIEVED,
        meant="sales",
    )
    assert (asked.case_id, asked.from_staff_id, asked.to_staff_id) == (case.id, lan.id, minh.id)
    assert (asked.to_department, asked.summary) == ("accounting", "Khách cần hoá đơn.")
    assert (asked.kind, asked.state, asked.meant) == (TransferKind.RELIEVED, TransferState.ASKED, "sales")
    assert await room.uow.transfers.relieving() == frozenset()
    timed = replace(asked, timer_id=5, leaving=True, said_no=(lan.id,))
    await room.uow.transfers.save(timed)
    assert await room.uow.transfers.asked_of(case.id) == timed
    assert await room.uow.transfers.relieving() == {lan.id}
    declined = timed.declined(minh, at(minutes=1), "hết ca")
    await room.uow.transfers.save(declined)
    assert await room.uow.transfers.get(asked.id) == declined
    assert await room.uow.transfers.of_case(case.id) == [declined]
    assert await room.uow.transfers.asked_of(case.id) is None
    assert await room.uow.transfers.relieving() == frozenset()


async def test_open_cases_into_which_somebody_brought_a_colleague_are_listed(room: Filling) -> None:
    lan, minh = await room.person("Lan", "sales"), await room.person("Minh", "accounting")
    chat = await room.conversation()

    async def given(kind: TransferKind, *, accepted: bool = True) -> Case:
        case = await room.held(chat, lan)
        asked = await room.uow.transfers.add(case.id, lan.id, "it", minh.id, "", NINE, at(minutes=5), kind=kind)
        if accepted:
            await room.uow.transfers.save(asked.accepted(minh, at(minutes=1)))
        return case

    await given(TransferKind.PASSED_ON)
    await given(TransferKind.INTRODUCED, accepted=False)
    over, open_one = await given(TransferKind.INTRODUCED), await given(TransferKind.INTRODUCED)
    await room.uow.cases.save(over.resolved(at(hours=1)))
    for state in (None, CaseState.ASSIGNED):
        rows = await room.uow.cases.listing(CaseFilter(introduced_by=lan.id, state=state))
        assert [row.case.id for row in rows] == [open_one.id]
    assert await room.uow.cases.listing(CaseFilter(introduced_by=lan.id, state=CaseState.RESOLVED)) == []
    assert await room.uow.cases.listing(CaseFilter(introduced_by=minh.id)) == []


async def test_a_case_is_asked_of_one_at_a_time(room: Filling) -> None:
    lan = await room.person("Lan", "sales")
    case = await room.held(await room.conversation(), lan)
    first = await room.uow.transfers.add(case.id, lan.id, "accounting", None, "", NINE, at(minutes=5))
    with pytest.raises(ForbiddenMove):
        await room.uow.transfers.add(case.id, lan.id, "it", None, "", NINE, at(minutes=5))
    await room.uow.transfers.save(first.cancelled(lan, at(minutes=1)))
    second = await room.uow.transfers.add(case.id, lan.id, "it", None, "", at(minutes=1), at(minutes=6), leaving=True)
    assert await room.uow.transfers.asked_of(case.id) == second
    assert (first.leaving, second.leaving) == (False, True)


async def test_people_see_what_is_asked_of_them_and_not_what_is_asked_of_others(room: Filling) -> None:
    chat = await room.conversation()
    lan = await room.person("Lan", "sales", "accounting")
    minh, hoa = await room.person("Minh", "accounting"), await room.person("Hoa", "accounting")

    async def ask(department: str, to: int | None, minutes: int) -> int:
        case = await room.held(chat, lan)
        add = room.uow.transfers.add
        return (await add(case.id, lan.id, department, to, "", NINE, at(minutes=minutes))).id

    to_all, to_minh, to_hoa = (
        await ask("accounting", None, 9),
        await ask("accounting", minh.id, 3),
        await ask("it", hoa.id, 5),
    )
    await ask("it", None, 1)
    mine = frozenset({"accounting"})
    assert [one.id for one in await room.uow.transfers.incoming(minh.id, mine)] == [to_minh, to_all]
    assert [one.id for one in await room.uow.transfers.incoming(hoa.id, mine)] == [to_hoa, to_all]
    assert await room.uow.transfers.incoming(lan.id, mine) == []
    assert [one.id for one in await room.uow.transfers.incoming(minh.id, frozenset())] == [to_minh]
    assert len(await room.uow.transfers.outgoing(lan.id)) == 4
    assert await room.uow.transfers.outgoing(minh.id) == []


async def test_requests_run_side_by_side_and_come_back_by_their_deadlines(room: Filling) -> None:
    lan, kho = await room.person("Lan", "sales"), await room.person("Kho", "warehouse")
    case = await room.held(await room.conversation(), lan)
    add = room.uow.requests.add
    late = await add(case.id, "warehouse", lan.id, "Còn hàng không?", NINE, at(hours=3))
    soon = await add(case.id, "warehouse", lan.id, "Giao khi nào?", NINE, at(hours=2))
    bill = await add(case.id, "accounting", lan.id, "Xuất hoá đơn.", NINE, at(hours=1))
    assert (bill.state, bill.text, bill.asked_by, bill.due_at) == (
        RequestState.OPEN,
        "Xuất hoá đơn.",
        lan.id,
        at(hours=1),
    )
    assert await room.uow.requests.unsettled_in(frozenset({"warehouse"})) == [soon, late]
    assert await room.uow.requests.unsettled_in(None) == [bill, soon, late]
    assert await room.uow.requests.unsettled_in(frozenset()) == []
    taken = replace(late.taken(kho), timer_id=9).slipped_to(at(hours=5), at(hours=3))
    await room.uow.requests.save(taken)
    assert await room.uow.requests.get(late.id, lock=True) == taken
    assert await room.uow.requests.unsettled_by(kho.id) == [taken]
    assert await room.uow.requests.unsettled_by(lan.id) == []
    answered = taken.answered(kho, "Còn 3 cái.", at(hours=4))
    await room.uow.requests.save(answered)
    assert await room.uow.requests.of_case(case.id) == [answered, soon, bill]
    assert await room.uow.requests.unsettled_in(frozenset({"warehouse"})) == [soon]
    assert await room.uow.requests.unsettled_by(kho.id) == []


async def test_approvals_wait_until_they_are_decided(room: Filling) -> None:
    lan, sep = await room.person("Lan", "sales"), await room.person("Sếp", role=RoleId.MANAGER)
    case = await room.held(await room.conversation(), lan)
    add = room.uow.approvals.add
    late = await add(case.id, "refund", 2_500_000_000_000, "Giao nhầm.", lan.id, NINE, at(minutes=30))
    soon = await add(case.id, "exception", None, "Đổi ngoài hạn.", lan.id, NINE, at(minutes=20))
    assert (late.kind, late.amount, late.state) == ("refund", 2_500_000_000_000, ApprovalState.PENDING)
    assert soon.amount is None
    assert await room.uow.approvals.pending() == [soon, late]
    urged = replace(soon.escalated(at(minutes=25), at(minutes=60)), timer_id=3, asked_of=sep.id, asked_too=(sep.id,))
    await room.uow.approvals.save(urged)
    assert await room.uow.approvals.pending() == [late, urged]
    decided = replace(
        late, state=ApprovalState.REFUSED, decided_by=sep.id, decided_at=at(minutes=10), note="Chưa đủ chứng từ."
    )
    await room.uow.approvals.save(decided)
    assert await room.uow.approvals.get(late.id, lock=True) == decided
    assert await room.uow.approvals.of_case(case.id) == [decided, urged]
    assert await room.uow.approvals.pending() == [urged]


async def test_an_approval_is_read_beside_those_of_its_case(room: Filling) -> None:
    lan, sep = await room.person("Lan", "sales"), await room.person("Sếp", role=RoleId.MANAGER)
    case, other = [await room.held(await room.conversation(name), lan) for name in ("a", "b")]
    add = room.uow.approvals.add
    first = await add(case.id, "refund", 300_000, "Giao nhầm.", lan.id, NINE, at(minutes=30))
    assert (first.owner_id, first.earlier) == (lan.id, ())
    yes = {"state": ApprovalState.APPROVED, "decided_by": sep.id, "decided_at": at(minutes=5)}
    await room.uow.approvals.save(replace(first, **yes))
    second = await add(case.id, "refund", 200_000, "Giao nhầm.", lan.id, NINE, at(minutes=30))
    third = await add(other.id, "refund", 200_000, "Giao nhầm.", lan.id, NINE, at(minutes=31))
    assert second.earlier == (ApprovedSum(amount=300_000, by=sep.id, at=at(minutes=5)),)
    assert (second.total, third.total) == (500_000, 200_000)
    assert await room.uow.approvals.get(second.id, lock=True) == second
    assert await room.uow.approvals.pending() == [second, third]
    assert await room.uow.approvals.of_case(case.id) == [replace(first, **yes), second]


async def test_a_customer_is_asked_once_what_they_thought(room: Filling) -> None:
    lan = await room.person("Lan")
    chat = await room.conversation()
    case, follow_up = await room.held(chat, lan), await room.case(chat, "customer_relations")
    asked = await room.uow.ratings.add(case.id, at(hours=1))
    assert asked is not None
    assert (asked.case_id, asked.asked_at, asked.score, asked.words) == (case.id, at(hours=1), None, "")
    assert await room.uow.ratings.add(case.id, at(hours=2)) is None
    given = asked.rated(2, "chờ lâu quá", at(hours=2)).followed_up(follow_up.id)
    await room.uow.ratings.save(given)
    assert await room.uow.ratings.of_case(case.id) == given
    assert await room.uow.ratings.get(asked.id) == given
    assert await room.uow.ratings.of_case(follow_up.id) is None


async def test_an_answer_finds_the_newest_question_of_its_conversation(room: Filling) -> None:
    lan = await room.person("Lan")
    chat, other = await room.conversation("a"), await room.conversation("b")
    first, second = [await room.held(chat, lan) for _ in range(2)]
    await room.uow.ratings.add(second.id, at(hours=2))
    await room.uow.ratings.add(first.id, at(hours=1))
    found = await room.uow.ratings.asked_in(chat.id, at(hours=1))
    assert found is not None
    assert found.case_id == second.id
    await room.uow.ratings.save(found.rated(5, "", at(hours=3)))
    assert await room.uow.ratings.asked_in(chat.id, at(hours=1)) == found.rated(5, "", at(hours=3))
    assert await room.uow.ratings.asked_in(chat.id, at(hours=3)) is None
    assert await room.uow.ratings.asked_in(other.id, NINE) is None


@pytest.mark.parametrize("port", ["offers", "transfers", "requests", "approvals", "ratings"])
async def test_what_is_not_there_is_unknown(room: Filling, port: str) -> None:
    with pytest.raises(Unknown):
        await getattr(room.uow, port).get(4_711)
