"""What the use cases around models need from the store and from the engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.teaching.drift import Heard


@dataclass(frozen=True, kw_only=True)
class ReadMessage:
    """What a customer said in one turn, and the need that the bot read in it when it closed at ``at``.

    ``message_id`` is the last of its messages, ``name`` the customer's, which is to be masked.
    """

    message_id: int
    text: str
    intent: str
    at: datetime
    name: str | None = None


@dataclass(frozen=True, kw_only=True)
class ShadowReading:
    """What a candidate made of a live message, beside what the ``serving`` model had made of it."""

    model_id: str
    message_id: int
    serving: str
    intent: str
    confidence: float
    at: datetime

    @property
    def agrees(self) -> bool:
        """Tell whether both read the same need."""
        return self.serving == self.intent


@dataclass(frozen=True, kw_only=True)
class Differing:
    """A message that a candidate read differently; ``name`` is the customer's, which is to be masked."""

    reading: ShadowReading
    text: str
    name: str | None


@dataclass(frozen=True, kw_only=True)
class Counted:
    """How many turns of a channel were read as one need and led to one decision."""

    channel: str
    intent: str | None
    decision: str | None
    count: int


class Models(Protocol):
    """What was read by which model."""

    async def unshadowed(self, model_id: str, since: datetime, limit: int) -> list[ReadMessage]:
        """Return turns closed since a moment that a candidate has not read, the oldest first."""
        ...

    async def add_shadow_readings(self, readings: Sequence[ShadowReading]) -> None:
        """Store what a candidate read; what it has read before stays."""
        ...

    async def shadow_counts(self, model_id: str, since: datetime) -> tuple[int, int]:
        """Count what a candidate read since a moment, and what of it both models read alike."""
        ...

    async def differing(self, model_id: str, since: datetime, limit: int) -> list[Differing]:
        """Return the messages that a candidate read differently since a moment, the newest first."""
        ...

    async def read_between(self, since: datetime, until: datetime, limit: int) -> list[ReadMessage]:
        """Return turns that were read in a stretch of time, oldest first; of many, about ``limit`` evenly."""
        ...

    async def read_then(self) -> dict[int, str]:
        """Return by id of each approved example the need that the bot had read in its message before anybody looked."""
        ...

    async def counted(self, since: datetime, until: datetime) -> list[Counted]:
        """Count the turns that were read in a stretch of time."""
        ...

    async def heard(self, since: datetime, until: datetime, limit: int) -> list[Heard]:
        """Return what customers said in a stretch of time; of much, an even sample of about ``limit`` turns."""
        ...


@dataclass(frozen=True, kw_only=True)
class Read:
    """What a model that answers nobody made of a message."""

    model_id: str
    intent: str
    confidence: float


class ShadowFailed(Exception):
    """The engine could not do it just now; the message says why."""


class ShadowEngine(Protocol):
    """The engine as the one that reads with a second model, after the customers were answered."""

    async def shadow(self) -> str | None:
        """Return the id of the model in the shadow, ``None`` for none. Raises `ShadowFailed`."""
        ...

    async def take(self, file: str, sha256: str) -> str:
        """Load a model into the shadow and return its id.

        Raises:
            ModelRefused: it is no model, or not the one that is meant; the message says which.
            ShadowFailed: the engine cannot be reached, or is busy with another model.
        """
        ...

    async def drop(self) -> None:
        """Forget the model in the shadow. Raises `ShadowFailed`."""
        ...

    async def read(self, text: str) -> Read:
        """Read a message with the model in the shadow. Raises `ShadowFailed`."""
        ...
