"""Times of day, and moments made of a day and a time: "15h30 chiều mai", "8 giờ rưỡi sáng thứ 6 tuần sau"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.nlu.entities.calendar import Day, resolve
from engine.nlu.entities.days import DAY_SPELLINGS, NUMBERS, find_days
from engine.nlu.entities.scan import Found, Scan, spellings
from engine.nlu.marks import words

_PARTS = {
    "sang": "morning", "trua": "noon", "chieu": "afternoon", "toi": "evening", "dem": "night", "khuya": "night",
    "morning": "morning", "noon": "noon", "afternoon": "afternoon", "evening": "evening", "night": "night",
}  # fmt: skip
_PART = r"(?P<part>sang|trua|chieu|toi|dem|khuya|morning|noon|afternoon|evening|night)"
_WORD_HOURS = {**NUMBERS, "muoi mot": 11, "muoi hai": 12}
_CLOCK = re.compile(
    r"(?<![\w/.,-])(?:"
    r"(?P<hour>\d{1,2}) ?(?:h|g|gio)(?: ?(?P<minute>\d{1,2})(?: ?(?:p|phut))?(?![/\w]))?"
    rf"|(?P<word>{'|'.join(sorted(_WORD_HOURS, key=len, reverse=True))}) gio"
    r"|(?P<hour2>\d{1,2}):(?P<minute2>\d{2})"
    r"|(?P<hour3>\d{1,2})(?::(?P<minute3>\d{2}))? ?(?P<half_day>am|pm)"
    r")(?: (?P<half>ruoi)| kem (?P<less>\d{1,2}|muoi|nam))?(?![^\W_])"
    rf"(?:,? {_PART}(?![^\W_]))?"
)
_LONE_PART = re.compile(rf"(?<![^\W_])(?:buoi )?{_PART}(?![^\W_])")
_JOIN = re.compile(r"[ ,.]{0,2}(?:(?:vao|luc|khoang|tam|ngay|on|at|hom) ){0,2}")
_SPELLINGS = {
    **DAY_SPELLINGS,
    **spellings(words("sáng trưa chiều tối đêm khuya giờ phút rưỡi rưởi kém lúc vào mười năm")),
    **spellings(("tới", "tối")),
}
_NOON = 12


@dataclass(frozen=True, slots=True)
class _Piece:
    """A day, a time of day or a part of the day, and its place in the clean text."""

    start: int
    end: int
    day: Day | None = None
    time: str | None = None
    part: str | None = None


def find_moments(scan: Scan, now: datetime | None) -> Iterator[Found]:
    """Moments in order, each one entity over all its pieces.

    The value holds what is known of `date`, `until` (last day of a stretch), `time`, `part` of the day and the `day`
    rule; dates only when the present is known.
    """
    group: list[_Piece] = []
    for piece in _pieces(scan):
        if group and (_clash(group, piece) or not _JOIN.fullmatch(scan.flat, group[-1].end, piece.start)):
            yield from _moment(scan, group, now)
            group = []
        group.append(piece)
    yield from _moment(scan, group, now)


def _pieces(scan: Scan) -> list[_Piece]:
    every = [_Piece(start, end, day=day) for start, end, day in find_days(scan)]
    every += [piece for match in _CLOCK.finditer(scan.flat) if (piece := _clock(scan, match)) is not None]
    for match in _LONE_PART.finditer(scan.flat):
        if scan.written(match.start(), match.end(), _SPELLINGS):
            every.append(_Piece(match.start(), match.end(), part=_PARTS[match["part"]]))
    every.sort(key=lambda piece: (piece.start - piece.end, piece.start))
    kept: list[_Piece] = []
    for piece in every:
        if all(piece.end <= other.start or piece.start >= other.end for other in kept):
            kept.append(piece)
    return sorted(kept, key=lambda piece: piece.start)


def _clock(scan: Scan, match: re.Match[str]) -> _Piece | None:
    if not scan.written(match.start(), match.end(), _SPELLINGS):
        return None
    digits = match["hour"] or match["hour2"] or match["hour3"]
    hour = int(digits) if digits else _WORD_HOURS[match["word"]]
    minute = int(match["minute"] or match["minute2"] or match["minute3"] or 0) + (30 if match["half"] else 0)
    if match["less"]:
        minute -= int(match["less"]) if match["less"].isdigit() else NUMBERS[match["less"]]
    part = _PARTS.get(match["part"] or "")
    hour = _in_24(hour, part, match["half_day"])
    hour, minute = (hour - 1, minute + 60) if minute < 0 else (hour, minute)
    if not (0 <= hour <= 24 and 0 <= minute < 60):
        return None
    return _Piece(match.start(), match.end(), time=f"{hour % 24:02d}:{minute:02d}", part=part)


def _in_24(hour: int, part: str | None, half_day: str | None) -> int:
    """3 giờ chiều is 15, 12 giờ đêm is 0, 1 giờ đêm stays 1, 11 giờ trưa stays 11."""
    if half_day == "am" or (part == "night" and hour == _NOON):
        return hour % _NOON
    later = (
        half_day == "pm"
        or part in ("afternoon", "evening")
        or (part == "noon" and hour < 4)
        or (part == "night" and hour >= 6)
    )
    return hour + _NOON if later and hour < _NOON else hour


def _clash(group: list[_Piece], piece: _Piece) -> bool:
    """A moment has one day, one time and one part of the day."""
    return any(
        (piece.day is not None and other.day is not None)
        or (piece.time is not None and other.time is not None)
        or (piece.part is not None and other.part is not None and piece.time is None and other.time is None)
        for other in group
    )


def _moment(scan: Scan, group: list[_Piece], now: datetime | None) -> Iterator[Found]:
    """A lone part of the day is no moment: "cơm tối", "bán sáng tối"."""
    day = next((piece.day for piece in group if piece.day is not None), None)
    time = next((piece.time for piece in group if piece.time is not None), None)
    part = next((piece.part for piece in group if piece.part is not None), None)
    if day is None and time is None:
        return
    value: dict[str, Any] = {}
    if day is not None:
        value["day"] = day.fields()
        span = None if now is None else resolve(day, now.date())
        if span is not None:
            value["date"] = span[0].isoformat()
            if span[1] != span[0]:
                value["until"] = span[1].isoformat()
    if time is not None:
        value["time"] = _later(time, part)
    if part is not None:
        value["part"] = part
    yield scan.found("datetime", group[0].start, group[-1].end, value)


def _later(time: str, part: str | None) -> str:
    hour, minute = time.split(":")
    return f"{_in_24(int(hour), part, None):02d}:{minute}"
