"""Cases given in person to somebody who leads: who takes no notice loses them to the next one, silently."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.company import RoleId
from bot.services.giving import SILENT
from tests.house import Clerk, TestHouse, Visitor, eventually
from tests.integration.desk_steps import asks, case_of, offers_of, rings, rows, sql

pytestmark = pytest.mark.integration

CODE = "KT-0001"


async def given(house: TestHouse, *names: str) -> tuple[Visitor, dict[int, Clerk], int]:
    """A case that nobody wanted, in the hands of one of those who lead; returns whose."""
    visitor = await asks(house)
    await sql(house, "UPDATE cases SET tries = 2 WHERE code = :code", code=CODE)
    bosses = [await house.staff(name, "management", role=RoleId.MANAGER) for name in names]
    await house.running.house.backstage.assigner.run()
    return visitor, {one.id: one for one in bosses}, await owner(house)


async def owner(house: TestHouse, *, other_than: int | None = None) -> int:
    async def look() -> int | None:
        found = (await case_of(house, CODE)).owner_id
        return found if found != other_than else None

    return await eventually(look)


async def time_is_over(house: TestHouse) -> None:
    """Let the time in which the owner might have reacted pass."""
    claimed = (await case_of(house, CODE)).claimed_at
    assert claimed is not None
    earlier = claimed - timedelta(minutes=5)
    await sql(house, "UPDATE cases SET claimed_at = :at WHERE code = :code", at=earlier, code=CODE)
    await sql(house, "UPDATE audit SET at = at - interval '5 minutes' WHERE action = 'case.assign'")
    found = await rows(
        house,
        "UPDATE pgmq.q_timers SET message = jsonb_set(message, '{since}', to_jsonb(CAST(:at AS text))) "
        "WHERE message->>'kind' = 'given' RETURNING msg_id",
        at=earlier.isoformat(),
    )
    (timer,) = found
    await rings(house, timer[0])


async def gone(house: TestHouse) -> bool | None:
    return not await rows(house, "SELECT 1 FROM pgmq.q_timers WHERE message->>'kind' = 'given'") or None


async def test_who_takes_no_notice_loses_it_to_the_next_who_leads_without_a_word(house: TestHouse) -> None:
    visitor, _, first = await given(house, "Sơn", "Hà")
    await visitor.hears("trực tiếp cho")
    said = len(await visitor.read())
    await time_is_over(house)
    second = await owner(house, other_than=first)
    assert [one.staff_id for one in await offers_of(house, CODE) if one.reason == SILENT] == [first]
    await house.settled()
    assert len(await visitor.read()) == said, "the customer was told once that somebody has it"
    await time_is_over(house)
    await eventually(lambda: gone(house))
    assert await owner(house) == second, "everybody had it: it stays, and its date is watched"


async def test_who_opens_it_keeps_it(house: TestHouse) -> None:
    _, bosses, first = await given(house, "Sơn", "Hà")
    assert (await bosses[first].get(f"/api/cases/{CODE}"))[0] == 200
    await time_is_over(house)
    await eventually(lambda: gone(house))
    assert await owner(house) == first


async def test_who_is_alone_keeps_it(house: TestHouse) -> None:
    _, _, first = await given(house, "Sơn")
    await time_is_over(house)
    await eventually(lambda: gone(house))
    assert await owner(house) == first
