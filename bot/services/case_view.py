"""A case as its page shows it: the transcript, what hangs on it, and what a person should know before speaking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.approvals import Approval
from bot.domain.cases import Case
from bot.domain.conversations import Conversation
from bot.domain.feedback import Rating
from bot.domain.messages import Message
from bot.domain.offers import Offer
from bot.domain.promises import Promise
from bot.domain.requests import Request
from bot.domain.staff import StaffMember, may_see
from bot.domain.summaries import HandoffSummary
from bot.domain.transfers import Transfer
from bot.services.moves import Moves
from bot.services.ports import UnitOfWork
from bot.services.summaries import summary_of

HISTORY = timedelta(days=730)
"""How far back the customer's earlier cases are of use to whoever takes over."""


@dataclass(frozen=True, kw_only=True)
class CaseView:
    """A case as its page shows it.

    ``transcript`` holds the newest messages, oldest first, and of internal notes those of cases that the reader reads.
    ``offer`` and ``transfer`` are those that wait for an answer; requests and approvals are all there ever were.
    ``takes_part``: the reader may write notes.
    """

    case: Case
    conversation: Conversation
    transcript: Sequence[Message]
    promise: Promise | None
    others: Sequence[Case]
    staff_names: dict[int, str]
    summary: HandoffSummary
    offer: Offer | None
    transfer: Transfer | None
    requests: Sequence[Request]
    approvals: Sequence[Approval]
    rating: Rating | None
    follow_up_code: str | None
    takes_part: bool


class CaseViews:
    """Reads case pages."""

    def __init__(self, moves: Moves) -> None:
        self._moves = moves

    async def view(self, staff: StaffMember, code: str, *, before: int | None = None, limit: int = 100) -> CaseView:
        """Return a case with its transcript. Raises `Unknown` also where the person may not read it."""
        async with self._moves.store.read() as uow:
            case = await self._moves.sight.case(uow, staff, code)
            promise = await uow.promises.open_of(case.id)
            rating = await uow.ratings.of_case(case.id)
            transcript = await uow.messages.history(
                case.conversation_id,
                before=before,
                limit=limit,
                newest=True,
                notes_of=await self._moves.sight.readable(uow, staff, case.conversation_id),
            )
            known = await uow.cases.recent(case.customer_id, self._moves.clock.now() - HISTORY)
            earlier = [one for one, _ in known if one.id != case.id]
            return CaseView(
                case=case,
                conversation=await uow.conversations.get(case.conversation_id),
                transcript=transcript,
                promise=promise,
                others=[one for one in earlier if one.open and may_see(staff, one)],
                staff_names=await uow.staff.names(),
                summary=await summary_of(uow, case, transcript, earlier),
                offer=await uow.offers.open_of(case.id),
                transfer=await uow.transfers.asked_of(case.id),
                requests=await uow.requests.of_case(case.id),
                approvals=await uow.approvals.of_case(case.id),
                rating=rating,
                takes_part=await self._moves.sight.takes_part(uow, staff, case),
                follow_up_code=await _code_of(uow, rating.follow_up_case_id if rating else None),
            )


async def _code_of(uow: UnitOfWork, case_id: int | None) -> str | None:
    return (await uow.cases.get(case_id)).code if case_id is not None else None
