"""The end of a case keeps no date: what nobody has answered, and whom nobody has called, was not kept."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.promises import PromiseState
from bot.simulation.agenda import run
from tests.unit.services.virtual_house import VirtualHouse

ANSWER = "Dạ hàng về kho sáng nay rồi ạ."


def test_a_date_of_the_house_that_nobody_answered_is_not_kept() -> None:
    at = VirtualHouse()
    lan = at.staff("Lan", "sales")
    case = at.hands("sales").case
    promise = at.promise(case.id)
    assert promise is not None
    run(at.house.desk.claim(lan, case.code))
    run(at.house.desk.resolve(lan, case.code, unanswered=True))
    assert at.memory.promises[promise.id].state is PromiseState.CANCELLED


def test_a_call_that_nobody_made_is_not_kept() -> None:
    at = VirtualHouse()
    lan = at.staff("Lan", "sales")
    case = at.hands("sales", call_at=at.now + timedelta(hours=3)).case
    promise = at.promise(case.id)
    assert promise is not None
    run(at.house.desk.claim(lan, case.code))
    run(at.house.desk.reply(lan, case.code, ANSWER))
    run(at.house.desk.resolve(lan, case.code))
    assert at.memory.promises[promise.id].state is PromiseState.CANCELLED


@pytest.mark.parametrize(
    ("before", "after", "state"),
    [
        ((), (), PromiseState.CANCELLED),
        ((ANSWER,), (), PromiseState.CANCELLED),
        ((), (ANSWER,), PromiseState.KEPT),
        ((), ("Dạ anh chờ em 5 phút em kiểm tra ạ",), PromiseState.CANCELLED),
    ],
)
def test_a_date_that_a_person_gave_is_kept_by_what_was_said_since(
    before: tuple[str, ...], after: tuple[str, ...], state: PromiseState
) -> None:
    at = VirtualHouse()
    lan = at.staff("Lan", "sales")
    code = at.hands("sales").case.code
    run(at.house.desk.claim(lan, code))
    for said in before:
        run(at.house.desk.reply(lan, code, said))
    case = run(at.house.promising.promise(lan, code, at.now + timedelta(hours=2)))
    promise = at.promise(case.id)
    assert promise is not None
    for said in after:
        run(at.house.desk.reply(lan, code, said))
    run(at.house.desk.resolve(lan, code, unanswered=True))
    assert at.memory.promises[promise.id].state is state
