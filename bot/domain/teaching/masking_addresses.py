"""Where people live, as it stands in a text: house numbers with the name of their street."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from bot.domain.teaching.masking_reach import is_family, is_shouting, name_end, words_from
from bot.domain.teaching.masking_words import SURE_FAMILY, is_stop
from bot.domain.teaching.sheet import Kind, Sheet
from bot.domain.text import fold

_NUMBERED: Final = r"[0-9]{1,4}[a-z]?(?:/[0-9]{1,4}[a-z]?){0,4}"
_STREET: Final = re.compile(
    rf"(?<![a-z0-9])(?:(?:so nha|nha so|so)\s)?{_NUMBERED}\s?,?\s(?:duong|pho|d\.)\s+(?P<name>[a-z0-9]+)(?![a-z0-9])"
)
_ALLEY: Final = re.compile(
    rf"(?<![a-z0-9])(?:(?:ngo|ngach|hem|kiet|so nha|nha so)\s(?:so\s)?{_NUMBERED}|(?:can ho|block|chung cu)\s(?:so\s)?"
    r"(?:[a-z]{1,2}[\-.]?)?[0-9]{1,4}(?:[\-./][a-z0-9]{1,4}){0,3}|phong\s[a-z]?[0-9]{3,4})(?![a-z0-9])"
    r"(?!\s?(?:m2|m|tang|trieu))"
)
_HOUSE: Final = re.compile(rf"(?<![a-z0-9/.,])(?:(?:so nha|nha so|so)\s)?(?P<number>{_NUMBERED}),?[ ]+(?=[a-z])")
_TOLD_ADDRESS: Final = re.compile(
    r"(?<![a-z])(?:dia chi|d/c|address)(?:\s(?:nha|em|giao|nhan|hang|o|la|cua|toi|minh|anh|chi))*\s*[:\-]?\s*"
    r"(?P<place>(?:so\s)?[0-9][^,.\n\x00]{0,40})"
)


def find(sheet: Sheet) -> Iterator[tuple[int, int, Kind]]:
    """Yield house numbers with the name of their street; wards, districts and towns stay."""
    yield from ((one.start("place"), one.end("place"), Kind.ADDRESS) for one in _TOLD_ADDRESS.finditer(sheet.plain))
    for found in _STREET.finditer(sheet.plain):
        yield found.start(), name_end(sheet, found.end("name"), 3), Kind.ADDRESS
    for found in _ALLEY.finditer(sheet.plain):
        yield found.start(), name_end(sheet, found.end(), 3), Kind.ADDRESS
    for found in _HOUSE.finditer(sheet.plain):
        words = words_from(sheet, found.end(), 4)
        if len(words) > 1 and _is_street(sheet, words):
            yield found.start(), name_end(sheet, words[1][1], 2), Kind.ADDRESS


def _is_street(sheet: Sheet, words: Sequence[tuple[int, int, str]]) -> bool:
    first, second = words[0][2], words[1][2]
    if first.casefold() in SURE_FAMILY and not is_stop(second):
        return True
    named = is_family(first) or fold(f"{first} {second}") in (
        "hai ba",
        "dien bien",
        "cach mang",
        "quang trung",
        "tran hung",
    )
    return named and first[:1].isupper() and second[:1].isupper() and not is_shouting(sheet)
