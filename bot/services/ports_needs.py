"""What needs and answers that admins made need from the store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.teaching.answers import AnswerVersion
from bot.domain.teaching.needs import TaughtNeed
from bot.services.ports_teach import Spoken


@dataclass(frozen=True, kw_only=True)
class ExampleCounts:
    """How many examples a need has: those that may be learned from, and those that wait for a second person."""

    approved: int = 0
    proposed: int = 0


class Needs(Protocol):
    """Needs that admins added, and the messages that one could be made of."""

    async def add(self, need: TaughtNeed) -> TaughtNeed | None:
        """Store a need and return it with its id; ``None`` where its intent is taken."""
        ...

    async def get(self, need_id: int) -> TaughtNeed:
        """Return one need, locked. Raises `Unknown`."""
        ...

    async def save(self, need: TaughtNeed) -> None:
        """Store a changed need."""
        ...

    async def listed(self) -> list[TaughtNeed]:
        """Return all needs, retired ones included, the oldest first."""
        ...

    async def stamp(self) -> str:
        """Return a short word that is another one once a need, or the answer to anything, has changed."""
        ...

    async def counts(self) -> Mapping[str, ExampleCounts]:
        """Return how many examples the taught needs have, by intent; those without any are left out."""
        ...

    async def example_ids(self, intent: str) -> list[int]:
        """Return the ids of the examples of a need that were not withdrawn, the oldest first."""
        ...

    async def unknown(self, since: datetime, limit: int) -> list[Spoken]:
        """Return messages that the bot did not know what to make of and nobody has decided on, the newest first."""
        ...

    async def undecided(self, message_ids: Iterable[int]) -> list[Spoken]:
        """Return those of these customers' messages that are still there and nobody has decided on, in any order."""
        ...


class Answers(Protocol):
    """Answers that admins edited: every version of each."""

    async def newest(self) -> list[AnswerVersion]:
        """Return the newest version of every answer that was ever edited, by key."""
        ...

    async def latest(self, key: str) -> AnswerVersion | None:
        """Return the newest version of one answer."""
        ...

    async def versions(self, key: str, limit: int) -> Sequence[AnswerVersion]:
        """Return the versions of an answer, the newest first."""
        ...

    async def version(self, key: str, version: int) -> AnswerVersion:
        """Return one version. Raises `Unknown`."""
        ...

    async def add(self, version: AnswerVersion) -> bool:
        """Store a version; false where there is one of this number already, because somebody was faster."""
        ...
