"""The end of a shift: whoever holds nothing goes off, unless their next shift of the day begins soon."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from bot.domain.company import Company, RoleId
from bot.domain.hours import Block
from bot.domain.staff import StaffMember
from bot.services.duty import WARNING
from bot.services.ports import QueueName
from bot.services.shift_watch import SHIFT_END
from bot.simulation.agenda import Agenda, run
from bot.simulation.house import House

EIGHT = datetime(2027, 1, 4, 1, 0, tzinfo=UTC)
"""Eight in the morning of a Monday, where the company is."""
HOUR = 60


async def _hired(house: House, pause: int) -> int:
    """Somebody who works from eight to noon, and again for four hours after a pause (minutes), comes on duty."""
    async with house.store.begin() as uow:
        person = await uow.staff.add(
            "lan@senviet.vn", "Lan", RoleId.AGENT, frozenset({"accounting"}), "hash", EIGHT, on_duty=False
        )
        for start in (8 * HOUR, 12 * HOUR + pause):
            await uow.rosters.add_shift(person.id, 0, Block(start, start + 4 * HOUR), EIGHT.date(), None)
    await house.crew.duty.switch(person, on_duty=True)
    return person.id


async def _timers(house: House) -> None:
    async with house.store.read() as uow:
        items = await uow.queues.read(QueueName.TIMERS, seconds=30, limit=20)
    for item in items:
        await house.timers.handle(item)


def until(house: House, moment: datetime) -> None:
    """Let every minute up to a moment pass, and whatever is due in it happen."""
    while house.agenda.now() < moment:
        house.agenda.jump(60)
        run(_timers(house))


@pytest.mark.parametrize(
    ("pause", "stays"), [(HOUR, True), (3 * HOUR, True), (3 * HOUR + 1, False)], ids=["an hour", "three", "longer"]
)
def test_the_switch_stays_on_over_a_short_pause_between_two_shifts(company: Company, pause: int, stays: bool) -> None:
    house = House(company, Agenda(EIGHT), None, Random(1))  # type: ignore[arg-type]
    staff_id = run(_hired(house, pause))
    noon = EIGHT + timedelta(hours=4)
    until(house, noon - timedelta(minutes=1))
    assert house.memory.staff[staff_id].on_duty
    until(house, noon + timedelta(minutes=1))
    assert house.memory.staff[staff_id].on_duty is stays
    second_end = noon + timedelta(minutes=pause, hours=4)
    if stays:
        until(house, second_end - timedelta(minutes=1))
        assert house.memory.staff[staff_id].on_duty, "whoever came back works on"
    until(house, second_end + timedelta(minutes=1))
    assert not house.memory.staff[staff_id].on_duty, "the end of the next shift was watched as well"


def test_each_end_is_warned_of_once_however_often_the_plan_changes(company: Company) -> None:
    house = House(company, Agenda(EIGHT), None, Random(1))  # type: ignore[arg-type]
    staff_id = run(_hired(house, HOUR))
    boss = run(_boss(house))
    for end in ("13:00", "14:00", "13:00", "15:00"):
        run(house.crew.rosters.put_day(boss, staff_id, EIGHT.date(), [f"08:00-{end}"], ""))
    warned: list[datetime] = []
    house.store.on_event(lambda event: warned.append(house.agenda.now()) if event.kind == "shift_end" else None)
    until(house, EIGHT + timedelta(hours=7) - timedelta(minutes=1))
    assert warned == [EIGHT + timedelta(hours=7) - timedelta(minutes=10)]
    until(house, EIGHT + timedelta(hours=7, minutes=1))
    assert not house.memory.staff[staff_id].on_duty
    assert not [one for one in _watching(house) if one["staff_id"] == staff_id]


async def _boss(house: House) -> StaffMember:
    async with house.store.begin() as uow:
        return await uow.staff.add("son@senviet.vn", "Sơn", RoleId.MANAGER, frozenset(), "hash", EIGHT)


def _watching(house: House) -> list[Mapping[str, Any]]:
    timers = house.store.queues.of[QueueName.TIMERS].items.values()
    return [one.body for one in timers if one.body["kind"] in (WARNING, SHIFT_END)]
