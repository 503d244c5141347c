"""The JSON shapes of the doors."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.domain.cases import HOP_LIMIT, Case
from bot.domain.company import Company
from bot.domain.messages import Attachment, AttachmentState, Author, Direction, Message
from bot.domain.promises import PromiseKind
from bot.domain.staff import StaffMember
from bot.services.case_view import CaseView
from bot.services.ports_cases import CaseRow
from bot.web.endpoint import Given
from bot.web.render_summary import DeadlinesOut, SummaryOut, WaitOut, deadlines_out, summary_out, wait_out
from bot.web.render_work import Reader, approval_out, offer_out, rating_out, request_out, transfer_out
from bot.web.work_shapes import ApprovalOut, OfferOut, RatingOut, RequestOut, TransferOut


class ButtonOut(Given):
    """A choice; sending ``payload`` as a text message presses it."""

    title: str
    payload: str


class FileOut(Given):
    """A file of a message. ``url`` is absent until the file is here, or when it was refused."""

    id: int
    kind: str
    name: str
    mime: str
    size: int | None
    state: str
    url: str | None


class ChatMessage(Given):
    """A message as the visitor sees it. ``author`` is ``customer``, ``bot`` or ``staff``; ``name`` is the person's."""

    id: int
    author: str
    name: str | None
    kind: str
    text: str
    buttons: list[ButtonOut]
    files: list[FileOut]
    client_id: str | None
    delivery: str | None
    created_at: datetime


class DeskMessage(ChatMessage):
    """A message as staff see it; ``direction`` is ``internal`` for notes.

    ``written_by`` tells apart what a visitor need not: ``system`` from ``bot``, ``outside`` from ``staff``.
    """

    direction: str
    written_by: str
    delivery_error: str | None
    edited_at: datetime | None
    versions: list[str]
    case_id: int | None


class CaseOut(Given):
    """A case. ``call_at``: when its customer is called, while that is promised."""

    code: str
    department: str
    department_label: str
    wanted: str
    state: str
    priority: str
    reason: str
    summary: str
    collected: dict[str, Any]
    owner_id: int | None
    owner_name: str | None
    queue_number: int | None
    hops: int
    opened_at: datetime
    claimed_at: datetime | None
    replied_at: datetime | None
    resolved_at: datetime | None
    call_at: datetime | None


class CaseRowOut(CaseOut):
    """A case in a list. ``calling_at`` as in `CasePage`."""

    id: int
    customer_name: str | None
    channel: str
    due_at: datetime | None
    calling_at: datetime | None
    last_text: str
    last_at: datetime


class CaseList(Given):
    """A page of cases. ``next`` goes into ``before`` for the next page of resolved cases."""

    cases: list[CaseRowOut]
    next: int | None


class CasePage(Given):
    """A case with its transcript, newest messages, oldest first.

    ``offer`` and ``transfer`` are those that wait for an answer. ``hops_left``: how often it may still be passed on.
    ``promise_kind`` says what ``due_at`` means; ``calling_at``: since when the owner makes the call that was promised.
    ``takes_part``: the reader may write notes in it.
    """

    case: CaseOut
    conversation_id: int
    customer_name: str | None
    channel: str
    reachable: bool
    speaker: str
    speaker_id: int | None
    due_at: datetime | None
    promise_kind: PromiseKind | None
    calling_at: datetime | None
    others: list[CaseOut]
    messages: list[DeskMessage]
    summary: SummaryOut
    deadlines: DeadlinesOut | None
    wait: WaitOut | None
    offer: OfferOut | None
    transfer: TransferOut | None
    requests: list[RequestOut]
    approvals: list[ApprovalOut]
    rating: RatingOut | None
    hops_left: int
    takes_part: bool


def files(attachments: tuple[Attachment, ...], prefix: str) -> list[FileOut]:
    """Return the files of a message with addresses below ``prefix``."""
    return [
        FileOut(
            id=one.id,
            kind=one.kind.value,
            name=one.name,
            mime=one.mime,
            size=one.size,
            state=one.state.value,
            url=f"{prefix}/{one.id}" if one.state is AttachmentState.STORED else None,
        )
        for one in attachments
    ]


def _author(message: Message) -> str:
    match message.author:
        case Author.STAFF | Author.OUTSIDE:
            return "staff"
        case Author.CUSTOMER:
            return "customer"
        case Author.BOT | Author.SYSTEM:
            return "bot"


