"""From when on a department is staffed, and the dates that rest on it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.domain.company import Company, Priority
from bot.domain.shifts import Roster
from bot.domain.staffed import planned_due, staffed_from
from tests.unit.domain.roster_world import HANOI, at, every_day, person

LAN = person(1, "reception")


@pytest.mark.parametrize(
    ("hours", "moment", "expected"),
    [
        ("08:00-12:00", "2026-11-30T09:15", "2026-11-30T09:15"),
        ("08:00-12:00", "2026-11-30T12:00", "2026-12-01T08:00"),
        ("14:00-18:00", "2026-11-30T09:15", "2026-11-30T14:00"),
        # Open from 8:00 only, whoever is there earlier; open at the weekend, but nobody is there.
        ("05:00-12:00", "2026-11-30T06:00", "2026-11-30T08:00"),
        ("08:00-12:00", "2026-12-05T13:00", "2026-12-07T08:00"),
    ],
)
def test_staffed_when_open_and_somebody_works(company: Company, hours: str, moment: str, expected: str) -> None:
    roster = Roster(HANOI, tuple(every_day(LAN.id, hours)))
    assert staffed_from(company, roster, [LAN], "reception", at(moment)) == at(expected)


def test_tet_is_waited_for(company: Company) -> None:
    roster = Roster(HANOI, tuple(every_day(LAN.id, "08:00-20:00")))
    found = staffed_from(company, roster, [LAN], "reception", at("2027-02-03T20:30"))
    assert found is not None
    assert found - at("2027-02-03T20:30") > timedelta(days=5)
    assert company.hours.holiday(found) is None


def test_without_anybody_the_hours_alone_decide(company: Company) -> None:
    nobody = Roster(HANOI)
    moment: datetime = at("2026-11-30T09:00")
    assert staffed_from(company, nobody, [LAN], "reception", moment) is None
    assert planned_due(company, nobody, [LAN], "reception", Priority.NORMAL, moment) == at("2026-11-30T09:15")


def test_the_first_answer_is_counted_from_when_somebody_is_there(company: Company) -> None:
    roster = Roster(HANOI, tuple(every_day(LAN.id, "14:00-18:00")))
    due = planned_due(company, roster, [LAN], "reception", Priority.NORMAL, at("2026-11-30T09:00"))
    assert due == at("2026-11-30T14:15")


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-30T18:00", "2026-11-30T18:00"),
        ("2026-11-30T20:30", "2026-12-01T08:00"),
        ("2026-11-29T12:00", "2026-11-29T12:00"),
    ],
)
def test_whoever_is_flexible_is_not_waited_for_while_the_desk_is_open(
    company: Company, moment: str, expected: str
) -> None:
    assert staffed_from(company, Roster(HANOI), [person(2, "it")], "it", at(moment)) == at(expected)
