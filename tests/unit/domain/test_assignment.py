"""Who takes which case. Sales owe a first answer in ten minutes, carry six cases, are covered by care and reception."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.assignment import next_look, within_reach
from bot.domain.assignment_terms import Plan, WaitingCase
from bot.domain.company import Company, Priority
from bot.domain.hours import OpeningHours
from bot.domain.routing import Step
from tests.unit.domain.desk_makers import NOW, Present, begin, boss, case, person, plans_for, seated

FULL = {"sales": 6, "customer_relations": 5, "reception": 6, "management": 3}


def to(company: Company, cases: WaitingCase | Sequence[WaitingCase], *people: Present) -> list[tuple[int, int]]:
    """Case and person of every plan."""
    waiting = [cases] if isinstance(cases, WaitingCase) else cases
    return [(plan.case_id, plan.staff_id) for plan in plans_for(company, waiting, people, NOW)]


def only(company: Company, waiting: WaitingCase, *people: Present) -> Plan:
    """The one plan for one case."""
    (plan,) = plans_for(company, [waiting], people, NOW)
    return plan


def busy(one: Present, desk: str = "sales") -> Present:
    """The same person with no room left."""
    return replace(one, open_cases=FULL[desk])


# --- whom, among equals ---------------------------------------------------------------------------------------------


def test_the_least_loaded_then_the_longest_idle_then_the_smaller_id(company: Company) -> None:
    assert to(company, case(1), person(1, open_cases=1), person(2)) == [(1, 2)]
    assert to(company, case(1), person(1, offered=1), person(2)) == [(1, 2)]
    assert to(company, case(1), person(1, idle=5), person(2, idle=6)) == [(1, 2)]
    assert to(company, case(1), person(2), person(1)) == [(1, 1)]


def test_the_person_of_last_time_comes_first_if_there_and_free(company: Company) -> None:
    known = case(1, previous_staff_id=2)
    assert to(company, known, person(1), person(2, open_cases=5)) == [(1, 2)]
    assert to(company, known, person(1), busy(person(2))) == [(1, 1)]
    assert to(company, known, person(1)) == [(1, 1)]
    assert to(company, known, person(1), person(2, "warehouse")) == [(1, 1)], "moved to a desk that is not in the chain"
    refused = replace(known, refused_by=frozenset({2}), tries=1)
    assert to(company, refused, person(1), person(2)) == [(1, 1)]
    assert to(company, replace(known, complaint=True), person(1, senior=True), person(2)) == [(1, 1)]


def test_the_person_of_last_time_may_sit_at_a_cover(company: Company) -> None:
    known = case(1, previous_staff_id=2)
    assert only(company, known, person(1), person(2, "reception")).step is Step.RECEPTION


# --- capacity -------------------------------------------------------------------------------------------------------


def test_nobody_goes_beyond_their_capacity(company: Company) -> None:
    waiting = [case(number) for number in range(1, 20)]
    assert to(company, waiting, person(1, open_cases=5), person(2, open_cases=3, offered=2)) == [(1, 1), (2, 2)]
    assert to(company, waiting, person(1, open_cases=4, offered=2)) == []


def test_only_a_few_offers_lie_before_one_person_at_a_time(company: Company) -> None:
    waiting = [case(number) for number in range(1, 20)]
    assert len(to(company, waiting, person(1))) == 3
    assert len(plans_for(company, waiting, [person(1)], NOW, offers_at_once=6)) == 6
    assert to(company, waiting, person(1, offered=3)) == []


# --- order ----------------------------------------------------------------------------------------------------------


def test_priority_and_waiting_and_complaints_and_refusals_weigh(company: Company) -> None:
    old = case(1, waited=30)
    high = case(2, waited=1, priority=Priority.HIGH)
    urgent = case(3, waited=1, priority=Priority.URGENT)
    angry, refused = case(4, waited=22, complaint=True), case(5, waited=18, tries=1)
    everybody = [person(number) for number in range(1, 7)]
    ordered = to(company, [old, high, urgent, angry, refused, case(6, waited=30)], *everybody)
    assert [case_id for case_id, _ in ordered] == [3, 4, 1, 6, 5, 2]
    last = person(1, open_cases=5)
    assert to(company, [old, high, urgent], last) == [(3, 1)]
    assert to(company, [old, high], last) == [(1, 1)], "priority is a head start, not a rule that never ends"


# --- the chain ------------------------------------------------------------------------------------------------------


def test_desk_then_covers_then_manager_then_reception(company: Company) -> None:
    sitting = [person(1), person(2, "customer_relations"), boss(3), person(4, "reception")]
    steps = [Step.DEPARTMENT, Step.COVER, Step.MANAGER, Step.RECEPTION]
    for position, step in enumerate(steps):
        plan = only(company, case(1), *sitting[position:])
        assert (plan.staff_id, plan.step, plan.in_person) == (position + 1, step, False)
    assert to(company, case(1), person(5, "warehouse"), person(6, "nowhere")) == []


def test_a_desk_that_is_there_but_busy_is_waited_for_a_while(company: Company) -> None:
    people = (busy(person(1)), person(2, "customer_relations"))
    assert to(company, case(1, waited=3), *people) == []
    assert only(company, case(1, waited=4), *people).step is Step.COVER
    assert only(company, case(1, waited=2, priority=Priority.URGENT), *people).step is Step.COVER


def test_a_desk_whose_only_person_refused_is_not_waited_for(company: Company) -> None:
    refused = case(1, refused_by=frozenset({1}), tries=1)
    assert to(company, refused, person(1), person(2, "customer_relations")) == [(1, 2)]


def test_who_covers_serves_the_own_queue_first_but_not_for_ever(company: Company) -> None:
    one_place = person(1, "customer_relations", open_cases=4)
    own = case(1, "customer_relations", waited=3)
    assert to(company, [case(2, waited=12), own], one_place) == [(1, 1)]
    assert to(company, [case(2, waited=14), own], one_place) == [(2, 1)]


def test_a_case_that_a_cover_holds_goes_home_when_somebody_is_there(company: Company) -> None:
    covered = case(1, "sales", department="customer_relations")
    assert only(company, covered, person(1), person(2, "customer_relations")).step is Step.DEPARTMENT
    plan = only(company, covered, person(2, "customer_relations"), person(3, "reception"))
    assert (plan.staff_id, plan.step) == (2, Step.COVER)


def test_a_case_that_lies_with_management_is_theirs_first(company: Company) -> None:
    escalated = case(1, "sales", department="management")
    assert only(company, escalated, person(1), boss(2, open_cases=2)) == Plan(
        case_id=1, staff_id=2, step=Step.MANAGER, in_person=False
    )
    assert to(company, escalated, person(1)) == [(1, 1)]
    assert only(company, case(1, "management"), boss(2), person(3, "customer_relations")).step is Step.DEPARTMENT
    assert to(company, case(1, "management"), person(4, "management"), boss(2)) == [(1, 2)], "only those who lead"


def test_who_leads_is_kept_for_what_needs_them(company: Company) -> None:
    everywhere = boss(2, *company.departments)
    assert to(company, case(1), person(1, open_cases=5), everywhere) == [(1, 1)]


def test_people_on_duty_take_cases_of_a_closed_desk(company: Company) -> None:
    never = OpeningHours(company.zone, ((),) * 7)
    departments = dict(company.departments) | {"sales": replace(company.department("sales"), hours=never)}
    assert to(replace(company, departments=departments), case(1), person(1)) == [(1, 1)]


def test_an_unknown_desk_is_reception(company: Company) -> None:
    plan = only(company, case(1, "phòng ma"), person(1), person(2, "reception"))
    assert (plan.staff_id, plan.step) == (2, Step.DEPARTMENT)


# --- skills, languages, seniors -------------------------------------------------------------------------------------


def test_a_skill_is_waited_for_a_while_and_dropped_where_nobody_has_it(company: Company) -> None:
    wants = case(1, skill="bulk")
    expert = person(2, skills=frozenset({"bulk"}), open_cases=3)
    assert to(company, wants, person(1), expert) == [(1, 2)]
    assert to(company, wants, person(1), busy(expert)) == []
    assert to(company, replace(wants, priority=Priority.URGENT), person(1), busy(expert)) == [(1, 1)]
    assert to(company, case(1, skill="bulk", waited=4), person(1), busy(expert)) == [(1, 1)]
    assert to(company, wants, person(1)) == [(1, 1)]


def test_a_language_is_waited_for_until_the_answer_is_due(company: Company) -> None:
    fluent = person(2, languages=frozenset({"vi", "en"}), open_cases=3)
    speaks = case(1, language="en", waited=9)
    assert to(company, speaks, person(1), fluent) == [(1, 2)]
    assert to(company, speaks, person(1), busy(fluent)) == []
    assert to(company, case(1, language="en", waited=10), person(1), busy(fluent)) == [(1, 1)]
    assert to(company, speaks, person(1)) == [(1, 1)]
    assert to(company, speaks, person(1), person(3, "reception", languages=frozenset({"en"}))) == [(1, 3)]


def test_the_language_matters_more_than_the_skill(company: Company) -> None:
    fluent = person(1, languages=frozenset({"en"}))
    skilled = person(2, skills=frozenset({"bulk"}))
    assert to(company, case(1, language="en", skill="bulk"), fluent, skilled) == [(1, 1)]


def test_who_refused_does_not_count_as_having_the_skill(company: Company) -> None:
    refused = case(1, skill="bulk", language="en", refused_by=frozenset({2}), tries=1)
    expert = person(2, skills=frozenset({"bulk"}), languages=frozenset({"en"}))
    assert to(company, refused, person(1), expert) == [(1, 1)]


def test_a_complaint_waits_a_while_for_a_busy_senior(company: Company) -> None:
    complaint = case(1, complaint=True)
    senior = person(2, senior=True, open_cases=4)
    assert to(company, complaint, person(1), senior) == [(1, 2)]
    assert to(company, complaint, person(1), busy(senior)) == []
    assert to(company, case(1, complaint=True, waited=4), person(1), busy(senior)) == [(1, 1)]


def test_a_complaint_at_a_desk_without_a_senior_goes_to_who_leads(company: Company) -> None:
    complaint = case(1, complaint=True)
    assert only(company, complaint, person(1), boss(2)).step is Step.MANAGER
    assert to(company, complaint, person(1), busy(boss(2), "management")) == [(1, 1)]
    assert to(company, complaint, person(1)) == [(1, 1)]


def test_an_emergency_takes_a_senior_if_free_and_anybody_at_once_if_not(company: Company) -> None:
    urgent = case(1, priority=Priority.URGENT, waited=0)
    senior = person(2, senior=True, open_cases=5)
    assert to(company, urgent, person(1), senior) == [(1, 2)]
    assert to(company, urgent, person(1), busy(senior)) == [(1, 1)]


def test_seniors_only_holds_until_the_answer_is_due_and_never_strands_a_case(company: Company) -> None:
    strict = replace(company.department("sales"), seniors_only=frozenset({Priority.NORMAL}))
    house = replace(company, departments=dict(company.departments) | {"sales": strict})
    senior = busy(person(2, senior=True))
    assert to(house, case(1, waited=9), person(1), senior, person(3, "reception")) == []
    assert to(house, case(1, waited=9), person(1), senior, person(3, "reception", senior=True)) == [(1, 3)]
    assert to(house, case(1, waited=1), person(1), person(3, "reception", senior=True)) == [(1, 3)]
    assert to(house, case(1, waited=10), person(1), senior) == [(1, 1)]
    assert to(house, case(1, waited=1), person(1)) == [(1, 1)]


def test_with_a_limit_come_the_plans_that_would_come_first(company: Company) -> None:
    waiting = [*(case(number, waited=4 + number) for number in range(1, 14)), case(14, "accounting", waited=3)]
    people = [person(1), busy(person(2)), person(3, "customer_relations"), person(4, "reception"), boss(5)]
    whole = plans_for(company, waiting, people, NOW)
    assert {plan.step for plan in whole} == {Step.DEPARTMENT, Step.COVER, Step.MANAGER, Step.RECEPTION}
    for most in range(1, len(whole) + 2):
        assert plans_for(company, waiting, people, NOW, at_most=most) == whole[:most]


# --- refusals -------------------------------------------------------------------------------------------------------


def test_after_two_refusals_a_manager_has_it_in_person(company: Company) -> None:
    refused = case(1, tries=2, refused_by=frozenset({1, 2}))
    plan = only(company, refused, person(1), person(2), person(3), boss(9, offered=2), person(4, "reception"))
    assert plan == Plan(case_id=1, staff_id=9, step=Step.MANAGER, in_person=True)
    assert to(company, refused, person(3), boss(9, open_cases=3), person(4, "reception")) == [(1, 9)], "beyond capacity"
    assert to(company, refused, person(3), boss(9, open_cases=9), person(4, "reception")) == [(1, 4)], "not without end"


@pytest.mark.parametrize("wish", [{"skill": "bulk"}, {"language": "en"}, {"skill": "bulk", "language": "en"}])
def test_no_wish_outweighs_that_a_manager_has_it_in_person(company: Company, wish: dict[str, str]) -> None:
    every = {"skills": frozenset({"bulk"}), "languages": frozenset({"vi", "en"})}
    desk = [person(number, **every) for number in range(1, 6)]
    refused = case(1, tries=2, refused_by=frozenset({1, 2}), **wish)
    plan = Plan(case_id=1, staff_id=9, step=Step.MANAGER, in_person=True)
    assert only(company, refused, *desk, boss(9)) == plan
    assert only(company, replace(refused, refused_by=frozenset({1, 9})), *desk, boss(9)) == plan
    assert only(company, refused, *desk, boss(8), boss(9, open_cases=1, **every)) == plan, "who has it, among those"


def test_a_manager_with_the_language_alone_comes_before_one_with_neither(company: Company) -> None:
    refused = case(1, tries=2, refused_by=frozenset({1, 2}), skill="bulk", language="en")
    expert = person(3, skills=frozenset({"bulk"}), languages=frozenset({"en"}))
    fluent = boss(9, open_cases=1, languages=frozenset({"en"}))
    assert to(company, refused, expert, boss(8), fluent) == [(1, 9)]


def test_open_offers_do_not_keep_a_manager_from_a_case_in_person(company: Company) -> None:
    wide = replace(company.department("management"), capacity=9)
    house = replace(company, departments=dict(company.departments) | {"management": wide})
    refused = case(1, tries=2, refused_by=frozenset({1, 9}))
    assert only(house, refused, boss(9, offered=3)).in_person, "also one who declined it as an offer"


def test_without_a_manager_reception_then_the_chain_then_those_who_refused(company: Company) -> None:
    refused = case(1, tries=2, refused_by=frozenset({1, 2}))
    people = [person(4, "reception"), person(3), person(5, "customer_relations"), person(1), person(2)]
    steps = [Step.RECEPTION, Step.DEPARTMENT, Step.COVER, Step.DEPARTMENT, Step.DEPARTMENT]
    for position, step in enumerate(steps):
        plan = only(company, refused, *people[position:])
        assert (plan.staff_id, plan.step, plan.in_person) == (people[position].id, step, False)


def test_when_everybody_refused_each_is_asked_in_turn(company: Company) -> None:
    sitting = [person(1, idle=90), person(2), person(3, "customer_relations"), person(4, "reception")]
    everybody = frozenset({1, 2, 3, 4})
    asked = {only(company, case(1, tries=tries, refused_by=everybody), *sitting).staff_id for tries in range(4, 8)}
    assert asked == everybody
    alone = case(1, tries=1, refused_by=frozenset({1}))
    assert to(company, alone, person(1)) == [(1, 1)]


# --- time alone -----------------------------------------------------------------------------------------------------


def test_a_case_is_within_reach_while_anybody_of_its_chain_is_free(company: Company) -> None:
    def near(*people: Present) -> list[int]:
        hall = seated(company, people)
        begin(hall, people, NOW)
        return [one.id for one in within_reach(hall, company, [case(1), case(2, "hr"), case(3, tries=2)])]

    assert near(person(1)) == [1, 3]
    assert near(busy(person(1))) == []
    assert near(busy(person(1)), person(2, "reception")) == [1, 2, 3]
    assert near(boss(1, open_cases=3)) == [3], "given in person beyond what a manager carries of their own accord"


def test_next_look_is_when_waiting_changes_an_answer(company: Company) -> None:
    waiting = case(1, waited=1)
    soon = next_look(company, [waiting, case(2, waited=0)], NOW)
    assert soon is not None
    people = (busy(person(1)), person(2, "customer_relations"))
    assert plans_for(company, [waiting], people, soon - timedelta(seconds=1)) == []
    assert plans_for(company, [waiting], people, soon) != []
    assert next_look(company, [case(1, waited=4)], NOW) == NOW + timedelta(minutes=6), "when the first answer is due"
    assert next_look(company, [case(1, waited=600)], NOW) is None
    assert next_look(company, [], NOW) is None


def test_a_clock_set_back_an_hour_changes_nothing_for_who_is_free(company: Company) -> None:
    plans = plans_for(company, [case(1)], [person(1)], NOW - timedelta(hours=1))
    assert [(plan.case_id, plan.staff_id) for plan in plans] == [(1, 1)]