def chat_message(message: Message, names: Mapping[int, str]) -> ChatMessage:
    """Return what a visitor may see of a message; ``names`` are what customers call the staff members by."""
    return ChatMessage(**_shared(message, names, "/chat/api/files"))


def desk_message(message: Message, names: Mapping[int, str]) -> DeskMessage:
    """Return a message for staff."""
    return DeskMessage(
        **_shared(message, names, "/api/files"),
        direction=message.direction.value,
        written_by=message.author.value,
        delivery_error=message.delivery_error,
        edited_at=message.edited_at,
        versions=[str(one) for one in message.meta.get("versions", [])],
        case_id=message.case_id,
    )


def _shared(message: Message, names: Mapping[int, str], prefix: str) -> dict[str, Any]:
    return {
        "id": message.id,
        "author": _author(message),
        "name": names.get(message.staff_id) if message.staff_id is not None else None,
        "kind": message.kind.value,
        "text": message.text,
        "buttons": [ButtonOut(title=one.title, payload=one.payload) for one in message.buttons],
        "files": files(message.attachments, prefix),
        "client_id": message.client_id,
        "delivery": message.delivery.value if message.delivery and message.direction is Direction.OUTBOUND else None,
        "created_at": message.created_at,
    }


def case_out(case: Case, company: Company, names: Mapping[int, str], language: str = "vi") -> CaseOut:
    """Return a case with the names that people read."""
    return CaseOut(**case_fields(case, company, names, language))


def case_fields(case: Case, company: Company, names: Mapping[int, str], language: str) -> dict[str, Any]:
    """Return the fields of a `CaseOut`."""
    return {
        "code": case.code,
        "department": case.department,
        "department_label": company.label(case.department, language),
        "wanted": case.wanted,
        "state": case.state.value,
        "priority": case.priority.value,
        "reason": case.reason,
        "summary": case.summary,
        "collected": case.collected,
        "owner_id": case.owner_id,
        "owner_name": names.get(case.owner_id) if case.owner_id is not None else None,
        "queue_number": case.queue_number,
        "hops": case.hops,
        "opened_at": case.opened_at,
        "claimed_at": case.claimed_at,
        "replied_at": case.replied_at,
        "resolved_at": case.resolved_at,
        "call_at": case.call_at,
    }


def case_row(row: CaseRow, company: Company, language: str = "vi") -> CaseRowOut:
    """Return a line of a list."""
    names = {row.case.owner_id: row.owner_name} if row.case.owner_id is not None and row.owner_name else {}
    return CaseRowOut(
        **case_fields(row.case, company, names, language),
        id=row.case.id,
        customer_name=row.customer_name,
        channel=row.channel.value,
        due_at=row.due_at,
        calling_at=row.calling_at,
        last_text=row.last_text[:200],
        last_at=row.last_at,
    )


def case_page(view: CaseView, company: Company, staff: StaffMember, language: str = "vi") -> CasePage:
    """Return a case with everything its page shows to a person."""
    reader = Reader(company=company, names=view.staff_names, language=language, staff=staff)
    case = view.case
    return CasePage(
        case=case_out(case, company, view.staff_names, language),
        conversation_id=view.conversation.id,
        customer_name=view.conversation.customer_name,
        channel=view.conversation.channel.value,
        reachable=view.conversation.reachable,
        speaker=view.conversation.floor.speaker.value,
        speaker_id=view.conversation.floor.staff_id,
        due_at=view.promise.due_at if view.promise else None,
        promise_kind=view.promise.kind if view.promise else None,
        calling_at=view.promise.calling_since(case.claimed_at) if view.promise else None,
        others=[case_out(one, company, view.staff_names, language) for one in view.others],
        messages=[desk_message(one, view.staff_names) for one in view.transcript],
        summary=summary_out(view.summary, reader),
        deadlines=deadlines_out(case.sla) if case.sla is not None else None,
        wait=wait_out(case),
        offer=offer_out(view.offer, reader) if view.offer else None,
        transfer=transfer_out(view.transfer, reader) if view.transfer else None,
        requests=[request_out(one, case.code, reader) for one in view.requests],
        approvals=[approval_out(one, case.code, reader) for one in view.approvals],
        rating=rating_out(view.rating, view.follow_up_code) if view.rating else None,
        hops_left=max(HOP_LIMIT - case.hops, 0),
        takes_part=view.takes_part,
    )
