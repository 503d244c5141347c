"""The watchdog of the turn ledger: no turn stays open past its limit, whatever broke."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import structlog

from bot.domain.company import RECEPTION
from bot.domain.conversations import Conversation, Speaker
from bot.domain.copies import altered
from bot.domain.messages import Author, Message
from bot.domain.turns import WATCH_LIMIT, Closing, Turn
from bot.services.handoff import Handoff, Need
from bot.services.ports import Clock, Store, UnitOfWork
from bot.services.voice import Sentence, Voice
from bot.services.with_person import WithPerson

log = structlog.get_logger(__name__)

BATCH = 50


class Watch:
    """Closes overdue turns: what nobody answers goes to reception with a promise, to whoever speaks what is theirs."""

    def __init__(self, *, store: Store, clock: Clock, voice: Voice, handoff: Handoff, with_person: WithPerson) -> None:
        self._store = store
        self._clock = clock
        self._voice = voice
        self._handoff = handoff
        self._with_person = with_person

    async def overdue(self) -> list[int]:
        """Return the ids of turns that must be closed now, oldest first."""
        async with self._store.read() as uow:
            return [turn.id for turn in await uow.turns.overdue(self._clock.now() - WATCH_LIMIT, BATCH)]

    async def close(self, turn_id: int) -> None:
        """Close one overdue turn; nothing happens where it closed in the meantime."""
        now = self._clock.now()
        async with self._store.begin() as uow:
            turn = await uow.turns.get(turn_id)
            conversation = await uow.conversations.get(turn.conversation_id, lock=True)
            turn = await uow.turns.get(turn_id)
            if not turn.overdue(now):
                return
            said = await uow.messages.unhandled(turn.id)
            log.warning("turn_closed_by_watchdog", turn_id=turn.id, conversation_id=conversation.id)
            conversation = await self._with_person.back_from_outside(uow, conversation, now)
            if said and conversation.floor.speaker is not Speaker.BOT:
                await self._show(uow, conversation, said, now)
            else:
                await self._hand(uow, conversation, turn, said, now)

    async def _show(self, uow: UnitOfWork, conversation: Conversation, said: Sequence[Message], now: datetime) -> None:
        """Put messages into the case of whoever speaks: they are theirs, as when nothing is broken."""
        for message in said:
            turn_id = await uow.messages.take(message.id)
            await self._with_person.take(uow, conversation, altered(message, turn_id=turn_id), now)

    async def _hand(
        self, uow: UnitOfWork, conversation: Conversation, turn: Turn, said: Sequence[Message], now: datetime
    ) -> None:
        """Give a turn to reception and tell its customer."""
        summary = "\n".join(one.text for one in said if one.text)
        need = Need(department=RECEPTION, reason="watchdog", summary=summary)
        handed = await self._handoff.hand(uow, conversation, need, now)
        for message in said:
            await uow.messages.take(message.id)
            await uow.messages.set_case(message.id, handed.case.id)
        sentence = Sentence(text=handed.text, author=Author.SYSTEM, case_id=handed.case.id, turn_id=turn.id)
        await self._voice.say(uow, conversation, sentence, now)
        await uow.turns.close(turn.id, Closing(outcome=handed.outcome, at=now, case_id=handed.case.id))
