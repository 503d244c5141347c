"""Gives each browser the live events that it may see, from wherever it stopped reading.

Events are read in the order of transaction ids, and only those older than every transaction still running: ids alone
would let a slow commit slip behind a reader. A slow browser cannot hurt a fast one: its queue is bounded, and when it
overflows the stream is closed and the browser resumes from its last id.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import structlog
from sqlalchemy import literal_column, select, text, tuple_
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.adapters.db.cases import INTRODUCED, to_case
from bot.adapters.db.desk_tables import transfers
from bot.adapters.db.messages import MessageTable
from bot.adapters.db.tables import cases, live_events
from bot.domain.cases import Case
from bot.domain.messages import Message

log = structlog.get_logger(__name__)

BATCH = 500
BACKLOG = 256
_FIRST_PAUSE, _LONGEST_PAUSE = 0.01, 0.5
"""Seconds between two looks at events that a running transaction holds back."""

_RETRY_PAUSE = 0.5
_QUIET_LIMIT = 5.0
"""Seconds after which the feed is read unasked: a process that died before it rang rings nobody."""

_RUNNING = text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")

_OURS = live_events.c.xid < literal_column("pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
"""Transactions of this server only: a restored backup may carry events whose numbers this server has yet to reach."""


@dataclass(frozen=True, order=True)
class Cursor:
    """A place in the feed; its text form is the ``id`` of a server-sent event."""

    xid: int
    id: int

    def __str__(self) -> str:
        """Return the form that browsers send back as ``Last-Event-ID``."""
        return f"{self.xid}.{self.id}"

    @classmethod
    def parse(cls, text: str) -> Cursor | None:
        """Read the text form; ``None`` for anything else."""
        xid, _, number = text.partition(".")
        if not (xid.isascii() and xid.isdigit() and number.isascii() and number.isdigit() and len(text) < 40):
            return None
        return cls(int(xid), int(number))


@dataclass(frozen=True, kw_only=True)
class LiveEvent:
    """An event with what its readers need: the message it speaks of, and the cases that decide who may see it.

    ``introducers`` are those who brought a colleague into one of these cases, by its id.
    """

    cursor: Cursor
    kind: str
    conversation_id: int | None
    data: dict[str, Any]
    message: Message | None = None
    cases: tuple[Case, ...] = ()
    introducers: Mapping[int, Collection[int]] = field(default_factory=dict)


class Overflow(Exception):
    """The reader was too slow; it must resume from its last event."""


class Subscription:
    """A reader's bounded queue."""

    def __init__(self, wants: Callable[[LiveEvent], bool]) -> None:
        self._wants = wants
        self._queue: asyncio.Queue[LiveEvent | None] = asyncio.Queue(BACKLOG)
        self._overflowed = False

    def offer(self, event: LiveEvent) -> None:
        """Queue an event if the reader wants it."""
        if self._overflowed or not self._wants(event):
            return
        try:
            self._queue.put_nowait(event)
        except asyncio.QueueFull:
            self._overflowed = True

    def lose(self) -> None:
        """Have the reader resume from its last event."""
        self._overflowed = True

    async def next(self, seconds: float) -> LiveEvent | None:
        """Return the next event, ``None`` when none came within the time.

        Raises:
            Overflow: events were lost for this reader.
        """
        if self._overflowed:
            raise Overflow
        try:
            async with asyncio.timeout(seconds):
                return await self._queue.get()
        except TimeoutError:
            return None


