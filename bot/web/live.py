"""Server-sent events: what a reader missed first, then what happens, with a heartbeat in the quiet."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from time import monotonic

from aiohttp import web

from bot.adapters.live.hub import Cursor, Hub, LiveEvent, Overflow, Subscription

HEARTBEAT = 15.0
CHECK_SECONDS = 4.0
"""How often it is asked whether the reader may still read, however busy the feed is."""

Render = Callable[[LiveEvent], Awaitable[str | None]]
"""Returns the JSON of an event for this reader, ``None`` for nothing."""

Allowed = Callable[[], Awaitable[bool]]
"""Tells whether the reader may still read: a logout or a lowered role ends the stream within five seconds."""


async def stream(
    request: web.Request, hub: Hub, wants: Callable[[LiveEvent], bool], render: Render, allowed: Allowed
) -> web.StreamResponse:
    """Answer with a stream until the reader goes, is too slow, or may no longer read.

    A reader that gives ``Last-Event-ID`` gets what it missed; when that is no longer kept it gets ``event: reset`` and
    must load its page anew. A new reader begins now, with ``event: ready`` that carries the present id.
    """
    response = web.StreamResponse(
        headers={
            "Content-Type": "text/event-stream; charset=utf-8",
            "Cache-Control": "no-store",
            "X-Accel-Buffering": "no",
        }
    )
    await response.prepare(request)
    async with hub.subscribe(wants) as subscription:
        try:
            reached = await _catch_up(request, response, hub, wants, render)
            await _follow(response, subscription, render, allowed, reached)
        except (ConnectionResetError, Overflow):
            # Gone, or too slow: the browser comes back with its last id.
            return response
    return response


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
