"""A store whose transactions fail now and then at their very end, as with a lost connection: nothing of them stays."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from random import Random
from types import TracebackType

from bot.adapters.memory.store import MemoryStore
from bot.services.ports import UnitOfWork


class Broken(RuntimeError):
    """A fault of ours that no port speaks of: the worker's last line has to deal with it."""


class ShakyStore:
    """See `bot.services.ports.Store`. What the workers are given; doors and desk have the same store without faults."""

    failures: tuple[type[Exception], ...] = ()
    """What it does is no outage, which somebody would wait for: see `Broken`."""

    def __init__(self, store: MemoryStore, dice: Random, rate: float) -> None:
        self._store = store
        self._dice = dice
        self._rate = rate

    def begin(self, *, relaxed: bool = False) -> AbstractAsyncContextManager[UnitOfWork]:
        """Open a transaction that may come to nothing."""
        transaction = self._store.begin(relaxed=relaxed)
        return _Doomed(transaction) if self._dice.random() < self._rate else transaction

    def read(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """Open a unit of work without a transaction."""
        return self._store.read()


class _Doomed:
    """A transaction that is rolled back although its block ended well."""

    def __init__(self, transaction: AbstractAsyncContextManager[UnitOfWork]) -> None:
        self._transaction = transaction

    async def __aenter__(self) -> UnitOfWork:
        return await self._transaction.__aenter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        lost = error or Broken("the connection was lost")
        await self._transaction.__aexit__(type(lost), lost, trace)
        raise lost
