"""A person who asks for time has not answered yet: no case ends on that, and the minutes they named bind them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.cases import Case
from bot.domain.staff import StaffMember
from bot.services.refusals import Unanswered
from bot.simulation.agenda import run
from tests.unit.services.virtual_house import VirtualHouse

HOLDING = "Dạ anh chờ em 5 phút em kiểm tra ạ"


def held(at: VirtualHouse) -> tuple[StaffMember, Case]:
    """Lan has asked the customer of her case for five minutes."""
    lan = at.staff("Lan", "sales")
    case = at.hands("sales").case
    run(at.house.desk.claim(lan, case.code))
    run(at.house.desk.reply(lan, case.code, HOLDING))
    return lan, at.case(case.id)


def test_a_case_does_not_end_on_a_request_for_time_unless_that_is_meant() -> None:
    at = VirtualHouse()
    lan, case = held(at)
    with pytest.raises(Unanswered):
        run(at.house.desk.resolve(lan, case.code))
    at.hands("sales", "chưa thấy gì hết")
    with pytest.raises(Unanswered):
        run(at.house.desk.resolve(lan, case.code))
    run(at.house.desk.resolve(lan, case.code, unanswered=True))
    assert not at.case(case.id).open


def test_it_ends_on_the_answer() -> None:
    at = VirtualHouse()
    lan, case = held(at)
    run(at.house.desk.reply(lan, case.code, "Dạ đơn giao lúc 9 giờ rồi ạ"))
    at.hands("sales", "cảm ơn em")
    run(at.house.desk.resolve(lan, case.code))
    assert not at.case(case.id).open


def test_the_minutes_that_somebody_names_are_all_they_have() -> None:
    at = VirtualHouse()
    _, case = held(at)
    assert case.sla is not None
    assert case.sla.next_due_at == at.now + timedelta(minutes=5)
    heard: list[str] = []
    at.house.store.on_event(lambda event: heard.append(event.data["state"]) if event.kind == "deadline" else None)
    at.passes(timedelta(minutes=4, seconds=30))
    assert heard == ["warning"]
    at.passes(timedelta(minutes=1))
    assert heard == ["warning", "breach"]


def test_more_minutes_than_the_house_gives_are_not_had() -> None:
    at = VirtualHouse()
    lan, case = held(at)
    run(at.house.desk.reply(lan, case.code, "Dạ chắc lâu, anh chờ em 90 phút ạ"))
    sla = at.company.department("sales").sla.of(case.priority)
    clock = at.case(case.id).sla
    assert clock is not None
    assert clock.next_due_at == at.now + timedelta(minutes=sla.next_response)
