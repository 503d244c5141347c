"""For whom a door writes its answer: the words of the person who knocks, and the names that they read."""

from __future__ import annotations

from typing import Any

from bot.services.ports import UnitOfWork
from bot.web.endpoint import Call
from bot.web.render_work import Reader


async def reader_of(call: Call[Any, Any]) -> Reader:
    """Return what every shape of `render_work` is made with."""
    async with call.house.store.read() as uow:
        return await _reader(call, uow)


async def code_and_reader(call: Call[Any, Any], case_id: int) -> tuple[str, Reader]:
    """Return the reader, and the code of the case that what was changed belongs to, in one look."""
    async with call.house.store.read() as uow:
        return (await uow.cases.get(case_id)).code, await _reader(call, uow)


async def _reader(call: Call[Any, Any], uow: UnitOfWork) -> Reader:
    names = await uow.staff.names()
    return Reader(company=call.house.company, names=names, language=call.query_language, staff=call.staff)
