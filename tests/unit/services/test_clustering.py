"""A look for needs that have no name outlives an outage of the store."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from structlog.testing import capture_logs

from bot.adapters.clock import SystemClock
from bot.adapters.memory.store import MemoryStore
from bot.domain.company import RoleId
from bot.domain.staff import StaffMember
from bot.domain.teaching.clusters import Cluster, Clusters, ClusterState, read_kept
from bot.services import clustering, kept_alive
from bot.services.clustering import KEY, Clustering, Specimen
from tests.doubles.flaky_store import FlakyStore

MINH = StaffMember(id=1, email="minh@senviet.vn", name="Minh", role=RoleId.MANAGER, departments=frozenset())


@pytest.mark.parametrize(
    ("size", "still", "counted"),
    [
        (4, {1: 7, 2: 7, 3: 8, 4: 9, 5: 9}, (4, 3, 4)),
        (4, {1: 7, 2: 7, 5: 9}, (2, 1, 2)),
        (4, {1: 7, 3: 8, 4: 9}, (3, 3, 3)),
        # Whose the four are that are no members nobody can tell.
        (8, {1: 7, 2: 7}, (6, 3, 2)),
        (5, {1: 7}, (2, 2, 1)),
    ],
)
def test_a_cluster_counts_the_near_messages_that_are_left_and_their_customers(
    size: int, still: dict[int, int], counted: tuple[int, int, int]
) -> None:
    cluster = Cluster(size=size, customers=3, words=(), members=(1, 2, 3, 4, 5), near=4)
    left = cluster.only(still)
    assert (left.size, left.customers, left.near) == counted
    assert left.members == tuple(still)


class HandSorter:
    """Sorts when it is told to."""

    def __init__(self) -> None:
        self.asked, self.go = asyncio.Event(), asyncio.Event()

    async def sort(self, said: Sequence[Specimen]) -> list[Cluster]:
        self.asked.set()
        await self.go.wait()
        return []


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_alive, "FIRST_PAUSE", 0.001)
    monkeypatch.setattr(kept_alive, "LONGEST_PAUSE", 0.004)
    monkeypatch.setattr(clustering, "BEAT_SECONDS", 0.001)


@pytest.fixture
async def store() -> FlakyStore:
    return FlakyStore(MemoryStore(SystemClock()))


async def said(store: FlakyStore) -> Clusters:
    async with store.store.read() as uow:
        return read_kept(await uow.channel_states.get(KEY))


async def begun(store: FlakyStore, sorter: HandSorter) -> Clustering:
    room = Clustering(store=store, clock=SystemClock(), sorter=sorter)
    await room.start(MINH)
    await sorter.asked.wait()
    return room


async def test_a_look_beats_on_and_ends_when_the_store_is_back(store: FlakyStore) -> None:
    sorter = HandSorter()
    async with asyncio.timeout(5):
        await begun(store, sorter)
        store.down = 6
        while store.down:
            await asyncio.sleep(0.001)
        before = (await said(store)).beat_at
        while (await said(store)).beat_at == before:
            await asyncio.sleep(0.001)
        store.down = 5
        sorter.go.set()
        while (await said(store)).state is ClusterState.RUNNING:
            await asyncio.sleep(0.001)
    assert (await said(store)).state is ClusterState.DONE
    assert store.refused == 11


async def test_a_look_whose_place_was_taken_ends_and_changes_nothing(store: FlakyStore) -> None:
    sorter = HandSorter()
    async with asyncio.timeout(5):
        room = await begun(store, sorter)
        other = {**clustering.kept(await said(store)), "run": "another"}
        async with store.store.begin() as uow:
            await uow.channel_states.put(KEY, other)
        assert room._task is not None
        with pytest.raises(asyncio.CancelledError):
            await room._task
    assert clustering.kept(await said(store)) == other


async def test_a_look_that_is_stopped_in_an_outage_ends_at_once(store: FlakyStore) -> None:
    async with asyncio.timeout(5):
        room = await begun(store, HandSorter())
        store.down = 10_000
        with capture_logs() as told:
            await room.close()
    assert "clusters_end_not_stored" in [one["event"] for one in told]
