"""Requests to the departments behind the desk, and what a late one does to the customer's date."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.company import Company
from bot.domain.errors import AlreadyTaken, DomainError, ForbiddenMove, Invalid, NotPermitted
from bot.domain.hours import Block, OpeningHours
from bot.domain.requests import (
    HEADROOM,
    PASSING_ON,
    Request,
    RequestState,
    checked_request,
    look_at,
    may_work_on,
    promise_after,
    request_due,
)
from bot.domain.staff import StaffMember
from bot.domain.written import WORDS_MAX
from tests.unit.domain.desk_people import AN, BINH, GONE, HELD, HOA, LAN, LATER, MINH, NOW, TAM

ASKED = Request(
    id=1,
    case_id=1,
    department="accounting",
    asked_by=LAN.id,
    text="hoá đơn 123 đã xuất chưa?",
    asked_at=NOW,
    due_at=NOW + timedelta(hours=4),
)
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
OFFICE = OpeningHours(ZONE, ((Block.parse("08:00-17:00"),),) * 5 + ((), ()))


def test_taken_by_one_and_answered() -> None:
    taken = ASKED.taken(MINH)
    assert (taken.state, taken.taken_by, taken.open) == (RequestState.TAKEN, MINH.id, True)
    assert taken.taken(MINH) == taken
    with pytest.raises(AlreadyTaken) as faster:
        taken.taken(HOA)
    assert faster.value.winner == MINH.id
    with pytest.raises(AlreadyTaken):
        taken.answered(HOA, "rồi", NOW)
    answered = taken.answered(MINH, " Đã xuất hôm qua. ", LATER)
    assert (answered.state, answered.answer, answered.settled_at) == (
        RequestState.ANSWERED,
        "Đã xuất hôm qua.",
        LATER,
    )


def test_answered_without_being_taken_first() -> None:
    assert ASKED.answered(HOA, "rồi", NOW).taken_by == HOA.id


def test_somebody_who_leads_may_answer_over_a_colleague() -> None:
    assert ASKED.taken(MINH).answered(BINH, "rồi", NOW).taken_by == BINH.id


def test_declined_with_a_reason() -> None:
    with pytest.raises(Invalid) as refused:
        ASKED.declined(MINH, "", NOW)
    assert refused.value.field == "reason"
    declined = ASKED.declined(MINH, "hoá đơn này bên thuế giữ", NOW)
    assert (declined.state, declined.answer) == (RequestState.DECLINED, "hoá đơn này bên thuế giữ")


def test_put_back_when_its_worker_goes() -> None:
    again = ASKED.taken(MINH).put_back(None)
    assert (again.state, again.taken_by) == (RequestState.OPEN, None)
    assert again.taken(HOA).taken_by == HOA.id
    with pytest.raises(ForbiddenMove):
        ASKED.put_back(None)


@pytest.mark.parametrize("state", ["open", "taken by Minh"])
@pytest.mark.parametrize(
    ("who", "take", "put_back"),
    [
        (MINH, {"open", "taken by Minh"}, {"taken by Minh"}),
        (HOA, {"open"}, set()),
        (BINH, {"open"}, {"taken by Minh"}),
        (AN, {"open"}, {"taken by Minh"}),
        (LAN, set(), set()),
        (GONE, set(), set()),
        (None, set(), {"taken by Minh"}),
    ],
    ids=["who took it", "a colleague", "a manager", "an admin", "who asked", "who is gone", "the house"],
)
def test_who_takes_and_who_puts_back(who: StaffMember | None, take: set[str], put_back: set[str], state: str) -> None:
    request = ASKED if state == "open" else ASKED.taken(MINH)
    if who is not None:
        assert refused(lambda: request.taken(who)) is (state not in take)
    assert refused(lambda: request.put_back(who)) is (state not in put_back)


@pytest.mark.parametrize(
    ("who", "owner", "allowed"),
    [(LAN, TAM, True), (TAM, TAM, True), (BINH, TAM, True), (MINH, TAM, False), (TAM, None, False), (None, TAM, True)],
    ids=["who asked", "who owns the case", "a manager", "who took it", "a stranger", "with its case"],
)
def test_who_takes_a_request_back(who: StaffMember | None, owner: StaffMember | None, *, allowed: bool) -> None:
    owner_id = owner.id if owner else None
    assert refused(lambda: ASKED.cancelled(who, LATER, owner_id=owner_id)) is not allowed
    assert refused(lambda: ASKED.taken(MINH).cancelled(who, LATER, owner_id=owner_id)) is not allowed


def refused(move: Callable[[], Request]) -> bool:
    """Tell whether a move is refused, by whom it is or as things stand."""
    try:
        move()
    except (NotPermitted, AlreadyTaken, ForbiddenMove):
        return True
    return False


def test_for_members_of_the_department_and_those_who_lead() -> None:
    allowed = [one.id for one in (LAN, MINH, HOA, TAM, BINH, AN, GONE) if may_work_on(one, ASKED)]
    assert allowed == [MINH.id, HOA.id, BINH.id, AN.id]
    with pytest.raises(NotPermitted):
        ASKED.taken(LAN)


@pytest.mark.parametrize(
    "ended",
    [ASKED.answered(MINH, "rồi", NOW), ASKED.declined(MINH, "không thấy", NOW), ASKED.cancelled(None, NOW)],
    ids=lambda one: one.state,
)
def test_an_ended_request_stays_ended(ended: Request) -> None:
    assert not ended.open
    moves: list[Callable[[], Request]] = [
        lambda: ended.taken(MINH),
        lambda: ended.answered(MINH, "x", NOW),
        lambda: ended.declined(MINH, "x", NOW),
        lambda: ended.cancelled(None, NOW),
        lambda: ended.put_back(None),
        lambda: ended.slipped_to(ended.due_at + timedelta(days=1), NOW),
    ]
    for move in moves:
        with pytest.raises(ForbiddenMove):
            move()


@pytest.mark.parametrize(
    ("due", "at"),
    [
        (ASKED.due_at, NOW),
        (ASKED.due_at - timedelta(hours=1), NOW),
        (ASKED.due_at + timedelta(hours=1), ASKED.due_at + timedelta(hours=2)),
    ],
)
def test_a_slip_goes_forward(due: datetime, at: datetime) -> None:
    with pytest.raises(Invalid):
        ASKED.slipped_to(due, at)


def test_a_slip_is_remembered() -> None:
    later = ASKED.due_at + timedelta(hours=2)
    slipped = ASKED.taken(MINH).slipped_to(later, ASKED.due_at)
    assert (slipped.slipped, slipped.due_at, slipped.taken_by) == (True, later, MINH.id)
    assert slipped.answered(MINH, "rồi", later).slipped


@pytest.mark.parametrize(
    ("department", "text", "field"),
    [
        ("kitchen", "hỏi", "department"),
        ("sales", "hỏi", "department"),
        ("accounting", " \u200b ", "text"),
        ("accounting", "x" * (WORDS_MAX + 1), "text"),
    ],
)
def test_what_may_not_be_asked(company: Company, department: str, text: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked_request(company, HELD, asker=LAN, department=department, text=text)
    assert refused.value.field == field


def test_only_the_owner_of_an_open_case_asks(company: Company) -> None:
    assert checked_request(company, HELD, asker=LAN, department="accounting", text=" hỏi ") == "hỏi"
    for case, asker, refusal in [(HELD, TAM, NotPermitted), (HELD.resolved(NOW), LAN, ForbiddenMove)]:
        expected: type[DomainError] = refusal
        with pytest.raises(expected):
            checked_request(company, case, asker=asker, department="accounting", text="hỏi")


def moment(clock: str, day: int = 25) -> datetime:
    """A moment of November 2026; the 25th is a Wednesday."""
    hour, minute = clock.split(":")
    return datetime(2026, 11, day, int(hour), int(minute), tzinfo=ZONE)


def test_due_in_open_time_of_the_department(company: Company) -> None:
    accounting = replace(company.department("accounting"), hours=OFFICE, request_minutes=240)
    assert request_due(accounting, moment("09:02")) == moment("13:05")
    assert request_due(accounting, moment("15:00")) == moment("10:00", 26)


@pytest.mark.parametrize(
    ("minutes", "asked", "slips", "due"),
    [
        (10, "09:00", "09:05", "09:15"),  # looked at early: its usual span
        (10, "09:00", "09:10", "09:20"),
        (10, "09:00", "09:20", "09:40"),
        (10, "09:00", "09:40", "10:20"),
        (10, "08:00", "10:00", "11:20"),  # and never more than eight spans
        (60, "16:00", "17:00", "09:00+1"),  # behind closed doors nothing is waited
    ],
)
def test_each_slip_doubles_what_a_request_has_waited(
    company: Company, minutes: int, asked: str, slips: str, due: str
) -> None:
    accounting = replace(company.department("accounting"), hours=OFFICE, request_minutes=minutes)
    clock, _, later = due.partition("+")
    assert request_due(accounting, moment(slips), moment(asked)) == moment(clock, 25 + int(later or 0))


@pytest.mark.parametrize(
    ("promise", "request_until", "moved_to"),
    [
        (None, "10:00", None),
        ("12:00", "10:00", None),
        ("10:15", "10:00", None),
        ("10:10", "10:00", "10:15"),
        ("10:00", "11:00", "11:15"),
        ("16:00", "16:50", "08:05"),
    ],
)
def test_a_promise_moves_behind_the_answer_it_waits_for(
    company: Company, promise: str | None, request_until: str, moved_to: str | None
) -> None:
    sales = replace(company.department("sales"), hours=OFFICE)
    found = promise_after(sales, moment(promise) if promise else None, moment(request_until))
    day = 26 if moved_to == "08:05" else 25
    assert found == (moment(moved_to, day) if moved_to else None)


def test_lateness_is_seen_before_the_customer_feels_it() -> None:
    assert look_at(ASKED, None) == ASKED.due_at
    assert look_at(ASKED, ASKED.due_at + timedelta(hours=1)) == ASKED.due_at
    early = ASKED.due_at - timedelta(hours=1)
    assert look_at(ASKED, early) == early - HEADROOM


@given(st.integers(0, 10_000), st.integers(1, 2_000))
def test_a_moved_promise_leaves_time_to_pass_the_answer_on(company: Company, start: int, minutes: int) -> None:
    sales = replace(company.department("sales"), hours=OFFICE)
    promise = moment("09:00") + timedelta(minutes=start)
    due = promise + timedelta(minutes=minutes)
    found = promise_after(sales, promise, due)
    assert found is not None
    assert found > promise
    assert OFFICE.open_minutes(due, found) >= PASSING_ON
    assert promise_after(sales, found, due) is None, "the new date can be kept"
