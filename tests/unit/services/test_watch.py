"""The watchdog of the turn ledger: whoever has the floor gets what nobody has looked at, the bot's turns reception."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.arrivals import Arrival, CustomerMessage
from bot.domain.messages import Channel, MessageKind
from bot.domain.turns import WATCH_LIMIT, Outcome
from bot.services.inbound import MAX_READS
from bot.services.ports import QueueItem, QueueName
from bot.services.with_person import OUTSIDE_QUIET
from bot.simulation.agenda import run
from tests.unit.services.virtual_house import VirtualHouse


def writes(at: VirtualHouse, *texts: str) -> None:
    """The customer writes, and nothing works on it."""
    for text in texts:
        key = f"m{len(at.memory.messages)}"
        said = CustomerMessage(provider_id=key, kind=MessageKind.TEXT, text=text, sender_id="chat")
        run(at.house.intake.accept(Channel.WEBCHAT, Arrival(dedupe_key=key, chat="chat", payload={}, happening=said)))


def watches(at: VirtualHouse) -> None:
    """The limit passes, and the watchdog looks."""
    at.agenda.jump(WATCH_LIMIT.total_seconds() + 1)
    for turn_id in run(at.house.watch.overdue()):
        run(at.house.watch.close(turn_id))


def closings(at: VirtualHouse) -> list[tuple[Outcome | None, int | None]]:
    return [(one.outcome, one.case_id) for one in at.memory.turns.values()]


def test_what_a_person_has_the_floor_for_goes_into_their_case_and_into_no_other() -> None:
    at = VirtualHouse()
    lan = at.staff("Lan", "sales")
    case = at.hands("sales").case
    run(at.house.desk.claim(lan, case.code))
    run(at.house.desk.reply(lan, case.code, "Dạ còn hàng ạ"))
    said = len(at.said())
    assert at.promise(case.id) is None
    writes(at, "còn màu đỏ không?", "và màu xanh nữa")

    watches(at)

    assert list(at.memory.cases) == [case.id]
    assert closings(at)[-2:] == [(Outcome.OWNED, case.id)] * 2
    assert {one.case_id for one in at.memory.messages.values() if "màu" in one.text} == {case.id}
    clock = at.case(case.id).sla
    assert clock is not None
    assert clock.owes_answer
    assert at.promise(case.id) is not None
    assert at.said()[said:] == []


def test_a_turn_of_the_bot_goes_to_reception_and_its_customer_reads_the_number() -> None:
    at = VirtualHouse()
    at.staff("Hoa", "reception")
    writes(at, "alo", "có ai không?")

    watches(at)

    [case] = at.memory.cases.values()
    assert (case.department, case.summary) == ("reception", "alo\ncó ai không?")
    assert closings(at) == [(Outcome.OWNED, case.id)]
    assert case.code in at.said()[-1]


def gives_up(at: VirtualHouse) -> None:
    """The worker has read each message so often that it hands it to reception."""

    async def read() -> list[QueueItem]:
        async with at.house.store.read() as uow:
            return await uow.queues.read(QueueName.INBOX, seconds=30, limit=20)

    while items := run(read()):
        for item in items:
            run(at.house.inbound.handle(replace(item, reads=MAX_READS + 1)))


@pytest.mark.parametrize("ends", [watches, gives_up])
def test_a_floor_that_nobody_outside_uses_any_more_is_the_bots_again(ends: Callable[[VirtualHouse], None]) -> None:
    at = VirtualHouse()
    at.staff("Hoa", "reception")
    writes(at, "alo")
    watches(at)

    async def answers_outside() -> None:
        async with at.house.store.begin() as uow:
            talk = await uow.conversations.get(1, lock=True)
            await uow.conversations.save_floor(talk.id, talk.floor.taken_outside())

    run(answers_outside())
    at.agenda.jump((OUTSIDE_QUIET + timedelta(minutes=1)).total_seconds())
    said = len(at.said())
    writes(at, "còn ai không?")

    ends(at)

    [case] = at.memory.cases.values()
    assert closings(at)[-1] == (Outcome.OWNED, case.id)
    assert case.code in at.said()[said]
