"""Conversations, customers and identities in PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.db.tables import conversations, customers, identities
from bot.domain.conversations import Conversation, Floor, Speaker
from bot.domain.errors import Unknown
from bot.domain.messages import Channel

_WITH_CUSTOMER = select(conversations, customers.c.name.label("customer_name")).join(
    customers, customers.c.id == conversations.c.customer_id
)


# Built once: see `bot.adapters.db.messages`.
_GET = _WITH_CUSTOMER.where(conversations.c.id == bindparam("conversation"))
_LOCK = _GET.with_for_update(of=conversations)
_MEET = (
    update(conversations)
    .where(
        conversations.c.channel == bindparam("met_channel"),
        conversations.c.chat == bindparam("met_chat"),
        customers.c.id == conversations.c.customer_id,
    )
    .values(last_inbound_at=bindparam("met_at"), reachable=True)
    .returning(conversations, customers.c.name.label("customer_name"))
)
_SAVE_DIALOGUE = update(conversations).where(conversations.c.id == bindparam("conversation"))


class ConversationTable:
    """See `bot.services.ports.Conversations`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def meet(
        self, channel: Channel, chat: str, sender_id: str, name: str | None, language: str, at: datetime
    ) -> Conversation:
        """Find or make, and lock; two first messages at once make one conversation, not two."""
        touched = await self._connection.execute(_MEET, {"met_channel": channel, "met_chat": chat, "met_at": at})
        row = touched.one_or_none()
        if row is not None:
            return _conversation(row)
        return await self.get(await self._make(channel, chat, sender_id, name, language, at))

    async def _make(
        self, channel: Channel, chat: str, sender_id: str, name: str | None, language: str, at: datetime
    ) -> int:
        customer_id = await self._customer(channel, sender_id, name, language, at)
        made = await self._connection.execute(
            upsert(conversations)
            .values(
                customer_id=customer_id,
                channel=channel,
                chat=chat,
                language=language,
                last_inbound_at=at,
                created_at=at,
            )
            .on_conflict_do_update(
                index_elements=[conversations.c.channel, conversations.c.chat], set_={"last_inbound_at": at}
            )
            .returning(conversations.c.id)
        )
        return int(made.scalar_one())

    async def _customer(self, channel: Channel, sender_id: str, name: str | None, language: str, at: datetime) -> int:
        known = await self._connection.scalar(
            select(identities.c.customer_id).where(
                identities.c.channel == channel, identities.c.external_id == sender_id
            )
        )
        if known is not None:
            return int(known)
        customer_id = await self._connection.scalar(
            insert(customers).values(name=name, language=language, created_at=at).returning(customers.c.id)
        )
        kept = await self._connection.execute(
            upsert(identities)
            .values(channel=channel, external_id=sender_id, customer_id=customer_id)
            # A do-nothing conflict would return no row, and the identity of the faster twin is the one that counts.
            .on_conflict_do_update(
                index_elements=[identities.c.channel, identities.c.external_id],
                set_={"external_id": identities.c.external_id},
            )
            .returning(identities.c.customer_id)
        )
        return int(kept.scalar_one())

    async def at(self, channel: Channel, chat: str) -> Conversation | None:
        """Find by chat."""
        found = await self._connection.execute(
            _WITH_CUSTOMER.where(conversations.c.channel == channel, conversations.c.chat == chat)
        )
        row = found.one_or_none()
        return _conversation(row) if row else None

    async def get(self, conversation_id: int, *, lock: bool = False) -> Conversation:
        """Find by id."""
        query = _LOCK if lock else _GET
        row = (await self._connection.execute(query, {"conversation": conversation_id})).one_or_none()
        if row is None:
            raise Unknown(f"conversation {conversation_id}")
        return _conversation(row)

    async def save_floor(self, conversation_id: int, floor: Floor) -> None:
        """Store the floor."""
        await self._connection.execute(
            update(conversations)
            .where(conversations.c.id == conversation_id)
            .values(speaker=floor.speaker, speaker_staff_id=floor.staff_id, floor_version=floor.version)
        )

    async def save_dialogue(self, conversation_id: int, dialogue: Mapping[str, Any] | None, language: str) -> None:
        """Store the engine's state."""
        await self._connection.execute(
            _SAVE_DIALOGUE, {"conversation": conversation_id, "dialogue": dialogue, "language": language}
        )

    async def save_reachable(self, conversation_id: int, *, reachable: bool) -> None:
        """Store reachability."""
        await self._connection.execute(
            update(conversations).where(conversations.c.id == conversation_id).values(reachable=reachable)
        )

    async def save_name(self, customer_id: int, name: str) -> None:
        """Store the customer's name."""
        await self._connection.execute(update(customers).where(customers.c.id == customer_id).values(name=name))


def _conversation(row: Row[Any]) -> Conversation:
    return Conversation(
        id=row.id,
        customer_id=row.customer_id,
        channel=Channel(row.channel),
        chat=row.chat,
        floor=Floor(speaker=Speaker(row.speaker), staff_id=row.speaker_staff_id, version=row.floor_version),
        created_at=row.created_at,
        language=row.language,
        dialogue=row.dialogue,
        customer_name=row.customer_name,
        last_inbound_at=row.last_inbound_at,
        reachable=row.reachable,
    )
