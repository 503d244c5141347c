"""The doors of the web chat: DESIGN section 8, ``/chat/api``."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Annotated, Any
from uuid import UUID

from aiohttp import web
from pydantic import BaseModel, Field, StringConstraints

from bot.adapters.channels.webchat.channel import arrival
from bot.adapters.live.hub import LiveEvent
from bot.domain.errors import Invalid
from bot.domain.messages import STORED, Channel, Direction, Media, Message
from bot.services.ports import UnitOfWork
from bot.services.visitors import COOKIE_LIFE
from bot.web.endpoint import ID_MAX, VISITOR_COOKIE, Body, Call, Door, Given, Nothing, Who, door, reply, visitor_of
from bot.web.errors import TooMany, Unauthorised
from bot.web.files import file_response, keep, read_upload
from bot.web.house import House
from bot.web.limits import Bucket, network_of
from bot.web.live import stream
from bot.web.render import ChatMessage, chat_message

TEXT_MAX = 10_000
PAGE = 50


class SessionIn(Body):
    """``language`` is what the page is shown in (unset: Vietnamese, or what it was before).

    ``embedded`` tells that another site frames the page.
    """

    language: Annotated[str, StringConstraints(pattern="^(vi|en)$")] | None = None
    embedded: bool = False


class SessionOut(Given):
    """The visitor's conversation."""

    conversation_id: int


class MessageIn(Body):
    """``client_id`` is the browser's own id of the message; sending it again is harmless."""

    client_id: UUID
    text: Annotated[str, StringConstraints(max_length=TEXT_MAX)]


class MessageAccepted(Given):
    """The message is on disk under this id."""

    message_id: int


class HistoryIn(BaseModel):
    """Messages after an id, or the page before one; without either the newest page."""

    after: int | None = Field(default=None, ge=0, le=ID_MAX)
    before: int | None = Field(default=None, ge=1, le=ID_MAX)


class SpeakerOut(Given):
    """Who speaks with the visitor now: ``bot``, ``staff`` or ``outside``; ``name`` is a staff member's."""

    by: str
    name: str | None


class History(Given):
    """Messages, oldest first. ``more`` tells whether there are others beyond this page."""

    messages: list[ChatMessage]
    more: bool
    speaker: SpeakerOut


class EventsIn(BaseModel):
    """For readers that cannot set the ``Last-Event-ID`` header."""

    last_event_id: str = ""


@door("POST", "/chat/api/sessions", who=Who.ANYBODY, body=SessionIn, returns=SessionOut, status=201, errors=(429,))
async def open_session(call: Call[SessionIn, Nothing]) -> web.Response:
    """Open a chat for a new visitor, or return the one that the cookie opens, in the language the page is in now."""
    house, request = call.house, call.request
    try:
        known = await visitor_of(request)
    except Unauthorised:
        pass
    else:
        if call.body.language is not None:
            await _speak(house, known, call.body.language)
        return reply(SessionOut(conversation_id=known), 201)
    wait = house.limits.sessions.take(network_of(request.remote))
    if wait:
        raise TooMany(wait, "Đang có nhiều người cùng mở trò chuyện. Anh/chị đợi một chút rồi thử lại giúp.")
    visit = await house.visitors.welcome(call.body.language or "vi")
    response = reply(SessionOut(conversation_id=visit.conversation_id), 201)
    secure = (house.settings.public_url or "").startswith("https://")
    response.headers.add("Set-Cookie", _cookie(visit.token, secure=secure, embedded=call.body.embedded))
    return response


def _cookie(token: str, *, secure: bool, embedded: bool) -> str:
    """Return the visitor's cookie; written by hand, as ``Partitioned`` is unknown to the cookie class of Python 3.13.

    Inside the widget the page is framed by another site: most browsers keep such a cookie only when it is the framing
    site's own (``Partitioned``), and without TLS none takes it.
    """
    site = ("; Secure; SameSite=None" + ("; Partitioned" if embedded else "")) if secure else "; SameSite=Lax"
    return f"{VISITOR_COOKIE}={token}; Max-Age={int(COOKIE_LIFE.total_seconds())}; Path=/; HttpOnly{site}"


async def _speak(house: House, conversation_id: int, language: str) -> None:
    """From now on answer in this language."""
    async with house.store.begin() as uow:
        conversation = await uow.conversations.get(conversation_id, lock=True)
        if conversation.language != language:
            await uow.conversations.save_dialogue(conversation.id, conversation.dialogue, language)


@door(
    "POST",
    "/chat/api/messages",
    who=Who.VISITOR,
    body=MessageIn,
    returns=MessageAccepted,
    status=202,
    also=(200,),
    errors=(401, 413, 422, 429),
)
async def send_message(call: Call[MessageIn, Nothing]) -> web.Response:
    """Accept a visitor's message; 202 once it is durable, 200 when it was accepted before."""
    limits = call.house.limits
    _slow_down(call, limits.messages, limits.messages_of_network)
    return await _accept(call, str(call.body.client_id), call.body.text, None)


