"""What waits for a person: offers, transfers to answer, requests to their departments, approvals to decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.approvals import Approval, may_decide, waits_for
from bot.domain.cases import Case
from bot.domain.offers import Offer
from bot.domain.requests import Request, RequestState
from bot.domain.staff import StaffMember
from bot.domain.transfers import Transfer
from bot.services.moves import Moves


@dataclass(frozen=True, kw_only=True)
class Inbox:
    """What waits for a person, each list most pressing first, with the cases it is about, by id.

    ``outgoing`` waits for others: the transfers that the person asked for. So do ``decidable``: approvals that somebody
    else is asked first, and that the person may decide too. ``names`` are customers' by case id.
    """

    offers: Sequence[Offer]
    transfers: Sequence[Transfer]
    requests: Sequence[Request]
    approvals: Sequence[Approval]
    outgoing: Sequence[Transfer]
    decidable: Sequence[Approval]
    cases: dict[int, Case]
    names: dict[int, str | None]
    staff_names: dict[int, str]


class Inboxes:
    """Reads inboxes."""

    def __init__(self, moves: Moves) -> None:
        self._moves = moves

    async def of(self, staff: StaffMember) -> Inbox:
        """Return what waits for a person. A request that a colleague took waits for that colleague alone."""
        async with self._moves.store.read() as uow:
            offers = await uow.offers.open_for(staff.id)
            incoming = await uow.transfers.incoming(staff.id, staff.desks)
            transfers = [one for one in incoming if staff.id not in one.said_no]
            outgoing = await uow.transfers.outgoing(staff.id)
            # Anybody of management answers what it is asked: only its cases are for those who lead.
            asked = await uow.requests.unsettled_in(staff.departments | staff.desks)
            requests = [one for one in asked if one.state is RequestState.OPEN or one.taken_by == staff.id]
            company = self._moves.company
            able = [one for one in await uow.approvals.pending() if may_decide(company, staff, one)]
            people = await uow.staff.people() if able else []
            approvals = [one for one in able if waits_for(company, people, staff, one)]
            linked: list[Offer | Transfer | Request | Approval] = [*offers, *transfers, *outgoing, *requests, *able]
            cases = await uow.cases.with_customers(sorted({one.case_id for one in linked}))
            return Inbox(
                offers=offers,
                transfers=transfers,
                requests=requests,
                approvals=approvals,
                outgoing=outgoing,
                decidable=[one for one in able if one not in approvals],
                cases={case_id: case for case_id, (case, _) in cases.items()},
                names={case_id: name for case_id, (_, name) in cases.items()},
                staff_names=await uow.staff.names(),
            )
