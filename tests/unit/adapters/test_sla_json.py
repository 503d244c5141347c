"""The clock of a case in its row: what is written is read again, also as it was written before there were calls."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.db.sla_json import clock_from_json, clock_to_json
from bot.domain.company import Sla
from bot.domain.hours import OpeningHours
from bot.domain.sla import SlaClock
from bot.domain.sla_run import Run

OPENED = datetime(2026, 11, 25, 2, tzinfo=UTC)
CLOCK = SlaClock.started(OpeningHours.always(UTC), Sla(first_response=10, next_response=30, resolution=480), at=OPENED)
MINUTES = st.floats(0, 100_000)
MOMENTS = st.none() | st.datetimes(timezones=st.just(UTC))
RUNS = st.builds(
    Run,
    allowed=MINUTES,
    spent=MINUTES,
    since=MOMENTS,
    warn_at=MOMENTS,
    due_at=MOMENTS,
    warned=st.booleans(),
    breached=st.booleans(),
    fixed=st.booleans(),
)


@given(
    st.builds(
        SlaClock,
        first=st.none() | RUNS,
        next=st.none() | RUNS,
        resolution=RUNS,
        call=st.none() | RUNS,
        stopped=st.booleans(),
        asked_for_time=st.booleans(),
        asked_until=MOMENTS,
    )
)
def test_a_clock_survives_the_store(clock: SlaClock) -> None:
    assert clock_from_json(json.loads(json.dumps(clock_to_json(clock)))) == clock


def test_something_else_is_not_read_as_a_clock() -> None:
    with pytest.raises(ValueError, match="without resolution"):
        clock_from_json({**clock_to_json(CLOCK), "resolution": None})
    with pytest.raises(KeyError):
        clock_from_json({"first": None})


def test_a_clock_from_before_there_were_calls_is_read() -> None:
    stored = clock_to_json(CLOCK)
    assert stored.pop("call") is None
    del stored["asked_for_time"]
    del stored["asked_until"]
    for name in ("first", "resolution"):
        del stored[name]["fixed"]
    assert clock_from_json(stored) == CLOCK
