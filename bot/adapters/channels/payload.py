"""Reading what strangers send: JSON objects whose shape nobody guarantees.

A channel's parser never indexes raw JSON. It asks a `Payload` for a field of a type, and a field of another type ends
in a ``ValueError`` that names the path (``$.message.chat.id``), never in a ``TypeError`` three calls further down.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeVar

MAX_DEPTH: Final = 64
"""Levels of nesting a raw event may have; real ones stay under ten."""

_UNSTORABLE: Final = {0: "\ufffd"} | dict.fromkeys(range(0xD800, 0xE000), "\ufffd")

_T = TypeVar("_T")


class Payload:
    """A JSON object and the path that led to it.

    A missing key and ``null`` are the same thing: channels use both for "not there". Every getter exists twice, one
    that demands the field and one (``maybe_``) that gives ``None`` without it; both refuse a field of another type.
    """

    __slots__ = ("_fields", "path")

    def __init__(self, value: object, path: str = "$") -> None:
        if not isinstance(value, Mapping):
            raise ValueError(f"{path}: an object is due")  # noqa: TRY004 - callers handle one kind of bad shape
        self._fields: Mapping[str, Any] = value
        self.path = path

    def __contains__(self, key: str) -> bool:
        return self._fields.get(key) is not None

    def __iter__(self) -> Iterator[str]:
        return (key for key in self._fields if key in self)

    def text(self, key: str) -> str:
        """Return a string, possibly empty, exactly as it came (not yet cleaned)."""
        return self._due(key, self.maybe_text(key))

    def maybe_text(self, key: str) -> str | None:
        """Return a string, or ``None`` when there is none."""
        value = self._fields.get(key)
        if value is None or isinstance(value, str):
            return value
        raise self._wrong(key, "a string")

    def integer(self, key: str) -> int:
        """Return a whole number of any size."""
        return self._due(key, self.maybe_integer(key))

    def maybe_integer(self, key: str) -> int | None:
        """Return a whole number, or ``None`` when there is none."""
        value = self._fields.get(key)
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        raise self._wrong(key, "a whole number")

    def number(self, key: str) -> float:
        """Return a finite number; also one that is written as a string, as some channels do for coordinates."""
        value = self._fields.get(key)
        if isinstance(value, int | float | str) and not isinstance(value, bool):
            with contextlib.suppress(ValueError, OverflowError):
                number = float(value)
                if math.isfinite(number):
                    return number
        raise self._wrong(key, "a number")

    def identifier(self, key: str) -> str:
        """Return an id as text. Channels send ids as strings and as numbers, sometimes the same id as both."""
        return self._due(key, self.maybe_identifier(key))

    def maybe_identifier(self, key: str) -> str | None:
        """Return an id as text, or ``None`` when there is none or it is empty."""
        value = self._fields.get(key)
        if value is None or value == "":
            return None
        if isinstance(value, str | int) and not isinstance(value, bool):
            return str(value)
        raise self._wrong(key, "an id")

    def flag(self, key: str) -> bool:
        """Return a truth value; a missing one is false."""
        value = self._fields.get(key)
        if value is None or isinstance(value, bool):
            return bool(value)
        raise self._wrong(key, "true or false")

    def object(self, key: str) -> Payload:
        """Return an object."""
        return self._due(key, self.maybe_object(key))

    def maybe_object(self, key: str) -> Payload | None:
        """Return an object, or ``None`` when there is none."""
        value = self._fields.get(key)
        return None if value is None else Payload(value, f"{self.path}.{key}")

    def objects(self, key: str) -> list[Payload]:
        """Return a list of objects; a missing list is empty."""
        return [Payload(item, f"{self.path}.{key}[{index}]") for index, item in enumerate(self._list(key))]

    def rows(self, key: str) -> list[list[Payload]]:
        """Return a list of lists of objects; a missing one is empty."""
        table = Payload({str(index): row for index, row in enumerate(self._list(key))}, f"{self.path}.{key}")
        return [table.objects(index) for index in table]

    def texts(self, key: str) -> list[str]:
        """Return a list of ids or strings, as text; a missing list is empty."""
        items = self._list(key)
        if all(isinstance(item, str | int) and not isinstance(item, bool) for item in items):
            return [str(item) for item in items]
        raise self._wrong(key, "a list of strings")

    def _list(self, key: str) -> list[Any]:
        value = self._fields.get(key)
        if value is None:
            return []
        if isinstance(value, list):
            return value
        raise self._wrong(key, "a list")

    def _due(self, key: str, value: _T | None) -> _T:
        if value is None:
            raise ValueError(f"{self.path}.{key}: missing")
        return value

    def _wrong(self, key: str, due: str) -> ValueError:
        return ValueError(f"{self.path}.{key}: {due} is due")


def storable(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return a raw event as PostgreSQL's JSON accepts it: NUL and lone surrogates become U+FFFD, the rest stays.

    Raises:
        ValueError: nested deeper than `MAX_DEPTH`, or holding NaN or an infinity.
    """
    return {_text(key): _value(value, 1) for key, value in payload.items()}


def _value(value: Any, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise ValueError(f"$: nested deeper than {MAX_DEPTH} levels")
    match value:
        case str():
            return _text(value)
        case Mapping():
            return {_text(key): _value(inner, depth + 1) for key, inner in value.items()}
        case list() | tuple():
            return [_value(inner, depth + 1) for inner in value]
        case float() if not math.isfinite(value):
            raise ValueError("$: NaN and infinity are no JSON")
        case _:
            return value


def _text(value: object) -> str:
    return str(value).translate(_UNSTORABLE)
