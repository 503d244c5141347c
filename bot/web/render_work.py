"""What hangs on a case, as whoever reads it sees it: offers, transfers, requests, approvals, a rating."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.approvals import Approval, may_decide
from bot.domain.cases import Case
from bot.domain.company import Company
from bot.domain.feedback import Rating
from bot.domain.offers import Offer
from bot.domain.requests import Request
from bot.domain.staff import StaffMember
from bot.domain.transfers import Transfer
from bot.web.work_shapes import (
    ApprovalItem,
    ApprovalOut,
    CaseBrief,
    GrantedOut,
    OfferItem,
    OfferOut,
    RatingOut,
    RequestItem,
    RequestOut,
    TransferItem,
    TransferOut,
)


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Who reads, and in which words: what every shape here is made with."""

    company: Company
    names: Mapping[int, str]
    language: str = "vi"
    staff: StaffMember | None = None

    def name(self, staff_id: int | None) -> str | None:
        """Return the name of a person."""
        return self.names.get(staff_id) if staff_id is not None else None

    def label(self, department_id: str) -> str:
        """Return the name of a department, its id where `company.yml` has it no more."""
        return self.company.label(department_id, self.language)


def offer_out(offer: Offer, reader: Reader) -> OfferOut:
    """Return an offer."""
    return OfferOut(
        id=offer.id,
        staff_id=offer.staff_id,
        staff_name=reader.name(offer.staff_id),
        state=offer.state,
        made_at=offer.made_at,
        expires_at=offer.expires_at,
        reason=offer.reason,
    )


def transfer_out(transfer: Transfer, reader: Reader) -> TransferOut:
    """Return a transfer."""
    return TransferOut(
        id=transfer.id,
        kind=transfer.kind,
        state=transfer.state,
        from_staff_id=transfer.from_staff_id,
        from_staff_name=reader.name(transfer.from_staff_id),
        to_department=transfer.to_department,
        to_department_label=reader.label(transfer.to_department),
        to_staff_id=transfer.to_staff_id,
        to_staff_name=reader.name(transfer.to_staff_id),
        note=transfer.summary,
        asked_at=transfer.asked_at,
        expires_at=transfer.expires_at,
        settled_at=transfer.settled_at,
        settled_by=transfer.settled_by,
        settled_by_name=reader.name(transfer.settled_by),
        reason=transfer.reason,
        said_no=list(transfer.said_no),
    )


def request_out(asked: Request, code: str, reader: Reader) -> RequestOut:
    """Return a request."""
    return RequestOut(
        id=asked.id,
        code=code,
        department=asked.department,
        department_label=reader.label(asked.department),
        asked_by=asked.asked_by,
        asked_by_name=reader.name(asked.asked_by),
        text=asked.text,
        state=asked.state,
        asked_at=asked.asked_at,
        due_at=asked.due_at,
        taken_by=asked.taken_by,
        taken_by_name=reader.name(asked.taken_by),
        answer=asked.answer,
        settled_at=asked.settled_at,
        slipped=asked.slipped,
    )


def approval_out(approval: Approval, code: str, reader: Reader) -> ApprovalOut:
    """Return an approval."""
    words = reader.company.approvals.kinds.get(approval.kind)
    able = reader.staff is not None and may_decide(reader.company, reader.staff, approval)
    return ApprovalOut(
        id=approval.id,
        code=code,
        kind=approval.kind,
        kind_label=words.in_language(reader.language) if words else approval.kind,
        amount=approval.amount,
        reason=approval.reason,
        asked_by=approval.asked_by,
        asked_by_name=reader.name(approval.asked_by),
        asked_of=approval.asked_of,
        asked_of_name=reader.name(approval.asked_of),
        state=approval.state,
        asked_at=approval.asked_at,
        due_at=approval.due_at,
        decided_by=approval.decided_by,
        decided_by_name=reader.name(approval.decided_by),
        decided_at=approval.decided_at,
        note=approval.note,
        escalated_at=approval.escalated_at,
        earlier=[
            GrantedOut(amount=one.amount, by=one.by, by_name=reader.name(one.by), at=one.at) for one in approval.earlier
        ],
        total=approval.total,
        may_decide=able and approval.open,
    )


def rating_out(rating: Rating, follow_up_code: str | None) -> RatingOut:
    """Return a rating."""
    return RatingOut(
        score=rating.score,
        words=rating.words,
        asked_at=rating.asked_at,
        rated_at=rating.rated_at,
        follow_up_code=follow_up_code,
    )


def case_brief(case: Case, customer_name: str | None, reader: Reader) -> CaseBrief:
    """Return the little of a case that a list of work shows."""
    return CaseBrief(
        code=case.code,
        department=case.department,
        department_label=reader.label(case.department),
        priority=case.priority.value,
        reason=case.reason,
        summary=case.summary,
        customer_name=customer_name,
        owner_name=reader.name(case.owner_id),
        opened_at=case.opened_at,
    )


def offer_item(offer: Offer, brief: CaseBrief, reader: Reader) -> OfferItem:
    """Return an offer with its case."""
    return OfferItem(**dict(offer_out(offer, reader)), case=brief)


def transfer_item(transfer: Transfer, brief: CaseBrief, reader: Reader) -> TransferItem:
    """Return a transfer with its case."""
    return TransferItem(**dict(transfer_out(transfer, reader)), case=brief)


def request_item(request: Request, brief: CaseBrief, reader: Reader) -> RequestItem:
    """Return a request with its case."""
    return RequestItem(**dict(request_out(request, brief.code, reader)), case=brief)


def approval_item(approval: Approval, brief: CaseBrief, reader: Reader) -> ApprovalItem:
    """Return an approval with its case."""
    return ApprovalItem(**dict(approval_out(approval, brief.code, reader)), case=brief)
