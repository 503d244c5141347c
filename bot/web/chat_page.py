"""What the customer's chat page is told when it is rendered; none of it is secret."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from markupsafe import Markup

from bot.domain.hours import NeverOpen, OpeningHours
from bot.web.chat_api import TEXT_MAX
from bot.web.house import House

_STATIC = Path(__file__).parent / "static"
_COMMON = ("chime", "dialog", "dom", "http", "i18n", "linkify", "sse", "time")
_CHANGES = 8
"""Openings and closings that a page knows ahead: an open tab must not say "on duty" through the night."""

WORDS = {
    language: json.loads((_STATIC / "chat" / f"words.{language}.json").read_text(encoding="utf-8"))
    for language in ("vi", "en")
}
SPRITE = Markup((_STATIC / "chat" / "icons.svg").read_text(encoding="utf-8"))  # noqa: S704 - our own file
"""Stands inside the page: signs that had to be fetched would be missing when the line is."""

MODULES = (
    *(f"common/{name}.js" for name in _COMMON),
    *sorted(f"chat/{path.name}" for path in (_STATIC / "chat").glob("*.js")),
)


def config(house: House) -> dict[str, Any]:
    """Return what the page's modules need to know of the company."""
    company, now = house.company, house.clock.now()
    return {
        "company": company.short_name,
        "zone": company.zone.key,
        "now": now.isoformat(),
        "hours": [{"at": at.isoformat(), "open": is_open} for at, is_open in changes(company.hours, now)],
        "codes": [one.code for one in company.departments.values()],
        "attachments": {"max_bytes": company.attachments.max_bytes, "kinds": list(company.attachments.kinds)},
        "text_max": TEXT_MAX,
        "origins": house.settings.widget_origins.split(),
    }


def changes(hours: OpeningHours, now: datetime) -> Iterator[tuple[datetime, bool]]:
    """Yield ``now`` and the next openings and closings, each with whether the door is open from then on."""
    at, is_open = now, hours.is_open(now)
    yield at, is_open
    try:
        for _ in range(_CHANGES):
            following = hours.next_closing(at) if is_open else hours.next_opening(at)
            if following is None:
                return
            at, is_open = following, not is_open
            yield at, is_open
    except NeverOpen:
        return
