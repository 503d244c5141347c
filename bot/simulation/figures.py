"""What is counted while the virtual company runs."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from bot.domain.errors import DomainError
from bot.simulation.agenda import run


def _floats() -> array[float]:
    return array("d")


class Told(NamedTuple):
    """A range that a customer was told, in seconds. ``at_once``: somebody was free, so nobody had to queue."""

    low: float
    high: float
    waited: float
    at_once: bool
    department: str = ""


@dataclass
class Figures:
    """Counts and samples. Times are in seconds unless their name says otherwise."""

    customers: int = 0
    messages: int = 0
    repeated: int = 0
    doubled: int = 0
    """Repetitions that were taken for something new."""

    nudges: int = 0
    left: int = 0
    came_back: int = 0
    ratings: Counter[int] = field(default_factory=Counter)
    fell_ill: int = 0
    breaks: int = 0
    breaks_with_cover: int = 0
    breaks_refused: int = 0
    handed_on: Counter[str] = field(default_factory=Counter)
    """What became of cases that somebody still held at the end of a shift."""

    transfers: int = 0
    chosen_dates: int = 0
    held_by_guard: int = 0
    claims: int = 0
    offers_missed: int = 0
    offers_refused: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    """Moves that a rule refused, by the rule's code: somebody was faster, or something had changed."""

    requests: Counter[str] = field(default_factory=Counter)
    approvals: Counter[str] = field(default_factory=Counter)
    outages: int = 0
    stalls: int = 0
    jumps: int = 0
    turns: Counter[str] = field(default_factory=Counter)
    cases: Counter[str] = field(default_factory=Counter)
    """By department that was wanted."""

    hops: Counter[int] = field(default_factory=Counter)
    promises: Counter[str] = field(default_factory=Counter)
    promises_by_day: dict[date, Counter[str]] = field(default_factory=dict)
    waits: dict[str, array[float]] = field(default_factory=dict)
    """From a case's opening to its taking, by department that took it: where somebody was there when it opened."""

    answers: dict[str, array[float]] = field(default_factory=dict)
    """From a case's opening to a person's first answer, by department that gave it, where somebody was there."""

    promised_waits: array[float] = field(default_factory=_floats)
    """The same where nobody was there, so that the customer was given a date."""

    waits_by_hour: dict[int, array[float]] = field(default_factory=dict)
    ranges: list[Told] = field(default_factory=list)
    """Ranges that customers were given, with how long they waited."""

    gaps: dict[str, float] = field(default_factory=dict)
    """Seconds in which a department was open and nobody staffed it, by department."""

    resolved: int = 0
    processor_seconds: float = 0.0
    """What the run took of one processor, which is less than the clock's seconds where others run beside it."""

    double_owners: int = 0
    off_duty_owners: int = 0
    """These two end the run when they happen, so a report always says none."""

    def refuse(self, refusal: DomainError) -> None:
        """Count a refusal."""
        self.refused[refusal.code] += 1

    def tried(self, move: Coroutine[Any, Any, object]) -> bool:
        """Make a move that a rule may refuse, as somebody was faster or something has changed; tell whether it went."""
        try:
            run(move)
        except DomainError as refusal:
            self.refuse(refusal)
            return False
        return True

    def waited(self, department: str, hour: int, seconds: float) -> None:
        """Note how long a case waited for somebody."""
        self.waits.setdefault(department, _floats()).append(seconds)
        self.waits_by_hour.setdefault(hour, _floats()).append(seconds)

    def promised(self, day: date, how: str) -> None:
        """Count how a promise ended that was made on a day."""
        self.promises[how] += 1
        self.promises_by_day.setdefault(day, Counter())[how] += 1


def quantile(samples: array[float] | list[float], share: float) -> float:
    """Return the value below which that share of the samples lies; 0 without samples."""
    if not samples:
        return 0.0
    ordered = sorted(samples)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def gini(loads: list[float]) -> float:
    """Return how unevenly something is spread: 0 is the same for all, 1 is all with one."""
    total, count = sum(loads), len(loads)
    if not total:
        return 0.0
    weighted = sum(rank * load for rank, load in enumerate(sorted(loads), start=1))
    return 2 * weighted / (count * total) - (count + 1) / count
