"""The turn ledger: how turns close and when the watchdog looks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.errors import ForbiddenMove
from bot.domain.turns import WATCH_LIMIT, Closing, Outcome, Turn

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
TURN = Turn(id=1, conversation_id=1, opened_at=NOW)


@pytest.mark.parametrize("outcome", [Outcome.OWNED, Outcome.PROMISED])
def test_owned_and_promised_name_their_case(outcome: Outcome) -> None:
    with pytest.raises(ForbiddenMove):
        Closing(outcome=outcome, at=NOW)
    assert Closing(outcome=outcome, at=NOW, case_id=3).case_id == 3


def test_the_watchdog_looks_at_open_turns_only() -> None:
    late = NOW + WATCH_LIMIT
    assert TURN.overdue(late)
    assert not TURN.overdue(late - timedelta(milliseconds=1))
    assert not replace(TURN, outcome=Outcome.ANSWERED, closed_at=NOW).overdue(late)
