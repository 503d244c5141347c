"""The doors of speaking in a case: answers, files, internal notes."""

from __future__ import annotations

from uuid import UUID

from aiohttp import web

from bot.domain.errors import DomainError, Invalid
from bot.domain.messages import STORED
from bot.web.endpoint import Body, Call, Door, Nothing, Who, door
from bot.web.files import file_response, keep, read_upload
from bot.web.moves_in import Text
from bot.web.render import DeskMessage, desk_message


class ReplyIn(Body):
    """``client_id`` makes a double click or a retry harmless.

    ``keeps_promise``: this is the answer for which a date was given. ``owes``: more is owed after it or not; unset, the
    sentence itself says so.
    """

    text: Text
    client_id: UUID | None = None
    keeps_promise: bool = False
    owes: bool | None = None


class NoteIn(Body):
    """An internal note; ``client_id`` as in a reply."""

    text: Text
    client_id: UUID | None = None


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
    body = call.body
    message = await call.house.desk.reply(
        call.staff, call.code, body.text, client_id=client_id, keeps_promise=body.keeps_promise, owes=body.owes
    )
    return desk_message(message, {call.staff.id: call.staff.name})


@door(
    "POST", "/api/cases/{code}/attachments", who=Who.STAFF, returns=DeskMessage, errors=(401, 403, 404, 409, 413, 422)
)
async def attach(call: Call[Nothing, Nothing]) -> DeskMessage:
    """Send a file to the customer: multipart with ``file``, an optional ``text`` and ``client_id``.

    ``keeps_promise`` and ``owes`` ("true") as in a reply.

    Everything that can be refused is refused before the file is on disk, so that none lies there unknown.
    """
    house, names = call.house, {call.staff.id: call.staff.name}
    conversation = await house.desk.require_held(call.staff, call.code)
    upload = await read_upload(call.request, house.company.attachments.max_bytes)
    client_id = _client_id(upload.fields.get("client_id", ""))
    if client_id is not None:
        async with house.store.read() as uow:
            known = await uow.messages.by_client_id(conversation.id, client_id)
            if known is not None:
                return desk_message(await uow.messages.get(known.id), names)
    media = await keep(house, upload)
    try:
        message = await house.desk.reply(
            call.staff,
            call.code,
            upload.fields.get("text", ""),
            client_id=client_id,
            media=[media],
            keeps_promise=upload.fields.get("keeps_promise") == "true",
            owes=True if upload.fields.get("owes") == "true" else None,
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
        raise Invalid("client_id", "Mã tin nhắn phải là một UUID.") from failure


@door("POST", "/api/cases/{code}/note", who=Who.STAFF, body=NoteIn, returns=DeskMessage, errors=(401, 404, 422))
async def note(call: Call[NoteIn, Nothing]) -> DeskMessage:
    """Write an internal note that the customer never sees."""
    client_id = str(call.body.client_id) if call.body.client_id else None
    message = await call.house.desk.note(call.staff, call.code, call.body.text, client_id=client_id)
    return desk_message(message, {call.staff.id: call.staff.name})


@door("POST", "/api/cases/{code}/typing", who=Who.STAFF, status=204, errors=(401, 403, 404, 409))
async def typing(call: Call[Nothing, Nothing]) -> web.Response:
    """Show the customer that an answer is being written, by whoever may send it; not stored."""
    conversation = await call.house.desk.require_held(call.staff, call.code)
    # Asked of the floor and not kept: it refuses whoever may not speak.
    conversation.floor.taken_by(call.staff.id)
    call.house.hub.typing("staff", conversation.id)
    port = call.house.channels.get(conversation.channel)
    if port is not None:
        await port.typing(conversation.chat)
    return web.Response(status=204)


@door("GET", "/api/files/{id}", who=Who.STAFF, errors=(401, 404))
async def file(call: Call[Nothing, Nothing]) -> web.StreamResponse:
    """Return a file of a conversation in which the staff member may see a case."""
    return await file_response(call, conversation_id=None)


DOORS: tuple[Door, ...] = (reply, attach, note, typing, file)
