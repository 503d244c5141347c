"""Puts the doors into one aiohttp application."""

from __future__ import annotations

from aiohttp import web

from bot import VERSION
from bot.web import (
    approvals_api,
    calendar_api,
    calls_api,
    case_moves_api,
    case_words_api,
    chat_api,
    desk_api,
    duty_api,
    health,
    inbox_api,
    openapi,
    pages,
    requests_api,
    roster_api,
    session_api,
    staff_api,
    teach_answers_api,
    teach_api,
    teach_drift_api,
    teach_models_api,
    teach_needs_api,
    webhooks,
)
from bot.web.endpoint import Door, install
from bot.web.errors import refusals
from bot.web.house import HOUSE, House
from bot.web.security import headers, measured, same_origin

DOORS: tuple[Door, ...] = (
    *chat_api.DOORS,
    *desk_api.DOORS,
    *case_moves_api.DOORS,
    *case_words_api.DOORS,
    *calls_api.DOORS,
    *requests_api.DOORS,
    *approvals_api.DOORS,
    *inbox_api.DOORS,
    *session_api.DOORS,
    *duty_api.DOORS,
    *staff_api.DOORS,
    *roster_api.DOORS,
    *calendar_api.DOORS,
    *teach_api.DOORS,
    *teach_models_api.DOORS,
    *teach_needs_api.DOORS,
    *teach_answers_api.DOORS,
    *teach_drift_api.DOORS,
)

BODY_MAX = 32 * 1024 * 1024
"""Above every limit that a door itself sets, uploads included; aiohttp's own limit is never the one that speaks."""


def build(house: House) -> web.Application:
    """Return the application with every route; it is served and closed by `bot.front`."""
    app = web.Application(middlewares=[measured, refusals, same_origin], client_max_size=BODY_MAX)
    app[HOUSE] = house
    app.on_response_prepare.append(headers)
    install(app, DOORS)
    webhooks.install(app)
    app.router.add_get("/healthz", health.healthz)
    app.router.add_get("/metrics", health.metrics)
    app.router.add_get("/api/openapi.json", openapi.route(DOORS, VERSION))
    pages.install(app)
    return app
