"""Names of people and where they live, as far as they can be told from other words without a dictionary of people.

Vietnamese names are ordinary words, so a name is believed where something says that it is one: it is known, it is
introduced ("tên em là"), it follows a title in capitals ("chị Hương"), or it begins with a family name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from bot.domain.teaching.masking_words import (
    FAMILY,
    GIVEN,
    MIDDLE,
    PLACES,
    PLAIN_FAMILY,
    SURE_FAMILY,
    TITLES,
    UNSURE_FAMILY,
    is_stop,
)
from bot.domain.teaching.sheet import Kind, Sheet
from bot.domain.text import clean, fold

_Found = Iterator[tuple[int, int, Kind]]

_TITLE: Final = r"(?:anh|chi|co|chu|bac|em|ong|ba|thay|cu|di|cau|mo|chau|ban|mr|ms|mrs|miss|a|c|e)"
_TITLED: Final = re.compile(rf"(?<![a-z0-9])(?P<title>{_TITLE})\.?[ ]+(?=[a-z])")
_PLACE: Final = re.compile(rf"(?<![a-z])(?:{fold(PLACES)})(?![a-z])")
_INTRODUCED: Final = re.compile(
    r"(?<![a-z0-9])(?:ten|ho (?:va )?ten|my name is|name|i am|i'm|this is|nguoi (?:nhan|mua|gui|dat|lien he)|dung ten|"
    r"chu (?:tai khoan|the|ho|don)|ky ten|gap|(?:toi|em|minh|anh|chi|chau|con|tui) (?:la|ten)|mang ten|nguoi ten)"
    r"(?:[ ](?:khach|day du|that|goi|cua|toi|em|minh|chau|con|anh|chi|tui|la)(?![a-z]))*"
    rf"(?:[ ]{_TITLE}(?![a-z]))?[ ]?[:\-]?[ ]*(?<![a-z])(?=[a-z])"
)
_SURE_CUE: Final = re.compile(
    r"(?:ho (?:va )?ten|my name is|ten (?:\w+ )?la|(?:toi|em|minh|chau|con|tui) ten(?: la)?|nguoi ten)\W*$"
)
_WORD: Final = re.compile(r"[a-z]+")
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


def find_addresses(sheet: Sheet) -> _Found:
    """Yield house numbers with the name of their street; wards, districts and towns stay."""
    yield from ((one.start("place"), one.end("place"), Kind.ADDRESS) for one in _TOLD_ADDRESS.finditer(sheet.plain))
    for found in _STREET.finditer(sheet.plain):
        yield found.start(), _name_end(sheet, found.end("name"), 3), Kind.ADDRESS
    for found in _ALLEY.finditer(sheet.plain):
        yield found.start(), _name_end(sheet, found.end(), 3), Kind.ADDRESS
    for found in _HOUSE.finditer(sheet.plain):
        words = _words(sheet, found.end(), 4)
        if len(words) > 1 and _is_street(sheet, words):
            yield found.start(), _name_end(sheet, words[1][1], 2), Kind.ADDRESS


def find(sheet: Sheet) -> _Found:
    """Yield names that are introduced, titled, or begin with a family name."""
    shouting = _is_shouting(sheet)
    for found in _INTRODUCED.finditer(sheet.plain):
        sure = _SURE_CUE.search(found.group()) is not None
        yield from _introduced(sheet, found.end(), sure=sure, shouting=shouting)
    for found in _TITLED.finditer(sheet.plain):
        if sheet.written(*found.span("title")).casefold() in TITLES:
            yield from _titled(sheet, found.end(), initial=len(found["title"]) == 1, shouting=shouting)
    for found in _WORD.finditer(sheet.plain):
        if found.group() in PLAIN_FAMILY and not _PLACE.match(sheet.plain, found.start()):
            yield from _full_name(sheet, found.start(), shouting=shouting)


def finder_of(names: Sequence[str]) -> Callable[[Sheet], _Found]:
    """Return a finder of known names: whole ones however they are typed, given names where they look like one."""
    whole = [words for name in names if len(words := _parts(name)) > 1]
    alone = {words[-1]: clean(name).split()[-1].casefold() for name in names if (words := _parts(name))}

    def known(sheet: Sheet) -> _Found:
        for words in whole:
            pattern = r"(?<![a-z0-9])" + r"\s+".join(map(re.escape, words)) + r"(?![a-z0-9])"
            yield from ((one.start(), one.end(), Kind.NAME) for one in re.finditer(pattern, sheet.plain))
        shouting = _is_shouting(sheet)
        for found in _WORD.finditer(sheet.plain):
            if found.group() in alone and _is_meant(sheet, found, alone[found.group()], shouting=shouting):
                yield found.start(), found.end(), Kind.NAME

    return known


def _is_meant(sheet: Sheet, found: re.Match[str], name: str, *, shouting: bool) -> bool:
    """Tell a known given name from a word that only looks like it: "Hoa" from "hoa don"."""
    written = sheet.written(*found.span())
    if written.casefold() not in (name, fold(name)):
        return False
    titled = re.search(rf"(?<![a-z0-9]){_TITLE}\.?[ ]+$", sheet.plain[max(0, found.start() - 8) : found.start()])
    return titled is not None or (written[:1].isupper() and not shouting)


def _introduced(sheet: Sheet, start: int, *, sure: bool, shouting: bool) -> _Found:
    words = _words(sheet, start, 4)
    if not words or is_stop(words[0][2]):
        return
    family = fold(words[0][2]) in PLAIN_FAMILY
    if words[0][2][:1].isupper() and (not shouting or family or sure):
        yield words[0][0], _name_end(sheet, words[0][1], 3), Kind.NAME
    elif sure:
        # "ten em la nguyen thi lan": a family name is followed by others, a given name stands alone.
        last = words[0][1]
        for _, end, word in words[1:] if family else ():
            if is_stop(word):
                break
            last = end
        yield words[0][0], last, Kind.NAME


def _titled(sheet: Sheet, start: int, *, initial: bool, shouting: bool) -> _Found:
    """Yield the name after a title; an initial for one ("a Tuấn") is believed before a well-known name only."""
    words = _words(sheet, start, 1)
    if not words or is_stop(words[0][2]):
        return
    word = words[0][2]
    given = word.casefold() in GIVEN
    if initial:
        named = given and word.istitle()
    else:
        named = given or (word.istitle() and not shouting and not _is_title_case(sheet))
    if named:
        yield words[0][0], words[0][1] if shouting else _name_end(sheet, words[0][1], 2), Kind.NAME


def _full_name(sheet: Sheet, start: int, *, shouting: bool) -> _Found:
    words = _words(sheet, start, 4)
    if len(words) < 2 or not _is_family(words[0][2]):
        return
    lower = [word.casefold() for _, _, word in words]
    middle = len(words) > 2 and lower[1] in MIDDLE and (lower[0] not in UNSURE_FAMILY or words[0][2].istitle())
    capital = words[0][2][:1].isupper() and words[1][2][:1].isupper()
    if middle:
        last = words[3][1] if len(words) > 3 and (words[3][2][:1].isupper() and not shouting) else words[2][1]
        yield start, last, Kind.NAME
    elif capital and (not shouting or lower[0] in SURE_FAMILY):
        yield start, _name_end(sheet, words[1][1], 2), Kind.NAME
    elif lower[0] in ("nguyễn", "huỳnh") and not is_stop(lower[1]):
        yield start, words[1][1], Kind.NAME


def _is_family(word: str) -> bool:
    """Tell whether a word is written as a family name, or could be one typed without marks and in capitals."""
    lower = word.casefold()
    return lower in FAMILY or (lower in PLAIN_FAMILY and word[:1].isupper()) or lower in SURE_FAMILY


def _is_street(sheet: Sheet, words: Sequence[tuple[int, int, str]]) -> bool:
    first, second = words[0][2], words[1][2]
    if first.casefold() in SURE_FAMILY and not is_stop(second):
        return True
    named = _is_family(first) or fold(f"{first} {second}") in (
        "hai ba",
        "dien bien",
        "cach mang",
        "quang trung",
        "tran hung",
    )
    return named and first[:1].isupper() and second[:1].isupper() and not _is_shouting(sheet)


def _words(sheet: Sheet, start: int, most: int) -> list[tuple[int, int, str]]:
    """Return up to so many words that follow one another with single spaces, as places and as written."""
    words: list[tuple[int, int, str]] = []
    while len(words) < most and (found := _WORD.match(sheet.plain, start)):
        words.append((*found.span(), sheet.written(*found.span())))
        start = found.end()
        if sheet.plain[start : start + 1] != " ":
            break
        start += 1
    return words


def _name_end(sheet: Sheet, end: int, most: int) -> int:
    """Return where a name ends that goes on with up to so many words in capitals."""
    if sheet.plain[end : end + 1] != " ":
        return end
    for _, last, word in _words(sheet, end + 1, most):
        if not word[:1].isupper() or is_stop(word):
            break
        end = last
    return end


def _parts(name: str) -> list[str]:
    """Return the words of a known name, folded, without those that nobody is called by."""
    return [word for word in re.findall(r"[^\W\d_]{2,}", fold(clean(name))) if not is_stop(word)]


def _is_shouting(sheet: Sheet) -> bool:
    letters = [char for char in sheet.text if char.isalpha()]
    return len(letters) > 8 and sum(char.isupper() for char in letters) > 0.6 * len(letters)


def _is_title_case(sheet: Sheet) -> bool:
    words = sheet.text.split()
    return len(words) > 4 and sum(word[:1].isupper() for word in words) > 0.6 * len(words)
