"""The clock of requests: late ones slip, and the promise to the customer moves before it breaks."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.promises import PromiseState
from bot.domain.requests import Request, RequestState, look_at, request_due
from bot.services.duty import REQUEST_LEFT
from bot.services.moves import Moves, Opened
from bot.services.ports import QueueItem, QueueName
from bot.services.request_book import KIND, RequestBook, watched
from bot.services.timers import TimerHandler, not_before


class RequestKeeper:
    """Deals with the timers of requests."""

    def __init__(self, moves: Moves) -> None:
        self._moves = moves
        self._company = moves.company
        self._book = RequestBook(moves)

    @property
    def timers(self) -> dict[str, TimerHandler]:
        """The handlers of its timers, by kind."""
        return {KIND: self.due, REQUEST_LEFT: self.left}

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
            moment = look_at(request, watched(at.case, promise))
            if again := await not_before(uow, item, moment, at.now):
                return again
            await uow.queues.finish(QueueName.TIMERS, item.id)
            if request.due_at <= at.now:
                request = await self._slip(at, request)
            promise_due = await self._book.reach(at, request, PromiseState.RENEWED)
            await self._book.watch(at, request, promise_due)
            return None

    async def left(self, item: QueueItem) -> None:
        """Put a request back whose taker has gone, if it is still theirs."""
        async with self._moves.store.begin() as uow:
            seen = await uow.requests.get(int(item.body["request_id"]))
            at = await self._moves.locked(uow, await uow.cases.get(seen.case_id))
            request = await uow.requests.get(seen.id, lock=True)
            theirs = request.state is RequestState.TAKEN and request.taken_by == item.body["staff_id"]
            if await uow.queues.finish(QueueName.TIMERS, item.id) and theirs:
                await self._book.change(at, request.put_back(None), None, "put_back")

    async def _slip(self, at: Opened, request: Request) -> Request:
        department = self._company.departments.get(request.department)
        later = request_due(department, at.now, request.asked_at) if department else at.now + timedelta(hours=1)
        slipped = request.slipped_to(max(later, at.now + timedelta(minutes=1)), at.now)
        await at.uow.requests.save(slipped)
        label = self._moves.label(request.department)
        await self._moves.note(at, None, f"{label} chưa trả lời kịp yêu cầu: {request.text}")
        await self._moves.audit(at, None, "request.slipped", request_id=request.id, due_at=slipped.due_at.isoformat())
        await self._book.heard(at, slipped, leaders=True)
        return slipped
