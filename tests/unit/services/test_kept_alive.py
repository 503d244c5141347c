"""Jobs that outlive a database that is gone for a while."""

from __future__ import annotations

import asyncio

import pytest
from structlog.testing import capture_logs

from bot.adapters.clock import SystemClock
from bot.adapters.memory.store import MemoryStore
from bot.services import kept_alive as room
from bot.services.kept_alive import insisted, kept_alive
from tests.doubles.flaky_store import FlakyStore


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "FIRST_PAUSE", 0.001)
    monkeypatch.setattr(room, "LONGEST_PAUSE", 0.004)


@pytest.fixture
def store() -> FlakyStore:
    return FlakyStore(MemoryStore(SystemClock()))


async def test_a_job_beats_on_after_an_outage_and_says_that_it_waited(store: FlakyStore) -> None:
    beats = asyncio.Event()

    async def beat() -> bool:
        async with store.begin():
            beats.set()
        return True

    store.down = 5
    with capture_logs() as said:
        async with asyncio.timeout(5), kept_alive(store, "job", 0.001, beat):
            await beats.wait()
            beats.clear()
            await beats.wait()
    told = [(one["event"], one["log_level"], one["seconds"]) for one in said if one["event"] == "job_waits_for_store"]
    assert told == [("job_waits_for_store", "warning", pause) for pause in (0.001, 0.002, 0.004, 0.004, 0.004)]


async def test_whoever_lost_its_job_is_stopped(store: FlakyStore) -> None:
    async def beat() -> bool:
        return False

    async def work() -> None:
        async with kept_alive(store, "job", 0.001, beat):
            await asyncio.Event().wait()

    async with asyncio.timeout(5):
        with pytest.raises(asyncio.CancelledError):
            await asyncio.create_task(work())


async def test_no_beat_is_under_way_when_the_job_has_ended(store: FlakyStore) -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def beat() -> bool:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            ended.set()
        return True

    async with asyncio.timeout(5), kept_alive(store, "job", 0.001, beat):
        await begun.wait()
    assert ended.is_set()


async def test_a_fault_of_ours_is_not_tried_again_but_told(store: FlakyStore) -> None:
    tries = 0

    async def beat() -> bool:
        nonlocal tries
        tries += 1
        raise ValueError("a fault of ours")

    with capture_logs() as said:
        async with kept_alive(store, "job", 0.001, beat):
            await asyncio.sleep(0.02)
    assert tries == 1
    assert [(one["event"], str(one["exc_info"])) for one in said] == [("job_broke", "a fault of ours")]
    with pytest.raises(ValueError, match="a fault of ours"):
        await insisted(store, "job", beat)
