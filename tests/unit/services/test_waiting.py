"""What customers are told about their wait, and the date that a desk can keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.assignment_terms import patience
from bot.domain.company import Company, Priority, RoleId
from bot.domain.hours import Block
from bot.domain.presence import Presence
from bot.domain.promises import AHEAD, LAST_CALL, Promise, watched_at
from bot.domain.shifts import Roster, Shift
from bot.domain.staff import StaffMember
from bot.domain.waits import MINUTE, RELIEF, Estimate, Past
from bot.services import texts_waits
from bot.services.attendance import Attendance
from bot.services.ports_desk import Load
from bot.services.waiting import Waits

NINE = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
"""Nine o'clock on a Wednesday, in the company's zone."""


def minutes(low: int, high: int) -> Estimate:
    return Estimate(low=timedelta(minutes=low), high=timedelta(minutes=high))


def seconds(low: int, high: int) -> Estimate:
    return Estimate(low=timedelta(seconds=low), high=timedelta(seconds=high))


def person(number: int, *departments: str) -> StaffMember:
    return StaffMember(
        id=number,
        email=f"nv{number}@senviet.vn",
        name=f"Người {number}",
        role=RoleId.AGENT,
        departments=frozenset(departments),
        on_duty=True,
        seen_at=NINE,
    )


def there(company: Company, *people: StaffMember, state: Presence = Presence.ON_DUTY, shifts: int = 0) -> Attendance:
    """People in a state; the first of them works from two to five in the afternoon where ``shifts`` says so."""
    roster = Roster(
        company.zone,
        tuple(
            Shift(id=one, staff_id=one, weekday=2, block=Block(14 * 60, 17 * 60), valid_from=NINE.date(), valid_to=None)
            for one in range(1, shifts + 1)
        ),
    )
    return Attendance.of(NINE, [(one, state) for one in people], roster)


@pytest.mark.parametrize(
    ("estimate", "vi", "en"),
    [
        (minutes(0, 3), "chưa tới 3 phút", "less than 3 minutes"),
        (seconds(10, 900), "trong vòng 15 phút", "up to 15 minutes"),
        (seconds(10, 180), "khoảng 10 giây đến 3 phút", "about 10 seconds to 3 minutes"),
        (minutes(5, 10), "khoảng 5–10 phút", "about 5–10 minutes"),
        (minutes(45, 75), "khoảng 45 phút đến 1 giờ 15 phút", "about 45 minutes to 1 hour 15 minutes"),
        (minutes(0, 0), "chưa tới 1 phút", "less than a minute"),
        (minutes(0, 1), "chưa tới 1 phút", "less than 1 minute"),
        (seconds(0, 30), "chưa tới 30 giây", "less than 30 seconds"),
        (seconds(20, 40), "khoảng 20–40 giây", "about 20–40 seconds"),
        (seconds(20, 120), "khoảng 20 giây đến 2 phút", "about 20 seconds to 2 minutes"),
    ],
)
def test_ranges_are_said_as_people_say_them(estimate: Estimate, vi: str, en: str) -> None:
    assert texts_waits.minutes(estimate, "vi") == vi
    assert texts_waits.minutes(estimate, "en") == en


@pytest.mark.parametrize(("ahead", "vi"), [(0, "Trước anh/chị chưa có ai chờ"), (3, "Trước anh/chị còn 3 người")])
def test_the_place_is_part_of_what_is_said(ahead: int, vi: str) -> None:
    assert texts_waits.place(ahead=ahead, estimate=minutes(5, 10), language="vi").startswith(vi)
    assert "5–10 minutes" in texts_waits.place(ahead=ahead, estimate=minutes(5, 10), language="en")
    assert "KT-0001" in texts_waits.changed(code="KT-0001", ahead=ahead, estimate=minutes(5, 10), language="vi")


def test_of_a_range_from_at_once_to_late_only_the_end_is_said() -> None:
    said = texts_waits.place(ahead=0, estimate=seconds(10, 900), language="vi")
    assert said == "Trước anh/chị chưa có ai chờ, thường có người nhận trong vòng 15 phút."


def test_nobody_serving_means_no_range(open_company: Company) -> None:
    waits = Waits(open_company)
    waits.count({"accounting": 2})
    assert waits.minutes("accounting", there(open_company, person(1, "accounting"), state=Presence.AWAY)) is None
    told = waits.minutes("accounting", there(open_company, person(1, "accounting")))
    assert told is not None
    assert 0 <= told[0] < told[1]


def test_more_people_ahead_make_a_longer_wait_and_more_who_serve_a_shorter_one(open_company: Company) -> None:
    waits = Waits(open_company)
    one = there(open_company, person(1, "accounting"))
    three = there(open_company, *(person(number, "accounting") for number in range(1, 4)))
    places = [waits.place("accounting", ahead, one).estimate for ahead in (0, 5)]
    fewer = waits.place("accounting", 5, replace_at(three)).estimate
    assert places[0] is not None
    assert places[1] is not None
    assert fewer is not None
    assert places[0].high < places[1].high
    assert fewer.high < places[1].high


def replace_at(attendance: Attendance) -> Attendance:
    """A look of a moment later: what was worked out for the one before is not used."""
    return replace(attendance, at=NINE + timedelta(seconds=3))


async def test_a_date_counts_the_queue_and_begins_when_somebody_is_there(open_company: Company) -> None:
    desk = open_company.department("accounting")

    def due(attendance: Attendance, waiting: int) -> datetime:
        waits = Waits(open_company)
        waits.count({"accounting": waiting})
        waits.see(attendance)
        return waits.answered_by(desk, Priority.NORMAL, NINE)

    alone = there(open_company, person(1, "accounting"))
    assert NINE < due(alone, 0) < due(alone, 6)
    away = there(open_company, person(1, "accounting"), state=Presence.OFF, shifts=1)
    two = NINE + timedelta(hours=5)
    assert due(away, 0) > two, "nobody is there before the shift begins"
    joined = Waits(open_company)
    joined.see(alone)
    for _ in range(6):
        joined.joined("accounting")
    assert joined.answered_by(desk, Priority.NORMAL, NINE) == due(alone, 6), "those put back just now count"
    assert Waits(open_company).answered_by(desk, Priority.NORMAL, NINE) == NINE, "nothing is known yet"


@pytest.mark.parametrize(
    ("span", "before"), [(timedelta(hours=3), AHEAD), (timedelta(minutes=5), timedelta(seconds=30))]
)
def test_the_keeper_looks_before_the_date(span: timedelta, before: timedelta) -> None:
    assert watched_at(NINE, NINE + span) == NINE + span - before
    promise = Promise(id=1, case_id=1, made_at=NINE, due_at=NINE + span)
    assert promise.watched_at == NINE + span - before
    assert promise.last_call == NINE + span - LAST_CALL


def test_a_date_in_the_past_is_looked_at_at_once() -> None:
    assert watched_at(NINE, NINE - timedelta(hours=1)) == NINE - timedelta(hours=1)


async def test_whoever_finds_room_is_served_at_once_until_the_room_is_taken(open_company: Company) -> None:
    desk = "accounting"
    look = there(open_company, person(1, desk), person(2, desk))
    waits, uow = Waits(open_company), Queue({desk: 2})
    room = open_company.department(desk).capacity
    await waits.refresh(uow, look, {1: Load(room, NINE)}, {2: 1})  # type: ignore[arg-type]
    places = [await waits.take(uow, desk, look) for _ in range(2)]  # type: ignore[arg-type]
    assert [(one.ahead, one.at_once) for one in places] == [(2, True), (3, False)], "one of two has room, for one more"
    await waits.refresh(uow, look, {1: Load(room, NINE), 2: Load(room, NINE)}, {})  # type: ignore[arg-type]
    assert not (await waits.take(uow, desk, look)).at_once  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ahead", "held", "offered", "relieved"),
    [(0, 0, 0, True), (2, 0, 0, True), (3, 0, 0, False), (1, 0, 2, False), (0, 6, 0, False)],
    ids=["room", "room for three offers", "more wait", "offers are open", "as full as the desk"],
)
async def test_a_queue_ends_with_the_patience_of_its_desk_where_others_have_room(
    open_company: Company, ahead: int, held: int, offered: int, relieved: bool
) -> None:
    desk = "customer_relations"
    look = there(open_company, person(1, desk), person(2, "reception"))
    waits = Waits(open_company)
    loads = {1: Load(open_company.department(desk).capacity, NINE), 2: Load(held, NINE)}
    await waits.refresh(Queue({desk: ahead}), look, loads, {2: offered})  # type: ignore[arg-type]
    place = await waits.take(Queue({}), desk, look)  # type: ignore[arg-type]
    assert place.estimate is not None
    assert not place.at_once
    by_then = patience(open_company, desk, Priority.NORMAL) + RELIEF
    assert (place.estimate.high <= by_then) is relieved


async def test_who_leads_has_room_for_management_alone(open_company: Company) -> None:
    boss = replace(person(1, "sales"), role=RoleId.MANAGER)
    waits = Waits(open_company)
    look = there(open_company, boss)
    await waits.refresh(Queue({}), look, {}, {})  # type: ignore[arg-type]
    assert (await waits.take(Queue({}), "management", look)).at_once  # type: ignore[arg-type]
    assert not (await waits.take(Queue({}), "sales", look)).at_once  # type: ignore[arg-type]


async def test_the_assistant_says_minutes_that_hold_the_range(open_company: Company) -> None:
    desk = "accounting"
    waits, look = Waits(open_company), there(open_company, person(1, desk))
    await waits.refresh(Queue({}), look, {}, {})  # type: ignore[arg-type]
    past = [Past(ahead=0, serving=1, waited=timedelta(seconds=24), at_once=True)] * 40
    told = (await waits.take(Queue({}, past), desk, look)).estimate  # type: ignore[arg-type]
    assert told is not None
    assert told.high < MINUTE
    await waits.refresh(Queue({}), look, {}, {})  # type: ignore[arg-type]
    assert waits.minutes(desk, look) == [0, 1]


class Queue:
    """So much of a unit of work as a look at the queues needs."""

    def __init__(self, waiting: dict[str, int], past: Sequence[Past] = ()) -> None:
        self.cases = self
        self._waiting = waiting
        self._past = list(past)

    async def waiting(self, now: datetime) -> dict[str, int]:
        return self._waiting

    async def past_waits(self, department: str, limit: int) -> list[Past]:
        return self._past
