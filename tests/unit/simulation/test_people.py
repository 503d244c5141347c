"""The people of the virtual company, and what its customers come with."""

from __future__ import annotations

from collections import Counter
from random import Random

from bot.domain.company import Company, Priority, RoleId
from bot.domain.coverage import gaps
from bot.domain.hours import overlap
from bot.domain.shifts import Roster
from bot.simulation.needs import Needs
from bot.simulation.people import company_people
from tests.unit.domain.roster_world import HANOI, at, person, shift


def test_thirty_people_work_in_every_department_and_nobody_in_two_places_at_once(company: Company) -> None:
    people = company_people(frozenset(company.departments), Random(1))
    assert len(people) == 30
    assert {name for one in people for name in one.departments} == set(company.departments)
    assert len({one.name for one in people}) == 30
    for one in people:
        assert all(overlap(blocks) is None for blocks in one.hours.values())
        minutes = sum(block.end - block.start for blocks in one.hours.values() for block in blocks)
        assert 32 <= minutes / 60 <= 62
        assert 3 <= len(one.hours) <= 6
    assert {one.role for one in people if "management" in one.departments} == {RoleId.MANAGER}


def test_no_desk_is_open_and_empty_by_plan(company: Company) -> None:
    people = company_people(frozenset(company.departments), Random(1))
    shifts, staff = [], []
    for number, one in enumerate(people, start=1):
        planned = one.hours.items() if one.planned else ()
        shifts += [shift(number, day, str(block)) for day, blocks in planned for block in blocks]
        staff.append(person(number, *one.departments, role=one.role))
    roster = Roster(HANOI, tuple(shifts))
    assert gaps(company, roster, staff, at("2027-01-04T00:00"), at("2027-01-18T00:00")) == []


def test_the_same_seed_gives_the_same_people(company: Company) -> None:
    names = frozenset(company.departments)
    assert company_people(names, Random(5)) == company_people(names, Random(5))
    assert company_people(names, Random(5)) != company_people(names, Random(6))


def test_needs_come_as_often_as_they_are_common_and_mostly_by_day(company: Company) -> None:
    needs, dice = Needs(company), Random(2)
    drawn = Counter(needs.draw(dice).department for _ in range(5_000))
    assert set(drawn) == set(company.departments)
    assert drawn["sales"] > drawn["teller"] > drawn["management"]
    hours = Counter(int(needs.second(dice) // 3600) for _ in range(5_000))
    assert min(hours) >= 0
    assert max(hours) <= 23
    assert hours[9] > 10 * hours[3]


def test_what_is_urgent_or_personal_is_never_answered_by_the_assistant(company: Company) -> None:
    needs = Needs(company)
    assert needs.by_intent["card_lost"].priority is Priority.URGENT
    for intent in ("card_lost", "emergency", "complaint_service", "legal_threat", "ask_human"):
        assert needs.by_intent[intent].answered == 0
    assert needs.by_intent["opening_hours"].answered == 1
