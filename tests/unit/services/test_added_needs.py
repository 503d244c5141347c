"""A need that joins a case its customer has open already weighs as much as in a case of its own."""

from __future__ import annotations

from bot.domain.company import Priority
from bot.services.ports import QueueName
from bot.services.rousing import ASSIGN
from tests.unit.services.virtual_house import VirtualHouse


def calls_for_the_assigner(at: VirtualHouse) -> int:
    timers = at.house.store.queues.of[QueueName.TIMERS].items.values()
    return sum(one.body["kind"] == ASSIGN for one in timers)


def test_a_complaint_about_an_open_case_makes_a_complaint_of_it() -> None:
    at = VirtualHouse()
    first = at.hands("customer_relations", "loyalty").case
    assert not first.complaint

    added = at.hands("customer_relations", "complaint_waiting").case

    assert (added.id, at.case(first.id).complaint) == (first.id, True)


def test_a_complaint_stays_one_whatever_else_is_said() -> None:
    at = VirtualHouse()
    first = at.hands("customer_relations", "complaint_waiting", priority=Priority.HIGH).case
    at.hands("customer_relations", "loyalty")
    assert at.case(first.id).complaint


def test_the_skill_that_an_added_need_asks_for_is_looked_for_at_once() -> None:
    at = VirtualHouse()
    first = at.hands("customer_relations", "loyalty").case
    before = calls_for_the_assigner(at)

    at.hands("customer_relations", "warranty")

    assert (at.case(first.id).skill, calls_for_the_assigner(at)) == ("repair", before + 1)


def test_the_skill_that_a_case_asks_for_is_kept() -> None:
    at = VirtualHouse()
    first = at.hands("customer_relations", "warranty").case
    before = calls_for_the_assigner(at)
    at.hands("customer_relations", "loyalty")
    assert (at.case(first.id).skill, calls_for_the_assigner(at)) == ("repair", before)
