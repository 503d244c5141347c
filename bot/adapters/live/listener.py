"""One connection that listens to what other processes say through PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import psycopg
import structlog
from psycopg import sql

log = structlog.get_logger(__name__)

Woken = Callable[[str], None]
"""Called with a notice's payload; with an empty one after every (re)connection, for notices may have been missed."""

_QUIET_LIMIT = 30.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0


class Listener:
    """Listens until it is cancelled; loses the connection without losing its listeners."""

    def __init__(self, dsn: str, channel: str, woken: Woken) -> None:
        self._dsn = dsn
        self._channel = channel
        self._woken = woken
        self.connected = asyncio.Event()

    async def run(self) -> None:
        """Listen for ever, reconnecting with back-off."""
        pause = _FIRST_PAUSE
        while True:
            try:
                await self._listen()
                pause = _FIRST_PAUSE
            except psycopg.OperationalError as failure:
                self.connected.clear()
                log.warning("listener_lost", reason=str(failure).splitlines()[0] if str(failure) else "closed")
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)

    async def _listen(self) -> None:
        connection = await psycopg.AsyncConnection.connect(self._dsn, autocommit=True, connect_timeout=5)
        async with connection:
            await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(self._channel)))
            self.connected.set()
            self._woken("")
            while True:
                async for notice in connection.notifies(timeout=_QUIET_LIMIT):
                    self._woken(notice.payload)
                # A dead server that never closed its socket shows itself only when it is asked something.
                await connection.execute("SELECT 1")


def libpq_dsn(url: str) -> str:
    """Return the URL as libpq reads it, without SQLAlchemy's driver name."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)
