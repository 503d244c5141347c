"""Reviewing in memory beside decisions: objections, corrections, consent, and forgetting customers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from bot.adapters.memory.data import Work
from bot.domain.copies import altered
from bot.domain.errors import Unknown
from bot.domain.messages import Author
from bot.domain.teaching.examples import Example, ExampleState, likeness
from bot.domain.turns import Outcome, Turn
from bot.services.ports_review import CLEARED, Correction, Erasure, Objection, Opening, Refusal


class MemoryReviews:
    """See `bot.services.ports_review.Reviews`."""

    def __init__(self, work: Work) -> None:
        self._memory = work.memory
        self._journal = work.journal

    # --- examples -----------------------------------------------------------------------------------------------------

    async def of_message(self, message_id: int) -> list[Example]:
        """List by message."""
        found = [one for one in self._teaching() if one.message_id == message_id]
        return sorted(found, key=lambda one: one.part)

    async def alike(self, text: str) -> list[Example]:
        """List by the digest of the text."""
        wanted = likeness(text)
        return [one for one in self._teaching() if likeness(one.text) == wanted]

    def _teaching(self) -> list[Example]:
        everyone = self._memory.examples.values()
        return sorted((one for one in everyone if one.state is not ExampleState.WITHDRAWN), key=lambda one: one.id)

    # --- objections ---------------------------------------------------------------------------------------------------

    async def objection(self, message_id: int) -> Objection | None:
        """Find the one that stands."""
        return self._memory.objections.get(message_id)

    async def object(self, message_id: int, label: str, staff_id: int, at: datetime) -> Objection:
        """Store."""
        number = self._memory.next_id("objections")
        objection = Objection(id=number, message_id=message_id, label=label, staff_id=staff_id, at=at)
        self._journal.put(self._memory.objections, message_id, objection)
        return objection

    async def settle(self, objection: Objection, at: datetime) -> None:
        """Drop: nobody asks for those that do not stand."""
        self._journal.drop(self._memory.objections, objection.message_id)

    # --- corrections --------------------------------------------------------------------------------------------------

    async def opening(self, case_id: int) -> Opening | None:
        """Look at the turns of the case."""
        case = self._memory.cases.get(case_id)
        turns = [self._memory.turns[one] for one in self._memory.turns_in.of(case.conversation_id)] if case else []
        first = next((one for one in turns if one.case_id == case_id), None)
        said = self._said_in(first) if first is not None else None
        return Opening(message_id=said, intent=first.intent) if first is not None and said is not None else None

    def _said_in(self, turn: Turn) -> int | None:
        own = (self._memory.messages[one] for one in reversed(self._memory.messages_in.of(turn.conversation_id)))
        found = (one for one in own if one.turn_id == turn.id and one.author is Author.CUSTOMER and one.text)
        return next((one.id for one in found), None)

    async def correction(self, case_id: int) -> Correction | None:
        """Find the one that stands."""
        return self._memory.corrections.get(case_id)

    async def corrected(self, message_id: int) -> bool:
        """Look at all of them."""
        return self._corrected(message_id) is not None

    def _corrected(self, message_id: int) -> Correction | None:
        everyone = self._memory.corrections.values()
        return next((one for one in everyone if one.message_id == message_id), None)

    async def correct(
        self, case_id: int, message_id: int, intent: str | None, staff_id: int, at: datetime
    ) -> Correction:
        """Store."""
        correction = Correction(
            id=self._memory.next_id("corrections"),
            case_id=case_id,
            message_id=message_id,
            intent=intent,
            staff_id=staff_id,
            at=at,
        )
        self._journal.put(self._memory.corrections, case_id, correction)
        return correction

    async def uncorrect(self, correction: Correction, at: datetime) -> None:
        """Drop: nobody asks for those that do not stand."""
        self._journal.drop(self._memory.corrections, correction.case_id)

    # --- consent ------------------------------------------------------------------------------------------------------

    async def refusal(self, customer_id: int) -> Refusal | None:
        """Find by customer."""
        return self._memory.refusals.get(customer_id)

    async def refused(self, customer_ids: Collection[int]) -> frozenset[int]:
        """Find by customers."""
        return frozenset(one for one in customer_ids if one in self._memory.refusals)

    async def refuse(self, customer_id: int, staff_id: int, at: datetime) -> Refusal:
        """Store, unless it is there."""
        if customer_id not in self._memory.customers:
            raise Unknown(f"customer {customer_id}")
        known = self._memory.refusals.get(customer_id)
        refusal = known or Refusal(customer_id=customer_id, staff_id=staff_id, at=at)
        self._journal.put(self._memory.refusals, customer_id, refusal)
        return refusal

    async def allow(self, customer_id: int) -> None:
        """Drop."""
        self._journal.drop(self._memory.refusals, customer_id)

    # --- forgetting ---------------------------------------------------------------------------------------------------

    async def erase(self, customer_id: int, actor: str, at: datetime, note: str) -> Erasure:
        """Go through everything of theirs. What waits in queues stays: whoever deals with it finds nothing."""
        customer = self._memory.customers.get(customer_id)
        if customer is None:
            raise Unknown(f"customer {customer_id}")
        paths: list[str] = []
        counts = {"messages": 0, "attachments": 0}
        for conversation_id in self._memory.conversations_of.of(customer_id):
            for message_id in self._memory.messages_in.of(conversation_id):
                found = self._erase_message(conversation_id, message_id)
                paths += [one for one in found if one is not None]
                counts["messages"] += 1
                counts["attachments"] += len(found)
            self._erase_conversation(conversation_id, at)
        self._erase_cases(customer_id, note)
        for example in self._teaching():
            if example.customer_id == customer_id:
                self._journal.put(self._memory.examples, example.id, example.withdrawn(at))
        for key in [key for key, one in self._memory.identities.items() if one == customer_id]:
            self._journal.drop(self._memory.identities, key)
        self._journal.put(self._memory.customers, customer_id, replace(customer, name=None))
        number = self._memory.next_id("erasures")
        erasure = Erasure(id=number, customer_id=customer_id, at=at, counts=counts, paths=tuple(paths))
        self._journal.put(self._memory.erasures, number, erasure)
        return erasure

    def _erase_message(self, conversation_id: int, message_id: int) -> list[str | None]:
        message = self._memory.messages[message_id]
        self._journal.drop(self._memory.messages, message_id)
        self._memory.messages_in.drop(self._journal, conversation_id, message_id)
        if not message.handled:
            self._memory.unhandled_in.drop(self._journal, message.turn_id, message_id)
        for one in message.attachments:
            self._journal.drop(self._memory.attachments, one.id)
        for key in [key for key in self._memory.shadow_readings if key[1] == message_id]:
            self._journal.drop(self._memory.shadow_readings, key)
        return [one.path for one in message.attachments]

    def _erase_conversation(self, conversation_id: int, at: datetime) -> None:
        for turn_id in self._memory.turns_in.of(conversation_id):
            turn = self._memory.turns[turn_id]
            outcome, closed_at = turn.outcome or Outcome.ANSWERED, turn.closed_at or at
            blank = replace(turn, reading=None, outcome=outcome, closed_at=closed_at)
            self._journal.put(self._memory.turns, turn_id, blank)
        self._journal.drop(self._memory.open_turns, conversation_id)
        was = self._memory.conversations[conversation_id]
        chat = f"erased:{conversation_id}"
        blank_one = altered(was, chat=chat, dialogue=None, reachable=False, customer_name=None)
        self._journal.drop(self._memory.chats, (was.channel, was.chat))
        self._journal.put(self._memory.chats, (was.channel, chat), conversation_id)
        self._journal.put(self._memory.conversations, conversation_id, blank_one)

    def _erase_cases(self, customer_id: int, note: str) -> None:
        for case_id in self._memory.cases_of.of(customer_id):
            case = self._memory.cases[case_id]
            self._journal.put(self._memory.cases, case_id, replace(case, summary=note, collected={}))
            rating_id = self._memory.case_ratings.get(case_id)
            if rating_id is not None:
                rating = self._memory.ratings[rating_id]
                self._journal.put(self._memory.ratings, rating_id, replace(rating, words=""))

    async def newest_erasure(self, *, lock: bool = False) -> int:
        """Return the highest id; in memory nobody is forgotten beside a transaction, so there is nothing to lock."""
        return max(self._memory.erasures, default=0)

    async def clear_faults(self) -> None:
        """Replace those that there are."""
        for one in [one for one in self._memory.trainings.values() if one.faults or one.unlearned]:
            unlearned = tuple(replace(left, text=CLEARED) if left.text else left for left in one.unlearned)
            cleared = replace(one, faults=(CLEARED,) if one.faults else (), unlearned=unlearned)
            self._journal.put(self._memory.trainings, one.id, cleared)

    async def erasures(self, customer_id: int) -> list[Erasure]:
        """List by customer."""
        return [one for one in self._memory.erasures.values() if one.customer_id == customer_id]

    async def files_gone(self, erasure: Erasure) -> None:
        """Store."""
        self._journal.put(self._memory.erasures, erasure.id, replace(erasure, paths=()))
