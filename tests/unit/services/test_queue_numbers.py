"""A queue number is told once and stays: only another desk, or another day, gives another one."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.shift_ends import Line, To
from bot.domain.transfers import TransferKind
from bot.services.transferring import TransferOutcome
from bot.simulation.agenda import run
from tests.unit.services.virtual_house import VirtualHouse


def test_a_case_comes_back_into_its_queue_with_the_number_that_its_customer_knows() -> None:
    at = VirtualHouse()
    lan = at.staff("Lan", "sales")
    first = at.hands("sales", chat="a").case
    run(at.house.desk.claim(lan, first.code))
    second = at.hands("sales", chat="b").case
    assert (first.queue_number, second.queue_number) == (1, 2)

    run(at.house.crew.shift_ends.apply(lan, [Line(code=first.code, to=To.PROMISE)]))

    assert at.case(first.id).queue_number == 1
    assert at.hands("sales", chat="c").case.queue_number == 3, "and no number was used up"


def test_a_case_given_back_to_a_desk_where_nobody_is_keeps_its_number() -> None:
    at = VirtualHouse()
    lan, son = at.staff("Lan", "sales"), at.leads("Sơn")
    first = at.hands("sales", chat="a").case
    run(at.house.desk.claim(lan, first.code))
    at.hands("sales", chat="b")
    run(at.house.desk.step_in(son, first.code))
    run(at.house.crew.duty.switch(lan, on_duty=False))

    given = run(at.house.transferring.give(son, first.code, note="x", kind=TransferKind.GIVEN_BACK))

    assert (given.outcome, given.case.queue_number) == (TransferOutcome.QUEUED, 1)


def test_a_reopened_case_has_its_number_until_the_next_day() -> None:
    at = VirtualHouse()
    lan = at.staff("Lan", "sales")
    at.hands("sales", chat="a")
    case = at.hands("sales", chat="b").case
    run(at.house.desk.claim(lan, case.code))
    run(at.house.desk.resolve(lan, case.code, unanswered=True))
    run(at.house.desk.reopen(lan, case.code))
    assert at.case(case.id).queue_number == 2

    run(at.house.desk.claim(lan, case.code))
    run(at.house.desk.resolve(lan, case.code, unanswered=True))
    at.passes(timedelta(days=1))
    run(at.house.desk.reopen(lan, case.code))
    assert at.case(case.id).queue_number == 1
