"""The moment at which a customer wants to be called, from what they said and the hours of the desk that calls."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import islice
from typing import Final

from bot.domain.hours import NeverOpen, OpeningHours
from bot.domain.promises import rounded_up
from bot.domain.spoken_times import LONGEST, OTHER_LUNAR, Bound, Part, SaidTime, said_time
from bot.domain.text import fold

SLOTS: Final = 3
_STEP: Final = timedelta(minutes=30)
_APART: Final = timedelta(hours=2)
_PAST_THE_HOUR: Final = timedelta(minutes=15)
"""How long after "sau 17h" the call comes: nobody is back at their desk on the stroke."""
_SOON: Final = timedelta(minutes=10)
FARTHEST: Final = timedelta(days=60)
"""What is farther away is a slip, or nothing that a roster knows of."""
_A_YEAR: Final = 400
"""Days in which Tết comes round."""
_TET: Final = re.compile(r"^tet nguyen dan")
_DAYTIME: Final = range(7, 19)
_WINDOWS: Final = {
    Part.MORNING: (time(8), time(9), time(12)),
    Part.NOON: (time(11), time(11, 45), time(14)),
    Part.AFTERNOON: (time(13), time(14, 30), time(18)),
    Part.EVENING: (time(18), time(19), time(22)),
}
"""Begin, the usual hour, and end of each part of the day."""
_CALL: Final = re.compile(
    r"\b(?:goi(?! (?:xe|taxi|grab|ship|shipper|tho|do|mon|com|hang|ten|la)\b)|alo|a lo|"
    r"dien (?:thoai )?(?:lai|cho|vao|luc|sau|truoc)|phone|call|ring|nghe may)\b"
)
_COMPLAINS: Final = re.compile(
    r"\b(?:chua|sao|(?:khong|ko|k|chang|hong) (?:ai|thay|goi|duoc goi|nghe)|nhieu lan|hoai|van khong|roi ma|"
    r"hoi (?:nay|sang|trua|chieu)|vua (?:goi|roi)|da goi|goi roi|"
    r"didn t|did not|never|why|no one|nobody|hom qua|yesterday)\b"
)
_WHEN: Final = re.compile(
    r"\b(?:(?:may|bao nhieu) (?:gio|h)|(?:khi|luc|chung|hom) nao|bao gio|(?:what|which) (?:time|hour|day)|"
    r"when (?:will|do|is|are|can|should))\b"
)
_ANY_DAY: Final = date(2000, 1, 1)
_APOSTROPHE: Final = re.compile(r"[’']")
_CLAUSES: Final = re.compile(
    r"[,;.!?]+(?:\s+|$)|\n+|\s(?:nhưng|nhung|mà|ma|but|and|rồi|roi|thì|thi)\s(?=\s*(?:gọi|goi|call)\b)", re.I
)
"""What parts one statement from the next; "10.30" and "gọi rồi" stay whole."""
_HOUR: Final = r"\d{1,2} ?(?:h|g|giờ|gio|:|am\b|pm\b)"
_RULED_OUT: Final = re.compile(
    r"\b(?:đừng|dung(?= (?:\w+ )?goi)|khỏi|khoi|thay vì|thay vi|don.?t|not|"
    r"(?:không|khong|ko|k|hông|hong) (?:phải|phai))(?: (?!\d)\w+){0,4} "
    rf"{_HOUR}(?:\d{{2}}|rưỡi| rưỡi| ruoi)?(?: (?:sáng|sang|trưa|trua|chiều|chieu|tối|toi)(?= ))?"
    rf"(?! ?(?:-|đến|den|tới|toi|to)\b)(?=.*{_HOUR})",
    re.I,
)
"""An hour at which no call is wanted, before the one at which it is: "đừng gọi 3h, 4h chiều mai nhé"."""
_OF_THE_HOUSE: Final = r"(?:ben (?:em|minh|shop|ban|ad)|shop|em|ad|cua hang|cong ty|cty|tong dai|hotline|showroom|you)"
_NO_WISH: Final = tuple(
    re.compile(pattern)
    for pattern in (
        # Refused. "Thôi gọi lại giúp mình" begins anew.
        r"\b(?:dung|khoi|thoi(?! goi (?:dien )?(?:lai )?(?:giup|gium|dum|cho)\b)|dung co|"
        r"(?:khong|ko|k|hong|chang) (?:can|phai|cho|muon|nen))(?: \w+){0,3} (?:goi|alo|dien|phone|call)\b",
        r"\b(?:don t|do not|dont|no need to|not|stop) (?:\w+ )?(?:call|phone|ring)",
        # The customer calls.
        rf"\b(?:minh|toi|tui|to|mk|anh|chi|em|co|chu|bac) (?:se |tu |moi )?(?:goi|alo|dien)(?: dien)?(?: thoai)?"
        rf"(?: lai)? (?:cho |den |toi |vao |qua |len )?{_OF_THE_HOUSE}\b",
        r"\b(?:de|lat|chut|ti|lat nua) (?:\w+ ){0,2}(?:minh|toi|tui) (?:se |tu )?(?:goi|alo)\b"
        r"(?! (?:lai )?(?:cho )?(?:anh|chi|minh|toi)\b)",
        r"\bi (?:ll |will |can |could )?(?:call|phone|ring)\b",
        # Somebody else does, unless the house is asked to send them.
        r"(?<!nho )(?<!bao )(?<!keu )(?<!cho )(?<!noi )\b(?:shipper|tai xe|nguoi giao(?: hang)?|ben giao(?: hang)?|"
        r"buu ta|nguoi ta|ngan hang|ban (?:minh|toi|em|chi|anh)|chong|vo|sep|driver|courier|shipper)(?: \w+){0,2} "
        r"(?:goi|alo|dien|call)\b",
        r"^ *(?:co )?(?:ai|nguoi|so la) (?:do )?(?:goi|alo|dien)\b",
        # It was done, or promised before.
        r"\broi(?: (?:em|a|ah|nhe|nha|do|day|oi|ma|shop|ban|ne|con gi))* *$",
        r"\b(?:hua|hen|bao|noi|dan)\b.* ma(?: (?:em|a|shop|ta|troi))* *$",
    )
)
_BUSY: Final = re.compile(
    r"\b(?:ban(?= *$| (?:hop|viec|roi|qua|lam|hoc|di|mat))|(?:dang|co|phai|di) hop|(?:khong|ko|k) (?:ranh|tien)|busy|"
    r"in a meeting)\b|\d ?(?:h|g|gio)?\d{0,2} (?:\w+ ){0,3}(?:khong|ko|k|hong) (?:duoc|dc|dk|kip)\b"
)


class Sense(StrEnum):
    """``closed``: the desk is not there at that moment; ``over``: it has passed; ``hour``: only the day was said."""

    CLEAR = "clear"
    CLOSED = "closed"
    OVER = "over"
    HOUR = "hour"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Reading:
    """How a time was understood. ``at`` is the moment meant, in the desk's zone; ``day`` stands alone for ``hour``."""

    sense: Sense
    at: datetime | None = None
    day: date | None = None


