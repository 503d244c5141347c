"""Moments and weeks as people say them, in Vietnamese and English."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta, tzinfo
from itertools import groupby
from typing import Final

from bot.domain.company import Language
from bot.domain.hours import Block, OpeningHours

_DAYS: Final = {
    Language.VI: ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"),
    Language.EN: ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_RELATIVE: Final = {Language.VI: ("hôm nay", "ngày mai"), Language.EN: ("today", "tomorrow")}
_AND: Final = {Language.VI: " và ", Language.EN: " and "}
_CLOSED: Final = {Language.VI: "nghỉ", Language.EN: "closed"}


def moment(at: datetime, now: datetime | None, zone: tzinfo, language: Language) -> str:
    """Say a moment as near as `now` allows: "15:30 hôm nay", "8:00 ngày mai", "8:00 thứ Hai 30/11"."""
    local = at.astimezone(zone)
    # As the house itself says it.
    clock = f"{local.hour}:{local.minute:02d}"
    today = now.astimezone(zone).date() if now is not None else None
    if today is not None and local.date() == today:
        return f"{clock} {_RELATIVE[language][0]}"
    if today is not None and local.date() == today + timedelta(days=1):
        return f"{clock} {_RELATIVE[language][1]}"
    return f"{clock} {_DAYS[language][local.weekday()]} {local:%d/%m}"


def days(first: date, last: date, language: Language) -> str:
    """Say a day, or a stretch of days: "Chủ nhật 29/11", "thứ Năm 04/02 đến thứ Tư 10/02"."""
    names = [f"{_DAYS[language][day.weekday()]} {day:%d/%m}" for day in dict.fromkeys((first, last))]
    return (" to " if language is Language.EN else " đến ").join(names)


def blocks(day: Sequence[Block], language: Language) -> str:
    """Say the hours of one day: "08:00–12:00 và 13:00–20:00"."""
    return _AND[language].join(str(block).replace("-", "–").replace("+1", "") for block in day) or _CLOSED[language]


def week(hours: OpeningHours, language: Language) -> str:
    """Say a whole week, days with the same hours together: "thứ Hai đến thứ Sáu 08:00–17:00; thứ Bảy nghỉ"."""
    names = _DAYS[language]
    parts = []
    for day, group in groupby(range(7), key=lambda index: hours.weekly[index]):
        members = list(group)
        first, last = names[members[0]], names[members[-1]]
        span = first if len(members) == 1 else f"{first} {'to' if language is Language.EN else 'đến'} {last}"
        parts.append(f"{span} {blocks(sorted(day), language)}")
    return "; ".join(parts)
