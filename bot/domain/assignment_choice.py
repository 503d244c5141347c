"""Whom a kind of case may be put before, in which order: the house rules of assignment as lists of attempts.

Cases that ask for the same things form one kind and share their lists. What a case asks for softens as it waits:
first the best person, after a third of the first-response time any person of the chain who speaks the language, once
the first answer is due anybody of the chain. So a wish may cost a customer minutes, never the answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from bot.domain.assignment_seats import EXPERIENCED, IN_PERSON, Hall, Refusers
from bot.domain.company import MANAGEMENT, RECEPTION, Company, Priority
from bot.domain.routing import Step, links

NOBODY: Refusers = frozenset()


class Stage(IntEnum):
    """How long a case has waited: it still asks for the best, will take another, or its first answer is due."""

    FRESH = 0
    PATIENT = 1
    DUE = 2


# Read thousands of times in a round; the lookup of a member in its class costs more than the comparison.
FRESH, PATIENT, DUE = Stage


@dataclass(frozen=True, slots=True)
class Desk:
    """The chain of one desk as pools: ``home`` is whose work it is, ``behind`` who stands in, nearest first."""

    home: str
    home_step: Step
    behind: tuple[tuple[Step, str], ...]
    pools: tuple[str, ...]
    """All of them, home first."""
    seniors_only: frozenset[Priority]

    def step(self, pool: str) -> Step:
        """Return which link of the chain a pool is."""
        return self.home_step if pool == self.home else next(step for step, name in self.behind if name == pool)


def desk_of(company: Company, department: str, wanted: str) -> Desk:
    """Return the chain of a case. A department that the company does not have is reception; nobody is left standing.

    A case that lies with management (a broken promise, too many hops) is theirs first, whoever was wanted.
    """
    known = company.departments
    owner = wanted if wanted in known else RECEPTION
    nearest = department if department in known else owner
    return _desk(nearest, owner, company.cover_chain(owner), known[owner].seniors_only)


@lru_cache(maxsize=1024)
def _desk(department: str, owner: str, declared: tuple[str, ...], seniors_only: frozenset[Priority]) -> Desk:
    """Whoever has the case already stands in before those whom the file names."""
    home = MANAGEMENT if department == MANAGEMENT else owner
    chain = links(home, (department, *declared))
    return Desk(
        home=home,
        home_step=Step.DEPARTMENT if home == owner else Step.MANAGER,
        behind=chain[1:],
        pools=tuple(one for _, one in chain),
        seniors_only=seniors_only,
    )


class Asks(NamedTuple):
    """What a case asks for: two cases of one desk that ask for the same are one kind."""

    stage: Stage
    manager: bool
    """It was refused often enough for a manager to have it in person."""
    complaint: bool
    urgent: bool
    only_seniors: bool
    language: int
    skill: int
    refused: Refusers


class Attempt(NamedTuple):
    """One thing to try: the best person of a pool with these bits. ``rotate``: the people of these pools in turn."""

    step: Step
    pool: str
    bits: int
    refused: Refusers
    in_person: bool = False
    rotate: tuple[str, ...] = ()


class Kind:
    """All cases of a desk that ask for the same. ``own`` is tried at a case's own weight, `others` later."""

    __slots__ = (
        *("_asks", "_bits", "_desk", "_hall", "_only_seniors", "_others", "_prefers_seniors", "_stage", "_wishes"),
        *("others_spent", "own", "own_spent"),
    )

    def __init__(self, hall: Hall, desk: Desk, asks: Asks) -> None:
        self._hall, self._desk, self._asks = hall, desk, asks
        # An emergency is never kept waiting for a skill or a senior, only for a language, and that until it is due.
        self._stage = max(asks.stage, PATIENT) if asks.urgent else asks.stage
        self._wishes = self._wished()
        self._bits = tuple(dict.fromkeys(self._wishes[: self._stage + 1]))
        self._only_seniors = (
            asks.only_seniors
            and self._stage is not DUE
            and hall.present(desk.pools, self._bits[-1] | EXPERIENCED, asks.refused)
        )
        self._prefers_seniors = asks.complaint or asks.urgent or self._only_seniors
        self.own = list(self._in_person() if asks.manager else self._at_home())
        self.own_spent = self.others_spent = False
        """Nobody is left for `own`, for `others`, in this round."""
        self._others: list[Attempt] | None = None

    @property
    def others(self) -> list[Attempt]:
        """Who stands in, listed when it is first needed: most cases find their person at home."""
        if self._others is None:
            self._others = list(self._after_refusals() if self._asks.manager else self._elsewhere())
        return self._others

    def suits(self, bits: int, staff_id: int) -> bool:
        """Tell whether a person the customer knows may come first: they have all that the kind asks for."""
        asked = self.own[0].bits
        return not self._asks.manager and bits & asked == asked and staff_id not in self._asks.refused

    # --- what is asked ----------------------------------------------------------------------------------------------

    def _wished(self) -> tuple[int, int, int]:
        """What to look for, best first, one more at every stage. What nobody on duty in the chain has is not asked."""
        pools, refused = self._desk.pools, self._asks.refused
        language = self._asks.language if self._hall.present(pools, self._asks.language, refused) else 0
        skill = self._asks.skill if self._hall.present(pools, language | self._asks.skill, refused) else 0
        return language | skill, language, 0

    def _senior_at_home(self, bits: int) -> bool:
        return self._hall.present((self._desk.home,), bits | EXPERIENCED, self._asks.refused)

    # --- the lists --------------------------------------------------------------------------------------------------

    def _at_home(self) -> Iterator[Attempt]:
        step, home, refused = self._desk.home_step, self._desk.home, self._asks.refused
        for bits in self._bits:
            if self._prefers_seniors:
                yield Attempt(step, home, bits | EXPERIENCED, refused)
            if self._asks.complaint:
                if not self._senior_at_home(bits) and home != MANAGEMENT:
                    yield Attempt(Step.MANAGER, MANAGEMENT, bits, refused)
                elif self._stage is FRESH:
                    continue  # a senior of the desk is there, merely busy: worth a short wait
            if not self._only_seniors:
                yield Attempt(step, home, bits, refused)

    def _elsewhere(self) -> Iterator[Attempt]:
        """Covers, who leads, reception; not while the case is fresh and people of its own desk are merely busy."""
        asked = self._bits[0] | (EXPERIENCED if self._only_seniors else 0)
        if self._stage is FRESH and self._hall.present((self._desk.home,), asked, self._asks.refused):
            return
        for step, pool in self._desk.behind:
            for bits in self._bits:
                if self._prefers_seniors:
                    yield Attempt(step, pool, bits | EXPERIENCED, self._asks.refused)
                if not self._only_seniors:
                    yield Attempt(step, pool, bits, self._asks.refused)
        if not self._only_seniors:
            yield from self._again(MANAGEMENT, RECEPTION)

    def _in_person(self) -> Iterator[Attempt]:
        """Who leads takes it, also one without what is wished for or who declined the offer: somebody has to."""
        for refused in dict.fromkeys((self._asks.refused, NOBODY)):
            for bits in dict.fromkeys(self._wishes):
                yield Attempt(Step.MANAGER, IN_PERSON, bits, refused, in_person=True)

    def _after_refusals(self) -> Iterator[Attempt]:
        """Nobody who leads is free: reception, then the chain from its start, then those who refused, in turn."""
        desk = self._desk
        chain = dict.fromkeys([(desk.step(RECEPTION), RECEPTION), (desk.home_step, desk.home), *desk.behind])
        for step, pool in chain:
            if pool != MANAGEMENT:
                yield from (Attempt(step, pool, bits, self._asks.refused) for bits in self._bits)
        yield from self._again(RECEPTION)

    def _again(self, *first: str) -> Iterator[Attempt]:
        """Ask those who refused once more: a case that everybody refused is still a case."""
        if self._asks.refused:
            pools = tuple(dict.fromkeys([*first, *self._desk.pools]))
            for bits in self._bits:
                yield Attempt(self._desk.home_step, self._desk.home, bits, NOBODY, rotate=pools)
