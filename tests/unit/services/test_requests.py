"""Requests and the clock: how often somebody looks at one, beside the customer's date."""

from __future__ import annotations

from datetime import timedelta

from bot.services.calling import Calling
from bot.simulation.agenda import run
from tests.unit.services.virtual_house import VirtualHouse


def test_a_request_is_not_looked_at_for_a_call_that_it_cannot_move() -> None:
    at = VirtualHouse()
    lan, _ = at.staff("Lan", "sales"), at.staff("Tâm", "accounting")
    code = at.hands("sales").case.code
    run(at.house.desk.claim(lan, code))
    hour = at.now + timedelta(hours=1)
    run(Calling(at.house.backstage.moves).promise(lan, code, hour, confirmed=True))
    made = run(at.house.requesting.ask(lan, code, "accounting", "Xem giúp hoá đơn")).request
    assert made.due_at > hour

    at.passes(timedelta(minutes=56))

    watched = at.memory.requests[made.id]
    assert watched.timer_id == made.timer_id
    assert watched.due_at == made.due_at
