"""How the house speaks: every sentence to a customer is stored, split and queued here, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from bot.domain.conversations import Conversation
from bot.domain.messages import Author, Button, Channel, Delivery, Direction, Media, Message, MessageKind
from bot.services.address import addressed
from bot.services.ports import QueueName, UnitOfWork
from bot.services.ports_channel import ChannelPort
from bot.services.ports_conversations import NewMessage
from bot.services.splitting import split_text


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """Something to say. ``media`` are files that lie in the media directory already."""

    text: str
    author: Author
    staff_id: int | None = None
    case_id: int | None = None
    turn_id: int | None = None
    buttons: Sequence[Button] = ()
    media: Sequence[Media] = ()


class _Piece(NamedTuple):
    text: str
    last: bool
    client_id: str | None = None


class Voice:
    """Puts sentences into conversations. The caller holds the conversation's lock and has checked the floor."""

    def __init__(self, channels: Mapping[Channel, ChannelPort]) -> None:
        self._channels = channels

    async def say(
        self,
        uow: UnitOfWork,
        conversation: Conversation,
        sentence: Sentence,
        now: datetime,
        *,
        client_id: str | None = None,
    ) -> list[Message]:
        """Store a sentence as one outbound message per piece that the channel can carry, and queue each.

        ``client_id`` names the first piece, so that a repetition can find it. A channel that is switched off keeps its
        messages queued: they leave when it is on again.
        """
        port = self._channels.get(conversation.channel)
        limit = port.limits.text if port else 2000
        # What a person writes stays as it is.
        text = sentence.text if sentence.author is Author.STAFF else addressed(sentence.text, conversation)
        texts = split_text(text, limit) or [""]
        pieces = [
            _Piece(text=text, last=number == len(texts), client_id=client_id if number == 1 else None)
            for number, text in enumerate(texts, 1)
        ]
        return [await self._store(uow, conversation, sentence, piece, now) for piece in pieces]

    async def _store(
        self, uow: UnitOfWork, conversation: Conversation, sentence: Sentence, piece: _Piece, now: datetime
    ) -> Message:
        port = self._channels.get(conversation.channel)
        pulled = port is not None and port.pulls
        media = sentence.media if piece.last else ()
        message = await uow.messages.add(
            NewMessage(
                conversation_id=conversation.id,
                direction=Direction.OUTBOUND,
                author=sentence.author,
                kind=media[0].kind if media else MessageKind.TEXT,
                text=piece.text,
                staff_id=sentence.staff_id,
                turn_id=sentence.turn_id,
                case_id=sentence.case_id,
                delivery=Delivery.SENT if pulled else Delivery.QUEUED,
                buttons=sentence.buttons if piece.last else (),
                media=media,
                client_id=piece.client_id,
                created_at=now,
            )
        )
        if not pulled:
            await uow.queues.post(
                QueueName.OUTBOX,
                {"message_id": message.id},
                group=f"{conversation.channel}:{conversation.chat}",
            )
        await uow.feed.publish("message", conversation.id, {"message_id": message.id})
        return message
