"""The day that a question about opening hours means: "chủ nhật có mở không", "Tết nghỉ mấy ngày"."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from bot.domain.hours import OpeningHours
from bot.domain.spoken_times import named_day
from bot.domain.text import fold

_YEAR: Final = 400
"""Days in which every holiday comes round once, the lunar ones too."""
_LONGEST: Final = 30

# Holidays by what people call them, and a pattern for what the calendar calls them; folded.
_HOLIDAYS: Final = (
    (r"tet (?:duong lich|tay)|new year'?s? (?:day|eve)", r"duong lich"),
    (r"tet|giao thua|mung (?:\d{1,2}|mot|hai|ba)|lunar new year|new year", r"(?<!\w)tet(?! duong)|giao thua"),
    (r"gio to|hung vuong", r"gio to"),
    (r"quoc khanh|national day", r"quoc khanh"),
    (r"giai phong|ngay chien thang", r"chien thang"),
    (r"quoc te lao dong|labou?r day", r"lao dong"),
    (r"ngay le|nghi le|dip le|le nay|le lon|cac le|public holidays?|holidays?", r""),
)
_KNOWN: Final = tuple((re.compile(rf"\b(?:{said})\b"), re.compile(named)) for said, named in _HOLIDAYS)


def asked_days(text: str, hours: OpeningHours, today: date) -> tuple[date, date] | None:
    """Return the first and the last day that the question means, None when it names none or means today."""
    flat = fold(text)
    for said, named in _KNOWN:
        if said.search(flat):
            return _holidays(hours, today, named)
    day = named_day(text, today)
    return (day, day) if day is not None and day != today else None


def _holidays(hours: OpeningHours, today: date, named: re.Pattern[str]) -> tuple[date, date] | None:
    """Return the next holiday of this name, together with those that follow it without a break."""
    coming = (today + timedelta(days=ahead) for ahead in range(_YEAR))
    first = next(
        (day for day in coming if named.search(fold(hours.holidays.get(day) or "-")) and _off(hours, day)), None
    )
    if first is None:
        return None
    last = first
    while _off(hours, last + timedelta(days=1)) and (last - first).days < _LONGEST:
        last += timedelta(days=1)
    return first, last


def _off(hours: OpeningHours, day: date) -> bool:
    return hours.holidays.get(day) is not None
