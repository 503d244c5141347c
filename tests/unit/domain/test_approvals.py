"""Approvals: asked with a reason, decided by somebody who may, never by the asker, never for ever silent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.approvals import (
    AMOUNT_MAX,
    Approval,
    ApprovalState,
    ApprovedSum,
    approval_due,
    beside,
    checked_approval,
    deciders,
    is_same,
    may_decide,
    nearest,
    next_decider_at,
    urged,
    waits_for,
)
from bot.domain.company import Company, RoleId
from bot.domain.errors import ForbiddenMove, Invalid, NotPermitted
from bot.domain.shifts import Roster
from bot.domain.staff import StaffMember
from tests.unit.domain.desk_people import AN, BINH, EVERYBODY, HELD, LAN, LATER, NOW, TAM, person
from tests.unit.domain.roster_world import HANOI, at, every_day

MILLION = 1_000_000
ASKED = Approval(
    id=1,
    case_id=1,
    kind="refund",
    amount=2 * MILLION,
    reason="giao sai hàng",
    asked_by=LAN.id,
    asked_at=NOW,
    due_at=NOW + timedelta(minutes=30),
)


@pytest.mark.parametrize(
    ("amount", "staff", "asked_by", "may"),
    [
        (300_000, TAM, LAN.id, True),
        (500_000, TAM, LAN.id, True),
        (500_001, TAM, LAN.id, False),
        (300_000, LAN, LAN.id, False),
        (20 * MILLION, BINH, LAN.id, True),
        (20 * MILLION + 1, BINH, LAN.id, False),
        (AMOUNT_MAX, AN, LAN.id, True),
        (1, AN, AN.id, False),
        (1, BINH, BINH.id, False),
        (None, BINH, LAN.id, True),
        (None, AN, LAN.id, True),
        (None, TAM, LAN.id, False),
        (None, AN, AN.id, False),
        (1, replace(BINH, active=False), LAN.id, False),
    ],
)
def test_within_the_limit_of_the_role_and_never_the_asker(
    company: Company, amount: int | None, staff: StaffMember, asked_by: int, *, may: bool
) -> None:
    approval = replace(ASKED, amount=amount, asked_by=asked_by)
    assert may_decide(company, staff, approval) is may
    for decide in (
        lambda: approval.approved(company, staff, NOW),
        lambda: approval.refused(company, staff, NOW, "quá hạn"),
    ):
        if may:
            assert decide().decided_by == staff.id
        else:
            with pytest.raises(NotPermitted):
                decide()


@pytest.mark.parametrize(
    ("staff", "owner", "earlier", "amount", "may"),
    [
        # An agent decides up to 500,000 VND, whatever it comes to in parts.
        (TAM, LAN, (), 500_000, True),
        (TAM, LAN, (200_000,), 300_000, True),
        (TAM, LAN, (200_000,), 300_001, False),
        (TAM, LAN, (300_000, 200_000), 1, False),
        (BINH, LAN, (19 * MILLION,), MILLION, True),
        (BINH, LAN, (19 * MILLION,), MILLION + 1, False),
        (AN, LAN, (AMOUNT_MAX,), AMOUNT_MAX, True),
        # What a colleague asked in one's own case is for somebody else, unless one leads.
        (TAM, TAM, (), 300_000, False),
        (BINH, BINH, (), 300_000, True),
        (BINH, BINH, (), None, True),
        (TAM, None, (), 300_000, True),
    ],
)
def test_the_limit_holds_for_the_total_of_a_case_and_its_owner_is_no_judge(
    company: Company,
    staff: StaffMember,
    owner: StaffMember | None,
    earlier: tuple[int, ...],
    amount: int | None,
    *,
    may: bool,
) -> None:
    granted = tuple(ApprovedSum(amount=one, by=AN.id, at=NOW) for one in earlier)
    approval = replace(ASKED, amount=amount, owner_id=owner.id if owner else None, earlier=granted)
    assert may_decide(company, staff, approval) is may


def test_what_counts_is_what_was_granted_of_this_kind_in_this_case_before(company: Company) -> None:
    first = replace(ASKED, id=2).approved(company, BINH, LATER)
    others = [
        first,
        replace(first, id=3, kind="discount"),
        replace(first, id=4, case_id=2),
        replace(ASKED, id=5),
        replace(ASKED, id=6).refused(company, BINH, LATER, "quá hạn"),
    ]
    read = beside(ASKED, [ASKED, *others], LAN.id)
    assert (read.owner_id, read.earlier) == (LAN.id, (ApprovedSum(amount=2 * MILLION, by=BINH.id, at=LATER),))
    assert read.total == 4 * MILLION
    assert beside(first, [first, *others], LAN.id).total == 2 * MILLION, "itself is not earlier than itself"
    before = replace(first, id=7, decided_at=NOW)
    assert beside(before, [first, before], LAN.id).earlier == (), "what came later was not known"


def test_where_whoever_is_asked_first_came_to_own_the_case_it_waits_for_all(company: Company) -> None:
    small = replace(ASKED, amount=300_000, asked_of=TAM.id, owner_id=TAM.id)
    waiting = [one for one in EVERYBODY if waits_for(company, EVERYBODY, one, small)]
    assert TAM not in waiting
    assert waiting == deciders(company, EVERYBODY, small)
    assert {BINH, AN} <= set(waiting)


def test_approved(company: Company) -> None:
    done = ASKED.approved(company, BINH, LATER, " đồng ý ")
    assert (done.state, done.decided_at, done.note, done.open) == (ApprovalState.APPROVED, LATER, "đồng ý", False)


def test_a_refusal_explains_itself(company: Company) -> None:
    with pytest.raises(Invalid) as refused:
        ASKED.refused(company, BINH, LATER, " ")
    assert refused.value.field == "note"
    assert ASKED.refused(company, BINH, LATER, "đã quá 30 ngày").state is ApprovalState.REFUSED


def test_a_late_decision_counts(company: Company) -> None:
    late = ASKED.due_at + timedelta(hours=2)
    assert ASKED.approved(company, BINH, late).state is ApprovalState.APPROVED


@pytest.mark.parametrize(
    "end",
    [
        lambda house: ASKED.approved(house, BINH, NOW),
        lambda house: ASKED.refused(house, BINH, NOW, "quá hạn"),
        lambda _: ASKED.cancelled(NOW),
    ],
)
@pytest.mark.parametrize(
    "move",
    [
        lambda ended, house: ended.approved(house, AN, LATER),
        lambda ended, house: ended.refused(house, AN, LATER, "quá hạn"),
        lambda ended, _: ended.cancelled(LATER),
        lambda ended, _: ended.escalated(ended.due_at, ended.due_at + timedelta(hours=1)),
    ],
)
def test_decided_once(
    company: Company, end: Callable[[Company], Approval], move: Callable[[Approval, Company], Approval]
) -> None:
    with pytest.raises(ForbiddenMove):
        move(end(company), company)


def test_silence_goes_to_those_without_a_limit(company: Company) -> None:
    with pytest.raises(ForbiddenMove):
        ASKED.escalated(ASKED.due_at - timedelta(hours=1), ASKED.due_at)
    with pytest.raises(Invalid):
        ASKED.escalated(ASKED.due_at, ASKED.due_at)
    again = ASKED.due_at + timedelta(minutes=30)
    escalated = ASKED.escalated(ASKED.due_at, again)
    assert (escalated.escalated_at, escalated.due_at, escalated.open) == (ASKED.due_at, again, True)
    assert escalated.escalated(again, again + timedelta(minutes=30)).escalated_at == again
    assert escalated.approved(company, BINH, again).state is ApprovalState.APPROVED
    assert [one.id for one in urged(company, EVERYBODY, escalated)] == [AN.id]


def test_it_goes_up_once_and_is_then_a_reminder(company: Company) -> None:
    again = ASKED.due_at + timedelta(minutes=30)
    with pytest.raises(ForbiddenMove):
        ASKED.reminded(ASKED.due_at, again)
    raised = ASKED.escalated(ASKED.due_at, again)
    with pytest.raises(ForbiddenMove):
        raised.reminded(again - timedelta(minutes=1), again + timedelta(hours=1))
    reminded = raised.reminded(again, again + timedelta(hours=1))
    assert (reminded.escalated_at, reminded.due_at) == (ASKED.due_at, again + timedelta(hours=1))


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        (frozenset({2}), "2026-08-24T20:00"),
        (frozenset({1}), "2026-08-25T09:00"),
        (frozenset[int](), "2026-08-25T09:00"),
    ],
)
def test_who_may_decide_is_waited_for(there: frozenset[int], expected: str) -> None:
    able = [person(2, role=RoleId.MANAGER), person(3, role=RoleId.MANAGER), person(4, role=RoleId.ADMIN)]
    roster = Roster(HANOI, (*every_day(2, "13:00-17:00"), *every_day(3, "09:00-12:00")))
    evening = at("2026-08-24T20:00")
    assert next_decider_at(roster, able, there, evening) == at(expected)
    assert next_decider_at(roster, able[2:], there, evening) is None


def test_where_nobody_is_without_limit_all_who_may_are_urged(company: Company) -> None:
    second = person(8, role=RoleId.MANAGER)
    assert urged(company, [LAN, TAM, BINH, second], ASKED) == [BINH, second]


def test_a_house_in_which_only_the_asker_may_has_no_decider(company: Company) -> None:
    assert deciders(company, EVERYBODY, ASKED) == [BINH, AN]
    assert deciders(company, [LAN, TAM, AN], replace(ASKED, asked_by=AN.id)) == []
    assert urged(company, [LAN, TAM, AN], replace(ASKED, asked_by=AN.id)) == []


@pytest.mark.parametrize(
    ("kind", "amount", "reason", "field"),
    [
        ("gift", 1, "vì", "kind"),
        ("refund", None, "vì", "amount"),
        ("discount", None, "vì", "amount"),
        ("refund", 0, "vì", "amount"),
        ("refund", -5, "vì", "amount"),
        ("refund", AMOUNT_MAX + 1, "vì", "amount"),
        ("refund", 1, " ", "reason"),
        ("exception", None, "x" * 1_001, "reason"),
    ],
)
def test_what_may_not_be_asked(company: Company, kind: str, amount: int | None, reason: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked_approval(company, HELD, asker=LAN, kind=kind, amount=amount, reason=reason)
    assert refused.value.field == field


def test_only_the_owner_of_an_open_case_asks(company: Company) -> None:
    assert checked_approval(company, HELD, asker=LAN, kind="exception", amount=None, reason=" vì ") == "vì"
    with pytest.raises(NotPermitted):
        checked_approval(company, HELD, asker=TAM, kind="refund", amount=1, reason="vì")
    with pytest.raises(ForbiddenMove):
        checked_approval(company, HELD.resolved(NOW), asker=LAN, kind="refund", amount=1, reason="vì")


def test_silence_is_counted_in_open_time(company: Company) -> None:
    evening = datetime(2026, 11, 25, 19, 50, tzinfo=company.zone)
    assert approval_due(company, evening) == datetime(2026, 11, 26, 8, 20, tzinfo=company.zone)


PEER, SENIOR = person(81, "sales"), replace(person(82, "sales"), senior=True)
ELSEWHERE, CHIEF = person(83, "warehouse"), person(84, role=RoleId.MANAGER)


@pytest.mark.parametrize(
    ("able", "on_duty", "first"),
    [
        # On duty beats everything; then the asker's own desk, experience, and no more say than it takes.
        ((PEER, SENIOR, ELSEWHERE, CHIEF, AN), (81, 82, 83, 84, AN.id), SENIOR),
        ((PEER, SENIOR, ELSEWHERE, CHIEF), (81, 83, 84), PEER),
        ((PEER, SENIOR, ELSEWHERE, CHIEF), (83, 84), CHIEF),
        ((PEER, SENIOR, CHIEF, AN), (84, AN.id), CHIEF),
        ((PEER, SENIOR, ELSEWHERE), (), SENIOR),
        ((), (1,), None),
    ],
)
def test_the_nearest_is_asked_first(
    company: Company, able: tuple[StaffMember, ...], on_duty: tuple[int, ...], first: StaffMember | None
) -> None:
    assert nearest(company, able, person(80, "sales"), on_duty) == first


def test_only_whoever_is_asked_has_it_waiting_until_it_goes_up(company: Company) -> None:
    small = replace(ASKED, amount=300_000, asked_of=TAM.id)
    waiting = [one for one in EVERYBODY if waits_for(company, EVERYBODY, one, small)]
    assert waiting == [TAM]
    raised = replace(small, escalated_at=LATER)
    assert {one.id for one in EVERYBODY if waits_for(company, EVERYBODY, one, raised)} == {TAM.id, AN.id}
    assert all(waits_for(company, EVERYBODY, one, replace(small, asked_of=None)) for one in (TAM, BINH, AN))
    gone = [replace(one, active=False) if one is TAM else one for one in EVERYBODY]
    assert all(waits_for(company, gone, one, small) for one in (BINH, AN)), "nobody would look at it"


def test_the_same_decision_is_the_same_whoever_asks_for_it() -> None:
    assert is_same(ASKED, "refund", 2 * MILLION)
    assert not is_same(ASKED, "refund", MILLION)
    assert not is_same(ASKED, "discount", 2 * MILLION)
    assert not is_same(replace(ASKED, state=ApprovalState.REFUSED), "refund", 2 * MILLION)
