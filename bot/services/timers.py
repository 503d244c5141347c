"""What durable timers do when they fall due: promises are kept or renewed, files are fetched."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.domain.cases import CaseState
from bot.domain.conversations import Speaker
from bot.domain.messages import Attachment, AttachmentState, Author, Channel
from bot.domain.promises import PromiseState
from bot.services.floors import pass_on
from bot.services.handoff import Handoff
from bot.services.ports import Clock, QueueItem, QueueName, Store
from bot.services.ports_channel import ChannelPort, NamesCustomers, Rejected, Unreachable
from bot.services.voice import Sentence, Voice

log = structlog.get_logger(__name__)

FETCH_TRIES = 6


class MediaStore(Protocol):
    """Where files lie."""

    async def keep(self, attachment: Attachment, content: bytes, mime: str) -> tuple[str, str]:
        """Write a file and return its path below the media directory and its sniffed media type.

        Raises:
            Rejected: the type is not one that customers may send.
        """
        ...


class Timers:
    """Deals with one due timer at a time."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        voice: Voice,
        handoff: Handoff,
        channels: Mapping[Channel, ChannelPort],
        media: MediaStore,
        max_bytes: int,
    ) -> None:
        self._store = store
        self._clock = clock
        self._voice = voice
        self._handoff = handoff
        self._channels = channels
        self._media = media
        self._max_bytes = max_bytes

    async def handle(self, item: QueueItem) -> None:
        """Do what a timer stands for; a repetition finds nothing left to do."""
        match item.body.get("kind"):
            case "promise":
                await self._promise(item, int(item.body["case_id"]))
            case "name":
                await self._name(item, int(item.body["conversation_id"]))
            case "fetch":
                await self._fetch(item, int(item.body["attachment_id"]))
            case other:
                log.error("timer_of_unknown_kind", kind=other, item=item.id)
                async with self._store.begin() as uow:
                    await uow.queues.bury(QueueName.TIMERS, item.id)

    async def _promise(self, item: QueueItem, case_id: int) -> None:
        now = self._clock.now()
        async with self._store.begin() as uow:
            case = await uow.cases.get(case_id)
            conversation = await uow.conversations.get(case.conversation_id, lock=True)
            # Read behind the lock: a reply may have kept the promise a moment ago.
            promise, case = await uow.promises.open_of(case.id), await uow.cases.get(case.id, lock=True)
            if promise is None or promise.timer_id != item.id:
                await uow.queues.finish(QueueName.TIMERS, item.id)
                return
            if promise.due_at > now:
                # The clock jumped back, or the queue's clock runs ahead of ours.
                await uow.queues.hold(QueueName.TIMERS, item.id, max(promise.due_at, now + timedelta(seconds=1)))
                return
            if not await uow.queues.finish(QueueName.TIMERS, item.id):
                return
            if case.state is CaseState.RESOLVED:
                await self._handoff.settle(uow, case, PromiseState.CANCELLED, now)
                return
            moved, text = await self._handoff.renew(uow, conversation, case, now)
            if moved.owner_id is None and case.owner_id is not None:
                conversation = await pass_on(uow, conversation, case)
            if conversation.floor.speaker is Speaker.OUTSIDE:
                # Whoever answered outside let the promise pass: the house has the floor again.
                conversation = conversation.with_floor(conversation.floor.given_back())
                await uow.conversations.save_floor(conversation.id, conversation.floor)
            await self._voice.say(uow, conversation, Sentence(text=text, author=Author.SYSTEM, case_id=case.id), now)

    async def _name(self, item: QueueItem, conversation_id: int) -> None:
        async with self._store.read() as uow:
            conversation = await uow.conversations.get(conversation_id)
        port = self._channels.get(conversation.channel)
        name = await port.display_name(conversation.chat) if isinstance(port, NamesCustomers) else None
        async with self._store.begin() as uow:
            if await uow.queues.finish(QueueName.TIMERS, item.id) and name:
                await uow.conversations.save_name(conversation.customer_id, name)
                await uow.feed.publish("case", conversation.id, {"change": "name"})

    async def _fetch(self, item: QueueItem, attachment_id: int) -> None:
        async with self._store.read() as uow:
            attachment = await uow.messages.attachment(attachment_id)
            message = await uow.messages.get(attachment.message_id)
            conversation = await uow.conversations.get(message.conversation_id)
        port = self._channels.get(conversation.channel)
        if attachment.state is not AttachmentState.PENDING:
            await self._fetched(item, attachment, conversation.id, attachment.state)
            return
        if port is None:
            await self._fetch_later(item, attachment, conversation.id, "channel is off")
            return
        try:
            content, mime = await port.fetch(attachment, self._max_bytes)
            path, sniffed = await self._media.keep(attachment, content, mime)
        except Rejected as refusal:
            log.info("attachment_refused", attachment_id=attachment_id, reason=str(refusal))
            await self._fetched(item, attachment, conversation.id, AttachmentState.REFUSED)
        except Unreachable as failure:
            await self._fetch_later(item, attachment, conversation.id, str(failure))
        else:
            await self._fetched(
                item, attachment, conversation.id, AttachmentState.STORED, path=path, mime=sniffed, size=len(content)
            )

    async def _fetch_later(self, item: QueueItem, attachment: Attachment, conversation_id: int, reason: str) -> None:
        if item.reads >= FETCH_TRIES:
            log.warning("attachment_lost", attachment_id=attachment.id, reason=reason)
            await self._fetched(item, attachment, conversation_id, AttachmentState.FAILED)
            return
        async with self._store.begin() as uow:
            until: datetime = self._clock.now() + timedelta(seconds=5 * 2**item.reads)
            await uow.queues.hold(QueueName.TIMERS, item.id, until)

    async def _fetched(
        self,
        item: QueueItem,
        attachment: Attachment,
        conversation_id: int,
        state: AttachmentState,
        *,
        path: str | None = None,
        mime: str | None = None,
        size: int | None = None,
    ) -> None:
        async with self._store.begin() as uow:
            if not await uow.queues.finish(QueueName.TIMERS, item.id) or state is attachment.state:
                return
            await uow.messages.save_attachment(
                attachment.id,
                state,
                path=path,
                mime=mime or attachment.mime,
                size=size if size is not None else attachment.size,
            )
            await uow.feed.publish("message", conversation_id, {"message_id": attachment.message_id})
