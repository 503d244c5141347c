"""Transfers whose receiver stands in for somebody, and those of people who are going home."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.cases import HOP_LIMIT, Case
from bot.domain.errors import Invalid
from bot.domain.staff import StaffMember
from bot.domain.transfers import TransferKind, TransferState
from bot.services.shift_ends import Line, To
from bot.services.transferring import TransferOutcome
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


def spent(at: VirtualHouse, person: StaffMember) -> Case:
    """A case that a person has, and that was passed on as often as it may be."""
    case = at.hands("accounting").case
    run(at.house.desk.claim(person, case.code))
    at.memory.cases[case.id] = replace(at.case(case.id), hops=HOP_LIMIT)
    return at.case(case.id)


@pytest.mark.parametrize(
    ("department", "to", "said"),
    [
        (None, "gone", "không còn làm việc"),
        ("warehouse", "Nga", "không thuộc bộ phận nhận"),
        (None, "nobody", "Không có người này"),
        ("accounting", None, "đang ở bộ phận này"),
        ("nowhere", None, "Không có bộ phận này"),
    ],
)
def test_whoever_could_not_have_a_case_is_refused_also_without_hops(
    department: str | None, to: str | None, said: str
) -> None:
    at = VirtualHouse()
    tam, nga, gone = at.staff("Tâm", "accounting"), at.staff("Nga", "sales"), at.staff("Hà", "warehouse")
    at.leads("Sơn")
    case = spent(at, tam)
    at.memory.staff[gone.id] = replace(gone, active=False)
    whom = {None: None, "gone": gone.id, "Nga": nga.id, "nobody": 4711}[to]

    with pytest.raises(Invalid, match=said):
        run(at.house.transferring.give(tam, case.code, note="Việc khó ạ", department=department, staff_id=whom))

    assert at.memory.transfers == {}
    assert at.case(case.id) == case


@pytest.mark.parametrize("manager_there", [True, False])
def test_whoever_could_have_it_makes_way_for_those_who_lead_and_the_giver_is_told(manager_there: bool) -> None:
    at = VirtualHouse()
    tam, nga = at.staff("Tâm", "accounting"), at.staff("Nga", "sales")
    if manager_there:
        at.leads("Sơn")
    case = spent(at, tam)

    given = run(at.house.transferring.give(tam, case.code, note="Việc khó ạ", staff_id=nga.id))

    assert given.to_management
    assert "chuyển đủ 2 lần" in given.told
    assert given.outcome is (TransferOutcome.ASKED if manager_there else TransferOutcome.QUEUED)


def test_a_case_that_waits_at_a_desk_is_not_sent_there_again_whatever_hops_are_left() -> None:
    at = VirtualHouse()
    case = at.hands("accounting").case
    at.memory.cases[case.id] = replace(at.case(case.id), hops=HOP_LIMIT)
    son = at.leads("Sơn")

    with pytest.raises(Invalid, match="đang ở bộ phận này"):
        run(at.house.transferring.give(son, case.code, note="Việc khó ạ", department="accounting"))
    given = run(at.house.transferring.give(son, case.code, note="Việc khó ạ", department="sales"))

    assert (given.case.department, given.to_management) == ("management", True)
    assert "chuyển đủ 2 lần" in given.told
