"""Promises: dates from real opening hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.company import Company, Priority
from bot.domain.copies import altered
from bot.domain.errors import ForbiddenMove, Invalid
from bot.domain.promises import (
    Promise,
    PromiseKind,
    PromiseState,
    chosen_due,
    closed_at,
    due_after,
    first_response_due,
    next_response_due,
    reminded_at,
    renewed_due,
    rounded_up,
    watched_in_call,
)

VN = ZoneInfo("Asia/Ho_Chi_Minh")
FROM, TO = datetime.fromisoformat("2020-01-01"), datetime.fromisoformat("2035-01-01")
NIGHT = datetime(2026, 11, 25, 23, 0, tzinfo=VN)


def test_at_night_the_date_is_in_the_next_open_hours(company: Company) -> None:
    accounting = company.department("accounting")
    due = first_response_due(accounting, Priority.NORMAL, NIGHT)
    opens = accounting.hours.next_opening(NIGHT)
    assert due > opens
    assert due - opens <= timedelta(minutes=accounting.sla.normal.first_response + 5)


def test_urgent_is_never_later_than_normal(company: Company) -> None:
    for department in company.departments.values():
        urgent = first_response_due(department, Priority.URGENT, NIGHT)
        assert urgent <= first_response_due(department, Priority.NORMAL, NIGHT)


@given(st.datetimes(min_value=FROM, max_value=TO, timezones=st.just(UTC)))
def test_rounding_never_goes_back_and_never_far(at: datetime) -> None:
    rounded = rounded_up(at)
    assert timedelta() <= rounded - at < timedelta(minutes=5)
    assert rounded.minute % 5 == rounded.second == rounded.microsecond == 0


def test_each_broken_promise_asks_for_more_time(company: Company) -> None:
    reception = company.department("reception")
    at = reception.hours.next_opening(NIGHT)
    dates = [renewed_due(reception, Priority.NORMAL, at, broken) for broken in range(4)]
    assert dates == sorted(set(dates))


def test_a_promise_ends_once() -> None:
    promise = Promise(id=1, case_id=1, due_at=NIGHT, made_at=NIGHT)
    kept = promise.settled(PromiseState.KEPT, NIGHT)
    with pytest.raises(ForbiddenMove):
        kept.settled(PromiseState.RENEWED, NIGHT)
    with pytest.raises(ForbiddenMove):
        promise.settled(PromiseState.OPEN, NIGHT)


@pytest.mark.parametrize("off", [timedelta(), timedelta(minutes=-1), timedelta(days=400)])
def test_dates_that_nobody_can_mean(off: timedelta) -> None:
    with pytest.raises(Invalid):
        chosen_due(NIGHT + off, NIGHT)


def test_a_chosen_date_stands() -> None:
    due = NIGHT + timedelta(hours=3)
    assert chosen_due(due, NIGHT) == due


@pytest.mark.parametrize(
    ("kind", "due", "holds"),
    [
        (PromiseKind.ANSWER, 60, False),
        (PromiseKind.DATE, 60, True),
        (PromiseKind.CALL, 60, True),
        (PromiseKind.DATE, 0, False),
        (PromiseKind.CALL, -5, False),
    ],
)
def test_a_date_ahead_that_the_customer_holds_stays(kind: PromiseKind, due: int, *, holds: bool) -> None:
    promise = Promise(id=1, case_id=1, due_at=NIGHT + timedelta(minutes=due), made_at=NIGHT, kind=kind)
    assert promise.holds(NIGHT) is holds


@pytest.mark.parametrize(
    ("kind", "claimed", "replied", "waiting", "kept"),
    [
        (PromiseKind.DATE, 0, 10, True, True),
        (PromiseKind.DATE, 10, 10, True, True),
        (PromiseKind.DATE, 20, 10, True, False),
        (PromiseKind.DATE, None, 10, True, False),
        (PromiseKind.DATE, 0, None, True, False),
        (PromiseKind.DATE, 0, 10, False, False),
        (PromiseKind.CALL, 0, 10, True, False),
        (PromiseKind.ANSWER, 0, 10, True, False),
    ],
)
def test_only_an_answer_of_whoever_has_the_case_keeps_a_date_silently(
    kind: PromiseKind, claimed: int | None, replied: int | None, *, waiting: bool, kept: bool
) -> None:
    promise = Promise(id=1, case_id=1, due_at=NIGHT + timedelta(hours=1), made_at=NIGHT, kind=kind)
    if replied is not None:
        promise = promise.answered(NIGHT + timedelta(minutes=replied))
    since = None if claimed is None else NIGHT + timedelta(minutes=claimed)
    assert promise.kept_silently(since, waiting_for_customer=waiting) is kept


@pytest.mark.parametrize(("span", "before"), [(24 * 60, 10), (100, 10), (30, 3), (10, 1), (0, 0)])
def test_owners_are_reminded_in_time(span: int, before: int) -> None:
    due = NIGHT + timedelta(minutes=span)
    assert due - reminded_at(NIGHT, due) == timedelta(minutes=before)


def test_a_date_out_of_hours_is_known(company: Company) -> None:
    accounting = company.department("accounting")
    opens = accounting.hours.next_opening(NIGHT)
    assert closed_at(accounting, NIGHT)
    assert closed_at(accounting, datetime(2026, 9, 2, 10, 0, tzinfo=VN)), "National Day"
    assert not closed_at(accounting, opens + timedelta(minutes=30))
    closes = next(
        at for at in (opens + timedelta(minutes=step) for step in range(24 * 60)) if not accounting.hours.is_open(at)
    )
    assert not closed_at(accounting, closes), "the very end of the day is early enough"
    assert closed_at(accounting, closes + timedelta(minutes=1))


def test_whoever_has_a_call_is_looked_for_once_more_at_its_hour() -> None:
    call = Promise(id=1, case_id=1, due_at=NIGHT + timedelta(hours=1), made_at=NIGHT, kind=PromiseKind.CALL)
    near = call.due_at - timedelta(seconds=15)
    assert call.looked_at_in_hand(NIGHT) == near
    assert call.looked_at_in_hand(near) == call.due_at + timedelta(minutes=4)


def test_only_a_call_that_is_still_owed_is_begun() -> None:
    call = Promise(id=1, case_id=1, due_at=NIGHT, made_at=NIGHT - timedelta(hours=1), kind=PromiseKind.CALL)
    assert call.calling(NIGHT).calling_at == NIGHT
    for other in (call.settled(PromiseState.KEPT, NIGHT), altered(call, kind=PromiseKind.DATE)):
        with pytest.raises(ForbiddenMove):
            other.calling(NIGHT)


@pytest.mark.parametrize(
    ("claimed", "calls"), [(-5, True), (0, True), (1, False), (None, False)], ids=["", "at once", "later", "nobody"]
)
def test_a_call_is_made_by_whoever_had_the_case_then(claimed: int | None, *, calls: bool) -> None:
    call = Promise(id=1, case_id=1, due_at=NIGHT, made_at=NIGHT - timedelta(hours=1), kind=PromiseKind.CALL)
    owned = NIGHT + timedelta(minutes=claimed) if claimed is not None else None
    assert call.calling_since(owned) is None
    assert call.calling(NIGHT).calling_since(owned) == (NIGHT if calls else None)


@pytest.mark.parametrize(("minutes", "again"), [(0, 4), (20, 24), (27, 30), (30, 35), (34, 35), (36, 35)])
def test_a_call_is_looked_at_now_and_then_and_reminded_of_once(minutes: int, again: int) -> None:
    assert watched_in_call(NIGHT, NIGHT + timedelta(minutes=minutes)) == NIGHT + timedelta(minutes=again)


def test_the_next_answer_has_its_own_time(company: Company) -> None:
    desk = company.department("accounting")
    at = desk.hours.next_opening(NIGHT)
    for priority in Priority:
        due = next_response_due(desk, priority, at)
        assert due == rounded_up(due_after(desk.hours, at, desk.sla.of(priority).next_response))
        assert due >= first_response_due(desk, priority, at)
    assert at < next_response_due(desk, Priority.URGENT, at) < next_response_due(desk, Priority.NORMAL, at)
