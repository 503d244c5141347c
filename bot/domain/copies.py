"""Altered copies of frozen things, for rules that make many of them."""

from __future__ import annotations

from typing import Any, TypeVar

Frozen = TypeVar("Frozen")


def altered(before: Frozen, /, **changes: Any) -> Frozen:
    """Return a copy with other values, as `dataclasses.replace` does, in a fifth of the time.

    For frozen dataclasses without slots and without a ``__post_init__``: what they hold is copied as it is.

    Raises:
        TypeError: there is no field of such a name.
    """
    values = before.__dict__ | changes
    if len(values) != len(before.__dict__):
        raise TypeError(f"{type(before).__name__} has no {', '.join(changes.keys() - before.__dict__.keys())}")
    copy = object.__new__(type(before))
    object.__setattr__(copy, "__dict__", values)
    return copy
