"""What was read by which model, in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.adapters.memory.data import Work
from bot.domain.messages import Author, Message
from bot.domain.teaching.drift import Heard
from bot.domain.teaching.examples import ExampleState
from bot.domain.turns import Turn
from bot.services.ports_models import Counted, Differing, ReadMessage, ShadowReading
from bot.services.readings import ANSWER


class MemoryModels:
    """See `bot.services.ports_models.Models`. There is never so much that a sample would be needed."""

    def __init__(self, work: Work) -> None:
        self._memory = work.memory
        self._journal = work.journal

    async def unshadowed(self, model_id: str, since: datetime, limit: int) -> list[ReadMessage]:
        """Look at every turn."""
        found = [
            _read(turn, said, self._name(turn))
            for turn, said in self._turns(since, None)
            if (model_id, said[-1].id) not in self._memory.shadow_readings
        ]
        return found[:limit]

    async def add_shadow_readings(self, readings: Sequence[ShadowReading]) -> None:
        """Store what is not there."""
        for one in readings:
            key = (one.model_id, one.message_id)
            if key not in self._memory.shadow_readings:
                self._journal.put(self._memory.shadow_readings, key, one)

    async def shadow_counts(self, model_id: str, since: datetime) -> tuple[int, int]:
        """Count."""
        found = list(self._shadowed(model_id, since))
        return len(found), sum(one.agrees for one in found)

    async def differing(self, model_id: str, since: datetime, limit: int) -> list[Differing]:
        """List those whose message is still there."""
        found = [one for one in self._shadowed(model_id, since) if not one.agrees]
        ordered = sorted(found, key=lambda one: (one.at, one.message_id), reverse=True)
        return [
            Differing(reading=one, text=message.text, name=self._name_of(message.conversation_id))
            for one in ordered
            if (message := self._memory.messages.get(one.message_id)) is not None
        ][:limit]

    async def read_between(self, since: datetime, until: datetime, limit: int) -> list[ReadMessage]:
        """List."""
        return [_read(turn, said, self._name(turn)) for turn, said in self._turns(since, until)][:limit]

    async def read_then(self) -> dict[int, str]:
        """Look at the turns of the examples' messages."""
        found = {}
        for example in self._memory.examples.values():
            message = self._memory.messages.get(example.message_id or 0)
            turn = self._memory.turns.get(message.turn_id or 0) if message is not None else None
            if example.state is ExampleState.APPROVED and turn is not None and turn.intent is not None:
                found[example.id] = turn.intent
        return found

    async def counted(self, since: datetime, until: datetime) -> list[Counted]:
        """Group."""
        counts = Counter(
            (self._channel(turn), turn.intent, turn.reading.decision)
            for turn in self._memory.turns.values()
            if turn.reading is not None and turn.closed_at is not None and since <= turn.closed_at < until
        )
        return [
            Counted(channel=channel, intent=intent, decision=decision, count=count)
            for (channel, intent, decision), count in sorted(counts.items(), key=lambda one: [str(x) for x in one[0]])
        ]

    async def heard(self, since: datetime, until: datetime, limit: int) -> list[Heard]:
        """List."""
        found = [
            Heard(
                channel=self._channel(turn),
                customer_id=self._memory.conversations[turn.conversation_id].customer_id,
                text=_words(said),
                intent=turn.intent,
                fallback=turn.reading is None or turn.reading.decision != ANSWER,
            )
            for turn, said in self._turns(since, until)
        ]
        return found[:limit]

    def _turns(self, since: datetime, until: datetime | None) -> Iterator[tuple[Turn, list[Message]]]:
        """Yield the turns that were read with what the customer said, in the order in which they closed."""
        closed = [(one.closed_at, one.id, one) for one in self._memory.turns.values() if one.closed_at is not None]
        for at, _, turn in sorted(closed, key=lambda one: one[:2]):
            said = self._said(turn)
            read = turn.reading is not None and turn.intent is not None
            if read and said and since <= at and (until is None or at < until):
                yield turn, said

    def _said(self, turn: Turn) -> list[Message]:
        own = (self._memory.messages[one] for one in self._memory.messages_in.of(turn.conversation_id))
        return [one for one in own if one.turn_id == turn.id and one.author is Author.CUSTOMER and one.text]

    def _shadowed(self, model_id: str, since: datetime) -> Iterator[ShadowReading]:
        everything = self._memory.shadow_readings.values()
        return (one for one in everything if one.model_id == model_id and one.at >= since)

    def _channel(self, turn: Turn) -> str:
        return self._memory.conversations[turn.conversation_id].channel.value

    def _name(self, turn: Turn) -> str | None:
        return self._name_of(turn.conversation_id)

    def _name_of(self, conversation_id: int) -> str | None:
        return self._memory.customers[self._memory.conversations[conversation_id].customer_id].name


def _words(said: Sequence[Message]) -> str:
    return "\n".join(one.text for one in said)


def _read(turn: Turn, said: Sequence[Message], name: str | None) -> ReadMessage:
    if turn.intent is None or turn.closed_at is None:
        raise ValueError(f"turn {turn.id} was not read")
    return ReadMessage(message_id=said[-1].id, text=_words(said), intent=turn.intent, at=turn.closed_at, name=name)
