"""The demonstration company has somebody at every desk for as long as it is open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot.cli.demo_people import DemoPerson, as_known, demo_people
from bot.domain.company import Company, RoleId, Side
from bot.domain.coverage import gaps
from bot.domain.hours import Block, OpeningHours
from bot.domain.shift_checks import checked_shift
from bot.domain.shifts import Roster, Shift
from bot.domain.staff import StaffMember, checked_departments, checked_languages, checked_name, checked_skills

MONDAY = date(2026, 11, 30)


def roster_of(company: Company, people: list[DemoPerson]) -> tuple[Roster, list[StaffMember]]:
    shifts = [
        Shift(id=1 + staff_id * 100 + number, staff_id=staff_id, weekday=weekday, block=block, valid_from=MONDAY)
        for staff_id, person in enumerate(people, start=1)
        for number, (weekday, block) in enumerate(person.shifts)
    ]
    members = [
        StaffMember(id=number, email=one.email, name=one.name, role=one.role, departments=frozenset(one.departments))
        for number, one in enumerate(people, start=1)
    ]
    return Roster(company.zone, tuple(shifts)), members


def test_no_desk_is_open_and_empty(company: Company) -> None:
    roster, members = roster_of(company, demo_people(company))
    # The watch of the night before would have begun before the roster does.
    start = datetime.combine(MONDAY, datetime.min.time(), company.zone) + timedelta(hours=6)
    assert gaps(company, roster, members, start, start + timedelta(days=28)) == []


def test_each_front_desk_stands_by_its_own_people_on_weekdays(company: Company) -> None:
    """Nobody is only covered for: with every cover chain cut, the front office still has no gap."""
    alone = replace(company, departments={name: replace(one, cover=()) for name, one in company.departments.items()})
    roster, members = roster_of(alone, demo_people(company))
    start = datetime.combine(MONDAY, datetime.min.time(), company.zone)
    found = gaps(alone, roster, [one for one in members if not one.leads], start, start + timedelta(days=28))
    assert not [gap for gap in found if company.department(gap.department).side is Side.FRONT]


def test_people_and_shifts_pass_every_check(company: Company) -> None:
    people = demo_people(company)
    for one in people:
        checked_departments(one.departments, one.role, company)
        checked_skills(one.skills, company)
        checked_languages(one.languages, company)
        checked_name(one.name)
    roster, _ = roster_of(company, people)
    for shift in roster.shifts:
        checked_shift(shift, roster.shifts)
        assert shift.block.end - shift.block.start <= 10 * 60
    assert len({one.email for one in people}) == len({one.name for one in people}) == len(people)


def test_every_department_has_somebody_who_knows_its_needs(company: Company) -> None:
    people = [one for one in demo_people(company) if one.role is RoleId.AGENT]
    for department in company.departments.values():
        if department.id != "management":
            team = [one for one in people if department.id in one.departments]
            assert team[0].senior
            assert set(department.skills.values()) <= set().union(*(one.skills for one in team))


@pytest.mark.parametrize("hours", [1, 12, 24])
def test_any_length_of_day_is_covered(company: Company, hours: int) -> None:
    weekly = ((Block(0 if hours == 24 else 6 * 60, 1440 if hours == 24 else (6 + hours) * 60),),) * 7
    calendar = OpeningHours(company.zone, weekly)
    other = replace(
        company, departments={name: replace(one, hours=calendar) for name, one in company.departments.items()}
    )
    roster, members = roster_of(other, demo_people(other))
    start = datetime.combine(MONDAY, datetime.min.time(), company.zone)
    assert gaps(other, roster, members, start + timedelta(days=1), start + timedelta(days=9)) == []


def test_whoever_keeps_watches_sleeps_between_them(company: Company) -> None:
    keepers = [one for one in demo_people(company) if "facilities" in one.departments and one.role is RoleId.AGENT]
    assert len(keepers) == 5
    for one in keepers:
        starts = sorted(weekday * 1440 + block.start for weekday, block in one.shifts)
        ends = [start + 480 for start in starts]
        rests = [later - end for end, later in zip(ends, [*starts[1:], starts[0] + 7 * 1440], strict=True)]
        assert min(rests) >= 16 * 60
        assert len(starts) in (4, 5)


def test_an_account_keeps_its_name_and_nobody_new_gets_one_that_is_taken(company: Company) -> None:
    people = demo_people(company)
    first, other = people[2], people[5]
    found = {one.email: one.name for one in as_known(people, {first.email: other.name})}
    assert found[first.email] == other.name
    assert found[other.email] != other.name
    assert len(set(found.values())) == len({one.name for one in people})
