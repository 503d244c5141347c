"""The people, chats and files behind the local Bot API server: what customers do, and what the bot did to them."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

BOT = {"id": 123456, "is_bot": True, "first_name": "Sen Việt", "username": "sen_viet_bot"}
DEFAULT_KINDS = ("message", "edited_message", "callback_query", "my_chat_member")


class StillClock:
    """A clock that moves only when a test moves it."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment


class Refusal(Exception):
    """A call that Telegram answers with an error."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


@dataclass(frozen=True)
class Sent:
    """A message that the bot delivered to a customer."""

    chat: str
    message_id: int
    text: str
    method: str = "sendMessage"
    buttons: tuple[tuple[str, str], ...] = ()
    file_name: str = ""
    content: bytes = b""
    at: float = 0.0


@dataclass
class Customer:
    """A person with Telegram on the phone. Every method is something such a person can do."""

    world: World
    id: int
    first_name: str
    last_name: str = ""
    language: str = "vi"
    blocked: bool = False

    @property
    def user(self) -> dict[str, Any]:
        user = {"id": self.id, "is_bot": False, "first_name": self.first_name, "language_code": self.language}
        return user | ({"last_name": self.last_name} if self.last_name else {})

    @property
    def chat(self) -> dict[str, Any]:
        return {"id": self.id, "type": "private", "first_name": self.first_name}

    @property
    def received(self) -> list[Sent]:
        """What the bot has sent to this person, oldest first."""
        return [sent for sent in self.world.sent if sent.chat == str(self.id)]

    def writes(self, text: str) -> int:
        """Send a text; returns its message id."""
        return self.sends(text=text)

    def sends(self, **content: Any) -> int:
        """Send a message with the given fields of the Bot API; returns its message id."""
        message_id = self.world.next_message_id()
        self.world.push("message", self._message(message_id) | content)
        return message_id

    def edits(self, message_id: int, text: str) -> None:
        self.world.push("edited_message", self._message(message_id) | {"text": text, "edit_date": int(time.time())})

    def attaches(self, kind: str, content: bytes, path: str, **more: Any) -> int:
        """Send a file of which the server keeps the content; returns the message id."""
        file = {"file_id": self.world.keep(content, path), "file_unique_id": path, "file_size": len(content)} | more
        return self.sends(**{kind: [file | {"width": 800, "height": 600}] if kind == "photo" else file})

    def presses(self, title: str) -> str:
        """Press the newest button with this title; returns the id of the press."""
        for sent in reversed(self.received):
            for name, data in sent.buttons:
                if name == title:
                    return self._press(sent, data)
        raise LookupError(f"no button {title!r}")

    def blocks(self) -> None:
        self.blocked = True
        self._membership("kicked")

    def unblocks(self) -> None:
        self.blocked = False
        self._membership("member")

    def _message(self, message_id: int) -> dict[str, Any]:
        return {"message_id": message_id, "from": self.user, "chat": self.chat, "date": int(time.time())}

    def _press(self, sent: Sent, data: str) -> str:
        query_id = f"9{next(self.world.counter)}"
        message = {
            "message_id": sent.message_id,
            "from": BOT,
            "chat": self.chat,
            "date": int(time.time()),
            "text": sent.text,
            "reply_markup": {
                "inline_keyboard": [[{"text": name, "callback_data": given}] for name, given in sent.buttons]
            },
        }
        self.world.push(
            "callback_query",
            {"id": query_id, "from": self.user, "message": message, "chat_instance": "1", "data": data},
        )
        return query_id

    def _membership(self, status: str) -> None:
        member = {"user": BOT, "status": status}
        self.world.push(
            "my_chat_member",
            {
                "chat": self.chat,
                "from": self.user,
                "date": int(time.time()),
                "old_chat_member": {"user": BOT, "status": "left"},
                "new_chat_member": member,
            },
        )


@dataclass
class World:
    """Everything the server knows. ``paced`` switches the flood limit of one message a second and chat on."""

    paced: bool = False
    kinds: tuple[str, ...] = DEFAULT_KINDS
    customers: dict[str, Customer] = field(default_factory=dict)
    pending: deque[dict[str, Any]] = field(default_factory=deque)
    sent: list[Sent] = field(default_factory=list)
    typing: list[str] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    counter: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    next_update_id: int = 870_000_001
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    now: Callable[[], float] = time.monotonic
    _notices: set[asyncio.Task[None]] = field(default_factory=set)

    def customer(self, customer_id: int = 42, name: str = "Lan", **more: Any) -> Customer:
        """Return a person, made at the first meeting; only such people can be written to."""
        known = self.customers.get(str(customer_id))
        if known is None:
            known = self.customers[str(customer_id)] = Customer(self, customer_id, name, **more)
        return known

    def next_message_id(self) -> int:
        return next(self.counter)

    def push(self, kind: str, body: dict[str, Any]) -> int:
        """Put an update into the bot's queue, unless the bot did not ask for its kind; returns the update's id."""
        update_id = self.next_update_id
        self.next_update_id += 1
        if kind in self.kinds:
            self.pending.append({"update_id": update_id, kind: body})
            self.wake()
        return update_id

    def wake(self) -> None:
        """Let everybody who waits for a change look again."""
        task = asyncio.get_running_loop().create_task(self._notify())
        self._notices.add(task)
        task.add_done_callback(self._notices.discard)

    async def _notify(self) -> None:
        async with self.changed:
            self.changed.notify_all()

    async def until(self, happened: Callable[[], bool], seconds: float = 5.0) -> None:
        """Wait until something is true of this world; ``TimeoutError`` when it does not come true."""
        async with asyncio.timeout(seconds), self.changed:
            await self.changed.wait_for(happened)

    def confirm(self, offset: int) -> None:
        """Forget the updates below an offset; a negative one forgets all but the last ones."""
        if offset < 0:
            while len(self.pending) > -offset:
                self.pending.popleft()
            return
        while self.pending and self.pending[0]["update_id"] < offset:
            self.pending.popleft()

    def keep(self, content: bytes, path: str) -> str:
        """Keep a file and return its id."""
        file_id = f"AgAC{next(self.counter)}"
        self.files[file_id] = (path, content)
        return file_id

    def deliver(self, sent: Sent) -> Sent:
        """Carry out a delivery, or refuse it as Telegram does."""
        customer = self.customers.get(sent.chat)
        if customer is None:
            raise Refusal(400, "Bad Request: chat not found")
        if customer.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        if self.paced and customer.received and sent.at - customer.received[-1].at < 1.0:
            raise Refusal(429, "Too Many Requests: retry after 1", retry_after=1)
        self.sent.append(sent)
        self.wake()
        return sent
