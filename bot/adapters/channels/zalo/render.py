"""What the house says, in the form that Zalo takes: plain text, choices numbered, attachments by their upload."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any, Final

from bot.adapters.channels.zalo.events import Party
from bot.domain.messages import Button
from bot.services.ports_channel import Rejected

TEXT_UNITS: Final = 2000
"""Longest text, counted as the house splits: in UTF-16 units, after composing (NFC)."""

MAX_BUTTONS: Final = 5
_TITLE: Final = 100
_PAYLOAD: Final = 1000
_SHORTEST_TITLE: Final = 8

_LINK: Final = re.compile(r"!?\[([^\[\]\n]{1,300})\]\((https?://[^\s()]{1,1000})\)")
_STRONG: Final = re.compile(r"(?<!\w)(\*\*|__|~~)(?=\S)([^\n]{1,1000}?)(?<=\S)\1(?!\w)")
_CODE: Final = re.compile(r"(`{1,3})([^`\n]{1,1000})\1")
_FENCE: Final = re.compile(r"^```\w*\n?", re.MULTILINE)
_HEADING: Final = re.compile(r"^#{1,6} +(?=\S)", re.MULTILINE)


def utf16_units(text: str) -> int:
    """Return the length of a text as Zalo counts it."""
    return len(text) + sum(1 for char in text if ord(char) > 0xFFFF)


def plain(text: str) -> str:
    """Return a text without Markdown, which Zalo would show as it stands; never longer than it was.

    Only what can hardly be meant otherwise is taken away: a single ``*`` or ``_`` stays.
    """
    text = _FENCE.sub("", unicodedata.normalize("NFC", text))
    text = _CODE.sub(r"\2", text)
    text = _STRONG.sub(r"\2", text)
    return _HEADING.sub("", _LINK.sub(r"\1 (\2)", text)).strip()


def numbered(text: str, buttons: Sequence[Button]) -> str:
    """Return a text with its choices as numbered lines, titles shortened where they would not fit.

    Raises:
        Rejected: the text leaves no room for them.
    """
    if not buttons:
        return text
    head = f"{text}\n\n" if text else ""
    room = TEXT_UNITS - utf16_units(head)
    titles = [plain(button.title).replace("\n", " ") for button in buttons]
    lines = "\n".join(f"{place}. {title}" for place, title in enumerate(titles, 1))
    if utf16_units(lines) > room:
        each = room // len(titles) - len(f"{len(titles)}. …\n")
        if each < _SHORTEST_TITLE:
            raise Rejected("too_long: no room for the choices")
        lines = "\n".join(f"{place}. {_cut(title, each)}" for place, title in enumerate(titles, 1))
    return head + lines


def _cut(title: str, units: int) -> str:
    if utf16_units(title) <= units:
        return title
    while utf16_units(title) > units:
        title = title[:-1]
    return f"{title.rstrip()}…"


def fit_for_template(buttons: Sequence[Button]) -> bool:
    """Whether Zalo's template can carry the choices unchanged."""
    return 0 < len(buttons) <= MAX_BUTTONS and all(
        0 < len(button.title) <= _TITLE and 0 < len(button.payload) <= _PAYLOAD for button in buttons
    )


def recipient(party: Party) -> dict[str, str]:
    """Return whom a message goes to."""
    if party.thread is not None:
        return {"anonymous_id": party.user, "conversation_id": party.thread}
    return {"user_id": party.user}


def text_message(text: str) -> dict[str, Any]:
    """Return a message of text alone."""
    return {"text": text}


def choices_message(text: str, buttons: Sequence[Button]) -> dict[str, Any]:
    """Return a text with buttons; a tap comes back as an ordinary text message with the payload."""
    rows = [{"title": button.title, "type": "oa.query.show", "payload": button.payload} for button in buttons]
    return {"text": text, "attachment": {"type": "template", "payload": {"buttons": rows}}}


def picture_message(text: str, attachment_id: str, size: tuple[int, int] | None) -> dict[str, Any]:
    """Return an uploaded picture with its caption; ``size`` (width, height) makes it a moving one."""
    element: dict[str, Any] = {"media_type": "image", "attachment_id": attachment_id}
    if size is not None:
        element.update(media_type="gif", width=size[0], height=size[1])
    message: dict[str, Any] = {
        "attachment": {"type": "template", "payload": {"template_type": "media", "elements": [element]}}
    }
    return {"text": text, **message} if text else message


def file_message(token: str) -> dict[str, Any]:
    """Return an uploaded document; Zalo takes no text beside it."""
    return {"attachment": {"type": "file", "payload": {"token": token}}}
