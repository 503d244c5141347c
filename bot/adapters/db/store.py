"""The store: one PostgreSQL, one transaction per unit of work."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cached_property

from sqlalchemy import event, text
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.adapters.db.answers import AnswerTable
from bot.adapters.db.approvals import ApprovalTable
from bot.adapters.db.bell import Bell
from bot.adapters.db.cases import CaseTable
from bot.adapters.db.connection import ImpatientConnection
from bot.adapters.db.conversations import ConversationTable
from bot.adapters.db.events import AuditTable, ChannelStateTable, EventTable, FeedTable, GateTable
from bot.adapters.db.messages import MessageTable
from bot.adapters.db.models import ModelRows
from bot.adapters.db.needs import NeedTable
from bot.adapters.db.offers import OfferTable
from bot.adapters.db.promises import PromiseTable
from bot.adapters.db.ratings import RatingTable
from bot.adapters.db.requests import RequestTable
from bot.adapters.db.rosters import RosterTable
from bot.adapters.db.staff import ChatSessionTable, StaffTable
from bot.adapters.db.tail import Tail
from bot.adapters.db.teaching import TeachingTables
from bot.adapters.db.transfers import TransferTable
from bot.adapters.db.turns import TurnTable
from bot.adapters.queue.pgmq import PgmqQueues
from bot.services.ports import UnitOfWork

LOCK_TIMEOUT_MS = 10_000
STATEMENT_TIMEOUT_MS = 15_000

_OPTIONS = f"-c timezone=UTC -c lock_timeout={LOCK_TIMEOUT_MS} -c statement_timeout={STATEMENT_TIMEOUT_MS}"


class SqlUnitOfWork:
    """The repositories of one open transaction; each is made when it is first asked for."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self.tail = Tail(connection)

    @cached_property
    def conversations(self) -> ConversationTable:
        """Conversations and customers."""
        return ConversationTable(self._connection)

    @cached_property
    def messages(self) -> MessageTable:
        """Messages and attachments."""
        return MessageTable(self._connection)

    @cached_property
    def turns(self) -> TurnTable:
        """The turn ledger."""
        return TurnTable(self._connection)

    @cached_property
    def cases(self) -> CaseTable:
        """Cases and their numbers."""
        return CaseTable(self._connection)

    @cached_property
    def promises(self) -> PromiseTable:
        """Promises."""
        return PromiseTable(self._connection)

    @cached_property
    def rosters(self) -> RosterTable:
        """Who should be there when."""
        return RosterTable(self._connection, self.tail)

    @cached_property
    def offers(self) -> OfferTable:
        """Offers of waiting cases."""
        return OfferTable(self._connection)

    @cached_property
    def transfers(self) -> TransferTable:
        """Warm transfers."""
        return TransferTable(self._connection)

    @cached_property
    def requests(self) -> RequestTable:
        """What cases ask of back-office departments."""
        return RequestTable(self._connection)

    @cached_property
    def approvals(self) -> ApprovalTable:
        """Decisions on exceptions."""
        return ApprovalTable(self._connection)

    @cached_property
    def ratings(self) -> RatingTable:
        """What customers thought."""
        return RatingTable(self._connection)

    @cached_property
    def teaching(self) -> TeachingTables:
        """What the assistant is taught."""
        return TeachingTables(self._connection)

    @cached_property
    def needs(self) -> NeedTable:
        """Needs that admins added."""
        return NeedTable(self._connection)

    @cached_property
    def answers(self) -> AnswerTable:
        """Answers that admins edited."""
        return AnswerTable(self._connection)

    @cached_property
    def models(self) -> ModelRows:
        """What was read by which model."""
        return ModelRows(self._connection)

    @cached_property
    def staff(self) -> StaffTable:
        """Staff members and their logins."""
        return StaffTable(self._connection, self.tail)

    @cached_property
    def chat_sessions(self) -> ChatSessionTable:
        """Visitors of the web chat."""
        return ChatSessionTable(self._connection)

    @cached_property
    def events(self) -> EventTable:
        """Raw inbound events."""
        return EventTable(self._connection)

    @cached_property
    def queues(self) -> PgmqQueues:
        """PGMQ."""
        return PgmqQueues(self._connection, self.tail)

    @cached_property
    def feed(self) -> FeedTable:
        """Live events."""
        return FeedTable(self.tail)

    @cached_property
    def audit(self) -> AuditTable:
        """The audit log."""
        return AuditTable(self._connection, self.tail)

    @cached_property
    def channel_states(self) -> ChannelStateTable:
        """Durable facts of channels."""
        return ChannelStateTable(self._connection)

    @cached_property
    def gates(self) -> GateTable:
        """Rate gates."""
        return GateTable(self._connection)


