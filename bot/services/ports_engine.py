"""What the use cases need from the engine: one turn of dialogue per call, nothing kept between calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.domain.messages import Button


@dataclass(frozen=True, kw_only=True)
class EngineRequest:
    """One customer turn. ``dialogue`` is what the last answer carried, ``facts`` what the actions may know."""

    conversation: str
    message_id: str
    text: str
    dialogue: Mapping[str, Any] | None
    facts: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Ranked:
    """An intent with its calibrated confidence, between 0 and 1."""

    name: str
    confidence: float


@dataclass(frozen=True, kw_only=True)
class Reply:
    """A text to say, with choices where there are some."""

    text: str
    buttons: Sequence[Button] = ()


@dataclass(frozen=True, kw_only=True)
class EngineAnswer:
    """What the engine made of a turn. ``outcomes`` are the structured results of actions, each a JSON object."""

    message_id: str
    model_id: str
    intent: Ranked
    ranking: Sequence[Ranked] = ()
    entities: Sequence[Mapping[str, Any]] = ()
    in_scope: float | None = None
    messages: Sequence[Reply] = ()
    outcomes: Sequence[Mapping[str, Any]] = ()
    dialogue: Mapping[str, Any] = field(default_factory=dict)


class EngineUnavailable(Exception):
    """The engine gave no usable answer within its time; hand the turn to a person. ``reason`` goes into the metric."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ModelRefused(Exception):
    """The engine did not take another model; the one that it serves goes on. The message says why."""


class ModelServer(Protocol):
    """The engine as the one that serves a model."""

    async def health(self) -> str | None:
        """Return the id of the model that is being served, ``None`` while the engine cannot answer."""
        ...

    async def replace(self, file: str, sha256: str) -> str:
        """Serve another model from now on and return its id.

        Raises:
            ModelRefused: it cannot be served, or the engine cannot be reached.
        """
        ...


class Engine(Protocol):
    """The dialogue engine."""

    async def turn(self, request: EngineRequest) -> EngineAnswer:
        """Answer one turn within three seconds.

        Raises:
            EngineUnavailable: no answer, a late answer, or one that does not hold what it must.
        """
        ...
