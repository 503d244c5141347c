"""What stands in the path of a door, read strictly."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.domain.errors import Invalid
from bot.web.endpoint import FIRST_DAY, ID_MAX, LAST_DAY, Call
from bot.web.errors import NotFound

MODEL_ID_MAX = 80

_NO_DAY = "Ngày phải là một ngày có thật, viết dạng 2026-11-26."


def path_id(call: Call[Any, Any], name: str = "id") -> int:
    """Return an id of the path. Raises NotFound for what cannot be one."""
    given = call.path[name]
    if not (given.isascii() and given.isdigit() and len(given) <= 19 and 0 < int(given) <= ID_MAX):
        raise NotFound
    return int(given)


def path_model(call: Call[Any, Any], name: str = "id") -> str:
    """Return a model's id of the path. Raises NotFound for what cannot be one."""
    given = call.path[name]
    if len(given) > MODEL_ID_MAX or not given.isprintable():
        raise NotFound
    return given


def path_day(call: Call[Any, Any], name: str = "day") -> date:
    """Return a day of the path, written "2026-11-26". Raises Invalid for what is none."""
    try:
        day = date.fromisoformat(call.path[name])
    except ValueError as failure:
        raise Invalid(name, _NO_DAY) from failure
    if not FIRST_DAY <= day <= LAST_DAY:
        raise Invalid(name, _NO_DAY)
    return day
