"""Statistics that decide whether a model got worse or the traffic changed, written plainly.

Sources: Wilson, JASA 22 (1927) for one share; Newcombe, Statistics in Medicine 17 (1998) 873 for two; McNemar,
Psychometrika 12 (1947) in its exact form; Efron and Tibshirani, An Introduction to the Bootstrap (1993) for paired
resampling; Holm, Scandinavian Journal of Statistics 6 (1979); Lin, IEEE Transactions on Information Theory 37 (1991)
for the Jensen-Shannon divergence; Guo and others, ICML 2017 for the expected calibration error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import comb, exp, lgamma, log, log2, sqrt
from random import Random
from statistics import NormalDist
from typing import Final

LEVEL: Final = 0.95
BOOTSTRAP_ROUNDS: Final = 2_000
CALIBRATION_BINS: Final = 15
CALIBRATION_ROUNDS: Final = 400


@dataclass(frozen=True)
class Interval:
    """An estimate and the bounds that hold it with the stated level."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Bin:
    """Messages whose stated confidence falls between ``low`` and ``high``: their mean confidence, and how many hold."""

    low: float
    high: float
    count: int
    stated: float
    right: float


def wilson(hits: int, total: int, level: float = LEVEL) -> Interval:
    """Return a share with its Wilson score interval; of nothing at all, everything from 0 to 1 is possible."""
    if total == 0:
        return Interval(0.0, 0.0, 1.0)
    z = _z(level)
    share = hits / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z / (1 + z * z / total) * sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return Interval(share, max(0.0, middle - half), min(1.0, middle + half))


def share_change(hits: int, total: int, hits_before: int, total_before: int, level: float = LEVEL) -> Interval:
    """Return how much a share grew, with Newcombe's interval (his method 10) from the two Wilson intervals."""
    now, then = wilson(hits, total, level), wilson(hits_before, total_before, level)
    grown = now.estimate - then.estimate
    low = grown - sqrt((now.estimate - now.low) ** 2 + (then.high - then.estimate) ** 2)
    high = grown + sqrt((now.high - now.estimate) ** 2 + (then.estimate - then.low) ** 2)
    return Interval(grown, low, high)


def mcnemar(lost: int, won: int) -> float:
    """Return the exact two-sided p-value of a paired change: what was lost and won, ties set aside.

    It is the chance that a fair coin thrown ``lost + won`` times falls at least this one-sidedly.
    """
    thrown = lost + won
    tail = sum(comb(thrown, count) for count in range(min(lost, won) + 1))
    # Both are whole numbers too large for a float; their ratio is not.
    return min(1.0, 2 * tail / (1 << thrown))


def holm(p_values: Sequence[float]) -> list[float]:
    """Return the p-values adjusted for having asked so many questions at once, in the order given."""
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    adjusted = [0.0] * len(p_values)
    reached = 0.0
    for rank, index in enumerate(order):
        reached = max(reached, min(1.0, (len(p_values) - rank) * p_values[index]))
        adjusted[index] = reached
    return adjusted


def paired_bootstrap(
    before: Sequence[float],
    after: Sequence[float],
    *,
    seed: int,
    rounds: int = BOOTSTRAP_ROUNDS,
    level: float = LEVEL,
) -> Interval:
    """Return the mean change over the same messages, with its percentile interval; the same seed, the same bounds."""
    changes = [new - old for old, new in zip(before, after, strict=True)]
    moved = [change for change in changes if change]
    if not moved:
        return Interval(0.0, 0.0, 0.0)
    draw = Random(seed)  # noqa: S311 - the same verdict for the same data is the point
    # Most messages are read alike by both models. How many of the others a resample holds is binomial, so only those
    # are drawn; the distribution is the same and a hundred times sooner there.
    counts = draw.choices(range(len(changes) + 1), weights=_binomial(len(changes), len(moved) / len(changes)), k=rounds)
    means = sorted(sum(draw.choices(moved, k=count)) / len(changes) for count in counts)
    mean = sum(moved) / len(changes)
    return Interval(mean, quantile(means, (1 - level) / 2), quantile(means, (1 + level) / 2))


