"""Short ways to let a house at work do things, for tests of what happens with cases behind the doors."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text

from bot.domain.cases import Case
from bot.domain.offers import Offer
from bot.domain.promises import Promise
from bot.domain.staff import StaffMember
from bot.services.backstage import Backstage
from tests.house import Clerk, TestHouse, Visitor, eventually


def backstage(house: TestHouse) -> Backstage:
    """The services behind the doors."""
    return house.running.house.backstage


async def sql(house: TestHouse, statement: str, **values: Any) -> None:
    """Change the past: tests cannot wait for hours."""
    async with house.running.house.store.engine.connect() as connection:  # type: ignore[attr-defined]
        await connection.execute(text(statement), values)


async def rows(house: TestHouse, statement: str, **values: Any) -> list[Any]:
    """Look at what is stored."""
    async with house.running.house.store.engine.connect() as connection:  # type: ignore[attr-defined]
        return list(await connection.execute(text(statement), values))


async def case_of(house: TestHouse, code: str) -> Case:
    """The case as it is stored."""
    async with house.running.house.store.begin() as uow:
        return await uow.cases.by_code(code)


async def member(house: TestHouse, clerk: Clerk) -> StaffMember:
    """The account behind a console."""
    async with house.running.house.store.begin() as uow:
        return await uow.staff.get(clerk.id)


async def offers_of(house: TestHouse, code: str) -> list[Offer]:
    """Every offer of a case, oldest first."""
    async with house.running.house.store.begin() as uow:
        return await uow.offers.of_case((await uow.cases.by_code(code)).id)


async def open_offer(house: TestHouse, code: str) -> Offer | None:
    """The open offer of a case."""
    async with house.running.house.store.begin() as uow:
        return await uow.offers.open_of((await uow.cases.by_code(code)).id)


async def offered(house: TestHouse, code: str, clerk: Clerk) -> Offer:
    """Wait until a case is on offer to somebody."""

    async def look() -> Offer | None:
        offer = await open_offer(house, code)
        return offer if offer is not None and offer.staff_id == clerk.id else None

    return await eventually(look)


async def asks(house: TestHouse, words: str = "sửa hoá đơn giúp em", code: str = "KT-0001") -> Visitor:
    """A new customer with a need that becomes a case."""
    visitor = await house.visitor()
    await visitor.say(words)
    await visitor.hears(code)
    return visitor


async def runs_out(house: TestHouse, offer: Offer) -> None:
    """Let an offer's time be over."""
    await sql(house, "UPDATE offers SET expires_at = now() - interval '1 second' WHERE id = :id", id=offer.id)
    await rings(house, offer.timer_id)


async def rings(house: TestHouse, timer_id: int | None) -> None:
    """Show a timer to the worker now."""
    assert timer_id is not None
    await sql(house, "UPDATE pgmq.q_timers SET vt = now() WHERE msg_id = :id", id=timer_id)


async def hour_comes(house: TestHouse, code: str, minutes: int = 0) -> Promise:
    """Let the hour of the call that a case has come, or be some minutes past; return its promise."""
    at = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=minutes)
    case = await case_of(house, code)
    await sql(house, "UPDATE promises SET due_at = :at WHERE case_id = :id AND state = 'open'", at=at, id=case.id)
    await sql(
        house,
        "UPDATE cases SET sla = jsonb_set(sla, '{call,due_at}', to_jsonb(cast(:at AS text))) WHERE id = :id",
        at=at.isoformat(),
        id=case.id,
    )
    async with house.running.house.store.begin() as uow:
        promise = await uow.promises.open_of(case.id)
    assert promise is not None
    return promise
