"""Closing turns: exactly once, and never over the head of a message that nobody has looked at."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.messages import Message
from bot.domain.turns import Closing, Outcome
from bot.services.ports import UnitOfWork
from bot.services.ports_engine import EngineAnswer
from bot.services.readings import reading_of


class Ledger:
    """The turn ledger's writer. Callers hold the conversation's lock."""

    async def close(
        self,
        uow: UnitOfWork,
        message: Message,
        outcome: Outcome,
        now: datetime,
        *,
        case_id: int | None = None,
        answer: EngineAnswer | None = None,
    ) -> None:
        """Close the turn of a message; messages that came in behind it begin the next turn."""
        if message.turn_id is None:
            raise RuntimeError(f"message {message.id} belongs to no turn")
        closing = Closing(outcome=outcome, at=now, case_id=case_id)
        if answer is not None:
            closing = replace(
                closing,
                intent=answer.intent.name,
                confidence=answer.intent.confidence,
                model_id=answer.model_id,
                reading=reading_of(answer),
            )
        if await uow.turns.close(message.turn_id, closing, after=message.id):
            await self._begin_next(uow, message.conversation_id, message.turn_id, now)

    async def answered(self, uow: UnitOfWork, conversation_id: int, now: datetime) -> None:
        """A person spoke: close the open turn; what nobody has looked at yet begins the next one."""
        turn = await uow.turns.opened(conversation_id)
        if turn is None:
            return
        if await uow.turns.close(turn.id, Closing(outcome=Outcome.ANSWERED, at=now)):
            await self._begin_next(uow, conversation_id, turn.id, now)

    async def _begin_next(self, uow: UnitOfWork, conversation_id: int, turn_id: int, now: datetime) -> None:
        following = await uow.turns.current(conversation_id, now)
        await uow.messages.move_unhandled(turn_id, following.id)
