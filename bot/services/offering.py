"""Offers: a waiting case held out to one person for a limited time. Silence and a refusal both move it on."""

from __future__ import annotations

from datetime import datetime

from bot.domain.cases import Case, CaseState
from bot.domain.copies import altered
from bot.domain.errors import ForbiddenMove
from bot.domain.offers import Offer, OfferState
from bot.domain.staff import StaffMember
from bot.domain.text import clean
from bot.services.moves import Moves, Opened
from bot.services.offer_book import settle_offer, tell_offer
from bot.services.ports import QueueItem, QueueName, UnitOfWork
from bot.services.rousing import call_assigner
from bot.services.timers import not_before

OFFER = "offer"
REASON_KEPT = 300
LET_GO = "đã trả về hàng đợi"
"""Why a case that somebody put back is not held out to them again."""


class NoOffer(ForbiddenMove):
    """The case waits, but is not on offer to this person any more: it was silent too long, or it was withdrawn."""

    code = "no_offer"


class Offering:
    """Makes offers and hears the answers."""

    def __init__(self, moves: Moves) -> None:
        self._moves = moves

    async def make(self, uow: UnitOfWork, case: Case, staff_id: int, now: datetime) -> Offer:
        """Hold a locked waiting case out to somebody, with the timer that takes it away again.

        Raises:
            AlreadyTaken: it is on offer already.
        """
        expires_at = now + self._moves.company.assignment.offer_time(case.priority)
        offer = await uow.offers.add(case.id, staff_id, now, expires_at)
        timer = await uow.queues.set_timer({"kind": OFFER, "offer_id": offer.id, "case_id": case.id}, expires_at)
        offer = altered(offer, timer_id=timer)
        await uow.offers.save(offer)
        await tell_offer(uow, case, offer)
        await uow.audit.write(now, "house", "case.offer", case.code, to=staff_id, until=expires_at.isoformat())
        return offer

    async def accept(self, staff: StaffMember, code: str) -> Case:
        """Take a case that is on offer, with the floor if nobody else is speaking. Late is early enough until it ends.

        Raises:
            AlreadyTaken: somebody has the case.
            NotPermitted: it is on offer to somebody else.
            NoOffer: it waits, and is on offer to nobody.
        """
        async with self._moves.opened_by_asked(staff, code) as at:
            taken = at.case.claimed(staff.id, at.now)
            if taken == at.case:
                return taken
            offer = await self._open(at, staff)
            await settle_offer(at.uow, at.case, offer, OfferState.ACCEPTED, at.now)
            return await self._take(at, staff, taken)

    async def decline(self, staff: StaffMember, code: str, reason: str = "") -> Case:
        """Refuse a case that is on offer; it goes on to somebody else at once.

        Raises:
            AlreadyTaken: somebody has the case.
            NotPermitted: it is on offer to somebody else.
            NoOffer: it is on offer to nobody.
        """
        async with self._moves.opened_by_asked(staff, code) as at:
            at.case.claimed(staff.id, at.now)
            offer = await self._open(at, staff)
            await self._refused(at.uow, at.case, offer, OfferState.DECLINED, at.now, clean(reason)[:REASON_KEPT])
            return at.case

    async def due(self, item: QueueItem) -> datetime | None:
        """End an offer that nobody answered in time."""
        now = self._moves.clock.now()
        async with self._moves.store.begin() as uow:
            seen = await uow.cases.get(int(item.body["case_id"]))
            at = await self._moves.locked(uow, seen)
            offer = await uow.offers.get(int(item.body["offer_id"]))
            if not offer.open or offer.timer_id != item.id:
                await uow.queues.finish(QueueName.TIMERS, item.id)
                return None
            if again := await not_before(uow, item, offer.expires_at, now):
                return again
            await self._refused(uow, at.case, offer, OfferState.EXPIRED, now)
            return None

    async def to_others(self, at: Opened, staff: StaffMember) -> None:
        """Have a case that a person let go of be held out to others first, as long as it waits."""
        past = await at.uow.offers.add(at.case.id, staff.id, at.now, at.now)
        await at.uow.offers.save(past.settled(OfferState.DECLINED, at.now, LET_GO))

    async def _take(self, at: Opened, staff: StaffMember, taken: Case) -> Case:
        """Store a case in somebody's hands, who is on duty now, and introduce them to the customer."""
        await self._moves.come_on_duty(at, staff)
        await self._moves.save(at, taken, staff, "accept")
        await self._moves.take_floor(at, staff, taken)
        return taken

    async def _open(self, at: Opened, staff: StaffMember) -> Offer:
        offer = await at.uow.offers.open_of(at.case.id)
        if offer is None:
            raise NoOffer(at.case.code)
        return offer.answered_by(staff.id)

    async def _refused(
        self, uow: UnitOfWork, case: Case, offer: Offer, state: OfferState, now: datetime, reason: str = ""
    ) -> None:
        await settle_offer(uow, case, offer, state, now, reason)
        if case.state is CaseState.WAITING:
            await uow.cases.save(case.refused())
            await call_assigner(uow)
