"""The stores that have to behave alike, and short ways to fill them."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple, Protocol

from sqlalchemy import select

from bot.adapters.clock import SystemClock
from bot.adapters.db.store import SqlStore
from bot.adapters.db.tables import live_events
from bot.adapters.memory.store import MemoryStore
from bot.domain.cases import Case
from bot.domain.company import Priority, RoleId
from bot.domain.conversations import Conversation
from bot.domain.messages import Author, Channel, Direction, Message
from bot.domain.staff import StaffMember
from bot.services.ports import Store, UnitOfWork
from bot.services.ports_cases import NewCase
from bot.services.ports_conversations import NewMessage

DAY = date(2026, 11, 25)
NINE = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
"""An ordinary Wednesday; what is stored with a moment of its own gets one near it."""


class PassingClock(Protocol):
    """A clock that a test can let run on."""

    def now(self) -> datetime:
        """Return the present moment."""
        ...

    async def passes(self, seconds: float) -> None:
        """Let time pass."""
        ...


class WallClock(SystemClock):
    """The machine's clock, which PostgreSQL goes by; time passes by waiting."""

    async def passes(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


class VirtualClock:
    """A clock that stands until it is told to go on."""

    def __init__(self) -> None:
        self._now = NINE

    def now(self) -> datetime:
        """Return the present moment."""
        return self._now

    async def passes(self, seconds: float) -> None:
        """Go on."""
        self._now += timedelta(seconds=seconds)


Told = tuple[str, int | None, dict[str, Any]]
"""A live event: kind, conversation, data."""


class Kept(NamedTuple):
    """A store, empty at first, with the clock that its queues go by, and a look at the live events it has told."""

    name: str
    store: Store
    clock: PassingClock
    told: Callable[[], Awaitable[list[Told]]]


@asynccontextmanager
async def _postgresql(database: str) -> AsyncIterator[Kept]:
    store = SqlStore.connect(database, pool_size=4)

    async def told() -> list[Told]:
        async with store.engine.connect() as connection:
            rows = await connection.execute(select(live_events).order_by(live_events.c.id))
        return [(row.kind, row.conversation_id, row.data) for row in rows]

    try:
        yield Kept("postgresql", store, WallClock(), told)
    finally:
        await store.close()


@asynccontextmanager
async def _memory(database: str) -> AsyncIterator[Kept]:
    clock = VirtualClock()
    store = MemoryStore(clock)

    async def told() -> list[Told]:
        return [(event.kind, event.conversation_id, dict(event.data)) for event in store.memory.feed]

    yield Kept("memory", store, clock, told)


OPENERS: dict[str, Callable[[str], AbstractAsyncContextManager[Kept]]] = {
    "postgresql": _postgresql,
    "memory": _memory,
}
"""Each takes the address of a fresh database; what keeps everything in memory is given an empty one."""


class Abandoned(Exception):
    """A transaction that a test takes back."""


async def taken_back(kept: Kept, change: Callable[[UnitOfWork], Awaitable[None]]) -> None:
    """Change something in a transaction that fails at its very end."""
    with suppress(Abandoned):
        async with kept.store.begin() as uow:
            await change(uow)
            raise Abandoned


@dataclass
class Filling:
    """Puts people, conversations, messages and cases into one transaction, with whatever a test does not care about."""

    uow: UnitOfWork
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    async def person(self, name: str = "Lan", *departments: str, role: RoleId = RoleId.AGENT) -> StaffMember:
        """Add a staff member."""
        email = f"nv{next(self.numbers)}-{name.lower()}@senviet.vn"
        return await self.uow.staff.add(email, name, role, frozenset(departments), "hash", NINE)

    async def conversation(self, chat: str = "chat-1", sender: str | None = None) -> Conversation:
        """Let a customer come in by the web chat."""
        return await self.uow.conversations.meet(Channel.WEBCHAT, chat, sender or f"of-{chat}", "Mai", "vi", NINE)

    async def said(self, conversation: Conversation, text: str = "Xin chào", **more: Any) -> Message:
        """Store a customer's message that nobody has looked at."""
        given: dict[str, Any] = {"direction": Direction.INBOUND, "author": Author.CUSTOMER, "created_at": NINE, **more}
        return await self.uow.messages.add(NewMessage(conversation_id=conversation.id, text=text, **given))

    async def case(self, conversation: Conversation, department: str = "sales", **more: Any) -> Case:
        """Open a case that waits."""
        number = next(self.numbers)
        given: dict[str, Any] = {
            "code": f"{department[:2].upper()}-{number:04d}",
            "customer_id": conversation.customer_id,
            "wanted": department,
            "priority": Priority.NORMAL,
            "reason": "order_place",
            "summary": "Khách hỏi mua máy giặt.",
            "collected": {"item": "máy giặt"},
            "queue_number": number,
            "queue_day": DAY,
            "opened_at": NINE,
            **more,
        }
        return await self.uow.cases.add(NewCase(conversation_id=conversation.id, department=department, **given))

    async def held(
        self, conversation: Conversation, owner: StaffMember, department: str = "sales", **more: Any
    ) -> Case:
        """Open a case and let somebody claim it at once."""
        case = (await self.case(conversation, department, **more)).claimed(owner.id, more.get("opened_at", NINE))
        await self.uow.cases.save(case)
        return case


def at(hours: float = 0, minutes: float = 0, days: float = 0) -> datetime:
    """Return a moment after nine o'clock."""
    return NINE + timedelta(days=days, hours=hours, minutes=minutes)
