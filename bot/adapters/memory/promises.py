"""Promises in memory."""

from __future__ import annotations

from datetime import datetime

from bot.adapters.memory.data import Work
from bot.domain.errors import Unknown
from bot.domain.promises import Promise, PromiseKind, PromiseState


class MemoryPromises:
    """See `bot.services.ports.Promises`."""

    def __init__(self, work: Work) -> None:
        self._memory = work.memory
        self._journal = work.journal

    async def add(
        self,
        case_id: int,
        due_at: datetime,
        made_at: datetime,
        timer_id: int,
        kind: PromiseKind = PromiseKind.ANSWER,
        tries: int = 0,
        *,
        silent: bool = False,
    ) -> Promise:
        """Store an open promise. Raises ``ValueError`` where the case has one: the caller settles that first."""
        if case_id in self._memory.open_promises:
            raise ValueError(f"case {case_id} has an open promise")
        promise = Promise(
            id=self._memory.next_id("promises"),
            case_id=case_id,
            due_at=due_at,
            made_at=made_at,
            timer_id=timer_id,
            kind=kind,
            tries=tries,
            silent=silent,
        )
        self._journal.put(self._memory.promises, promise.id, promise)
        self._journal.put(self._memory.open_promises, case_id, promise.id)
        self._memory.promises_of.add(self._journal, case_id, promise.id)
        return promise

    async def get(self, promise_id: int) -> Promise:
        """Find by id."""
        found = self._memory.promises.get(promise_id)
        if found is None:
            raise Unknown(f"promise {promise_id}")
        return found

    async def open_of(self, case_id: int) -> Promise | None:
        """Find the open promise of a case."""
        known = self._memory.open_promises.get(case_id)
        return self._memory.promises[known] if known is not None else None

    async def called(self, case_id: int, due_at: datetime) -> bool:
        """Look through the promises of the case."""
        return any(
            (one.kind, one.state, one.due_at) == (PromiseKind.CALL, PromiseState.KEPT, due_at)
            for one in map(self._memory.promises.__getitem__, self._memory.promises_of.of(case_id))
        )

    async def broken(self, case_id: int) -> int:
        """Count the renewed ones after the last that was kept."""
        missed = 0
        for one in sorted(self._memory.promises_of.of(case_id)):
            state = self._memory.promises[one].state
            missed = 0 if state is PromiseState.KEPT else missed + (state is PromiseState.RENEWED)
        return missed

    async def save(self, promise: Promise) -> None:
        """Store a change."""
        self._journal.put(self._memory.promises, promise.id, promise)
        was_open = self._memory.open_promises.get(promise.case_id) == promise.id
        if was_open and promise.state is not PromiseState.OPEN:
            self._journal.drop(self._memory.open_promises, promise.case_id)
