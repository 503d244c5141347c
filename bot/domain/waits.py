"""How long a customer will wait: an honest range, learnt from how the waits of the same desk turned out lately.

There are three kinds of wait. Where somebody has room for the case it is the time to say yes to an offer: seconds. In a
queue it is the number of turns before one's own, divided by the people who serve, times something. And where those who
stand in for a busy desk have room, the queue ends for everybody once the desk's patience does.

The something is not modelled; it is read off recent waits (a weighted form of conformal prediction): those that began
in a similar place of the queue count most, older ones less and less. The range that is told is the narrowest one with
friendly ends that is meant to hold four in five of those to come.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate
from math import exp, log

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)

IN_MINUTES = tuple(
    60 * minutes
    for minutes in (
        *(0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 45, 50, 60),
        *(75, 90, 120, 150, 180, 240, 300, 360, 480, 720, 1440),
    )
)
"""Seconds of the whole minutes that people say: the ends of a range for somebody in a queue."""

FRIENDLY = (0, 5, 10, 15, 20, 25, 30, 40, 50, *IN_MINUTES[1:])
"""The same with the seconds that people say: the ends of a range for somebody who has no queue before them."""

HELD = 0.75
"""The share of past waits that a range for a queue must hold: four in five of those to come then lie in it, since its
ends are rounded outward and the customer who asks counts as one more."""

AT_ONCE_HELD = 0.78
"""The same where there is no queue: of so many waits, a few more lie between the friendly end and the one needed."""

RELIEVED_HELD = 0.9
"""The same where others stand in: the end of such a wait is known, so that holding more of them costs little width."""

RECENT = 150
"""Waits beyond the newest so many are not looked at."""

MEMORY = 60.0
"""After so many later waits an observation counts e times less: the load of a desk changes within a day."""

_FRESHNESS = [exp(-age / MEMORY) for age in range(RECENT)]
"""What an observation counts, by how many have been made since."""

NEARNESS = 0.5
"""How different, as a logarithm, the length of the queue may be before an observation hardly counts."""

PRIOR = (0.1, 0.25, 0.45, 0.7, 0.9, 1.2, 1.5, 2.0)
"""What is assumed before anything has been seen: waits as multiples of the expected one, nearly as for an exponential.
The longest tenth is left out."""

PRIOR_WEIGHT = 3.0
"""Observations that the assumption is worth."""

SAYING_YES = timedelta(seconds=30)
"""Until an offer is accepted, while little has been seen of a desk."""

RELIEF = timedelta(minutes=1)
"""Until somebody who stands in has the case, from when they may be asked."""


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Estimate:
    """A range with friendly ends that is meant to hold the wait of four customers in five."""

    low: timedelta
    high: timedelta

    def after(self, passed: timedelta) -> Estimate:
        """Return what is left of the range when so much time has passed since it was told."""
        return Estimate(low=max(self.low - passed, timedelta()), high=max(self.high - passed, timedelta()))


def estimate(
    past: Sequence[Past],
    ahead: int,
    serving: int,
    handling: timedelta,
    *,
    at_once: bool = False,
    relief: timedelta | None = None,
) -> Estimate | None:
    """Return the range to tell a customer, or None when nobody serves: then a date is promised instead.

    ``past`` are recent waits of the same desk, newest last. ``handling`` is the time between two cases that one person
    takes from the queue; it decides only while little has been seen. ``at_once``: somebody has a free place now.
    ``relief``: after so long in the queue others are asked, who have room now.
    """
    if serving <= 0:
        return None
    turns = 1.0 if at_once else (max(ahead, 0) + 1) / serving
    alike = [one for one in past[-RECENT:] if one.serving > 0 and one.at_once == at_once]
    waits = [*_assumed(SAYING_YES if at_once else handling * turns), *_seen(alike, turns)]
    held = AT_ONCE_HELD if at_once else HELD
    if relief is not None and not at_once:
        longest, held = (relief + RELIEF) / SECOND, RELIEVED_HELD
        waits = [(min(seconds, longest), share) for seconds, share in waits]
    low, high = _narrowest(waits, FRIENDLY if at_once else IN_MINUTES, held)
    return Estimate(low=low * SECOND, high=high * SECOND)


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


def _assumed(expected: timedelta) -> Iterator[tuple[float, float]]:
    """Seconds and weights to start from."""
    for multiple in PRIOR:
        yield max(expected / SECOND, 0.0) * multiple, PRIOR_WEIGHT / len(PRIOR)


def _seen(past: Sequence[Past], turns: float) -> Iterator[tuple[float, float]]:
    """Seconds and weights of earlier waits, as they would have been from this place in the queue."""
    for fresh, one in zip(_FRESHNESS, reversed(past), strict=False):
        scale = turns / one.turns
        distance = log(scale) / NEARNESS
        yield one.waited / SECOND * scale, fresh * exp(-distance * distance / 2)


def _narrowest(waits: Sequence[tuple[float, float]], ends: Sequence[int], share: float) -> tuple[int, int]:
    """Return the narrowest range with these ends that holds enough; of equally wide ones the one that holds most.

    The customer who asks counts as one more, of whom nothing is known, so few observations make a wide range.
    """
    mass = [0.0] * len(ends)
    """What lies above the end before and not above this one."""
    for seconds, weight in waits:
        mass[bisect_left(ends, min(seconds, ends[-1]))] += weight
    below = list(accumulate(mass))
    enough = min(share * (below[-1] + 1), below[-1]) - 1e-9
    best = (ends[-1], -below[-1], 0, ends[-1])
    high = 1
    for low, start in enumerate(ends[:-1]):
        before = below[low] if low else 0.0
        high = max(high, low + 1)
        while high < len(ends) - 1 and below[high] - before < enough:
            high += 1
        held = below[high] - before
        if held < enough:
            break
        best = min(best, (ends[high] - start, -held, start, ends[high]))
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
