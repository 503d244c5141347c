"""Transfers whose receiver stands in for somebody, and those of people who are going home."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.cases import HOP_LIMIT
from bot.domain.errors import Invalid
from bot.domain.transfers import TransferKind, TransferState
from bot.services.shift_ends import Line, To
from bot.simulation.agenda import run
from tests.unit.services.virtual_house import VirtualHouse


def test_a_desk_that_stood_in_puts_the_case_back_before_the_desk_that_was_meant() -> None:
    at = VirtualHouse()
    lan, thu = at.staff("Lan", "reception"), at.staff("Thu", "cashier")
    case = at.hands("reception").case
    run(at.house.desk.claim(lan, case.code))
    run(at.house.transferring.give(lan, case.code, note="Hoá đơn ạ", department="accounting"))
    run(at.house.answering.accept(thu, case.code))
    assert (at.case(case.id).department, at.case(case.id).wanted) == ("cashier", "accounting")
    tam = at.staff("Tâm", "accounting")

    run(at.house.crew.shift_ends.apply(thu, [Line(code=case.code, to=To.PROMISE)]))
    at.passes(timedelta(seconds=1))

    assert at.offered_to(case.id) == [tam.id]


def test_whoever_asks_a_manager_to_take_their_last_case_gets_no_other_and_goes_with_the_answer() -> None:
    at = VirtualHouse()
    lan, son = at.staff("Lan", "reception"), at.leads("Sơn")
    case = at.hands("reception").case
    run(at.house.desk.claim(lan, case.code))
    run(at.house.crew.shift_ends.apply(lan, [Line(code=case.code, to=To.STAFF, staff_id=son.id)]))

    other = at.hands("reception", chat="other").case
    at.passes(timedelta(seconds=1))

    assert lan.id not in at.offered_to(other.id)
    run(at.house.answering.accept(son, case.code))
    at.passes(timedelta(seconds=1))
    assert not at.memory.staff[lan.id].on_duty


def test_a_manager_who_was_asked_before_the_end_of_a_shift_is_not_asked_twice() -> None:
    at = VirtualHouse()
    lan, son = at.staff("Lan", "reception"), at.leads("Sơn")
    case = at.hands("reception").case
    run(at.house.desk.claim(lan, case.code))
    run(at.house.transferring.give(lan, case.code, note="Khó quá ạ", staff_id=son.id, kind=TransferKind.ESCALATED))
    assert not run(at.house.crew.duty.view(lan)).leaving

    run(at.house.crew.shift_ends.apply(lan, [Line(code=case.code, to=To.STAFF, staff_id=son.id)]))

    assert run(at.house.crew.duty.view(lan)).leaving
    assert [one.state for one in at.memory.transfers.values()] == [TransferState.ASKED]
    run(at.house.answering.accept(son, case.code))
    at.passes(timedelta(seconds=1))
    assert not at.memory.staff[lan.id].on_duty


@pytest.mark.parametrize("hops", [0, HOP_LIMIT])
@pytest.mark.parametrize("kind", [TransferKind.PASSED_ON, TransferKind.INTRODUCED])
def test_nobody_passes_a_case_to_themselves_whatever_hops_are_left(hops: int, kind: TransferKind) -> None:
    at = VirtualHouse()
    tam = at.staff("Tâm", "accounting")
    at.leads("Sơn")
    case = at.hands("accounting").case
    run(at.house.desk.claim(tam, case.code))
    at.memory.cases[case.id] = replace(at.case(case.id), hops=hops)

    with pytest.raises(Invalid, match="cho chính mình"):
        run(at.house.transferring.give(tam, case.code, note="Việc khó ạ", staff_id=tam.id, kind=kind))

    assert at.memory.transfers == {}
