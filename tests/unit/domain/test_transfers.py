"""Warm transfers: who may ask, who may answer, and what a yes does to the case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.cases import HOP_LIMIT, Case
from bot.domain.company import MANAGEMENT, Company, Priority, RoleId
from bot.domain.errors import AlreadyTaken, ForbiddenMove, Invalid, NotPermitted
from bot.domain.staff import StaffMember
from bot.domain.transfers import (
    Transfer,
    TransferKind,
    TransferState,
    checked_transfer,
    handed_over,
    may_answer,
    takes_part,
)
from tests.unit.domain.desk_people import AN, BINH, GONE, HELD, HOA, LAN, LATER, MINH, NOW, TAM, WAITING, person

TO_MINH = Transfer(
    id=1,
    case_id=HELD.id,
    from_staff_id=LAN.id,
    to_department="accounting",
    to_staff_id=MINH.id,
    summary="khách cần sửa hoá đơn",
    asked_at=NOW,
    expires_at=NOW + timedelta(minutes=2),
)
TO_ACCOUNTING = replace(TO_MINH, to_staff_id=None)
USED_UP = replace(HELD, hops=HOP_LIMIT)


@pytest.mark.parametrize(
    ("transfer", "staff", "may"),
    [
        (TO_MINH, MINH, True),
        (TO_MINH, HOA, False),
        (TO_MINH, LAN, False),
        (TO_MINH, BINH, False),
        (TO_ACCOUNTING, MINH, True),
        (TO_ACCOUNTING, HOA, True),
        (TO_ACCOUNTING, TAM, False),
        (TO_ACCOUNTING, GONE, False),
        (TO_ACCOUNTING, BINH, True),
        (replace(TO_ACCOUNTING, to_department="sales"), LAN, False),
        (replace(TO_ACCOUNTING, to_department="sales"), TAM, True),
        (replace(TO_ACCOUNTING, to_department=MANAGEMENT), BINH, True),
        (replace(TO_ACCOUNTING, to_department=MANAGEMENT), MINH, False),
        (replace(TO_MINH, to_staff_id=GONE.id), GONE, False),
    ],
)
def test_only_the_asked_may_answer(transfer: Transfer, staff: StaffMember, *, may: bool) -> None:
    assert may_answer(staff, transfer) is may
    for answer in (lambda: transfer.accepted(staff, NOW), lambda: transfer.declined(staff, NOW, "bận")):
        if may:
            assert answer().settled_by == staff.id
        else:
            with pytest.raises(NotPermitted):
                answer()


def test_a_yes_gives_the_case_to_the_receiver() -> None:
    accepted = TO_MINH.accepted(MINH, LATER)
    assert (accepted.state, accepted.settled_at, accepted.open) == (TransferState.ACCEPTED, LATER, False)
    moved = handed_over(HELD, accepted, LATER)
    assert (moved.owner_id, moved.department, moved.wanted, moved.hops) == (MINH.id, "accounting", "accounting", 1)
    assert (moved.claimed_at, moved.queue_number, moved.queue_day) == (LATER, None, None)
    assert moved.priority is Priority.NORMAL


def test_a_late_yes_counts_until_the_time_out_is_noted() -> None:
    late = TO_MINH.expires_at + timedelta(seconds=5)
    assert TO_MINH.accepted(MINH, late).state is TransferState.ACCEPTED
    with pytest.raises(ForbiddenMove):
        TO_MINH.expired(late).accepted(MINH, late)


def test_of_two_who_accept_the_second_is_told_who_was_faster() -> None:
    accepted = TO_ACCOUNTING.accepted(MINH, NOW)
    with pytest.raises(AlreadyTaken) as refused:
        accepted.accepted(HOA, NOW)
    assert refused.value.winner == MINH.id
    with pytest.raises(ForbiddenMove):
        accepted.accepted(MINH, NOW)


def test_a_no_needs_a_reason_and_moves_nothing() -> None:
    with pytest.raises(Invalid) as refused:
        TO_MINH.declined(MINH, NOW, "  ")
    assert refused.value.field == "reason"
    declined = TO_MINH.declined(MINH, NOW, " đang tiếp khách ")
    assert (declined.state, declined.reason) == (TransferState.DECLINED, "đang tiếp khách")
    with pytest.raises(ForbiddenMove):
        handed_over(HELD, declined, NOW)


def test_time_out_only_when_the_time_is_up() -> None:
    with pytest.raises(ForbiddenMove):
        TO_MINH.expired(TO_MINH.expires_at - timedelta(hours=1))
    expired = TO_MINH.expired(TO_MINH.expires_at)
    assert (expired.state, expired.settled_by) == (TransferState.EXPIRED, None)


@pytest.mark.parametrize(("by", "settled_by"), [(LAN, LAN.id), (BINH, BINH.id), (None, None)])
def test_taken_back(by: StaffMember | None, settled_by: int | None) -> None:
    cancelled = TO_MINH.cancelled(by, LATER, "khách đã xong")
    assert (cancelled.state, cancelled.settled_by, cancelled.reason) == (
        TransferState.CANCELLED,
        settled_by,
        "khách đã xong",
    )


def test_nobody_else_takes_it_back() -> None:
    with pytest.raises(NotPermitted):
        TO_MINH.cancelled(MINH, NOW)


@pytest.mark.parametrize(
    "ended",
    [
        TO_MINH.accepted(MINH, NOW),
        TO_MINH.declined(MINH, NOW, "bận"),
        TO_MINH.expired(TO_MINH.expires_at),
        TO_MINH.cancelled(LAN, NOW),
    ],
    ids=lambda one: one.state,
)
def test_an_ended_transfer_stays_ended(ended: Transfer) -> None:
    moves: list[Callable[[], Transfer]] = [
        lambda: ended.accepted(MINH, LATER),
        lambda: ended.declined(MINH, LATER, "bận"),
        lambda: ended.expired(TO_MINH.expires_at),
        lambda: ended.cancelled(LAN, LATER),
    ]
    for move in moves:
        with pytest.raises(ForbiddenMove):
            move()


@pytest.mark.parametrize(
    ("case", "department", "receiver", "kind", "asked_as"),
    [
        (HELD, "accounting", None, TransferKind.PASSED_ON, TransferKind.PASSED_ON),
        (HELD, "accounting", MINH, TransferKind.PASSED_ON, TransferKind.PASSED_ON),
        (HELD, "sales", TAM, TransferKind.PASSED_ON, TransferKind.PASSED_ON),
        (HELD, "sales", BINH, TransferKind.PASSED_ON, TransferKind.ESCALATED),
        (HELD, MANAGEMENT, None, TransferKind.PASSED_ON, TransferKind.ESCALATED),
        (USED_UP, MANAGEMENT, None, TransferKind.PASSED_ON, TransferKind.ESCALATED),
        (USED_UP, MANAGEMENT, AN, TransferKind.PASSED_ON, TransferKind.ESCALATED),
        (HELD, "accounting", MINH, TransferKind.INTRODUCED, TransferKind.INTRODUCED),
        (USED_UP, "accounting", MINH, TransferKind.INTRODUCED, TransferKind.INTRODUCED),
        (HELD, "sales", None, TransferKind.RELIEVED, TransferKind.RELIEVED),
        (HELD, "reception", None, TransferKind.RELIEVED, TransferKind.RELIEVED),
        (USED_UP, "sales", TAM, TransferKind.RELIEVED, TransferKind.RELIEVED),
    ],
)
def test_what_may_be_asked(
    company: Company,
    case: Case,
    department: str,
    receiver: StaffMember | None,
    kind: TransferKind,
    asked_as: TransferKind,
) -> None:
    found = checked_transfer(company, case, giver=LAN, department=department, receiver=receiver, kind=kind)
    assert found is asked_as


BEHIND = replace(HELD, department="accounting", wanted="accounting", owner_id=MINH.id)
HELPER = person(8, "it")
CHIEF = person(9, "it", role=RoleId.MANAGER)


@pytest.mark.parametrize(
    ("case", "giver", "receiver", "asked_as"),
    [
        (HELD, LAN, HELPER, TransferKind.INTRODUCED),
        # From behind, and from a case of the front that somebody else holds, it is passing on; to who leads, going up.
        (BEHIND, MINH, HELPER, TransferKind.PASSED_ON),
        (replace(HELD, owner_id=MINH.id), MINH, HELPER, TransferKind.PASSED_ON),
        (BEHIND, MINH, CHIEF, TransferKind.ESCALATED),
        # Whoever leads stands wherever the case lies.
        (replace(HELD, owner_id=BINH.id), BINH, HELPER, TransferKind.INTRODUCED),
        (replace(BEHIND, owner_id=BINH.id), BINH, HELPER, TransferKind.PASSED_ON),
    ],
)
def test_only_the_front_office_introduces(
    company: Company, case: Case, giver: StaffMember, receiver: StaffMember, asked_as: TransferKind
) -> None:
    introduced = TransferKind.INTRODUCED
    found = checked_transfer(company, case, giver=giver, department="it", receiver=receiver, kind=introduced)
    assert found is asked_as


def test_a_case_that_is_introduced_again_and_again_behind_ends_with_a_manager(company: Company) -> None:
    """However the people name what they do, two hops are all; a third wants somebody who leads."""
    people = {"accounting": MINH, "it": HELPER, "warehouse": person(10, "warehouse")}
    case, holder, kinds = HELD, LAN, []
    for number, department in enumerate(("accounting", "it", "warehouse")):
        receiver = people[department]
        kind = checked_transfer(
            company, case, giver=holder, department=department, receiver=receiver, kind=TransferKind.INTRODUCED
        )
        asked = replace(
            TO_MINH, id=number, from_staff_id=holder.id, to_department=department, to_staff_id=receiver.id, kind=kind
        )
        case, holder = handed_over(case, asked.accepted(receiver, NOW), NOW), receiver
        kinds.append(kind)
    assert kinds == [TransferKind.INTRODUCED, TransferKind.PASSED_ON, TransferKind.PASSED_ON]
    assert case.hops == HOP_LIMIT
    for kind in (TransferKind.INTRODUCED, TransferKind.PASSED_ON):
        with pytest.raises(ForbiddenMove):
            checked_transfer(company, case, giver=holder, department="it", receiver=HELPER, kind=kind)


@pytest.mark.parametrize(
    ("department", "receiver", "kind", "field"),
    [
        ("", None, TransferKind.PASSED_ON, "department"),
        ("kitchen", None, TransferKind.PASSED_ON, "department"),
        ("sales", None, TransferKind.PASSED_ON, "department"),
        ("sales", LAN, TransferKind.PASSED_ON, "staff_id"),
        ("accounting", GONE, TransferKind.PASSED_ON, "staff_id"),
        ("accounting", TAM, TransferKind.PASSED_ON, "staff_id"),
        (MANAGEMENT, MINH, TransferKind.PASSED_ON, "staff_id"),
        ("accounting", None, TransferKind.INTRODUCED, "staff_id"),
        ("sales", TAM, TransferKind.INTRODUCED, "staff_id"),
        ("accounting", None, TransferKind.ESCALATED, "department"),
        ("accounting", None, TransferKind.RELIEVED, "department"),
    ],
)
def test_what_may_not_be_asked(
    company: Company, department: str, receiver: StaffMember | None, kind: TransferKind, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        checked_transfer(company, HELD, giver=LAN, department=department, receiver=receiver, kind=kind)
    assert refused.value.field == field


@pytest.mark.parametrize("receiver", [None, MINH])
def test_after_two_hops_only_a_manager_may_receive_it(company: Company, receiver: StaffMember | None) -> None:
    with pytest.raises(ForbiddenMove):
        checked_transfer(company, USED_UP, giver=LAN, department="accounting", receiver=receiver)


def test_only_the_owner_gives(company: Company) -> None:
    for case in (HELD, WAITING):
        with pytest.raises(NotPermitted):
            checked_transfer(company, case, giver=TAM, department="accounting", receiver=None)
    with pytest.raises(ForbiddenMove):
        checked_transfer(company, HELD.resolved(NOW), giver=LAN, department="accounting", receiver=None)


def test_a_manager_gives_back_what_they_stepped_into(company: Company) -> None:
    stepped = USED_UP.stepped_into(BINH.id, NOW)
    back = TransferKind.GIVEN_BACK
    assert checked_transfer(company, stepped, giver=BINH, department="sales", receiver=LAN, kind=back) is back
    with pytest.raises(Invalid):
        checked_transfer(company, stepped, giver=BINH, department="accounting", receiver=None, kind=back)
    with pytest.raises(NotPermitted):
        checked_transfer(company, HELD, giver=LAN, department="sales", receiver=TAM, kind=back)
    asked = replace(TO_MINH, from_staff_id=BINH.id, to_department="sales", to_staff_id=LAN.id, kind=back)
    returned = handed_over(stepped, asked.accepted(LAN, LATER), LATER)
    assert (returned.owner_id, returned.hops, returned.department) == (LAN.id, HOP_LIMIT, "sales")


def test_relief_costs_no_hop_and_keeps_the_work_with_its_desk() -> None:
    asked = replace(TO_ACCOUNTING, to_department="reception", kind=TransferKind.RELIEVED)
    relieved = handed_over(HELD, replace(asked, state=TransferState.ACCEPTED, settled_by=9), LATER)
    assert (relieved.department, relieved.wanted, relieved.hops, relieved.owner_id) == ("reception", "sales", 0, 9)


def test_what_a_desk_takes_for_another_stays_the_work_of_that_other() -> None:
    asked = replace(TO_ACCOUNTING, to_department="cashier", meant="accounting")
    taken = handed_over(HELD, replace(asked, state=TransferState.ACCEPTED, settled_by=9), LATER)
    assert (taken.department, taken.wanted, taken.hops) == ("cashier", "accounting", 1)


def test_a_colleague_of_the_desk_keeps_the_queue_number() -> None:
    asked = replace(TO_MINH, to_department="sales", to_staff_id=TAM.id)
    assert handed_over(HELD, asked.accepted(TAM, NOW), NOW).queue_number == HELD.queue_number


def test_going_up_costs_no_hop_and_raises_the_priority() -> None:
    asked = replace(TO_MINH, to_department=MANAGEMENT, to_staff_id=BINH.id, kind=TransferKind.ESCALATED)
    up = handed_over(USED_UP, asked.accepted(BINH, NOW), NOW)
    assert (up.owner_id, up.hops, up.priority, up.wanted) == (BINH.id, HOP_LIMIT, Priority.HIGH, "sales")
    urgent = replace(USED_UP, priority=Priority.URGENT)
    assert handed_over(urgent, asked.accepted(BINH, NOW), NOW).priority is Priority.URGENT


def test_a_case_that_left_its_giver_is_not_taken_from_the_new_owner() -> None:
    accepted = TO_MINH.accepted(MINH, NOW)
    with pytest.raises(AlreadyTaken) as refused:
        handed_over(HELD.stepped_into(BINH.id, NOW), accepted, NOW)
    assert refused.value.winner == BINH.id
    for other in (HELD.resolved(NOW), replace(HELD, id=99)):
        with pytest.raises(ForbiddenMove):
            handed_over(other, accepted, NOW)


@pytest.mark.parametrize(
    ("staff", "kind", "state", "case", "part"),
    [
        (LAN, TransferKind.INTRODUCED, TransferState.ACCEPTED, HELD, True),
        (LAN, TransferKind.INTRODUCED, TransferState.ASKED, HELD, False),
        (LAN, TransferKind.INTRODUCED, TransferState.DECLINED, HELD, False),
        (LAN, TransferKind.PASSED_ON, TransferState.ACCEPTED, HELD, False),
        (MINH, TransferKind.INTRODUCED, TransferState.ACCEPTED, HELD, False),
        (LAN, TransferKind.INTRODUCED, TransferState.ACCEPTED, HELD.resolved(LATER), False),
        (replace(LAN, active=False), TransferKind.INTRODUCED, TransferState.ACCEPTED, HELD, False),
    ],
    ids=["brought in", "only asked", "declined", "passed on", "whoever was brought in", "over", "no longer here"],
)
def test_whoever_brought_somebody_in_takes_part(
    staff: StaffMember, kind: TransferKind, state: TransferState, case: Case, *, part: bool
) -> None:
    past = [replace(TO_MINH, kind=TransferKind.PASSED_ON), replace(TO_MINH, kind=kind, state=state)]
    assert takes_part(staff, case, past) is part
    assert not takes_part(staff, case, [])
