"""A store that is gone for a while, as a database is that is started again."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager

from bot.adapters.memory.store import MemoryStore
from bot.services.ports import UnitOfWork


class Gone(Exception):
    """The database does not answer."""


class FlakyStore:
    """A store that is gone while ``down`` says so, for so many more calls."""

    failures: tuple[type[Exception], ...] = (Gone,)

    def __init__(self, store: MemoryStore) -> None:
        self.store = store
        self.down = 0
        self.refused = 0

    def begin(self, *, relaxed: bool = False) -> AbstractAsyncContextManager[UnitOfWork]:
        self._refuse()
        return self.store.begin(relaxed=relaxed)

    def read(self) -> AbstractAsyncContextManager[UnitOfWork]:
        self._refuse()
        return self.store.read()

    def _refuse(self) -> None:
        if self.down:
            self.down -= 1
            self.refused += 1
            raise Gone("no connection")
