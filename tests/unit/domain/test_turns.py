"""The turn ledger closes exactly once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.errors import ForbiddenMove
from bot.domain.turns import WATCH_LIMIT, Outcome, Turn

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
TURN = Turn(id=1, conversation_id=1, opened_at=NOW)


def test_closing_twice_is_refused() -> None:
    closed = TURN.closed(Outcome.ANSWERED, NOW)
    with pytest.raises(ForbiddenMove):
        closed.closed(Outcome.OWNED, NOW, 3)


@pytest.mark.parametrize("outcome", [Outcome.OWNED, Outcome.PROMISED])
def test_owned_and_promised_name_their_case(outcome: Outcome) -> None:
    with pytest.raises(ForbiddenMove):
        TURN.closed(outcome, NOW)
    assert TURN.closed(outcome, NOW, 3).case_id == 3


def test_the_watchdog_looks_at_open_turns_only() -> None:
    late = NOW + WATCH_LIMIT
    assert TURN.overdue(late)
    assert not TURN.overdue(late - timedelta(milliseconds=1))
    assert not TURN.closed(Outcome.ANSWERED, NOW).overdue(late)
