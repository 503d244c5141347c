"""Asking for a decision that the asker may not take: refunds, discounts, exceptions. Silence goes further up."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.approvals import (
    Approval,
    ApprovalState,
    approval_due,
    checked_approval,
    deciders,
    is_same,
    may_decide,
    nearest,
    next_decider_at,
    urged,
)
from bot.domain.cases import Case
from bot.domain.errors import AlreadyTaken, Unknown
from bot.domain.presence import Presence
from bot.domain.promises import PromiseKind
from bot.domain.staff import StaffMember
from bot.services import texts, texts_desk
from bot.services.attendance import AT_WORK
from bot.services.moves import Moves, Opened
from bot.services.ports import QueueItem, QueueName
from bot.services.presences import roster_of, seen
from bot.services.refusals import NotNow, NotYours
from bot.services.timers import TimerHandler, not_before

KIND = "approval"
"""The kind of its timers and of its live events."""

LISTED = 100
"""So many are listed, the ones due first."""


@dataclass(frozen=True, kw_only=True)
class AskedApproval:
    """An approval that was asked for, and who may decide on it, whoever is asked first at the head.

    ``new`` is false where the same had been asked for before and still waits.
    """

    approval: Approval
    deciders: tuple[StaffMember, ...]
    new: bool


@dataclass(frozen=True, kw_only=True)
class Pending:
    """An approval with the case that needs it, and its customer's name."""

    approval: Approval
    case: Case
    customer_name: str | None


