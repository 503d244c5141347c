"""The door: what arrives is on disk before it is acknowledged, once, and in order per conversation."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime

from bot.domain.arrivals import Arrival, CustomerMessage, Ignored, MessageEdited
from bot.domain.conversations import Conversation
from bot.domain.messages import AttachmentState, Author, Channel, Direction, MessageKind
from bot.services.ports import Clock, QueueName, Store, UnitOfWork
from bot.services.ports_conversations import NewMessage

TEXT_KEPT = 10_000
"""Characters of one message that are kept as text; the raw event keeps all of it."""


NAMELESS = frozenset({Channel.ZALO})
"""Channels whose events carry no name, but which can be asked for it."""


UNREAD = ("unreadable", "unknown")
"""Beginnings of the reasons for which an event is ignored although it may have been meant for us."""


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """What became of an arrival. ``message_id`` is set where it was, or had been, stored as a customer's message."""

    message_id: int | None
    duplicate: bool


class Intake:
    """Stores arrivals. Everything else happens later, from what is stored."""

    def __init__(self, store: Store, clock: Clock, nameless: Container[Channel] = NAMELESS) -> None:
        self._store = store
        self._clock = clock
        self._nameless = nameless
        self._under_way = 0

    @property
    def busy(self) -> bool:
        """Whether a channel is waiting for an acknowledgement at this moment."""
        return self._under_way > 0

    async def accept(self, channel: Channel, arrival: Arrival) -> Accepted:
        """Store one arrival and queue it, in one transaction; a repetition changes nothing.

        When this returns, the caller may acknowledge. When it raises, nothing was stored and the channel must be told
        to try again.
        """
        self._under_way += 1
        try:
            return await self._accept(channel, arrival)
        finally:
            self._under_way -= 1

    async def _accept(self, channel: Channel, arrival: Arrival) -> Accepted:
        now = self._clock.now()
        if isinstance(arrival.happening, Ignored):
            if arrival.happening.reason.startswith(UNREAD):
                # A mended parser may read it one day; until then it is kept, and nobody waits for it.
                async with self._store.begin() as uow:
                    await uow.events.add(channel, arrival, now)
            return Accepted(message_id=None, duplicate=False)
        async with self._store.begin() as uow:
            event_id = await uow.events.add(channel, arrival, now)
            if event_id is None:
                return Accepted(message_id=await self._known(uow, channel, arrival), duplicate=True)
            message_id = await self._message(uow, channel, arrival, now)
            body = {"event_id": event_id, "message_id": message_id}
            await uow.queues.post(QueueName.INBOX, body, group=f"{channel}:{arrival.chat}")
        return Accepted(message_id=message_id, duplicate=False)

    async def _known(self, uow: UnitOfWork, channel: Channel, arrival: Arrival) -> int | None:
        """The message of an earlier acceptance, for the one channel whose client asks for it."""
        if not isinstance(arrival.happening, CustomerMessage) or arrival.happening.client_id is None:
            return None
        conversation = await uow.conversations.at(channel, arrival.chat)
        if conversation is None:
            return None
        known = await uow.messages.by_client_id(conversation.id, arrival.happening.client_id)
        return known.id if known else None

    async def _message(self, uow: UnitOfWork, channel: Channel, arrival: Arrival, now: datetime) -> int | None:
        match arrival.happening:
            case CustomerMessage() as said:
                conversation = await uow.conversations.meet(
                    channel, arrival.chat, said.sender_id, said.sender_name, _language(said.language), now
                )
                return await self._store_message(uow, conversation, _new(conversation, said, now), now)
            case MessageEdited() as edited:
                conversation = await uow.conversations.meet(
                    channel, arrival.chat, edited.sender_id, edited.sender_name, "vi", now
                )
                await self._note_edit(uow, conversation, edited, now)
                said = CustomerMessage(
                    provider_id=edited.provider_id,
                    kind=MessageKind.TEXT,
                    text=edited.text,
                    sender_id=edited.sender_id,
                    meta={"edit_of": edited.provider_id},
                )
                return await self._store_message(uow, conversation, _new(conversation, said, now), now)
            case _:
                return None

    async def _note_edit(
        self, uow: UnitOfWork, conversation: Conversation, edited: MessageEdited, now: datetime
    ) -> None:
        earlier = await uow.messages.by_provider_id(conversation.id, edited.provider_id, Direction.INBOUND)
        if earlier is not None:
            await uow.messages.edit(earlier.id, edited.text[:TEXT_KEPT], now)

    async def _store_message(
        self, uow: UnitOfWork, conversation: Conversation, message: NewMessage, now: datetime
    ) -> int:
        if conversation.channel in self._nameless:
            await ask_for_name(uow, conversation, now)
        stored = await uow.messages.add_to_turn(message)
        for attachment in stored.attachments:
            if attachment.state is AttachmentState.STORED:
                continue
            await uow.queues.post(QueueName.TIMERS, {"kind": "fetch", "attachment_id": attachment.id})
        await uow.feed.publish("message", conversation.id, {"message_id": stored.id})
        return stored.id


def _language(code: str | None) -> str:
    """The language in which the house itself speaks to somebody: English for any kind of it, else Vietnamese."""
    return "en" if (code or "").lower().startswith("en") else "vi"


async def ask_for_name(uow: UnitOfWork, conversation: Conversation, now: datetime) -> None:
    """At the first meeting with somebody whom the channel did not name, have the name asked for."""
    if conversation.created_at == now and conversation.customer_name is None:
        await uow.queues.post(QueueName.TIMERS, {"kind": "name", "conversation_id": conversation.id})


def _new(conversation: Conversation, said: CustomerMessage, now: datetime) -> NewMessage:
    meta = dict(said.meta)
    if said.album is not None:
        meta["album"] = said.album
    if len(said.text) > TEXT_KEPT:
        meta["truncated"] = len(said.text)
    return NewMessage(
        conversation_id=conversation.id,
        direction=Direction.INBOUND,
        author=Author.CUSTOMER,
        kind=said.kind,
        text=said.text[:TEXT_KEPT],
        client_id=said.client_id,
        provider_id=said.provider_id,
        media=said.media,
        meta=meta,
        handled=False,
        created_at=now,
    )
