"""Reminders of dates that customers hold."""

from __future__ import annotations

from datetime import timedelta

from bot.adapters.memory.forget import forget_conversation
from bot.services.ports import QueueName
from bot.simulation.agenda import run
from tests.unit.services.virtual_house import VirtualHouse


def test_the_reminder_of_a_date_whose_customer_was_forgotten_is_nobodys() -> None:
    at = VirtualHouse()
    lan = at.staff("Lan", "sales")
    case = at.hands("sales").case
    run(at.house.desk.claim(lan, case.code))
    run(at.house.promising.promise(lan, case.code, at.now + timedelta(days=3)))
    run(at.house.desk.resolve(lan, case.code, unanswered=True))
    at.passes(timedelta(days=1))
    forget_conversation(at.memory, case.conversation_id)

    at.passes(timedelta(days=4))

    kinds = {item.body["kind"] for item in at.house.store.queues.of[QueueName.TIMERS].items.values()}
    assert "promise_notice" not in kinds
