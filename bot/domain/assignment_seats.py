"""The people on duty as assignment sees them: pools of free seats per department, best candidate first.

A pool is a sorted list, so the best candidate is nearly always its first entry; it holds only people who can take one
more case. What a person can do is a set of bits, so that "speaks English and knows invoices" is one operation. Both
keep a round over thousands of cases within a few milliseconds.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from bot.domain.company import MANAGEMENT, RECEPTION, Company
from bot.domain.staff import StaffMember

BEYOND = 3
"""How many times their capacity somebody who leads is given in person, before a refused case waits for them."""

IN_PERSON = "in person"
"""The pool of those who lead, for cases given without an offer: open offers before them do not stand in the way."""

EXPERIENCED = 1
"""The bit of people whom complaints and emergencies are best put before."""

Refusers = frozenset[int]
"""Staff ids not to be asked again."""


class Seat:
    """One person during one round of assignment, with what this round has put before them already."""

    __slots__ = ("bits", "entry", "id", "idle", "load", "offered", "pools")

    def __init__(self, staff_id: int, pools: tuple[str, ...], bits: int) -> None:
        self.id = staff_id
        self.pools = pools
        self.bits = bits

    def begin(self, open_cases: int, offered: int, idle_since: datetime) -> None:
        """Take over what the person has before them as a round begins."""
        self.idle = idle_since.timestamp()
        self.load = open_cases + offered
        self.offered = offered
        self.entry: Entry = (self.load, self.idle, self.id, self)

    def moved(self, *, in_person: bool) -> None:
        """Count one more case."""
        self.load += 1
        self.offered += not in_person
        self.entry = (self.load, self.idle, self.id, self)


Entry = tuple[int, float, int, Seat]
"""Least loaded, then longest idle, then the smaller id; ids are unique, so seats are never compared."""


class Hall:
    """Everybody on duty. Who leads sits in the pool of management and stands behind every desk from there.

    It serves one round after the other for as long as the same people are there; each of them calls `begin` first, and
    says what people have before them.
    """

    def __init__(self, company: Company, people: Iterable[StaffMember], offers_at_once: int) -> None:
        self._limit = offers_at_once
        self._capacity = {one.id: one.capacity for one in company.departments.values()}
        lead = self._capacity.get(MANAGEMENT, self._capacity[RECEPTION])
        # What everybody refused reaches a manager also beyond what they carry of their own accord.
        self._capacity |= {MANAGEMENT: lead, IN_PERSON: lead * BEYOND}
        self.free: dict[str, list[Entry]] = {name: [] for name in self._capacity}
        self.ids: dict[str, set[int]] = {name: set() for name in self._capacity}
        """Everybody on duty in a pool, busy people too."""
        self._profiles: dict[str, dict[int, set[int]]] = {name: {} for name in self._capacity}
        self._known: dict[tuple[tuple[str, ...], int, Refusers], bool] = {}
        self._staff: dict[tuple[str, ...], frozenset[int]] = {}
        self._seats: dict[int, Seat] = {}
        self.languages: dict[str, int] = {}
        """The bit of every language that somebody on duty speaks."""
        self.skills: dict[str, int] = {}
        """The bit of every skill that somebody on duty has."""
        for person in people:
            self._admit(person)

    def begin(self, loads: Mapping[int, tuple[int, datetime]], offered: Mapping[int, int], now: datetime) -> None:
        """Begin a round: open cases and idle times of people, and how much is on offer to them.

        Whoever is in neither has nothing before them, as of ``now``.
        """
        nothing = (0, now)
        for pool in self.free.values():
            pool.clear()
        for seat in self._seats.values():
            open_cases, idle_since = loads.get(seat.id, nothing)
            seat.begin(open_cases, offered.get(seat.id, 0), idle_since)
            for name in seat.pools:
                if self._room(seat, name):
                    self.free[name].append(seat.entry)
        for pool in self.free.values():
            pool.sort()

    def _admit(self, person: StaffMember) -> None:
        if person.leads:
            pools: tuple[str, ...] = (MANAGEMENT, IN_PERSON)
        else:
            pools = tuple(name for name in person.desks if name in self._capacity)
        seat = self._seats[person.id] = Seat(person.id, pools, self._all_bits(person))
        for name in pools:
            self.ids[name].add(person.id)
            self._profiles[name].setdefault(seat.bits, set()).add(person.id)

    def _all_bits(self, person: StaffMember) -> int:
        bits = EXPERIENCED if person.senior or person.leads else 0
        for known, mine in ((self.languages, person.languages), (self.skills, person.skills)):
            for quality in mine:
                if quality not in known:
                    known[quality] = 2 << (len(self.languages) + len(self.skills))
                bits |= known[quality]
        return bits

    def _room(self, seat: Seat, pool: str) -> bool:
        return seat.load < self._capacity[pool] and (pool == IN_PERSON or seat.offered < self._limit)

    def vacant(self, pools: Iterable[str]) -> bool:
        """Tell whether anybody in these pools can take one more case."""
        return any(self.free[name] for name in pools)

    def staff(self, pools: tuple[str, ...]) -> frozenset[int]:
        """Return who is on duty in these pools, busy people too."""
        found = self._staff.get(pools)
        if found is None:
            found = self._staff[pools] = frozenset().union(*(self.ids[name] for name in pools))
        return found

    def present(self, pools: tuple[str, ...], bits: int, refused: Refusers) -> bool:
        """Tell whether anybody on duty in these pools can do all of this and has not refused, busy or free."""
        key = (pools, bits, refused)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = any(
                profile & bits == bits and not ids <= refused
                for name in pools
                for profile, ids in self._profiles[name].items()
            )
        return found

    def best(self, pool: str, bits: int, refused: Refusers) -> Seat | None:
        """Return the free person of a pool who can do all of this, with the least load, then longest idle."""
        for _, _, staff_id, seat in self.free[pool]:
            if seat.bits & bits == bits and staff_id not in refused:
                return seat
        return None

    def all_free(self, pools: Sequence[str], bits: int) -> list[Seat]:
        """Return every free person of these pools who can do all of this, each once, in the order of the pools."""
        found = {entry[2]: entry[3] for name in pools for entry in self.free[name] if entry[3].bits & bits == bits}
        return list(found.values())

    def seat_in(self, staff_id: int, pools: Iterable[str]) -> tuple[Seat, str] | None:
        """Return a certain person and the first of these pools in which they are free, or None."""
        seat = self._seats.get(staff_id)
        if seat is None:
            return None
        return next(((seat, name) for name in pools if name in seat.pools and self._room(seat, name)), None)

    def take(self, seat: Seat, *, in_person: bool) -> bool:
        """Put one more case before a person, and re-seat them in every pool of theirs; tell whether one ran empty."""
        old, ran_empty = seat.entry, False
        seat.moved(in_person=in_person)
        ringing = seat.offered >= self._limit
        for name in seat.pools:
            pool = self.free[name]
            at = 0 if pool and pool[0][3] is seat else bisect_left(pool, old)
            if at < len(pool) and pool[at][3] is seat:
                del pool[at]
                if seat.load < self._capacity[name] and (not ringing or name == IN_PERSON):
                    insort(pool, seat.entry)
                ran_empty = ran_empty or not pool
        return ran_empty
