"""The turn ledger in memory."""

from __future__ import annotations

from datetime import datetime

from bot.adapters.memory.data import Memory, Work
from bot.adapters.memory.journal import Journal
from bot.domain.copies import altered
from bot.domain.errors import Unknown
from bot.domain.turns import Closing, Turn


class MemoryTurns:
    """See `bot.services.ports.Turns`."""

    def __init__(self, work: Work) -> None:
        self._memory = work.memory
        self._journal = work.journal

    async def current(self, conversation_id: int, at: datetime) -> Turn:
        """Find the open turn or open one."""
        return open_turn(self._memory, self._journal, conversation_id, at)

    async def opened(self, conversation_id: int) -> Turn | None:
        """Find the open turn."""
        known = self._memory.open_turns.get(conversation_id)
        return self._memory.turns[known] if known is not None else None

    async def get(self, turn_id: int) -> Turn:
        """Find by id."""
        found = self._memory.turns.get(turn_id)
        if found is None:
            raise Unknown(f"turn {turn_id}")
        return found

    async def close(self, turn_id: int, closing: Closing, *, after: int = 0) -> int | None:
        """Store how it closed, unless it did, and count what came in behind it."""
        turn = self._memory.turns.get(turn_id)
        if turn is None or turn.outcome is not None:
            return None
        closed = altered(
            turn,
            outcome=closing.outcome,
            closed_at=closing.at,
            case_id=closing.case_id,
            intent=closing.intent,
            confidence=closing.confidence,
            model_id=closing.model_id,
            reading=closing.reading,
        )
        self._journal.put(self._memory.turns, turn_id, closed)
        self._journal.drop(self._memory.open_turns, turn.conversation_id)
        return sum(1 for one in self._memory.unhandled_in.of(turn_id) if one > after)

    async def overdue(self, before: datetime, limit: int) -> list[Turn]:
        """Find what the watchdog must close."""
        found = [turn for turn in self._open() if turn.opened_at < before]
        return sorted(found, key=lambda turn: turn.opened_at)[:limit]

    async def count_open(self, before: datetime) -> int:
        """Count them."""
        return sum(1 for turn in self._open() if turn.opened_at < before)

    def _open(self) -> list[Turn]:
        return [self._memory.turns[one] for one in self._memory.open_turns.values()]


def open_turn(memory: Memory, journal: Journal, conversation_id: int, at: datetime) -> Turn:
    """Return the open turn of a conversation, or open one."""
    known = memory.open_turns.get(conversation_id)
    if known is not None:
        return memory.turns[known]
    turn = Turn(id=memory.next_id("turns"), conversation_id=conversation_id, opened_at=at)
    journal.put(memory.turns, turn.id, turn)
    journal.put(memory.open_turns, conversation_id, turn.id)
    memory.turns_in.add(journal, conversation_id, turn.id)
    return turn
