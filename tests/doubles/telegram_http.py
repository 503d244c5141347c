"""HTTP of the local Bot API server: how calls come in, how refusals and faults go out."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Any

from aiohttp import web

from tests.doubles.telegram_world import Refusal


class Fault(StrEnum):
    """What goes wrong with one call. ``silent`` and ``lost`` carry it out first; the others do not."""

    SILENT = "silent"
    LOST = "lost"
    INTERNAL = "internal"
    GATEWAY = "gateway"
    UNAVAILABLE = "unavailable"
    REDIRECT = "redirect"
    NOT_JSON = "not_json"


async def read_parameters(request: web.Request) -> dict[str, Any]:
    """Return the parameters of a call, from wherever the Bot API takes them; a file is a pair of name and content."""
    given: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        given.update(await request.json())
        return given
    for key, value in (await request.post()).items():
        given[key] = (value.filename, value.file.read()) if isinstance(value, web.FileField) else value
    return attached(given)


def attached(given: dict[str, Any]) -> dict[str, Any]:
    """Resolve ``attach://name``, by which one part of an upload points to another."""
    for key, value in given.items():
        if isinstance(value, str) and value.startswith("attach://"):
            given[key] = given[value.removeprefix("attach://")]
    return given


def read_buttons(given: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    markup: Any = given.get("reply_markup") or {}
    markup = json.loads(markup) if isinstance(markup, str) else markup
    buttons = [button for row in markup.get("inline_keyboard", []) for button in row]
    for button in buttons:
        if not button["text"]:
            raise Refusal(400, "Bad Request: can't parse inline keyboard button: text must be non-empty")
        if not 1 <= len(button["callback_data"].encode()) <= 64:
            raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")
    return tuple((button["text"], button["callback_data"]) for button in buttons)


def refused(refusal: Refusal) -> web.Response:
    answer: dict[str, Any] = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.parameters:
        answer["parameters"] = refusal.parameters
    return web.json_response(answer, status=refusal.code)


def failed(fault: Fault) -> web.Response | None:
    """Return the answer of a call that is not carried out, ``None`` for a fault behind it."""
    match fault:
        case Fault.INTERNAL:
            return refused(Refusal(500, "Internal Server Error"))
        case Fault.GATEWAY:
            return web.Response(status=502, text="<h1>502 Bad Gateway</h1>", content_type="text/html")
        case Fault.UNAVAILABLE:
            return web.Response(status=503, text="<h1>503</h1>", content_type="text/html")
        case Fault.REDIRECT:
            return web.Response(status=302, headers={"Location": "http://127.0.0.1:1/"})
        case Fault.NOT_JSON:
            return web.Response(text="<html>Đăng nhập wifi</html>", content_type="text/html")
        case Fault.SILENT | Fault.LOST:
            return None


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
