"""The door of what waits for the person who knocks."""

from __future__ import annotations

from bot.web.endpoint import Call, Door, Nothing, Who, door
from bot.web.render_moves import Inbox, InboxCounts
from bot.web.render_work import Reader, approval_item, case_brief, offer_item, request_item, transfer_item
from bot.web.work_shapes import CaseBrief


@door("GET", "/api/inbox", who=Who.STAFF, returns=Inbox, errors=(401,))
async def inbox(call: Call[Nothing, Nothing]) -> Inbox:
    """Return what waits for one: offers, transfers to answer, requests to one's departments, approvals to decide."""
    found = await call.house.inboxes.of(call.staff)
    reader = Reader(company=call.house.company, names=found.staff_names, language=call.query_language, staff=call.staff)

    def brief(case_id: int) -> CaseBrief:
        return case_brief(found.cases[case_id], found.names[case_id], reader)

    lists = (found.offers, found.transfers, found.requests, found.approvals)
    return Inbox(
        offers=[offer_item(one, brief(one.case_id), reader) for one in found.offers],
        transfers=[transfer_item(one, brief(one.case_id), reader) for one in found.transfers],
        requests=[request_item(one, brief(one.case_id), reader) for one in found.requests],
        approvals=[approval_item(one, brief(one.case_id), reader) for one in found.approvals],
        outgoing=[transfer_item(one, brief(one.case_id), reader) for one in found.outgoing],
        decidable=[approval_item(one, brief(one.case_id), reader) for one in found.decidable],
        counts=InboxCounts(
            offers=len(found.offers),
            transfers=len(found.transfers),
            requests=len(found.requests),
            approvals=len(found.approvals),
            total=sum(len(one) for one in lists),
        ),
    )


DOORS: tuple[Door, ...] = (inbox,)
