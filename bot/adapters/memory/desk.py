"""Requests, approvals and ratings in memory."""

from __future__ import annotations

from datetime import datetime

from bot.adapters.memory.data import Work
from bot.domain.approvals import Approval, ApprovalState, beside
from bot.domain.errors import Unknown
from bot.domain.feedback import Rating
from bot.domain.requests import Request, RequestState


class MemoryRequests:
    """See `bot.services.ports_desk.Requests`."""

    def __init__(self, work: Work) -> None:
        self._memory = work.memory
        self._journal = work.journal

    async def add(
        self, case_id: int, department: str, asked_by: int, text: str, asked_at: datetime, due_at: datetime
    ) -> Request:
        """Store an open request."""
        request = Request(
            id=self._memory.next_id("requests"),
            case_id=case_id,
            department=department,
            asked_by=asked_by,
            text=text,
            asked_at=asked_at,
            due_at=due_at,
        )
        self._memory.requests_of.add(self._journal, case_id, request.id)
        await self.save(request)
        return request

    async def get(self, request_id: int, *, lock: bool = False) -> Request:
        """Find by id."""
        found = self._memory.requests.get(request_id)
        if found is None:
            raise Unknown(f"request {request_id}")
        return found

    async def save(self, request: Request) -> None:
        """Store a change."""
        self._journal.put(self._memory.requests, request.id, request)
        if request.open:
            self._journal.put(self._memory.unsettled_requests, request.id, None)
        else:
            self._journal.drop(self._memory.unsettled_requests, request.id)

    async def unsettled_in(self, departments: frozenset[str] | None) -> list[Request]:
        """Find what departments owe."""
        return [one for one in self._unsettled() if departments is None or one.department in departments]

    async def unsettled_by(self, staff_id: int) -> list[Request]:
        """Find what a person owes."""
        return [one for one in self._unsettled() if one.state is RequestState.TAKEN and one.taken_by == staff_id]

    def _unsettled(self) -> list[Request]:
        found = [self._memory.requests[one] for one in self._memory.unsettled_requests]
        return sorted(found, key=lambda one: (one.due_at, one.id))

    async def of_case(self, case_id: int) -> list[Request]:
        """Find by case."""
        return [self._memory.requests[one] for one in self._memory.requests_of.of(case_id)]


class MemoryApprovals:
    """See `bot.services.ports_desk.Approvals`."""

    def __init__(self, work: Work) -> None:
        self._memory = work.memory
        self._journal = work.journal

    async def add(
        self,
        case_id: int,
        kind: str,
        amount: int | None,
        reason: str,
        asked_by: int,
        asked_at: datetime,
        due_at: datetime,
    ) -> Approval:
        """Store a pending approval."""
        approval = Approval(
            id=self._memory.next_id("approvals"),
            case_id=case_id,
            kind=kind,
            amount=amount,
            reason=reason,
            asked_by=asked_by,
            asked_at=asked_at,
            due_at=due_at,
        )
        self._memory.approvals_of.add(self._journal, case_id, approval.id)
        await self.save(approval)
        return self._beside(approval)

    async def get(self, approval_id: int, *, lock: bool = False) -> Approval:
        """Find by id."""
        found = self._memory.approvals.get(approval_id)
        if found is None:
            raise Unknown(f"approval {approval_id}")
        return self._beside(found)

    async def save(self, approval: Approval) -> None:
        """Store a change."""
        self._journal.put(self._memory.approvals, approval.id, approval)
        if approval.state is ApprovalState.PENDING:
            self._journal.put(self._memory.pending_approvals, approval.id, None)
        else:
            self._journal.drop(self._memory.pending_approvals, approval.id)

    async def pending(self) -> list[Approval]:
        """Find what is undecided."""
        found = [self._beside(self._memory.approvals[one]) for one in self._memory.pending_approvals]
        return sorted(found, key=lambda one: (one.due_at, one.id))

    async def of_case(self, case_id: int) -> list[Approval]:
        """Find by case."""
        return [self._beside(one) for one in self._of(case_id)]

    def _beside(self, approval: Approval) -> Approval:
        return beside(approval, self._of(approval.case_id), self._memory.cases[approval.case_id].owner_id)

    def _of(self, case_id: int) -> list[Approval]:
        return [self._memory.approvals[one] for one in self._memory.approvals_of.of(case_id)]


class MemoryRatings:
    """See `bot.services.ports_desk.Ratings`."""

    def __init__(self, work: Work) -> None:
        self._memory = work.memory
        self._journal = work.journal

    async def add(self, case_id: int, asked_at: datetime) -> Rating | None:
        """Store a question unless it was asked before."""
        if case_id in self._memory.case_ratings:
            return None
        rating = Rating(id=self._memory.next_id("ratings"), case_id=case_id, asked_at=asked_at)
        self._journal.put(self._memory.case_ratings, case_id, rating.id)
        await self.save(rating)
        return rating

    async def get(self, rating_id: int) -> Rating:
        """Find by id."""
        found = self._memory.ratings.get(rating_id)
        if found is None:
            raise Unknown(f"rating {rating_id}")
        return found

    async def of_case(self, case_id: int) -> Rating | None:
        """Find by case."""
        known = self._memory.case_ratings.get(case_id)
        return self._memory.ratings[known] if known is not None else None

    async def asked_in(self, conversation_id: int, since: datetime) -> Rating | None:
        """Find the newest of a conversation."""
        known = [self._memory.case_ratings.get(one) for one in self._memory.cases_in.of(conversation_id)]
        found = [self._memory.ratings[one] for one in known if one is not None]
        recent = [one for one in found if one.asked_at >= since]
        return max(recent, key=lambda one: (one.asked_at, one.id), default=None)

    async def save(self, rating: Rating) -> None:
        """Store a change."""
        self._journal.put(self._memory.ratings, rating.id, rating)
