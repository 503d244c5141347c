"""Numbers that may be somebody's: in digits, in letters that look like digits, and in words.

Dates, times and sums of money are recognised first, because they are nobody's. Of the rest no nine digits stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from bot.domain.teaching.masking_words import AMONG_SPOKEN, SPOKEN, ZERO
from bot.domain.teaching.sheet import COVERED, Kind, Sheet

LONGEST: Final = 8
"""Digits in a row, or parted by single signs, that may survive; one more could be a telephone."""

_MONEY_UNIT: Final = r"(?:vnd|dong|d|k|tr|trieu|nghin|ngan|ty|ti|usd|\$|cu|lit)(?![a-z0-9])"
_ALONE: Final = r"(?<![0-9])(?<![0-9][.,\-/: ])"
_DATE: Final = re.compile(
    rf"{_ALONE}(?:[0-3]?[0-9]/[01]?[0-9](?:/(?:(?:19|20)[0-9]{{2}}|[0-9]{{2}}))?|"
    r"[0-3]?[0-9]([.\-])[01]?[0-9]\1(?:19|20)[0-9]{2}|(?:19|20)[0-9]{2}-[01][0-9]-[0-3][0-9])(?![0-9])(?![/.\-][0-9])"
)
_TIME: Final = re.compile(rf"{_ALONE}[0-2]?[0-9](?:[:h][0-5][0-9]){{1,2}}(?![0-9])(?![:.\-][0-9])")
_NO_MORE: Final = r"(?![0-9])(?![.,][0-9])(?! ?[0-9]{3})"
_GROUPED: Final = rf"[1-9][0-9]{{0,2}}(?:[.,][0-9]{{3}})+(?:[.,][0-9]{{1,2}})?{_NO_MORE}"
_MONEY: Final = re.compile(
    rf"{_ALONE}{_GROUPED}\s?{_MONEY_UNIT}"
    r"|(?:gia|tong|so tien|tien|coc|no|vay|tra|luong)(?:\s(?:la|cong|hang|het|khoang|tri gia))*\s?:?\s"
    rf"(?P<bare>(?!84[.,]){_GROUPED})"
)
_SMALL_MONEY: Final = re.compile(
    rf"{_ALONE}[1-9][0-9]{{0,2}}(?:[.,][0-9]{{3}}){{1,2}}(?<![.,][0-9]{{3}}[.,][0-9]{{3}}[.,][0-9]{{3}}){_NO_MORE}"
    r"(?!-[0-9]{3}(?![.,0-9]))(?<![0-9]{3}[.,][0-9]{3}[.,][0-9]{3})"
)

_GAP: Final = r"[\s.,\-–—_/()\[\]·•*|:+~'’`…#=>]"
_PHONE: Final = re.compile(
    rf"(?<![0-9])\(?(?:\+{_GAP}?8{_GAP}?4|00{_GAP}?84|84|0)(?:{_GAP}{{0,4}}\(0\))?(?:{_GAP}{{0,4}}[0-9]){{8,10}}(?![0-9])"
)
_FOREIGN: Final = re.compile(rf"\+{_GAP}?[1-9](?:{_GAP}{{0,2}}[0-9]){{6,14}}(?![0-9])")
_RUN: Final = re.compile(r"\+?[0-9](?:(?:[ .\-–—_/()·]{0,3}|,)[0-9])*")
_TOO_LONG: Final = re.compile(rf"[0-9]{{{LONGEST + 1},}}")
_GROUP: Final = re.compile(r"[0-9]+")
_PREFIX: Final = re.compile(r"(?<![a-z0-9])[a-z]{1,8}[\-_/]?$")
_NO_PREFIX: Final = re.compile(r"(?:sdt|dt|tel|so|zalo|tk|stk|cccd|cmnd|cmt|mst|la|goi|phone|a|e|c)[\-_/]?")

_LOOKALIKE: Final = re.compile(r"(?<![a-z0-9])[0-9olizsbgq|](?:[ .\-_]{0,2}[0-9olizsbgq|]){8,}(?![a-z0-9])")
_PIECE: Final = re.compile(r"[a-z|0-9]+")
_SAID: Final = re.compile(r"[a-z]+|[0-9]+|[^\sa-z0-9.,\-–—_/…:;]")

_SOUNDS: Final = frozenset(Sheet(word).plain for word in SPOKEN | AMONG_SPOKEN)
"""What numbers in words, and words among them, look like in the plain copy."""

_CALLED: Final = tuple(
    (kind, re.compile(rf"(?<![a-z])(?:{words})(?![a-z])[^0-9\x00]{{0,20}}$"))
    for kind, words in (
        (Kind.ID, "cccd|cmnd|cmtnd|cmt|can cuoc|chung minh|ho chieu|passport|dinh danh|giay to|gplx"),
        (Kind.CODE, "don|don hang|van don|ma|order|phieu|hoa don|hop dong|mst|ma so thue|serial|imei"),
        (Kind.ACCOUNT, "stk|tk|tai khoan|account|vcb|vietcombank|techcombank|bidv|agribank|mb"),
        (Kind.CARD, "the|visa|mastercard|napas|jcb"),
        (Kind.PHONE, "sdt|dt|dien thoai|phone|tel|hotline|goi|lien he|zalo"),
    )
)

_Found = Iterator[tuple[int, int, Kind]]


def find(sheet: Sheet) -> _Found:
    """Yield the numbers that may be somebody's."""
    yield from _lookalikes(sheet.plain)
    plain = sheet.plain
    for pattern in (_DATE, _TIME, _MONEY, _SMALL_MONEY):
        plain = pattern.sub(_hidden, plain)
    yield from _runs(sheet, plain)
    for pattern in (_PHONE, _FOREIGN):
        for found in pattern.finditer(plain):
            yield found.start(), found.end(), _kind(plain, found.start(), Kind.PHONE)
    yield from _spoken(sheet)
    # The promise itself, whatever the rules above made of it.
    yield from ((one.start(), one.end(), Kind.NUMBER) for one in _TOO_LONG.finditer(sheet.plain))


