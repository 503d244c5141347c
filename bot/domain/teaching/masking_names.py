"""Names of people in a text, as far as they can be told from other words without a dictionary of people.

Vietnamese names are ordinary words, so a name is believed where something says that it is one: it is known, it is
introduced ("tên em là"), it follows a title ("chị Hương"), or it begins with a family name. How far it reaches is told
by its capitals, and where there are none, by the syllables that names are made of.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from bot.domain.teaching.masking_known import TITLE, Known, known
from bot.domain.teaching.masking_reach import (
    WORD,
    is_full,
    is_phrase,
    is_shouting,
    is_title_case,
    may_be_family,
    may_begin,
    reach,
    stands_alone,
    words_from,
)
from bot.domain.teaching.masking_words import (
    EVERYDAY,
    GIVEN,
    PARTICLES,
    PLACES,
    PLAIN_FAMILY,
    TITLES,
    is_stop,
    is_syllable,
)
from bot.domain.teaching.sheet import Kind, Sheet
from bot.domain.text import fold

LONGEST: Final = 5
"""Syllables of a name at most, the family name included."""
_Found = Iterator[tuple[int, int]]

_SELF: Final = "toi|em|minh|mik|mk|anh|chi|chau|con|tui|bac|co|chu|ong|ba|e|a|c|t|m"
_TITLED: Final = re.compile(rf"(?<![a-z0-9])(?P<title>{TITLE})\.?[ ]+(?=[a-z])")
_PLACE: Final = re.compile(rf"(?<![a-z])(?:{fold(PLACES)})(?![a-z])")
_INTRODUCED: Final = re.compile(
    r"(?<![a-z0-9])(?:ten|ho (?:va )?ten|my name is|name|i am|i'm|this is|nguoi (?:nhan|mua|gui|dat|lien he)|dung ten|"
    rf"chu (?:tai khoan|the|ho|don)|ky ten|gap|(?:{_SELF}) (?:la|ten)|mang ten|nguoi ten)(?![a-z])"
    rf"(?:[ ](?:khach|day du|that|goi|cua|la|(?!chau (?:thi|van))(?:{_SELF}))(?![a-z]))*"
    rf"(?:[ ](?!chau (?:thi|van)){TITLE}(?![a-z]))?[ ]?[:\-]?[ ]*(?<![a-z])(?=[a-z])"
)
_SURE_CUE: Final = re.compile(
    rf"(?:ho (?:va )?ten|my name is|ten (?:\w+ )?la|(?<![a-z])(?:{_SELF}) ten(?: la)?|nguoi ten)(?: {TITLE})?\W*$"
)
_CALL: Final = re.compile(
    r"(?<![a-z])(?:goi|gap|nhan|nhan tin|lien he|noi chuyen)(?: lai)?(?: voi| cho)? (?:anh|chi|co|chu|bac|ong|ba) $"
)
_COMPOUND: Final = re.compile(
    r"(?<![a-z])(?:phu huynh|(?:san|vi|xam|buu|su|tac|thuc|my|duoc|an) pham|(?:quat|am|dap) tran|bo phan|"
    r"(?:den|bong|ong) huynh|(?:chim|hoa|dau) hoang)$"
)
"""Words of two syllables that end like a family name."""


def finder_of(staff: tuple[str, ...], customer: str | None) -> Callable[[Sheet], Iterator[tuple[int, int, Kind]]]:
    """Return a finder of names: of known ones, and of those that are introduced, titled, or begin with a family name.

    What is found in several ways is covered as a whole, so that none of them leaves the rest of a name behind.
    """
    everyone = (known(staff), Known([customer] if customer else []))

    def find(sheet: Sheet) -> Iterator[tuple[int, int, Kind]]:
        found = (place for names in everyone for place in names.find(sheet))
        yield from ((start, end, Kind.NAME) for start, end in _merged([*found, *_told(sheet)]))

    return find


def _merged(found: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def _told(sheet: Sheet) -> _Found:
    shouting = is_shouting(sheet)
    for found in _INTRODUCED.finditer(sheet.plain):
        sure = _SURE_CUE.search(found.group()) is not None
        yield from _introduced(sheet, found.end(), sure=sure, shouting=shouting)
    for found in _TITLED.finditer(sheet.plain):
        if sheet.written(*found.span("title")).casefold() in TITLES:
            yield from _titled(sheet, found, shouting=shouting)
    for found in WORD.finditer(sheet.plain):
        if found.group() in PLAIN_FAMILY and not _PLACE.match(sheet.plain, found.start()):
            yield from _full_name(sheet, found.start(), shouting=shouting)


def _introduced(sheet: Sheet, start: int, *, sure: bool, shouting: bool) -> _Found:
    """Yield the name that somebody is introduced by; ``sure`` is set where nothing else could follow."""
    words = words_from(sheet, start, LONGEST)
    alone = len(words) == 1 or (len(words) > 1 and words[1][2].casefold() in PARTICLES)
    if not words:
        return
    first, count = words[0][2], reach(words, shouting=shouting, told=True)
    family = may_be_family(first)
    if not (may_begin(words) or (sure and family and count > 2) or (sure and alone and is_syllable(first))):
        return
    capital = first[:1].isupper() and not shouting
    if sure or capital or (family and count > 1) or stands_alone(words, count):
        yield start, words[count - 1][1]


def _titled(sheet: Sheet, title: re.Match[str], *, shouting: bool) -> _Found:
    """Yield the name after a title; an initial for one ("a Tuấn") is believed before a well-known name only."""
    words = words_from(sheet, title.end(), LONGEST)
    # "chú ý" and "bàn trang điểm" are no people.
    if not words or not may_begin(words) or is_phrase(words_from(sheet, title.start("title"), 2)):
        return
    word, count = words[0][2], reach(words, shouting=shouting)
    given = word.casefold() in GIVEN and (word.istitle() or not is_stop(word))
    if len(title["title"]) == 1:
        named = given and word.istitle()
    elif word.istitle() and not shouting:
        named = given or not is_title_case(sheet)
    else:
        likely = (is_syllable(word) and fold(word) not in EVERYDAY) or (may_be_family(word) and count > 1)
        called = likely and _is_called(sheet, title)
        named = given or called or (2 <= count <= 3 and not word.isascii() and is_syllable(word, exact=True))
    if named:
        yield words[0][0], words[count - 1][1]


def _full_name(sheet: Sheet, start: int, *, shouting: bool) -> _Found:
    words = words_from(sheet, start, LONGEST)
    if len(words) < 2 or not may_be_family(words[0][2]) or not may_begin(words):
        return
    count = reach(words, shouting=shouting)
    if words[0][2][:1].isupper() and words[1][2][:1].isupper() and not shouting:
        named = count > 1
    else:
        named = is_full(words, count) and not _COMPOUND.search(sheet.plain, max(0, start - 8), words[0][1])
    if named:
        yield start, words[count - 1][1]


def _is_called(sheet: Sheet, title: re.Match[str]) -> bool:
    """Tell whether somebody asks to call or to meet whom the title belongs to."""
    return _CALL.search(sheet.plain, max(0, title.start() - 30), title.end()) is not None
