"""The engine's second model over loopback HTTP: a candidate that reads live messages and answers nobody."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import orjson
from pydantic import ValidationError

from bot.adapters.engine.wire import MAX_TEXT_CHARS, Identifier, Probability, WireModel
from bot.services.ports_engine import ModelRefused
from bot.services.ports_models import Read, ShadowFailed

LOAD_SECONDS, ASK_SECONDS = 15.0, 4.0
MAX_ANSWER_BYTES = 64 * 1024


class _Reading(WireModel):
    model_id: Identifier
    intent: Identifier
    confidence: Probability


class _Loaded(WireModel):
    model_id: Identifier | None


class HttpShadow:
    """Implements `bot.services.ports_models.ShadowEngine` over one HTTP session, which belongs to the caller."""

    def __init__(self, session: aiohttp.ClientSession, address: str, token: str) -> None:
        self._session = session
        self._address = f"{address.rstrip('/')}/webhooks/letan"
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    async def shadow(self) -> str | None:
        """Ask which."""
        return self._loaded(await self._asked("GET", "shadow"))

    async def take(self, file: str, sha256: str) -> str:
        """Have it loaded."""
        body = {"file": file, "sha256": sha256}
        status, answer = await self._ask("POST", "shadow", body, LOAD_SECONDS)
        if status == 422:
            raise ModelRefused(_detail(answer))
        taken = self._loaded(_good(status, answer))
        if taken is None:
            raise ShadowFailed("no model was taken")
        return taken

    async def drop(self) -> None:
        """Have it forgotten."""
        await self._asked("DELETE", "shadow")

    async def read(self, text: str) -> Read:
        """Have a message read."""
        answer = await self._asked("POST", "read", {"text": text[:MAX_TEXT_CHARS]})
        try:
            found = _Reading.model_validate(answer)
        except ValidationError as error:
            raise ShadowFailed("malformed") from error
        return Read(model_id=found.model_id, intent=found.intent, confidence=found.confidence)

    async def _asked(self, method: str, route: str, body: dict[str, str] | None = None) -> Any:
        return _good(*await self._ask(method, route, body, ASK_SECONDS))

    async def _ask(self, method: str, route: str, body: dict[str, str] | None, seconds: float) -> tuple[int, Any]:
        data = orjson.dumps(body) if body is not None else None
        try:
            async with (
                asyncio.timeout(seconds),
                self._session.request(
                    method, f"{self._address}/{route}", data=data, headers=self._headers, allow_redirects=False
                ) as response,
            ):
                return response.status, orjson.loads(await response.content.read(MAX_ANSWER_BYTES))
        except (aiohttp.ClientError, OSError, TimeoutError, orjson.JSONDecodeError) as error:
            raise ShadowFailed(type(error).__name__) from error

    @staticmethod
    def _loaded(answer: Any) -> str | None:
        try:
            return _Loaded.model_validate(answer).model_id
        except ValidationError as error:
            raise ShadowFailed("malformed") from error


def _good(status: int, answer: Any) -> Any:
    if status != 200:
        raise ShadowFailed(f"{status}: {_detail(answer)}")
    return answer


def _detail(answer: Any) -> str:
    return str(answer.get("detail") or answer.get("error") or "") if isinstance(answer, dict) else ""
