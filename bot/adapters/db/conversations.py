"""Conversations, customers and identities in PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, Row, bindparam, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.db.tables import conversations, customers
from bot.domain.conversations import Conversation, Floor, Speaker
from bot.domain.errors import Unknown
from bot.domain.messages import Channel

_WITH_CUSTOMER = select(conversations, customers.c.name.label("customer_name")).join(
    customers, customers.c.id == conversations.c.customer_id
)


# Built once: see `bot.adapters.db.messages`.
_GET = _WITH_CUSTOMER.where(conversations.c.id == bindparam("conversation"))
_LOCK = _GET.with_for_update(of=conversations)
_NAMES = ", ".join(f"one.{column.name}" for column in conversations.c)

# One statement, whether it is a first meeting or not; made, where they are not there: customer, identity, conversation.
# Of two twins at once the faster one's identity and conversation count, so a conflict returns those. The statement does
# not see the customer that it makes itself, hence the name.
_MEET = (
    text(
        f"""
        WITH met AS (
            UPDATE conversations AS one SET last_inbound_at = :at, reachable = true
            WHERE channel = :channel AND chat = :chat RETURNING {_NAMES}
        ), known AS (
            SELECT customer_id FROM identities
            WHERE channel = :channel AND external_id = :sender AND NOT EXISTS (TABLE met)
        ), customer AS (
            INSERT INTO customers (name, language, created_at)
            SELECT CAST(:name AS text), :language, :at
            WHERE NOT EXISTS (TABLE met) AND NOT EXISTS (TABLE known) RETURNING id
        ), identity AS (
            INSERT INTO identities AS twin (channel, external_id, customer_id)
            SELECT :channel, :sender, id FROM customer
            ON CONFLICT (channel, external_id) DO UPDATE SET external_id = twin.external_id RETURNING customer_id
        ), made AS (
            INSERT INTO conversations AS one (customer_id, channel, chat, language, last_inbound_at, created_at)
            SELECT customer_id, :channel, :chat, :language, :at, :at FROM (TABLE known UNION ALL TABLE identity) AS who
            ON CONFLICT (channel, chat) DO UPDATE SET last_inbound_at = :at RETURNING {_NAMES}
        )
        SELECT {_NAMES},
            CASE WHEN customers.id IS NULL THEN CAST(:name AS text) ELSE customers.name END AS customer_name
        FROM (TABLE met UNION ALL TABLE made) AS one LEFT JOIN customers ON customers.id = one.customer_id
        """  # noqa: S608 - the names of our own columns
    )
    .bindparams(bindparam("at", type_=DateTime(timezone=True)))
    .columns(*conversations.c, customers.c.name.label("customer_name"))
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
        values = {"channel": channel, "chat": chat, "sender": sender_id, "name": name, "language": language, "at": at}
        return to_conversation((await self._connection.execute(_MEET, values)).one())

    async def at(self, channel: Channel, chat: str) -> Conversation | None:
        """Find by chat."""
        found = await self._connection.execute(
            _WITH_CUSTOMER.where(conversations.c.channel == channel, conversations.c.chat == chat)
        )
        row = found.one_or_none()
        return to_conversation(row) if row else None

    async def get(self, conversation_id: int, *, lock: bool = False) -> Conversation:
        """Find by id."""
        query = _LOCK if lock else _GET
        row = (await self._connection.execute(query, {"conversation": conversation_id})).one_or_none()
        if row is None:
            raise Unknown(f"conversation {conversation_id}")
        return to_conversation(row)

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

    async def save_name(self, customer_id: int, name: str, *, first: bool = False) -> None:
        """Store the customer's name."""
        change = update(customers).where(customers.c.id == customer_id)
        if first:
            change = change.where(customers.c.name.is_(None))
        await self._connection.execute(change.values(name=name))


def to_conversation(row: Row[Any]) -> Conversation:
    """Return the conversation of a row that has every column of the table, and the customer's name."""
    one = row._mapping  # by column: in a join with messages the names alone would be ambiguous
    return Conversation(
        id=one[conversations.c.id],
        customer_id=one[conversations.c.customer_id],
        channel=Channel(one[conversations.c.channel]),
        chat=one[conversations.c.chat],
        floor=Floor(
            speaker=Speaker(one[conversations.c.speaker]),
            staff_id=one[conversations.c.speaker_staff_id],
            version=one[conversations.c.floor_version],
        ),
        created_at=one[conversations.c.created_at],
        language=one[conversations.c.language],
        dialogue=one[conversations.c.dialogue],
        customer_name=one["customer_name"],
        last_inbound_at=one[conversations.c.last_inbound_at],
        reachable=one[conversations.c.reachable],
    )
