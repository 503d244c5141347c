"""For which hour a call can be promised: by the roster, and by the opening hours where nothing is planned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.call_times import FARTHEST
from bot.domain.company import Company
from bot.domain.coverage import staffed
from bot.domain.hours import NeverOpen
from bot.domain.presence import Presence, presence
from bot.domain.promises import CALL_GRACE, rounded_up
from bot.domain.shifts import Roster
from bot.domain.staff import StaffMember
from bot.domain.staffed import staffed_from
from bot.services.ports import UnitOfWork

PLANNED = timedelta(days=15)
"""How far behind the hour another one is looked for."""

STAYS = timedelta(minutes=30)
"""Whoever is at work beyond their shift is taken to be there for so long."""


@dataclass(frozen=True, kw_only=True)
class Appointment:
    """The hour of a call. ``asked`` is the one that was wanted, where nobody is there then."""

    at: datetime
    asked: datetime | None = None


class CallHours:
    """Looks at the roster for calls."""

    def __init__(self, company: Company) -> None:
        self._company = company

    async def at(self, uow: UnitOfWork, department: str, wanted: datetime | None, now: datetime) -> Appointment | None:
        """Return when a department calls; None where nothing was wanted, or it is over by now or too far away."""
        if wanted is None or not now < wanted <= now + FARTHEST:
            return None
        desk = self._company.department_or_reception(department)
        roster = await uow.rosters.roster(self._company.zone, now, wanted + PLANNED)
        people = await uow.staff.people()
        if staffed(self._company, roster, people, desk, (wanted, wanted + CALL_GRACE)):
            return Appointment(at=wanted)
        if wanted <= now + STAYS and self._overtime(people, roster, desk.id, now):
            return Appointment(at=wanted)
        start = staffed_from(self._company, roster, people, desk.id, wanted)
        if start is None:
            # Nothing is planned there at all: people come as they like, and the opening hours are what is known.
            try:
                start = desk.hours.next_opening(wanted)
            except NeverOpen:
                start = wanted
        return Appointment(at=wanted) if start <= wanted else Appointment(at=rounded_up(start), asked=wanted)

    def _overtime(self, people: Sequence[StaffMember], roster: Roster, department: str, now: datetime) -> bool:
        """Tell whether somebody of a department is at work now though nothing is planned for them."""
        heartbeat = self._company.assignment.heartbeat
        members = (one for one in people if department in one.desks and not roster.flexible(one.id))
        extra = (one for one in members if not roster.rostered(one.id, now))
        return any(presence(one, roster, now, heartbeat) is Presence.ON_DUTY for one in extra)

    async def soonest(self, uow: UnitOfWork, department: str, earliest: datetime, now: datetime) -> datetime:
        """Return when a department calls of itself, not before a moment that lies ahead."""
        call = await self.at(uow, department, earliest, now)
        return call.at if call is not None else earliest
