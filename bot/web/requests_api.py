"""The doors of asking a department behind the desk, and of answering it."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.domain.errors import Invalid
from bot.domain.requests import Request, RequestState
from bot.web.endpoint import Call, Door, Nothing, Who, door, reply
from bot.web.moves_in import AnswerIn, DeclineIn, RequestIn, RequestPreviewIn, RequestsIn
from bot.web.paths import path_id
from bot.web.readers import code_and_reader, reader_of
from bot.web.render_moves import RequestList, RequestPreviewOut
from bot.web.render_work import case_brief, request_item, request_out
from bot.web.work_shapes import RequestOut

_MOVE = (401, 403, 404, 409)
_ASKING = (401, 403, 404, 409, 422)


@door(
    "POST",
    "/api/cases/{code}/request",
    who=Who.STAFF,
    body=RequestIn,
    returns=RequestOut,
    status=201,
    errors=_ASKING,
    also=(200,),
)
async def request(call: Call[RequestIn, Nothing]) -> web.Response:
    """Ask a department for something for a case one owns; 200 with the first one where the same still waits."""
    body = call.body
    asked = await call.house.requesting.ask(call.staff, call.code, body.department, body.text, move_date=body.move_date)
    return reply(await _request(call, asked.request), 201 if asked.new else 200)


@door(
    "POST",
    "/api/cases/{code}/request-preview",
    who=Who.STAFF,
    body=RequestPreviewIn,
    returns=RequestPreviewOut,
    errors=_ASKING,
)
async def request_preview(call: Call[RequestPreviewIn, Nothing]) -> RequestPreviewOut:
    """Return when a department would owe its answer, and which date given by a person comes too early for it."""
    seen = await call.house.requesting.preview(call.staff, call.code, call.body.department)
    return RequestPreviewOut(due_at=seen.due_at, date_at=seen.date_at, needed_at=seen.needed_at)


@door("GET", "/api/requests", who=Who.STAFF, query=RequestsIn, returns=RequestList, errors=(401, 422))
async def requests(call: Call[Nothing, RequestsIn]) -> RequestList:
    """List the requests that wait for one's departments, the one due first at the head."""
    query = call.query
    if query.department is not None and query.department not in call.house.company.departments:
        raise Invalid("department", "Không có bộ phận này.")
    state = RequestState(query.state) if query.state is not None else None
    found = await call.house.requesting.unsettled(call.staff, department=query.department, state=state)
    reader = await reader_of(call)
    return RequestList(
        requests=[request_item(one.request, case_brief(one.case, one.customer_name, reader), reader) for one in found]
    )


@door("POST", "/api/requests/{id}/take", who=Who.STAFF, returns=RequestOut, errors=_MOVE)
async def take_request(call: Call[Nothing, Nothing]) -> RequestOut:
    """Make a request one's own work; 409 with the winner's name when someone was faster."""
    return await _request(call, await call.house.requesting.take(call.staff, path_id(call)))


@door("POST", "/api/requests/{id}/answer", who=Who.STAFF, body=AnswerIn, returns=RequestOut, errors=_ASKING)
async def answer_request(call: Call[AnswerIn, Nothing]) -> RequestOut:
    """Answer a request; the words come into the case as an internal note."""
    return await _request(call, await call.house.requesting.answer(call.staff, path_id(call), call.body.text))


@door("POST", "/api/requests/{id}/decline", who=Who.STAFF, body=DeclineIn, returns=RequestOut, errors=_ASKING)
async def decline_request(call: Call[DeclineIn, Nothing]) -> RequestOut:
    """Say that the department cannot do it, and why."""
    return await _request(call, await call.house.requesting.decline(call.staff, path_id(call), call.body.reason))


@door("POST", "/api/requests/{id}/put-back", who=Who.STAFF, returns=RequestOut, errors=_MOVE)
async def put_back_request(call: Call[Nothing, Nothing]) -> RequestOut:
    """Give a request that one took back to the whole department."""
    return await _request(call, await call.house.requesting.put_back(call.staff, path_id(call)))


@door("POST", "/api/requests/{id}/cancel", who=Who.STAFF, returns=RequestOut, errors=_MOVE)
async def cancel_request(call: Call[Nothing, Nothing]) -> RequestOut:
    """Take a request back: whoever asked, whoever has the case, or somebody who leads."""
    return await _request(call, await call.house.requesting.cancel(call.staff, path_id(call)))


async def _request(call: Call[Any, Any], changed: Request) -> RequestOut:
    code, reader = await code_and_reader(call, changed.case_id)
    return request_out(changed, code, reader)


DOORS: tuple[Door, ...] = (
    request,
    request_preview,
    requests,
    take_request,
    answer_request,
    decline_request,
    put_back_request,
    cancel_request,
)
