"""What the two local servers share: an address, faults in a row, files to download."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from aiohttp import web


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What goes wrong with one call.

    ``error``: that number in the body, with HTTP 200. ``status``: that HTTP status, with HTML; ``retry_after`` goes
    with 429. ``lost``: it is carried out, then the connection is cut, ``after`` some seconds. ``silent``: it is carried
    out and never answered. ``garbage``: it is carried out and answered with something that is no JSON.
    """

    error: int | None = None
    status: int | None = None
    lost: bool = False
    silent: bool = False
    garbage: bool = False
    retry_after: int | None = None
    after: float = 0.0


class LocalServer:
    """One address on loopback. Subclasses add routes and answer through `faulty`."""

    def __init__(self, *, port: int = 0) -> None:
        self.url = ""
        self.calls: list[str] = []
        self.files: dict[str, tuple[bytes, str]] = {}
        self._port = port
        self._faults: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._runner: web.AppRunner | None = None

    def routes(self) -> list[web.RouteDef]:
        raise NotImplementedError

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=8 * 1024 * 1024)
        app.add_routes([*self.routes(), web.get("/files/{name:.*}", self._file)])
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def fail(self, what: str, *faults: Fault, times: int = 1) -> None:
        """Let the next calls of a kind go wrong, in this order."""
        self._faults[what].extend(fault for _ in range(times) for fault in faults)

    def serve(self, name: str, content: bytes, mime: str) -> str:
        """Offer a file and return its address."""
        self.files[name] = (content, mime)
        return f"{self.url}/files/{name}"

    async def faulty(
        self, what: str, request: web.Request, carry_out: Callable[[], Awaitable[dict[str, Any]]]
    ) -> web.StreamResponse:
        """Answer a call, with the next fault of its kind."""
        self.calls.append(what)
        fault = self._faults[what].popleft() if self._faults[what] else Fault()
        if fault.status is not None:
            headers = {"Retry-After": str(fault.retry_after)} if fault.retry_after else {}
            return web.Response(status=fault.status, text="<html>", content_type="text/html", headers=headers)
        if fault.error is not None:
            return web.json_response(self.error_body(fault.error))
        answer = await carry_out()
        if fault.silent:
            await asyncio.sleep(3600)
        if fault.lost and request.transport is not None:
            await asyncio.sleep(fault.after)
            request.transport.abort()
        if fault.garbage:
            return web.Response(text="OK", content_type="text/plain")
        return web.json_response(answer)

    def error_body(self, code: int) -> dict[str, Any]:
        raise NotImplementedError

    async def _file(self, request: web.Request) -> web.StreamResponse:
        content, mime = self.files.get(request.match_info["name"], (b"", ""))
        if not mime:
            raise web.HTTPNotFound
        return web.Response(body=content, content_type=mime)
