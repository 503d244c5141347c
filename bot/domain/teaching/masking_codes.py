"""Codes that lead to somebody: order and case numbers, accounts, papers, number plates, birthdays, secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bot.domain.teaching.sheet import Kind, Sheet

_UNIT: Final = (
    r"(?:vnd|dong|d|k|tr|trieu|nghin|ngan|ty|ti|usd|cu|kg|g|gr|gram|mg|l|lit|ml|m|m2|m3|met|cm|mm|km|inch|in|btu|hp|w|"
    r"kw|kwh|v|hz|a|ah|mah|gb|tb|mb|mhz|ghz|fps|mp|p|h|s|ph|phut|gio|giay|ngay|thang|nam|tuan|lan|cai|chiec|bo|sp|"
    r"san pham|nguoi|khach|don|hop|thung|goi|chai|lon|doi|cap|diem|sao|do|tang|so|chu|ky|cell|tieng|%)"
)
_END: Final = r"(?![a-z0-9])"
_AMOUNT: Final = (
    r"(?:[0-9]{1,8}|[0-9]{1,3}(?:[.,][0-9]{3})+|[0-9]+[.,][0-9])"
    rf"(?:{_UNIT})?(?:[0-9]{{1,3}}(?:{_UNIT})?)?"
)
_HARMLESS: Final = re.compile(rf"{_AMOUNT}(?:[\-x*/]{_AMOUNT})*")
_DATE: Final = re.compile(r"[0-3]?[0-9]([/\-.])[01]?[0-9](?:\1(?:(?:19|20)?[0-9]{2}))?")
_JOIN: Final = r"(?:\s*(?:so|hang|la|cua|em|anh|chi|toi|minh|nay|do|no|the|thanh vien|moi|ben|nhu|[:#=.]))"
_CODE: Final = r"[a-z0-9]+(?:[\-/_.][a-z0-9]+)*"

_WORDS: Final = (
    (
        Kind.ID,
        "cccd|cmnd|cmtnd|cmt|can cuoc(?: cong dan)?|chung minh(?: thu| nhan dan)?|ho chieu|passport|so dinh danh|gplx",
    ),
    (Kind.ACCOUNT, "stk|tk|so tai khoan|tai khoan|account|acc"),
    (Kind.CARD, "so the|the visa|the atm|the|so cuoi"),
    (
        Kind.CODE,
        "don hang|don|ma don hang|ma don|ma hang|ma phieu|ma van don|ma so thue|ma khach hang|ma kh|ma nv|ma nhan vien|"
        "ma tra cuu|ma giao dich|ma gd|ma hoa don|ma hop dong|ma ho so|ma so|ma|order|phieu|hoa don|hop dong|hdon|hd|"
        "bill|van don|case|ticket|ho so|mst|serial|seri|imei|invoice|contract|tracking|giao dich|so phieu|so hop dong",
    ),
)
_VALUE: Final = rf"(?P<code>(?=[a-z\-/_.]{{0,60}}[0-9]){_CODE}(?:[ ][0-9]{{3,}})*){_END}"
_CALLED: Final = tuple(
    (kind, re.compile(rf"(?<![a-z0-9])(?:{words}){_JOIN}{{0,4}}\s*{_VALUE}")) for kind, words in _WORDS
)
_SPACED_CODE: Final = re.compile(r"[0-9]{3,}(?: [0-9]{3,})+")
_FOLLOWED: Final = re.compile(rf"\s?{_UNIT}{_END}")
_HASH: Final = re.compile(rf"#\s?(?P<code>[a-z]{{0,4}}-?[0-9]{{3,8}}){_END}")
_PREFIXES: Final = "lt|kh|bh|gd|td|tn|hc|kt|it|cs|ko|pt|nc|ns|ql"
_CASE: Final = re.compile(
    rf"(?<![a-z0-9])(?P<code>(?:{_PREFIXES})\s?[-–_]\s?[0-9]{{1,7}}|(?:{_PREFIXES})[0-9]{{4,7}}|"
    rf"(?:{_PREFIXES})\s0[0-9]{{3,6}}|[a-z]{{2,6}}[-_][0-9]{{4,}}(?:[-_/][a-z0-9]+)*){_END}"
)
# The look ahead is bounded: from every sign of a long row of dashes it would else read on to the end.
_MIXED: Final = re.compile(
    r"(?<![a-z0-9])(?=[a-z0-9])(?=[a-z\-/_.]{0,60}[0-9])(?=[0-9\-/_.]{0,60}[a-z])"
    rf"(?P<code>{_CODE}){_END}"
)

_PASSWORD: Final = re.compile(
    r"(?<![a-z])(?:mat khau|password|passwd|pass|mk)(?:\s+(?:cu|moi|wifi|app|web|cua|em|anh|chi|toi|minh|dang nhap))*"
    r"(?:\s*[:=]\s*(?P<told>[^\s\x00]{4,40})|\s+(?:la|is)?\s*(?P<odd>(?=[^\s\x00]*[0-9])[^\s\x00]{4,40}|[a-z]{8,40}))"
)
_PIN: Final = re.compile(
    r"(?<![a-z])(?:otp|pin|cvv|cvc|ccv|ma xac (?:nhan|thuc)|verification code)"
    r"(?:\s*(?:la|so|ma|cua|the|em|toi|minh|is|[:=]))*"
    rf"\s*(?P<told>[0-9](?:[ .\-]?[0-9]){{2,7}}){_END}"
)
_PLATE: Final = re.compile(
    r"(?<![a-z0-9])[1-9][0-9]\s?-?\s?(?:[a-z][0-9]?|ld|ng|nn|qt|kt|da|md|td|hc|cd|a[a-f])"
    r"(?P<gap>\s?[-–.]\s?|\s?)(?P<number>[0-9]{3}[. ]?[0-9]{2}|[0-9]{4})(?![a-z0-9])"
)
_BIRTH: Final = re.compile(
    r"(?<![a-z])(?:ngay sinh|sinh ngay|sinh nam|nam sinh|ngay thang nam sinh|sn|dob|date of birth|born|sinh)"
    r"\s*(?:la|on|in|:)?\s*"
    r"(?P<date>[0-3]?[0-9]\s?[/\-.]\s?[01]?[0-9]\s?[/\-.]\s?(?:19|20)?[0-9]{2}|(?:19|20)[0-9]{2})(?![0-9])"
)


def find_plates(sheet: Sheet) -> Iterator[tuple[int, int, Kind]]:
    """Yield number plates; they come before numbers, which would take a part of them."""
    for found in _PLATE.finditer(sheet.plain):
        written = sheet.written(found.start(), found.end())
        before = sheet.plain[max(0, found.start() - 12) : found.start()]
        # "12v 1000" is no plate: in small letters only what is written in one piece, or called a plate, is one.
        if re.search(r"[A-Z]", written) or " " not in written or re.search(r"bien|bsx|bks", before):
            yield found.start(), found.end(), Kind.PLATE


def find_secrets(sheet: Sheet) -> Iterator[tuple[int, int, Kind]]:
    """Yield passwords and one-time codes; they come first, because a password may look like anything else."""
    for found in _PASSWORD.finditer(sheet.plain):
        group = "told" if found["told"] else "odd"
        if not _HARMLESS.fullmatch(found[group]) or found[group].isdigit():
            yield found.start(group), found.end(group), Kind.SECRET
    for found in _PIN.finditer(sheet.plain):
        if not _FOLLOWED.match(sheet.plain, found.end()):
            yield found.start("told"), found.end("told"), Kind.SECRET


def find(sheet: Sheet) -> Iterator[tuple[int, int, Kind]]:
    """Yield birthdays, and codes by what they are called and by how they look."""
    yield from ((one.start("date"), one.end("date"), Kind.BIRTH) for one in _BIRTH.finditer(sheet.plain))
    for kind, pattern in _CALLED:
        for found in pattern.finditer(sheet.plain):
            if _is_code(found["code"], 3) and not _FOLLOWED.match(sheet.plain, found.end()):
                yield found.start("code"), found.end("code"), kind
    for pattern, digits in ((_HASH, 3), (_CASE, 1), (_MIXED, 6)):
        for found in pattern.finditer(sheet.plain):
            if _is_code(found["code"], digits):
                yield found.start("code"), found.end("code"), Kind.CODE


def _is_code(word: str, fewest: int) -> bool:
    """Tell a code from an amount ("500k", "1920x1080", "1.500.000d") and from a date."""
    if sum(char.isdigit() for char in word) < fewest:
        return False
    if word.isdigit() or _SPACED_CODE.fullmatch(word):
        return True
    return not _HARMLESS.fullmatch(word) and not _DATE.fullmatch(word)
