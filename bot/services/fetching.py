"""Fetching the files that customers send: beside the conversation, again and again, and never for ever."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.domain.messages import Attachment, AttachmentState, Channel
from bot.services.ports import Clock, QueueItem, QueueName, Store
from bot.services.ports_channel import ChannelPort, Rejected, Unreachable

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


class Fetching:
    """Deals with timers of kind ``fetch``, one for each file."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        channels: Mapping[Channel, ChannelPort],
        media: MediaStore,
        max_bytes: int,
    ) -> None:
        self._store = store
        self._clock = clock
        self._channels = channels
        self._media = media
        self._max_bytes = max_bytes

    async def due(self, item: QueueItem) -> None:
        """Fetch one file, or try again later."""
        attachment_id = int(item.body["attachment_id"])
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
