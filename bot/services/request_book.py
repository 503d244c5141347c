"""What is written down of a request, what it does to the customer's date, and who hears of it, whoever moves it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.cases import Case
from bot.domain.company import MANAGEMENT
from bot.domain.errors import Unknown
from bot.domain.promises import Promise, PromiseKind, PromiseState
from bot.domain.requests import Request, look_at, may_work_on, promise_after
from bot.domain.staff import StaffMember
from bot.services import texts_desk
from bot.services.moves import Moves, Opened
from bot.services.ports import QueueName

KIND = "request"
"""The kind of its timers and of its live events."""


class RequestBook:
    """Writes requests down, and moves the customer's date to where their answers can reach it."""

    def __init__(self, moves: Moves) -> None:
        self._moves = moves
        self._company = moves.company

    @asynccontextmanager
    async def opened(
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

    def needed(self, at: Opened, promise: Promise | None, due: datetime) -> datetime | None:
        """Return to when the customer's date would have to move for an answer that is due then."""
        # The hour of a call is the customer's, whatever a colleague still has to find out by then.
        if at.case.call_at is not None:
            return None
        front = self._company.department_or_reception(at.case.department)
        return promise_after(front, promise.due_at if promise else at.now, due)

    async def reach(
        self, at: Opened, request: Request, ends_as: PromiseState, *, move_date: bool = False
    ) -> datetime | None:
        """Move the customer's date to where the answer can reach it, say so, and return the date to look before.

        A date that a person gave stays unless they want it moved: its owner is reminded, and the clock leaves it alone.
        """
        promise = await at.uow.promises.open_of(at.case.id)
        if stays(promise) and not move_date:
            return None
        needed = self.needed(at, promise, request.due_at)
        if needed is None:
            return watched(at.case, promise)
        if promise is not None:
            await self._moves.promises.settle(at.uow, at.case, ends_as, at.now)
        kind = promise.kind if promise is not None else PromiseKind.ANSWER
        await self._moves.promises.promise(at.uow, at.case, needed, at.now, kind)
        instead = self._moves.promises.say_instead(promise, needed, at.now, at.language)
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

    async def watch(self, at: Opened, request: Request, promise_due: datetime | None) -> Request:
        """Set the timer of a request, in place of one that is over."""
        moment = max(look_at(request, promise_due), at.now + timedelta(seconds=1))
        timer = await at.uow.queues.set_timer({"kind": KIND, "request_id": request.id}, moment)
        request = replace(request, timer_id=timer)
        await at.uow.requests.save(request)
        return request

    async def settle(self, at: Opened, request: Request, staff: StaffMember, action: str) -> Request:
        """Store how a request ended, and end its timer with it."""
        if request.timer_id is not None:
            await at.uow.queues.finish(QueueName.TIMERS, request.timer_id)
        return await self.change(at, request, staff, action)

    async def change(self, at: Opened, request: Request, staff: StaffMember | None, action: str) -> Request:
        """Store a changed request, with its line of audit (``None``: the clock did it) and its word to the consoles."""
        await at.uow.requests.save(request)
        await self._moves.audit(at, staff, f"request.{action}", request_id=request.id)
        await self.heard(at, request)
        return request

    async def heard(self, at: Opened, request: Request, *, leaders: bool = False) -> None:
        """Tell whoever asked, whoever has it, the owner of the case, and the department; those who lead where meant."""
        await self._moves.notify(
            at,
            KIND,
            people=(request.asked_by, request.taken_by, at.case.owner_id),
            departments=(request.department, *((MANAGEMENT,) if leaders else ())),
            request_id=request.id,
            state=request.state.value,
            slipped=request.slipped,
        )


def stays(promise: Promise | None) -> bool:
    """Tell whether a date is one that a person gave: a request does not move it by itself."""
    return promise is not None and promise.kind is PromiseKind.DATE


def watched(case: Case, promise: Promise | None) -> datetime | None:
    """Return the date that a request moves by itself, and so is looked at before: the house's own, and no call."""
    if promise is None or promise.kind is not PromiseKind.ANSWER or case.call_at is not None:
        return None
    return promise.due_at
