"""Messages and attachments in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from itertools import takewhile
from typing import Any

from bot.adapters.memory.data import Work
from bot.adapters.memory.turns import open_turn
from bot.domain.conversations import Conversation
from bot.domain.copies import altered
from bot.domain.errors import Unknown
from bot.domain.messages import Attachment, AttachmentState, Author, Delivery, Direction, Media, Message, MessageKind
from bot.services.ports_conversations import NewMessage

_BLANK = Message(
    id=0,
    conversation_id=0,
    direction=Direction.INTERNAL,
    author=Author.SYSTEM,
    kind=MessageKind.TEXT,
    text="",
    created_at=datetime.min.replace(tzinfo=UTC),
)
"""Every message is an altered copy of this one: they are made by the hundred thousand."""


class MemoryMessages:
    """See `bot.services.ports.Messages`."""

    def __init__(self, work: Work) -> None:
        self._memory = work.memory
        self._journal = work.journal

    async def add(self, message: NewMessage) -> Message:
        """Store a message with its files."""
        message_id = self._memory.next_id("messages")
        stored = altered(
            _BLANK,
            id=message_id,
            conversation_id=message.conversation_id,
            direction=message.direction,
            author=message.author,
            kind=message.kind,
            text=message.text,
            created_at=message.created_at,
            staff_id=message.staff_id,
            turn_id=message.turn_id,
            case_id=message.case_id,
            client_id=message.client_id,
            provider_id=message.provider_id,
            delivery=message.delivery,
            buttons=tuple(message.buttons),
            attachments=tuple(self._attach(message_id, one) for one in message.media),
            meta=dict(message.meta),
            handled=message.handled,
        )
        self._journal.put(self._memory.messages, message_id, stored)
        self._memory.messages_in.add(self._journal, stored.conversation_id, message_id)
        if not stored.handled:
            self._memory.unhandled_in.add(self._journal, stored.turn_id, message_id)
        return stored

    def _attach(self, message_id: int, media: Media) -> Attachment:
        attachment = Attachment(
            id=self._memory.next_id("attachments"),
            message_id=message_id,
            kind=media.kind,
            ref=media.ref,
            name=media.name,
            mime=media.mime,
            size=media.size,
            state=AttachmentState.STORED if media.stored_path else AttachmentState.PENDING,
            path=media.stored_path,
        )
        self._journal.put(self._memory.attachments, attachment.id, attachment)
        return attachment

    async def add_to_turn(self, message: NewMessage) -> Message:
        """Store a message in the open turn, opening one where there is none."""
        turn = open_turn(self._memory, self._journal, message.conversation_id, message.created_at)
        return await self.add(altered(message, turn_id=turn.id))

    async def get(self, message_id: int) -> Message:
        """Find by id."""
        return self._get(message_id)

    def _get(self, message_id: int) -> Message:
        found = self._memory.messages.get(message_id)
        if found is None:
            raise Unknown(f"message {message_id}")
        return found

    async def with_conversation(self, message_id: int) -> tuple[Message, Conversation]:
        """Find by id, with the conversation."""
        message = self._get(message_id)
        return message, self._memory.conversations[message.conversation_id]

    async def many(self, message_ids: Sequence[int]) -> list[Message]:
        """Find by ids."""
        return [self._memory.messages[one] for one in sorted(set(message_ids)) if one in self._memory.messages]

    async def by_client_id(self, conversation_id: int, client_id: str) -> Message | None:
        """Find by the web chat's own id."""
        return next((one for one in self._back(conversation_id) if one.client_id == client_id), None)

    async def by_provider_id(self, conversation_id: int, provider_id: str, direction: Direction) -> Message | None:
        """Find by the channel's id."""
        for one in self._back(conversation_id):
            if one.provider_id == provider_id and one.direction is direction:
                return one
        return None

    def _back(self, conversation_id: int) -> Iterator[Message]:
        """Walk a conversation from its newest message to its first."""
        for one in reversed(self._memory.messages_in.of(conversation_id)):
            yield self._memory.messages[one]

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
        found = []
        ids = self._memory.messages_in.of(conversation_id)
        for one in reversed(ids) if newest else ids:
            message = self._memory.messages[one]
            if one <= after or (before is not None and one >= before):
                continue
            if message.direction is not Direction.INTERNAL or message.case_id in notes_of:
                found.append(message)
            if len(found) == limit:
                break
        return found[::-1] if newest else found

    async def take(self, message_id: int) -> int | None:
        """Mark as dealt with, unless it is already."""
        message = self._memory.messages.get(message_id)
        if message is None or message.handled:
            return None
        self._memory.unhandled_in.drop(self._journal, message.turn_id, message_id)
        self._save(message, handled=True)
        return message.turn_id

    async def unhandled(self, turn_id: int) -> list[Message]:
        """Read what is still to be looked at."""
        return [self._memory.messages[one] for one in self._memory.unhandled_in.of(turn_id)]

    async def last_at(self, conversation_id: int, author: Author) -> datetime | None:
        """Read when an author last spoke."""
        return max((one.created_at for one in self._back(conversation_id) if one.author is author), default=None)

    async def move_unhandled(self, turn_id: int, to_turn_id: int) -> None:
        """Move to another turn."""
        for one in self._memory.unhandled_in.of(turn_id):
            self._memory.unhandled_in.move(self._journal, turn_id, to_turn_id, one)
            self._save(self._memory.messages[one], turn_id=to_turn_id)

    async def set_case(self, message_id: int, case_id: int) -> None:
        """Link to a case."""
        self._save(self._get(message_id), case_id=case_id)

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
        message = self._memory.messages.get(message_id)
        if message is None or message.delivery not in before:
            return False
        named = provider_id if provider_id is not None else message.provider_id
        self._save(message, delivery=delivery, delivery_error=error, provider_id=named)
        return True

    async def edit(self, message_id: int, text: str, at: datetime) -> None:
        """Store a new text, keep the old one."""
        message = self._get(message_id)
        versions = [*message.meta.get("versions", []), message.text]
        self._save(message, text=text, edited_at=at, meta={**message.meta, "versions": versions})

    async def album_answered(self, conversation_id: int, album: str, before: int) -> bool:
        """Look for an earlier handled message of the album."""
        return any(
            one.id < before and one.handled and one.meta.get("album") == album for one in self._back(conversation_id)
        )

    async def attachment(self, attachment_id: int) -> Attachment:
        """Find an attachment."""
        found = self._memory.attachments.get(attachment_id)
        if found is None:
            raise Unknown(f"attachment {attachment_id}")
        return found

    async def save_attachment(
        self, attachment_id: int, state: AttachmentState, *, path: str | None, mime: str, size: int | None
    ) -> None:
        """Store what was fetched, in the message too."""
        changed = altered(await self.attachment(attachment_id), state=state, path=path, mime=mime, size=size)
        self._journal.put(self._memory.attachments, attachment_id, changed)
        message = self._get(changed.message_id)
        files = tuple(changed if one.id == attachment_id else one for one in message.attachments)
        self._save(message, attachments=files)

    async def wrote_since(self, conversation_id: int, message_id: int) -> bool:
        """Look for one of theirs."""
        newer = takewhile(lambda one: one.id > message_id, self._back(conversation_id))
        return any(one.direction is Direction.INBOUND for one in newer)

    async def last_outbound(self, conversation_id: int) -> Message | None:
        """Read the last thing said to the customer."""
        return next((one for one in self._back(conversation_id) if one.direction is Direction.OUTBOUND), None)

    def _save(self, message: Message, **changes: Any) -> None:
        self._journal.put(self._memory.messages, message.id, altered(message, **changes))
