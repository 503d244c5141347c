"""What happens when a deadline comes near, and when it passes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain.cases import Case, CaseState
from bot.domain.company import MANAGEMENT
from bot.domain.copies import altered
from bot.domain.sla import Fired
from bot.services.deadlines import Deadlines
from bot.services.ports import Clock, QueueItem, QueueName, Store, UnitOfWork
from bot.services.rousing import call_assigner
from bot.services.timers import come_again

WATCH = "watch"


async def watch_later(uow: UnitOfWork, case_id: int) -> None:
    """Have the timer of a case set anew after this transaction, where it must not cost the caller a statement."""
    await uow.queues.post(QueueName.TIMERS, {"kind": WATCH, "case_id": case_id})


class DeadlineKeeper:
    """Deals with timers of kind ``deadline``: warns before, escalates after. Each of them once."""

    def __init__(self, *, store: Store, clock: Clock, deadlines: Deadlines) -> None:
        self._store = store
        self._clock = clock
        self._deadlines = deadlines

    async def arm(self, case_id: int) -> None:
        """Begin to watch a case that nobody watches yet: opening it left that for later."""
        async with self._store.begin() as uow:
            case = await _locked(uow, case_id)
            if case.open and case.timer_id is None and case.sla is not None:
                await uow.cases.save(await self._deadlines.watch(uow, case, self._clock.now()))

    async def watch(self, item: QueueItem) -> None:
        """Deal with what `watch_later` posted."""
        async with self._store.begin() as uow:
            case = await _locked(uow, int(item.body["case_id"]))
            if await uow.queues.finish(QueueName.TIMERS, item.id):
                watched = await self._deadlines.watch(uow, case, self._clock.now())
                if watched != case:
                    await uow.cases.save(watched)

    async def due(self, item: QueueItem) -> datetime | None:
        """Fire what is due; a timer that comes early (the clock moved, or the deadline did) waits on."""
        now = self._clock.now()
        async with self._store.begin() as uow:
            case = await _locked(uow, int(item.body["case_id"]))
            if case.timer_id != item.id or not case.open or case.sla is None:
                await uow.queues.finish(QueueName.TIMERS, item.id)
                return None
            clock, fired = case.sla.fired(now)
            if not fired:
                return await self._wait(uow, item, case, now)
            changed = altered(case, sla=clock)
            if any(one.breach for one in fired):
                changed = self._deadlines.follow(changed, changed.hurried(), now)
            await uow.cases.save(await self._deadlines.watch(uow, changed, now))
            for one in fired:
                await self._tell(uow, changed, one, now)
            if changed.priority is not case.priority and changed.state is CaseState.WAITING:
                await call_assigner(uow)
        return None

    async def _wait(self, uow: UnitOfWork, item: QueueItem, case: Case, now: datetime) -> datetime | None:
        moment = case.sla.next_moment(now) if case.sla is not None else None
        if moment is None:
            await uow.cases.save(await self._deadlines.watch(uow, case, now))
            return None
        return await come_again(uow, item, moment, now)

    async def _tell(self, uow: UnitOfWork, case: Case, fired: Fired, now: datetime) -> None:
        what = "breach" if fired.breach else "warning"
        due_at = fired.due_at.isoformat()
        await uow.audit.write(
            now, "house", f"sla.{what}", case.code, deadline=fired.deadline.value, due_at=due_at, owner=case.owner_id
        )
        departments = [MANAGEMENT] if fired.breach else []
        told = deadline_news(case, fired.deadline.value, what, fired.due_at, departments=departments)
        await uow.feed.publish("deadline", case.conversation_id, told)


def deadline_news(
    case: Case, deadline: str, state: str, due_at: datetime, *, departments: Sequence[str] = ()
) -> dict[str, object]:
    """Return what the consoles hear of a deadline or a promise: those of its owner, and of the ``departments``."""
    return {
        "code": case.code,
        "department": case.department,
        "deadline": deadline,
        "state": state,
        "due_at": due_at.isoformat(),
        "owner_id": case.owner_id,
        "staff_ids": [case.owner_id] if case.owner_id is not None else [],
        "departments": list(departments),
    }


async def _locked(uow: UnitOfWork, case_id: int) -> Case:
    """Lock the conversation, then the case, as everybody does."""
    case = await uow.cases.get(case_id)
    await uow.conversations.get(case.conversation_id, lock=True)
    return await uow.cases.get(case_id, lock=True)
