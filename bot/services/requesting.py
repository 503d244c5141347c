"""Asking the departments behind the desk: each request has a deadline of its own, its answer comes back to the case.

When a request slips, the promise to the customer moves before it breaks.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.cases import Case
from bot.domain.company import MANAGEMENT
from bot.domain.errors import NotPermitted, Unknown
from bot.domain.promises import Promise, PromiseKind, PromiseState
from bot.domain.requests import (
    Request,
    RequestState,
    checked_request,
    is_same,
    look_at,
    may_work_on,
    promise_after,
    request_due,
    require_askable,
)
from bot.domain.staff import StaffMember
from bot.domain.text import clean
from bot.services import texts_desk
from bot.services.duty import REQUEST_LEFT
from bot.services.moves import Moves, Opened
from bot.services.ports import QueueItem, QueueName
from bot.services.refusals import NotNow, NotYours
from bot.services.timers import TimerHandler

KIND = "request"
"""The kind of its timers and of its live events."""

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
    """Moves of whoever asks, of whoever is asked, and of the clock."""

    def __init__(self, moves: Moves) -> None:
        self._moves = moves
        self._company = moves.company

    @property
    def timers(self) -> dict[str, TimerHandler]:
        """The handlers of its timers, by kind."""
        return {KIND: self.due, REQUEST_LEFT: self.left}

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
            needed = self._needed(at, promise, due)
            dated = promise.due_at if needed is not None and _stays(promise) and promise is not None else None
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
            promise_due = await self._reach(at, made, PromiseState.CANCELLED, move_date=move_date)
            made = await self._watch(at, made, promise_due)
            await self._heard(at, made)
            return AskedRequest(request=made, new=True)

    async def cancel(self, staff: StaffMember, request_id: int) -> Request:
        """Take a request back: whoever asked, whoever has the case now, or somebody who leads."""
        async with self._opened(staff, request_id) as (at, request):
            if request.state is RequestState.CANCELLED:
                return request
            _require_open(request)
            try:
                cancelled = request.cancelled(staff, at.now, owner_id=at.case.owner_id)
            except NotPermitted as other:
                raise NotYours("Chỉ người hỏi hoặc người đang giữ phiếu huỷ được yêu cầu này.") from other
            return await self._settle(at, cancelled, staff, "cancelled")

    # --- whoever is asked ---------------------------------------------------------------------------------------------

    async def take(self, staff: StaffMember, request_id: int) -> Request:
        """Make a request one's own work; one's own again changes nothing.

        Raises:
            AlreadyTaken: a colleague was faster.
        """
        async with self._opened(staff, request_id, works=True) as (at, request):
            if request.taken_by == staff.id and request.open:
                return request
            _require_open(request)
            return await self._change(at, request.taken(staff), staff, "taken")

    async def put_back(self, staff: StaffMember, request_id: int) -> Request:
        """Give a request that one took, or that one leads, back to the whole department."""
        async with self._opened(staff, request_id, works=True) as (at, request):
            if request.state is RequestState.OPEN:
                return request
            _require_open(request)
            return await self._change(at, request.put_back(staff), staff, "put_back")

    async def answer(self, staff: StaffMember, request_id: int, text: str) -> Request:
        """Answer a request; the words come into the transcript of the case as an internal note.

        The same answer again changes nothing.
        """
        async with self._opened(staff, request_id, works=True) as (at, request):
            if _said_before(request, RequestState.ANSWERED, staff, text):
                return request
            _require_open(request)
            answered = request.answered(staff, text, at.now)
            await self._moves.note(at, staff, f"{self._moves.label(request.department)} trả lời: {answered.answer}")
            return await self._settle(at, answered, staff, "answered")

    async def decline(self, staff: StaffMember, request_id: int, reason: str) -> Request:
        """Say that the department cannot do it, and why, so that the asker finds another way."""
        async with self._opened(staff, request_id, works=True) as (at, request):
            if _said_before(request, RequestState.DECLINED, staff, reason):
                return request
            _require_open(request)
            declined = request.declined(staff, reason, at.now)
            label = self._moves.label(request.department)
            await self._moves.note(at, staff, f"{label} chưa làm được: {declined.answer}")
            return await self._settle(at, declined, staff, "declined")

    # --- the clock ----------------------------------------------------------------------------------------------------

    async def due(self, item: QueueItem) -> datetime | None:
        """Look whether a request is late, or would be too late for the customer's date; then that date moves first."""
        async with self._moves.store.begin() as uow:
            seen = await uow.requests.get(int(item.body["request_id"]))
            at = await self._moves.locked(uow, await uow.cases.get(seen.case_id))
            request = await uow.requests.get(seen.id, lock=True)
            if not request.open or request.timer_id != item.id:
                await uow.queues.finish(QueueName.TIMERS, item.id)
                return None
            promise = await uow.promises.open_of(at.case.id)
            moment = look_at(request, _watched(at.case, promise))
            if moment > at.now:
                again = max(moment, at.now + timedelta(seconds=1))
                await uow.queues.hold(QueueName.TIMERS, item.id, again)
                return again
            await uow.queues.finish(QueueName.TIMERS, item.id)
            if request.due_at <= at.now:
                request = await self._slip(at, request)
            promise_due = await self._reach(at, request, PromiseState.RENEWED)
            await self._watch(at, request, promise_due)
            return None

    async def left(self, item: QueueItem) -> None:
        """Put a request back whose taker has gone, if it is still theirs."""
        async with self._moves.store.begin() as uow:
            seen = await uow.requests.get(int(item.body["request_id"]))
            at = await self._moves.locked(uow, await uow.cases.get(seen.case_id))
            request = await uow.requests.get(seen.id, lock=True)
            theirs = request.state is RequestState.TAKEN and request.taken_by == item.body["staff_id"]
            if await uow.queues.finish(QueueName.TIMERS, item.id) and theirs:
                await self._change(at, request.put_back(None), None, "put_back")

    async def _slip(self, at: Opened, request: Request) -> Request:
        department = self._company.departments.get(request.department)
        later = request_due(department, at.now) if department else at.now + timedelta(hours=1)
        slipped = request.slipped_to(max(later, at.now + timedelta(minutes=1)), at.now)
        await at.uow.requests.save(slipped)
        label = self._moves.label(request.department)
        await self._moves.note(at, None, f"{label} chưa trả lời kịp yêu cầu: {request.text}")
        await self._moves.audit(at, None, "request.slipped", request_id=request.id, due_at=slipped.due_at.isoformat())
        await self._heard(at, slipped, leaders=True)
        return slipped

    # --- steps --------------------------------------------------------------------------------------------------------

    def _needed(self, at: Opened, promise: Promise | None, due: datetime) -> datetime | None:
        """Return to when the customer's date would have to move for an answer that is due then."""
        # The hour of a call is the customer's, whatever a colleague still has to find out by then.
        if at.case.call_at is not None:
            return None
        front = self._company.department_or_reception(at.case.department)
        return promise_after(front, promise.due_at if promise else at.now, due)

    async def _reach(
        self, at: Opened, request: Request, ends_as: PromiseState, *, move_date: bool = False
    ) -> datetime | None:
        """Move the customer's date to where the answer can reach it, say so, and return the date to look before.

        A date that a person gave stays unless they want it moved: its owner is reminded, and the clock leaves it alone.
        """
        promise = await at.uow.promises.open_of(at.case.id)
        if _stays(promise) and not move_date:
            return None
        needed = self._needed(at, promise, request.due_at)
        if needed is None:
            return _watched(at.case, promise)
        if promise is not None:
            await self._moves.promises.settle(at.uow, at.case, ends_as, at.now)
        kind = promise.kind if promise is not None else PromiseKind.ANSWER
        await self._moves.promises.promise(at.uow, at.case, needed, at.now, kind)
        instead = self._moves.promises.say_instead(promise, at.now, at.language)
        say = texts_desk.asking_longer if ends_as is PromiseState.RENEWED else texts_desk.asking_inside
        text = say(
            department=self._moves.label(request.department, at.language),
            code=at.case.code,
            due=self._moves.moment(at, needed),
            language=at.language,
            instead=instead,
        )
        await self._moves.tell(at, at.case, text)
        return None if kind is PromiseKind.DATE else needed

    async def _watch(self, at: Opened, request: Request, promise_due: datetime | None) -> Request:
        """Set the timer of a request, in place of one that is over."""
        moment = max(look_at(request, promise_due), at.now + timedelta(seconds=1))
        timer = await at.uow.queues.set_timer({"kind": KIND, "request_id": request.id}, moment)
        watched = replace(request, timer_id=timer)
        await at.uow.requests.save(watched)
        return watched

    @asynccontextmanager
    async def _opened(
        self, staff: StaffMember, request_id: int, *, works: bool = False
    ) -> AsyncIterator[tuple[Opened, Request]]:
        """Lock conversation, case and request. Raises `Unknown` where the person may know of no such request."""
        async with self._moves.store.begin() as uow:
            seen = await uow.requests.get(request_id)
            case = await uow.cases.get(seen.case_id)
            theirs = may_work_on(staff, seen)
            if not theirs and (works or not await self._moves.sight.reads(uow, staff, case)):
                raise Unknown(f"request {request_id}")
            at = await self._moves.locked(uow, case)
            yield at, await uow.requests.get(request_id, lock=True)

    async def _settle(self, at: Opened, request: Request, staff: StaffMember, action: str) -> Request:
        if request.timer_id is not None:
            await at.uow.queues.finish(QueueName.TIMERS, request.timer_id)
        return await self._change(at, request, staff, action)

    async def _change(self, at: Opened, request: Request, staff: StaffMember | None, action: str) -> Request:
        await at.uow.requests.save(request)
        await self._moves.audit(at, staff, f"request.{action}", request_id=request.id)
        await self._heard(at, request)
        return request

    async def _heard(self, at: Opened, request: Request, *, leaders: bool = False) -> None:
        await self._moves.notify(
            at,
            KIND,
            people=(request.asked_by, request.taken_by, at.case.owner_id),
            departments=(request.department, *((MANAGEMENT,) if leaders else ())),
            request_id=request.id,
            state=request.state.value,
            slipped=request.slipped,
        )


def _stays(promise: Promise | None) -> bool:
    """Tell whether a date is one that a person gave: a request does not move it by itself."""
    return promise is not None and promise.kind is PromiseKind.DATE


def _watched(case: Case, promise: Promise | None) -> datetime | None:
    """Return the date that a request moves by itself, and so is looked at before: the house's own, and no call."""
    if promise is None or promise.kind is not PromiseKind.ANSWER or case.call_at is not None:
        return None
    return promise.due_at


def _said_before(request: Request, state: RequestState, staff: StaffMember, text: str) -> bool:
    """Tell whether a person says again, word for word, what settled a request."""
    return request.state is state and request.taken_by == staff.id and request.answer == clean(text)


def _require_open(request: Request) -> None:
    if not request.open:
        raise NotNow(_SETTLED[request.state])
