"""A roster that remembers the shift, or the gap between shifts, that each person was last found in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from bot.domain.intervals import Interval
from bot.domain.shifts import Roster

_NEVER = datetime.max.replace(tzinfo=UTC)


class _Found(NamedTuple):
    since: datetime
    until: datetime
    shift: Interval | None


@dataclass(frozen=True)
class KnownRoster(Roster):
    """Gives the answers of `Roster`; who is there is asked for everybody at every change of anything."""

    _found: dict[int, _Found] = field(init=False, repr=False, compare=False, default_factory=dict)

    def _shift_at(self, staff_id: int, at: datetime) -> Interval | None:
        known = self._found.get(staff_id)
        if known is None or not known.since <= at < known.until:
            known = self._found[staff_id] = self._find(staff_id, at.astimezone(UTC))
        return known.shift

    def _find(self, staff_id: int, moment: datetime) -> _Found:
        shift = next(self._shifts_from(staff_id, moment), None)
        if shift is None:
            return _Found(moment, _NEVER, None)
        if shift[0] <= moment:
            return _Found(shift[0], shift[1], shift)
        return _Found(moment, shift[0], None)
