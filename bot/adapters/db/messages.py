"""Messages and attachments in PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Text, bindparam, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.db.conversations import to_conversation
from bot.adapters.db.message_rows import attachment_of, message_of, values
from bot.adapters.db.tables import attachments, conversations, customers, messages, turns
from bot.domain.conversations import Conversation
from bot.domain.errors import Unknown
from bot.domain.messages import (
    Attachment,
    AttachmentState,
    Author,
    Delivery,
    Direction,
    Message,
    MessageKind,
)
from bot.services.ports_conversations import NewMessage

# The statements of every single message are built once: building them costs more time than the database does.
_ADD = insert(messages).returning(messages)
_TURN = (
    upsert(turns)
    .values(conversation_id=bindparam("new_conversation_id"), opened_at=bindparam("new_created_at"))
    .on_conflict_do_update(
        index_elements=[turns.c.conversation_id],
        index_where=turns.c.outcome.is_(None),
        set_={"opened_at": turns.c.opened_at},
    )
    .returning(turns.c.id)
    .cte("turn")
)
_COLUMNS = [one for one in messages.c if one.name not in ("id", "turn_id", "edited_at", "delivery_error")]
_ADD_TO_TURN = (
    insert(messages)
    .from_select(
        ["turn_id", *(one.name for one in _COLUMNS)],
        select(_TURN.c.id, *(bindparam(f"new_{one.name}", type_=one.type) for one in _COLUMNS)),
    )
    .returning(messages)
)
_TAKE = (
    update(messages)
    .where(messages.c.id == bindparam("message_id"), messages.c.handled.is_(False))
    .values(handled=True)
    .returning(messages.c.turn_id)
)
_MANY = select(messages).where(messages.c.id.in_(bindparam("ids", expanding=True))).order_by(messages.c.id)
_WITH_CONVERSATION = (
    select(messages, conversations, customers.c.name.label("customer_name"))
    .join(conversations, conversations.c.id == messages.c.conversation_id)
    .join(customers, customers.c.id == conversations.c.customer_id)
    .where(messages.c.id == bindparam("message_id"))
)
_LAST_OUTBOUND = (
    select(messages)
    .where(messages.c.conversation_id == bindparam("conversation"), messages.c.direction == Direction.OUTBOUND)
    .order_by(messages.c.id.desc())
    .limit(1)
)
_SET_DELIVERY = (
    update(messages)
    .where(messages.c.id == bindparam("message_id"), messages.c.delivery.in_(bindparam("states", expanding=True)))
    .values(
        delivery=bindparam("reached"),
        delivery_error=bindparam("problem"),
        provider_id=func.coalesce(bindparam("provider", type_=Text), messages.c.provider_id),
    )
)
_SET_CASE = update(messages).where(messages.c.id == bindparam("message_id")).values(case_id=bindparam("case"))


class MessageTable:
    """See `bot.services.ports.Messages`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, message: NewMessage) -> Message:
        """Insert the message and its attachments."""
        return await self._added(message, (await self._connection.execute(_ADD, values(message))).one())

    async def add_to_turn(self, message: NewMessage) -> Message:
        """Insert the message and, where none is open, its turn, in one statement."""
        given = {f"new_{name}": value for name, value in values(message).items()}
        return await self._added(message, (await self._connection.execute(_ADD_TO_TURN, given)).one())

    async def _added(self, message: NewMessage, row: Row[Any]) -> Message:
        if not message.media:
            return message_of(row, ())
        stored = await self._connection.execute(
            insert(attachments)
            .values(
                [
                    {
                        "message_id": row.id,
                        "kind": one.kind,
                        "ref": one.ref,
                        "name": one.name,
                        "mime": one.mime,
                        "size": one.size,
                        "state": AttachmentState.STORED if one.stored_path else AttachmentState.PENDING,
                        "path": one.stored_path,
                    }
                    for one in message.media
                ]
            )
            .returning(attachments)
        )
        return message_of(row, tuple(attachment_of(one) for one in stored))

    async def get(self, message_id: int) -> Message:
        """Find by id."""
        found = await self.many([message_id])
        if not found:
            raise Unknown(f"message {message_id}")
        return found[0]

    async def with_conversation(self, message_id: int) -> tuple[Message, Conversation]:
        """Find by id, with the conversation."""
        row = (await self._connection.execute(_WITH_CONVERSATION, {"message_id": message_id})).one_or_none()
        if row is None:
            raise Unknown(f"message {message_id}")
        [message] = await self._with_attachments([row])
        return message, to_conversation(row)

    async def many(self, message_ids: Sequence[int]) -> list[Message]:
        """Find by ids."""
        rows = await self._connection.execute(_MANY, {"ids": list(message_ids)})
        return await self._with_attachments(rows.all())

    async def by_client_id(self, conversation_id: int, client_id: str) -> Message | None:
        """Find by the web chat's own id."""
        rows = await self._connection.execute(
            select(messages).where(messages.c.conversation_id == conversation_id, messages.c.client_id == client_id)
        )
        row = rows.one_or_none()
        return message_of(row, ()) if row else None

    async def by_provider_id(self, conversation_id: int, provider_id: str, direction: Direction) -> Message | None:
        """Find by the channel's id."""
        rows = await self._connection.execute(
            select(messages)
            .where(
                messages.c.conversation_id == conversation_id,
                messages.c.provider_id == provider_id,
                messages.c.direction == direction,
            )
            .order_by(messages.c.id.desc())
            .limit(1)
        )
        row = rows.one_or_none()
        return message_of(row, ()) if row else None

    async def history(
        self,
        conversation_id: int,
        *,
        after: int = 0,
        before: int | None = None,
        limit: int = 50,
        newest: bool = False,
        notes_of: Collection[int] = (),
    ) -> list[Message]:
        """Read a page of the transcript."""
        query = select(messages).where(messages.c.conversation_id == conversation_id, messages.c.id > after)
        if before is not None:
            query = query.where(messages.c.id < before)
        query = query.where(or_(messages.c.direction != Direction.INTERNAL, messages.c.case_id.in_(notes_of)))
        query = query.order_by(messages.c.id.desc() if newest else messages.c.id).limit(limit)
        rows = list(await self._connection.execute(query))
        return await self._with_attachments(rows[::-1] if newest else rows)

    async def take(self, message_id: int) -> int | None:
        """Mark as dealt with, unless it is already."""
        taken = await self._connection.execute(_TAKE, {"message_id": message_id})
        turn_id = taken.scalar_one_or_none()
        return int(turn_id) if turn_id is not None else None

    async def unhandled(self, turn_id: int) -> list[Message]:
        """Read what is still to be looked at."""
        rows = await self._connection.execute(
            select(messages).where(messages.c.turn_id == turn_id, messages.c.handled.is_(False)).order_by(messages.c.id)
        )
        return [message_of(row, ()) for row in rows]

    async def last_at(self, conversation_id: int, author: Author) -> datetime | None:
        """Read when an author last spoke."""
        at: datetime | None = await self._connection.scalar(
            select(func.max(messages.c.created_at)).where(
                messages.c.conversation_id == conversation_id, messages.c.author == author
            )
        )
        return at

    async def move_unhandled(self, turn_id: int, to_turn_id: int) -> None:
        """Move to another turn."""
        await self._connection.execute(
            update(messages)
            .where(messages.c.turn_id == turn_id, messages.c.handled.is_(False))
            .values(turn_id=to_turn_id)
        )

    async def set_case(self, message_id: int, case_id: int) -> None:
        """Link to a case."""
        await self._connection.execute(_SET_CASE, {"message_id": message_id, "case": case_id})

    async def set_delivery(
        self,
        message_id: int,
        delivery: Delivery,
        *,
        before: Collection[Delivery],
        provider_id: str | None = None,
        error: str | None = None,
    ) -> bool:
        """Store the delivery state, compared first; a name that the channel gave earlier is kept."""
        moved = await self._connection.execute(
            _SET_DELIVERY,
            {
                "message_id": message_id,
                "reached": delivery,
                "states": list(before),
                "provider": provider_id,
                "problem": error,
            },
        )
        return moved.rowcount == 1

    async def edit(self, message_id: int, text: str, at: datetime) -> None:
        """Store a new text, keep the old one."""
        earlier = await self.get(message_id)
        versions = [*earlier.meta.get("versions", []), earlier.text]
        await self._connection.execute(
            update(messages)
            .where(messages.c.id == message_id)
            .values(text=text, edited_at=at, meta={**earlier.meta, "versions": versions})
        )

    async def album_answered(self, conversation_id: int, album: str, before: int) -> bool:
        """Look for an earlier handled message of the album."""
        found = await self._connection.scalar(
            select(messages.c.id)
            .where(
                messages.c.conversation_id == conversation_id,
                messages.c.id < before,
                messages.c.handled,
                messages.c.meta["album"].astext == album,
            )
            .limit(1)
        )
        return found is not None

    async def attachment(self, attachment_id: int) -> Attachment:
        """Find an attachment."""
        rows = await self._connection.execute(select(attachments).where(attachments.c.id == attachment_id))
        row = rows.one_or_none()
        if row is None:
            raise Unknown(f"attachment {attachment_id}")
        return attachment_of(row)

    async def save_attachment(
        self, attachment_id: int, state: AttachmentState, *, path: str | None, mime: str, size: int | None
    ) -> None:
        """Store what was fetched."""
        await self._connection.execute(
            update(attachments)
            .where(attachments.c.id == attachment_id)
            .values(state=state, path=path, mime=mime, size=size)
        )

    async def wrote_since(self, conversation_id: int, message_id: int) -> bool:
        """Look for one of theirs."""
        newer = select(messages.c.id).where(
            messages.c.conversation_id == conversation_id,
            messages.c.id > message_id,
            messages.c.direction == Direction.INBOUND,
        )
        return (await self._connection.execute(newer.limit(1))).first() is not None

    async def last_outbound(self, conversation_id: int) -> Message | None:
        """Read the last thing said to the customer."""
        row = (await self._connection.execute(_LAST_OUTBOUND, {"conversation": conversation_id})).one_or_none()
        return message_of(row, ()) if row else None

    async def _with_attachments(self, rows: Sequence[Row[Any]]) -> list[Message]:
        wanted = [row._mapping[messages.c.id] for row in rows if row._mapping[messages.c.kind] != MessageKind.TEXT]
        found: dict[int, list[Attachment]] = {}
        if wanted:
            stored = await self._connection.execute(
                select(attachments).where(attachments.c.message_id.in_(wanted)).order_by(attachments.c.id)
            )
            for one in stored:
                found.setdefault(one.message_id, []).append(attachment_of(one))
        return [message_of(row, tuple(found.get(row._mapping[messages.c.id], ()))) for row in rows]
