"""The durable timers: each names what it stands for, and whoever set it deals with it when it falls due."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

import structlog

from bot.services.ports import QueueItem, QueueName, Store, UnitOfWork

log = structlog.get_logger(__name__)

TimerHandler = Callable[[QueueItem], Awaitable[datetime | None]]
"""Deals with one due timer, to the end: it finishes the item, or holds it until later and returns that moment.

A handler asks behind the locks whether the thing still waits for this very item, and whether it is due (a clock may
have gone back). A repetition must find nothing left to do.
"""

BREATH = timedelta(seconds=1)
"""The least that a timer is held: the queue's own clock may run ahead of ours, and would send it again at once."""


async def not_before(uow: UnitOfWork, item: QueueItem, moment: datetime, now: datetime) -> datetime | None:
    """Hold a timer that came before its moment, and return when it comes again; ``None`` where it is due."""
    return await come_again(uow, item, moment, now) if moment > now else None


async def come_again(uow: UnitOfWork, item: QueueItem, moment: datetime, now: datetime) -> datetime:
    """Hold a timer until a moment, and return when it comes again."""
    again = max(moment, now + BREATH)
    await uow.queues.hold(QueueName.TIMERS, item.id, again)
    return again


class Timers:
    """Deals with one due timer at a time, by the ``kind`` in its body."""

    def __init__(self, *, store: Store, handlers: Mapping[str, TimerHandler]) -> None:
        self._store = store
        self._handlers = handlers

    async def handle(self, item: QueueItem) -> datetime | None:
        """Do what a timer stands for; returns when to look again where it must wait a little more."""
        kind = item.body.get("kind")
        handler = self._handlers.get(str(kind))
        if handler is not None:
            return await handler(item)
        log.error("timer_of_unknown_kind", kind=kind, item=item.id)
        async with self._store.begin() as uow:
            await uow.queues.bury(QueueName.TIMERS, item.id)
        return None
