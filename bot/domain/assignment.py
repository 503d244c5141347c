"""Who takes which case: eligible people on duty, best first, and no case left out for being old, odd or refused.

The rules, in the order in which they are asked:

- Heaviest case first (`WaitingCase.place`): priority is a head start of minutes, waiting counts without bound.
- The person this customer had before; else the least loaded, longest idle, smallest id of the case's own desk.
- Complaints and emergencies to seniors of the desk; a complaint at a desk without one to whoever leads.
- Language and skill are asked for as long as somebody on duty in the chain has them; language matters more.
- Covers, whoever leads, reception: at once if the own desk is empty, after a while (`patience`) if it is merely busy.
  Other desks' cases come `COVER_LAG` later than one's own.
- After enough refusals a manager has the case in person; else reception; else those who refused are asked in turn.

Opening hours are not asked: whoever is on duty takes what waits. Nothing here drops a case; what finds nobody waits on
with the dated promise that its customer was given. `next_look` tells when waiting alone will change an answer.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import TypeVar

from bot.domain.assignment_choice import DUE, FRESH, NOBODY, PATIENT, Asks, Attempt, Desk, Kind, Stage, desk_of
from bot.domain.assignment_seats import IN_PERSON, Hall, Seat
from bot.domain.assignment_terms import InQueue, Plan, WaitingCase, first_answer, patience
from bot.domain.company import Company, Priority
from bot.domain.routing import Step

Queued = TypeVar("Queued", bound=InQueue)

COVER_LAG = 600.0
"""Seconds by which a case of one's own desk precedes one that is covered for another; finite, so neither starves."""

OFFERS_AT_ONCE = 3
"""Open offers before one person at a time. More than one can read before they run out would count as refusals."""


def assign(
    hall: Hall, company: Company, cases: Sequence[WaitingCase], now: datetime, *, at_most: int = sys.maxsize
) -> list[Plan]:
    """Decide what to do with the waiting cases: at most one plan for a case, nobody beyond their capacity.

    In the ``hall`` sit those on duty now, and it has just begun a round. Cases without a plan stay where they are; call
    again when somebody becomes free, or at `next_look`. ``at_most`` so many plans are made: the same ones, in the same
    order, that would come first.
    """
    return _Round(company, hall, now, at_most).run(cases)


def within_reach(hall: Hall, company: Company, cases: Iterable[Queued]) -> list[Queued]:
    """Return the cases for which anybody of their chain is free, in the same order; `assign` passes the others over.

    What those wait for is that somebody becomes free, which no clock knows beforehand.
    """
    queues, refused = _Queues(company, hall), company.assignment.offers_before_manager
    return [case for case in cases if queues[case.department, case.wanted, case.tries >= refused].alive]


def next_look(company: Company, cases: Iterable[WaitingCase], now: datetime) -> datetime | None:
    """Return the first moment after ``now`` at which a case, by waiting alone, may go to people it could not go to."""
    known: dict[tuple[str, Priority], tuple[timedelta, timedelta]] = {}
    moments = []
    for case in cases:
        kind = case.wanted, case.priority
        if kind not in known:
            known[kind] = patience(company, *kind), first_answer(company, *kind)
        moments += [case.waiting_since + after for after in known[kind]]
    return min((moment for moment in moments if moment > now), default=None)


URGENT = Priority.URGENT
"""Read thousands of times in a round; the lookup of a member in its class costs more than the comparison."""


class _Queue:
    """What a round knows about one desk: its chain, its kinds of case, and whether anybody in it is free still.

    Cases that a manager has to have in person form a queue of their own: more people are free for them.
    """

    __slots__ = ("_company", "_hall", "_limits", "_pools", "_wanted", "alive", "desk", "in_person", "kinds", "staff")

    def __init__(self, company: Company, hall: Hall, department: str, wanted: str, in_person: bool) -> None:
        self._company, self._hall, self._wanted = company, hall, wanted
        self._limits: dict[Priority, tuple[float, float]] = {}
        self.desk = desk_of(company, department, wanted)
        self.in_person = in_person
        self._pools = (IN_PERSON, *self.desk.pools) if in_person else self.desk.pools
        self.alive = hall.vacant(self._pools)
        self.staff = hall.staff(self.desk.pools)
        self.kinds: dict[tuple[object, ...], Kind] = {}

    def look_round(self) -> bool:
        """Tell whether anybody is free still; who is not will not be again in this round."""
        self.alive = self.alive and self._hall.vacant(self._pools)
        return self.alive

    def stage(self, priority: Priority, waited: float) -> Stage:
        """Return how long a case has waited, in terms of what it still insists on."""
        limits = self._limits.get(priority)
        if limits is None:
            first, last = (after(self._company, self._wanted, priority) for after in (patience, first_answer))
            limits = self._limits[priority] = (first.total_seconds(), last.total_seconds())
        if waited < limits[0]:
            return FRESH
        return PATIENT if waited < limits[1] else DUE


