"""A date that nobody kept puts the case before those who lead, and before one of them who is there."""

from __future__ import annotations

from bot.domain.cases import CaseState
from bot.domain.company import MANAGEMENT
from bot.simulation.agenda import run
from tests.unit.services.virtual_house import VirtualHouse


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
