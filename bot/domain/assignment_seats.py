"""The people on duty as assignment sees them: pools of free seats per department, best candidate first.

A pool is a sorted list, so the best candidate is nearly always its first entry; it holds only people who can take one
more case. That keeps a decision over thousands of cases within a few milliseconds.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.domain.assignment_terms import Person
from bot.domain.company import MANAGEMENT, RECEPTION, Company

IN_PERSON = "in person"
"""The pool of those who lead, for cases given without an offer: open offers before them do not stand in the way."""

NOBODY: frozenset[int] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What a case asks of its person; `None` and `False` ask nothing. ``refused`` are people not to be asked again."""

    language: str | None = None
    skill: str | None = None
    experienced: bool = False
    refused: frozenset[int] = NOBODY

    def met_by(self, person: Person) -> bool:
        """Tell whether the person is what the case asks for."""
        return (
            person.id not in self.refused
            and (self.language is None or self.language in person.languages)
            and (self.skill is None or self.skill in person.skills)
            and (not self.experienced or person.experienced)
        )


class Seat:
    """One person during one round of assignment, with what this round has put before them already."""

    __slots__ = ("entry", "load", "offered", "person", "pools")

    def __init__(self, person: Person, pools: tuple[str, ...]) -> None:
        self.person = person
        self.pools = pools
        self.load = person.open_cases + person.offered
        self.offered = person.offered
        self.entry = self._entry()

    def moved(self, *, in_person: bool) -> None:
        """Count one more case."""
        self.load += 1
        self.offered += not in_person
        self.entry = self._entry()

    def _entry(self) -> Entry:
        return self.load, self.person.idle_since.timestamp(), self.person.id, self


Entry = tuple[int, float, int, Seat]
"""Least loaded, then longest idle, then the smaller id; ids are unique, so seats are never compared."""


class Hall:
    """Everybody on duty. Who leads sits in the pool of management and covers every desk from there."""

    def __init__(self, company: Company, people: Iterable[Person], offers_at_once: int) -> None:
        self._limit = offers_at_once
        self._capacity = {one.id: one.capacity for one in company.departments.values()}
        lead = self._capacity.get(MANAGEMENT, self._capacity[RECEPTION])
        self._capacity |= {MANAGEMENT: lead, IN_PERSON: lead}
        self.free: dict[str, list[Entry]] = {name: [] for name in self._capacity}
        self.members: dict[str, list[Person]] = {name: [] for name in self._capacity}
        self._seats: dict[int, Seat] = {}
        for person in people:
            self._admit(person)
        for pool in self.free.values():
            pool.sort()

    def _admit(self, person: Person) -> None:
        if person.leads:
            pools: tuple[str, ...] = (MANAGEMENT, IN_PERSON)
        else:
            pools = tuple(name for name in person.departments if name in self._capacity and name != MANAGEMENT)
        seat = self._seats[person.id] = Seat(person, pools)
        for name in pools:
            self.members[name].append(person)
            if self._room(seat, name):
                self.free[name].append(seat.entry)

    def _room(self, seat: Seat, pool: str) -> bool:
        return seat.load < self._capacity[pool] and (pool == IN_PERSON or seat.offered < self._limit)

    def best(self, pool: str, wish: Wish) -> Seat | None:
        """Return the free person of a pool who meets the wish with the least load, or longest idle."""
        met_by = wish.met_by
        for entry in self.free[pool]:
            if met_by(entry[3].person):
                return entry[3]
        return None

    def all_free(self, pools: Sequence[str], wish: Wish) -> list[Seat]:
        """Return every free person of these pools who meets the wish, each once, in the order of the pools."""
        found = {entry[2]: entry[3] for name in pools for entry in self.free[name] if wish.met_by(entry[3].person)}
        return list(found.values())

    def seat_in(self, staff_id: int, pools: Sequence[str]) -> tuple[Seat, str] | None:
        """Return a certain person and the first of these pools in which they are free, or None."""
        seat = self._seats.get(staff_id)
        if seat is None:
            return None
        return next(((seat, name) for name in pools if name in seat.pools and self._room(seat, name)), None)

    def present(self, pools: Iterable[str]) -> Iterator[Person]:
        """Walk everybody on duty in these pools, busy people too."""
        for name in pools:
            yield from self.members[name]

    def take(self, seat: Seat, *, in_person: bool) -> None:
        """Put one more case before a person, and re-seat them in every pool of theirs."""
        old = seat.entry
        seat.moved(in_person=in_person)
        for name in seat.pools:
            pool = self.free[name]
            at = bisect_left(pool, old)
            if at < len(pool) and pool[at][3] is seat:
                del pool[at]
            if self._room(seat, name):
                insort(pool, seat.entry)
