"""The company's calendar, worked out once for each day: a year asks for the same few hundred days a million times."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType

from bot.domain.company import Company
from bot.domain.hours import OpeningHours

Stretch = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class RememberedHours(OpeningHours):
    """Opening hours that remember the days they were asked about."""

    _known: dict[date, tuple[Stretch, ...]] = field(default_factory=dict, compare=False, repr=False)

    def _day(self, day: date) -> Iterator[Stretch]:
        known = self._known.get(day)
        if known is None:
            # Not `super()`: a dataclass with slots is another class than the one that its methods were written in.
            known = self._known[day] = tuple(OpeningHours._day(self, day))
        return iter(known)


def remembered(company: Company) -> Company:
    """Return the same company with calendars that remember."""
    departments = {name: replace(one, hours=_remembered(one.hours)) for name, one in company.departments.items()}
    return replace(company, departments=MappingProxyType(departments), hours=_remembered(company.hours))


def _remembered(hours: OpeningHours) -> OpeningHours:
    return RememberedHours(hours.zone, hours.weekly, hours.holidays)
