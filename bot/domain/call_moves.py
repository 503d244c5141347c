"""What a customer wants changed about a call that was promised: another hour, or no call at all.

A message that names a time while a call is to come means the call, unless it names something else that has an hour.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from bot.domain.call_times import (
    Reading,
    Sense,
    asks_for_call,
    asks_the_hour,
    asks_to_call_at,
    names_no_wish,
    read_time,
    wanted,
)
from bot.domain.hours import OpeningHours
from bot.domain.spoken_times import LONGEST, beside_time, said_time
from bot.domain.text import fold

_ANY_DAY: Final = date(2000, 1, 1)

CALL_OFF: Final = "call_off"
"""Reason with which an action says that the customer of an open case wants no call any more."""

_MOVES: Final = re.compile(
    # "Đợi 5 phút nữa" folds like "đổi": alone it says nothing.
    r"\b(?:(?:doi|dich|chuyen|lui|hoan|dan)(?: \w+){0,2} (?:sang|qua|thanh|lai|den|toi|xuong|len|gio|lich|ngay|hom)|"
    r"(?:doi|dich|chuyen|lui|hoan) (?=\d)|(?:som|tre|muon) hon|de (?:den|toi|sang|qua|mai)\b|hay (?:la|de)|thay vi|"
    r"resched\w+|postpone|move|change|push|shift|make it|instead|rather)\b"
)
_FROM: Final = re.compile(r"\b(?:từ|tu|from)\s.{1,30}?\s(?=(?:sang|thành|thanh|qua|to)\s)", re.I)
"""In "từ 10h thành 16h" the first hour is the one that is left."""
_SHORT: Final = 14
"""Words of a message that may be about nothing but an hour."""
_STORY: Final = 30
"""Words from which on a message has a matter of its own, though it may end in "gọi lại tôi nhé"."""
_SIGN: Final = re.compile(r"[^\w\s/:.]")
_WAITS: Final = re.compile(r"\bđợi\b", re.I)
_OTHER: Final = re.compile(
    r"\b(?:giao|ship|shipper|nhan|don|hang|lap|tho|bao tri|sua|phong|gap|ghe|tham|toi lay|qua lay|den lay|mua|ban an|"
    r"showroom|cua hang|lich hen (?:gap|lap|sua|xem)|uong|thuoc|appointment|meeting|delivery|deliver|order|install\w*|"
    r"visit|technician|pick up|(?:qua|len|ra) (?:shop|ben)|table|room|mo cua|dong cua|open|close|lam viec)\b"
)
_FILLER: Final = re.compile(
    r"\b(?:da|vang|a|ah|ak|u|uh|um|ok|oke|okie|thoi|the|vay|thi|la|hay|hoac|cung|duoc|dc|dk|khong|ko|k|nha|nhe|nghe|"
    r"nhen|di|em|anh|chi|co|chu|bac|minh|mk|toi|tui|shop|ad|oi|giup|gium|dum|ho|luc|vao|khoang|tam|tu|sau|truoc|den|"
    r"cho|con|nua|ruoi|kem|phut|ranh|tien|hon|please|pls|at|on|in|about|around|after|before|is|fine|works|better|"
    r"good|for|me|the|how|can|we|you|do|it|would|be|what|ban|bua|hom|ngay|gio|qua|sang|thanh|lai|doi|neu|de|sdt|"
    r"so (?:dt|dien thoai))\b"
)
_CALLS: Final = r"(?:goi|alo|dien(?: thoai)?|phone|call)"
_CALLED: Final = re.compile(rf"\b{_CALLS}\b")
_OFF: Final = re.compile(
    rf"\b(?:khoi|dung|(?:khong|ko|k|hong|chang) (?:can|phai|muon)|het can)(?: \w+){{0,3}} {_CALLS}\b|"
    rf"\b(?:huy|bo)(?: \w+){{0,3}} {_CALLS}\b|\b(?:huy|bo)(?: \w+)? (?:lich|hen|gio)(?: hen)?\b|"
    r"\bcancel (?:\w+ ){0,2}(?:call|callback|it)\b|\b(?:don t|do not|dont|no need to|need not|stop) "
    r"(?:\w+ ){0,2}(?:call|phone|ring)|\bno (?:call|callback)\b|\b(?:don t|dont|do not) need (?:\w+ ){0,2}call"
)
_NOT_OFF: Final = re.compile(
    # A place, a number or a colleague is refused, not the call; or it was not called off.
    rf"\b{_CALLS}(?: \w+){{0,3}} (?:so|cho (?:vo|chong|me|bo|con)|vao so)\b|\b{_CALLS}(?: \w+){{0,2}} khac\b|"
    r"\b(?:dung|khong|ko|k|don t|do not) (?:huy|bo|cancel)\b|"
    r"\b(?:huy|bo|cancel)(?: \w+){0,3} "
    r"(?:don|hang|dat|order|hoa don|the(?! (?:call|phone))|hop dong|ho so|phong|lap|giao)\b"
)


_WRITING: Final = re.compile(
    r"\b(?:nhan tin|nt|ib|inbox|chat|nhan (?:o|tai|qua) day|tra loi (?:o|tai|qua) (?:day|chat)|viet (?:o|tai) day|"
    r"text|message|write)\b"
)


_UNWANTED: Final = re.compile(r"\b(?:khoi|dung|(?:khong|ko|k|hong|chang) (?:can|phai|muon)) \w+(?: tin)?")
_ASKS: Final = re.compile(
    r"\b(?:sao (?:roi|vay|the|chua|khong|lai)|(?:tai|vi|lam) sao|(?:the|nhu) nao|bao (?:gio|lau|nhieu)|khi nao|"
    r"may (?:gio|ngay|tuan|thang|nam|tien)|o dau|chua(?: \w+)?$|co (?:\w+ ){1,5}(?:khong|ko|hong)(?: \w+)?$|"
    r"how|what|when|where|why|which)\b"
)
_REQUESTS: Final = re.compile(
    r"\b(?:gui|tra loi|xu ly|giai quyet|kiem tra|bao (?:gia|lai|cho)|cho (?:\w+ )?(?:xin|biet|dat|mua|doi|gap)|"
    r"hoi (?:la|them|ve|cai|gia|xem|chut|ti|bao)|send|reply|answer|check|tell me|let me know|e?mail)\b"
)
_DONE: Final = re.compile(r"\broi\b|\bxin loi\b|\balready\b")
_CLAUSE: Final = re.compile(r"[,.;:!\n]|\b(?:mà|ma|nhưng|nhung|but|and)\b", re.I)


def moved_to(text: str, call_at: datetime, now: datetime, hours: OpeningHours) -> Reading | None:
    """Read to which hour a customer moves a call; None for other words.

    The hour may be closed or over, or none to be read from the words: then somebody asks.
    """
    asked, text = asks_for_call(text), _meant(_FROM.sub(" ", text[:LONGEST]) if _moves(text) else text)
    if not text:
        return None
    today = now.astimezone(hours.zone).date()
    said = said_time(text, today)
    if said is not None and said.day is not None and said.day < today:
        return None
    if said is None:
        return Reading(Sense.UNCLEAR) if asked and _is_short(text) and _moves(text) else None
    if asked and not _moves(text) and asks_to_call_at(text, now, hours) is None and "?" in text:
        return None
    return read_time(text, now, hours, instead_of=call_at)


def named_for_call(text: str, now: datetime, hours: OpeningHours) -> Reading | None:
    """Read the hour of a customer who was asked when to be called, and has no call; None for other words."""
    meant = _meant(text)
    if not meant or said_time(meant, now.astimezone(hours.zone).date()) is None:
        return None
    return read_time(meant, now, hours)


def _meant(text: str) -> str:
    """Return what a message says of an hour that is wanted; "" where it is about something else."""
    if names_no_wish(text) or asks_the_hour(text) or len(text.split()) > _STORY:
        return ""
    meant = wanted(text) or text
    return meant if asks_for_call(text) or _about_time_alone(meant) else ""


def calls_off(text: str) -> bool:
    """Tell whether a customer wants no call any more; "đừng gọi lúc 3h" refuses an hour, and not the call."""
    flat = _flat(text)
    if _OFF.search(flat) is None or _NOT_OFF.search(flat) is not None:
        return False
    return said_time(text, _ANY_DAY) is None


def wants_writing(text: str) -> bool:
    """Tell whether whoever wants no call wants the answer in writing: "đừng gọi nữa, nhắn tin được rồi"."""
    return _WRITING.search(_flat(text)) is not None


def asks_more(text: str) -> bool:
    """Tell whether whoever wants no call asks for something else beside: "khỏi gọi, hoá đơn của em sao rồi?".

    A reason ("em tự tìm được rồi") asks for nothing.
    """
    return any(_asks(_UNWANTED.sub(" ", _OFF.sub(" ", _flat(one)))) for one in _CLAUSE.split(text[:LONGEST]))


def _asks(clause: str) -> bool:
    return bool(_ASKS.search(clause)) or (bool(_REQUESTS.search(clause)) and not _DONE.search(clause))


def _about_time_alone(text: str) -> bool:
    """Tell whether a message is about a change of time, or hardly says more than a time, and names nothing else."""
    flat = _flat(text)
    if _OTHER.search(flat) is not None or _WAITS.search(text) is not None or not _is_short(text):
        return False
    # "Đổi nồi sang cái to hơn": a part of the day alone may be no time at all.
    said = said_time(text, _ANY_DAY)
    names_time = said is not None and (said.hours or said.day or said.week or said.later)
    return bool(names_time and _moves(text)) or not _FILLER.sub(" ", beside_time(text)).split()


def names_hour_alone(text: str) -> bool:
    """Tell whether a message is an hour, with hardly a word beside it but of a call: "gọi lại lúc 10h hôm qua"."""
    said = said_time(text, _ANY_DAY)
    return said is not None and bool(said.hours) and not _FILLER.sub(" ", _CALLED.sub(" ", beside_time(text))).split()


def _is_short(text: str) -> bool:
    return len(text.split()) <= _SHORT


def _moves(text: str) -> bool:
    return _MOVES.search(_flat(text)) is not None and _WAITS.search(text) is None


@lru_cache(maxsize=64)
def _flat(text: str) -> str:
    return " ".join(_SIGN.sub(" ", fold(text[:LONGEST])).split())
