"""No code of a second factor counts twice."""

from __future__ import annotations

import pytest

from bot.domain.second_factor import SecondFactor


@pytest.mark.parametrize(("step", "accepted"), [(99, False), (100, False), (101, True), (102, True)])
def test_only_a_later_step_counts(step: int, accepted: bool) -> None:
    factor = SecondFactor(secret="x", last_step=100)
    used = factor.used(step)
    assert (used is not None) is accepted
    if used is not None:
        assert (used.confirmed, used.last_step, used.used(step)) == (True, step, None)
