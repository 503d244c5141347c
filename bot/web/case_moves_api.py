"""The doors of what staff members do with a case: take it, give it away, end it. Speaking is in `case_words_api`."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.domain.cases import Case
from bot.domain.transfers import TransferKind
from bot.services.transferring import Given
from bot.web.endpoint import Call, Door, Nothing, Who, door, reply
from bot.web.moves_in import DeclineIn, IntroduceIn, PromiseIn, ResolveIn, TransferIn
from bot.web.readers import reader_of
from bot.web.render import CaseOut, case_fields, case_out
from bot.web.render_moves import PromisePreviewOut, TransferMade
from bot.web.render_work import transfer_out

_MOVE = (401, 403, 404, 409)
_ASKING = (401, 403, 404, 409, 422)


@door("POST", "/api/cases/{code}/claim", who=Who.STAFF, returns=CaseOut, errors=_MOVE)
async def claim(call: Call[Nothing, Nothing]) -> CaseOut:
    """Take a waiting case; 409 with the winner's name when someone was faster."""
    return await _case(call, await call.house.desk.claim(call.staff, call.code))


@door("POST", "/api/cases/{code}/step-in", who=Who.STAFF, returns=CaseOut, errors=_MOVE)
async def step_in(call: Call[Nothing, Nothing]) -> CaseOut:
    """Take a case from whoever has it (managers and admins)."""
    return await _case(call, await call.house.desk.step_in(call.staff, call.code))


@door("POST", "/api/cases/{code}/accept", who=Who.STAFF, returns=CaseOut, errors=_MOVE)
async def accept(call: Call[Nothing, Nothing]) -> CaseOut:
    """Take a case that is being given or offered to one; 409 with the winner's name when someone was faster."""
    return await _case(call, await call.house.answering.accept(call.staff, call.code))


@door("POST", "/api/cases/{code}/decline", who=Who.STAFF, body=DeclineIn, returns=CaseOut, errors=_ASKING)
async def decline(call: Call[DeclineIn, Nothing]) -> CaseOut:
    """Say no, with a reason, to a case that is being given or offered to one."""
    return await _case(call, await call.house.answering.decline(call.staff, call.code, call.body.reason))


@door(
    "POST",
    "/api/cases/{code}/transfer",
    who=Who.STAFF,
    body=TransferIn,
    returns=TransferMade,
    status=201,
    also=(200,),
    errors=_ASKING,
)
async def transfer(call: Call[TransferIn, Nothing]) -> web.Response:
    """Give a case to a person or a department; 201 when somebody is asked now, else 200."""
    body = call.body
    given = await call.house.transferring.give(
        call.staff,
        call.code,
        note=body.note,
        department=body.department,
        staff_id=body.staff_id,
        kind=TransferKind(body.kind),
    )
    return await _given(call, given)


@door(
    "POST",
    "/api/cases/{code}/introduce",
    who=Who.STAFF,
    body=IntroduceIn,
    returns=TransferMade,
    status=201,
    also=(200,),
    errors=_ASKING,
)
async def introduce(call: Call[IntroduceIn, Nothing]) -> web.Response:
    """Bring a colleague of the back office into the conversation; they take the case over, introduced by name.

    From behind the front office it is passing on, and uses up a hop.
    """
    body = call.body
    given = await call.house.transferring.introduce(call.staff, call.code, staff_id=body.staff_id, note=body.note)
    return await _given(call, given)


@door("POST", "/api/cases/{code}/cancel-transfer", who=Who.STAFF, returns=CaseOut, errors=_MOVE)
async def cancel_transfer(call: Call[Nothing, Nothing]) -> CaseOut:
    """Take back a transfer that nobody has answered."""
    return await _case(call, await call.house.transferring.cancel(call.staff, call.code))


@door("POST", "/api/cases/{code}/promise", who=Who.STAFF, body=PromiseIn, returns=CaseOut, errors=_ASKING)
async def promise(call: Call[PromiseIn, Nothing]) -> CaseOut:
    """Promise an answer by a date, or a call; it ends only as kept, by another date, or with the case.

    409 ``closed_then`` where the department is closed at that time, unless it is ``confirmed``.
    """
    promise = call.house.calling.promise if call.body.call else call.house.promising.promise
    return await _case(call, await promise(call.staff, call.code, call.body.due_at, confirmed=call.body.confirmed))


@door(
    "POST",
    "/api/cases/{code}/promise-preview",
    who=Who.STAFF,
    body=PromiseIn,
    returns=PromisePreviewOut,
    errors=_ASKING,
)
async def promise_preview(call: Call[PromiseIn, Nothing]) -> PromisePreviewOut:
    """Return what the customer would read, and whether the department is closed at that time; nothing is promised."""
    seen = await call.house.promising.preview(call.staff, call.code, call.body.due_at, call=call.body.call)
    return PromisePreviewOut(said=seen.said, closed=seen.closed, holiday=seen.holiday)


@door("POST", "/api/cases/{code}/promise-kept", who=Who.STAFF, returns=CaseOut, errors=_MOVE)
async def promise_kept(call: Call[Nothing, Nothing]) -> CaseOut:
    """Note that what a date was given for is done; 409 where no date that a person chose is open."""
    return await _case(call, await call.house.promising.kept(call.staff, call.code))


@door("POST", "/api/cases/{code}/resolve", who=Who.STAFF, body=ResolveIn, returns=CaseOut, errors=_ASKING)
async def resolve(call: Call[ResolveIn, Nothing]) -> CaseOut:
    """End a case one owns and give the floor back; 409 when nobody answered, they wrote since, or work waits."""
    body = call.body
    done = await call.house.desk.resolve(
        call.staff, call.code, seen=body.seen, drop_open=body.drop_open, unanswered=body.unanswered
    )
    return await _case(call, done)


@door("POST", "/api/cases/{code}/reopen", who=Who.STAFF, returns=CaseOut, errors=(401, 404, 409))
async def reopen(call: Call[Nothing, Nothing]) -> CaseOut:
    """Put a resolved case back into its queue."""
    return await _case(call, await call.house.desk.reopen(call.staff, call.code))


async def _case(call: Call[Any, Any], changed: Case) -> CaseOut:
    reader = await reader_of(call)
    return case_out(changed, reader.company, reader.names, reader.language)


async def _given(call: Call[Any, Any], given: Given) -> web.Response:
    reader = await reader_of(call)
    made = TransferMade(
        **case_fields(given.case, reader.company, reader.names, reader.language),
        outcome=given.outcome,
        transfer=transfer_out(given.transfer, reader) if given.transfer is not None else None,
        told=given.told,
        to_management=given.to_management,
    )
    return reply(made, 201 if given.transfer is not None and given.new else 200)


DOORS: tuple[Door, ...] = (
    claim,
    step_in,
    accept,
    decline,
    transfer,
    introduce,
    cancel_transfer,
    promise,
    promise_preview,
    promise_kept,
    resolve,
    reopen,
)
