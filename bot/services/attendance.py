"""Who is at work now: one look at people and roster, kept for a moment, for the many moves that only want to count."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.company import Company
from bot.domain.copies import altered
from bot.domain.presence import FOREVER, Presence, presence, steady_until
from bot.domain.shifts import Roster
from bot.domain.staff import StaffMember
from bot.services.ports import UnitOfWork

KEPT_FOR = timedelta(seconds=2)
ROSTER_KEPT_FOR = timedelta(minutes=1)
AT_WORK = frozenset({Presence.ON_DUTY, Presence.AWAY})
"""An away person's desk is at work: they may answer, though nothing is offered to them."""


@dataclass(frozen=True, kw_only=True)
class Attendance:
    """Who was there at one moment, counted once: a copy for a later moment has the same people."""

    at: datetime
    people: Sequence[tuple[StaffMember, Presence]]
    roster: Roster
    on_duty: Sequence[StaffMember]
    """Those to whom work may be offered."""
    members: Mapping[str, Sequence[StaffMember]]
    """Everybody by department, at work or not."""
    working: Mapping[str, int]
    """How many are at work by department, also those who are away for a moment."""
    serving: Mapping[str, int]
    """How many take cases now by department."""

    @classmethod
    def of(cls, at: datetime, people: Sequence[tuple[StaffMember, Presence]], roster: Roster) -> Attendance:
        """Count who is there."""
        members = defaultdict[str, list[StaffMember]](list)
        working, serving = Counter[str](), Counter[str]()
        for person, state in people:
            for desk in person.desks:
                members[desk].append(person)
                # Whoever asks which desks are served asks for the keys.
                if state in AT_WORK:
                    working[desk] += 1
                if state is Presence.ON_DUTY:
                    serving[desk] += 1
        on_duty = [person for person, state in people if state is Presence.ON_DUTY]
        return cls(
            at=at,
            people=people,
            roster=roster,
            on_duty=on_duty,
            members=dict(members),
            working=dict(working),
            serving=dict(serving),
        )

    def again(self, at: datetime) -> Attendance:
        """Return the look of a later moment that found everybody as they were."""
        return altered(self, at=at)

    def without(self, leaving: frozenset[int]) -> Attendance:
        """Return this look with people taken for away: they are at work, and nothing new is offered to them."""
        if not leaving:
            return self
        away = [
            (one, Presence.AWAY if state is Presence.ON_DUTY and one.id in leaving else state)
            for one, state in self.people
        ]
        return Attendance.of(self.at, away, self.roster)


@dataclass(frozen=True, kw_only=True)
class _Known:
    """A look whose answer holds from its moment on until ``until``, for the same people and the same roster."""

    people: Sequence[StaffMember]
    look: Attendance
    until: datetime

    def holds(self, people: Sequence[StaffMember], roster: Roster, now: datetime) -> bool:
        return self.look.at <= now < self.until and roster is self.look.roster and people == self.people


class Doorkeeper:
    """Looks who is there. ``forget`` when a duty, an account or the roster has changed: the next look is a new one."""

    def __init__(self, company: Company) -> None:
        self._company = company
        self._kept: Attendance | None = None
        self._known: _Known | None = None
        self._roster: tuple[datetime, Roster] | None = None
        self._changes = 0

    def forget(self) -> None:
        """Look again at the next question."""
        self._changes += 1
        self._kept = self._roster = None

    async def look(self, uow: UnitOfWork, now: datetime) -> Attendance:
        """Return who is there, as of two seconds ago at the earliest."""
        kept = self._kept
        # A clock that jumped back makes a look of the future, which is not fresh either.
        if kept is not None and timedelta() <= now - kept.at < KEPT_FOR:
            return kept
        return await self.fresh(uow, now)

    async def fresh(self, uow: UnitOfWork, now: datetime) -> Attendance:
        """Return who is there now."""
        changes = self._changes
        roster = await self._rostered(uow, now)
        people = await uow.staff.people()
        known = self._known
        if known is not None and known.holds(people, roster, now):
            found = known.look.again(now)
        else:
            found = self._counted(people, roster, now)
        if changes == self._changes:
            self._kept = found
        return found

    def _counted(self, people: Sequence[StaffMember], roster: Roster, now: datetime) -> Attendance:
        heartbeat = self._company.assignment.heartbeat
        found = Attendance.of(now, [(one, presence(one, roster, now, heartbeat)) for one in people], roster)
        until = min((steady_until(one, roster, now, heartbeat) for one in people), default=FOREVER)
        self._known = _Known(people=people, look=found, until=until)
        return found

    async def _rostered(self, uow: UnitOfWork, now: datetime) -> Roster:
        kept = self._roster
        if kept is not None and timedelta() <= now - kept[0] < ROSTER_KEPT_FOR:
            return kept[1]
        changes = self._changes
        roster = await uow.rosters.roster(self._company.zone, now, now + ROSTER_KEPT_FOR)
        if changes == self._changes:
            self._roster = (now, roster)
        return roster
