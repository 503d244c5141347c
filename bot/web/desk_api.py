"""The doors of the desk: DESIGN section 8, ``/api``."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from aiohttp import web
from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from bot.adapters.live.hub import LiveEvent
from bot.domain.cases import CaseState
from bot.domain.errors import DomainError
from bot.domain.messages import STORED
from bot.domain.staff import StaffMember, may_see, require_held
from bot.services.ports_cases import CaseFilter
from bot.services.secrets import token_hash
from bot.web.chat_api import EventsIn
from bot.web.endpoint import ID_MAX, STAFF_COOKIE, Body, Call, Door, Given, Nothing, Who, door
from bot.web.errors import BadRequest
from bot.web.files import file_response, keep, read_upload
from bot.web.live import stream
from bot.web.render import (
    CaseList,
    CaseOut,
    CasePage,
    DeskMessage,
    case_out,
    case_page,
    case_row,
    desk_message,
)

Text = Annotated[str, StringConstraints(max_length=20_000)]


class CasesIn(BaseModel):
    """Which cases; all open ones that the person may see by default. ``owner`` is an id, or ``me``."""

    department: str | None = None
    state: CaseState | None = None
    owner: Annotated[str, StringConstraints(pattern=r"^(me|\d{1,18})$")] | None = None
    before: int | None = Field(default=None, ge=1, le=ID_MAX)
    limit: int = Field(default=50, ge=1, le=200)


class CaseIn(BaseModel):
    """``before`` pages back through the transcript."""

    before: int | None = Field(default=None, ge=1, le=ID_MAX)


class ReplyIn(Body):
    """``client_id`` makes a double click or a retry harmless."""

    text: Text
    client_id: UUID | None = None


class NoteIn(Body):
    """An internal note; ``client_id`` as in a reply."""

    text: Text
    client_id: UUID | None = None


class TransferIn(Body):
    """``note`` tells the receiver what this is about and what is expected of them."""

    department: str
    note: Text


class ResolveIn(Body):
    """``seen`` is the id of the newest message that the person had on the screen."""

    seen: int | None = Field(default=None, ge=0, le=ID_MAX)


class PromiseIn(Body):
    """When the customer will be answered; with an offset."""

    due_at: AwareDatetime


class QueueCount(Given):
    """A queue that the person may see."""

    department: str
    label: str
    waiting: int
    assigned: int
    on_duty: int


class Queues(Given):
    """The queues and what the person holds."""

    queues: list[QueueCount]
    mine: int
    unresolved_turns: int


@door("GET", "/api/queues", who=Who.STAFF, returns=Queues, errors=(401,))
async def queues(call: Call[Nothing, Nothing]) -> Queues:
    """Count waiting and assigned cases of every queue that the staff member may see."""
    staff, house = call.staff, call.house
    counts = await house.desk.counts(staff)
    async with house.store.read() as uow:
        on_duty = await uow.staff.on_duty()
        held = await uow.cases.held_by(staff.id)
        overdue = await uow.turns.count_open(house.clock.now() - house.turn_limit)
    shown = [one for one in house.company.departments.values() if staff.leads or one.id in staff.departments]
    return Queues(
        queues=[
            QueueCount(
                department=one.id,
                label=one.label(call.query_language),
                waiting=counts.get(one.id, {}).get(CaseState.WAITING, 0),
                assigned=counts.get(one.id, {}).get(CaseState.ASSIGNED, 0),
                on_duty=on_duty.get(one.id, 0),
            )
            for one in shown
        ],
        mine=len(held),
        unresolved_turns=overdue,
    )


@door("GET", "/api/cases", who=Who.STAFF, query=CasesIn, returns=CaseList, errors=(401, 422))
async def cases(call: Call[Nothing, CasesIn]) -> CaseList:
    """List cases: urgent first, then the longest waiting."""
    query, staff = call.query, call.staff
    if query.department is not None and query.department not in call.house.company.departments:
        raise BadRequest("invalid", "Không có bộ phận này.", {"department": "unknown"})
    owner = staff.id if query.owner == "me" else int(query.owner) if query.owner else None
    rows = await call.house.desk.listing(
        staff,
        CaseFilter(
            department=query.department, state=query.state, owner_id=owner, before=query.before, limit=query.limit
        ),
    )
    full = len(rows) == query.limit
    return CaseList(
        cases=[case_row(row, call.house.company, call.query_language) for row in rows],
        next=rows[-1].case.id if full and query.state is CaseState.RESOLVED else None,
    )


@door("GET", "/api/cases/{code}", who=Who.STAFF, query=CaseIn, returns=CasePage, errors=(401, 404))
async def case(call: Call[Nothing, CaseIn]) -> CasePage:
    """Return a case with its transcript."""
    view = await call.house.desk.view(call.staff, call.code, before=call.query.before)
    return case_page(view, call.house.company, call.query_language)


@door("POST", "/api/cases/{code}/claim", who=Who.STAFF, returns=CaseOut, errors=(401, 403, 404, 409))
async def claim(call: Call[Nothing, Nothing]) -> CaseOut:
    """Take a waiting case; 409 with the winner's name when someone was faster."""
    return await _case(call, await call.house.desk.claim(call.staff, call.code))


