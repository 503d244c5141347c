"""What hangs on a case when the case itself moves: nothing of it outlives the case, no transfer outlives its giver.

Callers hold the locks of the conversation and of the case, in this order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.domain.approvals import Approval
from bot.domain.cases import Case
from bot.domain.linked_work import LinkedWork
from bot.domain.requests import Request
from bot.domain.transfers import Transfer
from bot.services.ports import QueueName, UnitOfWork


async def work_of(uow: UnitOfWork, case_id: int) -> LinkedWork:
    """Return everything unsettled that hangs on a case, and the settled requests and approvals with it."""
    return LinkedWork(
        transfer=await uow.transfers.asked_of(case_id),
        requests=tuple(await uow.requests.of_case(case_id)),
        approvals=tuple(await uow.approvals.of_case(case_id)),
    )


async def case_ended(uow: UnitOfWork, case: Case, now: datetime) -> LinkedWork:
    """Cancel what still waits, because the case is resolved, and return it as it was before."""
    before = await work_of(uow, case.id)
    await _save(uow, case, before, before.case_ended(now), now)
    return before


async def owner_changed(uow: UnitOfWork, case: Case, now: datetime) -> None:
    """Take an asked transfer back, because the case left its giver some other way: it has no giver any more."""
    before = LinkedWork(transfer=await uow.transfers.asked_of(case.id))
    await _save(uow, case, before, before.owner_changed(now), now)


async def _save(uow: UnitOfWork, case: Case, before: LinkedWork, after: LinkedWork, now: datetime) -> None:
    transfer = after.transfer
    if transfer is not None and transfer != before.transfer:
        await uow.transfers.save(transfer)
        people = (transfer.from_staff_id, transfer.to_staff_id)
        await _cancelled(uow, case, now, "transfer", transfer, people=people, departments=(transfer.to_department,))
    for was, request in zip(before.requests, after.requests, strict=True):
        if request != was:
            await uow.requests.save(request)
            await _cancelled(uow, case, now, "request", request, departments=(request.department,))
    for past, approval in zip(before.approvals, after.approvals, strict=True):
        if approval != past:
            await uow.approvals.save(approval)
            await _cancelled(uow, case, now, "approval", approval, people=(*approval.askers, approval.asked_of))


async def _cancelled(
    uow: UnitOfWork,
    case: Case,
    now: datetime,
    kind: str,
    thing: Transfer | Request | Approval,
    *,
    people: Iterable[int | None] = (),
    departments: Sequence[str] = (),
) -> None:
    """Take the timer of something that is no longer awaited away, tell whoever was concerned, and write it down."""
    if thing.timer_id is not None:
        await uow.queues.finish(QueueName.TIMERS, thing.timer_id)
    named = {f"{kind}_id": thing.id}
    addressed = {"staff_ids": [one for one in people if one is not None], "departments": list(departments)}
    said = {"code": case.code, **named, "state": thing.state.value, **addressed}
    await uow.feed.publish(kind, case.conversation_id, said)
    await uow.audit.write(now, "house", f"{kind}.cancelled", case.code, **named)
