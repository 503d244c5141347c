"""The doors of a promised call: it is being made, and how it went. The `promise` door promises one, with `call`."""

from __future__ import annotations

from bot.web.endpoint import Body, Call, Door, Moment, Nothing, Who, door
from bot.web.moves_in import Words
from bot.web.readers import reader_of
from bot.web.render import CaseOut, case_out


class CallingIn(Body):
    """Which call: the one promised for ``call_at``."""

    call_at: Moment


class CalledIn(Body):
    """Whether the customer was ``reached`` by the call promised for ``call_at``; ``note`` keeps what was said.

    ``again_at``: when the next try comes, for a customer who was not; half an open hour later by default.
    Closed hours must be ``confirmed``.
    """

    call_at: Moment
    reached: bool
    note: Words = ""
    again_at: Moment | None = None
    confirmed: bool = False


@door(
    "POST",
    "/api/cases/{code}/calling",
    who=Who.STAFF,
    body=CallingIn,
    returns=CaseOut,
    errors=(401, 403, 404, 409, 422),
)
async def calling(call: Call[CallingIn, Nothing]) -> CaseOut:
    """Say that one now makes a promised call; 409 when none is promised for that hour, or the hour is far."""
    case = await call.house.calling.calling(call.staff, call.code, call_at=call.body.call_at)
    reader = await reader_of(call)
    return case_out(case, reader.company, reader.names, reader.language)


@door(
    "POST",
    "/api/cases/{code}/called",
    who=Who.STAFF,
    body=CalledIn,
    returns=CaseOut,
    errors=(401, 403, 404, 409, 422),
)
async def called(call: Call[CalledIn, Nothing]) -> CaseOut:
    """Write down how a promised call went; 409 when none is promised for that hour, or the hour has not come."""
    body = call.body
    case = await call.house.calling.called(
        call.staff,
        call.code,
        call_at=body.call_at,
        reached=body.reached,
        note=body.note,
        again_at=body.again_at,
        confirmed=body.confirmed,
    )
    reader = await reader_of(call)
    return case_out(case, reader.company, reader.names, reader.language)


DOORS: tuple[Door, ...] = (calling, called)
