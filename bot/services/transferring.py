"""Giving a case away, warm: the giver has it until somebody says yes. Saying so is in `answering`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.cases import HOP_LIMIT, Case, CaseState
from bot.domain.company import MANAGEMENT
from bot.domain.errors import Invalid
from bot.domain.promises import Dated
from bot.domain.staff import StaffMember
from bot.domain.transfers import Transfer, TransferKind, TransferState, desk_behind
from bot.domain.written import WORDS_MAX, checked_words
from bot.services import texts, texts_desk
from bot.services.floors import pass_on
from bot.services.moves import Moves, Opened
from bot.services.offer_book import withdraw
from bot.services.offering import Offering
from bot.services.ports import QueueItem, QueueName
from bot.services.queue_numbers import queue_number
from bot.services.refusals import NotNow, NotYours
from bot.services.rousing import call_assigner
from bot.services.targets import Target, Targets
from bot.services.timers import TimerHandler, not_before
from bot.services.transfer_book import KIND, TransferBook

PATIENCE = 2
"""A transfer waits for an answer this many times as long as an offer: it comes in the middle of other work."""


class TransferOutcome(StrEnum):
    """What became of giving a case away.

    ``asked``: somebody was asked, and the giver has it until they say yes. ``queued``: nobody is there, it waits in the
    department's queue with a date. ``moved``: nobody had it, it went over at once.
    """

    ASKED = "asked"
    QUEUED = "queued"
    MOVED = "moved"


@dataclass(frozen=True, kw_only=True)
class Given:
    """The case as it is now, and ``told``, which says to the giver what happened. ``new``: it was not asked before."""

    case: Case
    outcome: TransferOutcome
    told: str
    transfer: Transfer | None = None
    to_management: bool = False
    new: bool = True


class Transferring:
    """Moves of whoever gives a case away, and of the clock."""

    def __init__(self, moves: Moves) -> None:
        self._moves = moves
        self._company = moves.company
        self._targets = Targets(moves.company, moves.doorkeeper)
        self._book = TransferBook(moves)
        self._offering = Offering(moves)

    @property
    def timers(self) -> dict[str, TimerHandler]:
        """The handlers of its timers, by kind."""
        return {KIND: self.due}

    async def give(
        self,
        staff: StaffMember,
        code: str,
        *,
        note: str,
        department: str | None = None,
        staff_id: int | None = None,
        kind: TransferKind = TransferKind.PASSED_ON,
    ) -> Given:
        """Ask a person or a department to take a case; where nobody could answer, put it into the queue with a date.

        Asking the same again while it waits changes nothing. Only the end of a shift passes ``RELIEVED``.

        Raises:
            NotPermitted: a colleague has the case.
            Invalid: it goes to nobody, to where it is, or to somebody who is not there.
            ForbiddenMove: it is resolved, or somebody else is being asked.
        """
        said = checked_words("note", note, WORDS_MAX, "Hãy nhắn người nhận vài chữ: khách cần gì, cần làm gì tiếp.")
        async with self._moves.opened(staff, code) as at:
            target = await self._targets.meant(at, department, staff_id, kind)
            # Whoever goes off duty is relieved of what they hold, and of nothing else.
            if at.case.state is CaseState.WAITING and kind is not TransferKind.RELIEVED:
                return await self._move_waiting(at, staff, target, said)
            await self._require_owner(at, staff)
            target = self._targets.checked(at, staff, target)
            known = await at.uow.transfers.asked_of(at.case.id)
            if known is not None:
                return await self._again(at, known, target)
            asked = await self._targets.answerable(at, staff, target)
            if asked is None:
                return await self._queue(at, staff, target, said)
            return await self._ask(at, staff, asked, said)

    async def introduce(self, staff: StaffMember, code: str, *, staff_id: int, note: str) -> Given:
        """Bring a colleague who does not meet customers into the conversation: they take it over, introduced by name.

        Whoever does so at the front goes on reading the case and may write notes in it, and it uses up no hop. From
        behind the front office it is passing on.

        Raises:
            Invalid: the person is of no department behind the front office; and what `give` raises.
        """
        async with self._moves.store.read() as uow:
            person = await self._targets.person(uow, staff_id)
        theirs = desk_behind(self._company, person)
        if theirs is None:
            raise Invalid("staff_id", f"{person.name} không thuộc khối hỗ trợ. Hãy dùng “Chuyển phiếu”.")
        return await self.give(
            staff, code, department=theirs, staff_id=staff_id, note=note, kind=TransferKind.INTRODUCED
        )

    async def cancel(self, staff: StaffMember, code: str) -> Case:
        """Take back a transfer that nobody has answered; once more changes nothing."""
        async with self._moves.opened(staff, code) as at:
            transfer = await at.uow.transfers.asked_of(at.case.id)
            if transfer is None:
                past = await at.uow.transfers.of_case(at.case.id)
                if past and past[-1].state is TransferState.CANCELLED:
                    return at.case
                raise NotNow("Không có lời chuyển nào đang chờ để rút lại.")
            await self._book.settle(at, transfer.cancelled(staff, at.now), staff, "transfer_cancelled")
            whom = await self._book.named(at, transfer)
            await self._moves.note(at, staff, f"Đã rút lại lời chuyển tới {whom}: “{transfer.summary}”")
            return at.case

    async def due(self, item: QueueItem) -> datetime | None:
        """Leave a case with its giver when nobody answered in time, and say so."""
        async with self._moves.store.begin() as uow:
            seen = await uow.transfers.get(int(item.body["transfer_id"]))
            at = await self._moves.locked(uow, await uow.cases.get(seen.case_id))
            transfer = await uow.transfers.get(seen.id)
            if not transfer.open or transfer.timer_id != item.id:
                await uow.queues.finish(QueueName.TIMERS, item.id)
                return None
            if again := await not_before(uow, item, transfer.expires_at, at.now):
                return again
            await self._book.settle(at, transfer.expired(at.now), None, "transfer_expired")
            whom = await self._book.named(at, transfer)
            await self._moves.note(at, None, f"{whom} chưa trả lời kịp lời chuyển; phiếu vẫn ở người đang giữ.")
            return None

    # --- steps --------------------------------------------------------------------------------------------------------

    async def _require_owner(self, at: Opened, staff: StaffMember) -> None:
        if at.case.open and at.case.owner_id not in (None, staff.id):
            owner = (await at.uow.staff.names()).get(at.case.owner_id or 0, "Đồng nghiệp")
            way = " Anh/chị bước vào phiếu trước rồi chuyển." if staff.leads else ""
            raise NotYours(f"{owner} đang giữ {at.case.code}.{way}")

    async def _again(self, at: Opened, known: Transfer, target: Target) -> Given:
        whom = await self._book.named(at, known)
        receiver_id = target.receiver.id if target.receiver else None
        # A department may have been asked through the one that stands in for it.
        same = known.to_department in (target.department, *self._company.cover_chain(target.department))
        if not same or known.to_staff_id != receiver_id:
            raise NotNow(f"Phiếu đang chờ {whom} trả lời. Rút lại lời chuyển đó trước khi chuyển nơi khác.")
        if target.leaving and not known.leaving:
            known = replace(known, leaving=True)
            await at.uow.transfers.save(known)
        told = f"Đang chờ {whom} nhận {at.case.code}."
        return Given(
            case=at.case,
            outcome=TransferOutcome.ASKED,
            transfer=known,
            told=told,
            to_management=target.raised,
            new=False,
        )

    async def _ask(self, at: Opened, staff: StaffMember, target: Target, note: str) -> Given:
        expires_at = at.now + self._company.assignment.offer_time(at.case.priority) * PATIENCE
        asked = await at.uow.transfers.add(
            at.case.id,
            staff.id,
            target.department,
            target.receiver.id if target.receiver else None,
            note,
            at.now,
            expires_at,
            kind=target.kind,
            meant=target.meant,
            leaving=target.leaving,
        )
        timer = await at.uow.queues.set_timer({"kind": KIND, "transfer_id": asked.id}, expires_at)
        asked = replace(asked, timer_id=timer)
        await at.uow.transfers.save(asked)
        await self._moves.note(at, staff, note)
        await self._moves.audit(at, staff, "case.transfer_asked", to=target.department, kind=target.kind.value)
        await self._book.heard(at, asked)
        told = (
            f"Đã mời {await self._book.named(at, asked)} nhận {at.case.code}. "
            "Anh/chị giữ phiếu cho tới khi có người nhận."
        )
        return Given(
            case=at.case,
            outcome=TransferOutcome.ASKED,
            transfer=asked,
            told=_told(told, raised=target.raised),
            to_management=target.raised,
        )

    async def _queue(self, at: Opened, staff: StaffMember, target: Target, note: str) -> Given:
        """Put the case into the queue of a desk where nobody is, and give the customer a date."""
        number = await queue_number(at.uow, at.case, target.department, self._moves.day(at.now))
        moved = self._queued(at, target, number)
        dated = await self._settle_in(at, staff, moved, note)
        text = texts_desk.queued(
            department=self._moves.label(moved.department, at.language),
            code=moved.code,
            queue_number=number,
            dated=self._moves.dated(at, dated),
            language=at.language,
        )
        await self._moves.tell(at, moved, text)
        await pass_on(at.uow, at.conversation, at.case)
        if target.leaving:
            await self._offering.to_others(at, staff)
        label = self._moves.label(moved.department)
        when = texts.moment(dated.promise.due_at, at.now, self._company.zone, "vi")
        told = f"{label} chưa có ai trực. {moved.code} đã vào hàng đợi, khách được hẹn trước {when}."
        told = _told(told, raised=target.raised)
        return Given(case=moved, outcome=TransferOutcome.QUEUED, told=told, to_management=target.raised)

    def _queued(self, at: Opened, target: Target, number: int) -> Case:
        day = self._moves.day(at.now)
        if target.kind is TransferKind.ESCALATED and target.department != at.case.department:
            return at.case.escalated(target.department, number, day, at.now)
        if target.kind is TransferKind.PASSED_ON:
            return at.case.transferred(target.department, number, day, at.now)
        # Given back or relieved: the work stays what it was, and no hop is used up.
        return replace(at.case, department=target.department).released(number, day, at.now)

    async def _move_waiting(self, at: Opened, staff: StaffMember, target: Target, note: str) -> Given:
        """Put a case that nobody has into another department's queue at once."""
        if target.receiver is not None:
            raise Invalid("staff_id", "Phiếu chưa có người giữ. Hãy nhận phiếu rồi chuyển cho người này.")
        raised = at.case.hops >= HOP_LIMIT and target.department != MANAGEMENT
        department = self._targets.top if raised else target.department
        if at.case.department in (target.department, department):
            raise Invalid("department", "Phiếu đang ở bộ phận này rồi.")
        day = self._moves.day(at.now)
        number = await at.uow.cases.queue_number(department, day)
        await withdraw(at.uow, at.case, at.now)
        upward = raised or department == MANAGEMENT
        moved = (at.case.escalated if upward else at.case.transferred)(department, number, day, at.now)
        dated = await self._settle_in(at, staff, moved, note)
        text = texts.transferred(
            department=self._moves.label(department, at.language),
            code=moved.code,
            queue_number=number,
            dated=self._moves.dated(at, dated),
            language=at.language,
        )
        await self._moves.tell(at, moved, text)
        told = _told(f"Đã chuyển {moved.code} sang hàng đợi {self._moves.label(department)}.", raised=raised)
        return Given(case=moved, outcome=TransferOutcome.MOVED, told=told, to_management=raised)

    async def _settle_in(self, at: Opened, staff: StaffMember, moved: Case, note: str) -> Dated:
        """Store a case in its new queue with a note for the receiver, and return the date to tell of."""
        await self._moves.save(at, moved, staff, "transfer", to=moved.department)
        await call_assigner(at.uow)
        await self._moves.note(at, staff, note)
        due = self._moves.promises.first_due(moved, at.now)
        return await self._moves.promises.date_for(at.uow, moved, due, at.now)


def _told(said: str, *, raised: bool) -> str:
    """Say to the giver what happened, and why it did not happen where they meant."""
    return f"Phiếu đã chuyển đủ {HOP_LIMIT} lần nên được mời lên quản lý. {said}" if raised else said
