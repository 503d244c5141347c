"""A typed reader over what a channel sent: every getter checks the type, every error names the path.

Parsers never touch raw dictionaries, so a field that is suddenly an object where text was due is a named error at the
place where it was read, not an exception three rooms further in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeVar

_T = TypeVar("_T")
_MAX_IDENTIFIER: Final = 256


class PayloadError(ValueError):
    """A field is missing or of another type than documented. ``path`` is where, for example ``message.text``."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path}: {problem}")
        self.path = path


class Payload:
    """One JSON object. ``maybe_*`` return ``None`` for a field that is absent or null, the others raise."""

    def __init__(self, value: Mapping[str, Any], path: str = "") -> None:
        self._value = value
        self._path = path

    @property
    def raw(self) -> Mapping[str, Any]:
        """The object itself, to be stored."""
        return self._value

    def has(self, name: str) -> bool:
        """Whether the field is there and not null."""
        return self._value.get(name) is not None

    def text(self, name: str) -> str:
        """Return a string. Raises `PayloadError`."""
        return self._wanted(name, self.maybe_text(name))

    def maybe_text(self, name: str) -> str | None:
        """Return a string if there is one. Raises `PayloadError` for any other type."""
        value = self._value.get(name)
        if value is None or isinstance(value, str):
            return value
        raise self._wrong(name, "text", value)

    def identifier(self, name: str) -> str:
        """Return a non-empty identifier as text. Raises `PayloadError`."""
        return self._wanted(name, self.maybe_identifier(name))

    def maybe_identifier(self, name: str) -> str | None:
        """Return an identifier as text; the same one comes now quoted, now as a number. Empty counts as absent."""
        value = self._value.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if not isinstance(value, str):
            raise self._wrong(name, "an identifier", value)
        if len(value) > _MAX_IDENTIFIER:
            raise PayloadError(self._at(name), f"identifier of {len(value)} characters")
        return value

    def integer(self, name: str) -> int:
        """Return a whole number. Raises `PayloadError`."""
        return self._wanted(name, self.maybe_integer(name))

    def maybe_integer(self, name: str) -> int | None:
        """Return a whole number, also one that was sent as text of at most 20 digits."""
        value = self._value.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, str) and len(value) <= 20 and value.removeprefix("-").isdecimal():
            return int(value)
        raise self._wrong(name, "a whole number", value)

    def maybe_decimal(self, name: str) -> float | None:
        """Return a number, also one that was sent as text ("10.7642473")."""
        value = self._value.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, int | float | str) and not isinstance(value, bool):
            try:
                number = float(value)
            except (ValueError, OverflowError):
                raise self._wrong(name, "a number", value) from None
            if number - number == 0:  # neither infinite nor NaN
                return number
        raise self._wrong(name, "a number", value)

    def truth(self, name: str) -> bool:
        """Return a boolean; absent means false. Raises `PayloadError` for any other type."""
        value = self._value.get(name)
        if value is None or isinstance(value, bool):
            return bool(value)
        raise self._wrong(name, "true or false", value)

    def inside(self, name: str) -> Payload:
        """Return a reader of an inner object. Raises `PayloadError`."""
        return self._wanted(name, self.maybe_inside(name))

    def maybe_inside(self, name: str) -> Payload | None:
        """Return a reader of an inner object if there is one."""
        value = self._value.get(name)
        if value is None:
            return None
        if isinstance(value, Mapping):
            return Payload(value, self._at(name))
        raise self._wrong(name, "an object", value)

    def objects(self, name: str) -> list[Payload]:
        """Return readers of a list of objects; absent means none. Raises `PayloadError`."""
        value = self._value.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self._wrong(name, "a list", value)
        found: list[Payload] = []
        for index, inner in enumerate(value):
            if not isinstance(inner, Mapping):
                raise self._wrong(f"{name}[{index}]", "an object", inner)
            found.append(Payload(inner, self._at(f"{name}[{index}]")))
        return found

    def identifiers(self, name: str) -> list[str]:
        """Return a list of identifiers as text; absent means none. Raises `PayloadError`."""
        value = self._value.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self._wrong(name, "a list", value)
        numbered = Payload({str(index): inner for index, inner in enumerate(value)}, self._at(name))
        return [numbered.identifier(str(index)) for index in range(len(value))]

    def _at(self, name: str) -> str:
        return f"{self._path}.{name}" if self._path else name

    def _wrong(self, name: str, wanted: str, value: object) -> PayloadError:
        return PayloadError(self._at(name), f"{wanted} was due, not {type(value).__name__}")

    def _wanted(self, name: str, value: _T | None) -> _T:
        if value is None:
            raise PayloadError(self._at(name), "missing")
        return value
