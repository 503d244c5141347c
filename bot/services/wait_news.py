"""Telling customers who wait that it will be much earlier, or much later, than they were told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.cases import Case, CaseState
from bot.domain.conversations import Speaker
from bot.domain.waits import Estimate, changed_much
from bot.services import texts_waits
from bot.services.attendance import Attendance, Doorkeeper
from bot.services.moves import Moves
from bot.services.ports import QueueItem, QueueName
from bot.services.waiting import Place, Waits

NEWS = "wait_news"
QUIET = timedelta(minutes=3)
"""Nobody hears of their wait more often."""

AT_ONCE = 50
"""Customers told in one go; the others at the next."""

LOOKED_AT = 500


class WaitNews:
    """Deals with timers of kind ``wait_news``, which the assigner posts while somebody waits."""

    def __init__(self, *, moves: Moves, doorkeeper: Doorkeeper, waits: Waits) -> None:
        self._moves = moves
        self._doorkeeper = doorkeeper
        self._waits = waits
        self._told: dict[int, datetime] = {}
        """When this process told whom; another one that does not know finds that nothing has changed since."""

    async def due(self, item: QueueItem) -> None:
        """Tell everybody whose range has changed much."""
        now = self._moves.clock.now()
        async with self._moves.store.read() as uow:
            there = await self._doorkeeper.look(uow, now)
            listed = await uow.cases.waiting_in(None)
        waiting = [case for case in listed if case.rests_until is None or case.rests_until <= now]
        self._told = {case_id: at for case_id, at in self._told.items() if timedelta() <= now - at < QUIET}
        for case, place in list(self._changed(waiting, there, now))[:AT_ONCE]:
            await self._tell(case, place, now)
        async with self._moves.store.read() as uow:
            await uow.queues.finish(QueueName.TIMERS, item.id)

    def _changed(self, waiting: Sequence[Case], there: Attendance, now: datetime) -> Iterator[tuple[Case, Place]]:
        # Those on offer wait too, and came first; they are counted, not listed.
        listed = Counter(case.department for case in waiting)
        before = {desk: max(self._waits.waiting(desk) - count, 0) for desk, count in listed.items()}
        for case in waiting[:LOOKED_AT]:
            place = self._waits.place(case.department, before[case.department], there)
            before[case.department] += 1
            told = _told(case)
            waited = now - case.waits_from
            if told is None or place.estimate is None or waited < QUIET or case.id in self._told:
                continue
            if changed_much(told.after(waited), place.estimate):
                yield case, place

    async def _tell(self, seen: Case, place: Place, now: datetime) -> None:
        async with self._moves.store.begin() as uow:
            at = await self._moves.locked(uow, seen)
            if at.case.state is not CaseState.WAITING or _told(at.case) != _told(seen) or place.estimate is None:
                return
            if at.conversation.floor.speaker is Speaker.OUTSIDE or await uow.offers.open_of(seen.id) is not None:
                return
            waited = now - at.case.waits_from
            low, high = (round((waited + part).total_seconds()) for part in (place.estimate.low, place.estimate.high))
            case = replace(at.case, wait_low=low, wait_high=high)
            await self._moves.save(at, case, None, "wait", ahead=place.ahead, low=low, high=high)
            text = texts_waits.changed(
                code=case.code, ahead=place.ahead, estimate=place.estimate, language=at.conversation.language
            )
            await self._moves.tell(at, case, text)
        self._told[seen.id] = now


def _told(case: Case) -> Estimate | None:
    if case.wait_low is None or case.wait_high is None:
        return None
    return Estimate(low=timedelta(seconds=case.wait_low), high=timedelta(seconds=case.wait_high))
