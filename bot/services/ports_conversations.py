"""What the services need of conversations: their messages, and the turns in which customers are answered."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from bot.domain.conversations import Conversation, Floor
from bot.domain.messages import (
    Attachment,
    AttachmentState,
    Author,
    Button,
    Channel,
    Delivery,
    Direction,
    Media,
    Message,
    MessageKind,
)
from bot.domain.turns import Closing, Turn


@dataclass(frozen=True, kw_only=True)
class NewMessage:
    """A message about to be stored. ``handled`` is false for an inbound message that a worker still has to look at."""

    conversation_id: int
    direction: Direction
    author: Author
    kind: MessageKind = MessageKind.TEXT
    text: str = ""
    staff_id: int | None = None
    turn_id: int | None = None
    case_id: int | None = None
    client_id: str | None = None
    provider_id: str | None = None
    delivery: Delivery | None = None
    buttons: Sequence[Button] = ()
    media: Sequence[Media] = ()
    meta: Mapping[str, Any] = field(default_factory=dict)
    handled: bool = True
    created_at: datetime


class Conversations(Protocol):
    """Conversations and the customers behind them."""

    async def meet(
        self, channel: Channel, chat: str, sender_id: str, name: str | None, language: str, at: datetime
    ) -> Conversation:
        """Return the conversation of a chat, made with its customer at the first meeting, and lock it.

        The lock serialises all writers of one conversation until the transaction ends, so ids of its messages and
        queue entries follow the order of commit.
        """
        ...

    async def at(self, channel: Channel, chat: str) -> Conversation | None:
        """Return the conversation of a chat, unlocked, or ``None`` before the first meeting."""
        ...

    async def get(self, conversation_id: int, *, lock: bool = False) -> Conversation:
        """Return one conversation. Raises `Unknown`."""
        ...

    async def save_floor(self, conversation_id: int, floor: Floor) -> None:
        """Store a new floor; the caller holds the lock."""
        ...

    async def save_dialogue(self, conversation_id: int, dialogue: Mapping[str, Any] | None, language: str) -> None:
        """Store the engine's state and the language the customer writes."""
        ...

    async def save_reachable(self, conversation_id: int, *, reachable: bool) -> None:
        """Remember whether the channel still delivers to this customer."""
        ...

    async def save_name(self, customer_id: int, name: str, *, first: bool = False) -> None:
        """Store the name that the channel or the customer gave; as the ``first``, only where there is none."""
        ...


class Messages(Protocol):
    """Messages and their attachments."""

    async def add(self, message: NewMessage) -> Message:
        """Store a message with its attachments and return it with its id."""
        ...

    async def add_to_turn(self, message: NewMessage) -> Message:
        """Store a customer's message in the open turn of a locked conversation, opening one where there is none."""
        ...

    async def get(self, message_id: int) -> Message:
        """Return one message with attachments. Raises `Unknown`."""
        ...

    async def by_client_id(self, conversation_id: int, client_id: str) -> Message | None:
        """Return the message that the web chat named so."""
        ...

    async def by_provider_id(self, conversation_id: int, provider_id: str, direction: Direction) -> Message | None:
        """Return the newest message that the channel named so."""
        ...

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
        """Return messages oldest first: ``limit`` after an id, or the ``newest`` before one; notes of ``notes_of``."""
        ...

    async def with_conversation(self, message_id: int) -> tuple[Message, Conversation]:
        """Return a message and the conversation it stands in, unlocked. Raises `Unknown`."""
        ...

    async def many(self, message_ids: Sequence[int]) -> list[Message]:
        """Return messages by id with their attachments, in the order of their ids."""
        ...

    async def take(self, message_id: int) -> int | None:
        """Note that an inbound message is dealt with now, and return its turn; ``None`` when somebody was faster."""
        ...

    async def unhandled(self, turn_id: int) -> list[Message]:
        """Return the messages of a turn that nobody has dealt with, oldest first."""
        ...

    async def last_at(self, conversation_id: int, author: Author) -> datetime | None:
        """Return when somebody of this kind last said something in a conversation."""
        ...

    async def move_unhandled(self, turn_id: int, to_turn_id: int) -> None:
        """Put the messages of a turn that nobody has dealt with into another turn."""
        ...

    async def set_case(self, message_id: int, case_id: int) -> None:
        """Note to which case a message belongs."""
        ...

    async def set_delivery(
        self,
        message_id: int,
        delivery: Delivery,
        *,
        before: Collection[Delivery],
        provider_id: str | None = None,
        error: str | None = None,
    ) -> bool:
        """Store how far an outbound message has come, if it is in one of the states ``before``; tell whether it was."""
        ...

    async def edit(self, message_id: int, text: str, at: datetime) -> None:
        """Store the new text; the earlier one stays in ``meta['versions']``."""
        ...

    async def album_answered(self, conversation_id: int, album: str, before: int) -> bool:
        """Tell whether an earlier message of the same album has been dealt with."""
        ...

    async def attachment(self, attachment_id: int) -> Attachment:
        """Return one attachment. Raises `Unknown`."""
        ...

    async def save_attachment(
        self, attachment_id: int, state: AttachmentState, *, path: str | None, mime: str, size: int | None
    ) -> None:
        """Store what became of fetching a file."""
        ...

    async def wrote_since(self, conversation_id: int, message_id: int) -> bool:
        """Tell whether the customer has written anything behind a message, however much the house has said since."""
        ...

    async def last_outbound(self, conversation_id: int) -> Message | None:
        """Return what was said last to the customer, by whomever, without its attachments."""
        ...


class Turns(Protocol):
    """The turn ledger."""

    async def current(self, conversation_id: int, at: datetime) -> Turn:
        """Return the open turn of a locked conversation, opening one where there is none."""
        ...

    async def opened(self, conversation_id: int) -> Turn | None:
        """Return the open turn, if there is one."""
        ...

    async def get(self, turn_id: int) -> Turn:
        """Return one turn. Raises `Unknown`."""
        ...

    async def close(self, turn_id: int, closing: Closing, *, after: int = 0) -> int | None:
        """Close an open turn and count its messages behind the message ``after`` that nobody has dealt with.

        Returns ``None``, and changes nothing, where the turn had closed already.
        """
        ...

    async def overdue(self, before: datetime, limit: int) -> list[Turn]:
        """Return open turns that opened before a moment, oldest first."""
        ...

    async def count_open(self, before: datetime) -> int:
        """Count the turns still open that opened before a moment: the first metric of the product."""
        ...
