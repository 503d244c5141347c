"""The way in by long polling: an update is confirmed to Telegram only after it is stored.

`getUpdates` with an offset makes the platform forget everything below it. So a batch is first handed to the intake,
which returns once the batch is on disk; then the new offset is stored; then the next call confirms. A crash at any
point repeats updates and loses none, and the intake knows a repeated one by its key.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import structlog
from telegram.error import Conflict, TelegramError

from bot.adapters.channels.telegram.client import TelegramClient
from bot.adapters.channels.telegram.offset import PollOffset
from bot.adapters.channels.telegram.parse import salvage_update
from bot.adapters.channels.telegram.request import Flooded
from bot.adapters.channels.telegram.status import trouble
from bot.adapters.channels.telegram.webhook import callback_query
from bot.domain.arrivals import Arrival
from bot.domain.channel_status import ChannelHealth, ChannelStatus

_T = TypeVar("_T")
_log = structlog.get_logger(__name__)
Accept = Callable[[Sequence[Arrival]], Awaitable[None]]
"""The intake: returns once every arrival is stored, or was stored before; raises when it could not store them."""


@dataclass(frozen=True, kw_only=True)
class PollPace:
    """Seconds: how long a poll waits for news, and how long a failed one rests, doubling from first to longest.

    ``refused`` is the rest after the platform turned us away, which is not going to change within seconds.
    """

    wait: int = 25
    first_rest: float = 1.0
    longest_rest: float = 60.0
    refused: float = 30.0


_DEFAULT_PACE: Final = PollPace()


class TelegramPoller:
    """The loop. One poller per token: the platform answers a second one with a conflict.

    Failures of Telegram and of the network never leave `run`; they are in `status`. Failures of ``accept`` and of the
    store do leave it, with nothing confirmed: whoever runs it, logs and runs it again.
    """

    def __init__(
        self, client: TelegramClient, accept: Accept, offset: PollOffset, *, pace: PollPace = _DEFAULT_PACE
    ) -> None:
        self._client = client
        self._accept = accept
        self._offset = offset
        self._pace = pace
        self._failures = 0
        self._webhook_removed = False
        self._answering: set[asyncio.Task[None]] = set()
        self.status = ChannelStatus.degraded("starting")
        """How the channel stands now."""

    async def run(self, stop: asyncio.Event) -> None:
        """Poll until ``stop`` is set. A poll under way is then dropped at once; what it carried comes again."""
        self._webhook_removed = False
        try:
            while not stop.is_set():
                try:
                    updates = await _unless(stop, self._poll())
                except TelegramError as error:
                    await _unless(stop, asyncio.sleep(self._rest_after(error)))
                    continue
                if updates is not None:
                    self._report(ChannelStatus.ok())
                    await self._take(updates)
        finally:
            self._report(ChannelStatus.degraded("stopped"))
            await self._hush()

    async def _poll(self) -> list[Mapping[str, Any]]:
        if not self._webhook_removed:
            # A webhook of an earlier setting would keep every update from us. Pending ones stay pending.
            await self._client.bot.delete_webhook(drop_pending_updates=False)
            self._webhook_removed = True
        # While it is open how the channel stands, the answer is worth more than the wait for news.
        seconds = self._pace.wait if self.status.health is ChannelHealth.OK else 0
        return await self._client.updates(await self._offset.next(), seconds=seconds)

    async def _take(self, updates: list[Mapping[str, Any]]) -> None:
        self._failures = 0
        if not updates:
            return
        arrivals = [salvage_update(update) for update in updates]
        await self._accept(arrivals)
        await self._offset.save(max(update["update_id"] for update in updates))
        for query in filter(None, map(callback_query, arrivals)):
            # Beside the loop, so that a slow answer to one customer's press holds up nobody's message.
            task = asyncio.create_task(self._answer(query))
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)

    async def _answer(self, query: str) -> None:
        """Let a pressed button stop spinning. It matters for seconds only, so it is tried once."""
        try:
            await self._client.bot.answer_callback_query(query)
        except TelegramError as error:
            _log.debug("press_not_answered", error=error.message)

    def _rest_after(self, error: TelegramError) -> float:
        """Note a failure and return the seconds to rest, spread so that many pollers do not come back together."""
        status = trouble(error)
        self._report(status)
        self._failures += 1
        if isinstance(error, Conflict):
            self._webhook_removed = False
        if isinstance(error, Flooded):
            return error.seconds
        if status.health is ChannelHealth.REFUSED:
            rest = self._pace.refused
        else:
            rest = min(self._pace.first_rest * 2 ** min(self._failures - 1, 16), self._pace.longest_rest)
        return rest * random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, guards nothing

    def _report(self, status: ChannelStatus) -> None:
        if status != self.status:
            _log.info("channel_status", channel="telegram", health=status.health, reason=status.reason)
        self.status = status

    async def _hush(self) -> None:
        """Drop the answers under way: after a stop nobody waits for them."""
        for task in self._answering:
            task.cancel()
        await asyncio.gather(*self._answering, return_exceptions=True)


async def _unless(stop: asyncio.Event, work: Coroutine[Any, Any, _T]) -> _T | None:
    """Return what ``work`` gives, or ``None``, with the work cancelled, once ``stop`` is set."""
    task = asyncio.create_task(work)
    stopped = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
        return task.result() if task.done() else None
    finally:
        for waiting in (task, stopped):
            waiting.cancel()
        await asyncio.gather(task, stopped, return_exceptions=True)
