"""Server-sent events: what a reader missed first, then what happens, with a heartbeat in the quiet."""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable
from time import monotonic

import structlog
from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from bot.adapters.live.hub import Cursor, Hub, LiveEvent, Overflow, Subscription
from bot.web.errors import BEGUN, TooMany
from bot.web.house import HOUSE

log = structlog.get_logger(__name__)

HEARTBEAT = 15.0
CHECK_SECONDS = 4.0
"""How often it is asked whether the reader may still read, however busy the feed is."""

GONE_MS = 40_000
"""A reader whose machine acknowledges nothing for so long is gone, and its place is free again."""

FULL_SECONDS = 5.0

Render = Callable[[LiveEvent], Awaitable[str | None]]
"""Returns the JSON of an event for this reader, ``None`` for nothing."""

Allowed = Callable[[], Awaitable[bool]]
"""Tells whether the reader may still read: a logout or a lowered role ends the stream within five seconds."""


async def stream(
    request: web.Request, reader: str, wants: Callable[[LiveEvent], bool], render: Render, allowed: Allowed
) -> web.StreamResponse:
    """Answer with a stream until the reader goes, is too slow, or may no longer read.

    A reader that gives ``Last-Event-ID`` gets what it missed; when that is no longer kept it gets ``event: reset`` and
    must load its page anew. A new reader begins now, with ``event: ready`` that carries the present id.

    ``reader`` is whose place the stream takes.

    Raises:
        TooMany: this reader, or the whole house, has as many streams open as it may.
    """
    house = request.app[HOUSE]
    if not house.limits.streams.enter(reader):
        raise TooMany(FULL_SECONDS, "Đang có quá nhiều cửa sổ mở cùng lúc. Anh/chị đóng bớt rồi thử lại giúp.")
    try:
        async with house.hub.subscribe(wants) as subscription:
            return await _answer(request, house.hub, subscription, wants, render, allowed)
    finally:
        house.limits.streams.leave(reader)


async def _answer(
    request: web.Request,
    hub: Hub,
    subscription: Subscription,
    wants: Callable[[LiveEvent], bool],
    render: Render,
    allowed: Allowed,
) -> web.StreamResponse:
    response = web.StreamResponse(
        headers={
            "Content-Type": "text/event-stream; charset=utf-8",
            "Cache-Control": "no-store",
            "X-Accel-Buffering": "no",
        }
    )
    _notice_the_dead(request)
    await response.prepare(request)
    request[BEGUN] = response
    try:
        reached = await _catch_up(request, response, hub, wants, render)
        await _follow(response, subscription, render, allowed, reached)
    except (ConnectionResetError, Overflow):
        # Gone, or too slow: the browser comes back with its last id.
        pass
    except (SQLAlchemyError, OSError) as failure:
        # The answer has begun, so there is no other way to say it: the browser comes back, and misses nothing.
        log.warning("stream_ended", reason=type(failure).__name__)
    return response


def _notice_the_dead(request: web.Request) -> None:
    """Have the machine give up a connection that nobody acknowledges: a phone out of reach closes nothing."""
    wire: socket.socket | None = request.transport.get_extra_info("socket") if request.transport else None
    if wire is not None and wire.family in (socket.AF_INET, socket.AF_INET6):
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, GONE_MS)


async def _catch_up(
    request: web.Request,
    response: web.StreamResponse,
    hub: Hub,
    wants: Callable[[LiveEvent], bool],
    render: Render,
) -> Cursor:
    last = Cursor.parse(request.headers.get("Last-Event-ID") or request.query.get("last_event_id", ""))
    reached = await hub.newest()
    if last is None:
        await _write(response, "ready", reached, "{}")
        return reached
    if not await hub.knows(last):
        await _write(response, "reset", reached, "{}")
        return reached
    reached = last
    async for event in hub.since(last):
        reached = event.cursor
        if wants(event):
            await _send(response, event, render)
    return reached


async def _follow(
    response: web.StreamResponse, subscription: Subscription, render: Render, allowed: Allowed, reached: Cursor
) -> None:
    checked = beaten = monotonic()
    while True:
        event = await subscription.next(CHECK_SECONDS)
        now = monotonic()
        if now - checked >= CHECK_SECONDS:
            checked = now
            if not await allowed():
                return
        if event is None:
            if now - beaten >= HEARTBEAT:
                beaten = now
                await response.write(b": still here\n\n")
        elif event.kind == "typing" or event.cursor > reached:
            # Anything older was sent while catching up.
            await _send(response, event, render)


async def _send(response: web.StreamResponse, event: LiveEvent, render: Render) -> None:
    data = await render(event)
    if data is not None:
        await _write(response, event.kind, event.cursor if event.kind != "typing" else None, data)


async def _write(response: web.StreamResponse, kind: str, cursor: Cursor | None, data: str) -> None:
    number = f"id: {cursor}\n" if cursor is not None else ""
    await response.write(f"{number}event: {kind}\ndata: {data}\n\n".encode())
