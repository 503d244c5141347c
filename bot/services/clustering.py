"""Looking for needs that have no name: messages nobody knew what to make of, put together by what they are about.

One look at a time, in a process of its own. What it found is kept until the next one; whoever looks gives signs of
life, and a look that fell silent, at a restart say, is shown as failed and can be started again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any, Final, Protocol
from uuid import uuid4

import structlog

from bot.domain.staff import StaffMember, require_lead
from bot.domain.teaching.clusters import Cluster, Clusters, ClusterState, kept, read_kept
from bot.domain.teaching.masking import mask, specimen
from bot.services.kept_alive import insisted, kept_alive, started
from bot.services.ports import Clock, Store, UnitOfWork
from bot.services.ports_teach import Spoken
from bot.services.ports_training import TrainingFailed
from bot.services.refusals import NotNow
from bot.services.reviewing import KIND, LOOKED_BACK

log = structlog.get_logger(__name__)

KEY: Final = "clusters"
MOST_MESSAGES: Final = 20_000
SAMPLES: Final = 5
"""Of those near the middle of a cluster, and of the others, that are shown."""
BEAT_SECONDS: Final = 5.0
SILENCE: Final = timedelta(seconds=30)
AT_ONCE: Final = 100
"""Texts that are covered before others in this process have a turn."""
INTERRUPTED: Final = "Lần tìm này bị ngắt giữa chừng. Anh/chị tìm lại giúp."


@dataclass(frozen=True, kw_only=True)
class Specimen:
    """A message without anybody's data; ``customer`` tells people apart and says nothing else of them."""

    text: str
    customer: str


class Sorter(Protocol):
    """Puts messages together, in a process of its own."""

    async def sort(self, said: Sequence[Specimen]) -> list[Cluster]:
        """Return clusters, whose members are places in the list. Raises `TrainingFailed`; ends when it is cancelled."""
        ...


@dataclass(frozen=True, kw_only=True)
class Found:
    """A cluster as it is shown: what was decided on since is left out.

    ``samples`` are ids and covered texts of those near its middle, ``doubtful`` of those that are less near.
    """

    cluster: Cluster
    samples: Sequence[tuple[int, str]]
    doubtful: Sequence[tuple[int, str]]


