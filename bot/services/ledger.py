"""Closing turns: exactly once, and never over the head of a message that nobody has looked at."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.conversations import Conversation
from bot.domain.messages import Message
from bot.domain.promises import PromiseState
from bot.domain.turns import Outcome
from bot.services.handoff import Handoff
from bot.services.ports import UnitOfWork
from bot.services.ports_engine import EngineAnswer


class Ledger:
    """The turn ledger's writer. Callers hold the conversation's lock."""

    def __init__(self, handoff: Handoff) -> None:
        self._handoff = handoff

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
        turn = await uow.turns.get(message.turn_id)
        if turn.outcome is not None:
            return
        closed = turn.closed(outcome, now, case_id)
        if answer is not None:
            closed = replace(
                closed, intent=answer.intent.name, confidence=answer.intent.confidence, model_id=answer.model_id
            )
        await uow.turns.save(closed)
        if await uow.messages.unhandled_after(turn.id, message.id):
            following = await uow.turns.current(message.conversation_id, now)
            await uow.messages.move_unhandled(turn.id, following.id)

    async def answered_by_person(self, uow: UnitOfWork, conversation: Conversation, now: datetime) -> None:
        """A person spoke: close the open turn and keep the promises of the cases in this conversation."""
        turn = await uow.turns.opened(conversation.id)
        if turn is not None:
            await uow.turns.save(turn.closed(Outcome.ANSWERED, now))
        for case in await uow.cases.of_customer(conversation.customer_id):
            if case.conversation_id == conversation.id and case.open:
                await uow.cases.save(case.replied(now))
                await self._handoff.settle(uow, case, PromiseState.KEPT, now)
                await self._handoff.announce(uow, case, "replied")
