"""``/healthz`` and ``/metrics``."""

from __future__ import annotations

import ipaddress
import json

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot.web.endpoint import same_secret
from bot.web.house import HOUSE
from bot.web.metrics import refresh


async def healthz(request: web.Request) -> web.Response:
    """200 when the front office can accept messages (the database answers), 503 otherwise; the state of each part."""
    states = await request.app[HOUSE].parts.states()
    ready = states.get("database", {}).get("state") == "ok"
    degraded = any(one.get("state") in ("down", "degraded", "refused") for one in states.values())
    body = {"status": "ok" if ready and not degraded else "degraded" if ready else "down", "parts": states}
    return web.Response(
        text=json.dumps(body),
        status=200 if ready else 503,
        content_type="application/json",
        headers={"Cache-Control": "no-store"},
    )


async def metrics(request: web.Request) -> web.Response:
    """Prometheus metrics, for readers on this machine or with the token of ``LETAN_METRICS_TOKEN``."""
    house = request.app[HOUSE]
    if not _may_read(
        request, house.settings.metrics_token.get_secret_value() if house.settings.metrics_token else None
    ):
        return web.Response(status=403, text="metrics are for this machine, or with the token\n")
    await refresh(house)
    return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})


def _may_read(request: web.Request, token: str | None) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token is not None:
        return same_secret(given, token)
    try:
        # Behind a proxy on this machine everybody looks local; then set the token.
        return ipaddress.ip_address(request.remote or "").is_loopback and "X-Forwarded-For" not in request.headers
    except ValueError:
        return False
