"""Messages and attachments as rows, and rows as messages and attachments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row

from bot.adapters.db.tables import messages
from bot.domain.messages import Attachment, AttachmentState, Author, Button, Delivery, Direction, Message, MessageKind
from bot.services.ports_conversations import NewMessage


def values(message: NewMessage) -> dict[str, Any]:
    """Return the columns of a message that is to be stored."""
    return {
        "conversation_id": message.conversation_id,
        "turn_id": message.turn_id,
        "case_id": message.case_id,
        "direction": message.direction,
        "author": message.author,
        "staff_id": message.staff_id,
        "kind": message.kind,
        "text": message.text,
        "buttons": [{"title": one.title, "payload": one.payload} for one in message.buttons] or None,
        "meta": dict(message.meta) or None,
        "client_id": message.client_id,
        "provider_id": message.provider_id,
        "delivery": message.delivery,
        "handled": message.handled,
        "created_at": message.created_at,
    }


def message_of(row: Row[Any], files: tuple[Attachment, ...]) -> Message:
    """Read a row of messages, alone or joined with others, with the attachments that were read beside it."""
    one = row._mapping  # by column: in a join with conversations the names alone would be ambiguous
    return Message(
        id=one[messages.c.id],
        conversation_id=one[messages.c.conversation_id],
        direction=Direction(one[messages.c.direction]),
        author=Author(one[messages.c.author]),
        kind=MessageKind(one[messages.c.kind]),
        text=one[messages.c.text],
        created_at=one[messages.c.created_at],
        staff_id=one[messages.c.staff_id],
        turn_id=one[messages.c.turn_id],
        case_id=one[messages.c.case_id],
        client_id=one[messages.c.client_id],
        provider_id=one[messages.c.provider_id],
        delivery=Delivery(one[messages.c.delivery]) if one[messages.c.delivery] else None,
        delivery_error=one[messages.c.delivery_error],
        edited_at=one[messages.c.edited_at],
        buttons=tuple(_button(stored) for stored in one[messages.c.buttons] or ()),
        attachments=files,
        meta=one[messages.c.meta] or {},
        handled=one[messages.c.handled],
    )


def _button(stored: Mapping[str, str]) -> Button:
    return Button(title=stored["title"], payload=stored["payload"])


def attachment_of(row: Row[Any]) -> Attachment:
    """Read a row of attachments."""
    return Attachment(
        id=row.id,
        message_id=row.message_id,
        kind=MessageKind(row.kind),
        ref=row.ref,
        name=row.name,
        mime=row.mime,
        size=row.size,
        state=AttachmentState(row.state),
        path=row.path,
    )
