"""Holidays: the public calendar of a country, with the business's own days on top."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import holidays


class HolidayCalendar:
    """Public holidays of a country, Tết included, computed year by year as they are asked for.

    `own` adds days; `working` are public holidays on which this business opens all the same.
    """

    def __init__(self, country: str | None, own: Mapping[date, str], working: frozenset[date]) -> None:
        self._own = dict(own)
        self._working = working
        self._public = holidays.country_holidays(country, language="vi") if country else None

    def get(self, day: date, /) -> str | None:
        """Return the Vietnamese name of the holiday, or None on an ordinary day."""
        if day in self._own:
            return self._own[day]
        if self._public is None or day in self._working:
            return None
        return self._public.get(day)


def country_known(country: str) -> bool:
    """Tell whether there is a public calendar for this country code, with names in Vietnamese or not."""
    return country in holidays.list_supported_countries(include_aliases=False)
