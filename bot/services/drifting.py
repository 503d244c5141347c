"""Drift: this week's traffic against the month before, channel by channel; looked at every night, and when asked.

What was found is kept, so the page opens at once. An alert is a live event and a line of the audit, of each kind at
most one a day.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final, Protocol

import structlog

from bot.domain.company import Company
from bot.domain.staff import StaffMember, require_lead
from bot.domain.teaching.dataset import Base
from bot.domain.teaching.drift import (
    Count,
    Drift,
    DriftKind,
    Heard,
    counted,
    covered,
    drift,
    fresh_words,
    spelled,
    tally,
    words_of,
)
from bot.domain.teaching.masking import mask
from bot.services.ports import Clock, QueueItem, QueueName, Store, UnitOfWork
from bot.services.ports_models import Counted
from bot.services.readings import ANSWER
from bot.services.reviewing import KIND
from bot.services.timers import TimerHandler

log = structlog.get_logger(__name__)

KEY: Final = "drift"
TIMER: Final = "drift"
WEEK: Final = timedelta(days=7)
BEFORE: Final = timedelta(days=28)
FRESH: Final = timedelta(hours=1)
"""What was found is shown for so long without looking again."""
SAMPLED: Final = 20_000
"""Messages of each of the two stretches whose words are looked at; needs and fallbacks are counted of all."""
AT: Final = time(4, 30)
"""When it is looked at, by the company's clock: few customers wait then."""


class BaseFiles(Protocol):
    """The developers' files."""

    def base(self) -> Base:
        """Read them; takes a moment."""
        ...


@dataclass(frozen=True, kw_only=True)
class Report:
    """What was found; ``channels`` are `bot.domain.teaching.drift.Drift` as JSON."""

    made_at: datetime
    since: datetime
    before_since: datetime
    channels: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class _Traffic:
    """Both stretches of time as the store gives them."""

    counts: Sequence[Count]
    counts_before: Sequence[Count]
    heard: Sequence[Heard]
    heard_before: Sequence[Heard]
    names: tuple[str, ...]


