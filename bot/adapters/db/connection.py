"""A connection that a server which says nothing cannot hold for ever."""

from __future__ import annotations

from typing import Any, TypeVar

from psycopg import AsyncConnection, OperationalError
from psycopg.abc import PQGen
from psycopg.pq import TransactionStatus

from bot.services.patience import patience

Given = TypeVar("Given")


class ImpatientConnection(AsyncConnection[Any]):
    """Gives up on a server that is there and does not answer: a paused process, a network that swallows everything.

    The server's own limits end what it is working on; these are for when it cannot.
    """

    async def wait(self, gen: PQGen[Given], interval: float = 0.1, timeout: float | None = None) -> Given:
        """Wait for the answer to one question, as long as whoever asks has patience.

        Raises:
            psycopg.OperationalError: there was none. The connection is closed, for nobody knows what it would say next.
        """
        try:
            return await super().wait(gen, interval, patience.get() if timeout is None else timeout)
        except OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.pgconn.finish()
            raise
