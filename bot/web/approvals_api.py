"""The doors of asking for a decision, and of deciding."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.domain.approvals import Approval
from bot.web.endpoint import Call, Door, Nothing, Who, door, reply
from bot.web.moves_in import ApproveIn, GrantIn, RefuseIn
from bot.web.paths import path_id
from bot.web.readers import code_and_reader, reader_of
from bot.web.render_moves import ApprovalList, ApprovalMade
from bot.web.render_work import approval_item, approval_out, case_brief
from bot.web.work_shapes import ApprovalOut

_ASKING = (401, 403, 404, 409, 422)


@door(
    "POST",
    "/api/cases/{code}/approve",
    who=Who.STAFF,
    body=ApproveIn,
    returns=ApprovalMade,
    status=201,
    errors=_ASKING,
    also=(200,),
)
async def approve(call: Call[ApproveIn, Nothing]) -> web.Response:
    """Ask for a decision on a case one owns; 200 where the same still waits, 409 where nobody else may decide."""
    body = call.body
    asked = await call.house.approving.ask(
        call.staff, call.code, kind=body.kind, amount=body.amount, reason=body.reason
    )
    shown = await _approval(call, asked.approval)
    made = ApprovalMade(**dict(shown), deciders=[one.name for one in asked.deciders])
    return reply(made, 201 if asked.new else 200)


@door("GET", "/api/approvals", who=Who.STAFF, returns=ApprovalList, errors=(401,))
async def approvals(call: Call[Nothing, Nothing]) -> ApprovalList:
    """List the approvals that wait and that one may decide or has asked for, the one due first at the head."""
    found = await call.house.approving.pending(call.staff)
    reader = await reader_of(call)
    return ApprovalList(
        approvals=[
            approval_item(one.approval, case_brief(one.case, one.customer_name, reader), reader) for one in found
        ]
    )


@door("POST", "/api/approvals/{id}/grant", who=Who.STAFF, body=GrantIn, returns=ApprovalOut, errors=_ASKING)
async def grant(call: Call[GrantIn, Nothing]) -> ApprovalOut:
    """Say yes, and the customer is told; 409 with the name of whoever decided first."""
    return await _approval(call, await call.house.approving.grant(call.staff, path_id(call), call.body.note))


@door("POST", "/api/approvals/{id}/refuse", who=Who.STAFF, body=RefuseIn, returns=ApprovalOut, errors=_ASKING)
async def refuse(call: Call[RefuseIn, Nothing]) -> ApprovalOut:
    """Say no, with a reason; the customer is told when they hear of another way."""
    return await _approval(call, await call.house.approving.refuse(call.staff, path_id(call), call.body.note))


async def _approval(call: Call[Any, Any], changed: Approval) -> ApprovalOut:
    code, reader = await code_and_reader(call, changed.case_id)
    return approval_out(changed, code, reader)


DOORS: tuple[Door, ...] = (approve, approvals, grant, refuse)