def read_time(text: str, now: datetime, hours: OpeningHours, *, instead_of: datetime | None = None) -> Reading:
    """Read when to call, as the customer says it now.

    ``instead_of``: the hour of a call that is moved. A day said alone keeps its hour, an hour said alone its day.
    """
    here = now.astimezone(hours.zone)
    said = said_time(wanted(text), here.date())
    if said is not None and said.lunar is not None:
        said, instead_of = _by_the_moon(said, said.lunar, here.date(), hours), None
    if said is None:
        return Reading(Sense.UNCLEAR)
    if instead_of is None:
        return _read(said, here, hours)
    whole = _completed(said, instead_of.astimezone(hours.zone), here)
    reading = _read(whole, here, hours)
    if reading.sense is Sense.OVER and (said.day is None or not said.hours):
        return _read(said, here, hours)
    return reading


def _by_the_moon(said: SaidTime, lunar: int, today: date, hours: OpeningHours) -> SaidTime | None:
    """Return what was said with the day of this calendar; None where the company's calendar does not tell it."""
    if lunar == OTHER_LUNAR:
        return None
    ahead = (today + timedelta(days=days) for days in range(_A_YEAR))
    first = next((day for day in ahead if _TET.search(fold(hours.holidays.get(day) or ""))), None)
    return replace(said, day=first + timedelta(days=lunar - 1), fixed=True) if first is not None else None


