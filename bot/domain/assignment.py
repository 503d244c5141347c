"""Who takes which case: eligible people on duty, best first, and no case left out for being old, odd or refused.

The rules, in the order in which they are asked:

- Heaviest case first (`weight`): priority is a head start of minutes, waiting counts without bound.
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

from collections import deque
from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.domain.assignment_choice import Attempt, Desk, Kind, Stage, desk_of
from bot.domain.assignment_seats import Hall, Seat
from bot.domain.assignment_terms import (
    Person,
    Plan,
    Step,
    WaitingCase,
    first_answer,
    in_order,
    patience,
    rank,
    weight,
)
from bot.domain.company import Company, Priority

__all__ = ["Person", "Plan", "Step", "WaitingCase", "assign", "in_order", "next_look", "patience", "weight"]

COVER_LAG = 600.0
"""Seconds by which a case of one's own desk precedes one that is covered for another; finite, so neither starves."""

OFFERS_AT_ONCE = 3
"""Open offers before one person at a time. More than one can read before they run out would count as refusals."""


def assign(
    company: Company,
    cases: Sequence[WaitingCase],
    people: Iterable[Person],
    now: datetime,
    *,
    offers_at_once: int = OFFERS_AT_ONCE,
) -> list[Plan]:
    """Decide what to do with the waiting cases: at most one plan for a case, nobody beyond their capacity.

    ``people`` are those on duty now. Cases without a plan stay where they are; call again when somebody becomes free,
    or at `next_look`.
    """
    return _Round(company, Hall(company, people, offers_at_once), now).run(cases)


def next_look(company: Company, cases: Iterable[WaitingCase], now: datetime) -> datetime | None:
    """Return the first moment after ``now`` at which a case, by waiting alone, may go to people it could not go to."""
    moments = (
        case.waiting_since + after(company, case.wanted, case.priority)
        for case in cases
        for after in (patience, first_answer)
    )
    return min((moment for moment in moments if moment > now), default=None)


class _Queue:
    """What a round knows about one desk: its chain, and whether anybody in it is free still."""

    __slots__ = ("alive", "desk", "kinds")

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.alive = True
        self.kinds: dict[tuple[object, ...], Kind] = {}


class _Round:
    """One call of `assign`."""

    def __init__(self, company: Company, hall: Hall, now: datetime) -> None:
        self._company, self._hall, self._now = company, hall, now.timestamp()
        self._tries = company.assignment.offers_before_manager
        self._queues: dict[tuple[str, str], _Queue] = {}
        self._limits: dict[tuple[str, Priority], tuple[float, float]] = {}
        self._plans: list[Plan] = []

    def run(self, cases: Sequence[WaitingCase]) -> list[Plan]:
        """Walk the cases, heaviest first; those for which their own desk has nobody follow with a lag."""
        ranked = [(rank(case), case) for case in cases if self._queue(case).alive]
        ranked.sort(key=lambda pair: pair[0])
        late: deque[tuple[float, WaitingCase, Kind]] = deque()
        for place, case in ranked:
            while late and late[0][0] < place:
                self._others(*late.popleft()[1:])
            self._own(place, case, late)
        while late:
            self._others(*late.popleft()[1:])
        return self._plans

    def _own(self, place: float, case: WaitingCase, late: deque[tuple[float, WaitingCase, Kind]]) -> None:
        queue = self._queue(case)
        if not queue.alive:
            return
        kind = self._kind(queue, case)
        if self._to_previous(queue.desk, kind, case):
            return
        if not kind.own_spent:
            if self._try(kind.own, case, queue.desk):
                return
            kind.own_spent = True
        if kind.others:
            late.append((place + COVER_LAG, case, kind))
        else:
            self._check(queue)

    def _others(self, case: WaitingCase, kind: Kind) -> None:
        queue = self._queue(case)
        if not queue.alive or not kind.others or self._try(kind.others, case, queue.desk):
            return
        kind.others = []
        self._check(queue)

    def _check(self, queue: _Queue) -> None:
        queue.alive = any(self._hall.free[name] for name in queue.desk.pools)

    def _to_previous(self, desk: Desk, kind: Kind, case: WaitingCase) -> bool:
        if case.previous_staff_id is None or kind.previous is None:
            return False
        found = self._hall.seat_in(case.previous_staff_id, desk.pools)
        if found is None or not kind.previous.met_by(found[0].person):
            return False
        self._plan(case, found[0], desk.step(found[1]))
        return True

    def _try(self, attempts: Iterable[Attempt], case: WaitingCase, desk: Desk) -> bool:
        for attempt in attempts:
            if attempt.rotate:
                asked = self._hall.all_free(attempt.rotate, attempt.wish)
                if asked:
                    seat = asked[case.tries % len(asked)]
                    self._plan(case, seat, desk.step(next(name for name in attempt.rotate if name in seat.pools)))
                    return True
            elif (best := self._hall.best(attempt.pool, attempt.wish)) is not None:
                self._plan(case, best, attempt.step, in_person=attempt.in_person)
                return True
        return False

    def _plan(self, case: WaitingCase, seat: Seat, step: Step, *, in_person: bool = False) -> None:
        self._hall.take(seat, in_person=in_person)
        self._plans.append(Plan(case_id=case.id, staff_id=seat.person.id, step=step, in_person=in_person))

    # --- what cases share -------------------------------------------------------------------------------------------

    def _queue(self, case: WaitingCase) -> _Queue:
        key = (case.department, case.wanted)
        found = self._queues.get(key)
        if found is None:
            found = self._queues[key] = _Queue(desk_of(self._company, *key))
            self._check(found)
        return found

    def _kind(self, queue: _Queue, case: WaitingCase) -> Kind:
        stage, manager = self._stage(case), case.tries >= self._tries
        key = (stage, manager, case.priority, case.language, case.skill, case.complaint, case.refused_by)
        found = queue.kinds.get(key)
        if found is None:
            found = queue.kinds[key] = Kind(self._hall, queue.desk, case, stage, manager=manager)
        return found

    def _stage(self, case: WaitingCase) -> Stage:
        key = (case.wanted, case.priority)
        limits = self._limits.get(key)
        if limits is None:
            first, last = patience(self._company, *key), first_answer(self._company, *key)
            limits = self._limits[key] = (first.total_seconds(), last.total_seconds())
        waited = self._now - case.waiting_since.timestamp()
        if waited < limits[0]:
            return Stage.FRESH
        return Stage.PATIENT if waited < limits[1] else Stage.DUE
