"""The outbox: every piece leaves once, at the channel's pace, and its state is always visible."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from bot.domain.company import MANAGEMENT, RECEPTION
from bot.domain.conversations import Conversation, Speaker
from bot.domain.messages import Author, Channel, Delivery, Message, MessageKind, states_before
from bot.services.handoff import Handoff, Need
from bot.services.notes import write_note
from bot.services.ports import Clock, QueueItem, QueueName, Store, UnitOfWork
from bot.services.ports_channel import (
    ChannelPort,
    OutcomeUnknown,
    OutgoingMessage,
    RateLimited,
    RecipientGone,
    Rejected,
    Unreachable,
)

log = structlog.get_logger(__name__)

GIVE_UP_AFTER = timedelta(hours=2)
"""A message that a channel could not be reached for is given up then; the staff see it as failed and may send again."""

SEND_LIMIT = 30.0
"""Seconds for one delivery; a channel that takes longer has an unknown outcome."""


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """A message that this worker may now deliver."""

    message: Message
    conversation: Conversation
    port: ChannelPort


class Outbound:
    """Deals with one outbox item at a time."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        channels: Mapping[Channel, ChannelPort],
        handoff: Handoff,
        media_root: Path,
    ) -> None:
        self._store = store
        self._clock = clock
        self._channels = channels
        self._handoff = handoff
        self._media_root = media_root
        self._slots: dict[int, datetime] = {}

    async def handle(self, item: QueueItem) -> datetime | None:
        """Deliver a queue item, or hold it; returns when to look again where that is known."""
        claimed = await self._claim(item)
        if not isinstance(claimed, Claimed):
            return claimed
        try:
            async with asyncio.timeout(SEND_LIMIT):
                provider_id = await claimed.port.send(self._outgoing(claimed))
        except RateLimited as limit:
            return await self._wait(item, claimed, limit)
        except Unreachable as failure:
            return await self._retry(item, claimed, str(failure))
        except (OutcomeUnknown, TimeoutError) as failure:
            await self._settle(item, claimed, Delivery.UNKNOWN, error=str(failure) or "time-out")
        except RecipientGone as failure:
            await self._settle(item, claimed, Delivery.FAILED, error=str(failure), gone=True)
        except Rejected as failure:
            await self._settle(item, claimed, Delivery.FAILED, error=str(failure))
        else:
            await self._settle(item, claimed, Delivery.SENT, provider_id=provider_id)
        return None

    async def _claim(self, item: QueueItem) -> Claimed | datetime | None:
        """Take the message for sending; else when to come back, or ``None`` where it is settled already."""
        now = self._clock.now()
        async with self._store.begin() as uow:
            message, conversation = await uow.messages.with_conversation(int(item.body["message_id"]))
            port = self._channels.get(conversation.channel)
            if message.delivery is Delivery.SENDING:
                # An earlier worker died between sending and noting it. Nobody can know; sending again would double it.
                await self._note(uow, message, Delivery.UNKNOWN, error="interrupted while sending")
            if message.delivery is not Delivery.QUEUED:
                await uow.queues.finish(QueueName.OUTBOX, item.id)
                return None
            if _taken_over(message, conversation):
                # A person has the floor; what the bot prepared before them would be a second voice.
                await self._note(uow, message, Delivery.FAILED, error="taken_over: a person answers now")
                await uow.queues.finish(QueueName.OUTBOX, item.id)
                return None
            if port is None:
                return await self._hold(uow, item, now + timedelta(minutes=1))
            begins = await self._turn_of(uow, item, conversation, port, now)
            if begins > now:
                return await self._hold(uow, item, begins)
            # No event: the next one, a moment later, says what became of it.
            sending = states_before(Delivery.SENDING)
            if not await uow.messages.set_delivery(message.id, Delivery.SENDING, before=sending):
                # Another worker was faster; the item is theirs.
                return None
        return Claimed(message=message, conversation=conversation, port=port)

    async def _turn_of(
        self, uow: UnitOfWork, item: QueueItem, conversation: Conversation, port: ChannelPort, now: datetime
    ) -> datetime:
        """Return when a message may leave: not while the channel told us to wait, and in a slot of its own.

        The slot is remembered here; a process that dies forgets it, and the next one takes another.
        """
        gates = _gates(conversation)
        slot = self._slots.pop(item.id, None)
        if slot is None:
            limits = (port.limits.overall, port.limits.per_chat)
            pauses = {f"pace:{key}": pause for key, pause in zip(gates, limits, strict=True) if pause}
            begins = await uow.gates.reserve(pauses, gates, now)
        else:
            begins = max(slot, await uow.gates.closed_until(gates, now) or now)
        if begins > now:
            self._slots[item.id] = begins
        return begins

    async def _hold(self, uow: UnitOfWork, item: QueueItem, until: datetime) -> datetime:
        await uow.queues.hold(QueueName.OUTBOX, item.id, until)
        return until

    async def _wait(self, item: QueueItem, claimed: Claimed, limit: RateLimited) -> datetime:
        until = self._clock.now() + timedelta(seconds=max(limit.retry_after, 0.05))
        whole, chat = _gates(claimed.conversation)
        async with self._store.begin() as uow:
            await uow.gates.close(whole if limit.whole_channel else chat, until)
            await self._note(uow, claimed.message, Delivery.QUEUED)
            return await self._hold(uow, item, until)

    async def _retry(self, item: QueueItem, claimed: Claimed, reason: str) -> datetime | None:
        now = self._clock.now()
        if now - claimed.message.created_at > GIVE_UP_AFTER:
            await self._settle(item, claimed, Delivery.FAILED, error=reason)
            return None
        pause = min(2.0 ** min(item.reads, 8), 120.0)
        async with self._store.begin() as uow:
            await self._note(uow, claimed.message, Delivery.QUEUED, error=reason)
            return await self._hold(uow, item, now + timedelta(seconds=pause))

    async def _settle(
        self,
        item: QueueItem,
        claimed: Claimed,
        delivery: Delivery,
        *,
        provider_id: str | None = None,
        error: str | None = None,
        gone: bool = False,
    ) -> None:
        if error is not None:
            log.warning("outbound_not_sent", message_id=claimed.message.id, delivery=delivery, reason=error)
        async with self._store.begin() as uow:
            # Behind the conversation's lock, as a receipt or an echo of this very message may be coming in.
            await uow.conversations.get(claimed.conversation.id, lock=True)
            if not await uow.queues.finish(QueueName.OUTBOX, item.id):
                return
            await self._note(uow, claimed.message, delivery, provider_id=provider_id, error=error)
            if gone:
                await uow.conversations.save_reachable(claimed.conversation.id, reachable=False)
            elif delivery is Delivery.FAILED:
                await self._own_up(uow, claimed)

    async def _own_up(self, uow: UnitOfWork, claimed: Claimed) -> None:
        """Have somebody know of words that never left: whoever has their case, else those who lead.

        What the bot said closed a turn as answered, which is owed anew.
        """
        message, conversation, now = claimed.message, claimed.conversation, self._clock.now()
        if message.author is Author.BOT:
            need = Need(department=RECEPTION, reason="not_delivered", summary=message.text)
            await self._handoff.hand(uow, conversation, need, now)
            return
        case = await uow.cases.get(message.case_id) if message.case_id is not None else None
        if case is None or not case.open:
            return
        note = f"Tin này không gửi được tới khách: “{message.text}” Anh/chị báo khách bằng cách khác giúp."
        await write_note(uow, case, note, now)
        addressed = {
            "staff_ids": [case.owner_id] if case.owner_id is not None else [],
            "departments": [MANAGEMENT] if case.owner_id is None else [],
        }
        await uow.feed.publish("undelivered", conversation.id, {"code": case.code, **addressed})

    async def _note(
        self,
        uow: UnitOfWork,
        message: Message,
        delivery: Delivery,
        *,
        provider_id: str | None = None,
        error: str | None = None,
    ) -> None:
        # An echo or a receipt may have been faster than the answer to the call itself; then it stays as it is.
        await uow.messages.set_delivery(
            message.id, delivery, before=states_before(delivery), provider_id=provider_id, error=error
        )
        await uow.feed.publish("delivery", message.conversation_id, {"message_id": message.id})

    def _outgoing(self, claimed: Claimed) -> OutgoingMessage:
        message = claimed.message
        file = message.attachments[0] if message.attachments and message.kind is not MessageKind.TEXT else None
        path = file.path if file and file.path else None
        return OutgoingMessage(
            message_id=message.id,
            chat=claimed.conversation.chat,
            text=message.text,
            buttons=message.buttons,
            file_path=str(self._media_root / path) if path else None,
            file_name=file.name if file else None,
            file_mime=file.mime if file else None,
        )


def _taken_over(message: Message, conversation: Conversation) -> bool:
    """Whether a bot's answer came too late; one that carries a case number is still owed to the customer."""
    floor = conversation.floor
    return floor.speaker is Speaker.STAFF and message.author is Author.BOT and message.case_id is None


def _gates(conversation: Conversation) -> tuple[str, str]:
    """The keys of the whole channel and of the chat, in the order of `ChannelLimits`' pauses."""
    return conversation.channel.value, f"{conversation.channel}:{conversation.chat}"
