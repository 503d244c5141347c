"""Teaching in memory: decisions, examples and trainings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from bot.adapters.memory.reviews import MemoryReviews
from bot.domain.copies import altered
from bot.domain.errors import ForbiddenMove, Unknown
from bot.domain.messages import Author, Message
from bot.domain.teaching.dataset import Unlearned
from bot.domain.teaching.examples import Example, ExampleState
from bot.domain.teaching.worth import Seen, sampled, worth
from bot.domain.transfers import TransferState
from bot.domain.turns import Reading, Turn
from bot.services.ports_teach import SAMPLED_FROM, Candidate, Decision, Spoken, Training, TrainingState


class MemoryTeaching(MemoryReviews):
    """See `bot.services.ports_teach.Teaching`. The sample is everything: there is never much of it."""

    # --- messages -----------------------------------------------------------------------------------------------------

    async def candidates(self, since: datetime, seed: int, *, second: int | None = None) -> list[Candidate]:
        """Look at every turn."""
        drawn = sampled(max(self._memory.turns, default=0), seed, SAMPLED_FROM)
        return sorted(self._candidates(since, second, drawn), key=lambda one: one.seen.message_id)

    def _candidates(self, since: datetime, second: int | None, drawn: frozenset[int]) -> Iterator[Candidate]:
        for turn in self._memory.turns.values():
            said = self._said(turn)
            if said is None:
                continue
            proposed = self._proposed(said.id, second)
            disputed = said.id in self._memory.objections
            if not (proposed or disputed or self._is_recent(turn, said.id, since)):
                continue
            customer_id = self._memory.conversations[turn.conversation_id].customer_id
            decided = said.id in self._memory.standing and not disputed and not proposed
            if not decided and customer_id not in self._memory.refusals:
                found = self._candidate(turn, turn.reading, said, proposed=proposed, drawn=turn.id in drawn)
                if (turn.reading is not None and turn.reading.doubtful) or worth(found.seen).reasons:
                    yield found

    def _is_recent(self, turn: Turn, message_id: int, since: datetime) -> bool:
        """Tell whether a turn was read, or said to be misread, so lately that it is looked at."""
        correction = self._corrected(message_id)
        if correction is not None and correction.at >= since:
            return True
        return turn.reading is not None and turn.closed_at is not None and turn.closed_at >= since

    def _said(self, turn: Turn) -> Message | None:
        ids = self._memory.messages_in.of(turn.conversation_id)
        own = (self._memory.messages[one] for one in reversed(ids))
        return next((one for one in own if one.turn_id == turn.id and one.author is Author.CUSTOMER and one.text), None)

    def _proposed(self, message_id: int, second: int | None) -> bool:
        """Tell whether somebody else's label of a whole message waits for a second person."""
        decision = self._memory.decisions.get(self._memory.standing.get(message_id, 0))
        if second is None or decision is None:
            return False
        return any(
            one.message_id == message_id
            and one.state is ExampleState.PROPOSED
            and one.labelled_by != second
            and one.label == decision.label
            for one in self._memory.examples.values()
        )

    def _candidate(
        self, turn: Turn, reading: Reading | None, said: Message, *, proposed: bool, drawn: bool
    ) -> Candidate:
        reading, correction = reading or Reading(), self._corrected(said.id)
        objection = self._memory.objections.get(said.id)
        conversation = self._memory.conversations[turn.conversation_id]
        case = self._memory.cases.get(turn.case_id) if turn.case_id is not None else None
        seen = Seen(
            message_id=said.id,
            customer_id=conversation.customer_id,
            channel=conversation.channel,
            text=said.text,
            at=said.created_at,
            intent=turn.intent,
            confidence=turn.confidence,
            ranking=reading.ranking,
            in_scope=reading.in_scope,
            decision=reading.decision,
            outcome=turn.outcome,
            department_first=case.wanted if case else None,
            department_now=self._moved_to(case.id) if case else None,
            corrected_to=correction.intent if correction else None,
            wrong_need=correction is not None,
            disputed=objection is not None,
            proposed=proposed and objection is None,
            csat=self._score(case.id) if case else None,
            model_id=turn.model_id,
            shadow_intent=self._shadow_intent(said.id),
            case_department=case.department if case else None,
            drawn=drawn,
        )
        name = self._memory.customers[conversation.customer_id].name
        if objection is None and not proposed:
            return Candidate(seen=seen, name=name)
        decision = self._memory.decisions.get(self._memory.standing.get(said.id, 0))
        return Candidate(seen=seen, name=name, decision=decision, objection=objection)

    def _shadow_intent(self, message_id: int) -> str | None:
        """What the candidate that read last made of a message, where it read it differently."""
        differing = [one for one in self._memory.shadow_readings.values() if not one.agrees]
        latest = max(differing, key=lambda one: one.at, default=None)
        of_message = (
            one for one in differing if latest and (one.model_id, one.message_id) == (latest.model_id, message_id)
        )
        return next((one.intent for one in of_message), None)

    def _moved_to(self, case_id: int) -> str | None:
        transfers = [self._memory.transfers[one] for one in self._memory.transfers_of.of(case_id)]
        accepted = [one.to_department for one in transfers if one.state is TransferState.ACCEPTED]
        return accepted[-1] if accepted else None

    def _score(self, case_id: int) -> int | None:
        rating = self._memory.case_ratings.get(case_id)
        return self._memory.ratings[rating].score if rating is not None else None

    async def message(self, message_id: int, *, lock: bool = False) -> Spoken:
        """Find by id."""
        found = self._memory.messages.get(message_id)
        if found is None or found.author is not Author.CUSTOMER:
            raise Unknown(f"message {message_id}")
        customer_id = self._memory.conversations[found.conversation_id].customer_id
        name = self._memory.customers[customer_id].name
        return Spoken(message_id=found.id, customer_id=customer_id, text=found.text, name=name)

    # --- decisions ----------------------------------------------------------------------------------------------------

    async def decision(self, message_id: int) -> Decision | None:
        """Find the one that stands."""
        standing = self._memory.standing.get(message_id)
        return self._memory.decisions[standing] if standing is not None else None

    async def decide(
        self, message_id: int, label: str | None, staff_id: int, at: datetime, example_id: int | None
    ) -> Decision:
        """Store, and take the turn from those to review."""
        decision = Decision(
            id=self._memory.next_id("labels"),
            message_id=message_id,
            label=label,
            staff_id=staff_id,
            at=at,
            example_id=example_id,
        )
        self._journal.put(self._memory.decisions, decision.id, decision)
        self._journal.put(self._memory.standing, message_id, decision.id)
        self._mark(message_id, doubtful=False)
        return decision

    async def undo(self, decision: Decision, at: datetime) -> None:
        """Store, and put the turn back."""
        self._journal.put(self._memory.decisions, decision.id, replace(decision, undone_at=at))
        self._journal.drop(self._memory.standing, decision.message_id)
        self._mark(decision.message_id, doubtful=True)

    def _mark(self, message_id: int, *, doubtful: bool) -> None:
        turn_id = self._memory.messages[message_id].turn_id
        turn = self._memory.turns.get(turn_id) if turn_id is not None else None
        if turn is not None and turn.reading is not None:
            marked = altered(turn, reading=replace(turn.reading, doubtful=doubtful))
            self._journal.put(self._memory.turns, turn.id, marked)

    async def counts(self) -> tuple[int, int]:
        """Count."""
        approved = sum(one.state is ExampleState.APPROVED for one in self._memory.examples.values())
        return len(self._memory.standing), approved

    # --- examples -----------------------------------------------------------------------------------------------------

    async def add_example(self, example: Example) -> Example:
        """Store with an id."""
        added = replace(example, id=self._memory.next_id("examples"))
        await self.save_example(added)
        return added

    async def example(self, example_id: int, *, lock: bool = True) -> Example:
        """Find by id."""
        found = self._memory.examples.get(example_id)
        if found is None:
            raise Unknown(f"example {example_id}")
        return found

    async def save_example(self, example: Example) -> None:
        """Store a change, unless it was withdrawn."""
        known = self._memory.examples.get(example.id)
        if known is None or known.state is not ExampleState.WITHDRAWN:
            self._journal.put(self._memory.examples, example.id, example)
        elif example.state is not ExampleState.WITHDRAWN:
            raise ForbiddenMove(f"example {example.id} was withdrawn")

    async def examples(self, *, state: ExampleState | None = None, before: int | None, limit: int) -> list[Example]:
        """List."""
        found = [
            one
            for one in self._memory.examples.values()
            if (state is None or one.state is state) and (before is None or one.id < before)
        ]
        return sorted(found, key=lambda one: -one.id)[:limit]

    async def approved(self, limit: int) -> list[Example]:
        """List what may be learned from."""
        found = [
            one
            for one in self._memory.examples.values()
            if one.state is ExampleState.APPROVED and one.customer_id not in self._memory.refusals
        ]
        return sorted(found, key=lambda one: one.id)[:limit]

    async def of_customer(self, customer_id: int) -> list[Example]:
        """List by customer."""
        found = [one for one in self._memory.examples.values() if one.customer_id == customer_id]
        return sorted(found, key=lambda one: one.id)

    # --- trainings ----------------------------------------------------------------------------------------------------

    async def start_training(
        self,
        staff_id: int | None,
        examples: int,
        at: datetime,
        *,
        resumes: int | None = None,
        needs: Sequence[str] = (),
        unlearned: Sequence[Unlearned] = (),
    ) -> Training | None:
        """Store, unless one runs."""
        if await self.running() is not None:
            return None
        training = Training(
            id=self._memory.next_id("trainings"),
            state=TrainingState.RUNNING,
            examples=examples,
            started_by=staff_id,
            resumes=resumes,
            started_at=at,
            beat_at=at,
            needs=tuple(needs),
            unlearned=tuple(unlearned),
        )
        await self.save_training(training)
        return training

    async def training(self, training_id: int) -> Training:
        """Find by id."""
        found = self._memory.trainings.get(training_id)
        if found is None:
            raise Unknown(f"training {training_id}")
        return found

    async def running(self) -> Training | None:
        """Find the one under way."""
        everyone = self._memory.trainings.values()
        return next((one for one in everyone if one.state is TrainingState.RUNNING), None)

    async def save_training(self, training: Training) -> None:
        """Store a change."""
        self._journal.put(self._memory.trainings, training.id, training)

    async def trainings(self, limit: int) -> list[Training]:
        """List."""
        return sorted(self._memory.trainings.values(), key=lambda one: -one.id)[:limit]

    async def judged(self, model_ids: Sequence[str]) -> list[Training]:
        """List by model."""
        return [one for one in await self.trainings(len(self._memory.trainings)) if one.model_id in model_ids]
