"""Telling customers at once how their case stands when they ask while a person has the floor.

The person sees question and answer, keeps the floor, and still owes a word. The message is theirs long before: what may
be a question after the state of a case is looked at by a timer item, in a transaction of its own, and the engine is
asked what was meant outside of any.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zlib import crc32

import structlog

from bot.domain.cases import REOPEN_WINDOW, Case
from bot.domain.company import Company, Language
from bot.domain.conversations import Conversation, Speaker
from bot.domain.errors import Unknown
from bot.domain.language import language_of
from bot.domain.messages import Author, Message
from bot.domain.staff import own_desk
from bot.domain.state_questions import is_bare_code, may_ask_state, names_own_case
from bot.services import texts, texts_state
from bot.services.facts import Facts, told_by
from bot.services.planning import asked
from bot.services.ports import Clock, QueueItem, QueueName, Store, UnitOfWork
from bot.services.ports_engine import Engine, EngineUnavailable
from bot.services.timers import TimerHandler
from bot.services.voice import Sentence, Voice

log = structlog.get_logger(__name__)

KIND = "state_asked"
INTENTS = frozenset({"case_status", "complaint_waiting"})
SURE = 0.5
"""Confidence from which on the engine is believed; below it the person answers, as they do anyhow."""

STALE = timedelta(minutes=10)
"""Older questions are left to the person."""

AGAIN = timedelta(minutes=2)
"""So long the same state is not told a second time; another one is told at once."""

TOLD = 3
"""Cases told of in one message."""

Known = Sequence[tuple[Case, datetime | None]]
"""A customer's own cases, newest first, each with its open date."""


async def call_state_news(uow: UnitOfWork, message: Message) -> None:
    """Have a message looked at once it is stored, if it may ask how a case stands; costs no statement of its own."""
    if may_ask_state(message.text):
        await uow.queues.post(QueueName.TIMERS, {"kind": KIND, "message_id": message.id})


class StateNews:
    """Answers questions after the state of one's own case beside the person who has the floor."""

    def __init__(
        self, *, store: Store, clock: Clock, company: Company, engine: Engine, facts: Facts, voice: Voice
    ) -> None:
        self._store = store
        self._clock = clock
        self._company = company
        self._engine = engine
        self._facts = facts
        self._voice = voice

    @property
    def timers(self) -> dict[str, TimerHandler]:
        """The handlers of its timers, by kind."""
        return {KIND: self.due}

    async def due(self, item: QueueItem) -> None:
        """Look what a message asks, and say how the customer's case stands where it asks that."""
        try:
            asks = await self._asks(int(item.body["message_id"]))
        except Unknown:
            # The customer was forgotten since.
            asks = None
        now = self._clock.now()
        async with self._store.begin() as uow:
            if asks is None:
                await uow.queues.finish(QueueName.TIMERS, item.id)
                return
            conversation = await uow.conversations.get(asks.conversation_id, lock=True)
            if not await uow.queues.finish(QueueName.TIMERS, item.id):
                return
            known = await self._known(uow, conversation, now)
            if known and await self._is_open(uow, conversation, asks, now):
                await self._tell(uow, conversation, asks, known, now)

    async def _asks(self, message_id: int) -> Message | None:
        """Return the message if it asks how a case stands, and nobody has answered it meanwhile."""
        now = self._clock.now()
        async with self._store.read() as uow:
            message, conversation = await uow.messages.with_conversation(message_id)
            if not await self._is_open(uow, conversation, message, now):
                return None
            known = await self._known(uow, conversation, now)
            if not known:
                return None
            if is_bare_code(message.text, [case.code for case, _ in known]):
                return message
            spoken = language_of(message.text, Language(conversation.language))
            conversation = replace(conversation, language=spoken)
            facts = await self._facts.gather(uow, conversation, now)
        try:
            answer = await self._engine.turn(asked(conversation, message, facts))
        except EngineUnavailable as failure:
            log.info("state_not_asked", reason=failure.reason, message_id=message_id)
            return None
        meant = answer.intent.name in INTENTS and answer.intent.confidence >= SURE
        return message if meant else None

    async def _is_open(self, uow: UnitOfWork, conversation: Conversation, message: Message, now: datetime) -> bool:
        """Tell whether a person has the floor and has not spoken since."""
        if conversation.floor.speaker is Speaker.BOT or now - message.created_at >= STALE:
            return False
        for person in (Author.STAFF, Author.OUTSIDE):
            spoke = await uow.messages.last_at(conversation.id, person)
            if spoke is not None and spoke >= message.created_at:
                return False
        return True

    async def _known(self, uow: UnitOfWork, conversation: Conversation, now: datetime) -> Known:
        return await uow.cases.recent(conversation.customer_id, now - REOPEN_WINDOW)

    async def _tell(
        self, uow: UnitOfWork, conversation: Conversation, message: Message, known: Known, now: datetime
    ) -> None:
        language = language_of(message.text, Language(conversation.language))
        meant = _meant(message.text, known)
        told = [await self._state(uow, case, due, now, language) for case, due in meant]
        text = texts_state.automatic(told, language=language)
        if await self._told_lately(uow, conversation, text, now):
            return
        sentence = Sentence(text=text, author=Author.SYSTEM, case_id=meant[0][0].id)
        await self._voice.say(uow, conversation, sentence, now, client_id=_name(text, now))

    async def _told_lately(self, uow: UnitOfWork, conversation: Conversation, text: str, now: datetime) -> bool:
        for name in (_name(text, now), _name(text, now - AGAIN)):
            told = await uow.messages.by_client_id(conversation.id, name)
            if told is not None and now - told.created_at < AGAIN:
                return True
        return False

    async def _state(self, uow: UnitOfWork, case: Case, due: datetime | None, now: datetime, language: str) -> str:
        label = self._company.label(case.department, language)
        if not case.open:
            return texts_state.done(code=case.code, department=label, language=language)
        told = told_by(case, due, now)
        by = texts.moment(told, now, self._company.zone, language) if told is not None and told > now else None
        call = case.call_at is not None and told == due
        if case.owner_id is None:
            number = case.queue_number
            return texts_state.waiting(
                code=case.code, department=label, queue_number=number, due=by, call=call, language=language
            )
        owner = await uow.staff.get(case.owner_id)
        label = self._company.label(own_desk(owner, case, self._company), language)
        return texts_state.assigned(
            code=case.code, department=label, owner=owner.called(language), due=by, call=call, language=language
        )


def _meant(text: str, known: Known) -> Known:
    """Choose the cases that a question is about: those it names, else the open ones, else the newest."""
    named = names_own_case(text, [case.code for case, _ in known])
    chosen = [one for one in known if one[0].code in named] or [one for one in known if one[0].open]
    return (chosen or known[:1])[:TOLD]


def _name(text: str, at: datetime) -> str:
    """Return by what an automatic line is known: within `AGAIN` the same words have one name or neighbouring ones."""
    return f"state-{int(at.timestamp() // AGAIN.total_seconds())}-{crc32(text.encode()):08x}"
