"""The action server: Rasa's action protocol over a small aiohttp application.

The SDK's own server answers an error with the exception and the whole request, and lets every origin in. This one runs
the same executor, tells the engine no more than an error id, and writes the rest to the log.
"""

from __future__ import annotations

import logging
import uuid
from typing import Any

import orjson
from aiohttp import web
from rasa_sdk.executor import ActionExecutor  # type: ignore[import-untyped]
from rasa_sdk.interfaces import (  # type: ignore[import-untyped]
    Action,
    ActionExecutionRejection,
    ActionNotFoundException,
)

MAX_BODY_BYTES = 512 * 1024
_log = logging.getLogger(__name__)
_EXECUTOR = web.AppKey("executor", ActionExecutor)


def build_app(actions: list[Action]) -> web.Application:
    """Return the application for these actions: `POST /webhook`, `GET /health`, `GET /actions`."""
    executor = ActionExecutor()
    for action in actions:
        executor.register_action(action)
    app = web.Application(client_max_size=MAX_BODY_BYTES, middlewares=[_failures])
    app[_EXECUTOR] = executor
    app.router.add_post("/webhook", _run)
    app.router.add_get("/health", _health)
    app.router.add_get("/actions", _actions)
    return app


async def _run(request: web.Request) -> web.Response:
    try:
        call = orjson.loads(await request.read())
    except orjson.JSONDecodeError:
        return _json({"error": "not JSON"}, 400)
    if (
        not isinstance(call, dict)
        or not isinstance(call.get("next_action"), str)
        or not isinstance(call.get("tracker"), dict)
    ):
        return _json({"error": "not an action call"}, 422)
    # The engine leaves the domain out, as no action asks for it; the executor would answer 449 to that.
    call.setdefault("domain", {})
    try:
        result = await request.app[_EXECUTOR].run(call)
    except ActionNotFoundException as error:
        return _json({"error": "no such action", "action_name": error.action_name}, 404)
    except ActionExecutionRejection as error:
        return _json({"error": "rejected", "action_name": error.action_name}, 400)
    return _json({"events": result.events, "responses": result.responses})


async def _health(request: web.Request) -> web.Response:
    return _json({"status": "ok", "actions": sorted(request.app[_EXECUTOR].actions)})


async def _actions(request: web.Request) -> web.Response:
    return _json([{"name": name} for name in sorted(request.app[_EXECUTOR].actions)])


@web.middleware
async def _failures(request: web.Request, handler: Any) -> web.StreamResponse:
    """Turn an action's exception into a 500 with an id; the engine then reports the turn as failed."""
    try:
        response: web.StreamResponse = await handler(request)
    except web.HTTPException:
        raise
    except Exception:  # noqa: BLE001 - the webhook boundary: what an action raises must reach the engine as a failure
        error_id = uuid.uuid4().hex
        _log.exception("action call failed, id %s", error_id)
        return _json({"error": "internal", "id": error_id}, 500)
    return response


def _json(body: Any, status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(body), status=status, content_type="application/json")
