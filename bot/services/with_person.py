"""A message while a person has the floor: it is theirs, and the bot says nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.cases import Case
from bot.domain.company import RECEPTION
from bot.domain.conversations import Conversation, Speaker
from bot.domain.feedback import Rating
from bot.domain.messages import Author, Message
from bot.domain.turns import Outcome
from bot.services.call_words import CallWords
from bot.services.case_news import announce
from bot.services.feedback import Feedback
from bot.services.handoff import OUTSIDE_REPLY, Handoff, Need
from bot.services.ledger import Ledger
from bot.services.ports import UnitOfWork
from bot.services.state_news import call_state_news
from bot.services.voice import Sentence, Voice

OUTSIDE_QUIET = timedelta(minutes=30)
"""The bot speaks again this long after the last answer that a person typed in the channel's own application."""


class WithPerson:
    """Shows messages to whoever has the floor. Callers hold the conversation's lock."""

    def __init__(self, *, handoff: Handoff, ledger: Ledger, voice: Voice, feedback: Feedback) -> None:
        self._handoff = handoff
        self._voice = voice
        self._ledger = ledger
        self._feedback = feedback
        self._calls = CallWords(appointments=handoff.appointments, promises=handoff.promises, voice=voice)

    async def take(self, uow: UnitOfWork, conversation: Conversation, message: Message, now: datetime) -> None:
        """Put a message into the case of whoever speaks; a question after its state is looked at behind the scenes.

        A score that was just asked for belongs to the case that ended, whoever speaks.
        """
        rating = await self._feedback.awaited(uow, conversation.id, message.text, now)
        if rating is not None:
            await self._rate(uow, conversation, rating, message, now)
            return
        case = await self._case_of_speaker(uow, conversation, message, now)
        case_id = case.id
        await uow.messages.set_case(message.id, case_id)
        if case.call_at is not None:
            await self._calls.take(uow, conversation, case, case.call_at, message.text, now)
        else:
            await self._calls.answer(uow, conversation, case, message.text, now)
        await self._ledger.close(uow, message, Outcome.OWNED, now, case_id=case_id)
        await call_state_news(uow, message)

    async def _rate(
        self, uow: UnitOfWork, conversation: Conversation, rating: Rating, message: Message, now: datetime
    ) -> None:
        said, followed = await self._feedback.take(uow, conversation, rating, message, now)
        outcome, case_id = (followed.outcome, followed.case.id) if followed is not None else (Outcome.ANSWERED, None)
        await uow.messages.set_case(message.id, case_id if case_id is not None else rating.case_id)
        sentence = Sentence(text=said, author=Author.SYSTEM, turn_id=message.turn_id, case_id=case_id)
        await self._voice.say(uow, conversation, sentence, now)
        await self._ledger.close(uow, message, outcome, now, case_id=case_id)

    async def back_from_outside(self, uow: UnitOfWork, conversation: Conversation, now: datetime) -> Conversation:
        """Give the floor back to the bot where a person who answered outside has been silent for long."""
        if conversation.floor.speaker is not Speaker.OUTSIDE:
            return conversation
        spoke = await uow.messages.last_at(conversation.id, Author.OUTSIDE)
        if spoke is not None and now - spoke < OUTSIDE_QUIET:
            return conversation
        returned = conversation.with_floor(conversation.floor.given_back())
        await uow.conversations.save_floor(conversation.id, returned.floor)
        return returned

    async def _case_of_speaker(
        self, uow: UnitOfWork, conversation: Conversation, message: Message, now: datetime
    ) -> Case:
        floor = conversation.floor
        if floor.speaker is Speaker.STAFF and floor.staff_id is not None:
            held = await uow.cases.assigned_in(conversation.id, floor.staff_id)
            if held:
                await self._handoff.promises.expect_answer(uow, held[-1], now, silent=True)
                await announce(uow, held[-1], "message")
                return held[-1]
        need = Need(department=RECEPTION, reason=OUTSIDE_REPLY, summary=message.text)
        handed = await self._handoff.hand(uow, conversation, need, now)
        return handed.case
