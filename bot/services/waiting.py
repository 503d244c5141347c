"""How long a wait is going to be, known without asking the store each time.

Counts, free places and past waits are looked at by those who have time for it (the assigner, the facts of a turn);
whoever opens a case takes what is known. A number that is a few seconds old makes an estimate no less honest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from bot.domain.assignment import OFFERS_AT_ONCE
from bot.domain.assignment_choice import desk_of
from bot.domain.assignment_terms import patience
from bot.domain.company import MANAGEMENT, Company, Department, Priority
from bot.domain.hours import NeverOpen
from bot.domain.promises import due_after, rounded_up
from bot.domain.waits import MINUTE, RECENT, Estimate, Past, estimate, people_until_served
from bot.services.attendance import Attendance
from bot.services.ports import UnitOfWork
from bot.services.ports_desk import Load

HANDLING = timedelta(minutes=5)
"""Between two cases that one person takes, while little has been seen of a desk."""

TURNING = timedelta(minutes=5)
"""Until somebody has seen the case, taken it, and come to the end of what they are in the middle of."""

SAFETY = 2.0
"""A date is given for the slow day: most people are quicker than they promised."""

SETTLED = timedelta(minutes=10)
"""After the door has opened, everybody who is going to serve is there."""

PAST_KEPT_FOR = timedelta(minutes=15)
AHEAD = timedelta(hours=4)
"""Shifts that begin later than this help nobody who waits now."""


class Place(NamedTuple):
    """A place in a queue: what was known when it was taken, and the range to tell; ``None`` while nobody serves."""

    ahead: int
    serving: int
    at_once: bool
    estimate: Estimate | None

    @property
    def seconds(self) -> tuple[int | None, int | None]:
        """The range as a case keeps it."""
        if self.estimate is None:
            return None, None
        return round(self.estimate.low.total_seconds()), round(self.estimate.high.total_seconds())


@dataclass(frozen=True, kw_only=True)
class _Crowd:
    """How much people have before them, counted by desk when somebody asks: most looks are followed by another one."""

    company: Company
    there: Attendance
    loads: Mapping[int, Load]
    offered: Mapping[int, int]

    @cached_property
    def held(self) -> Mapping[str, int]:
        """Open cases in the hands of those who serve."""
        found = Counter[str]()
        for person in self.there.on_duty:
            held = _held(self.loads, person.id)
            for desk in person.desks if held else ():
                found[desk] += held
        return found

    @cached_property
    def room(self) -> Mapping[str, tuple[int, int]]:
        """How many people of a desk have room, and how many cases all of them can be asked about now.

        Who leads stands behind every desk instead of sitting at one, as in assignment.
        """
        found: dict[str, tuple[int, int]] = {}
        for person in self.there.on_duty:
            offered = self.offered.get(person.id, 0)
            before = _held(self.loads, person.id) + offered
            desks = {MANAGEMENT} if person.leads else person.desks
            for desk in desks & self.company.departments.keys():
                room = self.company.department(desk).capacity - before
                if room > 0:
                    people, cases = found.get(desk, (0, 0))
                    found[desk] = people + 1, cases + min(room, max(OFFERS_AT_ONCE - offered, 0))
        return found


class Waits:
    """What one process knows of the queues."""

    def __init__(self, company: Company) -> None:
        self._company = company
        self._waiting: dict[str, int] = {}
        self._crowd: _Crowd | None = None
        self._joined: Counter[str] = Counter()
        """How many have come since the last look: the first of them take the free places."""
        self._there: Attendance | None = None
        self._past: dict[str, tuple[datetime, Sequence[Past]]] = {}
        self._told: dict[tuple[str, int, int, bool, bool], Estimate | None] = {}
        """Ranges worked out already; those of a desk go when its past does."""
        self._coming: tuple[datetime | None, dict[str, list[tuple[timedelta, int]]]] = (None, {})

    def see(self, there: Attendance) -> None:
        """Take over who is there."""
        self._there = there

    def count(self, waiting: Mapping[str, int]) -> None:
        """Take over how many wait in each department."""
        self._waiting = dict(waiting)

    def waiting(self, department: str) -> int:
        """Return how many wait, also those on offer to somebody."""
        return self._waiting.get(department, 0)

    def joined(self, department: str) -> None:
        """Take over that one more waits, before anybody has looked: many may be put back in one move."""
        self._waiting[department] = self.waiting(department) + 1
        self._joined[department] += 1

    async def refresh(
        self, uow: UnitOfWork, there: Attendance, loads: Mapping[int, Load], offered: Mapping[int, int]
    ) -> None:
        """Look at everything anew, away from the customers' path."""
        self.count(await uow.cases.waiting(there.at))
        self.see(there)
        self._crowd = _Crowd(company=self._company, there=there, loads=loads, offered=offered)
        self._joined.clear()
        if not there.serving:
            # No range is told while nobody serves.
            return
        for desk, (at, _) in list(self._past.items()):
            if not timedelta() <= there.at - at < PAST_KEPT_FOR:
                self._remember(desk, there.at, await uow.cases.past_waits(desk, RECENT))

    async def take(self, uow: UnitOfWork, department: str, there: Attendance) -> Place:
        """Return the place that a new case gets; whoever comes next is behind it."""
        if department not in self._past:
            self._remember(department, there.at, await uow.cases.past_waits(department, RECENT))
        self.see(there)
        place = self._newcomers(department, there)
        self.joined(department)
        return place

    def _newcomers(self, department: str, there: Attendance) -> Place:
        """Return the place of somebody who comes now. Who else waits while people have room is on offer to others."""
        people, _ = self._room(department)
        return self.place(department, self.waiting(department), there, at_once=people > self._joined[department])

    def _room(self, department: str) -> tuple[int, int]:
        return self._crowd.room.get(department, (0, 0)) if self._crowd is not None else (0, 0)

    def _relieved(self, department: str, ahead: int) -> bool:
        """Tell whether those who stand in for a busy desk have room for everybody up to this place."""
        behind = desk_of(self._company, department, department).behind
        return sum(self._room(pool)[1] - self._joined[pool] for _, pool in behind) > ahead

    def place(self, department: str, ahead: int, there: Attendance, *, at_once: bool = False) -> Place:
        """Return what is known of a place behind ``ahead`` others, which are no matter ``at_once``."""
        serving = 0
        if there.serving.get(department, 0):
            serving = people_until_served(self._people(department, there), ahead, HANDLING)
        at_once = at_once and serving > 0
        relieved = serving > 0 and not at_once and self._relieved(department, ahead)
        asked = (department, ahead, serving, at_once, relieved)
        if asked not in self._told:
            _, past = self._past.get(department, (None, ()))
            relief = patience(self._company, department, Priority.NORMAL) if relieved else None
            self._told[asked] = estimate(past, ahead, serving, HANDLING, at_once=at_once, relief=relief)
        return Place(ahead=ahead, serving=serving, at_once=at_once, estimate=self._told[asked])

    def _remember(self, department: str, at: datetime, past: Sequence[Past]) -> None:
        known = self._past.get(department)
        self._past[department] = (at, past)
        if known is None or (known[1] is not past and known[1] != past):
            self._told = {asked: told for asked, told in self._told.items() if asked[0] != department}

    def minutes(self, department: str, there: Attendance) -> list[int] | None:
        """Return the range for somebody who comes now in whole minutes around it, ``None`` while nobody serves."""
        told = self._newcomers(department, there).estimate
        return None if told is None else [told.low // MINUTE, -(-told.high // MINUTE)]

    def answered_by(self, department: Department, priority: Priority, now: datetime, *, times: int = 1) -> datetime:
        """Return by when a desk can have answered one more case, going by all that lies before it and who is there.

        What is urgent passes the others. ``times`` as much open time is allowed for.
        Nothing is known before the first look: then it is ``now``.
        """
        there = self._there
        if there is None:
            return now
        before = 0 if priority is Priority.URGENT else self.waiting(department.id) + self._in_hand(department.id)
        serving, begin = there.serving.get(department.id, 0), now
        if not serving:
            serving, begin = _next_served(department, there, now)
        needed = (HANDLING * (before + 1) / serving + TURNING) * SAFETY * times
        return rounded_up(due_after(department.hours, begin, needed / timedelta(minutes=1)))

    def serves(self, department: str) -> bool:
        """Tell whether anybody takes cases of a desk now, as far as was looked; who leads is management."""
        return self._there is not None and self._there.serving.get(department, 0) > 0

    def _in_hand(self, department: str) -> int:
        return self._crowd.held.get(department, 0) if self._crowd is not None else 0

    def _people(self, department: str, there: Attendance) -> list[tuple[timedelta, int]]:
        """Return how many serve from when on, as the roster has it, worked out once for each look at who is there."""
        at, known = self._coming
        if at != there.at:
            known = {}
            self._coming = (there.at, known)
        if department not in known:
            known[department] = _coming(department, there)
        return known[department]


def _next_served(department: Department, there: Attendance, now: datetime) -> tuple[int, datetime]:
    """Return how many will be at a desk where nobody is now, and from when on, as door and roster have it.

    Flexible people are expected when the door opens. A desk for which nobody is planned is taken to have one person.
    """
    try:
        opening = now if department.hours.is_open(now) else department.hours.next_opening(now)
    except NeverOpen:
        return 1, now
    members = [person.id for person in there.members.get(department.id, ())]
    rostered = [one for one in members if not there.roster.flexible(one)]
    begin = opening
    if rostered and len(rostered) == len(members) and not any(there.roster.rostered(one, opening) for one in rostered):
        starts = [there.roster.next_start(one, opening) for one in rostered]
        begin = min((start for start in starts if start is not None), default=opening)
    settled = begin + SETTLED
    expected = sum(there.roster.flexible(one) or there.roster.rostered(one, settled) for one in members)
    return max(expected, 1), begin


def _coming(department: str, there: Attendance) -> list[tuple[timedelta, int]]:
    serving = {one.id for one in there.on_duty}
    changes: Counter[timedelta] = Counter()
    now = 0
    for person in there.members.get(department, ()):
        if person.id in serving:
            now += 1
            end = there.roster.shift_end(person.id, there.at)
            if end is not None:
                changes[end - there.at] -= 1
        else:
            start = there.roster.next_start(person.id, there.at)
            if start is not None and start - there.at <= AHEAD:
                changes[start - there.at] += 1
    steps = [(timedelta(), now)]
    for moment in sorted(changes):
        steps.append((moment, max(steps[-1][1] + changes[moment], 0)))
    return steps


def _held(loads: Mapping[int, Load], staff_id: int) -> int:
    load = loads.get(staff_id)
    return load.open_cases if load is not None else 0
