"""What the front office may ask of the engine, and how a failure is told.

Standard library and orjson only, so the rules of the door can be read and tested without loading Rasa.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

import orjson

MAX_BODY_BYTES = 64 * 1024
MAX_TEXT_CHARS = 1_000
MAX_ID_CHARS = 200
RANKING_SIZE = 5

_KEYS = frozenset({"conversation", "message_id", "text", "dialogue", "facts"})
_REQUIRED = frozenset({"conversation", "message_id", "text"})
# What `str.strip`, a normalising pipeline or NFKC could take away in front of a slash.
_SLASHES = frozenset("/\u2044\u2215\u29f8\uff0f")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Mn", "Co", "Cn"})
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u2028\u2029]")
_NOTHING_LEFT = "?"


class TurnFailure(Exception):
    """A turn that cannot be answered; `status` and `error` go to the caller, `detail` says which rule was broken."""

    def __init__(self, status: int, error: str, detail: str = "") -> None:
        super().__init__(status, error, detail)
        self.status = status
        self.error = error
        self.detail = detail

    def body(self) -> dict[str, str]:
        """The JSON of the answer; never holds the customer's words."""
        return {"error": self.error, "detail": self.detail}


def bad_request(detail: str) -> TurnFailure:
    """A request that will fail the same way however often it is sent."""
    return TurnFailure(422, "request", detail)


@dataclass(frozen=True)
class TurnRequest:
    """One customer message, with all that the engine may know about the conversation."""

    conversation: str
    message_id: str
    text: str
    dialogue: dict[str, Any] | None = None
    facts: dict[str, Any] = field(default_factory=dict)


def parse_request(body: bytes) -> TurnRequest:
    """Read a request body; raises `TurnFailure` 413 or 422. Lone surrogates are refused by the JSON reader itself."""
    if len(body) > MAX_BODY_BYTES:
        raise TurnFailure(413, "too_large", f"more than {MAX_BODY_BYTES} bytes")
    try:
        data = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise bad_request("not JSON") from error
    if not isinstance(data, dict):
        raise bad_request("not an object")
    if unknown := set(data) - _KEYS:
        raise bad_request(f"unknown keys: {', '.join(sorted(unknown))}")
    if missing := _REQUIRED - set(data):
        raise bad_request(f"missing keys: {', '.join(sorted(missing))}")
    return TurnRequest(
        conversation=_identifier(data["conversation"], "conversation"),
        message_id=_identifier(data["message_id"], "message_id"),
        text=_text(data["text"]),
        dialogue=_object_or_none(data.get("dialogue"), "dialogue"),
        facts=_object_or_none(data.get("facts"), "facts") or {},
    )


def neutralise(text: str) -> str:
    """The text without control characters and without any beginning that Rasa could read as `/intent{...}`.

    Rasa takes a message that starts with a slash for a finished classification with confidence 1.0. Leading spaces do
    not hinder it, and a pipeline that folds full-width letters or drops zero-width ones would bring a hidden slash to
    the front, so everything invisible before a slash goes with it.
    """
    text = _CONTROLS.sub(" ", text).strip()
    end = 0
    slashes = 0
    for position, char in enumerate(text):
        if char in _SLASHES or "/" in unicodedata.normalize("NFKC", char)[:1]:
            slashes += 1
            end = position + 1
        elif unicodedata.category(char) not in _INVISIBLE:
            break
    return (text[end:].strip() if slashes else text) or _NOTHING_LEFT


def _identifier(value: object, name: str) -> str:
    if not isinstance(value, str) or not 1 <= len(value) <= MAX_ID_CHARS:
        raise bad_request(f"{name}: a text of 1 to {MAX_ID_CHARS} characters")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise bad_request("text: a text that is not empty")
    if len(value) > MAX_TEXT_CHARS:
        raise bad_request(f"text: more than {MAX_TEXT_CHARS} characters")
    return neutralise(value)


def _object_or_none(value: object, name: str) -> dict[str, Any] | None:
    if value is not None and not isinstance(value, dict):
        raise bad_request(f"{name}: an object or null")
    return value
