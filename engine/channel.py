"""The doors of the engine below `/webhooks/letan`: `/turn`, `/model`, `/health`, `/shadow`, `/read`, all with a token.

Rasa's stock channels are open to anyone, answer 200 with an empty list when something broke, and read intents out of
the customer's text; none of them is loaded. Here a failure is a status and a JSON error.
"""

import hmac
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, raw

from engine.contract import TurnFailure, parse_request
from engine.serving import Serving, parse_replacement
from engine.shadow import Shadow, add_routes

logger = logging.getLogger(__name__)

ROUTE_PREFIX = "letan"
_BEARER = "Bearer "
_JSON = orjson.OPT_SERIALIZE_NUMPY
_LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})


class LetanChannel(InputChannel):  # type: ignore[misc]
    """Rasa's view of the door. `serving` answers; `token` is what the front office must show."""

    def __init__(self, serving: Serving, token: str) -> None:
        if not token:
            raise ValueError("a channel without a token would be open to every local process")
        self._serving = serving
        self._token = token.encode()

    @classmethod
    def name(cls) -> str:
        """Part of the address: `/webhooks/letan`."""
        return ROUTE_PREFIX

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes. Rasa's own handler is not used: it would go through a tracker store and a lock."""
        routes = Blueprint(ROUTE_PREFIX)

        @routes.post("/turn")
        async def turn(request: Request) -> HTTPResponse:
            self._admit(request)
            return _json(await self._serving.turn(parse_request(request.body)))

        @routes.get("/health")
        async def health(request: Request) -> HTTPResponse:
            self._admit(request)
            return _json({"ready": True, "model_id": self._serving.processor.model_id})

        @routes.post("/model")
        async def model(request: Request) -> HTTPResponse:
            self._admit(request)
            return _json({"model_id": await self._serving.replace(*parse_replacement(request.body))})

        add_routes(routes, Shadow(self._serving), self._admit)
        return routes

    def _admit(self, request: Request) -> None:
        """Refuse a caller without the token, or one that reached this address under a foreign name (DNS rebinding)."""
        if request.host.rsplit(":", 1)[0] not in _LOCAL_HOSTS:
            raise TurnFailure(401, "host", "this address is for the same machine")
        header = request.headers.get("authorization", "")
        given = header[len(_BEARER) :].encode() if header.startswith(_BEARER) else b""
        if not hmac.compare_digest(given, self._token):
            raise TurnFailure(401, "token", "a bearer token is needed")


def install_error_answers(app: Sanic) -> None:
    """Every failure leaves as JSON, without a trace and without the customer's words."""

    @app.exception(TurnFailure)
    async def told(request: Request, failure: TurnFailure) -> HTTPResponse:
        return _json(failure.body(), failure.status)

    @app.exception(SanicException)
    async def refused(request: Request, error: SanicException) -> HTTPResponse:
        return _json(TurnFailure(error.status_code, "http", type(error).__name__).body(), error.status_code)

    @app.exception(Exception)
    async def broken(request: Request, error: Exception) -> HTTPResponse:
        logger.error("A turn failed inside the engine", exc_info=error)
        return _json(TurnFailure(503, "internal", type(error).__name__).body(), 503)


def _json(value: object, status: int = 200) -> HTTPResponse:
    return raw(orjson.dumps(value, option=_JSON), status=status, content_type="application/json")