class Hub:
    """Reads the feed once per process and hands it to every subscription."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._subscriptions: set[Subscription] = set()
        self._wake = asyncio.Event()
        self._cursor = Cursor(0, 0)
        self._unsure = False

    def woken(self) -> None:
        """Look for new events."""
        self._wake.set()

    def typing(self, by: str, conversation_id: int, cases: Sequence[Case] = ()) -> None:
        """Pass on that somebody is typing: ``customer`` or ``staff``. Not stored.

        ``cases`` are the conversation's, for they decide which staff members may know of it.
        """
        self._hand(
            LiveEvent(
                cursor=self._cursor,
                kind="typing",
                conversation_id=conversation_id,
                data={"by": by},
                cases=tuple(cases),
            )
        )

    @asynccontextmanager
    async def subscribe(self, wants: Callable[[LiveEvent], bool]) -> AsyncIterator[Subscription]:
        """Open a subscription for the length of a ``with`` block."""
        if not self._subscriptions:
            # While nobody listened nothing was read; begin at the end, before there is somebody to miss anything.
            end = await self.newest()
            if not self._subscriptions:
                # Somebody may have come meanwhile, and must not be carried past what they have not got.
                self._cursor = end
        subscription = Subscription(wants)
        self._subscriptions.add(subscription)
        # A notice that came while nobody listened was for nobody.
        self._wake.set()
        try:
            yield subscription
        finally:
            self._subscriptions.discard(subscription)

    async def run(self) -> None:
        """Hand out new events for ever; a database that is away for a while costs time and no event."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_QUIET_LIMIT):
                    await self._wake.wait()
            self._wake.clear()
            try:
                await self._hand_out_all()
            except (SQLAlchemyError, OSError) as failure:
                log.warning("feed_not_read", reason=type(failure).__name__)
                await asyncio.sleep(_RETRY_PAUSE)
                self._unsure = True
                self._wake.set()

    async def _hand_out_all(self) -> None:
        if self._unsure:
            await self._find_place()
            self._unsure = False
        pause = _FIRST_PAUSE
        while self._subscriptions:
            events, held_back = await self._read(self._cursor)
            for event in events:
                self._cursor = event.cursor
                self._hand(event)
            if events:
                pause = _FIRST_PAUSE
            elif held_back:
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
            else:
                return

    async def _find_place(self) -> None:
        """After a lost connection: a server that was put in place of ours counts its transactions anew."""
        end = await self.newest()
        if self._cursor > end:
            self._cursor = end
            for subscription in self._subscriptions:
                subscription.lose()

    async def newest(self) -> Cursor:
        """Return the end of the feed as far as it is settled."""
        async with self._engine.connect() as connection:
            running = await connection.scalar(_RUNNING)
            row = (
                await connection.execute(
                    select(live_events.c.xid, live_events.c.id)
                    .where(live_events.c.xid < running)
                    .order_by(live_events.c.xid.desc(), live_events.c.id.desc())
                    .limit(1)
                )
            ).one_or_none()
        return Cursor(row.xid, row.id) if row else Cursor(0, 0)

    async def since(self, cursor: Cursor) -> AsyncIterator[LiveEvent]:
        """Yield what a returning reader missed, oldest first, up to the settled end of the feed."""
        while True:
            events, _ = await self._read(cursor)
            for event in events:
                yield event
            if len(events) < BATCH:
                return
            cursor = events[-1].cursor

    async def knows(self, cursor: Cursor) -> bool:
        """Tell whether a reader may resume at a cursor.

        Not where something behind it has been pruned, and not ahead of everything: such a cursor is another server's,
        from before a backup was restored here.
        """
        async with self._engine.connect() as connection:
            oldest = (
                await connection.execute(
                    select(live_events.c.xid, live_events.c.id)
                    .where(_OURS)
                    .order_by(live_events.c.xid, live_events.c.id)
                    .limit(1)
                )
            ).one_or_none()
        return (oldest is None or cursor >= Cursor(oldest.xid, oldest.id)) and cursor <= await self.newest()

    def _hand(self, event: LiveEvent) -> None:
        for subscription in tuple(self._subscriptions):
            subscription.offer(event)

    async def _read(self, cursor: Cursor) -> tuple[list[LiveEvent], bool]:
        behind = tuple_(live_events.c.xid, live_events.c.id) > tuple_(cursor.xid, cursor.id)
        async with self._engine.connect() as connection:
            running = int(await connection.scalar(_RUNNING) or 0)
            rows = (
                await connection.execute(
                    select(live_events).where(behind, _OURS).order_by(live_events.c.xid, live_events.c.id).limit(BATCH)
                )
            ).all()
            settled = [row for row in rows if row.xid < running]
            wanted = [int(row.data["message_id"]) for row in settled if "message_id" in row.data]
            found = {one.id: one for one in await MessageTable(connection).many(wanted)} if wanted else {}
            conversations = {row.conversation_id for row in settled if row.conversation_id is not None}
            owned: dict[int, list[Case]] = {}
            if conversations:
                for row in await connection.execute(
                    select(cases).where(cases.c.conversation_id.in_(conversations)).order_by(cases.c.id.desc())
                ):
                    owned.setdefault(row.conversation_id, []).append(to_case(row))
            introducers = await _introducers(connection, [one.id for found in owned.values() for one in found])
        events = [
            LiveEvent(
                cursor=Cursor(row.xid, row.id),
                kind=row.kind,
                conversation_id=row.conversation_id,
                data=row.data,
                message=found.get(int(row.data.get("message_id", 0))),
                cases=tuple(owned.get(row.conversation_id, ())),
                introducers=introducers,
            )
            for row in settled
        ]
        return events, len(settled) < len(rows)


async def _introducers(connection: AsyncConnection, case_ids: Sequence[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    if case_ids:
        query = select(transfers.c.case_id, transfers.c.from_staff_id)
        for row in await connection.execute(query.where(transfers.c.case_id.in_(case_ids), INTRODUCED)):
            found.setdefault(row.case_id, set()).add(row.from_staff_id)
    return found
