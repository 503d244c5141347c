"""Working days for tests that run at any hour of any day: shifts laid around the present moment."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.hours import Block
from bot.domain.shifts import Shift
from tests.house import Clerk, TestHouse

HOUR = timedelta(hours=1)


def now(house: TestHouse) -> datetime:
    """Return the present moment in the company's time zone."""
    running = house.running.house
    return running.clock.now().astimezone(running.company.zone)


async def works(house: TestHouse, clerk: Clerk, start: timedelta, end: timedelta) -> Shift:
    """Give a person a weekly shift from `start` to `end` after now (minutes are cut), and forget who was there."""
    first = (now(house) + start).replace(second=0, microsecond=0)
    minute = first.hour * 60 + first.minute
    block = Block(minute, minute + round((end - start) / timedelta(minutes=1)))
    store = house.running.house.store
    async with store.begin() as uow:
        return await uow.rosters.add_shift(clerk.id, first.weekday(), block, first.date() - timedelta(days=28), None)


async def presence(clerk: Clerk, staff_id: int) -> str:
    """Return a colleague's presence as the console shows it."""
    status, body = await clerk.get("/api/staff")
    assert status == 200
    return str(next(one["presence"] for one in body["staff"] if one["id"] == staff_id))