class Drifting:
    """Looks, keeps what it found, and tells when something moved."""

    def __init__(self, *, store: Store, clock: Clock, company: Company, files: BaseFiles) -> None:
        self._store = store
        self._clock = clock
        self._company = company
        self._files = files
        self._looking = asyncio.Lock()
        self.timers: dict[str, TimerHandler] = {TIMER: self.due}

    async def report(self, staff: StaffMember) -> Report:
        """Return what was found within the hour; looks now where nobody has. Raises `NotPermitted`."""
        require_lead(staff)
        if (fresh := await self._fresh()) is not None:
            return _report(fresh)
        async with self._looking:
            # Whoever held the lock has looked for everybody who waited.
            if (fresh := await self._fresh()) is not None:
                return _report(fresh)
            found, _, erasure = await self._look()
            async with self._store.begin() as uow:
                same = await uow.teaching.newest_erasure(lock=True) == erasure
                said = await uow.channel_states.get(KEY, lock=True) or {}
                if same and _newer(found, said):
                    await uow.channel_states.put(KEY, {**said, "found": found})
        return _report(found)

    async def _fresh(self) -> Mapping[str, Any] | None:
        """Return what was found within the hour."""
        async with self._store.read() as uow:
            found: Mapping[str, Any] | None = (await uow.channel_states.get(KEY) or {}).get("found")
        if found is None or self._clock.now() - datetime.fromisoformat(found["made_at"]) >= FRESH:
            return None
        return found

    async def ensure(self) -> None:
        """Set the nightly timer where there is none; harmless when called again."""
        async with self._store.begin() as uow:
            said = await uow.channel_states.get(KEY, lock=True) or {}
            if "timer" not in said:
                await self._set_timer(uow, said)

    async def due(self, item: QueueItem) -> datetime | None:
        """Look, tell what moved, and set the timer of the next night."""
        async with self._store.begin() as uow:
            said = await uow.channel_states.get(KEY) or {}
            if said.get("timer") != item.id:
                await uow.queues.finish(QueueName.TIMERS, item.id)
                return None
        found, drifts, erasure = await self._look()
        async with self._store.begin() as uow:
            same = await uow.teaching.newest_erasure(lock=True) == erasure
            said = await uow.channel_states.get(KEY, lock=True) or {}
            if await uow.queues.finish(QueueName.TIMERS, item.id):
                told = await self._tell(uow, drifts, said.get("told", {}))
                kept = {"found": found} if same and _newer(found, said) else {}
                await self._set_timer(uow, {**said, **kept, "told": told})
        return None

    async def _tell(self, uow: UnitOfWork, drifts: Sequence[Drift], told: Mapping[str, str]) -> dict[str, str]:
        """Tell what moved, of each kind once a day; returns the days on which each kind was told last."""
        now = self._clock.now()
        today = now.astimezone(self._company.zone).date().isoformat()
        kinds: dict[str, dict[str, str]] = {}
        for channel in drifts:
            for alert in channel.alerts:
                kinds.setdefault(alert.kind.value, {})[channel.channel] = alert.text
        fresh = {kind: texts for kind, texts in kinds.items() if told.get(kind) != today}
        for kind, texts in fresh.items():
            log.warning("drift", kind=kind, channels=sorted(texts))
            # The words themselves are the customers', and the audit outlives them.
            told_of = dict.fromkeys(texts, "") if kind == DriftKind.WORDS.value else texts
            await uow.audit.write(now, "house", f"drift.{kind}", "traffic", **told_of)
        if fresh:
            await uow.feed.publish(KIND, None, {"drift": sorted(fresh)})
        return {**told, **dict.fromkeys(fresh, today)}

    async def _set_timer(self, uow: UnitOfWork, said: Mapping[str, Any]) -> None:
        timer = await uow.queues.set_timer({"kind": TIMER}, self._next())
        await uow.channel_states.put(KEY, {**said, "timer": timer})

    def _next(self) -> datetime:
        now = self._clock.now()
        local = now.astimezone(self._company.zone)
        at = datetime.combine(local.date(), AT, self._company.zone)
        return at if at > now else at + timedelta(days=1)

    async def _look(self) -> tuple[dict[str, Any], list[Drift], int]:
        """Return what moved, and the newest erasure when it was read."""
        now = self._clock.now()
        since, before_since = now - WEEK, now - WEEK - BEFORE
        async with self._store.read() as uow:
            erasure = await uow.teaching.newest_erasure()
            traffic = _Traffic(
                counts=[_count(one) for one in await uow.models.counted(since, now)],
                counts_before=[_count(one) for one in await uow.models.counted(before_since, since)],
                heard=await uow.models.heard(since, now, SAMPLED),
                heard_before=await uow.models.heard(before_since, since, SAMPLED),
                names=tuple((await uow.staff.names()).values()),
            )
        # Reading that many words takes longer than the doors, which share this process, may wait.
        drifts = await asyncio.to_thread(_compared, traffic, self._files.base)
        found = {
            "made_at": now.isoformat(),
            "since": since.isoformat(),
            "before_since": before_since.isoformat(),
            "channels": [{**asdict(one), "enough": one.enough} for one in drifts],
        }
        return found, drifts, erasure


def _compared(traffic: _Traffic, base: Callable[[], Base]) -> list[Drift]:
    known = frozenset(word for _, text in base().lines for word in words_of(text))
    before = counted(tally(traffic.heard_before), traffic.counts_before)
    fresh = fresh_words(counted(tally(traffic.heard), traffic.counts), before, known)
    heard = covered(traffic.heard, fresh, lambda text: mask(text, traffic.names))
    return spelled(drift(counted(tally(heard), traffic.counts), before, known), heard)


def _count(found: Counted) -> Count:
    return Count(channel=found.channel, intent=found.intent, fallback=found.decision != ANSWER, count=found.count)


def _newer(found: Mapping[str, Any], said: Mapping[str, Any]) -> bool:
    """Tell whether nobody stored anything later meanwhile."""
    stored = said.get("found")
    return stored is None or datetime.fromisoformat(stored["made_at"]) <= datetime.fromisoformat(found["made_at"])


def _report(found: Mapping[str, Any]) -> Report:
    return Report(
        made_at=datetime.fromisoformat(found["made_at"]),
        since=datetime.fromisoformat(found["since"]),
        before_since=datetime.fromisoformat(found["before_since"]),
        channels=found["channels"],
    )
