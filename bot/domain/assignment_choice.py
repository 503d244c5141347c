"""Whom a kind of case may be put before, in which order: the house rules of assignment as lists of attempts.

Cases that ask for the same things form one kind and share their lists. What a case asks for softens as it waits:
first the best person, after a third of the first-response time any person of the chain who speaks the language, once
the first answer is due anybody of the chain. So a wish may cost a customer minutes, never the answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import IntEnum

from bot.domain.assignment_seats import IN_PERSON, NOBODY, Hall, Wish
from bot.domain.assignment_terms import Step, WaitingCase
from bot.domain.company import MANAGEMENT, RECEPTION, Company, Priority


class Stage(IntEnum):
    """How long a case has waited: it still asks for the best, will take another, or its first answer is due."""

    FRESH = 0
    PATIENT = 1
    DUE = 2


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
    home = MANAGEMENT if department == MANAGEMENT else owner
    nearest = [department, *(one.id for one in company.chain(owner))]
    covers = dict.fromkeys(one for one in nearest if one in known and one not in (home, RECEPTION, MANAGEMENT))
    behind = [(Step.COVER, one) for one in covers]
    behind += [(Step.MANAGER, MANAGEMENT), (Step.RECEPTION, RECEPTION)]
    behind = [(step, one) for step, one in behind if one != home]
    return Desk(
        home=home,
        home_step=Step.MANAGER if home != owner else Step.PERSON,
        behind=tuple(behind),
        pools=(home, *(one for _, one in behind)),
        seniors_only=known[owner].seniors_only,
    )


@dataclass(frozen=True, slots=True)
class Attempt:
    """One thing to try: the best person of the pools who meets the wish. ``rotate``: all refused, ask them in turn."""

    step: Step
    pool: str
    wish: Wish
    in_person: bool = False
    rotate: tuple[str, ...] = ()


class Kind:
    """What all cases that ask for the same share, and whether anybody is left for them in this round.

    ``own`` is tried at the case's own weight; ``others`` with a lag, so that who covers serves their own queue first.
    """

    __slots__ = ("_case", "_desk", "_hall", "_refused", "_stage", "_wishes", "others", "own", "own_spent", "previous")

    def __init__(self, hall: Hall, desk: Desk, case: WaitingCase, stage: Stage, *, manager: bool) -> None:
        self._hall, self._desk, self._case = hall, desk, case
        self._refused = case.refused_by
        # An emergency is never kept waiting for a skill or a senior, only for a language, and that until it is due.
        self._stage = max(stage, Stage.PATIENT) if case.priority is Priority.URGENT else stage
        self._wishes = self._wishes_in_force()
        self.own: list[Attempt]
        self.others: list[Attempt]
        if manager:
            self.own, self.others = self._in_person(), self._after_refusals()
        else:
            self.own, self.others = self._at_home(), self._elsewhere()
        self.previous: Wish | None = None if manager else self.own[0].wish
        self.own_spent = False

    # --- what is asked ----------------------------------------------------------------------------------------------

    def _wishes_in_force(self) -> list[Wish]:
        """What to look for, best first. What nobody on duty in the chain has is not asked for at all."""
        pools = self._desk.pools
        exact = Wish(refused=self._refused)
        if self._someone(pools, fluent := replace(exact, language=self._case.language)):
            exact = fluent
        if self._someone(pools, able := replace(exact, skill=self._case.skill)):
            exact = able
        softer = [exact]
        if self._stage >= Stage.PATIENT:
            softer.append(replace(exact, skill=None))
        if self._stage >= Stage.DUE:
            softer.append(replace(exact, skill=None, language=None))
        return list(dict.fromkeys(softer))

    def _someone(self, pools: tuple[str, ...], wish: Wish) -> bool:
        return any(map(wish.met_by, self._hall.present(pools)))

    @property
    def _prefers_seniors(self) -> bool:
        return self._case.complaint or self._case.priority is Priority.URGENT or self._only_seniors

    @property
    def _only_seniors(self) -> bool:
        if self._case.priority not in self._desk.seniors_only or self._stage is Stage.DUE:
            return False
        return self._someone(self._desk.pools, replace(self._wishes[-1], experienced=True))

    # --- the lists --------------------------------------------------------------------------------------------------

    def _at_home(self) -> list[Attempt]:
        found: list[Attempt] = []
        for wish in self._wishes:
            if self._prefers_seniors:
                found += self._seniors_first(wish)
            if not self._only_seniors and not self._waits_for_senior(wish):
                found.append(Attempt(self._desk.home_step, self._desk.home, wish))
        return found

    def _seniors_first(self, wish: Wish) -> Iterator[Attempt]:
        senior = replace(wish, experienced=True)
        yield Attempt(self._desk.home_step, self._desk.home, senior)
        if self._case.complaint and self._desk.home != MANAGEMENT and not self._someone((self._desk.home,), senior):
            yield Attempt(Step.MANAGER, MANAGEMENT, wish)

    def _waits_for_senior(self, wish: Wish) -> bool:
        """Tell whether a complaint is still fresh and its own desk has a senior, who is merely busy."""
        fresh = self._case.complaint and self._stage is Stage.FRESH
        return fresh and self._someone((self._desk.home,), replace(wish, experienced=True))

    def _elsewhere(self) -> list[Attempt]:
        """Covers, who leads, reception; while the case is fresh, not before people of its own desk who are merely busy."""
        asked = replace(self._wishes[0], experienced=self._only_seniors)
        if self._stage is Stage.FRESH and self._someone((self._desk.home,), asked):
            return []
        found = [attempt for step, pool in self._desk.behind for attempt in self._each(step, pool)]
        return found if self._only_seniors else [*found, *self._again(MANAGEMENT, RECEPTION)]

    def _each(self, step: Step, pool: str) -> Iterator[Attempt]:
        for wish in self._wishes:
            if self._prefers_seniors:
                yield Attempt(step, pool, replace(wish, experienced=True))
            if not self._only_seniors:
                yield Attempt(step, pool, wish)

    def _in_person(self) -> list[Attempt]:
        """Who leads takes it, also one who declined the offer before: somebody has to."""
        wishes = dict.fromkeys([*self._wishes, *(replace(one, refused=NOBODY) for one in self._wishes)])
        return [Attempt(Step.MANAGER, IN_PERSON, wish, in_person=True) for wish in wishes]

    def _after_refusals(self) -> list[Attempt]:
        """Nobody who leads is free: reception, then the chain from its start, then those who refused, in turn."""
        order = [(Step.RECEPTION, RECEPTION), (self._desk.home_step, self._desk.home), *self._desk.behind]
        order = [(step, pool) for step, pool in dict.fromkeys(order) if pool != MANAGEMENT]
        found = [Attempt(step, pool, wish) for step, pool in order for wish in self._wishes]
        return [*found, *self._again(RECEPTION)]

    def _again(self, *first: str) -> Iterator[Attempt]:
        """Ask those who refused once more: a case that everybody refused is still a case."""
        if not self._refused:
            return
        pools = tuple(dict.fromkeys([*first, *self._desk.pools]))
        pools = tuple(name for name in pools if name in self._desk.pools)
        for wish in dict.fromkeys(replace(one, refused=NOBODY) for one in self._wishes):
            yield Attempt(self._desk.home_step, self._desk.home, wish, rotate=pools)
