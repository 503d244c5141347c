"""Taught needs and edited answers in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.adapters.memory.data import Work
from bot.adapters.memory.teaching import MemoryTeaching
from bot.domain.errors import Unknown
from bot.domain.messages import Author
from bot.domain.teaching.answers import AnswerVersion
from bot.domain.teaching.examples import ExampleState
from bot.domain.teaching.needs import TaughtNeed
from bot.domain.teaching.worth import STRANGE, Seen
from bot.services.ports_needs import ExampleCounts
from bot.services.ports_teach import Spoken


class MemoryNeeds:
    """See `bot.services.ports_needs.Needs`."""

    def __init__(self, work: Work) -> None:
        self._memory = work.memory
        self._journal = work.journal
        self._teaching = MemoryTeaching(work)

    async def add(self, need: TaughtNeed) -> TaughtNeed | None:
        """Store unless there is one of this intent."""
        if any(one.intent == need.intent for one in self._memory.needs.values()):
            return None
        added = replace(need, id=self._memory.next_id("needs"))
        await self.save(added)
        return added

    async def get(self, need_id: int) -> TaughtNeed:
        """Find by id."""
        found = self._memory.needs.get(need_id)
        if found is None:
            raise Unknown(f"need {need_id}")
        return found

    async def save(self, need: TaughtNeed) -> None:
        """Store a change."""
        self._journal.put(self._memory.needs, need.id, need)

    async def listed(self) -> list[TaughtNeed]:
        """List."""
        return sorted(self._memory.needs.values(), key=lambda one: one.id)

    async def stamp(self) -> str:
        """Needs are replaced by others, answers get further versions."""
        return f"{await self.listed()} {len(self._memory.answers)}"

    async def counts(self) -> Mapping[str, ExampleCounts]:
        """Count by intent and state."""
        found = {}
        for need in self._memory.needs.values():
            own = [self._memory.examples[one] for one in await self.example_ids(need.intent)]
            if own:
                approved = sum(one.state is ExampleState.APPROVED for one in own)
                found[need.intent] = ExampleCounts(approved=approved, proposed=len(own) - approved)
        return found

    async def example_ids(self, intent: str) -> list[int]:
        """List by label."""
        found = (one for one in self._memory.examples.values() if one.label == intent)
        return sorted(one.id for one in found if one.state is not ExampleState.WITHDRAWN)

    async def unknown(self, since: datetime, limit: int) -> list[Spoken]:
        """Look at every turn that may be worth a look."""
        found = [one.seen for one in await self._teaching.candidates(since, seed=0) if _unknown(one.seen)]
        newest = sorted(found, key=lambda one: one.message_id, reverse=True)[:limit]
        return [await self._teaching.message(one.message_id) for one in newest]

    async def undecided(self, message_ids: Iterable[int]) -> list[Spoken]:
        """Find by ids."""
        found = []
        for message_id in message_ids:
            message = self._memory.messages.get(message_id)
            customers = message is not None and message.author is Author.CUSTOMER
            if customers and message_id not in self._memory.standing:
                found.append(await self._teaching.message(message_id))
        return found


def _unknown(seen: Seen) -> bool:
    strange = seen.in_scope is not None and seen.in_scope < STRANGE
    return strange or seen.decision != "answer"


class MemoryAnswers:
    """See `bot.services.ports_needs.Answers`."""

    def __init__(self, work: Work) -> None:
        self._memory = work.memory
        self._journal = work.journal

    async def newest(self) -> list[AnswerVersion]:
        """Find the last of each key."""
        found: dict[str, AnswerVersion] = {}
        for (key, _), version in sorted(self._memory.answers.items()):
            found[key] = version
        return list(found.values())

    async def latest(self, key: str) -> AnswerVersion | None:
        """Find the last of one key."""
        found = await self.versions(key, 1)
        return found[0] if found else None

    async def versions(self, key: str, limit: int) -> Sequence[AnswerVersion]:
        """List."""
        found = [one for one in self._memory.answers.values() if one.key == key]
        return sorted(found, key=lambda one: -one.version)[:limit]

    async def version(self, key: str, version: int) -> AnswerVersion:
        """Find by number."""
        found = self._memory.answers.get((key, version))
        if found is None:
            raise Unknown(f"version {version} of answer {key}")
        return found

    async def add(self, version: AnswerVersion) -> bool:
        """Store unless the number is taken."""
        place = (version.key, version.version)
        if place in self._memory.answers:
            return False
        self._journal.put(self._memory.answers, place, version)
        return True
