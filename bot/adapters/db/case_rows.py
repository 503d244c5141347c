"""How a case lies in its row: every field of `Case` is a column of the same name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any

from sqlalchemy import Row

from bot.adapters.db.sla_json import clock_from_json, clock_to_json
from bot.domain.cases import Case, CaseState
from bot.domain.company import Priority
from bot.services.ports_cases import NewCase

_FIELDS = tuple(one.name for one in fields(Case))
_FOREVER = frozenset({"id", "code", "conversation_id", "customer_id", "reason", "opened_at"})
_CHANGING = tuple(name for name in _FIELDS if name not in _FOREVER)

_READ: dict[str, Callable[[Any], Any]] = {
    "state": CaseState,
    "priority": Priority,
    "sla": lambda stored: None if stored is None else clock_from_json(stored),
}


def to_case(row: Row[Any]) -> Case:
    """Return the case of a row that has every column of the table."""
    stored = row._mapping
    return Case(**{name: _READ[name](stored[name]) if name in _READ else stored[name] for name in _FIELDS})


def new_row(case: NewCase) -> dict[str, Any]:
    """Return the columns of a case that waits from its first moment on."""
    given = {one.name: getattr(case, one.name) for one in fields(NewCase)}
    started = {"collected": dict(case.collected), "state": CaseState.WAITING, "waiting_since": case.opened_at}
    return _storable({**given, **started})


def changes_of(case: Case) -> dict[str, Any]:
    """Return the columns of a case that may change over its life."""
    return _storable({name: getattr(case, name) for name in _CHANGING})


def _storable(values: dict[str, Any]) -> dict[str, Any]:
    clock = values.get("sla")
    return values if clock is None else {**values, "sla": clock_to_json(clock)}
