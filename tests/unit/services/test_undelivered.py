"""Words that a channel rejects: somebody hears that the customer never read them."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.domain.cases import Case
from bot.domain.company import MANAGEMENT
from bot.domain.conversations import Conversation
from bot.domain.messages import Author, Channel, Delivery, Direction
from bot.services.handoff import Need
from bot.services.outbound import GIVE_UP_AFTER, Outbound
from bot.services.ports import QueueName
from bot.services.ports_channel import ChannelError, ChannelLimits, RecipientGone, Rejected, Unreachable
from bot.services.voice import Sentence, Voice
from bot.simulation.agenda import run
from tests.unit.services.virtual_house import VirtualHouse

LATER = "Dạ em xin hẹn trả lời trước 11:00 ạ."


class Street:
    """A house whose one customer writes in a channel that takes nothing."""

    def __init__(self, failure: ChannelError) -> None:
        self.at = VirtualHouse()
        self.heard: list[dict[str, Any]] = []
        self.at.house.store.on_event(
            lambda event: self.heard.append(dict(event.data)) if event.kind == "undelivered" else None
        )

        async def send(_: object) -> str:
            raise failure

        limits = ChannelLimits(text=4000, buttons=True)
        port: Any = SimpleNamespace(channel=Channel.TELEGRAM, limits=limits, pulls=False, send=send)
        self._voice = Voice({Channel.TELEGRAM: port})
        self._outbound = Outbound(
            store=self.at.house.store,
            clock=self.at.agenda,
            channels={Channel.TELEGRAM: port},
            handoff=self.at.house.backstage.handoff,
            media_root=Path(),
        )
        self.talk, self.case = run(self._opens())

    async def _opens(self) -> tuple[Conversation, Case]:
        need = Need(department="sales", reason="x", summary="x")
        async with self.at.house.store.begin() as uow:
            talk = await uow.conversations.meet(Channel.TELEGRAM, "7", "7", "Mai", "vi", self.at.now)
            return talk, (await self.at.house.backstage.handoff.hand(uow, talk, need, self.at.now)).case

    def says(self, author: Author = Author.SYSTEM) -> None:
        """Something is said about the case, and the channel is tried until it is given up."""

        async def said() -> None:
            async with self.at.house.store.begin() as uow:
                sentence = Sentence(text=LATER, author=author, case_id=self.case.id)
                await self._voice.say(uow, self.talk, sentence, self.at.now)

        async def leaves() -> None:
            async with self.at.house.store.read() as uow:
                items = await uow.queues.read(QueueName.OUTBOX, seconds=30, limit=10)
            for item in items:
                await self._outbound.handle(item)

        run(said())
        asyncio.run(leaves())
        self.at.agenda.jump((GIVE_UP_AFTER + timedelta(minutes=1)).total_seconds())
        asyncio.run(leaves())

    def notes(self) -> list[str]:
        """Return the internal notes of the case that speak of these words."""
        messages = self.at.memory.messages.values()
        return [one.text for one in messages if one.direction is Direction.INTERNAL and LATER in one.text]


@pytest.mark.parametrize("author", [Author.SYSTEM, Author.STAFF])
@pytest.mark.parametrize("failure", [Rejected("too long"), Unreachable("down")])
def test_whoever_has_the_case_hears_that_words_never_left(failure: ChannelError, author: Author) -> None:
    street = Street(failure)
    lan = street.at.staff("Lan", "sales")
    run(street.at.house.desk.claim(lan, street.case.code))

    street.says(author)

    [said] = [one for one in street.at.memory.messages.values() if one.text == LATER]
    assert said.delivery is Delivery.FAILED
    assert street.heard == [{"code": street.case.code, "staff_ids": [lan.id], "departments": []}]
    assert len(street.notes()) == 1


def test_those_who_lead_hear_of_a_case_that_nobody_has() -> None:
    street = Street(Rejected("too long"))
    street.says()
    assert street.heard == [{"code": street.case.code, "staff_ids": [], "departments": [MANAGEMENT]}]
    assert len(street.notes()) == 1


def test_an_answer_of_the_bot_goes_to_reception_as_before() -> None:
    street = Street(Rejected("too long"))
    street.says(Author.BOT)
    assert street.heard == []
    assert [one.reason for one in street.at.memory.cases.values()] == ["x", "not_delivered"]


def test_a_customer_who_has_gone_is_known_to_have_gone() -> None:
    street = Street(RecipientGone("blocked"))
    street.says()
    assert street.heard == []
    assert not street.at.memory.conversations[street.talk.id].reachable
