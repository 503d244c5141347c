"""Saying yes or no to a case that is held out to somebody: by a colleague (a transfer), or by the house (an offer)."""

from __future__ import annotations

from bot.domain.cases import Case, CaseState
from bot.domain.conversations import Speaker
from bot.domain.errors import AlreadyTaken, NotPermitted
from bot.domain.promises import Dated
from bot.domain.staff import StaffMember, own_desk
from bot.domain.transfers import Transfer, handed_over, may_answer
from bot.services import texts_desk
from bot.services.address import address_of
from bot.services.attendance import AT_WORK
from bot.services.moves import Moves, Opened
from bot.services.offering import NoOffer, Offering
from bot.services.refusals import NotNow, NotYours
from bot.services.rousing import call_assigner
from bot.services.transfer_book import TransferBook

GONE = "Phiếu này không còn chờ anh/chị nhận nữa: đã hết giờ, đã được rút lại, hoặc phiếu đã xong."

OTHERS = "Phiếu này đang được mời người khác nhận."


class Answering:
    """Moves of whoever is asked to take a case."""

    def __init__(self, moves: Moves) -> None:
        self._moves = moves
        self._book = TransferBook(moves)
        self._offering = Offering(moves)

    async def accept(self, staff: StaffMember, code: str) -> Case:
        """Take over a case that is held out to this person; a second click changes nothing.

        Raises:
            AlreadyTaken: a colleague was faster.
            NotPermitted: it is their own transfer.
            ForbiddenMove: nothing is held out to them any more.
        """
        async with self._moves.opened_by_asked(staff, code) as at:
            transfer = await self._asked_of(at, staff)
            if transfer is not None:
                return await self._take_over(at, staff, transfer)
            if at.case.state is not CaseState.WAITING:
                return await self._too_late(at, staff)
        try:
            return await self._offering.accept(staff, code)
        except NoOffer as gone:
            raise NotNow(GONE) from gone
        except NotPermitted as other:
            raise NotYours(OTHERS) from other

    async def decline(self, staff: StaffMember, code: str, reason: str) -> Case:
        """Say no: the giver keeps the case and reads why. Where a department is asked, its others still may take it.

        Raises:
            Invalid: no reason is given; and what `accept` raises.
        """
        async with self._moves.opened_by_asked(staff, code) as at:
            transfer = await self._asked_of(at, staff)
            if transfer is not None:
                await self._say_no(at, staff, transfer, reason)
                return at.case
            if at.case.state is not CaseState.WAITING:
                return await self._too_late(at, staff)
        try:
            return await self._offering.decline(staff, code, reason)
        except NoOffer as gone:
            raise NotNow(GONE) from gone
        except NotPermitted as other:
            raise NotYours(OTHERS) from other

    async def _say_no(self, at: Opened, staff: StaffMember, transfer: Transfer, reason: str) -> None:
        if staff.id in transfer.said_no:
            return
        declined = transfer.declined(staff, at.now, reason)
        left = transfer.declined(staff, at.now, reason, others=await self._others(at, staff, transfer))
        if left.open:
            await self._book.left_to_others(at, left, staff, declined.reason)
        else:
            await self._book.settle(at, declined, staff, "transfer_declined", reason=declined.reason)
        await self._moves.note(at, staff, f"Chưa nhận được phiếu: {declined.reason}")

    async def _others(self, at: Opened, staff: StaffMember, transfer: Transfer) -> bool:
        """Tell whether colleagues are at work who were asked as well, and have not answered."""
        if transfer.to_staff_id is not None:
            return False
        done = {staff.id, transfer.from_staff_id, *transfer.said_no}
        attendance = await self._moves.doorkeeper.fresh(at.uow, at.now)
        there = (one for one, presence in attendance.people if presence in AT_WORK and one.id not in done)
        return any(transfer.to_department in one.desks for one in there)

    async def _take_over(self, at: Opened, staff: StaffMember, transfer: Transfer) -> Case:
        accepted = transfer.accepted(staff, at.now)
        taken = handed_over(at.case, accepted, at.now)
        await self._book.settle(at, accepted, staff, "transfer_accepted")
        await self._moves.come_on_duty(at, staff)
        taken = await self._moves.save(at, taken, staff, "accept", former=at.case.owner_id, kind=transfer.kind.value)
        await call_assigner(at.uow)
        floor = at.conversation.floor
        if floor.speaker is not Speaker.STAFF or floor.staff_id in (transfer.from_staff_id, staff.id):
            await at.uow.conversations.save_floor(at.conversation.id, floor.passed_to(staff.id))
        known = await at.uow.promises.open_of(taken.id)
        promise = await self._moves.promises.expect_answer(at.uow, taken, at.now)
        dated = Dated(promise=promise, stays=known is not None)
        text = texts_desk.introduced(
            name=staff.called(at.language),
            department=self._moves.label(own_desk(staff, taken, self._moves.company), at.language),
            code=taken.code,
            language=at.language,
            you=address_of(at.conversation),
            dated=self._moves.dated(at, dated) if known is None or promise.holds(at.now) else "",
        )
        await self._moves.tell(at, taken, text)
        return taken

    async def _asked_of(self, at: Opened, staff: StaffMember) -> Transfer | None:
        transfer = await at.uow.transfers.asked_of(at.case.id)
        if transfer is not None and transfer.from_staff_id == staff.id:
            raise NotYours("Chính anh/chị đang chuyển phiếu này; chờ người nhận trả lời, hoặc rút lại lời chuyển.")
        return transfer if transfer is not None and may_answer(staff, transfer) else None

    async def _too_late(self, at: Opened, staff: StaffMember) -> Case:
        """Answer whoever says yes or no when nothing asks them any more."""
        owner = at.case.owner_id if at.case.open else None
        if owner == staff.id:
            return at.case
        past = [one for one in await at.uow.transfers.of_case(at.case.id) if may_answer(staff, one)]
        kept = bool(past) and past[-1].from_staff_id == owner
        if owner is not None and not kept and await self._moves.sight.was_asked(at.uow, staff, at.case):
            raise AlreadyTaken(owner)
        raise NotNow(GONE)
