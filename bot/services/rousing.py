"""Calling the assigner: one line in the caller's transaction, worked on as soon as that has committed."""

from __future__ import annotations

from bot.services.ports import QueueName, UnitOfWork

ASSIGN = "assign"


async def call_assigner(uow: UnitOfWork, case_id: int | None = None) -> None:
    """Have somebody found for whatever waits, because something has happened that may change an answer.

    ``case_id`` names a case whose deadlines nobody watches yet. It costs the caller no statement.
    """
    body: dict[str, object] = {"kind": ASSIGN}
    await uow.queues.post(QueueName.TIMERS, body if case_id is None else {**body, "case_id": case_id})
