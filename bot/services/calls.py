"""Calling the assigner: one line in the caller's transaction, worked on as soon as that has committed."""

from __future__ import annotations

from collections.abc import Collection

from bot.services.ports import QueueName, UnitOfWork

ASSIGN = "assign"


async def call_assigner(uow: UnitOfWork, departments: Collection[str], case_id: int | None = None) -> None:
    """Have somebody found for what waits, because of something that happened in these departments.

    ``case_id`` names a case whose deadlines nobody watches yet. It costs the caller no statement.
    """
    body: dict[str, object] = {"kind": ASSIGN, "departments": sorted(departments)}
    await uow.queues.post(QueueName.TIMERS, body if case_id is None else {**body, "case_id": case_id})
