"""Asks the engine for one turn, within a time, behind a circuit breaker."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Container

import aiohttp
import orjson

from bot.adapters.engine.wire import decode, encode
from bot.domain.breaker import Breaker, BreakerState, Refused
from bot.services.ports_engine import EngineAnswer, EngineRequest, EngineUnavailable, ModelRefused

TURN_SECONDS = 3.0
HEALTH_SECONDS = 1.0
REPLACE_SECONDS = 15.0
MAX_ANSWER_BYTES = 512 * 1024

_SILENT = frozenset({"empty", "refused", "unknown_intent"})
"""Failures of one message that tell nothing of the engine's health."""


class HttpEngine:
    """Implements `Engine` over one HTTP session, which belongs to the caller.

    ``known_intents`` are those that a department owns; an answer with any other is refused. With ``model_id`` set, so
    is an answer of another model. ``monotonic`` gives seconds.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        address: str,
        token: str,
        *,
        known_intents: Container[str],
        model_id: str | None = None,
        breaker: Breaker | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        turn_seconds: float = TURN_SECONDS,
    ) -> None:
        self._session = session
        self._address = address.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._known_intents = known_intents
        self._model_id = model_id
        self._breaker = breaker or Breaker()
        self._monotonic = monotonic
        self._turn_seconds = turn_seconds

    @property
    def breaker_state(self) -> BreakerState:
        """Whether turns are sent to the engine at all, for the health page."""
        return self._breaker.state

    async def turn(self, request: EngineRequest) -> EngineAnswer:
        """Answer one turn; see the port."""
        try:
            self._breaker = self._breaker.admitted(self._monotonic())
        except Refused as refusal:
            raise EngineUnavailable("breaker_open") from refusal
        try:
            answer = await self._ask(request)
        except EngineUnavailable as failure:
            alive = failure.reason in _SILENT
            self._breaker = self._breaker.succeeded() if alive else self._breaker.failed(self._monotonic())
            raise
        self._breaker = self._breaker.succeeded()
        return answer

    async def health(self) -> str | None:
        """The id of the model that is being served, or `None` while the engine cannot answer."""
        try:
            async with asyncio.timeout(HEALTH_SECONDS):
                status, body = await self._exchange("GET", "health", None)
                found = orjson.loads(body) if status == 200 else None
        except (aiohttp.ClientError, OSError, TimeoutError, orjson.JSONDecodeError, EngineUnavailable):
            return None
        return found["model_id"] if isinstance(found, dict) and isinstance(found.get("model_id"), str) else None

    async def replace(self, file: str, sha256: str) -> str:
        """Have another model loaded; see the port."""
        try:
            async with asyncio.timeout(REPLACE_SECONDS):
                status, body = await self._exchange("POST", "model", orjson.dumps({"file": file, "sha256": sha256}))
            answer = orjson.loads(body)
        except (aiohttp.ClientError, OSError, TimeoutError, orjson.JSONDecodeError, EngineUnavailable) as error:
            raise ModelRefused(f"the engine gave no answer: {type(error).__name__}") from error
        if status != 200 or not isinstance(answer, dict) or not isinstance(answer.get("model_id"), str):
            raise ModelRefused(str(answer.get("detail") or status) if isinstance(answer, dict) else str(status))
        return str(answer["model_id"])

    async def _ask(self, request: EngineRequest) -> EngineAnswer:
        try:
            async with asyncio.timeout(self._turn_seconds):
                status, body = await self._exchange("POST", "turn", encode(request))
        except TimeoutError as error:
            raise EngineUnavailable("timeout") from error
        except (aiohttp.ClientError, OSError) as error:
            raise EngineUnavailable("unreachable") from error
        if status != 200:
            raise EngineUnavailable(_reason(status, body))
        answer = decode(body, request, self._known_intents)
        if self._model_id is not None and answer.model_id != self._model_id:
            raise EngineUnavailable("wrong_model")
        return answer

    async def _exchange(self, method: str, route: str, body: bytes | None) -> tuple[int, bytes]:
        address = f"{self._address}/webhooks/letan/{route}"
        async with self._session.request(
            method, address, data=body, headers=self._headers, allow_redirects=False
        ) as response:
            read = bytearray()
            async for chunk in response.content.iter_any():
                read += chunk
                if len(read) > MAX_ANSWER_BYTES:
                    # Leaving the block with unread bytes closes the connection, so the rest is never received.
                    raise EngineUnavailable("too_large")
            return response.status, bytes(read)


def _reason(status: int, body: bytes) -> str:
    """The engine's own word for the failure where it is one of those we know, else the status."""
    if status in {400, 413, 422}:
        return "refused"
    try:
        told = orjson.loads(body)
    except orjson.JSONDecodeError:
        told = None
    error = told.get("error") if isinstance(told, dict) else None
    return error if error in {"action_server", "empty", "internal"} else f"status_{status}"
