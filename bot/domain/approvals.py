"""Approvals: a decision on a refund, a discount or an exception, by somebody who may, and never by the asker."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import inf

from bot.domain.cases import Case
from bot.domain.company import Company
from bot.domain.copies import altered
from bot.domain.errors import ForbiddenMove, Invalid, NotPermitted
from bot.domain.promises import due_after
from bot.domain.shifts import Roster
from bot.domain.staff import StaffMember, require_held
from bot.domain.text import clean
from bot.domain.written import WORDS_MAX, checked_words

AMOUNT_MAX = 10**12
"""VND; beyond it somebody mistyped."""


OF_MONEY = frozenset({"refund", "discount"})
"""Kinds that nobody can decide on, nor tell a customer of, without an amount."""


class ApprovalState(StrEnum):
    """``pending`` until somebody decides, or the case no longer needs it."""

    PENDING = "pending"
    APPROVED = "approved"
    REFUSED = "refused"
    CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True)
class ApprovedSum:
    """A sum (VND) that was granted in a case before."""

    amount: int
    by: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Approval:
    """A decision that a case needs.

    ``kind`` is an id of `company.yml`; ``amount`` is VND, ``None`` where there is none.
    ``asked_of`` is who is asked first; others may decide as well. ``asked_too`` are those who had the case after
    ``asked_by`` and asked for the same. ``due_at`` is the present time limit;
    ``escalated_at`` is when it went to those without a limit, which happens once.
    ``owner_id`` is who has the case, ``earlier`` what was granted of this kind in it before: both are read with the
    approval (`beside`) and stored elsewhere.
    """

    id: int
    case_id: int
    kind: str
    amount: int | None
    reason: str
    asked_by: int
    asked_at: datetime
    due_at: datetime
    state: ApprovalState = ApprovalState.PENDING
    decided_by: int | None = None
    decided_at: datetime | None = None
    note: str = ""
    escalated_at: datetime | None = None
    timer_id: int | None = None
    asked_of: int | None = None
    asked_too: tuple[int, ...] = ()
    owner_id: int | None = None
    earlier: tuple[ApprovedSum, ...] = ()

    @property
    def askers(self) -> tuple[int, ...]:
        """Everybody who asked for it, whoever was first at the head."""
        return (self.asked_by, *self.asked_too)

    @property
    def total(self) -> int:
        """What is granted of this kind in the case (VND) once this is too: a sum in parts is still that sum."""
        return (self.amount or 0) + sum(one.amount for one in self.earlier)

    @property
    def open(self) -> bool:
        """Tell whether a decision is still awaited."""
        return self.state is ApprovalState.PENDING

    def joined_by(self, staff: StaffMember) -> Approval:
        """Return the approval as asked for by somebody too. Raises ForbiddenMove when it is decided."""
        self._require_pending("joined")
        return self if staff.id in self.askers else altered(self, asked_too=(*self.asked_too, staff.id))

    def approved(self, company: Company, by: StaffMember, at: datetime, note: str = "") -> Approval:
        """Return the approval as given; a late one counts.

        Raises:
            NotPermitted: see `may_decide`.
            ForbiddenMove: it is decided or cancelled.
        """
        return self._decided(ApprovalState.APPROVED, company, by, at, clean(note)[:WORDS_MAX])

    def refused(self, company: Company, by: StaffMember, at: datetime, note: str) -> Approval:
        """Return the approval as refused, with a reason: somebody has to explain it to the customer.

        Raises:
            NotPermitted: see `may_decide`.
            ForbiddenMove: it is decided or cancelled.
            Invalid: no reason is given.
        """
        why = checked_words("note", note, WORDS_MAX, "Xin cho biết lý do không duyệt.")
        return self._decided(ApprovalState.REFUSED, company, by, at, why)

    def cancelled(self, at: datetime) -> Approval:
        """Return the approval as no longer needed. Raises ForbiddenMove when it is decided."""
        self._require_pending(ApprovalState.CANCELLED)
        return altered(self, state=ApprovalState.CANCELLED, decided_at=at)

    def escalated(self, at: datetime, due_at: datetime) -> Approval:
        """Return the approval with a new time limit after nobody spoke within the old one; `urged` are to be told.

        Raises:
            ForbiddenMove: it is decided, or its time is not up (a clock went back).
            Invalid: the new limit is not in the future.
        """
        return altered(self._prolonged("escalated", at, due_at), escalated_at=at)

    def reminded(self, at: datetime, due_at: datetime) -> Approval:
        """Return an escalated approval with a new time limit: it has gone up already, and can go no further.

        Raises:
            ForbiddenMove: it never went up; and what `escalated` raises.
        """
        if self.escalated_at is None:
            raise ForbiddenMove(f"approval {self.id} did not go up yet")
        return self._prolonged("reminded", at, due_at)

    def _prolonged(self, move: str, at: datetime, due_at: datetime) -> Approval:
        self._require_pending(move)
        if at < self.due_at:
            raise ForbiddenMove(f"approval {self.id} has time until {self.due_at}")
        if due_at <= at:
            raise Invalid("due_at", "Hạn duyệt phải ở tương lai.")
        return altered(self, due_at=due_at)

    def _decided(self, state: ApprovalState, company: Company, by: StaffMember, at: datetime, note: str) -> Approval:
        if not may_decide(company, by, self):
            raise NotPermitted(f"staff member {by.id} may not decide on approval {self.id}")
        self._require_pending(state)
        return altered(self, state=state, decided_by=by.id, decided_at=at, note=note)

    def _require_pending(self, move: str) -> None:
        if not self.open:
            raise ForbiddenMove(f"approval {self.id}: {self.state} -> {move}")


def beside(approval: Approval, of_case: Iterable[Approval], owner_id: int | None) -> Approval:
    """Return an approval as it stands among those of its case: what was granted of its kind before it was decided."""
    earlier = [
        ApprovedSum(amount=one.amount, by=one.decided_by, at=one.decided_at)
        for one in of_case
        if (one.case_id, one.kind) == (approval.case_id, approval.kind)
        and one.id != approval.id
        and one.state is ApprovalState.APPROVED
        and one.amount is not None
        and one.decided_by is not None
        and one.decided_at is not None
        and (approval.decided_at is None or one.decided_at < approval.decided_at)
    ]
    return altered(approval, owner_id=owner_id, earlier=tuple(sorted(earlier, key=lambda one: one.at)))


def may_decide(company: Company, staff: StaffMember, approval: Approval) -> bool:
    """Tell whether the person may decide: nobody who asked for it, nor the owner of the case unless they lead.

    The limit of their role holds for the `Approval.total`: a large sum asked for in small ones is no smaller.
    What has no amount is for those who lead: an exception that costs nothing still binds the house.
    """
    if not staff.active or staff.id in approval.askers:
        return False
    if not staff.leads and (approval.amount is None or staff.id == approval.owner_id):
        return False
    return approval.amount is None or company.roles[staff.role].may_approve(approval.total)


def deciders(company: Company, people: Iterable[StaffMember], approval: Approval) -> list[StaffMember]:
    """Return who may decide, in the given order. Empty: there is nobody, and the asker must be told so."""
    return [person for person in people if may_decide(company, person, approval)]


def nearest(
    company: Company, able: Iterable[StaffMember], asker: StaffMember, on_duty: Collection[int]
) -> StaffMember | None:
    """Return whom to ask first of those who may decide, so that a small matter is in one inbox and not in all.

    Somebody on duty, of the asker's own departments, experienced, and with no more say than it takes.
    """

    def distance(one: StaffMember) -> tuple[bool, bool, bool, float, int]:
        limit = company.roles[one.role].approval_limit
        return (
            one.id not in on_duty,
            one.departments.isdisjoint(asker.departments),
            not (one.senior or one.leads),
            inf if limit is None else limit,
            one.id,
        )

    return min(able, key=distance, default=None)


def waits_for(company: Company, people: Sequence[StaffMember], staff: StaffMember, approval: Approval) -> bool:
    """Tell whether an approval waits for this person: they are asked first, or it went up and they are told of it.

    Whoever else may decide finds it beside what waits for them. Where the one asked first is gone, or may not decide
    any more (they own the case by now), it waits for all.
    """
    if not may_decide(company, staff, approval):
        return False
    asked_first = [one for one in people if one.id == approval.asked_of and may_decide(company, one, approval)]
    if not asked_first or asked_first[0].id == staff.id:
        return True
    return approval.escalated_at is not None and staff.id in {one.id for one in urged(company, people, approval)}


def is_same(approval: Approval, kind: str, amount: int | None) -> bool:
    """Tell whether an approval still awaits the very decision that is asked for, whoever asks for it."""
    return approval.open and (approval.kind, approval.amount) == (kind, amount)


def urged(company: Company, people: Iterable[StaffMember], approval: Approval) -> list[StaffMember]:
    """Return whom to tell when an approval stays silent: those without a limit, else everybody who may decide."""
    able = deciders(company, people, approval)
    return [one for one in able if company.roles[one.role].approval_limit is None] or able


def next_decider_at(
    roster: Roster, able: Iterable[StaffMember], at_work: Collection[int], at: datetime
) -> datetime | None:
    """Return from when on somebody is there who may decide: `at` where somebody is, None if no plan says when."""
    ids = [one.id for one in able]
    if any(one in at_work for one in ids):
        return at
    return min((start for one in ids if (start := roster.next_start(one, at)) is not None), default=None)


def checked_approval(
    company: Company, case: Case, *, asker: StaffMember, kind: str, amount: int | None, reason: str
) -> str:
    """Return the reason of an approval that may be asked for.

    Raises:
        NotPermitted: the asker does not hold the case.
        ForbiddenMove: the case is resolved.
        Invalid: an unknown kind, an amount that cannot be meant, or no reason.
    """
    require_held(asker, case)
    if kind not in company.approvals.kinds:
        raise Invalid("kind", "Không có loại phê duyệt này.")
    if amount is None and kind in OF_MONEY:
        raise Invalid("amount", "Hoàn tiền và giảm giá luôn có số tiền, anh/chị ghi giúp.")
    if amount is not None and not 0 < amount <= AMOUNT_MAX:
        raise Invalid("amount", "Số tiền phải lớn hơn 0 và không quá 1.000 tỷ đồng.")
    return checked_words("reason", reason, WORDS_MAX, "Hãy viết lý do xin duyệt.")


def approval_due(company: Company, at: datetime) -> datetime:
    """Return how long an approval may stay silent: the company's time limit, in its open time, so nobody is woken."""
    return due_after(company.hours, at, company.approvals.minutes)