class SqlStore:
    """Opens transactions on a pool of connections.

    Relaxed and reading units of work have a pool of their own, whose connections do not wait for the disk: said once
    for a connection, it spares a statement in every transaction.
    """

    failures: tuple[type[Exception], ...] = (OperationalError, InterfaceError, PoolTimeout)

    def __init__(self, durable: AsyncEngine, relaxed: AsyncEngine) -> None:
        self._durable = durable
        self._relaxed = relaxed
        self._reading = relaxed.execution_options(isolation_level="AUTOCOMMIT")
        self.bell = Bell(self._reading)

    @classmethod
    def connect(cls, url: str, *, pool_size: int = 10) -> SqlStore:
        """Return a store on a PostgreSQL URL or libpq DSN; connections are opened when they are needed."""
        return cls(_engine(url, pool_size, _OPTIONS), _engine(url, pool_size, f"{_OPTIONS} -c synchronous_commit=off"))

    @property
    def engine(self) -> AsyncEngine:
        """The reading pool, for the live feed and for checks."""
        return self._reading

    @asynccontextmanager
    async def begin(self, *, relaxed: bool = False) -> AsyncIterator[UnitOfWork]:
        """Open a transaction; see `bot.services.ports.Store`."""
        async with (self._relaxed if relaxed else self._durable).begin() as connection:
            unit = SqlUnitOfWork(connection)
            yield unit
            await unit.tail.append()
        self.bell.ring(unit.tail.woken)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[UnitOfWork]:
        """Open a unit of work without a transaction; see `bot.services.ports.Store`."""
        async with self._reading.connect() as connection:
            yield SqlUnitOfWork(connection)

    async def ping(self) -> None:
        """Ask the server for an answer. Raises whatever the driver raises when there is none."""
        async with self._reading.connect() as connection:
            await connection.execute(_ONE)

    async def close(self) -> None:
        """Close every connection."""
        await self.bell.close()
        await self._durable.dispose()
        await self._relaxed.dispose()


def _engine(url: str, pool_size: int, options: str) -> AsyncEngine:
    # No ping before each use: it costs a round trip, and one failed use already has the whole pool renewed.
    engine = create_async_engine(
        sqlalchemy_url(url),
        # What fails is logged with its statement; the values are customers' words and hashes of secrets.
        hide_parameters=True,
        pool_size=pool_size,
        max_overflow=10,
        pool_timeout=10,
        # The connection used last: its server process is warm and has its statements prepared.
        pool_use_lifo=True,
        connect_args={
            "options": options,
            "connect_timeout": 5,
            "application_name": "letan",
            "async_creator_fn": ImpatientConnection.connect,
        },
    )
    event.listen(engine.sync_engine, "handle_error", _say_less)
    return engine


def _say_less(context: ExceptionContext) -> None:
    """Keep the first line of an error: in the others PostgreSQL repeats the row that it refused."""
    for failure in (context.original_exception, context.sqlalchemy_exception):
        if failure is not None and failure.args:
            failure.args = (str(failure.args[0]).partition("\n")[0], *failure.args[1:])


_ONE = text("SELECT 1")


def sqlalchemy_url(url: str) -> str:
    """Return the URL with our driver named: ``postgresql://`` and ``postgres://`` both mean psycopg 3 here."""
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url
