"""Coverage, by table, on a small company: gaps, absences that would make one, and who may stand in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from time import process_time

import pytest

from bot.adapters.company import load
from bot.domain.company import Company, RoleId
from bot.domain.coverage import Gap, gaps, left_waiting, may_stand_in, staffed, uncovered_by
from bot.domain.shifts import Absence, AbsenceKind, Roster, Shift
from bot.domain.staff import StaffMember
from tests.conftest import ROOT
from tests.unit.domain.roster_world import (
    HANOI,
    absence,
    at,
    day_off,
    every_day,
    person,
    small_company,
)

LAN, MINH, HOA, TUAN, QUANG, BOSS = 1, 2, 3, 4, 5, 6
COMPANY = small_company(holidays={date(2026, 9, 2): "Quốc khánh"})
PEOPLE = (
    person(LAN, "reception"),
    person(MINH, "sales"),
    person(HOA, "accounting"),
    person(TUAN, "research"),
    person(QUANG, "facilities"),
    person(BOSS, "management", role=RoleId.MANAGER),
)


def office(*people: int) -> tuple[Shift, ...]:
    """Shifts over the whole of the opening hours, lunch included, which no gap must come of."""
    return tuple(one for staff_id in people for one in every_day(staff_id, "08:00-17:00", range(6)))


FULL = office(LAN, MINH, HOA, TUAN, BOSS)


def roster(*shifts: Shift, absences: Sequence[Absence] = (), exceptions: Sequence[str] = ()) -> Roster:
    return Roster(HANOI, shifts, tuple(day_off(LAN, day) for day in exceptions), tuple(absences))


def found(
    some: Roster, start: str, end: str, *desks: str, people: Sequence[StaffMember] = PEOPLE, company: Company = COMPANY
) -> list[tuple[str, str, str]]:
    return shown(gaps(company, some, people, at(start), at(end)), *desks)


def shown(some: Sequence[Gap], *desks: str) -> list[tuple[str, str, str]]:
    return [
        (gap.department, f"{gap.start_at.astimezone(HANOI):%d %H:%M}", f"{gap.end_at.astimezone(HANOI):%d %H:%M}")
        for gap in some
        if not desks or gap.department in desks
    ]


MONDAY = ("2026-08-24T00:00", "2026-08-25T00:00")


def test_a_full_house_has_no_gap_but_the_lone_night() -> None:
    assert found(roster(*FULL, *every_day(QUANG, "06:00-22:00", range(7))), *MONDAY) == [
        ("facilities", "24 00:00", "24 06:00"),
        ("facilities", "24 22:00", "25 00:00"),
    ]


@pytest.mark.parametrize(
    ("shifts", "people", "desks", "expected"),
    [
        # Reception stands in for sales and cashier; nobody stands in for reception.
        (office(LAN), PEOPLE, ("reception", "sales", "cashier"), []),
        (
            office(MINH),
            PEOPLE,
            ("reception", "sales"),
            [("reception", "24 08:00", "24 12:00"), ("reception", "24 13:00", "24 17:00")],
        ),
        # Accounting's cover is the cashier, whose cover is reception: covers of covers count.
        (office(LAN), PEOPLE[:1], ("accounting",), []),
        # Sales opens until 17:00, its people leave at 15:00, reception arrives at 16:00.
        (
            (*every_day(MINH, "08:00-15:00"), *every_day(LAN, "16:00-17:00")),
            PEOPLE,
            ("sales",),
            [("sales", "24 15:00", "24 16:00")],
        ),
        # Flexible people cover the back office, not the front.
        ((), (person(HOA, "accounting"),), ("accounting",), []),
        (
            (),
            (person(MINH, "sales"),),
            ("sales",),
            [("sales", "24 08:00", "24 12:00"), ("sales", "24 13:00", "24 17:00")],
        ),
        # But only their own: somebody who may come or not stands in for no desk, unless named.
        (
            (),
            (person(7, "cashier"),),
            ("accounting",),
            [("accounting", "24 08:00", "24 12:00"), ("accounting", "24 13:00", "24 17:00")],
        ),
        # One person alone is counted on for eight hours of the day, and not at night; two share sixteen.
        (
            (),
            (person(8, "facilities"),),
            ("facilities",),
            [("facilities", "24 00:00", "24 06:00"), ("facilities", "24 14:00", "25 00:00")],
        ),
        (
            (),
            (person(8, "facilities"), person(9, "facilities")),
            ("facilities",),
            [("facilities", "24 00:00", "24 06:00"), ("facilities", "24 22:00", "25 00:00")],
        ),
        # Nobody counts whose account is off; management is for those who lead.
        (
            (),
            (person(TUAN, "research", active=False),),
            ("research",),
            [("research", "24 08:00", "24 12:00"), ("research", "24 13:00", "24 17:00")],
        ),
        (
            office(TUAN),
            (person(TUAN, "management", "research"),),
            ("management", "research"),
            [("management", "24 08:00", "24 12:00"), ("management", "24 13:00", "24 17:00")],
        ),
        (office(TUAN), (person(TUAN, "management", role=RoleId.ADMIN),), ("management",), []),
    ],
)
def test_gaps(
    shifts: tuple[Shift, ...],
    people: tuple[StaffMember, ...],
    desks: tuple[str, ...],
    expected: list[tuple[str, str, str]],
) -> None:
    assert found(roster(*shifts), *MONDAY, *desks, people=people) == expected


def test_gaps_are_cut_at_the_window_and_none_are_in_an_empty_one() -> None:
    assert found(roster(), "2026-08-24T09:00", "2026-08-24T10:00", "sales") == [("sales", "24 09:00", "24 10:00")]
    assert found(roster(), "2026-08-24T10:00", "2026-08-24T09:00") == []
    assert found(roster(), "2026-08-24T12:15", "2026-08-24T12:45", "sales") == []


def test_whoever_is_flexible_alone_has_sunday_off_and_two_take_turns() -> None:
    sunday = ("2026-08-30T08:00", "2026-08-30T14:00")
    one, two = person(8, "facilities"), person(9, "facilities")
    assert found(roster(), *sunday, "facilities", people=(one,)) == [("facilities", "30 08:00", "30 14:00")]
    assert found(roster(), *sunday, "facilities", people=(one, two)) == []


def test_what_flexible_people_share_does_not_hang_on_the_window() -> None:
    one = person(8, "facilities")
    assert found(roster(), "2026-08-24T12:00", "2026-08-24T16:00", "facilities", people=(one,)) == [
        ("facilities", "24 14:00", "24 16:00")
    ]


def test_a_night_shift_of_the_evening_before_covers_a_day_off() -> None:
    guard = Roster(HANOI, every_day(QUANG, "22:00-22:00+1", range(7)), (day_off(QUANG, "2026-08-25"),))
    assert found(guard, "2026-08-24T00:00", "2026-08-27T00:00", "facilities") == [
        ("facilities", "25 22:00", "26 22:00")
    ]


def test_a_gap_says_on_which_holiday_it_falls() -> None:
    nobody = gaps(COMPANY, roster(), PEOPLE[:-2], at("2026-09-01T18:00"), at("2026-09-03T06:00"))
    assert [(gap.department, gap.holiday) for gap in nobody] == [
        ("facilities", None),
        ("facilities", "Quốc khánh"),
        ("facilities", None),
    ]
    assert [gap.end_at for gap in nobody] == [at("2026-09-02T00:00"), at("2026-09-03T00:00"), at("2026-09-03T06:00")]


LUNCH = absence(LAN, at("2026-08-24T12:00"), at("2026-08-24T12:45"))
REST = absence(LAN, at("2026-08-24T11:30"), at("2026-08-24T12:15"))
TET = absence(LAN, at("2026-08-29T12:00"), at("2026-09-03T00:00"), AbsenceKind.LEAVE)


def refused(some: Roster, one: Absence, people: Sequence[StaffMember] = PEOPLE) -> list[tuple[str, str, str]]:
    return shown(uncovered_by(COMPANY, some, people, one))


def covered(by: int, one: Absence = REST) -> Absence:
    return absence(one.staff_id, one.start_at, one.end_at, one.kind, cover_id=by)


def test_a_break_that_uncovers_a_desk_is_named() -> None:
    some = roster(*FULL)
    assert refused(some, LUNCH) == []
    assert refused(some, REST) == [("reception", "24 11:30", "24 12:00"), ("cashier", "24 11:30", "24 12:00")]
    assert refused(some, absence(MINH, REST.start_at, REST.end_at)) == []
    assert refused(roster(*FULL, *office(8)), REST, (*PEOPLE, person(8, "reception"))) == []


def test_a_gap_that_was_there_before_is_not_laid_at_the_door_of_an_absence() -> None:
    assert refused(roster(*office(MINH)), REST) == []
    assert refused(roster(*FULL), absence(LAN, at("2026-08-30T09:00"), at("2026-08-30T10:00"))) == []


@pytest.mark.parametrize(
    ("desk", "start", "end", "expected"),
    [
        ("it", "18:00", "18:30", [("it", "24 18:00", "24 18:30")]),
        ("it", "19:45", "20:15", [("it", "24 19:45", "24 20:00")]),
        ("it", "09:00", "09:30", [("it", "24 09:00", "24 09:30")]),
        ("it", "12:15", "12:45", []),
        ("warehouse", "17:00", "17:30", [("warehouse", "24 17:00", "24 17:30")]),
        ("facilities", "23:00", "23:30", [("facilities", "24 23:00", "24 23:30")]),
    ],
)
def test_a_break_of_whoever_is_flexible_alone_uncovers_any_open_hour(
    desk: str, start: str, end: str, expected: list[tuple[str, str, str]]
) -> None:
    """Those who want a break are there then, beyond the hours that a plan counts on."""
    company, alone = load(ROOT / "company.yml"), person(8, desk)
    rest = absence(8, at(f"2026-08-24T{start}"), at(f"2026-08-24T{end}"))
    assert shown(uncovered_by(company, roster(), (alone,), rest)) == expected
    assert shown(uncovered_by(company, roster(), (alone, person(9, desk)), rest)) == []


def test_leave_of_one_of_two_who_are_flexible_wants_the_other_as_a_cover() -> None:
    """The other may be there all day, but no plan counts on them for more than eight hours of it."""
    some, two = roster(), (person(8, "facilities"), person(9, "facilities"))
    leave = absence(8, at("2026-08-24T00:00"), at("2026-08-25T00:00"), AbsenceKind.LEAVE)
    assert refused(some, leave, two) == [("facilities", "24 14:00", "24 22:00")]
    assert refused(some, covered(9, leave), two) == []


def test_whoever_is_flexible_may_be_there_in_any_open_hour() -> None:
    company, alone = load(ROOT / "company.yml"), person(8, "it")
    for day, expected in (("24", [("24 18:00", "24 18:10")]), ("30", [])):
        window = at(f"2026-08-{day}T18:00"), at(f"2026-08-{day}T18:10")
        served = staffed(company, roster(), (alone,), company.departments["it"], window)
        assert [tuple(f"{one.astimezone(HANOI):%d %H:%M}" for one in stretch) for stretch in served] == expected
    away = roster(absences=[absence(8, at("2026-08-24T17:30"), at("2026-08-24T18:05"))])
    window = at("2026-08-24T18:00"), at("2026-08-24T18:10")
    assert staffed(company, away, (alone,), company.departments["it"], window) == [
        (at("2026-08-24T18:05"), at("2026-08-24T18:10"))
    ]


@pytest.mark.parametrize(
    ("cover", "desks"),
    [
        # The manager is at work and may do any desk; Minh does not do reception, Hoa is off, nobody knows 99.
        (BOSS, []),
        (MINH, ["reception", "cashier"]),
        (99, ["reception", "cashier"]),
        # At home; and one of reception without planned hours, who agrees to come.
        (8, ["reception", "cashier"]),
        (9, []),
        # A cashier may stand in at the cash desk, not at reception.
        (10, ["reception"]),
    ],
)
def test_a_named_cover_closes_the_gap_where_they_work_then_and_may_do_the_desk(cover: int, desks: list[str]) -> None:
    people = (*PEOPLE, person(8, "reception"), person(9, "reception"), person(10, "cashier"))
    some = roster(*FULL, *every_day(8, "13:00-17:00"))
    assert [name for name, _, _ in refused(some, covered(cover), people)] == desks


def test_a_cover_may_not_go_on_a_break_meanwhile() -> None:
    some = roster(*FULL).with_absence(covered(BOSS))
    assert found(some, *MONDAY, "reception", "cashier") == []
    theirs = absence(BOSS, at("2026-08-24T11:45"), at("2026-08-24T12:30"))
    assert refused(some, theirs) == [
        ("reception", "24 11:45", "24 12:00"),
        ("cashier", "24 11:45", "24 12:00"),
        ("management", "24 11:45", "24 12:00"),
    ]


def test_a_cover_stands_in_for_as_long_as_the_absent_person_would_have_worked() -> None:
    boss = person(BOSS, "management", role=RoleId.MANAGER)
    some = Roster(HANOI, every_day(LAN, "08:00-12:00"), (), (covered(BOSS, TET),))
    lan_alone = found(some, "2026-08-31T00:00", "2026-09-01T00:00", "reception", people=(PEOPLE[0], boss))
    assert lan_alone == [("reception", "31 13:00", "31 17:00")]


def test_leave_over_holidays_uncovers_only_open_hours() -> None:
    assert refused(roster(*FULL), TET) == [
        ("reception", "31 08:00", "31 12:00"),
        ("reception", "31 13:00", "31 17:00"),
        ("reception", "01 08:00", "01 12:00"),
        ("reception", "01 13:00", "01 17:00"),
        ("cashier", "31 08:00", "31 12:00"),
        ("cashier", "31 13:00", "31 17:00"),
        ("cashier", "01 08:00", "01 12:00"),
        ("cashier", "01 13:00", "01 17:00"),
    ]


def test_changing_an_absence_asks_about_the_new_one() -> None:
    stored = absence(LAN, at("2026-08-24T09:00"), at("2026-08-24T09:30"), id=5)
    moved = absence(LAN, at("2026-08-24T10:00"), at("2026-08-24T10:30"), id=5)
    longer = absence(LAN, at("2026-08-24T09:00"), at("2026-08-24T10:30"), id=5)
    some = roster(*FULL, absences=[stored])
    assert [gap[1:] for gap in refused(some, moved)] == [("24 10:00", "24 10:30")] * 2
    assert [gap[1:] for gap in refused(some, longer)] == [("24 09:00", "24 10:30")] * 2


@pytest.mark.parametrize(
    ("staff", "desk", "expected"),
    [
        (person(1, "reception"), "sales", True),
        (person(1, "sales"), "reception", False),
        (person(1, "reception"), "accounting", True),
        (person(1, "management"), "management", False),
        (person(1, role=RoleId.MANAGER), "management", True),
        (person(1, role=RoleId.MANAGER, active=False), "sales", False),
    ],
)
def test_who_may_stand_in(staff: StaffMember, desk: str, expected: bool) -> None:
    assert may_stand_in(COMPANY, staff, desk) is expected


def test_a_fortnight_of_a_big_house_is_quick() -> None:
    """Fifteen departments and sixty people, in processor time, so that a busy machine does not fail it."""
    company = load(ROOT / "company.yml")
    desks = list(company.departments)
    house = [person(n, desks[n % 15], desks[n * 7 % 15]) for n in range(1, 61)]
    halves = ("08:00-12:00", "13:00-17:00")
    shifts = [one for n in range(1, 61) if n % 6 for half in halves for one in every_day(n, half, range(6))]
    rests = [absence(n, at(f"2026-08-{24 + n % 6}T10:00"), at(f"2026-08-{24 + n % 6}T10:30")) for n in range(1, 61)]
    spent = []
    for _ in range(3):
        started = process_time()
        gaps(
            company,
            Roster(HANOI, tuple(shifts), (), tuple(rests)),
            house,
            at("2026-08-24T00:00"),
            at("2026-09-07T00:00"),
        )
        spent.append(process_time() - started)
    assert min(spent) < 0.1


@pytest.mark.parametrize(
    ("on_duty", "waiting", "expected"),
    [
        # Who serves sales now: its own people, and reception as its cover; whoever leads is asked by name.
        ((LAN,), {"reception": 2, "sales": 1}, {"reception": 2, "sales": 1}),
        ((LAN, MINH), {"reception": 2, "sales": 1}, {"reception": 2}),
        ((LAN, BOSS), {"reception": 2}, {"reception": 2}),
        ((LAN, HOA), {"accounting": 3}, {}),
        ((LAN,), {"reception": 0, "research": 4}, {}),
        ((MINH,), {"reception": 2}, {}),
        ((LAN,), {"closed_down": 1}, {}),
    ],
)
def test_queues_that_nobody_else_serves_now(
    on_duty: tuple[int, ...], waiting: dict[str, int], expected: dict[str, int]
) -> None:
    there = [one for one in PEOPLE if one.id in on_duty]
    assert left_waiting(COMPANY, there, waiting, LAN) == expected


def test_whoever_leads_serves_management_wherever_they_sit() -> None:
    head = person(9, "research", role=RoleId.MANAGER)
    secretary = person(10, "management")
    assert left_waiting(COMPANY, (head, secretary), {"management": 2}, head.id) == {"management": 2}
    assert left_waiting(COMPANY, (head, PEOPLE[-1]), {"management": 2}, head.id) == {}
    assert left_waiting(COMPANY, (PEOPLE[-1], head), {"management": 2}, BOSS) == {}


def test_no_plan_counts_on_somebody_for_management_who_leads_another_desk() -> None:
    head = person(9, "research", role=RoleId.MANAGER)
    monday = ("2026-08-24T08:00", "2026-08-24T12:00")
    assert found(roster(*office(9)), *monday, "management", people=(head,)) != []
    assert found(roster(*office(BOSS)), *monday, "management", people=(PEOPLE[-1],)) == []
