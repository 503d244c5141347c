"""The simulator finds what it is there to find: each law, broken on purpose, ends the run with its history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.cases import Case, CaseState
from bot.domain.company import Company
from bot.domain.conversations import Floor, Speaker
from bot.domain.hours import Block
from bot.domain.messages import Author, Direction, Message, MessageKind
from bot.domain.promises import PromiseState
from bot.domain.shifts import Shift
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


def _shift_is_over(there: VirtualCompany, case: Case) -> None:
    _owner_is_away(there, case)
    person, came = there.house.memory.staff[1], there.agenda.now() - timedelta(days=2)
    there.house.memory.staff[1] = replace(person, on_duty=True, switched_at=came)
    day = came.date() + timedelta(days=1)
    shift = Shift(id=0, staff_id=1, weekday=day.weekday(), block=Block(480, 720), valid_from=day)
    there.house.memory.shifts = {0: shift}


def _resolved_with_a_promise(there: VirtualCompany, case: Case) -> None:
    there.house.memory.cases[case.id] = replace(case, state=CaseState.RESOLVED)


def _settled_promise_among_the_open(there: VirtualCompany, case: Case) -> None:
    promise = there.house.memory.promises[there.house.memory.open_promises[case.id]]
    there.house.memory.promises[promise.id] = replace(promise, state=PromiseState.KEPT)


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


BROKEN: dict[Break, str] = {
    _nobody_watches: "which nothing watches",
    _no_promise: "has no promise",
    _third_hop: "was passed on too often",
    _owner_is_away: "who is not there",
    _owner_without_a_claim: "has a wrong owner",
    _shift_is_over: "whose shift is over",
    _resolved_with_a_promise: "is resolved and has a promise",
    _settled_promise_among_the_open: "has a settled promise among the open ones",
    _speaks_without_a_case: "speaks without a case",
}


@pytest.mark.parametrize("broken", BROKEN, ids=lambda one: one.__name__.strip("_"))
def test_a_broken_law_is_found(night: VirtualCompany, broken: Break) -> None:
    night.laws.everything()
    case = next(iter(night.house.memory.cases.values()))
    broken(night, case)
    with pytest.raises(LawBroken, match=f"conversation {case.conversation_id}: .*{BROKEN[broken]}") as found:
        night.laws.everything()
    assert "customer:" in str(found.value)
    assert "case.open" in str(found.value)


def _looked_away(there: VirtualCompany, message: Message) -> None:
    there.house.memory.messages[message.id] = replace(message, handled=False)


def _kept_silent(there: VirtualCompany, message: Message) -> None:
    messages, cases = there.house.memory.messages, there.house.memory.cases
    for one in list(messages.values()):
        if one.conversation_id == message.conversation_id and one.direction is Direction.OUTBOUND:
            messages[one.id] = replace(one, direction=Direction.INTERNAL)
    for case_id in there.house.memory.cases_in.of(message.conversation_id):
        cases[case_id] = replace(cases[case_id], state=CaseState.RESOLVED)


@pytest.mark.parametrize(
    ("broken", "words"), [(_looked_away, "nobody looked at it"), (_kept_silent, "nothing was said to it")]
)
def test_a_customer_who_was_not_heard_is_found(
    night: VirtualCompany, broken: Callable[[VirtualCompany, Message], None], words: str
) -> None:
    case = next(iter(night.house.memory.cases.values()))
    night.laws.conversation(case.conversation_id)
    said = [one for one in night.house.memory.messages.values() if one.conversation_id == case.conversation_id]
    message = next(one for one in said if one.direction is Direction.INBOUND)
    broken(night, message)
    with pytest.raises(LawBroken, match=f"conversation {case.conversation_id}: message {message.id}: {words}"):
        night.laws.conversation(case.conversation_id)


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
