from __future__ import annotations

import math

import pytest

from bot.domain.teaching.figures import (
    calibration_error,
    divergence,
    divergence_by_chance,
    holm,
    mcnemar,
    paired_bootstrap,
    quantile,
    reliability,
    share_change,
    wilson,
)


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    # Newcombe, Statistics in Medicine 17 (1998) 857, table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_the_published_intervals(hits: int, total: int, low: float, high: float) -> None:
    found = wilson(hits, total)
    assert found.low == pytest.approx(low, abs=5e-5)
    assert found.high == pytest.approx(high, abs=5e-5)
    assert found.estimate == hits / total


def test_wilson_of_nothing_knows_nothing() -> None:
    assert (wilson(0, 0).low, wilson(0, 0).high) == (0.0, 1.0)


def test_a_change_of_shares_has_the_published_interval() -> None:
    # Newcombe, Statistics in Medicine 17 (1998) 873, table II (a), method 10.
    found = share_change(56, 70, 48, 80)
    assert found.estimate == pytest.approx(0.2)
    assert (found.low, found.high) == (pytest.approx(0.0524, abs=5e-5), pytest.approx(0.3339, abs=5e-5))


def test_mcnemar_is_the_fair_coin() -> None:
    assert mcnemar(0, 0) == 1.0
    assert mcnemar(0, 8) == 2 / 2**8
    assert mcnemar(6, 16) == mcnemar(16, 6) == pytest.approx(2 * sum(math.comb(22, k) for k in range(7)) / 2**22)
    assert mcnemar(10, 10) == 1.0
    assert mcnemar(0, 3000) == 0.0


def test_holm_asks_more_of_the_smallest() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([]) == []
    assert holm([0.9, 0.8]) == [1.0, 1.0]


def test_the_bootstrap_holds_the_mean_and_repeats_itself() -> None:
    before = [1.0] * 70 + [0.0] * 30
    after = [1.0] * 60 + [0.0] * 40
    found = paired_bootstrap(before, after, seed=7)
    assert found == paired_bootstrap(before, after, seed=7)
    assert found != paired_bootstrap(before, after, seed=8, rounds=50)
    assert found.estimate == pytest.approx(-0.1)
    # The standard error of 10 losses in 100 is 0.03.
    assert found.low == pytest.approx(-0.16, abs=0.015)
    assert found.high == pytest.approx(-0.04, abs=0.015)


def test_the_bootstrap_of_no_change_is_a_point() -> None:
    assert paired_bootstrap([1, 0], [1, 0], seed=1).high == 0.0
    assert paired_bootstrap([], [], seed=1).estimate == 0.0
    with pytest.raises(ValueError, match="zip"):
        paired_bootstrap([1], [], seed=1)


def test_quantiles_lie_between_neighbours() -> None:
    assert quantile([1, 2, 3, 4], 0.5) == 2.5
    assert quantile([5], 0.95) == 5
    assert quantile([], 0.5) == 0.0


def test_calibration_is_the_gap_between_said_and_true() -> None:
    assert calibration_error([0.9] * 10, [True] * 9 + [False]) == pytest.approx(0.0)
    assert calibration_error([1.0] * 4, [True, True, False, False]) == pytest.approx(0.5)
    assert calibration_error([0.8, 0.2], [True, True]) == pytest.approx((0.2 + 0.8) / 2)
    assert calibration_error([], []) == 0.0


def test_bins_of_the_picture_hold_everything_once() -> None:
    bins = reliability([0.05, 0.95, 1.0], [False, True, False], bins=10)
    assert [(one.low, one.count, one.right) for one in bins] == [(0.0, 1, 0.0), (0.9, 2, 0.5)]


def test_divergence_goes_from_the_same_to_nothing_in_common() -> None:
    assert divergence({"a": 1, "b": 1}, {"a": 10, "b": 10}) == pytest.approx(0.0)
    assert divergence({"a": 5}, {"b": 9}) == pytest.approx(1.0)
    # Lin's definition by hand: H(3/4, 1/4) - (H(1/2, 1/2) + H(1, 0)) / 2.
    middle = -(0.75 * math.log2(0.75) + 0.25 * math.log2(0.25))
    assert divergence({"a": 1, "b": 1}, {"a": 4}) == pytest.approx(middle - 0.5)
    assert divergence({}, {"a": 1}) == 0.0


def test_chance_explains_a_divergence_that_shrinks_with_more_messages() -> None:
    few, many = {"a": 50, "b": 50}, {"a": 5000, "b": 5000}
    # One degree of freedom: the 99th percentile of chi-squared is 6.635 (Wilson and Hilferty's is within 1 %).
    assert divergence_by_chance(few, few) == pytest.approx(6.635 * (2 / 100) / (8 * math.log(2)), rel=0.02)
    assert divergence_by_chance(many, many) == pytest.approx(divergence_by_chance(few, few) / 100)
    assert divergence_by_chance({"a": 3}, {"a": 4}) == 0.0
