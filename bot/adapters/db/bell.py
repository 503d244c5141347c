"""The bell: wakes whoever waits for queues and live events, here at once and in other processes through PostgreSQL.

It rings after the commit, not in it: a transaction that notifies holds a lock of the whole server until its commit has
reached the disk, so that all of them would wait for each other. A process that dies between the two rings nobody; the
workers and the feed look by themselves from time to time for that case.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterable

import structlog
from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

log = structlog.get_logger(__name__)

LIVE = "live"
"""What the bell says when the feed has something new; otherwise it says the name of a queue."""

PEOPLE = "people"
"""What the bell says when somebody may be there who was not, or the other way round: a duty, an account, a roster."""

CHANNEL = "letan"
"""The LISTEN channel. A payload is the ringing process's mark and what the bell says, with a space between."""

_RING = text(
    "SELECT count(pg_notify(:channel, payload)) FROM jsonb_array_elements_text(:payloads) AS due(payload)"
).bindparams(bindparam("payloads", type_=JSONB))


class Bell:
    """Rings for one process. ``close`` waits for what is still to be said to the others."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._mark = secrets.token_hex(4)
        self._heard: list[Callable[[str], None]] = []
        self._due: dict[str, None] = {}
        self._task: asyncio.Task[None] | None = None

    def listen(self, heard: Callable[[str], None]) -> None:
        """Have ``heard`` called with what the bell says, whoever rings it."""
        self._heard.append(heard)

    def ring(self, said: Iterable[str]) -> None:
        """Wake everybody who waits here, and soon those in other processes."""
        said = list(said)
        for one in said:
            self._hear(one)
        self._due.update(dict.fromkeys(said))
        if self._due and self._task is None:
            self._task = asyncio.create_task(self._ring_others())
            self._task.add_done_callback(self._rung)

    def receive(self, payload: str) -> None:
        """Take a payload of the channel: what another process said, or nothing after a new connection: then all."""
        mark, _, said = payload.partition(" ")
        if mark != self._mark:
            self._hear(said)

    def _hear(self, said: str) -> None:
        for heard in self._heard:
            heard(said)

    def _rung(self, _: asyncio.Task[None]) -> None:
        self._task = None
        # What was said after the task had looked for the last time, and before this call.
        self.ring(())

    async def _ring_others(self) -> None:
        while self._due:
            payloads = [f"{self._mark} {said}" for said in self._due]
            self._due.clear()
            try:
                async with self._engine.connect() as connection:
                    await connection.execute(_RING, {"channel": CHANNEL, "payloads": payloads})
            except (SQLAlchemyError, OSError) as failure:
                log.warning("bell_not_heard_elsewhere", reason=type(failure).__name__)

    async def close(self) -> None:
        """Say what is still to be said."""
        if self._task is not None:
            await self._task
