"""The company's calendar, worked out once for each stretch: a year asks about the same few hundred a million times."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import islice
from types import MappingProxyType

from bot.domain.company import Company
from bot.domain.hours import DAY, OpeningHours, moment_of

Stretch = tuple[datetime, datetime]
_AHEAD = 12
ALWAYS = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))


@dataclass(slots=True)
class _Known:
    """What was worked out: days, and the stretch, open or closed, that the last question lay in."""

    days: dict[date, tuple[Stretch, ...]] = field(default_factory=dict)
    since: datetime = ALWAYS[1]
    until: datetime = ALWAYS[0]
    open: bool = False
    opening: datetime | None = None
    next_days: dict[date, tuple[Stretch, ...]] = field(default_factory=dict)
    ahead: tuple[Stretch, ...] = ()
    """The stretches that end after the beginning of the day of that question, as many as are usually asked for."""


@dataclass(frozen=True, slots=True)
class RememberedHours(OpeningHours):
    """Opening hours that remember what they were asked about; the answers are those of `OpeningHours`."""

    _known: _Known = field(default_factory=_Known, compare=False, repr=False)

    # Not `super()` in these: a dataclass with slots is another class than the one that its methods were written in.

    def _day(self, day: date) -> Iterator[Stretch]:
        known = self._known.days.get(day)
        if known is None:
            known = self._known.days[day] = tuple(OpeningHours._day(self, day))
        return iter(known)

    def _intervals(self, at: datetime) -> Iterator[Stretch]:
        known = self._known
        if not known.since <= at < known.until:
            self._look(at)
        ahead = known.ahead
        for stretch in ahead:
            if stretch[1] > at:
                yield stretch
        if len(ahead) == _AHEAD:
            # Somebody asks far ahead: the rest is worked out for them.
            reached = ahead[-1][1]
            yield from (one for one in OpeningHours._intervals(self, at) if one[1] > reached)

    def is_open(self, at: datetime) -> bool:
        """Tell whether the door is open; see `OpeningHours`."""
        if not self._known.since <= at < self._known.until:
            self._look(at)
        return self._known.open

    def next_opening(self, at: datetime) -> datetime:
        """Return when it opens next; see `OpeningHours`."""
        known = self._known
        if known.since <= at < known.until and known.opening is not None:
            return known.opening
        opening = OpeningHours.next_opening(self, at)
        if not self.is_open(at):
            known.opening = opening
        return opening

    def _look(self, at: datetime) -> None:
        """Find the edges around a moment: of the stretches near it, and of its day, behind which others may begin."""
        day = at.astimezone(self.zone).date()
        edges = {moment_of(self.zone, day, 0), moment_of(self.zone, day, DAY)}
        edges.update(edge for stretch in OpeningHours._near(self, at) for edge in stretch)
        known, known.opening = self._known, None
        if day not in known.next_days:
            midnight = moment_of(self.zone, day, 0)
            known.next_days[day] = tuple(islice(OpeningHours._intervals(self, midnight), _AHEAD))
        known.ahead = known.next_days[day]
        known.open = OpeningHours.is_open(self, at)
        known.since = max(edge for edge in edges if edge <= at)
        known.until = min(edge for edge in edges if edge > at)


def remembered(company: Company) -> Company:
    """Return the same company with calendars that remember."""
    known: dict[int, OpeningHours] = {}

    def shared(hours: OpeningHours) -> OpeningHours:
        # Most departments share the company's own calendar, and so what is remembered of it.
        if id(hours) not in known:
            known[id(hours)] = RememberedHours(hours.zone, hours.weekly, hours.holidays)
        return known[id(hours)]

    departments = {name: replace(one, hours=shared(one.hours)) for name, one in company.departments.items()}
    return replace(company, departments=MappingProxyType(departments), hours=shared(company.hours))