def _hidden(found: re.Match[str]) -> str:
    """Return a harmless number covered, so that it does not join what stands beside it."""
    if "bare" not in found.re.groupindex or found["bare"] is None:
        return COVERED * len(found.group())
    before = found.start("bare") - found.start()
    return found.group()[:before] + COVERED * len(found["bare"])


def _runs(sheet: Sheet, plain: str) -> _Found:
    for found in _RUN.finditer(plain):
        groups = _GROUP.findall(found.group())
        if found.group()[0] == "+":
            continue
        digits = sum(map(len, groups))
        if digits <= LONGEST or _is_list(groups):
            continue
        start, end = found.span()
        if letters := _letters_before(sheet, plain, start):
            yield start - letters, end, Kind.CODE
            continue
        kind = _by_length(digits, groups[0][0])
        phone = _PHONE.search(plain, start, end)
        if phone and digits != 12 and _leftover(plain, phone, start, end) <= 2:
            start, end = phone.span()
            kind = Kind.PHONE
        yield start, end, _kind(plain, start, kind)


def _letters_before(sheet: Sheet, plain: str, start: int) -> int:
    """Return how many signs in front of a number belong to it, as in "SPXVN0123456789"."""
    found = _PREFIX.search(plain[max(0, start - 10) : start])
    if found is None or _NO_PREFIX.fullmatch(found.group()):
        return 0
    length = len(found.group())
    written = sheet.written(start - length, start)
    return length if written.isupper() or not written[-1].isalpha() else 0


def _leftover(plain: str, phone: re.Match[str], start: int, end: int) -> int:
    """Return the digits of the longest group of a run that a telephone in it leaves over."""
    rest = plain[start : phone.start()] + " " + plain[phone.end() : end]
    return max((len(one) for one in _GROUP.findall(rest)), default=0)


def _is_list(groups: list[str]) -> bool:
    """Tell sizes and years counted up ("39 40 41 42 43", "2024 2025 2026") from the groups of one number."""
    short = all(len(one) <= 2 for one in groups)
    years = all(len(one) == 4 and one[:2] in ("19", "20") for one in groups)
    rising = all(int(one) < int(other) for one, other in pairwise(groups))
    return (short or years) and rising and groups[0][0] != "0"


def _by_length(digits: int, first: str) -> Kind:
    """Return what a number of so many digits most likely is."""
    if digits == 12 and first == "0":
        return Kind.ID
    return Kind.CARD if 13 <= digits <= 19 else Kind.NUMBER


def _kind(plain: str, start: int, otherwise: Kind) -> Kind:
    """Return what the words before a number call it."""
    before = plain[max(0, start - 40) : start]
    return next((kind for kind, words in _CALLED if words.search(before)), otherwise)


def _lookalikes(plain: str) -> _Found:
    """Yield numbers in which letters stand for digits: "o9l2 345 678"."""
    for found in _LOOKALIKE.finditer(plain):
        pieces = _PIECE.findall(found.group())
        digits = sum(char.isdigit() for char in found.group())
        letters = sum(map(len, pieces)) - digits
        if letters and digits >= 5 and all(len(one) == 1 or _GROUP.search(one) for one in pieces):
            yield found.start(), found.end(), Kind.PHONE


def _spoken(sheet: Sheet) -> _Found:
    """Yield numbers said in words, or half in words: "không chín một hai ba bốn"."""
    run: list[tuple[int, int, int, bool]] = []
    for found in _SAID.finditer(sheet.plain):
        # Most words are none of these without their marks either, and reading them as written takes a while.
        word = sheet.written(*found.span()).casefold() if found.group() in _SOUNDS else ""
        if word in SPOKEN:
            run.append((*found.span(), 1, word in ZERO))
        elif found.group()[0].isdigit():
            run.append((*found.span(), len(found.group()), found.group()[0] == "0"))
        elif run and word not in AMONG_SPOKEN:
            yield from _number_said(sheet.plain, run)
            run = []
    yield from _number_said(sheet.plain, run)


def _number_said(plain: str, run: list[tuple[int, int, int, bool]]) -> _Found:
    digits = sum(one[2] for one in run)
    words = sum(plain[one[0]].isalpha() for one in run)
    from_zero = any(one[3] for one in run[:3])
    if (words == len(run) and words >= 6) or (digits >= LONGEST and words >= 3 and from_zero):
        yield run[0][0], run[-1][1], Kind.PHONE
