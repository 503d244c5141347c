"""Wait estimates against a simulated desk: people come and go by the hour, load swings, work varies, some pass."""

from __future__ import annotations

import heapq
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

import pytest

from bot.domain.waits import MINUTE, RECENT, Estimate, Past, estimate, people_until_served

STAFF = (2, 3, 4, 4, 2, 3, 4, 4, 3, 2)
"""People by hour of a ten-hour day; the fifth is lunch."""
LOAD = (0.6, 0.9, 1.1, 1.15, 0.7, 0.8, 1.05, 1.1, 0.8, 0.5)
HANDLING = 12.0
ACCEPTING = 0.4
"""Minutes until an offer is accepted, on average."""


@dataclass
class Visit:
    """One customer of the simulated desk; times in minutes."""

    came: float
    key: float
    ahead: int
    serving: int
    at_once: bool
    waited: float = math.inf


def roster(now: float) -> list[tuple[timedelta, int]]:
    """Who serves from when on, as the roster of the day says."""
    hour = min(int(now // 60), len(STAFF) - 1)
    later = [((next_hour * 60 - now) * MINUTE, STAFF[next_hour]) for next_hour in range(hour + 1, len(STAFF))]
    return [(timedelta(), STAFF[hour]), *later]


class DeskDay:
    """An M/G/c queue whose c and load change by the hour; one in eight customers passes those of twenty minutes."""

    def __init__(self, draw: random.Random, places: int, peak: float) -> None:
        self.draw, self.places = draw, places
        self.visits: list[Visit] = []
        self.queue: list[tuple[float, int]] = []
        self.busy, self.staff = 0, STAFF[0]
        self.events: list[tuple[float, int, int]] = [(hour * 60.0, 0, hour) for hour in range(len(STAFF))]
        swing = draw.uniform(0.8, 1.15) * peak
        for hour, people in enumerate(STAFF):
            at, rate = hour * 60.0, LOAD[hour] * swing * people * places / HANDLING
            while (at := at + draw.expovariate(rate)) < (hour + 1) * 60:
                self.events.append((at, 1, 0))
        heapq.heapify(self.events)

    def run(self) -> list[Visit]:
        while self.events:
            now, kind, hour = heapq.heappop(self.events)
            if kind == 0:
                self.staff = STAFF[hour]
            elif kind == 1:
                self._arrive(now)
            else:
                self.busy -= 1
            self._serve(now)
        return self.visits

    def _arrive(self, now: float) -> None:
        key = now - (20 if self.draw.random() < 0.12 else 0)
        ahead = sum(other <= key for other, _ in self.queue)
        free = self.busy < self.staff * self.places
        serving = people_until_served(roster(now), ahead, timedelta(minutes=HANDLING / self.places))
        self.visits.append(Visit(came=now, key=key, ahead=ahead, serving=serving, at_once=free))
        heapq.heappush(self.queue, (key, len(self.visits) - 1))

    def _serve(self, now: float) -> None:
        while self.queue and self.busy < self.staff * self.places:
            visit = self.visits[heapq.heappop(self.queue)[1]]
            accepted = now + self.draw.expovariate(1 / ACCEPTING)
            visit.waited = accepted - visit.came
            self.busy += 1
            work = self.draw.lognormvariate(math.log(HANDLING) - 0.75**2 / 2, 0.75)
            heapq.heappush(self.events, (accepted + work, 2, 0))


def told(places: int, peak: float, seed: int, days: int) -> Iterator[tuple[Visit, Estimate]]:
    """Every customer with the range that was told on arrival, from nothing but waits that were over by then."""
    draw = random.Random(seed)
    past: list[Past] = []
    for _ in range(days):
        over: list[tuple[float, int, Past]] = []
        for number, visit in enumerate(DeskDay(draw, places, peak).run()):
            while over and over[0][0] <= visit.came:
                past.append(heapq.heappop(over)[2])
            handling = timedelta(minutes=HANDLING / places)
            found = estimate(past[-RECENT:], visit.ahead, visit.serving, handling, at_once=visit.at_once)
            assert found is not None
            yield visit, found
            waited = visit.waited * MINUTE
            one = Past(ahead=visit.ahead, serving=visit.serving, waited=waited, at_once=visit.at_once)
            heapq.heappush(over, (visit.came + visit.waited, number, one))
        past.extend(one for *_, one in sorted(over, key=lambda row: row[:2]))


def share(rows: list[tuple[Visit, Estimate]]) -> float:
    """Part of the customers whose wait lay in their range."""
    return sum(found.low <= visit.waited * MINUTE <= found.high for visit, found in rows) / len(rows)


@pytest.mark.parametrize(
    ("places", "peak", "days"),
    [(1, 0.8, 6), (1, 0.95, 6), (1, 1.05, 6), (4, 0.9, 2), (4, 1.05, 2)],
    ids=["calm", "busy", "overrun", "several cases each", "several cases each, overrun"],
)
def test_four_in_five_waits_lie_in_the_range_and_the_range_says_something(
    places: int, peak: float, days: int, request: pytest.FixtureRequest
) -> None:
    rows = list(told(places, peak, seed=11, days=days))
    queued = [(visit, found) for visit, found in rows if not visit.at_once]
    width = median((found.high - found.low) / MINUTE for _, found in queued)
    wait = median(visit.waited for visit, _ in queued)
    print(  # noqa: T201 - shown by pytest -s, for the figures in the documentation
        f"{request.node.callspec.id}: {len(rows)} customers, {share(rows):.3f} held; {len(queued)} queued, "
        f"{share(queued):.3f} held, median range {width:.1f} min, median wait {wait:.1f} min"
    )
    assert share(rows) >= 0.8
    assert share(queued) >= 0.8
    assert width <= 2 * wait
