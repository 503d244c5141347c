"""A second model that reads messages and answers nobody: a candidate on live traffic, after the answers were given."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
from rasa.core.channels.channel import UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, raw

from engine.contract import MAX_TEXT_CHARS, TurnFailure, bad_request, neutralise
from engine.serving import Serving, parse_replacement
from engine.turns import TurnProcessor

logger = logging.getLogger(__name__)

PATIENCE_SECONDS = 2.0
"""How long a reading waits for a moment in which no customer waits; then whoever asked comes again."""
_PAUSE_SECONDS = 0.01


class Shadow:
    """Holds the candidate. It reads while no turn is under way, so that no customer ever waits for it.

    A reading takes about a millisecond; a turn that begins in it waits for no longer than that.
    """

    def __init__(self, serving: Serving) -> None:
        self._serving = serving
        self._processor: TurnProcessor | None = None

    @property
    def model_id(self) -> str | None:
        """The id of the candidate, `None` for none."""
        return self._processor.model_id if self._processor is not None else None

    async def take(self, model: Path, sha256: str) -> str:
        """Load a candidate in place of any other and return its id. Raises `TurnFailure` as `Serving.load` does."""
        processor = await self._serving.load(model, sha256)
        self._processor = processor
        logger.warning("Model %s reads in the shadow", processor.model_id)
        return processor.model_id

    def drop(self) -> None:
        """Forget the candidate."""
        self._processor = None

    async def read(self, text: str) -> dict[str, Any]:
        """Say what the candidate makes of a message.

        Raises:
            TurnFailure: 404 where there is no candidate, 503 where customers leave no moment for it.
        """
        waited = 0.0
        while self._serving.under_way:
            if waited >= PATIENCE_SECONDS:
                raise TurnFailure(503, "busy", "customers are being answered")
            await asyncio.sleep(_PAUSE_SECONDS)
            waited += _PAUSE_SECONDS
        processor = self._processor
        if processor is None:
            raise TurnFailure(404, "no_shadow", "no model is in the shadow")
        parsed = await processor.parse_message(UserMessage(text))
        intent = parsed["intent"]
        return {
            "model_id": processor.model_id,
            "intent": intent.get("name") or "out_of_scope",
            "confidence": float(intent.get("confidence") or 0.0),
        }


def add_routes(routes: Blueprint, shadow: Shadow, admit: Callable[[Request], None]) -> None:
    """Open `/shadow` (GET, POST, DELETE) and `/read` (POST); `admit` refuses whoever may not come in."""

    @routes.get("/shadow")
    async def which(request: Request) -> HTTPResponse:
        admit(request)
        return _json({"model_id": shadow.model_id})

    @routes.post("/shadow")
    async def take(request: Request) -> HTTPResponse:
        admit(request)
        return _json({"model_id": await shadow.take(*parse_replacement(request.body))})

    @routes.delete("/shadow")
    async def drop(request: Request) -> HTTPResponse:
        admit(request)
        shadow.drop()
        return _json({"model_id": None})

    @routes.post("/read")
    async def read(request: Request) -> HTTPResponse:
        admit(request)
        return _json(await shadow.read(_text(request.body)))


def _text(body: bytes) -> str:
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise bad_request("not JSON") from error
    text = found.get("text") if isinstance(found, dict) and set(found) == {"text"} else None
    if not isinstance(text, str) or not text.strip() or len(text) > MAX_TEXT_CHARS:
        raise bad_request(f"text: a text of 1 to {MAX_TEXT_CHARS} characters, and nothing else")
    return neutralise(text)


def _json(value: object) -> HTTPResponse:
    return raw(orjson.dumps(value), content_type="application/json")
