"""Entities by pattern and look-up, on the original text, with offsets and normalised values.

    phone       "+84912345678", or a service number as dialled      email       lower case
    case_code   "KT-0042"                                           order_code  "DH123456"
    money       whole units, with `currency`                        quantity    a number, with `unit`
    datetime    {"date", "until", "time", "part", "day"} as far as known; dates need the customer's present
    person      the name, with `title`                              department  the department's id
    customer_name  the customer's own name, with `title` if they gave themselves one      address  the words as written

Every pattern works on plain lower case, so a message without diacritics gives the same entities; where diacritics are
written, a word that only looks alike without them does not match.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from engine.nlu.entities.amounts import find_amounts
from engine.nlu.entities.contacts import find_codes, find_emails, find_phones
from engine.nlu.entities.introductions import find_introduced
from engine.nlu.entities.moments import find_moments
from engine.nlu.entities.names import find_addresses, find_departments, find_people
from engine.nlu.entities.scan import Found, scan

__all__ = ["Found", "as_dict", "extract"]

_MOST = 50
_DIGIT = re.compile(r"\d")


def extract(text: str, now: datetime | None = None) -> list[Found]:
    """Find the entities of any text, in order and without overlaps; `now` is the customer's present."""
    kept: list[Found] = []
    for found in _by_priority(text, now):
        if all(found.end <= other.start or found.start >= other.end for other in kept):
            kept.append(found)
    return sorted(kept, key=lambda found: found.start)[:_MOST]


def as_dict(found: Found) -> dict[str, Any]:
    """The entity in the shape that Rasa's parse data has."""
    return {"entity": found.entity, "start": found.start, "end": found.end, "value": found.value, **found.more}


def _by_priority(text: str, now: datetime | None) -> Iterator[Found]:
    """What is surest comes first and keeps its place."""
    laid_out = scan(text)
    if "@" in text:
        yield from find_emails(laid_out)
    if _DIGIT.search(laid_out.flat):
        yield from find_phones(laid_out)
        yield from find_codes(laid_out)
    yield from find_addresses(laid_out)
    yield from find_moments(laid_out, now)
    yield from find_amounts(laid_out)
    yield from find_introduced(laid_out)
    yield from find_departments(laid_out)
    yield from find_people(laid_out)