@door("POST", "/api/cases/{code}/step-in", who=Who.STAFF, returns=CaseOut, errors=(401, 403, 404, 409))
async def step_in(call: Call[Nothing, Nothing]) -> CaseOut:
    """Take a case from whoever has it (managers and admins)."""
    return await _case(call, await call.house.desk.step_in(call.staff, call.code))


@door(
    "POST",
    "/api/cases/{code}/reply",
    who=Who.STAFF,
    body=ReplyIn,
    returns=DeskMessage,
    errors=(401, 403, 404, 409, 422),
)
async def reply(call: Call[ReplyIn, Nothing]) -> DeskMessage:
    """Answer the customer of a case one owns; 422 when the sentence sends the customer away."""
    client_id = str(call.body.client_id) if call.body.client_id else None
    message = await call.house.desk.reply(call.staff, call.code, call.body.text, client_id=client_id)
    return desk_message(message, {call.staff.id: call.staff.name})


@door(
    "POST", "/api/cases/{code}/attachments", who=Who.STAFF, returns=DeskMessage, errors=(401, 403, 404, 409, 413, 422)
)
async def attach(call: Call[Nothing, Nothing]) -> DeskMessage:
    """Send a file to the customer: multipart with ``file``, an optional ``text`` and ``client_id``.

    Everything that can be refused is refused before the file is on disk, so that none lies there unknown.
    """
    house, names = call.house, {call.staff.id: call.staff.name}
    view = await house.desk.view(call.staff, call.code, limit=1)
    require_held(call.staff, view.case)
    upload = await read_upload(call.request, house.company.attachments.max_bytes)
    client_id = _client_id(upload.fields.get("client_id", ""))
    if client_id is not None:
        async with house.store.read() as uow:
            known = await uow.messages.by_client_id(view.conversation.id, client_id)
            if known is not None:
                return desk_message(await uow.messages.get(known.id), names)
    media = await keep(house, upload)
    try:
        message = await house.desk.reply(
            call.staff, call.code, upload.fields.get("text", ""), client_id=client_id, media=[media]
        )
    except DomainError:
        await house.media.forget(media.ref.removeprefix(STORED))
        raise
    return desk_message(message, names)


def _client_id(given: str) -> str | None:
    if not given:
        return None
    try:
        return str(UUID(given))
    except ValueError as failure:
        raise BadRequest("invalid", "Mã tin nhắn không đúng dạng.", {"client_id": "uuid"}) from failure


@door("POST", "/api/cases/{code}/note", who=Who.STAFF, body=NoteIn, returns=DeskMessage, errors=(401, 404, 422))
async def note(call: Call[NoteIn, Nothing]) -> DeskMessage:
    """Write an internal note that the customer never sees."""
    client_id = str(call.body.client_id) if call.body.client_id else None
    message = await call.house.desk.note(call.staff, call.code, call.body.text, client_id=client_id)
    return desk_message(message, {call.staff.id: call.staff.name})


@door(
    "POST",
    "/api/cases/{code}/transfer",
    who=Who.STAFF,
    body=TransferIn,
    returns=CaseOut,
    errors=(401, 403, 404, 409, 422),
)
async def transfer(call: Call[TransferIn, Nothing]) -> CaseOut:
    """Pass a case to another department, with a note for the receiver."""
    return await _case(
        call, await call.house.desk.transfer(call.staff, call.code, call.body.department, call.body.note)
    )


