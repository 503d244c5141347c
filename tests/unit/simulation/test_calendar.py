"""A calendar that remembers answers as the one that does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from bot.domain.company import Company
from bot.domain.hours import NeverOpen, OpeningHours
from bot.simulation.calendar import remembered

START = datetime(2027, 2, 1, tzinfo=UTC)
"""The weeks from here hold Tết."""


def _opening(hours: OpeningHours, at: datetime) -> datetime | None:
    try:
        return hours.next_opening(at)
    except NeverOpen:
        return None


@pytest.mark.parametrize("name", ["sales", "teller", "facilities", "hr"])
@pytest.mark.parametrize("mixed", [False, True], ids=["in order", "to and fro"])
def test_a_remembered_calendar_gives_the_same_answers(company: Company, name: str, mixed: bool) -> None:
    plain, quick = company.department(name).hours, remembered(company).department(name).hours
    dice = Random(3)
    moments = [START + timedelta(minutes=7 * number) for number in range(3_000)]
    if mixed:
        moments = dice.choices(moments, k=1_000)
    for at in moments:
        if dice.random() < 0.3:
            assert _opening(quick, at) == _opening(plain, at), at
        assert quick.is_open(at) == plain.is_open(at), at
        if dice.random() < 0.1:
            assert quick.add_open_time(at, 90) == plain.add_open_time(at, 90), at


@pytest.mark.parametrize("name", ["sales", "facilities", "hr"])
def test_it_knows_the_weeks_ahead_as_well(company: Company, name: str) -> None:
    plain, quick = company.department(name).hours, remembered(company).department(name).hours
    for hours in range(0, 24 * 9, 5):
        start = START + timedelta(hours=hours)
        end = start + timedelta(days=40)
        assert list(quick.stretches(start, end)) == list(plain.stretches(start, end)), start
        assert quick.add_open_time(start, 9_000) == plain.add_open_time(start, 9_000), start


def test_the_edges_of_a_stretch_count_as_they_should(company: Company) -> None:
    quick = remembered(company).department("teller").hours
    noon = datetime(2027, 1, 4, 5, 0, tzinfo=UTC)
    second = timedelta(seconds=1)
    assert [quick.is_open(noon + one * second) for one in (-1, 0, 3599, 3600)] == [True, False, False, True]


def test_a_calendar_that_never_opens_says_so(company: Company) -> None:
    hours = OpeningHours(company.zone, ((),) * 7)
    desk = replace(company.department("hr"), hours=hours)
    never = remembered(replace(company, departments={**company.departments, "hr": desk})).department("hr").hours
    assert never.is_open(START) is False
    assert never.holidays.get(date(2027, 1, 4)) is None
    with pytest.raises(NeverOpen):
        never.next_opening(START)
