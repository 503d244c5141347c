"""Asking the departments behind the desk: each request has a deadline of its own, its answer comes back to the case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.cases import Case
from bot.domain.errors import NotPermitted
from bot.domain.promises import PromiseState
from bot.domain.requests import (
    Request,
    RequestState,
    checked_request,
    is_same,
    request_due,
    require_askable,
)
from bot.domain.staff import StaffMember
from bot.domain.text import clean
from bot.services.moves import Moves
from bot.services.refusals import NotNow, NotYours
from bot.services.request_book import RequestBook, stays

LISTED = 100
"""So many are listed, the ones due first; whoever has more of them than that looks by department."""

_SETTLED = {
    RequestState.ANSWERED: "Yêu cầu này đã được trả lời.",
    RequestState.DECLINED: "Yêu cầu này đã được báo là chưa làm được.",
    RequestState.CANCELLED: "Yêu cầu này đã được huỷ.",
}


@dataclass(frozen=True, kw_only=True)
class Work:
    """A request with the case that asks for it, and its customer's name."""

    request: Request
    case: Case
    customer_name: str | None


@dataclass(frozen=True, kw_only=True)
class AskedRequest:
    """A request that was made; ``new`` is false where the same had been asked before and still waits."""

    request: Request
    new: bool


@dataclass(frozen=True, kw_only=True)
class RequestPreview:
    """When a department owes its answer; ``date_at`` is a date that a person gave and that comes too early for it.

    ``needed_at`` is where that one would move.
    """

    due_at: datetime
    date_at: datetime | None
    needed_at: datetime | None


class Requesting:
    """Moves of whoever asks, and of whoever is asked."""

    def __init__(self, moves: Moves) -> None:
        self._moves = moves
        self._company = moves.company
        self._book = RequestBook(moves)

    # --- reading ------------------------------------------------------------------------------------------------------

    async def unsettled(
        self, staff: StaffMember, *, department: str | None = None, state: RequestState | None = None
    ) -> list[Work]:
        """Return what waits for the person's departments (for those who lead: for any), due first at the head.

        Those of a department that is not theirs are none.
        """
        wanted = None if staff.leads else staff.departments
        if department is not None:
            wanted = frozenset({department}) if staff.leads or department in staff.departments else frozenset()
        async with self._moves.store.read() as uow:
            found = [one for one in await uow.requests.unsettled_in(wanted) if state is None or one.state is state]
            shown = found[:LISTED]
            cases = await uow.cases.with_customers([one.case_id for one in shown])
        return [
            Work(request=one, case=case, customer_name=name) for one in shown for case, name in [cases[one.case_id]]
        ]

    # --- whoever asks -------------------------------------------------------------------------------------------------

    async def preview(self, staff: StaffMember, code: str, department: str) -> RequestPreview:
        """Return what asking a department would mean for the customer's date; nothing is asked. Raises as `ask`."""
        async with self._moves.looked_at(staff, code) as at:
            require_askable(self._company, at.case, asker=staff, department=department)
            due = request_due(self._company.department(department), at.now)
            promise = await at.uow.promises.open_of(at.case.id)
            needed = self._book.needed(at, promise, due)
            dated = promise.due_at if needed is not None and stays(promise) and promise is not None else None
            return RequestPreview(due_at=due, date_at=dated, needed_at=needed if dated is not None else None)

    async def ask(
        self, staff: StaffMember, code: str, department: str, text: str, *, move_date: bool = False
    ) -> AskedRequest:
        """Ask a department for something on behalf of a case one owns; asked twice while open, by whomever, it is one.

        The customer gets a date that the answer can reach, where the house's was too early or there was none. One that
        a person gave moves only where the asker says so (``move_date``).
        """
        async with self._moves.opened(staff, code) as at:
            words = checked_request(self._company, at.case, asker=staff, department=department, text=text)
            for known in await at.uow.requests.of_case(at.case.id):
                if is_same(known, department, words):
                    return AskedRequest(request=known, new=False)
            due = request_due(self._company.department(department), at.now)
            made = await at.uow.requests.add(at.case.id, department, staff.id, words, at.now, due)
            await self._moves.note(at, staff, f"Hỏi {self._moves.label(department)}: {words}")
            detail = {"request_id": made.id, "to": department, "due_at": due.isoformat()}
            await self._moves.audit(at, staff, "case.request", **detail)
            promise_due = await self._book.reach(at, made, PromiseState.CANCELLED, move_date=move_date)
            made = await self._book.watch(at, made, promise_due)
            await self._book.heard(at, made)
            return AskedRequest(request=made, new=True)

    async def cancel(self, staff: StaffMember, request_id: int) -> Request:
        """Take a request back: whoever asked, whoever has the case now, or somebody who leads."""
        async with self._book.opened(staff, request_id) as (at, request):
            if request.state is RequestState.CANCELLED:
                return request
            _require_open(request)
            try:
                cancelled = request.cancelled(staff, at.now, owner_id=at.case.owner_id)
            except NotPermitted as other:
                raise NotYours("Chỉ người hỏi hoặc người đang giữ phiếu huỷ được yêu cầu này.") from other
            return await self._book.settle(at, cancelled, staff, "cancelled")

    # --- whoever is asked ---------------------------------------------------------------------------------------------

    async def take(self, staff: StaffMember, request_id: int) -> Request:
        """Make a request one's own work; one's own again changes nothing.

        Raises:
            AlreadyTaken: a colleague was faster.
        """
        async with self._book.opened(staff, request_id, works=True) as (at, request):
            if request.taken_by == staff.id and request.open:
                return request
            _require_open(request)
            return await self._book.change(at, request.taken(staff), staff, "taken")

    async def put_back(self, staff: StaffMember, request_id: int) -> Request:
        """Give a request that one took, or that one leads, back to the whole department."""
        async with self._book.opened(staff, request_id, works=True) as (at, request):
            if request.state is RequestState.OPEN:
                return request
            _require_open(request)
            return await self._book.change(at, request.put_back(staff), staff, "put_back")

    async def answer(self, staff: StaffMember, request_id: int, text: str) -> Request:
        """Answer a request; the words come into the transcript of the case as an internal note.

        The same answer again changes nothing.
        """
        async with self._book.opened(staff, request_id, works=True) as (at, request):
            if _said_before(request, RequestState.ANSWERED, staff, text):
                return request
            _require_open(request)
            answered = request.answered(staff, text, at.now)
            await self._moves.note(at, staff, f"{self._moves.label(request.department)} trả lời: {answered.answer}")
            return await self._book.settle(at, answered, staff, "answered")

    async def decline(self, staff: StaffMember, request_id: int, reason: str) -> Request:
        """Say that the department cannot do it, and why, so that the asker finds another way."""
        async with self._book.opened(staff, request_id, works=True) as (at, request):
            if _said_before(request, RequestState.DECLINED, staff, reason):
                return request
            _require_open(request)
            declined = request.declined(staff, reason, at.now)
            label = self._moves.label(request.department)
            await self._moves.note(at, staff, f"{label} chưa làm được: {declined.answer}")
            return await self._book.settle(at, declined, staff, "declined")


def _said_before(request: Request, state: RequestState, staff: StaffMember, text: str) -> bool:
    """Tell whether a person says again, word for word, what settled a request."""
    return request.state is state and request.taken_by == staff.id and request.answer == clean(text)


def _require_open(request: Request) -> None:
    if not request.open:
        raise NotNow(_SETTLED[request.state])
