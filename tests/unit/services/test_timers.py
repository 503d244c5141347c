"""A timer that comes before its moment waits for it, and never so little that it comes again at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.adapters.memory.store import MemoryStore
from bot.services.ports import QueueName
from bot.services.timers import BREATH, come_again, not_before
from bot.simulation.agenda import Agenda

NINE = datetime(2026, 11, 25, 2, tzinfo=UTC)
SOON, LATER = NINE + timedelta(milliseconds=20), NINE + timedelta(hours=1)


@pytest.mark.parametrize(
    ("moment", "again"),
    [
        (NINE - timedelta(hours=1), None),
        (NINE, None),
        (SOON, NINE + BREATH),
        (NINE + BREATH, NINE + BREATH),
        (LATER, LATER),
    ],
)
async def test_a_timer_waits_for_its_moment(moment: datetime, again: datetime | None) -> None:
    store = MemoryStore(Agenda(NINE))
    async with store.begin() as uow:
        await uow.queues.set_timer({"kind": "offer"}, NINE)
        [item] = await uow.queues.read(QueueName.TIMERS, seconds=30, limit=1)
        assert await not_before(uow, item, moment, NINE) == again
    # What is due is left to whoever asked: it is hidden as any item that was read is.
    assert store.next_due(QueueName.TIMERS) == (again or NINE + timedelta(seconds=30))


async def test_a_moment_that_is_over_comes_again_after_a_breath() -> None:
    store = MemoryStore(Agenda(NINE))
    async with store.begin() as uow:
        await uow.queues.set_timer({"kind": "deadline"}, NINE)
        [item] = await uow.queues.read(QueueName.TIMERS, seconds=30, limit=1)
        assert await come_again(uow, item, NINE - timedelta(hours=1), NINE) == NINE + BREATH
    assert store.next_due(QueueName.TIMERS) == NINE + BREATH
