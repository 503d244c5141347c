"""The particulars of a message that staff would otherwise ask for again: phone, codes, day and time, money, e-mail.

What the engine found comes first; a few plain patterns fill what it did not, so that a form still works with a model
that knows no entities. Every pattern is linear in the length of the text, which the engine bounds to 1,000 characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from bot.domain.text import fold

# What the engine's entities are called here; its case codes and quantities are read elsewhere or not at all.
_ENTITY_NAMES: Final = {
    "phone": "phone",
    "email": "email",
    "order_code": "order",
    "money": "money",
    "datetime": "when",
    "person": "person",
    "customer_name": "customer_name",
    "address": "address",
}

_PHONE: Final = re.compile(r"(?<![\d+])(?:\+?84|0)(?:[ .-]?\d){9,10}(?!\d)")
_TAX_CODE: Final = re.compile(
    r"\b(?:mst|ma so thue|tax (?:code|number|id))[ :.]{0,3}(?:\w+ ){0,2}(?:la |is )?(\d{10}(?:-\d{3})?)\b"
)
_EMAIL: Final = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,3}")
_ORDER: Final = re.compile(
    r"(?:\b(?:ma don|don hang|don|order|ma)(?: so| hang)?[ :#]{1,3}([a-z]{0,4}-?\d{4,12})\b|\b((?:dh|sv|od|"
    r"hd)-?\d{4,12})\b|#(\d{4,12})\b)"
)
_PART: Final = r"(?:sang|trua|chieu|toi|dem)"
_CLOCK: Final = (
    rf"(?:\d{{1,2}} ?(?:h|gio|g)(?: ?\d{{2}}| ruoi)?(?: ?{_PART}(?: (?:mai|mot|nay))?)?"
    r"|\d{1,2}:\d{2}|\d{1,2} ?(?:am|pm))"
)
_DAY: Final = (
    r"(?:hom nay|ngay mai|ngay mot|ngay kia|"
    r"(?:thu (?:hai|ba|tu|nam|sau|bay|[2-7])|t[2-7]|chu nhat|cn)(?: tuan (?:sau|toi|nay))?|tuan (?:sau|toi|nay)|"
    r"cuoi tuan|"
    r"(?:ngay |mung )\d{1,2}(?:[/-]\d{1,2}(?:[/-]\d{2,4})?)?(?: thang \d{1,2}| tet)?|\d{1,2}/\d{1,2}(?:/\d{2,4})?|"
    r"today|tomorrow|(?:next |this )?(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|week)|"
    rf"(?:{_PART} )(?:mai|mot|nay)|(?<!chi )(?<!anh )(?<!co )(?<!em )(?<!ban )\bmai\b)"
)
_WHEN: Final = re.compile(
    rf"\b(?:(?:sau|truoc|khoang|luc|tam|after|before|around|at) )?"
    rf"(?:{_CLOCK}|{_DAY}|{_PART}(?= (?:{_DAY})))(?:[ ,]{{1,2}}(?:(?:vao|luc|khoang|ngay|sau|truoc|on|at) "
    rf")?(?:{_CLOCK}|{_DAY}|{_PART}))*\b"
)
_AROUND: Final = re.compile(r"\b(sau|trước|truoc|khoảng|khoang|tầm|tam|từ|after|before|around|from)\s+$", re.IGNORECASE)
_HOUR: Final = re.compile(rf"\b(?:{_CLOCK}|{_PART}|morning|noon|afternoon|evening)\b")
_BARE_NUMBER: Final = re.compile(
    r"(?:(?:da|day|em oi|em|la|nhe|nha|a|so|cua|anh|chi|minh)[ ,:]+)*0\d{9}(?:[ ,.]+(?:em|nhe|nha|a|do|day))*[ .]*"
)
_CUT_NUMBER: Final = re.compile(r"(?<![\w/:#-])\d(?:[ .-]?\d){3,8}(?![\w/:]|-\d)")
_OF_SOMETHING_ELSE: Final = re.compile(r"\b(?:phieu|don|ma|case|ticket|order|hoa don|hd)\b")
_ANY_TIME: Final = re.compile(
    r"\b(?:luc nao cung (?:duoc|dc|ok)|khi nao cung (?:duoc|dc|ok)|gio nao cung (?:duoc|dc|ok)|bao gio cung "
    r"(?:duoc|dc)|any ?time|"
    r"ngay bay gio|bay gio|now|cang som cang tot|gio hanh chinh|asap)\b"
)
_MONEY: Final = re.compile(
    r"\b\d{1,4}(?:[.,]\d{1,3})* ?(?:trieu ruoi|trieu|tr\d?|cu|k|nghin|ngan|ty|dong|vnd|d)\b|"
    r"\b\d{1,3}(?:[.,]\d{3}){1,3}\b"
)


_LONGEST_NAME: Final = 60


@dataclass(frozen=True, slots=True)
class Details:
    """What was found, by kind; texts as the customer wrote them."""

    found: Mapping[str, str]

    def get(self, *kinds: str) -> str | None:
        """Return the first of these kinds that is there."""
        return next((self.found[kind] for kind in kinds if kind in self.found), None)


def details_of(text: str, entities: Iterable[object]) -> Details:
    """Collect the particulars of one message."""
    found = _from_entities(text, entities)
    flat = fold(text)
    tax = _TAX_CODE.search(flat)
    if tax is not None:
        found["tax_code"] = tax.group(1)
        # The tax code of a company in Hồ Chí Minh City looks just like a mobile number.
        if found.get("phone") == found["tax_code"]:
            del found["phone"]
    untaxed = text.replace(found["tax_code"], " ") if "tax_code" in found else text
    for kind, pattern in (("phone", _PHONE), ("email", _EMAIL)):
        match = pattern.search(untaxed)
        if match is not None:
            found.setdefault(kind, match.group(0).strip())
    # An order number is looked for after the phone is taken out: "đơn 0909123456" names a phone.
    rest = fold(_PHONE.sub(" ", untaxed))
    order = _ORDER.search(rest)
    if order is not None:
        found.setdefault("order", next(group for group in order.groups() if group).upper())
    if "when" not in found:
        times = (one for one in _WHEN.finditer(flat) if not _is_name(text, flat, one))
        span = next(times, None) or _ANY_TIME.search(flat)
        if span is not None:
            found["when"] = _original(text, flat, span)
    money = _MONEY.search(rest)
    if money is not None and "order" not in found:
        found.setdefault("money", money.group(0))
    return Details(found)


def _is_name(text: str, flat: str, span: re.Match[str]) -> bool:
    """Tell whether a "Mai" in the middle of a sentence is somebody: "chị tên Mai"."""
    same = len(flat) == len(text) and not text.isupper()
    return span.group(0) == "mai" and same and span.start() > 0 and text[span.start()].isupper()


def has_hour(when: str) -> bool:
    """Tell whether a time says the hour or the part of the day, and not only a day."""
    flat = fold(when)
    return _HOUR.search(flat) is not None or _ANY_TIME.search(flat) is not None


def has_clock(when: str) -> bool:
    """Tell whether a time says the hour in figures."""
    return re.search(rf"\b{_CLOCK}", fold(when)) is not None


def has_day(when: str) -> bool:
    """Tell whether a time says the day."""
    return re.search(rf"\b{_DAY}", fold(when)) is not None


def without_when(text: str) -> str:
    """Return a text up to the first day or hour in it."""
    flat = fold(text)
    span = _WHEN.search(flat) if len(flat) == len(text) else None
    return text[: span.start()] if span is not None and span.start() > 0 else text


def moved(earlier: str, later: str) -> str:
    """Return a time corrected by a later one, which takes the day from it or the hour if it only says the other."""
    clock = re.search(rf"\b{_CLOCK}", fold(earlier))
    if clock is None or len(fold(earlier)) != len(earlier):
        return later
    if has_day(later):
        hour = earlier[clock.start() : clock.end()]
        return later if has_hour(later) else f"{hour} {later}"
    if not has_clock(later) or not has_day(earlier):
        return later
    # "9h sáng" corrected to "10h" is in the morning still.
    part = re.search(rf" {_PART}$", clock.group(0))
    kept = earlier[clock.start() + part.start() : clock.end()] if part and not re.search(_PART, fold(later)) else ""
    return f"{earlier[: clock.start()]}{later}{kept}{earlier[clock.end() :]}"


def is_bare_number(text: str) -> bool:
    """Tell whether a message is a number of ten digits and hardly more, which a phone or a tax code may be."""
    return _BARE_NUMBER.fullmatch(fold(text).strip()) is not None


def is_cut_number(text: str) -> bool:
    """Tell whether a message has too few digits for a phone, and names nothing else of which they may be."""
    flat = fold(text)
    return _CUT_NUMBER.search(flat) is not None and _OF_SOMETHING_ELSE.search(flat) is None


def as_tax_code(details: Details) -> Details:
    """Return the details with the number taken for a tax code."""
    found = dict(details.found)
    found["tax_code"] = re.sub(r"\D", "", found.pop("phone", ""))
    return Details(found)


def without_times(text: str) -> str:
    """Return a message folded, without its days and hours."""
    return " ".join(re.sub(r"[^\w\s]", " ", _ANY_TIME.sub(" ", _WHEN.sub(" ", fold(text)))).split())


def _from_entities(text: str, entities: Iterable[object]) -> dict[str, str]:
    found: dict[str, str] = {}
    for entity in entities:
        if not isinstance(entity, Mapping):
            continue
        kind = _ENTITY_NAMES.get(str(entity.get("entity")))
        value = _value(text, entity)
        if kind is not None and value:
            # "9h" and "thứ sáu" may be two finds with words between; of other things the first is meant.
            found[kind] = f"{found[kind]} {value}" if kind == "when" and kind in found else found.get(kind, value)
    return found


def _value(text: str, entity: Mapping[str, Any]) -> str:
    """Return the customer's own words for an entity, else its value; a day is named beside words such as "mai"."""
    start, end, value = entity.get("start"), entity.get("end"), entity.get("value")
    if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(text)):
        return str(value).strip()[:200] if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""
    words = text[start:end].strip()
    if entity.get("entity") == "customer_name":
        return str(value).strip()[:_LONGEST_NAME] or words
    if entity.get("entity") == "datetime" and (before := _AROUND.search(text[:start])) is not None:
        words = f"{before.group(1)} {words}"
    day = value.get("date") if isinstance(value, Mapping) else None
    return f"{words} ({_day(day)})" if isinstance(day, str) and _day(day) else words


def _day(text: str) -> str:
    try:
        return f"{date.fromisoformat(text):%d/%m}"
    except ValueError:
        return ""


def _original(text: str, flat: str, span: re.Match[str]) -> str:
    """Return the words of the original when folding kept every place, else the folded ones."""
    return text[span.start() : span.end()].strip() if len(flat) == len(text) else span.group(0).strip()
