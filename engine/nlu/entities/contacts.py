"""Phone numbers, e-mail addresses, and the codes of cases and orders."""

import re
from collections.abc import Iterator

from engine.nlu.entities.scan import Found, Scan

_PHONE = re.compile(r"(?<![\w+.,])(?:\(?\+?84\)?|0)(?:[ .-]?\d){8,10}(?!\d)(?![.,]\d)")
_SHORT_PHONE = re.compile(r"(?<!\d)1[89]00(?:[ .-]?\d){4,6}(?!\d)")
_TAX_BEFORE = re.compile(r"(?:mst|ma so thue|tax code)\W{0,3}(?:la )?$")
_MOBILE = re.compile(r"0[35789]\d{8}")
_FIXED = re.compile(r"02\d{8,9}")
_EMAIL = re.compile(r"(?<![\w.+-])[a-z0-9][\w.+-]{0,63}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}")
_CASE = re.compile(
    r"(?<![^\W_])(lt|kh|bh|gd|td|tn|hc|kt|it|cs|ko|pt|nc|ns|ql)(?:\s?[-–#]\s?(\d{1,6})|\s?(\d{2,6}))(?![^\W_])"
)
_ORDER = re.compile(r"(?<![^\W_])(dh|sv|od|ord|hd|so)\s?[-–#]?\s?(\d{4,12})(?![^\W_])")
_ORDER_WORD = re.compile(
    r"(?<![^\W_])(?:ma don(?: hang)?|ma van don|don hang(?: so| ma)?|don so|don ma|don|order(?: number| no)?)"
    r"[ :.]{0,3}(?:la |is )?#?\s?([a-z]{0,4}-?\d{4,12})(?![^\W_])"
)
_HASH = re.compile(r"#\s?([a-z]{0,4}-?\d{4,12})(?![^\W_])")
_NOT_DIGIT = re.compile(r"\D")


def find_phones(scan: Scan) -> Iterator[Found]:
    """Vietnamese numbers however they are grouped, as +84…; service numbers (1800, 1900) as they are dialled."""
    for match in _PHONE.finditer(scan.flat):
        if _TAX_BEFORE.search(scan.flat[max(0, match.start() - 16) : match.start()]):
            continue
        digits = _NOT_DIGIT.sub("", match.group())
        national = "0" + digits.removeprefix("84").lstrip("0") if not digits.startswith("0") else digits
        if _MOBILE.fullmatch(national) or _FIXED.fullmatch(national):
            yield scan.found("phone", match.start(), match.end(), "+84" + national[1:])
    for match in _SHORT_PHONE.finditer(scan.flat):
        yield scan.found("phone", match.start(), match.end(), _NOT_DIGIT.sub("", match.group()))


def find_emails(scan: Scan) -> Iterator[Found]:
    """Addresses in lower case."""
    for match in _EMAIL.finditer(scan.lower):
        yield scan.found("email", match.start(), match.end(), match.group().rstrip(".-"))


def find_codes(scan: Scan) -> Iterator[Found]:
    """Case codes as `KT-0042`, order codes in capitals without separators."""
    for match in _CASE.finditer(scan.flat):
        if scan.lower[match.start() : match.end()].isascii():  # "ít 42" is no case of the IT department
            yield scan.found(
                "case_code", match.start(), match.end(), f"{match[1].upper()}-{int(match[2] or match[3]):04d}"
            )
    for match in _ORDER.finditer(scan.flat):
        yield scan.found("order_code", match.start(), match.end(), (match[1] + match[2]).upper())
    for pattern in (_ORDER_WORD, _HASH):
        for match in pattern.finditer(scan.flat):
            if not _looks_like_phone(match[1]):
                yield scan.found("order_code", match.start(1), match.end(1), match[1].replace("-", "").upper())


def _looks_like_phone(code: str) -> bool:
    return _MOBILE.fullmatch(code) is not None