class Clustering:
    """Moves of those who lead."""

    def __init__(self, *, store: Store, clock: Clock, sorter: Sorter) -> None:
        self._store = store
        self._clock = clock
        self._sorter = sorter
        self._task: asyncio.Task[None] | None = None

    async def start(self, staff: StaffMember) -> Clusters:
        """Look through the messages of the last 30 days.

        Raises:
            NotPermitted: the person does not lead.
            ForbiddenMove: somebody is looking already.
        """
        require_lead(staff)
        now, run = self._clock.now(), uuid4().hex
        async with self._store.begin() as uow:
            said = read_kept(await uow.channel_states.get(KEY, lock=True))
            if said.state is ClusterState.RUNNING and not self._silent(said):
                raise NotNow("Hệ thống đang tìm rồi, anh/chị đợi một chút giúp.")
            begun = Clusters(state=ClusterState.RUNNING, run=run, made_at=now, beat_at=now)
            await uow.channel_states.put(KEY, kept(begun))
            await uow.audit.write(now, f"staff:{staff.id}", "clusters.start", KEY)
            await uow.feed.publish(KIND, None, {"clusters": begun.state.value})
        self._task = started(KEY, self._run(begun))
        return begun

    async def found(self, staff: StaffMember) -> tuple[Clusters, list[Found]]:
        """Return how the last look stands and what it found. Raises `NotPermitted`."""
        require_lead(staff)
        async with self._store.read() as uow:
            said = read_kept(await uow.channel_states.get(KEY))
            if said.state is ClusterState.RUNNING and self._silent(said):
                said = said.failed(INTERRUPTED)
            open_ones = await uow.needs.undecided([one for cluster in said.clusters for one in cluster.members])
            names = tuple((await uow.staff.names()).values())
        return said, await asyncio.to_thread(_shown, said.clusters, open_ones, names)

    async def close(self) -> None:
        """Stop the look that runs here."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def _silent(self, said: Clusters) -> bool:
        return said.beat_at is not None and not timedelta() <= self._clock.now() - said.beat_at <= SILENCE

    # --- while it runs ------------------------------------------------------------------------------------------------

    async def _run(self, begun: Clusters) -> None:
        try:
            ended, erasure = await self._looked(begun)
            await insisted(self._store, KEY, lambda: self._end(ended, erasure))
        except asyncio.CancelledError:
            try:
                await self._end(begun.failed(INTERRUPTED))
            except self._store.failures as failure:
                # We are told to stop, and cannot wait: its silence will say the same.
                log.warning("clusters_end_not_stored", reason=str(failure))
            raise

    async def _looked(self, begun: Clusters) -> tuple[Clusters, int | None]:
        """Look; return what it came to, and the newest erasure when the messages were read."""
        try:
            async with kept_alive(self._store, KEY, BEAT_SECONDS, partial(self._beat, begun)):
                messages, names, erasure = await insisted(self._store, KEY, lambda: self._unknown(begun))
                clusters = await self._sorter.sort(await _covered(messages, names))
        except (TrainingFailed, OSError) as failure:
            log.warning("clusters_failed", fault=str(failure)[:300])
            return begun.failed("Không tìm được lần này. Anh/chị thử lại giúp."), None
        ids = [one.message_id for one in messages]
        named = [one.named(ids) for one in clusters]
        return begun.done(named, len(messages), self._clock.now()), erasure

    async def _unknown(self, begun: Clusters) -> tuple[Sequence[Spoken], tuple[str, ...], int]:
        async with self._store.read() as uow:
            erasure = await uow.teaching.newest_erasure()
            messages = await uow.needs.unknown(begun.started - LOOKED_BACK, MOST_MESSAGES)
            return messages, tuple((await uow.staff.names()).values()), erasure

    async def _beat(self, begun: Clusters) -> bool:
        """Say that somebody looks; false where another look has begun since."""
        async with self._store.begin(relaxed=True) as uow:
            ours = await self._ours(uow, begun)
            if ours:
                await uow.channel_states.put(KEY, kept(begun.beaten(self._clock.now())))
        return ours

    async def _end(self, ended: Clusters, erasure: int | None = None) -> None:
        """Store how it ended; what was found goes where somebody was forgotten after it was read."""
        async with self._store.begin() as uow:
            if erasure is not None and await uow.teaching.newest_erasure(lock=True) != erasure:
                ended = replace(ended, state=ClusterState.FAILED, fault=INTERRUPTED, clusters=())
            if await self._ours(uow, ended):
                await uow.channel_states.put(KEY, kept(ended))
                await uow.feed.publish(KIND, None, {"clusters": ended.state.value})

    async def _ours(self, uow: UnitOfWork, mine: Clusters) -> bool:
        said: Mapping[str, Any] | None = await uow.channel_states.get(KEY, lock=True)
        stored = read_kept(said)
        return stored.run == mine.run and stored.state is ClusterState.RUNNING


async def _covered(messages: Sequence[Spoken], names: Sequence[str]) -> list[Specimen]:
    """Return the messages without anybody's data, a few at a time: the doors share this process."""
    found: list[Specimen] = []
    for begin in range(0, len(messages), AT_ONCE):
        found += await asyncio.to_thread(_sentences, messages[begin : begin + AT_ONCE], names)
        await asyncio.sleep(0)
    return found


def _sentences(messages: Sequence[Spoken], names: Sequence[str]) -> list[Specimen]:
    return [Specimen(text=specimen(one.text, names, one.name), customer=str(one.customer_id)) for one in messages]


def _shown(clusters: Sequence[Cluster], open_ones: Sequence[Spoken], names: Sequence[str]) -> list[Found]:
    still = {one.message_id: one for one in open_ones}

    def told(members: Sequence[int]) -> list[tuple[int, str]]:
        first = [still[one] for one in members[:SAMPLES]]
        return [(one.message_id, mask(one.text, names, one.name)) for one in first]

    customers = {one.message_id: one.customer_id for one in open_ones}
    left = [one for one in (cluster.only(customers) for cluster in clusters) if one.near]
    return [
        Found(cluster=one, samples=told(one.members[: one.near]), doubtful=told(one.members[one.near :]))
        for one in left
    ]
