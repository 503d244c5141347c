"""The JSON shapes of what the desk's moves answer, and of the lists of work."""

from __future__ import annotations

from datetime import datetime

from bot.services.transferring import TransferOutcome
from bot.web.endpoint import Given
from bot.web.render import CaseOut
from bot.web.work_shapes import ApprovalItem, ApprovalOut, OfferItem, RequestItem, TransferItem, TransferOut


class PromisePreviewOut(Given):
    """What a date would mean: the sentence for the customer, and whether the department is ``closed`` at that time.

    ``holiday`` is the name of the day where that is why.
    """

    said: str
    closed: bool
    holiday: str | None


class TransferMade(CaseOut):
    """The case as it is now, and what became of giving it away. ``told`` says it in one sentence, in Vietnamese.

    ``to_management``: its hops were used up, so it went to those who lead instead.
    """

    outcome: TransferOutcome
    transfer: TransferOut | None
    told: str
    to_management: bool


class ApprovalMade(ApprovalOut):
    """An asked approval. ``deciders`` are the names of those who may say yes, whoever is asked first at the head."""

    deciders: list[str]


class RequestPreviewOut(Given):
    """When the answer would be due. ``date_at`` is set where it comes too late for a date that a person gave.

    ``needed_at`` is where that date would move.
    """

    due_at: datetime
    date_at: datetime | None
    needed_at: datetime | None


class RequestList(Given):
    """Requests that wait, the one due first at the head."""

    requests: list[RequestItem]


class ApprovalList(Given):
    """Approvals that wait and that the reader may decide or has asked for, the one due first at the head."""

    approvals: list[ApprovalItem]


class InboxCounts(Given):
    """How many things wait for the reader. ``total`` is the sum."""

    offers: int
    transfers: int
    requests: int
    approvals: int
    total: int


class Inbox(Given):
    """What waits for the reader: offers, transfers to answer, requests to their departments, approvals to decide.

    ``outgoing`` are the transfers that they themselves asked for and that nobody has answered; ``decidable`` are the
    approvals that somebody else is asked first and that the reader may decide too. Neither is counted.
    """

    offers: list[OfferItem]
    transfers: list[TransferItem]
    requests: list[RequestItem]
    approvals: list[ApprovalItem]
    outgoing: list[TransferItem]
    decidable: list[ApprovalItem]
    counts: InboxCounts