class _Queues(dict[tuple[str, str, bool], _Queue]):
    """The queue of every (department, wanted, in person) that occurs, made when it is first asked for."""

    def __init__(self, company: Company, hall: Hall) -> None:
        super().__init__()
        self._company, self._hall = company, hall

    def __missing__(self, key: tuple[str, str, bool]) -> _Queue:
        self[key] = _Queue(self._company, self._hall, *key)
        return self[key]


class _Round:
    """One call of `assign`."""

    def __init__(self, company: Company, hall: Hall, now: datetime, at_most: int) -> None:
        self._hall, self._now, self._at_most = hall, now.timestamp(), at_most
        self._manager_after = company.assignment.offers_before_manager
        self._queues = _Queues(company, hall)
        self._late: deque[tuple[float, WaitingCase, _Queue, Kind]] = deque()
        self._plans: list[Plan] = []
        self._left = 0
        """Queues in whose chain somebody is free still; none once there are plans enough."""

    def run(self, cases: Sequence[WaitingCase]) -> list[Plan]:
        """Walk the cases, heaviest first; those for which their own desk has nobody follow with a lag."""
        queues, late, refused = self._queues, self._late, self._manager_after
        live = [case for case in cases if queues[case.department, case.wanted, case.tries >= refused].alive]
        live.sort(key=attrgetter("place"))
        self._look_round()
        for case in live:
            while late and late[0][0] < case.place and self._left:
                self._others(*late.popleft()[1:])
            if not self._left:
                return self._plans
            queue = queues[case.department, case.wanted, case.tries >= refused]
            if queue.alive:
                self._own(case, queue)
        while late and self._left:
            self._others(*late.popleft()[1:])
        return self._plans

    def _look_round(self) -> None:
        """Count the queues that are worth looking at: most of a long morning's cases need not even be read."""
        self._left = sum(queue.look_round() for queue in self._queues.values())

    def _own(self, case: WaitingCase, queue: _Queue) -> None:
        kind = self._kind(queue, case)
        if case.previous_staff_id is not None and self._to_previous(case.previous_staff_id, case, queue.desk, kind):
            return
        if not kind.own_spent:
            if self._try(kind.own, case, queue.desk):
                return
            kind.own_spent = True
        if not kind.others_spent:
            self._late.append((case.place + COVER_LAG, case, queue, kind))

    def _others(self, case: WaitingCase, queue: _Queue, kind: Kind) -> None:
        if queue.alive and not kind.others_spent and not self._try(kind.others, case, queue.desk):
            kind.others_spent = True

    def _to_previous(self, staff_id: int, case: WaitingCase, desk: Desk, kind: Kind) -> bool:
        found = self._hall.seat_in(staff_id, desk.pools)
        if found is None or not kind.suits(found[0].bits, staff_id):
            return False
        self._plan(case, found[0], desk.step(found[1]))
        return True

    def _try(self, attempts: Iterable[Attempt], case: WaitingCase, desk: Desk) -> bool:
        for attempt in attempts:
            if attempt.rotate:
                asked = self._hall.all_free(attempt.rotate, attempt.bits)
                if asked:
                    seat = asked[case.tries % len(asked)]
                    self._plan(case, seat, desk.step(next(name for name in attempt.rotate if name in seat.pools)))
                    return True
            elif (best := self._hall.best(attempt.pool, attempt.bits, attempt.refused)) is not None:
                self._plan(case, best, attempt.step, in_person=attempt.in_person)
                return True
        return False

    def _plan(self, case: WaitingCase, seat: Seat, step: Step, *, in_person: bool = False) -> None:
        self._plans.append(Plan(case_id=case.id, staff_id=seat.id, step=step, in_person=in_person))
        if self._hall.take(seat, in_person=in_person):
            self._look_round()
        if len(self._plans) >= self._at_most:
            self._left = 0

    def _kind(self, queue: _Queue, case: WaitingCase) -> Kind:
        asks = (
            queue.stage(case.priority, self._now - case.since),
            queue.in_person,
            case.complaint,
            case.priority == URGENT,
            case.priority in queue.desk.seniors_only,
            self._hall.languages.get(case.language, 0),
            self._hall.skills.get(case.skill, 0) if case.skill else 0,
            case.refused_by & queue.staff if case.refused_by else NOBODY,
        )
        found = queue.kinds.get(asks)
        if found is None:
            found = queue.kinds[asks] = Kind(self._hall, queue.desk, Asks(*asks))
        return found
