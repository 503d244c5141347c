"""What a channel reports beside messages: receipts, echoes, answers from outside, people who come and go."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog

from bot.domain.arrivals import (
    CustomerMessage,
    Happening,
    MessageEdited,
    OutsideReply,
    OwnEcho,
    Presence,
    Receipt,
)
from bot.domain.company import Company
from bot.domain.conversations import Conversation, Speaker
from bot.domain.messages import Author, Channel, Delivery, Direction, after_receipt
from bot.domain.text import fold
from bot.services import texts
from bot.services.handoff import OUTSIDE_REPLY
from bot.services.intake import ask_for_name
from bot.services.ledger import Ledger
from bot.services.moves import Opened
from bot.services.ports import Clock, QueueItem, QueueName, Store, StoredEvent, UnitOfWork
from bot.services.ports_channel import ChannelPort
from bot.services.ports_conversations import NewMessage
from bot.services.promising import Promising
from bot.services.voice import Sentence, Voice

log = structlog.get_logger(__name__)

RECEIPT_TRIES = 3
"""Looks, a second apart, that a receipt waits for the call that it is about to come back."""


class Reports:
    """Deals with one report at a time."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        company: Company,
        channels: Mapping[Channel, ChannelPort],
        voice: Voice,
        promising: Promising,
        ledger: Ledger,
    ) -> None:
        self._store = store
        self._clock = clock
        self._company = company
        self._channels = channels
        self._voice = voice
        self._promising = promising
        self._ledger = ledger

    async def handle(self, item: QueueItem) -> None:
        """Process a queue item to its end; calling it again for the same item is harmless."""
        now = self._clock.now()
        async with self._store.read() as uow:
            event = await uow.events.get(int(item.body["event_id"]))
        happening = self._channels[event.channel].parse(event.payload)
        async with self._store.begin() as uow:
            conversation = await uow.conversations.at(event.channel, event.chat)
            if conversation is not None:
                conversation = await uow.conversations.get(conversation.id, lock=True)
            if await self._too_early(uow, conversation, happening, item.reads):
                await uow.queues.hold(QueueName.INBOX, item.id, now + timedelta(seconds=1))
                return
            if await uow.queues.finish(QueueName.INBOX, item.id):
                await self._deal(uow, event, conversation, happening, now)

    async def _deal(
        self,
        uow: UnitOfWork,
        event: StoredEvent,
        conversation: Conversation | None,
        happening: Happening,
        now: datetime,
    ) -> None:
        match happening:
            case Presence(present=True) as came:
                await self._welcome(uow, event, came, now)
            case _ if conversation is None:
                log.info("report_without_conversation", channel=event.channel, event_id=event.id)
            case Receipt() as receipt:
                await self._receipt(uow, conversation, receipt)
            case OwnEcho() as echo:
                await self._echo(uow, conversation, echo)
            case OutsideReply() as reply:
                await self._outside(uow, conversation, reply, now)
            case Presence():
                await uow.conversations.save_reachable(conversation.id, reachable=False)
            case CustomerMessage() | MessageEdited():
                raise RuntimeError(f"event {event.id} is a message and was stored without one")
            case _:
                log.info("report_ignored", channel=event.channel, event_id=event.id)

    async def _welcome(self, uow: UnitOfWork, event: StoredEvent, came: Presence, now: datetime) -> None:
        conversation = await uow.conversations.meet(
            event.channel, event.chat, came.sender_id, came.sender_name, "vi", now
        )
        await ask_for_name(uow, conversation, now)
        text = texts.welcome(self._company.short_name, conversation.language)
        if conversation.floor.speaker is not Speaker.BOT:
            return
        last = await uow.messages.last_outbound(conversation.id)
        if last is None or last.text != text:
            await self._voice.say(uow, conversation, Sentence(text=text, author=Author.BOT), now)

    async def _too_early(
        self, uow: UnitOfWork, conversation: Conversation | None, happening: Happening, reads: int
    ) -> bool:
        """Whether a receipt overtook the channel's answer to the very call that it is about."""
        if conversation is None or not isinstance(happening, Receipt) or reads > RECEIPT_TRIES:
            return False
        for provider_id in happening.provider_ids:
            if await uow.messages.by_provider_id(conversation.id, provider_id, Direction.OUTBOUND) is None:
                recent = await uow.messages.history(conversation.id, limit=20, newest=True)
                return any(one.delivery is Delivery.SENDING for one in recent)
        return False

    async def _receipt(self, uow: UnitOfWork, conversation: Conversation, receipt: Receipt) -> None:
        for provider_id in receipt.provider_ids:
            message = await uow.messages.by_provider_id(conversation.id, provider_id, Direction.OUTBOUND)
            if message is None or message.delivery is None:
                continue
            reached = after_receipt(message.delivery, receipt.reached)
            if reached is not message.delivery:
                await uow.messages.set_delivery(message.id, reached, before={message.delivery})
                await uow.feed.publish("delivery", conversation.id, {"message_id": message.id})

    async def _echo(self, uow: UnitOfWork, conversation: Conversation, echo: OwnEcho) -> None:
        """Settle a send whose outcome nobody knew: the channel shows that it happened."""
        if await uow.messages.by_provider_id(conversation.id, echo.provider_id, Direction.OUTBOUND) is not None:
            return
        recent = await uow.messages.history(conversation.id, limit=20, newest=True)
        for message in reversed(recent):
            if message.delivery in (Delivery.SENDING, Delivery.UNKNOWN) and _echoes(message.text, echo.text):
                await uow.messages.set_delivery(
                    message.id, Delivery.SENT, before={message.delivery}, provider_id=echo.provider_id
                )
                await uow.feed.publish("delivery", conversation.id, {"message_id": message.id})
                return

    async def _outside(self, uow: UnitOfWork, conversation: Conversation, reply: OutsideReply, now: datetime) -> None:
        """A person answered in the channel's own application: record it, close what was open, keep the bot silent."""
        if await uow.messages.by_provider_id(conversation.id, reply.provider_id, Direction.OUTBOUND) is not None:
            return
        said = await uow.messages.add(
            NewMessage(
                conversation_id=conversation.id,
                direction=Direction.OUTBOUND,
                author=Author.OUTSIDE,
                text=reply.text,
                provider_id=reply.provider_id,
                delivery=Delivery.SENT,
                meta={"outside_author": reply.author_id},
                created_at=now,
            )
        )
        await uow.conversations.save_floor(conversation.id, conversation.floor.taken_outside())
        await uow.feed.publish("message", conversation.id, {"message_id": said.id})
        await self._ledger.answered(uow, conversation.id, now)
        for case in await uow.cases.of_customer(conversation.customer_id):
            # What else is open here lies with other desks, whose promises this answer did not keep.
            if case.conversation_id == conversation.id and case.reason == OUTSIDE_REPLY:
                at = Opened(uow=uow, case=case, conversation=conversation, now=now)
                await self._promising.answered_outside(at, reply.text)


def _echoes(said: str, echoed: str) -> bool:
    """Whether an echo is of what was said: a channel without buttons adds the choices below the text."""
    return fold(echoed).startswith(fold(said)) if said else not echoed