def _completed(said: SaidTime, known: datetime, now: datetime) -> SaidTime:
    clock = bool(said.hours) or said.part is not None
    if clock and said.day is None and said.week is None and known > now:
        return replace(said, day=known.date(), fixed=True)
    if not clock and said.day is not None and said.lead is None:
        return replace(said, hours=(known.hour,), minute=known.minute)
    return said


def _read(said: SaidTime, here: datetime, hours: OpeningHours) -> Reading:
    if said.later is not None:
        # Seconds that have passed of a minute push nobody five minutes on.
        return _judged(rounded_up(here.replace(second=0, microsecond=0) + said.later), here, hours)
    if said.hours:
        return _at_the_clock(said, here, hours)
    if said.part is not None:
        return _in_part(said.part, said, here, hours)
    if said.lead is not None:
        return _soon(said, said.lead, here, hours)
    day = said.day or said.week
    return Reading(Sense.HOUR, day=day) if day is not None else Reading(Sense.UNCLEAR)


def asks_to_call_at(text: str, now: datetime, hours: OpeningHours) -> Reading | None:
    """Read a message that asks for a call at a time; None for others.

    Complaints of a missed call, calls that are not wanted and those that somebody else makes are among the others.
    """
    flat = _flat(wanted(text))
    if _CALL.search(flat) is None or _COMPLAINS.search(flat) is not None:
        return None
    reading = read_time(text, now, hours)
    return reading if reading.at is not None and reading.sense in (Sense.CLEAR, Sense.CLOSED) else None


@lru_cache(maxsize=64)
def wanted(text: str) -> str:
    """Return the text without the statements and hours at which no call is wanted of the house.

    Kept for a moment, as `said_time` is.
    """
    cut = _RULED_OUT.sub(" ", text[:LONGEST])
    clauses = [one for one in _CLAUSES.split(cut) if one.strip()]
    kept = [one for one in clauses if not _unwanted(_flat(one))]
    return text if len(kept) == len(clauses) and cut == text[:LONGEST] else ", ".join(kept)


def asks_for_call(text: str) -> bool:
    """Tell whether a message asks for a call, at whatever time."""
    return _CALL.search(_flat(wanted(text))) is not None and _COMPLAINS.search(_flat(text)) is None


def asks_the_hour(text: str) -> bool:
    """Tell whether a message asks when a call comes, and names no hour itself: "mai mấy giờ gọi vậy"."""
    flat = _flat(text)
    if _CALL.search(flat) is None or _WHEN.search(flat) is None:
        return False
    said = said_time(text, _ANY_DAY)
    return said is None or not (said.hours or said.lead or said.later)


def names_no_wish(text: str) -> bool:
    """Tell whether a message speaks of calls, of none that the house is to make, and of no hour in place of another."""
    if _CALL.search(_flat(text)) is None or _CALL.search(_flat(wanted(text))) is not None:
        return False
    return _RULED_OUT.search(text[:LONGEST]) is None


def free_times(hours: OpeningHours, after: datetime, count: int = SLOTS) -> list[datetime]:
    """Return moments at which the desk can call, full and half hours some time apart, the first of them soonest."""
    found: list[datetime] = []
    earliest = after
    try:
        # Some desks never hold a full or half hour: 08:05 to 08:25.
        while len(found) < count and earliest < after + FARTHEST:
            opening = hours.next_opening(earliest)
            slot = _half_hour(opening)
            if not hours.is_open(slot):
                earliest = slot
                continue
            found.append(slot)
            earliest = slot + _APART
    except NeverOpen:
        return found
    return found


def _unwanted(flat: str) -> bool:
    if _CALL.search(flat) is None:
        return _BUSY.search(flat) is not None
    return any(pattern.search(flat) for pattern in _NO_WISH)


