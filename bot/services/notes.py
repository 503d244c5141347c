"""Internal notes in a transcript, which the customer never sees."""

from __future__ import annotations

from datetime import datetime

from bot.domain.cases import Case
from bot.domain.messages import Author, Direction, Message
from bot.services.ports import UnitOfWork
from bot.services.ports_conversations import NewMessage


async def write_note(
    uow: UnitOfWork, case: Case, text: str, now: datetime, *, by: int | None = None, client_id: str | None = None
) -> Message:
    """Write a note beside a case, ``by`` a staff member or the house, and tell the consoles."""
    message = await uow.messages.add(
        NewMessage(
            conversation_id=case.conversation_id,
            direction=Direction.INTERNAL,
            author=Author.STAFF if by is not None else Author.SYSTEM,
            text=text,
            staff_id=by,
            case_id=case.id,
            client_id=client_id,
            created_at=now,
        )
    )
    await uow.feed.publish("message", case.conversation_id, {"message_id": message.id})
    return message
