"""Reads JSON that a stranger sent: either one unambiguous value that can be stored as it is, or one named error.

Python's own reader takes what other readers refuse or read differently (a repeated key, ``NaN``, ``1e999``), and what
PostgreSQL cannot store (NUL, half a surrogate pair). A webhook must not depend on which reader comes next.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any, Final

MAX_BYTES: Final = 2 * 1024 * 1024
MAX_DEPTH: Final = 64
MAX_DIGITS: Final = 64
MAX_PARTS: Final = 50_000
"""Values in one event, counted roughly (a comma inside text counts too); real events have under 300."""

_BOM: Final = b"\xef\xbb\xbf"
# Only these escapes can bring in what a database cannot hold; without them the slow pass over every string is spared.
_UNSTORABLE_ESCAPE: Final = re.compile(rb"\\u(?:0000|[dD][89abAB])")
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
_REPLACEMENT: Final = "\ufffd"


class MalformedJson(ValueError):
    """The bytes are not one strict JSON object; the sender is at fault, so trying again is useless."""


def read_object(raw: bytes, *, max_bytes: int = MAX_BYTES) -> dict[str, Any]:
    """Return the JSON object that ``raw`` holds, fit to store: lone surrogates and NULs become U+FFFD.

    Time and memory stay proportional to the input, whatever it is.

    Raises:
        MalformedJson: larger than ``max_bytes``, not UTF-8, with a byte order mark, repeated keys, numbers that are
            not finite or longer than 64 digits, nested deeper than 64, with more than 50,000 values, followed by
            anything, or not an object.
    """
    if len(raw) > max_bytes:
        raise MalformedJson(f"{len(raw)} bytes, {max_bytes} allowed")
    if sum(raw.count(mark) for mark in (b"{", b"[", b",")) > MAX_PARTS:
        raise MalformedJson("too many values")
    value = _parsed(_decoded(raw))
    if not isinstance(value, dict):
        raise MalformedJson("not an object")
    _check_depth(value)
    if _UNSTORABLE_ESCAPE.search(raw):
        value = {_mended_text(key): _mended(inner) for key, inner in value.items()}
    return value


def _decoded(raw: bytes) -> str:
    if raw.startswith(_BOM):
        raise MalformedJson("byte order mark")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedJson(f"not UTF-8 at byte {error.start}") from None


def _parsed(text: str) -> Any:
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise MalformedJson(f"{error.msg} at character {error.pos}") from None
    except RecursionError:
        raise MalformedJson("nested too deeply") from None


def _check_depth(value: dict[str, Any]) -> None:
    """Walk level by level: no recursion of our own, and scalars are looked at once."""
    level: list[Any] = [value]
    for _ in range(MAX_DEPTH):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return
    raise MalformedJson("nested too deeply")


def _mended(value: Any) -> Any:
    """Replace what cannot be stored; recursion is safe because the depth was checked before."""
    if isinstance(value, str):
        return _mended_text(value)
    if isinstance(value, list):
        return [_mended(inner) for inner in value]
    if isinstance(value, dict):
        return {_mended_text(key): _mended(inner) for key, inner in value.items()}
    return value


def _mended_text(text: str) -> str:
    return _UNSTORABLE.sub(_REPLACEMENT, text)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise MalformedJson("repeated key")
    return made


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise MalformedJson(f"integer of {len(digits)} digits")
    return int(digits)


def _decimal(text: str) -> float:
    # A long fraction is read in linear time, so only the value matters: 1e999 would become infinity.
    number = float(text)
    if not math.isfinite(number):
        raise MalformedJson("number too large")
    return number


def _constant(name: str) -> Any:
    raise MalformedJson(f"{name} is not a number")


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_decimal, parse_constant=_constant
)
