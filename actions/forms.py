"""Forms: the few particulars that spare the customer a second round with the person who takes the case.

A form lives in one slot and is filled by the same single action as everything else, so a turn inside a form costs
one call like any other. Fields come in any order and are corrected by saying them again. The customer may ask
something else in between, give up, or come back later; and when answers do not fit, a person gets what there is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from actions.details import has_clock, has_day, has_hour, moved, without_times, without_when
from actions.lexicon import line, says_no, says_unknown
from actions.memory import FormState, quote
from actions.plan import SMALL
from actions.turn import Turn
from bot.domain.call_moves import names_hour_alone
from bot.domain.call_times import names_no_wish, wanted
from bot.domain.spoken_times import said_time
from bot.domain.text import fold

PHONE: Final = "phone"
NOT_KNOWN: Final = "khách không nhớ"
"""The value of a field that the customer could not give; read by staff."""
SOON: Final = "càng sớm càng tốt"
MOST_MISSES: Final = 2
_ENOUGH_WORDS: Final = 3
_LONG_STORY: Final = 14


@dataclass(frozen=True, slots=True)
class Field:
    """One particular. `kinds` are details that fill it; a free one takes the customer's own words when asked for."""

    name: str
    question: str
    kinds: tuple[str, ...] = ()
    free: bool = False
    may_lack: bool = False
    button: str | None = None
    """The phrase on a button that answers the question."""


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of one form in the order in which they are asked for."""

    fields: tuple[Field, ...]
    until_pressed: bool = False
    """Whether a customer in a hurry or in anger goes to a person at once, with what there is."""

    with_hour: bool = False
    """Whether a day without an hour is asked about, once."""

    def next(self, state: FormState) -> Field | None:
        """Return the first field that is still empty, None when the form is complete."""
        missing = next((one for one in self.fields if one.name not in state.values), None)
        when = state.values.get("when")
        if not self.with_hour or when is None or has_hour(when) or state.asked == _HOUR.name:
            return missing
        return _HOUR if missing is None or missing.may_lack else missing

    def will_do(self, state: FormState) -> bool:
        """Tell whether staff can do with what there is: whatever lacks may lack."""
        return all(one.may_lack for one in self.fields if one.name not in state.values)

    def field(self, name: str | None) -> Field | None:
        """Return a field by name."""
        return next((one for one in (*self.fields, _HOUR) if one.name == name), None)


_WHEN = Field("when", "ask_when", ("when",))
_HOUR = Field("hour", "ask_hour")
_PHONE = Field(PHONE, "ask_phone", ("phone",), may_lack=True)

FORMS: Final[Mapping[str, Form]] = {
    "appointment": Form((Field("purpose", "ask_purpose", free=True), _WHEN, _PHONE), with_hour=True),
    "callback": Form(
        (
            _PHONE,
            Field("call_time", "ask_call_time", ("when",), free=True, button="any_time"),
        )
    ),
    "complaint": Form((Field("what", "ask_what", free=True),)),
    "order": Form((Field("order", "ask_order", ("order", "phone"), may_lack=True, button="no_order_code"),), True),
}

AT_ONCE: Final = frozenset({"ask_human", "card_lost", "emergency", "legal_threat"})
"""Needs that no form may hold up."""
_ASIDES: Final = AT_ONCE | {"case_status", "opening_hours", "address", "parking", "contact_info"}
_WHEN_BEHIND: Final = re.compile(r"(?:[ ,]+(?:vào|vao|lúc|luc|khoảng|khoang|tầm|tam|on|at))+\s*$", re.IGNORECASE)
_SUBJECT: Final = re.compile(r"(?:(?:da|a|vang|de|la) )*(?:ve|about|regarding|lien quan)\b")
_NOW: Final = frozenset({"bay gio", "ngay bay gio", "now", "luc nay"})
# "Hôm qua gọi không ai nghe, gọi lại cho tôi" says nothing of when to call.
_PAST: Final = re.compile(
    r"\b(?:hom (?:qua|kia|truoc|bua)|bua (?:qua|hom|truoc)|(?:tuan|thang) (?:truoc|roi)|yesterday|last)\b"
)
_AT_ONCE: Final = re.compile(
    r"\b(?:goi|dien|alo|call)(?: (?:lai|cho|giup|gium|em|anh|chi|toi|tui|minh|bac|co|chu|me|back)){0,5} "
    r"(?:ngay|lien|gap|now|right now|asap)\b"
)
_BUSY: Final = re.compile(
    r"\b(?:ban|ko duoc|khong duoc|khong tien|chua (?:duoc|tien|ranh)|ket|busy|driving|in a meeting)\b"
)
_PURPOSE: Final = re.compile(
    r"\b(?:tu van|xem|coi|trai nghiem|lam the|lam ho so|nop ho so|ky|mua|vay|gap|bao hanh|sua|do thu|dang ky|ve "
    r"viec|about|for a|"
    r"to (?:see|discuss|look at|talk about|buy))\b.{3,80}"
)
# "Gặp chiều mai 3h nhé em" names a time and nobody, nor any matter.
_NO_SUBJECT: Final = re.compile(
    r"\b(?:gap|xem|coi|hen|dat|lich|vao|luc|khoang|da|vang|a|nha|nhe|em|anh|chi|co|bac|chu|toi|minh|duoc|khong|ok|di|"
    r"giup|gium|cho|at|on|please|about|for|see|sdt|so)\b"
)
_COMPLAINING: Final = re.compile(
    r"\b(?:toi|tui|minh|anh|chi|em|bac|co|chu|con|muon|can|khieu nai|phan nan|gop y|phan anh|ve|viec|mot|chuyen|"
    r"cua hang|nhan vien|"
    r"dich vu|san pham|shop|ben|nay|cho|hoi|a|nhe|i|want|to|make|a|complaint|complain|about|would|like)\b"
)


def start(name: str, intent: str, turn: Turn) -> FormState:
    """Return a new form with what the first message already says."""
    state = FormState(name, intent, text=quote(turn.text))
    found = particulars(FORMS[name], turn)
    if name == "appointment" and (purpose := _purpose(turn.text)):
        found["purpose"] = purpose
    if name == "complaint" and _says_what(turn):
        found["what"] = quote(turn.text)
    return state.with_values({**_known(FORMS[name], turn), **found})


def _known(form: Form, turn: Turn) -> dict[str, str]:
    """Return what the customer has told earlier, for another need: nobody gives a number twice."""
    values = {
        one.name: [turn.memory.known[kind] for kind in one.kinds if kind in turn.memory.known] for one in form.fields
    }
    return {name: found[0] for name, found in values.items() if found}


def particulars(form: Form, turn: Turn) -> dict[str, str]:
    """Return the fields that this message fills by what is in it, whichever was asked for."""
    found = {}
    for field in form.fields:
        value = _call_time(turn) if field.name == "call_time" else turn.details.get(*field.kinds)
        busy = value is not None and fold(value) in _NOW and _BUSY.search(fold(turn.text))
        over = value is not None and _PAST.search(fold(value)) and not (field.name == "call_time" and _only_past(turn))
        if value and not busy and not over:
            found[field.name] = value
        elif field.name == "call_time" and _AT_ONCE.search(fold(turn.text)):
            found[field.name] = SOON
    return found


def _call_time(turn: Turn) -> str | None:
    """Return the words that say when to call: the few that name a time, all of them where more belongs to it."""
    words, now = turn.details.get("when"), turn.facts.now
    if now is None:
        return words
    if names_no_wish(turn.text):
        # "Đừng gọi lúc 3h" names an hour, and no wish for it.
        return None
    today = now.date()
    if _only_past(turn):
        return quote(turn.text)
    meant = wanted(turn.text)
    whole = said_time(meant, today)
    if meant != turn.text:
        return quote(turn.text) if whole is not None else None
    if whole is None or _PAST.search(fold(turn.text)) or (whole.lead and _BUSY.search(fold(turn.text))):
        return words
    return words if words is not None and said_time(words, today) == whole else quote(turn.text)


def _only_past(turn: Turn) -> bool:
    """Tell whether a message is an hour of yesterday and nothing else, which is a slip to be asked about."""
    return _PAST.search(fold(turn.text)) is not None and names_hour_alone(turn.text)


def fill(state: FormState, turn: Turn) -> FormState | None:
    """Take the message as an answer; None when it is none, and then it may be about something else."""
    form = FORMS[state.name]
    found = particulars(form, turn)
    asked = form.field(state.asked)
    if asked is not None and asked.name not in found:
        if asked.may_lack and (says_unknown(turn.text) or says_no(turn.text)):
            found[asked.name] = NOT_KNOWN
        elif asked.free and not _is_aside(turn) and _has_words_beside(turn.text, found):
            found[asked.name] = quote(turn.text)
    said = state.values.get("purpose")
    if said and "purpose" not in found and state.name == "appointment" and _SUBJECT.match(line(turn.text)):
        # "Về hợp đồng máy lạnh", said after the subject: more of it.
        found["purpose"] = quote(f"{said}, {turn.text}")
    called = state.values.get("call_time")
    if called and "call_time" in found:
        found["call_time"] = moved(called, found["call_time"])
    earlier = state.values.get("when")
    if earlier and "when" in found and not has_clock(earlier) and not has_day(found["when"]):
        return replace(state.with_values({**found, "when": f"{found['when']} {earlier}"}), misses=0, reminded=False)
    if earlier and found.get("when", earlier) != earlier:
        # "À không, 4 giờ chiều" corrects the hour and keeps the day.
        found["when"] = moved(earlier, found["when"])
    return replace(state.with_values(found), misses=0, reminded=False) if found else None


def _has_words_beside(text: str, found: Mapping[str, str]) -> bool:
    """Tell whether a message that fills other fields says something of its own as well: not in "0909123456, mai"."""
    for value in found.values():
        text = text.replace(value, " ")
    return not found or len(_NO_SUBJECT.sub(" ", without_times(text)).split()) >= _ENOUGH_WORDS


def _is_aside(turn: Turn) -> bool:
    """Tell whether a message is no answer to a free question, though any words could be one.

    What an appointment is about reads like a need of its own ("tư vấn trả góp"): only questions and small talk count.
    """
    intent = turn.understood.intent
    return turn.understood.sure and (intent in SMALL or intent in _ASIDES or "?" in turn.text)


def _purpose(text: str) -> str | None:
    """Return what an appointment is about, when the first message says so."""
    flat = fold(text)
    match = _PURPOSE.search(flat)
    if match is None or len(flat) != len(text):
        return None
    if not _NO_SUBJECT.sub(" ", without_times(text[match.start() : match.end()])).split():
        return None
    return quote(_WHEN_BEHIND.sub("", without_when(text[match.start() : match.end()])).strip(" .,!?"))


def _says_what(turn: Turn) -> bool:
    """Tell whether a complaint already says what happened, and not only that there is one."""
    words = line(turn.text)
    return len(_COMPLAINING.sub(" ", words).split()) >= _ENOUGH_WORDS or len(words.split()) >= _LONG_STORY