class Approving:
    """Moves of whoever asks, of whoever decides, and of the clock."""

    def __init__(self, moves: Moves) -> None:
        self._moves = moves
        self._company = moves.company

    @property
    def timers(self) -> dict[str, TimerHandler]:
        """The handlers of its timers, by kind."""
        return {KIND: self.due}

    # --- reading ------------------------------------------------------------------------------------------------------

    async def pending(self, staff: StaffMember) -> list[Pending]:
        """Return what waits for a decision and concerns the person: may be decided by them, or was asked by them."""
        async with self._moves.store.read() as uow:
            found = [one for one in await uow.approvals.pending() if self._concerns(staff, one)][:LISTED]
            cases = await uow.cases.with_customers([one.case_id for one in found])
        return [
            Pending(approval=one, case=case, customer_name=name) for one in found for case, name in [cases[one.case_id]]
        ]

    def _concerns(self, staff: StaffMember, approval: Approval) -> bool:
        return staff.id in approval.askers or may_decide(self._company, staff, approval)

    # --- whoever asks -------------------------------------------------------------------------------------------------

    async def ask(self, staff: StaffMember, code: str, *, kind: str, amount: int | None, reason: str) -> AskedApproval:
        """Ask the nearest person who may for a decision on a case one owns.

        Asked again while it waits, it is one, and whoever asks again decides on it no more than whoever asked first.

        Raises:
            ForbiddenMove: nobody in the house may decide it but the asker.
        """
        async with self._moves.opened(staff, code) as at:
            words = checked_approval(self._company, at.case, asker=staff, kind=kind, amount=amount, reason=reason)
            people = await at.uow.staff.people()
            for known in await at.uow.approvals.of_case(at.case.id):
                if is_same(known, kind, amount):
                    joined = await self._joined(at, staff, known, people)
                    return AskedApproval(approval=joined, deciders=self._in_order(people, joined), new=False)
            due = approval_due(self._company, at.now)
            made = await at.uow.approvals.add(at.case.id, kind, amount, words, staff.id, at.now, due)
            first = await self._nearest(at, staff, made, people)
            made = await self._watch(at, replace(made, asked_of=first.id))
            await self._moves.note(at, staff, f"Xin {first.name} duyệt {self._matter(made)}: {words}")
            detail = {"kind": kind, "amount": amount, "asked_of": first.id}
            await self._moves.audit(at, staff, "case.approve", approval_id=made.id, **detail)
            await self._heard(at, made)
            return AskedApproval(approval=made, deciders=self._in_order(people, made), new=True)

    async def _joined(self, at: Opened, staff: StaffMember, known: Approval, people: list[StaffMember]) -> Approval:
        """Note that somebody asks too; where they were the one asked first, somebody else is."""
        joined = known.joined_by(staff)
        if joined == known:
            return known
        first = await self._nearest(at, staff, joined, people)
        if joined.asked_of == staff.id:
            joined = replace(joined, asked_of=first.id)
        await at.uow.approvals.save(joined)
        await self._moves.audit(at, staff, "case.approve", approval_id=joined.id, asked_of=joined.asked_of, too=True)
        await self._heard(at, joined)
        return joined

    async def _nearest(
        self, at: Opened, staff: StaffMember, approval: Approval, people: list[StaffMember]
    ) -> StaffMember:
        """Return whom to ask first. Raises `NotNow` where nobody in the house may decide."""
        roster = await roster_of(at.uow, self._company, at.now)
        there = seen(self._company, roster, deciders(self._company, people, approval), at.now)
        on_duty = {one.person.id for one in there if one.presence is Presence.ON_DUTY}
        first = nearest(self._company, [one.person for one in there], staff, on_duty)
        if first is None:
            raise NotNow(
                "Ngoài anh/chị, hiện không ai có quyền duyệt khoản này. Nhờ quản trị thêm người có hạn mức phù hợp."
            )
        return first

    def _in_order(self, people: list[StaffMember], approval: Approval) -> tuple[StaffMember, ...]:
        able = deciders(self._company, people, approval)
        return tuple(sorted(able, key=lambda one: one.id != approval.asked_of))

    # --- whoever decides ----------------------------------------------------------------------------------------------

    async def grant(self, staff: StaffMember, approval_id: int, note: str = "") -> Approval:
        """Say yes; the customer is told. Once more changes nothing."""
        async with self._opened(staff, approval_id, ApprovalState.APPROVED) as (at, approval):
            if not approval.open:
                return approval
            granted = approval.approved(self._company, staff, at.now, note)
            text = texts_desk.granted(
                kind=self._label(granted.kind, at.language),
                amount=granted.amount,
                code=at.case.code,
                language=at.language,
            )
            return await self._decide(at, granted, staff, text, f"Đã duyệt {self._matter(granted)}. {granted.note}")

    async def refuse(self, staff: StaffMember, approval_id: int, note: str) -> Approval:
        """Say no, and why; the customer is told with a date by which they hear of another way."""
        async with self._opened(staff, approval_id, ApprovalState.REFUSED) as (at, approval):
            if not approval.open:
                return approval
            refused = approval.refused(self._company, staff, at.now, note)
            promise = await self._moves.promises.expect_answer(at.uow, at.case, at.now)
            text = texts_desk.not_granted(
                kind=self._label(refused.kind, at.language),
                amount=refused.amount,
                code=at.case.code,
                due=self._moves.moment(at, promise.due_at),
                call=promise.kind is PromiseKind.CALL,
                language=at.language,
            )
            return await self._decide(at, refused, staff, text, f"Không duyệt {self._matter(refused)}. {refused.note}")

    # --- the clock ----------------------------------------------------------------------------------------------------

    async def due(self, item: QueueItem) -> datetime | None:
        """Deal with an approval that nobody has spoken to within its time limit."""
        async with self._moves.store.begin() as uow:
            seen = await uow.approvals.get(int(item.body["approval_id"]))
            at = await self._moves.locked(uow, await uow.cases.get(seen.case_id))
            approval = await uow.approvals.get(seen.id, lock=True)
            if not approval.open or approval.timer_id != item.id:
                await uow.queues.finish(QueueName.TIMERS, item.id)
                return None
            if again := await not_before(uow, item, approval.due_at, at.now):
                return again
            await uow.queues.finish(QueueName.TIMERS, item.id)
            await self._silent(at, approval)
            return None

    async def _silent(self, at: Opened, approval: Approval) -> None:
        """Take it up once; from then on remind those who may decide, at times when one of them is there."""
        uow, now = at.uow, at.now
        people = await uow.staff.people()
        roster = await roster_of(uow, self._company, now)
        there = {one.person.id for one in seen(self._company, roster, people, now) if one.presence in AT_WORK}
        begins = next_decider_at(roster, deciders(self._company, people, approval), there, now)
        later = max(approval_due(self._company, begins or now), now + timedelta(minutes=1))
        again = approval.escalated_at is not None
        raised = await self._watch(at, (approval.reminded if again else approval.escalated)(now, later))
        if not again:
            told = f"Chưa ai trả lời lời xin duyệt {self._matter(raised)}; {await self._taken_up(at, raised, people)}."
            if begins is not None and begins > now:
                when = texts.moment(begins, now, self._company.zone, "vi")
                told = f"{told} Người có quyền duyệt vào ca lúc {when}."
            await self._moves.note(at, None, told)
            await self._moves.audit(at, None, "approval.escalated", approval_id=raised.id, due_at=later.isoformat())
        await self._heard(at, raised, urged(self._company, people, raised), reminded=again)

    async def _taken_up(self, at: Opened, raised: Approval, people: Sequence[StaffMember]) -> str:
        """Say who hears of the silence: where that is only whoever was asked before, nobody above them was told."""
        if any(one.id != raised.asked_of for one in urged(self._company, people, raised)):
            return "đã báo cấp trên"
        name = (await at.uow.staff.names()).get(raised.asked_of) if raised.asked_of is not None else None
        return f"đã nhắc lại {name}" if name is not None else "chưa có ai khác để báo"

    # --- steps --------------------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def _opened(
        self, staff: StaffMember, approval_id: int, wanted: ApprovalState
    ) -> AsyncIterator[tuple[Opened, Approval]]:
        """Lock conversation, case and approval for somebody who may decide.

        Raises:
            Unknown: the person may know of no such approval.
            NotPermitted: it is their own, or beyond their limit.
            AlreadyTaken: a colleague decided first.
            ForbiddenMove: it is decided otherwise, or no longer needed.
        """
        async with self._moves.store.begin() as uow:
            seen = await uow.approvals.get(approval_id)
            case = await uow.cases.get(seen.case_id)
            if not may_decide(self._company, staff, seen):
                if staff.id not in seen.askers and not await self._moves.sight.reads(uow, staff, case):
                    raise Unknown(f"approval {approval_id}")
                raise NotYours(self._not_theirs(staff, seen))
            at = await self._moves.locked(uow, case)
            approval = await uow.approvals.get(approval_id, lock=True)
            if approval.state is ApprovalState.CANCELLED:
                raise NotNow("Phiếu đã xong hoặc không còn cần phê duyệt này.")
            if not approval.open and approval.decided_by != staff.id:
                raise AlreadyTaken(approval.decided_by, await self._decided(at, approval))
            if not approval.open and approval.state is not wanted:
                raise NotNow("Anh/chị đã quyết định khác trước đó.")
            if approval.open and not may_decide(self._company, staff, approval):
                # Another sum was granted, or the case changed hands, while this waited for the lock.
                raise NotYours(self._not_theirs(staff, approval))
            yield at, approval

    def _not_theirs(self, staff: StaffMember, approval: Approval) -> str:
        """Say why a person who may know of an approval may not decide on it."""
        if staff.id in approval.askers:
            return "Anh/chị không tự duyệt được điều chính mình xin."
        if approval.owner_id == staff.id:
            return "Anh/chị đang giữ phiếu này nên người khác quyết định giúp."
        if not approval.earlier:
            return "Khoản này vượt hạn mức duyệt của anh/chị."
        granted, total = (texts_desk.money(one) for one in (approval.total - (approval.amount or 0), approval.total))
        return f"Phiếu này đã duyệt {granted}, thêm khoản này là {total}: vượt hạn mức duyệt của anh/chị."

    async def _decided(self, at: Opened, approval: Approval) -> str:
        """Say who decided, how and when: "Chị Mai đã duyệt lúc 10:05 hôm nay."."""
        if approval.decided_by is None or approval.decided_at is None:
            return ""
        person = await at.uow.staff.get(approval.decided_by)
        name = person.called("vi") or person.name
        verdict = "đã duyệt" if approval.state is ApprovalState.APPROVED else "đã từ chối duyệt"
        when = texts.past(approval.decided_at, at.now, self._company.zone)
        return f"{name[:1].upper()}{name[1:]} {verdict} lúc {when}."

    async def _decide(self, at: Opened, approval: Approval, staff: StaffMember, text: str, note: str) -> Approval:
        await at.uow.approvals.save(approval)
        if approval.timer_id is not None:
            await at.uow.queues.finish(QueueName.TIMERS, approval.timer_id)
        await self._moves.note(at, staff, note.strip())
        await self._moves.audit(
            at, staff, f"approval.{approval.state}", approval_id=approval.id, amount=approval.amount
        )
        await self._moves.tell(at, at.case, text)
        await self._heard(at, approval)
        return approval

    async def _watch(self, at: Opened, approval: Approval) -> Approval:
        timer = await at.uow.queues.set_timer({"kind": KIND, "approval_id": approval.id}, approval.due_at)
        watched = replace(approval, timer_id=timer)
        await at.uow.approvals.save(watched)
        return watched

    async def _heard(
        self, at: Opened, approval: Approval, told: Iterable[StaffMember] = (), *, reminded: bool = False
    ) -> None:
        concerned = (*approval.askers, approval.asked_of, approval.decided_by, at.case.owner_id)
        await self._moves.notify(
            at,
            KIND,
            people=(*concerned, *(one.id for one in told)),
            approval_id=approval.id,
            state=approval.state.value,
            escalated=approval.escalated_at is not None,
            reminded=reminded,
        )

    def _label(self, kind: str, language: str = "vi") -> str:
        words = self._company.approvals.kinds.get(kind)
        return words.in_language(language) if words is not None else kind

    def _matter(self, approval: Approval) -> str:
        amount = f" {texts_desk.money(approval.amount)}" if approval.amount is not None else ""
        return f"{self._label(approval.kind).lower()}{amount}"
