"""How long a customer will wait: an honest range, learnt from how the waits of the same desk turned out lately.

The model is as plain as it can be: a wait is the number of turns before one's own, divided by the people who serve,
times something. The something is not modelled; it is read off recent waits (a weighted form of conformal prediction):
those that began in a similar place of the queue count most, older ones less and less. The range that is told is the
narrowest one with friendly ends that would have held four in five of them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate
from math import exp, log

MINUTE = timedelta(minutes=1)

FRIENDLY = (
    *(0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 45, 50, 60),
    *(75, 90, 120, 150, 180, 240, 300, 360, 480, 720, 1440),
)
"""Minutes that people say."""

HELD = 0.8
"""The share of waits that a range must hold."""

RECENT = 150
"""Waits beyond the newest so many are not looked at."""

MEMORY = 60.0
"""After so many later waits an observation counts e times less: the load of a desk changes within a day."""

NEARNESS = 0.5
"""How different, as a logarithm, the length of the queue may be before an observation hardly counts."""

PRIOR = (0.1, 0.25, 0.45, 0.7, 0.9, 1.2, 1.6, 2.2)
"""What is assumed before anything has been seen: waits as multiples of the expected one, as for an exponential."""

PRIOR_WEIGHT = 3.0
"""Observations that the assumption is worth."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Past:
    """One wait that is over: how many were ahead and how many people served when it began, and how long it took.

    ``at_once``: somebody had a free place when it began, so it was the time to accept an offer, not one in a queue.
    """

    ahead: int
    serving: int
    waited: timedelta
    at_once: bool = False

    @property
    def turns(self) -> float:
        """Turns before the customer's own ended; one where nobody had to be waited for."""
        return 1.0 if self.at_once else (self.ahead + 1) / self.serving

    def alike(self, ahead: int, *, at_once: bool) -> bool:
        """Tell whether another wait may turn out like this one: both at once, both first in a queue, or neither."""
        return self.at_once == at_once and (at_once or (self.ahead > 0) == (ahead > 0))


@dataclass(frozen=True, kw_only=True, slots=True)
class Estimate:
    """A range of whole friendly minutes that is meant to hold the wait of four customers in five."""

    low: timedelta
    high: timedelta

    def after(self, passed: timedelta) -> Estimate:
        """Return what is left of the range when so much time has passed since it was told."""
        return Estimate(low=max(self.low - passed, timedelta()), high=max(self.high - passed, timedelta()))


def estimate(
    past: Sequence[Past], ahead: int, serving: int, handling: timedelta, *, at_once: bool = False
) -> Estimate | None:
    """Return the range to tell a customer, or None when nobody serves: then a date is promised instead.

    ``past`` are recent waits of the same desk, newest last. ``handling`` is the time between two cases that one person
    takes from the queue; it decides only while little has been seen. ``at_once``: somebody has a free place now.
    """
    if serving <= 0:
        return None
    turns = 1.0 if at_once else (max(ahead, 0) + 1) / serving
    alike = [one for one in past[-RECENT:] if one.serving > 0 and one.alike(ahead, at_once=at_once)]
    mass = [0.0] * len(FRIENDLY)
    for minutes, share in (*_assumed(handling, turns), *_seen(alike, turns)):
        mass[bisect_left(FRIENDLY, min(minutes, FRIENDLY[-1]))] += share
    low, high = _narrowest(mass)
    return Estimate(low=low * MINUTE, high=high * MINUTE)


def people_until_served(coming: Sequence[tuple[timedelta, int]], ahead: int, handling: timedelta) -> int:
    """Return how many people will serve on average until a customer's turn comes, for use as ``serving``.

    ``coming`` are how many serve from which time on, counted from now, as the roster has it; the first entry holds now.
    A queue before lunch moves as fast as lunch lets it. 0 when everybody leaves first: then a date is promised.
    """
    if not coming:
        return 0
    work = left = max(handling, timedelta(seconds=1)) * (max(ahead, 0) + 1)
    ends: list[timedelta | None] = [*(start for start, _ in coming[1:]), None]
    for (start, people), end in zip(coming, ends, strict=True):
        if people > 0 and (end is None or people * (end - start) >= left):
            return max(round(work / (start + left / people)), 1)
        left -= people * (end - start) if end is not None else timedelta()
    return 0


def _assumed(handling: timedelta, turns: float) -> Iterator[tuple[float, float]]:
    """Minutes and weights to start from."""
    base = max(handling / MINUTE, 0.0) * turns
    for multiple in PRIOR:
        yield base * multiple, PRIOR_WEIGHT / len(PRIOR)


def _seen(past: Sequence[Past], turns: float) -> Iterator[tuple[float, float]]:
    """Minutes and weights of earlier waits, as they would have been from this place in the queue."""
    for age, one in enumerate(reversed(past)):
        scale = turns / one.turns
        distance = log(scale) / NEARNESS
        yield one.waited / MINUTE * scale, exp(-age / MEMORY - distance * distance / 2)


def _narrowest(mass: Sequence[float]) -> tuple[int, int]:
    """Return the narrowest friendly range that holds enough; of equally wide ones the one that holds most.

    ``mass[i]`` lies above the friendly number before i and not above number i. The customer who asks counts as one
    more, of whom nothing is known, so few observations make a wide range.
    """
    below = list(accumulate(mass))
    enough = min(HELD * (below[-1] + 1), below[-1]) - 1e-9
    best = (FRIENDLY[-1], -below[-1], 0, FRIENDLY[-1])
    high = 1
    for low, start in enumerate(FRIENDLY[:-1]):
        before = below[low] if low else 0.0
        high = max(high, low + 1)
        while high < len(FRIENDLY) - 1 and below[high] - before < enough:
            high += 1
        held = below[high] - before
        if held < enough:
            break
        best = min(best, (FRIENDLY[high] - start, -held, start, FRIENDLY[high]))
    return best[2], best[3]


MUCH = timedelta(minutes=5)
"""Less than this is not worth a message."""

MUCH_LATER = 1.5
"""A wait that may take half as long again is worth one, although the ranges overlap."""


def changed_much(old: Estimate, new: Estimate) -> bool:
    """Tell whether a customer should hear of the new range. Compare what is left of the old one: `Estimate.after`."""
    if new.low - old.high >= MUCH or old.low - new.high >= MUCH:
        return True
    return new.high - old.high >= MUCH and new.high >= MUCH_LATER * old.high
