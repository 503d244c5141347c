"""Telling the consoles that a case changed, in the caller's transaction."""

from __future__ import annotations

from bot.domain.cases import Case
from bot.services.ports import UnitOfWork


async def announce(uow: UnitOfWork, case: Case, change: str) -> None:
    """Tell the consoles that a case changed, and how in one word."""
    await uow.feed.publish(
        "case", case.conversation_id, {"code": case.code, "department": case.department, "change": change}
    )
