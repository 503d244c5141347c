"""A date that a person gives is when they answer: no deadline of the house passes before it, but for new words."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.company import Priority
from bot.domain.promises import PromiseKind
from bot.simulation.agenda import run
from tests.unit.services.virtual_house import VirtualHouse


def test_no_deadline_is_missed_before_the_date() -> None:
    at = VirtualHouse()
    lan = at.staff("Lan", "sales")
    case = at.hands("sales").case
    run(at.house.desk.claim(lan, case.code))
    run(at.house.promising.promise(lan, case.code, at.now + timedelta(hours=3)))
    heard: list[str] = []
    at.house.store.on_event(lambda event: heard.append(event.data["deadline"]) if event.kind == "deadline" else None)
    at.passes(timedelta(hours=2, minutes=50))
    assert heard == ["promise_date"], "its owner is warned of the date itself"
    assert at.case(case.id).priority is Priority.NORMAL
    at.hands("sales", "sao lâu thế")
    clock = at.case(case.id).sla
    assert clock is not None
    assert clock.next_due_at is not None, "what the customer writes is owed an answer of its own"


def test_a_date_in_place_of_a_call_leaves_nothing_owed_before_it() -> None:
    at = VirtualHouse()
    lan = at.staff("Lan", "sales")
    case = at.hands("sales", call_at=at.now + timedelta(hours=1)).case
    run(at.house.desk.claim(lan, case.code))
    run(at.house.promising.promise(lan, case.code, at.now + timedelta(hours=3)))
    promise, clock = at.promise(case.id), at.case(case.id).sla
    assert promise is not None
    assert clock is not None
    assert (promise.kind, clock.call_at, clock.owes_answer) == (PromiseKind.DATE, None, False)
