"""The watchdog of the turn ledger: no turn stays open past its limit, whatever broke."""

from __future__ import annotations

import structlog

from bot.domain.company import RECEPTION
from bot.domain.conversations import Speaker
from bot.domain.messages import Author
from bot.domain.turns import WATCH_LIMIT, Closing, Outcome
from bot.services.handoff import Handoff, Need
from bot.services.ports import Clock, Store
from bot.services.voice import Sentence, Voice

log = structlog.get_logger(__name__)

BATCH = 50


class Watch:
    """Closes overdue turns by handing them to reception with a promise."""

    def __init__(self, *, store: Store, clock: Clock, voice: Voice, handoff: Handoff) -> None:
        self._store = store
        self._clock = clock
        self._voice = voice
        self._handoff = handoff

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
            summary = "\n".join(one.text for one in said if one.text)
            log.warning("turn_closed_by_watchdog", turn_id=turn.id, conversation_id=conversation.id)
            need = Need(department=RECEPTION, reason="watchdog", summary=summary)
            handed = await self._handoff.hand(uow, conversation, need, now)
            for message in said:
                await uow.messages.take(message.id)
                await uow.messages.set_case(message.id, handed.case.id)
            outcome = handed.outcome
            if conversation.floor.speaker is Speaker.BOT:
                await self._voice.say(
                    uow,
                    conversation,
                    Sentence(text=handed.text, author=Author.SYSTEM, case_id=handed.case.id, turn_id=turn.id),
                    now,
                )
            else:
                outcome = Outcome.OWNED
            await uow.turns.close(turn.id, Closing(outcome=outcome, at=now, case_id=handed.case.id))
