"""Does a process answer? Small enough that the supervisor needs no HTTP library."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress


def answers_http(port: int, path: str, *, host: str = "127.0.0.1", limit: float = 2.0) -> Callable[[], Awaitable[bool]]:
    """Return a probe: true while a GET gets any answer below 500 within the limit, or 503 with a body of its own.

    A front office that says by 503 that its database is away is alive, and killing it would help nobody.
    """

    async def probe() -> bool:
        try:
            return await asyncio.wait_for(_status(host, port, path), limit) in {*range(200, 500), 503}
        except (OSError, TimeoutError, ValueError):
            return False

    return probe


async def _status(host: str, port: int, path: str) -> int:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n".encode("ascii"))
        line = await reader.readline()
        return int(line.split(b" ", 2)[1]) if line.startswith(b"HTTP/") else 0
    except IndexError:
        return 0
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
