"""A date that nobody kept puts the case before those who lead, and before one of them who is there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.cases import CaseState
from bot.domain.company import MANAGEMENT
from bot.services.ports import QueueName
from bot.simulation.agenda import run
from tests.unit.services.virtual_house import COMPANY, VirtualHouse, always_open


def test_an_agent_who_stands_in_for_management_loses_the_case_with_the_next_missed_date() -> None:
    at = VirtualHouse()
    lan, tam = at.staff("Lan", "sales"), at.staff("Tâm", "sales")
    handed = at.hands("sales")
    run(at.house.desk.claim(lan, handed.case.code))
    at.leaves(lan)
    at.misses(handed.case.id)
    run(at.house.answering.accept(tam, handed.case.code))
    assert (at.case(handed.case.id).department, at.case(handed.case.id).owner_id) == (MANAGEMENT, tam.id)
    at.leaves(tam)
    son = at.leads("Sơn")

    at.misses(handed.case.id)

    case = at.case(handed.case.id)
    assert (case.department, case.state, case.owner_id) == (MANAGEMENT, CaseState.WAITING, None)
    assert "đã chuyển tới Ban quản lý" in at.said()[-1]
    assert at.offered_to(case.id) == [son.id]


def test_a_manager_who_is_gone_loses_the_case_to_one_who_is_there() -> None:
    at = VirtualHouse()
    at.staff("Lan", "sales")
    son, mai = at.leads("Sơn"), at.leads("Mai")
    handed = at.hands("sales")
    run(at.house.desk.step_in(son, handed.case.code))
    at.leaves(son)

    at.misses(handed.case.id)

    case = at.case(handed.case.id)
    assert (case.department, case.owner_id) == (MANAGEMENT, None)
    assert "vẫn đang ở Ban quản lý" in at.said()[-1]
    assert at.offered_to(case.id) == [mai.id]


def test_a_manager_who_is_there_keeps_the_case_whose_date_passes() -> None:
    at = VirtualHouse()
    son, _ = at.leads("Sơn"), at.leads("Mai")
    handed = at.hands("sales")
    run(at.house.desk.step_in(son, handed.case.code))

    at.misses(handed.case.id)

    case = at.case(handed.case.id)
    assert (case.department, case.owner_id) == (handed.case.department, son.id)
    assert "vẫn đang ở Ban quản lý" in at.said()[-1]


def test_what_nobody_who_leads_can_take_stays_in_their_queue() -> None:
    at = VirtualHouse()
    lan = at.staff("Lan", "sales")
    handed = at.hands("sales")
    run(at.house.desk.claim(lan, handed.case.code))
    at.leaves(lan)
    at.misses(handed.case.id)
    at.staff("Tâm", "sales")

    at.passes(timedelta(minutes=3))

    case = at.case(handed.case.id)
    assert (case.department, case.state) == (MANAGEMENT, CaseState.WAITING)
    assert any(one.case_id == case.id for one in at.memory.offers.values()), "its own desk is asked all the same"
    son = at.leads("Sơn")
    at.passes(timedelta(minutes=3))
    assert son.id in [*at.offered_to(case.id), at.case(case.id).owner_id]


def test_deadlines_of_a_covered_case_run_by_the_hours_of_the_desk_that_stands_in() -> None:
    company = always_open()
    office = replace(company.departments["accounting"], hours=COMPANY.departments["accounting"].hours)
    at = VirtualHouse(company=replace(company, departments={**company.departments, "accounting": office}))
    lan = at.staff("Lan", "accounting")
    handed = at.hands("accounting")
    run(at.house.crew.duty.switch(lan, on_duty=False))
    at.leaves(lan)
    at.leaves(at.staff("Mai", "reception"))
    at.passes(timedelta(minutes=20))

    case = at.case(handed.case.id)
    assert case.department == "reception"
    assert handed.case.sla is not None
    assert case.sla is not None
    allowed = timedelta(minutes=case.sla.resolution.allowed)
    assert case.sla.resolution.due_at == handed.case.opened_at + allowed, "reception never closes"
    assert case.timer_id in at.house.store.queues.of[QueueName.TIMERS].items
