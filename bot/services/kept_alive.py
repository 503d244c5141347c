"""Jobs of minutes whose signs of life lie in the database: they outlive a database that is gone for a while.

While the store fails, what has to be said there is said again after a growing pause, for as long as the job lives. Any
other failure is a fault of ours and goes to the log; one in the beats ends them alone, and whoever waits for signs of
life finds the job silent. Whoever runs the job says how it ended.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Final, TypeVar

import structlog

from bot.services.ports import Store

log = structlog.get_logger(__name__)

Answer = TypeVar("Answer")

FIRST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 5.0
"""Well below the silence after which a job counts as dead."""


def started(name: str, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """Run a job beside everything else; one that breaks says so in the log."""
    task = asyncio.create_task(work, name=name)
    task.add_done_callback(_told)
    return task


async def insisted(store: Store, job: str, work: Callable[[], Awaitable[Answer]]) -> Answer:
    """Do something with the store, again and again until it does not fail; ``work`` may be called many times."""
    pause = FIRST_PAUSE
    while True:
        try:
            return await work()
        except store.failures as failure:
            log.warning("job_waits_for_store", job=job, reason=str(failure), seconds=pause)
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)


@asynccontextmanager
async def kept_alive(
    store: Store, job: str, seconds: float, beat: Callable[[], Awaitable[bool]]
) -> AsyncIterator[None]:
    """Beat every few seconds while the block runs.

    ``beat`` says in the store that somebody works, and returns false where the job is another's, or nobody's, by now:
    whoever runs the block is cancelled then. No beat is under way any more when the block has ended.
    """
    beats = started(f"beats of {job}", _beats(store, job, seconds, beat, asyncio.current_task()))
    try:
        yield
    finally:
        beats.cancel()
        await asyncio.wait([beats])


async def _beats(
    store: Store, job: str, seconds: float, beat: Callable[[], Awaitable[bool]], runner: asyncio.Task[Any] | None
) -> None:
    while await insisted(store, job, beat):
        await asyncio.sleep(seconds)
    log.info("job_taken_away", job=job)
    if runner is not None:
        runner.cancel()


def _told(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (failure := task.exception()) is not None:
        log.error("job_broke", job=task.get_name(), exc_info=failure)
