"""The engine's answer as it comes over the wire, checked before anything believes it.

The engine runs old libraries and reads customers' texts; its answers are treated as untrusted input.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Annotated, Any

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.domain.messages import Button
from bot.services.ports_engine import EngineAnswer, EngineRequest, EngineUnavailable, Ranked, Reply

MAX_TEXT_CHARS = 1_000
"""What the engine reads of a message; it refuses a longer one."""

Probability = Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]
Identifier = Annotated[str, Field(min_length=1, max_length=200)]


class WireModel(BaseModel):
    """Base of whatever the engine says: types as they are, unknown fields ignored."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


class _Ranked(WireModel):
    name: Identifier
    confidence: Probability


class _Button(WireModel):
    title: Identifier
    payload: Annotated[str, Field(max_length=1_000)]


class _Message(WireModel):
    text: Annotated[str, Field(max_length=10_000)]
    buttons: Annotated[list[_Button], Field(max_length=50)] = []


class _Answer(WireModel):
    message_id: Identifier
    model_id: Identifier
    intent: _Ranked
    ranking: Annotated[list[_Ranked], Field(max_length=5)] = []
    entities: Annotated[list[dict[str, Any]], Field(max_length=200)] = []
    in_scope: Probability | None = None
    messages: Annotated[list[_Message], Field(max_length=50)]
    outcomes: Annotated[list[dict[str, Any]], Field(max_length=50)]
    dialogue: dict[str, Any]


def encode(request: EngineRequest) -> bytes:
    """Write a request as JSON; what the engine does not read of a long text is left out."""
    return orjson.dumps(
        {
            "conversation": request.conversation,
            "message_id": request.message_id,
            "text": request.text[:MAX_TEXT_CHARS],
            "dialogue": request.dialogue or None,
            "facts": dict(request.facts),
        }
    )


def decode(body: bytes, request: EngineRequest, known_intents: Container[str]) -> EngineAnswer:
    """Read an answer to this request.

    Raises:
        EngineUnavailable: it is no answer, or not one to this request, or names an intent that nobody owns.
    """
    try:
        answer = _Answer.model_validate_json(body)
    except ValidationError as error:
        raise EngineUnavailable("malformed") from error
    if answer.message_id != request.message_id:
        raise EngineUnavailable("wrong_message")
    if answer.intent.name not in known_intents:
        raise EngineUnavailable("unknown_intent")
    if not answer.messages and not answer.outcomes:
        raise EngineUnavailable("empty")
    return EngineAnswer(
        message_id=answer.message_id,
        model_id=answer.model_id,
        intent=_ranked(answer.intent),
        ranking=tuple(_ranked(item) for item in answer.ranking),
        entities=tuple(answer.entities),
        in_scope=answer.in_scope,
        messages=tuple(_reply(message) for message in answer.messages),
        outcomes=tuple(answer.outcomes),
        dialogue=answer.dialogue,
    )


def _ranked(item: _Ranked) -> Ranked:
    return Ranked(name=item.name, confidence=item.confidence)


def _reply(message: _Message) -> Reply:
    buttons = tuple(Button(title=button.title, payload=button.payload) for button in message.buttons)
    return Reply(text=message.text, buttons=buttons)
