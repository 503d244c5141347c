"""As much of the store as the Zalo channels touch, in memory, with the locking and the visibility of the real one."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from bot.domain.messages import Channel
from bot.services.ports import Store


class CommitFailed(Exception):
    """What a database driver raises when the connection is gone."""


@dataclass
class _Conversation:
    last_inbound_at: datetime | None


@dataclass
class MemoryStates:
    """Several `MemoryStates.store()` on one of these are several processes on one database."""

    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    last_inbound: dict[str, datetime] = field(default_factory=dict)
    failing_commits: int = 0
    locks: defaultdict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))

    def store(self) -> Store:
        return cast("Store", _Store(self))


class _Store:
    def __init__(self, states: MemoryStates) -> None:
        self._states = states

    @asynccontextmanager
    async def begin(self, *, relaxed: bool = False) -> AsyncIterator[_UnitOfWork]:
        uow = _UnitOfWork(self._states)
        try:
            yield uow
            if uow.staged and self._states.failing_commits:
                self._states.failing_commits -= 1
                raise CommitFailed
            self._states.values.update(uow.staged)
        finally:
            for lock in uow.held:
                lock.release()


class _UnitOfWork:
    def __init__(self, states: MemoryStates) -> None:
        self._states = states
        self.staged: dict[str, dict[str, Any]] = {}
        self.held: list[asyncio.Lock] = []

    @property
    def channel_states(self) -> _UnitOfWork:
        return self

    @property
    def conversations(self) -> _UnitOfWork:
        return self

    async def get(self, key: str, *, lock: bool = False) -> dict[str, Any] | None:
        if lock:
            await self._states.locks[key].acquire()
            self.held.append(self._states.locks[key])
        found = self.staged.get(key, self._states.values.get(key))
        return dict(found) if found is not None else None

    async def put(self, key: str, value: Mapping[str, Any]) -> None:
        self.staged[key] = dict(value)

    async def at(self, channel: Channel, chat: str) -> _Conversation | None:
        seen = self._states.last_inbound.get(f"{channel}:{chat}")
        return _Conversation(last_inbound_at=seen) if seen is not None else None
