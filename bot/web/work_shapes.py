"""The JSON shapes of what hangs on a case: offers, transfers, requests, approvals, a rating.

``*_name`` is what people read; an id without a name belongs to an account that is gone.
"""

from __future__ import annotations

from datetime import datetime

from bot.domain.approvals import ApprovalState
from bot.domain.offers import OfferState
from bot.domain.requests import RequestState
from bot.domain.transfers import TransferKind, TransferState
from bot.web.endpoint import Given


class OfferOut(Given):
    """A waiting case held out to one person until ``expires_at``."""

    id: int
    staff_id: int
    staff_name: str | None
    state: OfferState
    made_at: datetime
    expires_at: datetime
    reason: str


class TransferOut(Given):
    """A case that its owner wants to give away. Without ``to_staff_id`` anybody of the department may accept.

    ``note`` is what the giver wrote; ``reason`` is why it was declined or taken back. ``said_no`` are those of the
    department who cannot take it, while others still may.
    """

    id: int
    kind: TransferKind
    state: TransferState
    from_staff_id: int
    from_staff_name: str | None
    to_department: str
    to_department_label: str
    to_staff_id: int | None
    to_staff_name: str | None
    note: str
    asked_at: datetime
    expires_at: datetime
    settled_at: datetime | None
    settled_by: int | None
    settled_by_name: str | None
    reason: str
    said_no: list[int]


class RequestOut(Given):
    """A piece of work that a case asks of a department. ``answer`` is also the reason where it was declined."""

    id: int
    code: str
    department: str
    department_label: str
    asked_by: int
    asked_by_name: str | None
    text: str
    state: RequestState
    asked_at: datetime
    due_at: datetime
    taken_by: int | None
    taken_by_name: str | None
    answer: str
    settled_at: datetime | None
    slipped: bool


class GrantedOut(Given):
    """A sum in whole VND that was granted in the same case before."""

    amount: int
    by: int
    by_name: str | None
    at: datetime


class ApprovalOut(Given):
    """A decision that a case needs, in whole VND. ``asked_of`` is asked first; ``may_decide``: the reader may.

    ``earlier`` was granted of the same kind in the same case; limits hold for ``total``, which is that and this.
    """

    id: int
    code: str
    kind: str
    kind_label: str
    amount: int | None
    reason: str
    asked_by: int
    asked_by_name: str | None
    asked_of: int | None
    asked_of_name: str | None
    state: ApprovalState
    asked_at: datetime
    due_at: datetime
    decided_by: int | None
    decided_by_name: str | None
    decided_at: datetime | None
    note: str
    escalated_at: datetime | None
    earlier: list[GrantedOut]
    total: int
    may_decide: bool


class RatingOut(Given):
    """What the customer thought of it, 1 to 5; ``score`` is null until they say."""

    score: int | None
    words: str
    asked_at: datetime
    rated_at: datetime | None
    follow_up_code: str | None


class CaseBrief(Given):
    """Enough of a case to decide whether to take it."""

    code: str
    department: str
    department_label: str
    priority: str
    reason: str
    summary: str
    customer_name: str | None
    owner_name: str | None
    opened_at: datetime


class OfferItem(OfferOut):
    """An offer in the inbox."""

    case: CaseBrief


class TransferItem(TransferOut):
    """A transfer in the inbox."""

    case: CaseBrief


class RequestItem(RequestOut):
    """A request in a list."""

    case: CaseBrief


class ApprovalItem(ApprovalOut):
    """An approval in a list."""

    case: CaseBrief
