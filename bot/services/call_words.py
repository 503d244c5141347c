"""What a customer says of a call that is still to come while a person has the floor: moved, called off, or asked."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.call_moves import calls_off, moved_to, named_for_call
from bot.domain.call_times import Reading, Sense, free_times
from bot.domain.cases import Case
from bot.domain.conversations import Conversation
from bot.domain.messages import Author
from bot.services import texts_calls
from bot.services.appointing import Appointments, owed_beside_call
from bot.services.ports import UnitOfWork
from bot.services.promise_book import PromiseBook
from bot.services.voice import Sentence, Voice

_BREATH = timedelta(minutes=20)
"""The soonest time that is offered, from now."""


class CallWords:
    """Changes a promised call as its customer says. Callers hold the conversation's lock."""

    def __init__(self, *, appointments: Appointments, promises: PromiseBook, voice: Voice) -> None:
        self._appointments = appointments
        self._promises = promises
        self._voice = voice

    async def take(
        self, uow: UnitOfWork, conversation: Conversation, case: Case, call_at: datetime, text: str, now: datetime
    ) -> None:
        """Move the call of a case, or take it off, where its customer says so; other words are the person's.

        ``case`` is as it was before this message, with a call at ``call_at``.
        An hour that will not do is answered with another one and the promise that stands: the person reads both.
        """
        said = ""
        if calls_off(text):
            # The very message that calls it off makes an answer owed to it, which says so by itself.
            locked, owed = await uow.cases.get(case.id, lock=True), owed_beside_call(case, text)
            _, said = await self._appointments.call_off(uow, conversation, locked, now, owed=owed)
        else:
            reading = moved_to(text, call_at, now, self._promises.hours_of(case))
            if reading is not None and reading.at != call_at:
                said = await self._move(uow, conversation, case, call_at, reading, now)
        await self._say(uow, conversation, case, said, now)

    async def answer(self, uow: UnitOfWork, conversation: Conversation, case: Case, text: str, now: datetime) -> None:
        """Promise a call where its customer, whom several found gone, says when to be called; else do nothing.

        ``case`` has no call. Only a message that names an hour costs a look at its promise.
        """
        reading = named_for_call(text, now, self._promises.hours_of(case))
        if reading is None:
            return
        promise = await uow.promises.open_of(case.id)
        if promise is not None and promise.tries > 0:
            said = await self._move(uow, conversation, case, None, reading, now)
            await self._say(uow, conversation, case, said, now)

    async def _say(self, uow: UnitOfWork, conversation: Conversation, case: Case, said: str, now: datetime) -> None:
        if said:
            sentence = Sentence(text=said, author=Author.SYSTEM, case_id=case.id)
            await self._voice.say(uow, conversation, sentence, now)

    async def _move(
        self,
        uow: UnitOfWork,
        conversation: Conversation,
        case: Case,
        call_at: datetime | None,
        reading: Reading,
        now: datetime,
    ) -> str:
        if reading.sense is Sense.CLEAR and reading.at is not None:
            locked = await uow.cases.get(case.id, lock=True)
            _, said = await self._appointments.call_at(
                uow, conversation, locked, reading.at, now, beside=case.owes_beside_call
            )
            return said
        language = conversation.language
        closed = reading.at if reading.sense is Sense.CLOSED else None
        free = free_times(self._promises.hours_of(case), max(closed, now + _BREATH), 1) if closed else []
        return texts_calls.kept_then(
            at=self._promises.say_moment(call_at, now, language) if call_at is not None else None,
            asked=self._promises.say_moment(closed, now, language) if closed else None,
            free=self._promises.say_moment(free[0], now, language) if free else None,
            language=language,
        )
