"""What is written down of an offer as it ends, and who hears of it, whoever ends it. Callers hold the case's lock."""

from __future__ import annotations

from datetime import datetime

from bot.domain.cases import Case
from bot.domain.offers import Offer, OfferState
from bot.services.ports import QueueName, UnitOfWork


async def withdraw(uow: UnitOfWork, case: Case, now: datetime, reason: str = "") -> None:
    """Take back what is on offer of a case, if anything is, as the case goes another way."""
    offer = await uow.offers.open_of(case.id)
    if offer is not None:
        await settle_offer(uow, case, offer, OfferState.WITHDRAWN, now, reason)


async def settle_offer(
    uow: UnitOfWork, case: Case, offer: Offer, state: OfferState, now: datetime, reason: str = ""
) -> None:
    """End an offer, and its timer with it."""
    settled = offer.settled(state, now, reason)
    await uow.offers.save(settled)
    if offer.timer_id is not None:
        await uow.queues.finish(QueueName.TIMERS, offer.timer_id)
    await tell_offer(uow, case, settled)
    actor = f"staff:{offer.staff_id}" if state in (OfferState.ACCEPTED, OfferState.DECLINED) else "house"
    await uow.audit.write(now, actor, f"offer.{state}", case.code, staff=offer.staff_id, reason=settled.reason)


async def tell_offer(uow: UnitOfWork, case: Case, offer: Offer) -> None:
    """Tell the console of whoever has an offer how it stands."""
    told = {
        "offer_id": offer.id,
        "code": case.code,
        "department": case.department,
        "staff_id": offer.staff_id,
        "state": offer.state.value,
        "expires_at": offer.expires_at.isoformat(),
        "staff_ids": [offer.staff_id],
        "departments": [],
    }
    await uow.feed.publish("offer", case.conversation_id, told)
