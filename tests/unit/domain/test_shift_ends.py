"""Who may take the case of somebody who goes off, in which order, and what the house puts forward."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.company import RoleId
from bot.domain.presence import Presence
from bot.domain.shift_ends import Line, To, colleagues_for, staffed_by, suggested
from bot.domain.staff import StaffMember
from tests.unit.domain.desk_people import NOW, WAITING
from tests.unit.domain.roster_world import person, small_company

ON, BREAK, AWAY = Presence.ON_DUTY, Presence.ON_BREAK, Presence.AWAY
COMPANY = small_company()
CAPACITY = 4
DATE = NOW + timedelta(days=1)
CASE = replace(WAITING, code="KT-0001", department="accounting", wanted="accounting").claimed(99, NOW)
There = list[tuple[StaffMember, Presence]]

OWN, OWN_TOO, COVER, LAST = (
    person(4, "accounting"),
    person(5, "accounting"),
    person(2, "cashier"),
    person(1, "reception"),
)
LEADER = person(3, "accounting", "management", role=RoleId.MANAGER)


@pytest.mark.parametrize(
    ("there", "carried", "expected"),
    [
        pytest.param([], {}, [], id="nobody"),
        pytest.param([(person(7, "sales"), ON)], {}, [], id="of no desk that stands in"),
        pytest.param([(LAST, ON), (COVER, ON), (OWN, ON)], {}, [4, 2, 1], id="the nearest desk first"),
        pytest.param([(LEADER, ON), (LAST, ON)], {}, [1, 3], id="whoever leads comes last"),
        pytest.param([(OWN, BREAK), (OWN_TOO, ON)], {}, [5, 4], id="whoever is there before who is on a break"),
        pytest.param([(OWN, AWAY), (COVER, ON)], {}, [4, 2], id="the desk counts for more than being there"),
        pytest.param([(OWN, ON), (OWN_TOO, ON)], {4: 2, 5: 1}, [5, 4], id="the least loaded"),
        pytest.param([(OWN_TOO, ON), (OWN, ON)], {4: 1, 5: 1}, [4, 5], id="as loaded: in the order of their ids"),
        pytest.param([(OWN, BREAK), (OWN_TOO, ON)], {5: 3}, [5, 4], id="being there counts for more than the load"),
        pytest.param([(person(8, "reception", "cashier"), ON), (COVER, ON)], {2: 1}, [8, 2], id="by their best desk"),
    ],
)
def test_the_best_colleague_comes_first(there: There, carried: dict[int, int], expected: list[int]) -> None:
    assert [one.person.id for one in colleagues_for(COMPANY, CASE, there, carried)] == expected


@pytest.mark.parametrize(("carried", "free"), [(0, 4), (3, 1), (4, 0), (6, 0)])
def test_nobody_carries_less_than_nothing(carried: int, free: int) -> None:
    [one] = colleagues_for(COMPANY, CASE, [(OWN, ON)], {OWN.id: carried})
    assert (one.department, one.free) == ("accounting", free)


@pytest.mark.parametrize(
    ("there", "carried", "expected"),
    [
        pytest.param([(OWN, ON), (COVER, ON)], {}, Line(code="KT-0001", to=To.STAFF, staff_id=4), id="a colleague"),
        pytest.param(
            [(OWN, ON), (COVER, ON)],
            {4: CAPACITY},
            Line(code="KT-0001", to=To.STAFF, staff_id=2),
            id="one who is free, be it of another desk",
        ),
        pytest.param(
            [(OWN, BREAK), (COVER, ON)],
            {},
            Line(code="KT-0001", to=To.STAFF, staff_id=2),
            id="one who is there, be it of another desk",
        ),
        pytest.param(
            [(OWN, ON)],
            {4: CAPACITY},
            Line(code="KT-0001", to=To.DEPARTMENT, department="accounting"),
            id="the desk where all are full",
        ),
        pytest.param(
            [(OWN, AWAY), (COVER, BREAK)],
            {},
            Line(code="KT-0001", to=To.DEPARTMENT, department="accounting"),
            id="the desk where all are away",
        ),
        pytest.param(
            [(COVER, BREAK)], {}, Line(code="KT-0001", to=To.PROMISE, due_at=DATE), id="a date, for want of it"
        ),
        pytest.param([], {}, Line(code="KT-0001", to=To.PROMISE, due_at=DATE), id="a date"),
    ],
)
def test_a_colleague_else_the_desk_else_a_date(there: There, carried: dict[int, int], expected: Line) -> None:
    assert suggested(CASE, colleagues_for(COMPANY, CASE, there, carried), DATE) == expected


def test_a_desk_is_staffed_by_its_own() -> None:
    assert staffed_by(CASE, colleagues_for(COMPANY, CASE, [(OWN, BREAK)], {}))
    assert not staffed_by(CASE, colleagues_for(COMPANY, CASE, [(COVER, ON), (LAST, ON)], {}))


def test_a_desk_that_the_file_no_longer_has_is_reception() -> None:
    orphan = replace(CASE, department="travel")
    found = colleagues_for(COMPANY, orphan, [(OWN, ON), (LAST, ON)], {})
    assert [(one.person.id, one.department) for one in found] == [(LAST.id, "reception")]
    assert suggested(orphan, [], DATE).to is To.PROMISE


def test_whoever_is_owed_nothing_is_promised_nothing_where_nobody_is_left() -> None:
    assert suggested(CASE, [], None) == Line(code=CASE.code, to=To.DEPARTMENT)
    there = colleagues_for(COMPANY, CASE, [(OWN, ON)], {})
    assert suggested(CASE, there, None) == suggested(CASE, there, DATE)
