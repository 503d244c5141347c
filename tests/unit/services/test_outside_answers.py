"""Answers that somebody types in the channel's own application: they count like those from the console."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

from bot.domain.arrivals import Arrival, OutsideReply
from bot.domain.cases import Case
from bot.domain.company import Priority
from bot.domain.messages import Channel
from bot.domain.promises import PromiseKind
from bot.services.handoff import OUTSIDE_REPLY
from bot.services.ledger import Ledger
from bot.services.ports import QueueName
from bot.services.reports import Reports
from bot.services.voice import Voice
from bot.simulation.agenda import run
from tests.unit.services.virtual_house import VirtualHouse


def answers(at: VirtualHouse, case: Case, text: str) -> None:
    """Somebody of the house answers in the channel's own application."""
    key = f"z{len(at.memory.messages)}"
    reply = OutsideReply(provider_id=key, text=text, author_id="hoa")
    house = at.house
    reports = Reports(
        store=house.store,
        clock=at.agenda,
        company=at.company,
        channels={Channel.WEBCHAT: SimpleNamespace(parse=lambda _: reply)},  # type: ignore[dict-item]
        voice=Voice({}),
        promising=house.promising,
        ledger=Ledger(),
    )

    async def arrives() -> None:
        arrival = Arrival(dedupe_key=key, chat="chat", payload={}, happening=reply)
        await house.intake.accept(Channel.WEBCHAT, arrival)
        async with house.store.read() as uow:
            [item] = await uow.queues.read(QueueName.INBOX, seconds=30, limit=1)
        await reports.handle(item)

    run(arrives())
    assert at.said()[-1] == text


def test_an_answer_stops_the_deadlines_and_keeps_the_date_of_the_house() -> None:
    at = VirtualHouse()
    case = at.hands("reception", OUTSIDE_REPLY).case

    answers(at, case, "Dạ hàng còn ạ, anh ghé cửa hàng lấy nhé.")

    assert at.promise(case.id) is None
    at.passes(timedelta(hours=2))
    late = at.case(case.id)
    assert (late.priority, late.sla.first if late.sla else "no clock") == (Priority.NORMAL, None)


def test_asking_for_time_leaves_an_answer_owed() -> None:
    at = VirtualHouse()
    case = at.hands("reception", OUTSIDE_REPLY).case

    answers(at, case, "Dạ anh chờ em 5 phút em kiểm tra ạ")

    clock = at.case(case.id).sla
    assert clock is not None
    assert clock.owes_answer
    assert at.promise(case.id) is not None


def test_a_call_at_an_hour_is_still_owed() -> None:
    at = VirtualHouse()
    case = at.hands("reception", OUTSIDE_REPLY, call_at=at.now + timedelta(hours=3)).case

    answers(at, case, "Dạ em gọi đúng giờ ạ")

    promise = at.promise(case.id)
    assert promise is not None
    assert promise.kind is PromiseKind.CALL
