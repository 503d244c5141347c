"""Promises: dates from real opening hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.company import Company, Priority
from bot.domain.errors import ForbiddenMove, Invalid
from bot.domain.promises import Promise, PromiseState, chosen_due, first_response_due, renewed_due, rounded_up

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