@lru_cache(maxsize=64)
def _flat(text: str) -> str:
    return " ".join(_APOSTROPHE.sub(" ", fold(text)).split())


def _at_the_clock(said: SaidTime, now: datetime, hours: OpeningHours) -> Reading:
    days = [said.day] if said.day is not None else [now.date(), now.date() + timedelta(days=1)]
    if said.day is not None and not said.fixed:
        # "Thứ Tư 9h", said on a Wednesday at ten, is next week.
        days.append(said.day + timedelta(days=7))
    moments = [
        _shifted(datetime.combine(day, time(hour, said.minute), hours.zone), said.bound, now)
        for day in days
        for hour in said.hours
    ]
    coming = [at for at in moments if at > now]
    if not coming:
        return Reading(Sense.OVER, moments[-1])
    fitting = [at for at in coming if hours.is_open(at)]
    if said.fixed and not fitting and any(at.hour in _DAYTIME for at in moments if at <= now):
        # "9h hôm nay", said at ten, is a slip and no wish for nine in the evening.
        return Reading(Sense.OVER, moments[0])
    usual = [at for at in coming if at.hour in _DAYTIME]
    return _judged((fitting or usual or coming)[0], now, hours)


def _shifted(at: datetime, bound: Bound | None, now: datetime) -> datetime:
    if bound is Bound.AFTER:
        return at + _PAST_THE_HOUR
    if bound is Bound.BEFORE:
        early = max(at - _STEP, rounded_up(now + _SOON))
        return early if early < at else now
    return at


def _in_part(part: Part, said: SaidTime, now: datetime, hours: OpeningHours) -> Reading:
    begin, usual, end = _WINDOWS[part]
    for day in islice(_days(said, now), 2):
        first, last = (datetime.combine(day, moment, hours.zone) for moment in (begin, end))
        wanted = datetime.combine(day, usual, hours.zone)
        if wanted < now + _SOON:
            wanted = rounded_up(now + _STEP)
        if wanted >= last:
            continue
        for earliest in (wanted, max(first, now)):
            opening = _opening(hours, earliest)
            if opening is not None and opening < last:
                return _judged(rounded_up(max(opening, wanted if earliest is wanted else opening)), now, hours)
        return _judged(wanted, now, hours)
    return Reading(Sense.OVER)


def _days(said: SaidTime, now: datetime) -> list[date]:
    if said.day is None:
        return [now.date(), now.date() + timedelta(days=1)]
    return [said.day] if said.fixed else [said.day, said.day + timedelta(days=7)]


def _soon(said: SaidTime, lead: int, now: datetime, hours: OpeningHours) -> Reading:
    """Return the next moment that leaves somebody time to call; on the day that was named, where one was."""
    start = now
    day = said.day or said.week
    if day is not None and day > now.date():
        start = datetime.combine(day, time(), hours.zone)
    try:
        at = rounded_up(hours.add_open_time(start, lead))
        if not hours.is_open(at):
            at = rounded_up(hours.add_open_time(hours.next_opening(at), lead))
    except NeverOpen:
        return Reading(Sense.UNCLEAR)
    if said.day is not None and at.astimezone(hours.zone).date() != said.day:
        return Reading(Sense.CLOSED, datetime.combine(said.day, time(9), hours.zone))
    return _judged(at, now, hours)


def _judged(at: datetime, now: datetime, hours: OpeningHours) -> Reading:
    if at <= now:
        return Reading(Sense.OVER, at)
    if at - now > FARTHEST:
        return Reading(Sense.UNCLEAR)
    return Reading(Sense.CLEAR if hours.is_open(at) else Sense.CLOSED, at)


def _opening(hours: OpeningHours, at: datetime) -> datetime | None:
    try:
        return hours.next_opening(at)
    except NeverOpen:
        return None


def _half_hour(at: datetime) -> datetime:
    floor = at.replace(minute=at.minute // 30 * 30, second=0, microsecond=0)
    return floor if floor == at else floor + _STEP
