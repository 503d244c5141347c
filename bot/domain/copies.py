"""Altered copies of frozen things, for rules that make many of them."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from typing import Any, TypeVar

Frozen = TypeVar("Frozen")


def altered(before: Frozen, /, **changes: Any) -> Frozen:
    """Return a copy with other values, as `dataclasses.replace` does, in a fifth of the time.

    For frozen dataclasses without slots and without a ``__post_init__``: the values of their fields are copied as they
    are. What a `cached_property` worked out of the original is not: it may be wrong for the copy.

    Raises:
        TypeError: there is no field of such a name.
    """
    names = _fields(type(before))
    values = before.__dict__ | changes
    if len(values) != len(names):
        if not changes.keys() <= names:
            raise TypeError(f"{type(before).__name__} has no {', '.join(sorted(changes.keys() - names))}")
        values = {name: values[name] for name in names}
    copy = object.__new__(type(before))
    object.__setattr__(copy, "__dict__", values)
    return copy


@cache
def _fields(kind: type[Any]) -> frozenset[str]:
    return frozenset(field.name for field in fields(kind))