@door(
    "POST",
    "/api/cases/{code}/promise",
    who=Who.STAFF,
    body=PromiseIn,
    returns=CaseOut,
    errors=(401, 403, 404, 409, 422),
)
async def promise(call: Call[PromiseIn, Nothing]) -> CaseOut:
    """Promise the customer an answer by a date."""
    due_at: datetime = call.body.due_at
    return await _case(call, await call.house.desk.promise(call.staff, call.code, due_at))


@door(
    "POST",
    "/api/cases/{code}/resolve",
    who=Who.STAFF,
    body=ResolveIn,
    returns=CaseOut,
    errors=(401, 403, 404, 409, 422),
)
async def resolve(call: Call[ResolveIn, Nothing]) -> CaseOut:
    """End a case one owns and give the floor back; 409 when the customer has written since ``seen``."""
    return await _case(call, await call.house.desk.resolve(call.staff, call.code, seen=call.body.seen))


@door("POST", "/api/cases/{code}/reopen", who=Who.STAFF, returns=CaseOut, errors=(401, 404, 409))
async def reopen(call: Call[Nothing, Nothing]) -> CaseOut:
    """Put a resolved case back into its queue."""
    return await _case(call, await call.house.desk.reopen(call.staff, call.code))


@door("POST", "/api/cases/{code}/typing", who=Who.STAFF, status=204, errors=(401, 404))
async def typing(call: Call[Nothing, Nothing]) -> web.Response:
    """Show the customer that an answer is being written; not stored."""
    conversation = await call.house.desk.conversation_of(call.staff, call.code)
    call.house.hub.typing("staff", conversation.id)
    port = call.house.channels.get(conversation.channel)
    if port is not None:
        await port.typing(conversation.chat)
    return web.Response(status=204)


@door("GET", "/api/files/{id}", who=Who.STAFF, errors=(401, 404))
async def file(call: Call[Nothing, Nothing]) -> web.StreamResponse:
    """Return a file of a conversation in which the staff member may see a case."""
    return await file_response(call, conversation_id=None)


class DeskEvent(Given):
    """What a console hears: a changed case, a message, a delivery state, somebody typing, a colleague's duty."""

    conversation_id: int | None
    codes: list[str]
    message: DeskMessage | None = None
    data: dict[str, Any]


_LEAVES = frozenset({"transfer", "escalated", "step_in"})
"""Changes that can take a case out of somebody's sight."""


@door("GET", "/api/events", who=Who.STAFF, query=EventsIn, errors=(401, 429))
async def events(call: Call[Nothing, EventsIn]) -> web.StreamResponse:
    """Follow everything that the staff member may see: server-sent events, resumable with ``Last-Event-ID``."""
    token = call.request.cookies.get(STAFF_COOKIE, "")
    reader: list[StaffMember] = [call.staff]

    def wants(event: LiveEvent) -> bool:
        if event.conversation_id is None or event.data.get("change") in _LEAVES:
            return True
        return event.data.get("by") != "staff" and any(may_see(reader[0], one) for one in event.cases)

    async def render(event: LiveEvent) -> str | None:
        names: dict[int, str] = {}
        if event.message is not None and event.message.staff_id is not None:
            async with call.house.store.read() as uow:
                names = await uow.staff.names()
        codes = [one.code for one in event.cases if may_see(reader[0], one)]
        # A case that is not theirs may have been on their screen until now: that something went is all they are told.
        hidden = event.kind == "case" and event.data.get("code") not in codes
        return DeskEvent(
            conversation_id=event.conversation_id if codes or not hidden else None,
            codes=codes,
            message=desk_message(event.message, names) if event.message is not None else None,
            data={"change": "moved"} if hidden else event.data,
        ).model_dump_json()

    async def allowed() -> bool:
        session = await call.house.accounts.session(token)
        if session is None:
            return False
        # A changed role or department applies to what is still to come.
        reader[0] = session.staff
        return True

    return await stream(call.request, f"staff:{token_hash(token).hex()}", wants, render, allowed)


async def _case(call: Call[Any, Any], changed: Any) -> CaseOut:
    async with call.house.store.read() as uow:
        names = await uow.staff.names()
    return case_out(changed, call.house.company, names, call.query_language)


DOORS: tuple[Door, ...] = (
    queues,
    cases,
    case,
    claim,
    step_in,
    reply,
    attach,
    note,
    transfer,
    promise,
    resolve,
    reopen,
    typing,
    file,
    events,
)
