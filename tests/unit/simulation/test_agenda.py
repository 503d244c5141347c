"""Virtual time passes in order, and a clock that jumps does no harm."""

from __future__ import annotations

from collections.abc import Generator
from datetime import UTC, datetime, timedelta

import pytest

from bot.simulation.agenda import Agenda, Pause, Waited, run

NINE = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)


def test_things_happen_in_order_and_those_of_one_moment_as_they_were_planned() -> None:
    agenda, done = Agenda(NINE), []
    agenda.after(60, done.append, "later")
    agenda.after(5, done.append, "soon")
    agenda.after(5, done.append, "soon too")
    agenda.at(NINE + timedelta(seconds=30), done.append, "half a minute")
    agenda.at(NINE - timedelta(hours=1), done.append, "at once")
    assert agenda.run(NINE + timedelta(seconds=59)) == 4
    assert done == ["at once", "soon", "soon too", "half a minute"]
    assert agenda.now() == NINE + timedelta(seconds=30)


def test_the_clock_stands_while_something_happens() -> None:
    agenda, seen = Agenda(NINE), []

    def look() -> None:
        seen.append(agenda.now())
        agenda.after(0.5, look)

    agenda.after(1, look)
    agenda.run(NINE + timedelta(seconds=2))
    assert seen == [NINE + timedelta(seconds=one) for one in (1, 1.5, 2)]


def test_after_a_jump_back_the_wall_clock_is_waited_for_and_passing_time_is_not() -> None:
    agenda, done = Agenda(NINE), []
    agenda.at(NINE + timedelta(minutes=10), lambda: done.append(("wall", agenda.seconds)))
    agenda.after(600, lambda: done.append(("passed", agenda.seconds)))
    agenda.after(60, agenda.jump, -3600.0)
    agenda.run(NINE + timedelta(minutes=30))
    assert done == [("passed", 600.0), ("wall", 4200.0)]


def test_a_coroutine_runs_through_or_says_that_it_waits() -> None:
    async def seven() -> int:
        return 7

    async def waiting() -> None:
        await Pause(1.0)

    assert run(seven()) == 7
    with pytest.raises(Waited):
        run(waiting())


def test_a_pause_lets_other_things_happen() -> None:
    agenda, done = Agenda(NINE), []

    async def slow() -> str:
        done.append("asked")
        await Pause(2.0)
        done.append("answered")
        return "result"

    agenda.after(1, done.append, "between")
    agenda.drive(slow(), done.append)
    agenda.run(NINE + timedelta(seconds=10))
    assert done == ["asked", "between", "answered", "result"]


def test_what_pauses_for_anything_else_is_refused() -> None:
    class Foreign:
        def __await__(self) -> Generator[int, None, None]:
            yield 1

    async def foreign() -> None:
        await Foreign()

    with pytest.raises(Waited):
        Agenda(NINE).drive(foreign())
