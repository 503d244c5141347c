"""The simulator finds what it is there to find: each law, broken on purpose, ends the run with its history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.cases import Case
from bot.domain.company import Company
from bot.domain.conversations import Floor, Speaker
from bot.domain.messages import Author, Direction, Message, MessageKind
from bot.services.ports import QueueName
from bot.simulation.company import Plan, VirtualCompany
from bot.simulation.laws import LawBroken

Break = Callable[[VirtualCompany, Case], None]


def _nobody_watches(there: VirtualCompany, _: Case) -> None:
    there.house.store.queues.of[QueueName.TIMERS].items.clear()


def _no_promise(there: VirtualCompany, case: Case) -> None:
    there.house.memory.open_promises.pop(case.id)


def _third_hop(there: VirtualCompany, case: Case) -> None:
    there.house.memory.cases[case.id] = replace(case, hops=3)


def _owner_is_away(there: VirtualCompany, case: Case) -> None:
    there.house.memory.cases[case.id] = case.claimed(1, there.agenda.now())


def _owner_without_a_claim(there: VirtualCompany, case: Case) -> None:
    there.house.memory.cases[case.id] = replace(case, owner_id=1)


def _speaks_without_a_case(there: VirtualCompany, case: Case) -> None:
    conversation = there.house.memory.conversations[case.conversation_id]
    floor = Floor(speaker=Speaker.STAFF, staff_id=1, version=1)
    there.house.memory.conversations[conversation.id] = conversation.with_floor(floor)


@pytest.fixture
def night(company: Company) -> VirtualCompany:
    """A company in the early morning, with cases that nobody has taken yet."""
    there = VirtualCompany(company, Plan(days=1, seed=9, customers=800))
    there.plan_day(there.plan.first, 1)
    there.agenda.run(there.agenda.now() + timedelta(hours=7))
    return there


@pytest.mark.parametrize(
    "broken",
    [
        _nobody_watches,
        _no_promise,
        _third_hop,
        _owner_is_away,
        _owner_without_a_claim,
        _speaks_without_a_case,
    ],
    ids=lambda one: one.__name__.strip("_"),
)
def test_a_broken_law_is_found(night: VirtualCompany, broken: Break) -> None:
    night.laws.everything()
    case = next(iter(night.house.memory.cases.values()))
    broken(night, case)
    with pytest.raises(LawBroken, match=f"conversation {case.conversation_id}") as found:
        night.laws.everything()
    assert "customer:" in str(found.value)
    assert "case.open" in str(found.value)


@pytest.mark.parametrize(
    ("author", "staff_id", "case_id"), [(Author.STAFF, 2, 1), (Author.BOT, None, None)], ids=["another", "bot"]
)
def test_a_second_voice_is_heard(
    night: VirtualCompany, author: Author, staff_id: int | None, case_id: int | None
) -> None:
    case = next(iter(night.house.memory.cases.values()))
    _speaks_without_a_case(night, case)
    message = Message(
        id=1,
        conversation_id=case.conversation_id,
        direction=Direction.OUTBOUND,
        author=author,
        kind=MessageKind.TEXT,
        text="Dạ?",
        created_at=night.agenda.now(),
        staff_id=staff_id,
        case_id=case_id,
    )
    with pytest.raises(LawBroken, match="message 1"):
        night.laws.message(message)
