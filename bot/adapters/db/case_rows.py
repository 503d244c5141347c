"""How a case lies in its row: every field of `Case` is a column of the same name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any

from sqlalchemy import Row

from bot.domain.cases import Case, CaseState
from bot.domain.company import Priority
from bot.domain.sla import SlaClock
from bot.services.ports_cases import NewCase

_FIELDS = tuple(one.name for one in fields(Case))
_FOREVER = frozenset({"id", "code", "conversation_id", "customer_id", "reason", "opened_at"})
_CHANGING = tuple(name for name in _FIELDS if name not in _FOREVER)

_READ: dict[str, Callable[[Any], Any]] = {
    "state": CaseState,
    "priority": Priority,
    "sla": lambda stored: None if stored is None else SlaClock.from_dict(stored),
}


def to_case(row: Row[Any]) -> Case:
    """Return the case of a row that has every column of the table."""
    stored = row._mapping
    values = {name: stored[name] for name in _FIELDS}
    for name, read in _READ.items():
        if name in values:
            values[name] = read(values[name])
    return Case(**values)


def new_row(case: NewCase) -> dict[str, Any]:
    """Return the columns of a case that waits from its first moment on."""
    values = {one.name: getattr(case, one.name) for one in fields(NewCase)}
    clock = values.pop("sla")
    return {
        **values,
        "collected": dict(case.collected),
        "state": CaseState.WAITING,
        "waiting_since": case.opened_at,
        "sla": None if clock is None else clock.to_dict(),
    }


def changes_of(case: Case) -> dict[str, Any]:
    """Return the columns of a case that may change over its life."""
    values = {name: getattr(case, name) for name in _CHANGING}
    clock = values.get("sla")
    return values if clock is None else {**values, "sla": clock.to_dict()}
