"""What hangs on a case when the case itself moves: nothing of it outlives the case, no transfer outlives its giver.

Callers hold the locks of the conversation and of the case, in this order.
"""

from __future__ import annotations

from datetime import datetime

from bot.domain.cases import Case
from bot.domain.linked_work import LinkedWork
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
    if after.transfer is not None and after.transfer != before.transfer:
        await uow.transfers.save(after.transfer)
        await _cancel_timer(uow, after.transfer.timer_id)
        await uow.feed.publish(
            "transfer",
            case.conversation_id,
            {
                "code": case.code,
                "transfer_id": after.transfer.id,
                "state": after.transfer.state.value,
                "staff_ids": [one for one in (after.transfer.from_staff_id, after.transfer.to_staff_id) if one],
                "departments": [after.transfer.to_department],
            },
        )
        await uow.audit.write(now, "house", "transfer.cancelled", case.code, transfer_id=after.transfer.id)
    for was, request in zip(before.requests, after.requests, strict=True):
        if request != was:
            await uow.requests.save(request)
            await _cancel_timer(uow, request.timer_id)
            await uow.feed.publish(
                "request",
                case.conversation_id,
                {
                    "code": case.code,
                    "request_id": request.id,
                    "state": request.state.value,
                    "departments": [request.department],
                },
            )
            await uow.audit.write(now, "house", "request.cancelled", case.code, request_id=request.id)
    for past, approval in zip(before.approvals, after.approvals, strict=True):
        if approval != past:
            await uow.approvals.save(approval)
            await _cancel_timer(uow, approval.timer_id)
            await uow.feed.publish(
                "approval",
                case.conversation_id,
                {
                    "code": case.code,
                    "approval_id": approval.id,
                    "state": approval.state.value,
                    "staff_ids": [approval.asked_by],
                },
            )
            await uow.audit.write(now, "house", "approval.cancelled", case.code, approval_id=approval.id)


async def _cancel_timer(uow: UnitOfWork, timer_id: int | None) -> None:
    if timer_id is not None:
        await uow.queues.finish(QueueName.TIMERS, timer_id)