def quantile(ordered: Sequence[float], share: float) -> float:
    """Return a quantile of values in ascending order, between neighbours by their distance; 0 where there is none."""
    if not ordered:
        return 0.0
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def reliability(confidence: Sequence[float], correct: Sequence[bool], bins: int = CALIBRATION_BINS) -> list[Bin]:
    """Return the bins of a calibration picture that hold any message, from the least confident."""
    held: dict[int, list[tuple[float, bool]]] = {}
    for stated, right in zip(confidence, correct, strict=True):
        held.setdefault(min(int(stated * bins), bins - 1), []).append((stated, right))
    return [
        Bin(
            low=index / bins,
            high=(index + 1) / bins,
            count=len(pairs),
            stated=sum(stated for stated, _ in pairs) / len(pairs),
            right=sum(right for _, right in pairs) / len(pairs),
        )
        for index, pairs in sorted(held.items())
    ]


def calibration_error(confidence: Sequence[float], correct: Sequence[bool], bins: int = CALIBRATION_BINS) -> float:
    """Return the expected calibration error: how far stated confidence and share of right answers lie apart."""
    total = len(confidence)
    if not total:
        return 0.0
    return sum(one.count / total * abs(one.stated - one.right) for one in reliability(confidence, correct, bins))


def calibration_change(
    before: tuple[Sequence[float], Sequence[bool]],
    after: tuple[Sequence[float], Sequence[bool]],
    *,
    seed: int,
    rounds: int = CALIBRATION_ROUNDS,
    level: float = LEVEL,
) -> Interval:
    """Return how much the calibration error grew over the same messages, with its paired percentile interval.

    Each side is confidences and what was right, in the same order.
    """
    grown = calibration_error(*after) - calibration_error(*before)
    everyone = range(len(before[0]))
    draw = Random(seed)  # noqa: S311 - as above
    changes = []
    for _ in range(rounds):
        chosen = draw.choices(everyone, k=len(everyone)) if everyone else []
        old, new = (
            calibration_error([stated[at] for at in chosen], [right[at] for at in chosen])
            for stated, right in (before, after)
        )
        changes.append(new - old)
    changes.sort()
    return Interval(grown, quantile(changes, (1 - level) / 2), quantile(changes, (1 + level) / 2))


def divergence(first: Mapping[str, int], second: Mapping[str, int]) -> float:
    """Return the Jensen-Shannon divergence of two counts in bits: 0 for the same mix, 1 for nothing in common.

    Where one of them is empty there is nothing to compare, and the answer is 0.
    """
    one, other = sum(first.values()), sum(second.values())
    if not one or not other:
        return 0.0
    total = 0.0
    for key in first.keys() | second.keys():
        p, q = first.get(key, 0) / one, second.get(key, 0) / other
        middle = (p + q) / 2
        total += sum(share * log2(share / middle) for share in (p, q) if share > 0) / 2
    return max(0.0, total)


def divergence_by_chance(first: Mapping[str, int], second: Mapping[str, int], level: float = 0.99) -> float:
    """Return the divergence in bits that two samples of the same mix stay below with the stated level.

    For large samples 8 ln 2 / (1/n + 1/m) times the divergence is chi-squared with one degree of freedom less than
    there are needs; its quantile is Wilson and Hilferty's (PNAS 17, 1931).
    """
    one, other = sum(first.values()), sum(second.values())
    freedom = len({key for counts in (first, second) for key, count in counts.items() if count}) - 1
    if freedom < 1 or not one or not other:
        return 0.0
    spread = 2 / (9 * freedom)
    chi = freedom * (1 - spread + NormalDist().inv_cdf(level) * sqrt(spread)) ** 3
    return chi * (1 / one + 1 / other) / (8 * log(2))


def _binomial(total: int, share: float) -> list[float]:
    """Return how likely each number of hits is; by logarithms, because the coefficients outgrow a float."""
    if share >= 1:
        return [0.0] * total + [1.0]
    return [
        exp(
            lgamma(total + 1)
            - lgamma(hits + 1)
            - lgamma(total - hits + 1)
            + hits * log(share)
            + (total - hits) * log(1 - share)
        )
        for hits in range(total + 1)
    ]


def _z(level: float) -> float:
    return NormalDist().inv_cdf((1 + level) / 2)