@door(
    "POST",
    "/chat/api/attachments",
    who=Who.VISITOR,
    returns=MessageAccepted,
    status=202,
    also=(200,),
    errors=(401, 413, 415, 422, 429),
)
async def send_attachment(call: Call[Nothing, Nothing]) -> web.Response:
    """Accept a visitor's file: multipart with ``client_id``, ``file`` and an optional ``text``.

    Everything that can be refused is refused before the file is on disk, so that none lies there unknown.
    """
    house, limits = call.house, call.house.limits
    _slow_down(call, limits.uploads, limits.uploads_of_network)
    _slow_down(call, limits.messages, limits.messages_of_network)
    upload = await read_upload(call.request, call.house.company.attachments.max_bytes)
    try:
        client_id = str(UUID(upload.fields.get("client_id", "")))
    except ValueError as failure:
        raise Invalid("client_id", "Mã tin nhắn phải là một UUID.") from failure
    async with house.store.read() as uow:
        known = await uow.messages.by_client_id(call.conversation_id, client_id)
    if known is not None:
        return reply(MessageAccepted(message_id=known.id), 200)
    media = await keep(house, upload)
    return await _accept(call, client_id, upload.fields.get("text", "")[:TEXT_MAX], media)


def _slow_down(call: Call[Any, Any], own: Bucket, of_network: Bucket) -> None:
    """Refuse what comes too fast, from this visitor or from all visitors of their network."""
    wait = own.take(str(call.conversation_id)) or of_network.take(network_of(call.request.remote))
    if wait:
        raise TooMany(wait)


async def _accept(call: Call[Any, Any], client_id: str, text: str, media: Media | None) -> web.Response:
    async with call.house.store.read() as uow:
        conversation = await uow.conversations.get(call.conversation_id)
    accepted = await call.house.intake.accept(
        Channel.WEBCHAT,
        arrival(chat=conversation.chat, client_id=client_id, text=text, language=conversation.language, media=media),
    )
    if accepted.message_id is None:
        raise RuntimeError("a message of the web chat was accepted without an id")
    if media is not None and accepted.duplicate:
        # The same upload came twice at once; the other one's file is the message's.
        await call.house.media.forget(media.ref.removeprefix(STORED))
    return reply(MessageAccepted(message_id=accepted.message_id), 200 if accepted.duplicate else 202)


@door("GET", "/chat/api/messages", who=Who.VISITOR, query=HistoryIn, returns=History, errors=(401, 422))
async def history(call: Call[Nothing, HistoryIn]) -> History:
    """Return the conversation, page by page."""
    query = call.query
    async with call.house.store.read() as uow:
        found = await uow.messages.history(
            call.conversation_id,
            after=query.after or 0,
            before=query.before,
            limit=PAGE + 1,
            newest=query.after is None,
        )
        names = await _names(uow, call.conversation_id, found)
        speaker = await _speaker(uow, call.conversation_id)
    more = len(found) > PAGE
    kept = found[:PAGE] if query.after is not None else found[-PAGE:]
    return History(messages=[chat_message(one, names) for one in kept], more=more, speaker=speaker)


async def _speaker(uow: UnitOfWork, conversation_id: int) -> SpeakerOut:
    conversation = await uow.conversations.get(conversation_id)
    floor = conversation.floor
    person = await uow.staff.get(floor.staff_id) if floor.staff_id is not None else None
    return SpeakerOut(by=floor.speaker.value, name=person.called(conversation.language) if person else None)


async def _names(uow: UnitOfWork, conversation_id: int, shown: Iterable[Message]) -> dict[int, str]:
    """Return what the customer calls the staff members who wrote messages; who is named after a role has no name."""
    writers = {one.staff_id for one in shown if one.staff_id is not None}
    if not writers:
        return {}
    language = (await uow.conversations.get(conversation_id)).language
    names = {one: (await uow.staff.get(one)).called(language) for one in sorted(writers)}
    return {staff_id: name for staff_id, name in names.items() if name is not None}


@door("GET", "/chat/api/events", who=Who.VISITOR, query=EventsIn, errors=(401, 429))
async def events(call: Call[Nothing, EventsIn]) -> web.StreamResponse:
    """Follow the conversation: events ``message``, ``delivery``, ``typing``, ``case``, ``ready`` and ``reset``.

    ``case`` comes when one of the visitor's cases moved, and tells who speaks from now on.
    """
    mine = call.conversation_id

    def wants(event: LiveEvent) -> bool:
        if event.conversation_id != mine:
            return False
        if event.kind == "typing":
            return event.data.get("by") == "staff"
        if event.kind == "case":
            return True
        return event.message is not None and event.message.direction is not Direction.INTERNAL

    async def render(event: LiveEvent) -> str | None:
        if event.kind == "typing":
            return json.dumps({"by": "staff"})
        async with call.house.store.read() as uow:
            if event.message is None:
                return (await _speaker(uow, mine)).model_dump_json()
            names = await _names(uow, mine, [event.message])
        return chat_message(event.message, names).model_dump_json()

    async def allowed() -> bool:
        return await call.house.visitors.conversation_of(call.request.cookies.get(VISITOR_COOKIE, "")) == mine

    return await stream(call.request, f"visitor:{mine}", wants, render, allowed)


@door("POST", "/chat/api/typing", who=Who.VISITOR, status=204, errors=(401, 429))
async def typing(call: Call[Nothing, Nothing]) -> web.Response:
    """Tell the staff who have a case of this conversation that the visitor is typing; not stored."""
    wait = call.house.limits.typing.take(str(call.conversation_id))
    if wait:
        raise TooMany(wait)
    async with call.house.store.read() as uow:
        found = await uow.cases.of_conversation(call.conversation_id)
    call.house.hub.typing("customer", call.conversation_id, found)
    return web.Response(status=204)


@door("GET", "/chat/api/files/{id}", who=Who.VISITOR, errors=(401, 404))
async def file(call: Call[Nothing, Nothing]) -> web.StreamResponse:
    """Return a file of the visitor's own conversation."""
    return await file_response(call, conversation_id=call.conversation_id)


DOORS: tuple[Door, ...] = (open_session, send_message, send_attachment, history, events, typing, file)
