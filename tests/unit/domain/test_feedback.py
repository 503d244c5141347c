"""Feedback: one score a case, words behind it, and a case for those who are not content."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.domain.company import Company
from bot.domain.errors import ForbiddenMove, Invalid
from bot.domain.feedback import WORDS_MAX, Rating, low

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
ASKED = Rating(id=1, case_id=7, asked_at=NOW)


def test_a_case_is_rated_once() -> None:
    rated = ASKED.rated(4, " nhanh ", NOW)
    assert (rated.score, rated.words, rated.rated_at) == (4, "nhanh", NOW)
    with pytest.raises(ForbiddenMove):
        rated.rated(5, "", NOW)


@pytest.mark.parametrize("score", [0, 6, -1])
def test_a_score_is_one_to_five(score: int) -> None:
    with pytest.raises(Invalid) as refused:
        ASKED.rated(score, "", NOW)
    assert refused.value.field == "score"


def test_the_words_are_kept_to_a_length() -> None:
    assert len(ASKED.rated(2, "x" * 5_000, NOW).words) == WORDS_MAX


def test_a_low_score_is_followed_up_once() -> None:
    with pytest.raises(ForbiddenMove):
        ASKED.followed_up(9)
    followed = ASKED.rated(1, "", NOW).followed_up(9)
    assert followed.follow_up_case_id == 9
    with pytest.raises(ForbiddenMove):
        followed.followed_up(10)


def test_low_is_at_or_below_the_limit(company: Company) -> None:
    assert company.feedback.low == 2
    assert [low(score, company) for score in range(1, 6)] == [True, True, False, False, False]
