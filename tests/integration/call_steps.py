"""Short ways to a case with a promised call, for tests of what staff and customers make of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.domain.promises import Promise, PromiseKind
from tests.house import Clerk, TestHouse, Visitor
from tests.integration.desk_steps import case_of

CODE = "KH-0001"
"""The first case of those who take wishes to be called."""


async def wants_call(house: TestHouse, minutes: int = 180) -> Visitor:
    """A new customer who is going to be called."""
    visitor = await house.visitor()
    await visitor.say(f"gọi lại sau {minutes} phút nhé")
    await visitor.hears(CODE)
    return visitor


async def open_promise(house: TestHouse) -> Promise | None:
    """The open promise of the case, of whatever kind."""
    async with house.running.house.store.begin() as uow:
        return await uow.promises.open_of((await uow.cases.by_code(CODE)).id)


async def the_call(house: TestHouse) -> Promise:
    """The open promise, which must be that of a call."""
    promise = await open_promise(house)
    assert promise is not None
    assert promise.kind is PromiseKind.CALL
    return promise


async def notes(clerk: Clerk) -> list[str]:
    """The internal notes of the case, as somebody at the desk reads them."""
    _, page = await clerk.get(f"/api/cases/{CODE}")
    return [one["text"] for one in page["messages"] if one["direction"] == "internal"]


async def called(clerk: Clerk, at: datetime, **body: Any) -> tuple[int, Any]:
    """Say how the call at an hour went."""
    return await clerk.post(f"/api/cases/{CODE}/called", call_at=at.isoformat(), **body)


def minutes_to(at: datetime) -> float:
    """How far ahead an hour lies."""
    return (at - datetime.now(UTC)).total_seconds() / 60


async def an_answer_is_owed(house: TestHouse) -> None:
    """The case waits for no call any more, and for an answer."""
    case = await case_of(house, CODE)
    assert case.call_at is None
    assert case.sla is not None
    assert case.sla.owes_answer
