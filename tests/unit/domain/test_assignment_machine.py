"""Assignment over time: any run of arrivals, answers and refusals keeps the rules, and every case finds somebody."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.domain.assignment import OFFERS_AT_ONCE, within_reach
from bot.domain.assignment_seats import BEYOND, Hall
from bot.domain.assignment_terms import Plan, WaitingCase
from bot.domain.company import MANAGEMENT, Company, Priority
from bot.domain.staff import StaffMember
from tests.unit.domain.desk_makers import NOW, Present, begin, boss, case, decided, person, plans_for, seated

MINUTE = timedelta(minutes=1)
DESKS = ("sales", "customer_relations", "reception", "warehouse", "management", "phòng ma")
PEOPLE = st.builds(
    lambda number, desks, more, leads: (boss if leads else person)(number, *desks, **more),
    st.integers(1, 12),
    st.sets(st.sampled_from(DESKS[:5]), min_size=1, max_size=3),
    st.fixed_dictionaries(
        {
            "open_cases": st.integers(0, 7),
            "offered": st.integers(0, 4),
            "senior": st.booleans(),
            "languages": st.sampled_from([frozenset({"vi"}), frozenset({"vi", "en"}), frozenset({"en"})]),
            "skills": st.sampled_from([frozenset(), frozenset({"bulk"})]),
        }
    ),
    st.booleans(),
)
CASES = st.builds(
    lambda number, desk, lies, more: case(number, desk, **({"department": lies} if lies else {}), **more),
    st.integers(1, 10_000),
    st.sampled_from(DESKS),
    st.none() | st.sampled_from(DESKS),
    st.fixed_dictionaries(
        {
            "waited": st.floats(-60, 600),
            "priority": st.sampled_from(Priority),
            "language": st.sampled_from(["vi", "en", "fr"]),
            "skill": st.sampled_from([None, "bulk", "law"]),
            "complaint": st.booleans(),
            "tries": st.integers(0, 4),
            "refused_by": st.frozensets(st.integers(1, 12), max_size=4),
            "previous_staff_id": st.none() | st.integers(1, 12),
        }
    ),
)


def capacity(company: Company, one: Present) -> int:
    """The most that a person may ever hold."""
    desks = (MANAGEMENT,) if one.staff.leads else tuple(one.staff.departments - {MANAGEMENT})
    return max((company.department(desk).capacity for desk in desks), default=0)


def chain(company: Company, waiting: WaitingCase, one: Present) -> bool:
    """Whether a person belongs to the chain of a case."""
    wanted = waiting.wanted if waiting.wanted in company.departments else "reception"
    desks = {department.id for department in company.chain(wanted)} | {"reception", waiting.department}
    return one.staff.leads or bool((desks - {MANAGEMENT}) & one.staff.departments)


def check(company: Company, cases: list[WaitingCase], people: list[Present], plans: list[Plan]) -> None:
    """What holds for every answer of `assign`."""
    known, waiting = {one.id: one for one in people}, {one.id: one for one in cases}
    assert len({plan.case_id for plan in plans}) == len(plans), "two plans for one case"
    for staff_id, count in Counter(plan.staff_id for plan in plans).items():
        one = known[staff_id]
        offers = sum(not plan.in_person for plan in plans if plan.staff_id == staff_id)
        most = capacity(company, one) * (1 if offers == count else BEYOND)
        assert one.open_cases + one.offered + count <= most, "beyond capacity"
        assert offers == 0 or one.offered + offers <= OFFERS_AT_ONCE
    for plan in plans:
        assert chain(company, waiting[plan.case_id], known[plan.staff_id])
        assert not plan.in_person or (known[plan.staff_id].staff.leads and waiting[plan.case_id].tries >= 2)


@given(
    cases=st.lists(CASES, max_size=40, unique_by=lambda one: one.id),
    people=st.lists(PEOPLE, max_size=12, unique_by=lambda one: one.id),
)
def test_any_round_keeps_the_rules_and_leaves_nobody_idle_beside_a_due_case(
    company: Company, cases: list[WaitingCase], people: list[Present]
) -> None:
    plans = plans_for(company, cases, people, NOW)
    check(company, cases, people, plans)
    assert plans_for(company, cases, people, NOW) == plans
    given_to = Counter(plan.staff_id for plan in plans)
    after = [replace(one, open_cases=one.open_cases + given_to[one.id]) for one in people]
    left = [one for one in cases if one.id not in {plan.case_id for plan in plans}]
    again = {plan.staff_id for plan in plans_for(company, left, after, NOW)}
    assert again <= set(given_to), "a second look finds what the first left to somebody who was free"
    for waiting in left:
        overdue = NOW - waiting.waiting_since > timedelta(hours=3)
        idle = [one for one in after if one.open_cases + one.offered == 0 and chain(company, waiting, one)]
        assert not (overdue and idle), "somebody of the chain has nothing to do while a case is overdue"


@given(
    cases=st.lists(CASES, max_size=40, unique_by=lambda one: one.id),
    people=st.lists(PEOPLE, max_size=12, unique_by=lambda one: one.id),
)
def test_cases_out_of_reach_would_get_nothing(
    company: Company, cases: list[WaitingCase], people: list[Present]
) -> None:
    hall = seated(company, people)
    begin(hall, people, NOW)
    near = within_reach(hall, company, cases)
    assert near == [one for one in cases if one in near], "in the order in which they were asked about"
    assert plans_for(company, near, people, NOW) == plans_for(company, cases, people, NOW)
    for waiting in cases:
        free = [one for one in people if one.open_cases + one.offered == 0 and chain(company, waiting, one)]
        assert waiting in near or not free


class Floor(RuleBasedStateMachine):
    """A desk over time: what is offered is answered, refused or left; people come, go, and finish their work."""

    company: Company

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.people = {number: person(number, senior=number == 1) for number in (1, 2)} | {3: person(3, "reception")}
        self.waiting: dict[int, WaitingCase] = {}
        self.known: dict[int, WaitingCase] = {}
        self.offers: dict[int, int] = {}
        self.owned: dict[int, int] = {}
        self.cases = self.finished = 0
        self.kept: tuple[list[StaffMember], Hall] | None = None

    @rule(
        desk=st.sampled_from(["sales", "reception"]),
        priority=st.sampled_from(Priority),
        complaint=st.booleans(),
        language=st.sampled_from(["vi", "en"]),
    )
    def arrive(self, desk: str, priority: Priority, complaint: bool, language: str) -> None:
        self.cases += 1
        one = case(self.cases, desk, priority=priority, complaint=complaint, language=language)
        self.waiting[one.id] = replace(one, waiting_since=self.now)

    @rule(minutes=st.integers(0, 30))
    def wait(self, minutes: int) -> None:
        self.now += minutes * MINUTE

    @rule(staff_id=st.integers(1, 4), leads=st.booleans())
    def come(self, staff_id: int, leads: bool) -> None:
        self.people.setdefault(staff_id, boss(staff_id) if leads else person(staff_id, senior=staff_id == 1))

    @precondition(lambda self: self.people)
    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        gone = data.draw(st.sampled_from(sorted(self.people)))
        del self.people[gone]
        for held in (self.offers, self.owned):
            for number in [number for number, staff_id in held.items() if staff_id == gone]:
                del held[number]
                self.waiting[number] = replace(case(number), waiting_since=self.now)

    @rule()
    def look(self) -> None:
        people, cases = self._present(), list(self.waiting.values())
        plans = decided(self._kept_hall(people), self.company, cases, people, self.now)
        assert plans == plans_for(self.company, cases, people, self.now), "a hall that is kept decides as a new one"
        check(self.company, cases, people, plans)
        for plan in plans:
            held = self.owned if plan.in_person else self.offers
            held[plan.case_id] = plan.staff_id
            self.known[plan.case_id] = self.waiting.pop(plan.case_id)

    @precondition(lambda self: self.offers)
    @rule(data=st.data(), answer=st.sampled_from(["accept", "accept", "refuse"]))
    def answer(self, data: st.DataObject, answer: str) -> None:
        number = data.draw(st.sampled_from(sorted(self.offers)))
        staff_id = self.offers.pop(number)
        if answer == "accept":
            self.owned[number] = staff_id
            return
        one = self.known[number]
        self.waiting[number] = replace(one, tries=one.tries + 1, refused_by=one.refused_by | {staff_id})

    @precondition(lambda self: self.owned)
    @rule(data=st.data())
    def finish(self, data: st.DataObject) -> None:
        del self.owned[data.draw(st.sampled_from(sorted(self.owned)))]
        self.finished += 1

    def _kept_hall(self, people: list[Present]) -> Hall:
        there = [one.staff for one in people]
        if self.kept is None or self.kept[0] != there:
            self.kept = (there, seated(self.company, people))
        return self.kept[1]

    def _present(self) -> list[Present]:
        owned, offered = Counter(self.owned.values()), Counter(self.offers.values())
        return [
            replace(one, open_cases=owned[one.id], offered=offered[one.id], idle_since=NOW)
            for one in self.people.values()
        ]

    @invariant()
    def nothing_is_held_twice_or_lost(self) -> None:
        places = [*self.waiting, *self.offers, *self.owned]
        assert len(places) == len(set(places))
        assert len(places) + self.finished == self.cases

    def teardown(self) -> None:
        """Give everybody, and one who leads, a free hand again and again: every case must find its person soon."""
        self.people[5] = boss(5)
        self.offers.clear()
        for _ in range(len(self.waiting) + 1):
            self.owned.clear()
            self.now += MINUTE
            plans = plans_for(self.company, list(self.waiting.values()), self._present(), self.now)
            for plan in plans:
                del self.waiting[plan.case_id]
        assert not self.waiting


@pytest.fixture(autouse=True)
def _company(company: Company) -> None:
    Floor.company = company


class TestFloor(Floor.TestCase):  # type: ignore[name-defined,misc]
    """Run by pytest."""


# --- starvation -----------------------------------------------------------------------------------------------------


def test_a_stream_of_emergencies_cannot_starve_a_plain_case(company: Company) -> None:
    """One person finishes one case every two minutes, and two emergencies arrive in that time."""
    plain = case(0, waited=0)
    waiting = {0: plain}
    for minute in range(1, 24 * 60):
        now = NOW + minute * MINUTE
        waiting[minute] = replace(case(minute, priority=Priority.URGENT), waiting_since=now)
        if minute % 2:
            continue
        (plan,) = plans_for(company, list(waiting.values()), [person(1, open_cases=5)], now)
        del waiting[plan.case_id]
        if plan.case_id == 0:
            break
    # The emergencies of the first hour go first, one every two minutes: two hours, and no later one passes.
    assert 118 <= minute <= 124


def test_a_stream_of_own_cases_cannot_starve_a_covered_one(company: Company) -> None:
    waiting = {0: case(0, waited=0)}
    for minute in range(1, 24 * 60):
        now = NOW + minute * MINUTE
        waiting[minute] = replace(case(minute, "customer_relations"), waiting_since=now)
        (plan,) = plans_for(company, list(waiting.values()), [person(1, "customer_relations", open_cases=4)], now)
        del waiting[plan.case_id]
        if plan.case_id == 0:
            break
    assert minute <= 12


@pytest.mark.parametrize(
    "odd",
    [
        {"language": "en"},
        {"skill": "bulk"},
        {"complaint": True},
        {"tries": 7, "refused_by": frozenset(range(1, 6))},
        {"department": "phòng ma"},
        {"previous_staff_id": 77},
        {"waited": 60 * 24 * 30},
    ],
)
def test_no_oddity_keeps_a_case_from_being_served(company: Company, odd: dict[str, object]) -> None:
    """Wherever the only fitting person is full for ever, the others take it once the answer is due."""
    fitting = person(9, open_cases=6, languages=frozenset({"en"}), skills=frozenset({"bulk"}), senior=True)
    others = [person(number) for number in range(1, 6)]
    waited: float = 10
    overdue = case(1, **({"waited": waited} | odd))
    assert len(plans_for(company, [overdue], [fitting, *others], NOW)) == 1


# --- fairness -------------------------------------------------------------------------------------------------------


def served(company: Company, arrivals: int, seed: int) -> Counter[int]:
    """Cases per person over a day of a desk of six equal people, each two thirds busy; the work varies (lognormal)."""
    draw = random.Random(seed)
    now, counts = NOW, Counter[int]()
    busy: dict[int, list[datetime]] = {number: [] for number in range(1, 7)}
    idle = dict.fromkeys(busy, NOW)
    waiting: dict[int, WaitingCase] = {}
    for number in range(arrivals):
        now += timedelta(minutes=draw.expovariate(4 * 6 / 20))
        for staff_id, held in busy.items():
            idle[staff_id] = max([idle[staff_id], *(until for until in held if until <= now)])
            busy[staff_id] = [until for until in held if until > now]
        waiting[number] = replace(case(number), waiting_since=now)
        sitting = [replace(person(one), open_cases=len(busy[one]), idle_since=idle[one]) for one in busy]
        for plan in plans_for(company, list(waiting.values()), sitting, now):
            del waiting[plan.case_id]
            counts[plan.staff_id] += 1
            idle[plan.staff_id] = now
            busy[plan.staff_id].append(now + timedelta(minutes=draw.lognormvariate(2.71, 0.75)))
    return counts


@pytest.mark.parametrize("seed", range(5))
def test_over_a_day_equal_people_get_nearly_equal_counts(company: Company, seed: int) -> None:
    counts = served(company, 480, seed)
    assert sum(counts.values()) >= 470
    even = sum(counts.values()) / 6
    jain = sum(counts.values()) ** 2 / (6 * sum(count**2 for count in counts.values()))
    # Who happens to get the long cases of a day gets fewer of them: the load is even, the counts nearly so.
    assert jain >= 0.99, counts
    assert max(abs(count - even) for count in counts.values()) <= 0.2 * even, counts
