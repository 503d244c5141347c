"""When a customer wants something to happen, read from their own words: "3h chiều mai", "sau 17h", "ngày kia 10 rưỡi".

Words without marks, slips and short forms of chat are read too. What comes out is what was said (`SaidTime`), without a
calendar; `bot.domain.call_times` makes a moment of it. Every pattern is linear in the length of the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final

from bot.domain.text import fold

LONGEST: Final = 300
"""Characters that are looked at; a time is said at once."""
_NOON: Final = 12
OTHER_LUNAR: Final = -1


class Part(StrEnum):
    """A part of the day."""

    MORNING = "sang"
    NOON = "trua"
    AFTERNOON = "chieu"
    EVENING = "toi"


class Bound(StrEnum):
    """On which side of the hour the customer is free."""

    AFTER = "after"
    BEFORE = "before"


@dataclass(frozen=True, slots=True)
class SaidTime:
    """What was said of a time; every field may be missing.

    ``hours`` are those of the clock that may be meant: "5h" is both 5 and 17. ``fixed`` tells whether the day was named
    as itself ("hôm nay", "28/11") and not as the next of its kind ("thứ Sáu"). ``later`` is a span from now.
    ``lead`` are the minutes to leave where any time will do.
    """

    day: date | None = None
    fixed: bool = False
    hours: tuple[int, ...] = ()
    minute: int = 0
    part: Part | None = None
    bound: Bound | None = None
    later: timedelta | None = None
    lead: int | None = None
    week: date | None = None
    """The first day of a week that was named without a day."""
    lunar: int | None = None
    """The day after Tết began, which is 1, or its eve, 0; `OTHER_LUNAR` is a day by the moon that is not known here."""


_BARE_WORDS: Final = (
    # Words that look like others without their marks, as long as the marks are there to see.
    (re.compile(r"\bb[ảẩ]y (?=giờ|rưỡi|h\b)"), "7 "),
    (re.compile(r"\bsáu (?=giờ|rưỡi|h\b)"), "6 "),
    (re.compile(r"\btám (?=giờ|rưỡi|h\b)"), "8 "),
    (re.compile(r"\bmốt\b"), "ngay kia"),
    (re.compile(r"\btôi\b"), "minh"),
    (re.compile(r"\btới\b"), "den"),
)
_MOVED_TO: Final = re.compile(r"\bsang (?=\d)")
"""In a text with marks a plain "sang" before an hour moves to it."""
_NUMBERS: Final = {
    **{"mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "tam": 8, "chin": 9, "muoi": 10, "muoi mot": 11},
    **{"muoi hai": 12, "muoi lam": 15, "hai muoi": 20, "ba muoi": 30, "bon lam": 45, "an": 1, "one": 1, "two": 2},
}
_NUMBER_WORD: Final = re.compile(
    rf"\b({'|'.join(sorted(_NUMBERS, key=len, reverse=True))}) (?=gio|tieng|phut|ruoi|ngay nua|hom nua|bua nua|hour|"
    r"minute)"
)
_SLIPS: Final = (
    (re.compile(r"(?<!\d)\+?\d(?:[ .-]?\d){7,}"), " "),
    (re.compile(r"\b(?:chiu|chieeu|chju)\b"), "chieu"),
    (re.compile(r"\b(?:sag|sagg|sasng)\b"), "sang"),
    (re.compile(r"\b(?:hnay|hum nay|bua nay|bua ni|hom ni)\b"), "hom nay"),
    (re.compile(r"\b(?:ngay mot|bua mot|bua kia|(?<=sang )mot|(?<=chieu )mot|(?<=trua )mot)\b"), "ngay kia"),
    (re.compile(r"\bday after tomorrow\b"), "ngay kia"),
    (re.compile(r"\btmr\b|\btomorow\b|\btmrw\b"), "tomorrow"),
    (re.compile(r"(?<=\d)(?:'|’| ?p| ?ph| ?min|mins)(?= (?:nua|sau))"), " phut"),
    (re.compile(r"\bnua (?:tieng|gio|h)\b|\bhalf an hour\b"), "30 phut"),
)

_SPAN: Final = re.compile(
    r"(?:\b(?:sau|khoang|tam|in|after) )?(?P<n>\d{1,3}) ?(?P<unit>phut|tieng|gio|minutes?|mins?|hours?|h)\b"
    r"(?: ?(?P<half>ruoi)| ?(?P<more>\d{1,2}) ?(?:phut|p))?(?P<tail> (?:nua|sau|later|from now))?"
)
_SPAN_BEFORE: Final = re.compile(r"^(?:sau|in|after) ")
_LATER: Final = re.compile(r"\b(?:lat|ti|chut|xiu|lat hoi|hoi|mot luc) nua\b|\b(?:later|in a (?:while|bit))\b")
_ANY: Final = re.compile(
    r"\b(?:(?:luc|khi|gio|bao gio|hom) ?(?:nao|gi)? ?(?:\w+ ){0,3}(?:cung|deu) (?:duoc|dc|dk|ok|oke|tien)|"
    r"(?:luc|khi) nao (?:\w+ ){0,2}(?:ranh|tien|duoc)|sao cung (?:duoc|dc)|any ?time|whenever)\b"
)
_ALL_DAY: Final = re.compile(r"\b(?:trong )?gio hanh chinh\b|\b(?:office|business|working) hours\b")
_NOW: Final = re.compile(
    r"\b(?:ngay bay gio|bay gio|ngay luon|ngay di|goi ngay|goi lien|lien di|lien luon|luc nay|cang som cang tot|som "
    r"nhat|asap|right now|now|as soon as possible)\b"
)
_AFTER_WORK: Final = re.compile(r"\b(?:sau gio (?:lam|hanh chinh|tan)|tan (?:lam|so|ca)|after work)\b")
_EDGES: Final = (
    (re.compile(r"\bdau gio sang\b|\bdau (?:buoi )?sang\b|\bsang som\b|\bearly (?:in the )?morning\b"), 8, 30),
    (re.compile(r"\bcuoi gio sang\b|\bcuoi (?:buoi )?sang\b"), 11, 0),
    (re.compile(r"\bdau gio chieu\b|\bdau (?:buoi )?chieu\b"), 14, 0),
    (re.compile(r"\bcuoi gio(?: chieu)?\b|\bcuoi (?:buoi )?chieu\b|\bchieu muon\b|\bcuoi ngay\b"), 16, 30),
    (re.compile(r"\b(?:gio )?nghi trua\b|\bat noon\b|\blunch(?: ?time| break)?\b"), 12, 0),
)

_RANGE: Final = re.compile(
    r"(?<![\d/.:])(\d{1,2})(?: ?(?:h|g|gio))?(\d{2})? ?(?:-|–|~|den|toi|to) ?"
    r"(?=\d{1,2}(?::\d{2})? ?(?:h|g|gio|am|pm|sang|chieu)\b|\d{1,2}h\d{2})"
)
_CLOCK: Final = re.compile(
    r"(?<![\d/.,:-])(?:"
    r"(?P<a>\d{1,2}) ?(?:h|g|gio)(?: ?(?P<am>\d{1,2})(?: ?(?:p|phut))?(?![/\w]))?"
    r"|(?P<b>\d{1,2})[:.](?P<bm>\d{2})(?: ?(?P<bhalf>a\.?m|p\.?m))?"
    r"|(?P<c>\d{1,2}) ?(?P<chalf>a\.?m|p\.?m)"
    r"|(?P<d>\d{1,2}) (?=ruoi|kem)"
    r")(?: ?(?P<ruoi>ruoi)| kem (?P<kem>\d{1,2}))?(?![^\W_])"
)
_LONE_HOUR: Final = re.compile(
    r"(?:\b(?:luc|tam|khoang|vao|at|around|sau|truoc|after|before|tu|by|goi|sang|qua) |^)(?P<n>\d{1,2})"
    r"(?= (?:sang|trua|chieu|toi|nhe|nha|di|em|anh|chi|a|da|mai|hom|ok|oke|tomorrow|today|instead|please)\b|"
    r" ?$| ?[,.?!])"
)
_BEFORE: Final = re.compile(
    r"(?P<after>\b(?:sau|after|tu sau|qua|from)|\btu)(?: luc| khoang)? ?$|(?P<before>\b(?:truoc|before|by))(?: luc)? ?$"
)

_DATE: Final = re.compile(
    r"(?<![\d/.:-])(?P<d>\d{1,2})(?:[/.-]| ?thang )(?P<m>\d{1,2})(?:(?:[/.-]| ?nam )(?P<y>\d{4}|\d{2}))?"
    r"(?![\d/]|:\d| ?(?:h|g|gio|am|pm|phut)\b)"
)
_MONTH_DAY: Final = re.compile(
    r"\b(?:ngay|mung|mong|hom) (?P<n>\d{1,2})\b(?! ?(?:h|g|gio|phut|nua|/))|\bthe (?P<e>\d{1,2})(?:st|nd|rd|th)\b"
)
_DAYS_ON: Final = re.compile(
    r"\b(?P<n>\d{1,2}) (?:ngay|hom|bua|days?) (?:nua|sau|later|from now)\b|"
    r"\b(?:sau|in) (?P<m>\d{1,2}) (?:ngay|hom|days?)\b"
)
_LUNAR_NUMBERS: Final = {
    word: number
    for number, words in enumerate(("mot", "hai", "ba", "bon tu", "nam", "sau", "bay", "tam", "chin", "muoi"), 1)
    for word in words.split()
}
_EVE: Final = (29, 30)
_TET: Final = r"tet\b(?! (?:tay|duong|trung thu|thieu nhi))"
_LUNAR: Final = re.compile(
    rf"\b(?:(?:mung|mong|ngay|hom) )?(?P<n>\d{{1,2}}|{'|'.join(_LUNAR_NUMBERS)}) (?:cua )?{_TET}(?: am lich| nay)?|"
    r"\b(?P<eve>giao thua)\b|"
    rf"\b(?P<other>(?:truoc|sau|gan|ra|het|giap|can|(?:doi|den|lai|goi|^|(?<=h)|(?<=gio)) ?qua) {_TET}|"
    r"(?:mung|mong|ngay|hom) \d{1,2}(?:[/ ]\w+){0,2} "
    r"(?:am lich|am|al)\b|am lich\b|(?:ngay|hom) ram\b|ram thang \w+|thang (?:gieng|chap)\b)|"
    rf"(?:^|\b(?:vao|hom|ngay|dip|trong|den|sang|trua|chieu|toi|lai|goi)|\d ?(?:h|g|gio)?) ?(?P<first>\b{_TET})"
)
"""Days by the moon, which no day of this calendar may be taken for."""
_NEW_YEAR: Final = re.compile(r"\btet (?:tay|duong(?: lich)?)\b")
_WEEKDAY_NAMES: Final = (
    r"thu (?:hai|2)|t2|mondays?",
    r"thu (?:ba|3)|t3|tuesdays?",
    r"thu (?:tu|4)|t4|wednesdays?",
    r"thu (?:nam|5)|t5|thursdays?",
    r"thu (?:sau|6)|t6|fridays?",
    r"thu (?:bay|7)|t7|saturdays?|cuoi tuan|weekends?",
    r"chu nhat|chu nhut|cn|sundays?",
)
_WEEKDAYS: Final = tuple(re.compile(rf"(?<!lan )\b(?:{names})\b") for names in _WEEKDAY_NAMES)
_NEXT_WEEK: Final = re.compile(r"\btuan (?:sau|toi|den)\b|\bnext (?:week|\w+day)\b")
_WEEK_START: Final = re.compile(r"\bdau tuan\b")
_TODAY: Final = re.compile(r"\b(?:hom nay|today|tonight)\b|\b(?:sang|trua|chieu|toi|dem) nay\b")
_TOMORROW: Final = re.compile(r"\b(?:mai|tomorrow)\b")
_YESTERDAY: Final = re.compile(r"\b(?:hom qua|yesterday)\b")
_THIRD_DAY: Final = re.compile(r"\bngay kia\b")
_NEAR: Final = (_YESTERDAY, _TODAY, _THIRD_DAY, _TOMORROW)
_PARTS: Final = (
    (Part.MORNING, r"sang(?! (?:gio|lich|so|ngay|lan)\b)|morning"),
    (Part.NOON, r"trua|noon"),
    (Part.AFTERNOON, r"chieu|afternoon"),
    (Part.EVENING, r"toi|dem|khuya|evening|night|tonight"),
)
_PART: Final = re.compile("|".join(rf"(?P<{part.name}>\b(?:{names})\b)" for part, names in _PARTS))
_MORNINGS: Final[Mapping[Part, Container[int]]] = {
    Part.MORNING: range(13),
    Part.NOON: range(4, 13),
    Part.AFTERNOON: (_NOON,),
    Part.EVENING: range(1, 5),
}
"""The figures of a clock of twelve hours that mean themselves in a part of the day; others come after noon."""
_NOT_A_PART: Final = re.compile(
    # "Đổi sang 4h" moves to, "gọi cho tôi 4h" calls me.
    r"\b(?:doi|dich|chuyen|lich|lui|hen|goi|gio|qua) sang\b|\b(?:goi|cho|lai|giup|alo|dien|bao|cua) toi\b"
)
_A_PERSON: Final = re.compile(r"\b(?:anh|chị|chi|cô|co|em|bạn|ban|bà|ba|bác|bac|tên|ten|là|la) Mai\b")


@lru_cache(maxsize=64)
def said_time(text: str, today: date) -> SaidTime | None:
    """Return what a text says of a time; None where it says nothing of one.

    Several rules ask for the same message, one after another: the latest few answers are kept for them.
    """
    flat = _plain(text)
    later = _span(flat)
    if later is not None:
        return SaidTime(later=later)
    lunar = _lunar(flat)
    rest = _LUNAR.sub(" ", flat) if lunar is not None else flat
    day, fixed, week = _day(rest, today)
    for named in (_DAYS_ON, _DATE, _MONTH_DAY, _NEXT_WEEK, *_WEEKDAYS):
        rest = named.sub(" ", rest)
    part = _part(rest)
    hours, minute, bound = _clock(rest, part)
    lead = None
    if not hours and part is None:
        lead = 30 if _ANY.search(flat) or _ALL_DAY.search(flat) or _LATER.search(flat) else None
        lead = 10 if lead is None and _NOW.search(flat) else lead
    found = SaidTime(day, fixed, hours, minute, part, bound, None, lead, week, lunar)
    return found if found != SaidTime() else None


@lru_cache(maxsize=64)
def beside_time(text: str) -> str:
    """Return what a text says beside a time, folded. Kept for a moment, as `said_time` is."""
    rest = _plain(text)
    for named in (_LUNAR, _NEW_YEAR, _SPAN, _RANGE, _DAYS_ON, _DATE, _MONTH_DAY, _NEXT_WEEK, *_WEEKDAYS, *_NEAR):
        rest = named.sub(" ", rest)
    for named in (_CLOCK, _LONE_HOUR, _PART, *(pattern for pattern, _, _ in _EDGES)):
        rest = named.sub(" ", rest)
    return " ".join(re.sub(r"[^\w\s]", " ", rest).split())


def named_day(text: str, today: date) -> date | None:
    """Return the day that a text names, the next of its kind; None where it names none."""
    flat = _plain(text)
    return _day(_LUNAR.sub(" ", flat), today)[0]


def _plain(text: str) -> str:
    """Return the text folded, with its slips mended and its words for numbers as figures."""
    cut = unicodedata.normalize("NFC", text[:LONGEST])
    cut = _A_PERSON.sub(" ", cut) if not cut.isupper() else cut
    lower = cut.lower()
    for pattern, plain in (*_BARE_WORDS, *([(_MOVED_TO, "qua ")] if fold(lower) != lower else [])):
        lower = pattern.sub(plain, lower)
    flat = " ".join(fold(lower).split())
    for pattern, plain in _SLIPS:
        flat = pattern.sub(plain, flat)
    return _NUMBER_WORD.sub(lambda found: f"{_NUMBERS[found.group(1)]} ", flat)


def _span(flat: str) -> timedelta | None:
    """Return how long from now: "15 phút nữa", "sau 2 tiếng", "in an hour"; "2h chiều" and "15 phút" are no span."""
    for found in _SPAN.finditer(flat):
        minutes = found["unit"].startswith(("phut", "min"))
        said = found["tail"] or (_SPAN_BEFORE.match(found.group()) and (minutes or found["unit"] not in ("h", "gio")))
        if not said:
            continue
        unit = 1 if minutes else 60
        amount = int(found["n"]) * unit + (unit // 2 if found["half"] else 0) + int(found["more"] or 0)
        return timedelta(minutes=amount)
    return None


def _day(flat: str, today: date) -> tuple[date | None, bool, date | None]:
    """Return the day, whether it was named as itself, and the first day of a week named without a day."""
    dated = _dated(flat, today)
    if dated is not None:
        return dated, True, None
    monday = today - timedelta(days=today.weekday())
    ahead = _NEXT_WEEK.search(flat) is not None
    index = next((index for index, pattern in enumerate(_WEEKDAYS) if pattern.search(flat)), None)
    if index is not None:
        day = monday + timedelta(days=index, weeks=1) if ahead else today + timedelta((index - today.weekday()) % 7)
        return day, ahead, None
    if _WEEK_START.search(flat):
        return monday + timedelta(weeks=1), True, None
    on = _DAYS_ON.search(flat)
    near = zip(_NEAR, (-1, 0, 2, 1), strict=True)
    days = int(on["n"] or on["m"]) if on else next((count for pattern, count in near if pattern.search(flat)), None)
    if days is not None:
        return today + timedelta(days=days), True, None
    return None, False, monday + timedelta(weeks=1) if ahead else None


def _lunar(flat: str) -> int | None:
    found = _LUNAR.search(flat)
    if found is None:
        return None
    if found["n"] is None:
        return OTHER_LUNAR if found["other"] else 0 if found["eve"] else 1
    number = _LUNAR_NUMBERS.get(found["n"]) or int(found["n"])
    return 0 if number in _EVE else number


def _dated(flat: str, today: date) -> date | None:
    if _NEW_YEAR.search(flat):
        return date(today.year + (today > date(today.year, 1, 1)), 1, 1)
    found = _DATE.search(flat)
    if found is not None:
        year = int(found["y"]) + (2000 if len(found["y"]) == 2 else 0) if found["y"] else None
        dates = [
            _made(one, int(found["m"]), int(found["d"])) for one in ([year] if year else [today.year, today.year + 1])
        ]
        known = [one for one in dates if one is not None]
        return next((one for one in known if one >= today), known[0] if known and year else None)
    found = _MONTH_DAY.search(flat)
    if found is None:
        return None
    number, after = int(found["n"] or found["e"]), (today.replace(day=1) + timedelta(days=32))
    this, following = _made(today.year, today.month, number), _made(after.year, after.month, number)
    return this if this is not None and this >= today else following


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _part(flat: str) -> Part | None:
    found = _PART.search(_NOT_A_PART.sub(" ", flat))
    return Part[found.lastgroup] if found is not None and found.lastgroup else None


def _clock(flat: str, part: Part | None) -> tuple[tuple[int, ...], int, Bound | None]:
    """Return the hours that may be meant, the minute, and the side on which the customer is free."""
    for pattern, hour, minute in _EDGES:
        if pattern.search(flat):
            return (hour,), minute, None
    if _AFTER_WORK.search(flat):
        return (17,), 30, Bound.AFTER
    flat = _RANGE.sub(lambda found: f"{found.group(1)}h{found.group(2) or ''} den ", flat)
    for found in _CLOCK.finditer(flat):
        hour = int(found["a"] or found["b"] or found["c"] or found["d"])
        minute = int(found["am"] or found["bm"] or 0) + (30 if found["ruoi"] else 0)
        if found["kem"]:
            hour, minute = hour - 1, 60 - int(found["kem"])
        hours = _hours(hour, part, found["bhalf"] or found["chalf"])
        if hours and 0 <= minute < 60:
            return hours, minute, _side(flat[: found.start()])
    lone = _LONE_HOUR.search(flat)
    if lone is not None:
        return _hours(int(lone["n"]), part, None), 0, _side(flat[: lone.start("n")])
    return (), 0, None


def _side(before: str) -> Bound | None:
    found = _BEFORE.search(before)
    if found is None:
        return None
    # "Từ 9h" begins at nine; "sau 9h" is past it.
    if found["before"]:
        return Bound.BEFORE
    return None if found["after"] in ("tu", "from", "qua") else Bound.AFTER


def _hours(hour: int, part: Part | None, half: str | None) -> tuple[int, ...]:
    """Return the hours of the day that may be meant: 3 in the afternoon is 15, a bare 3 is 3 or 15."""
    if not 0 <= hour <= 24:
        return ()
    if hour in (0, 24) or hour > _NOON:
        return (hour % 24,)
    if half is not None:
        return (hour % _NOON + (_NOON if half.startswith("p") else 0),)
    if part is not None:
        return (hour if hour in _MORNINGS[part] else (hour + _NOON) % 24,)
    return (hour,) if hour == _NOON else (hour, hour + _NOON)
