"""Offers: each ends once, not before its time, and only refusals count against a case."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.errors import ForbiddenMove, NotPermitted
from bot.domain.offers import Offer, OfferState, refusals

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
LATER = NOW + timedelta(seconds=90)
OFFER = Offer(id=1, case_id=5, staff_id=7, made_at=NOW, expires_at=LATER)
ENDS = [state for state in OfferState if state is not OfferState.OPEN]


@pytest.mark.parametrize("state", ENDS)
def test_it_ends_once(state: OfferState) -> None:
    ended = OFFER.settled(state, LATER, " bận ")
    assert (ended.state, ended.settled_at, ended.reason, ended.open) == (state, LATER, "bận", False)
    for again in OfferState:
        with pytest.raises(ForbiddenMove):
            ended.settled(again, LATER)


def test_open_is_no_end() -> None:
    with pytest.raises(ForbiddenMove):
        OFFER.settled(OfferState.OPEN, LATER)


def test_a_timer_that_comes_early_ends_nothing() -> None:
    early = LATER - timedelta(seconds=1)
    assert not OFFER.overdue(early)
    with pytest.raises(ForbiddenMove):
        OFFER.settled(OfferState.EXPIRED, early)
    assert OFFER.overdue(LATER)


def test_a_late_answer_counts_while_the_timer_has_not_fired() -> None:
    assert OFFER.settled(OfferState.ACCEPTED, LATER + timedelta(minutes=1)).state is OfferState.ACCEPTED


def test_a_clock_set_back_leaves_no_offer_that_ended_before_it_was_made() -> None:
    assert OFFER.settled(OfferState.DECLINED, NOW - timedelta(hours=1)).settled_at == NOW


def test_nobody_answers_for_another() -> None:
    assert OFFER.answered_by(7) is OFFER
    with pytest.raises(NotPermitted):
        OFFER.answered_by(8)


def test_only_refusals_count() -> None:
    ended = [OFFER.settled(state, LATER) for state in ENDS]
    assert {offer.state for offer in ended if offer.refused} == {OfferState.DECLINED, OfferState.EXPIRED}
    assert refusals([OFFER, *ended]) == (2, frozenset({7}))
