"""Slowing down whoever guesses: each wrong try in a row makes the next one wait longer."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta

from bot.domain.errors import DomainError
from bot.services.ports import Clock, Store, UnitOfWork

FREE_TRIES = 5
"""Failed tries in a row before each further one has to wait."""

LONGEST_WAIT = timedelta(minutes=5)
FORGOTTEN_AFTER = timedelta(minutes=15)
"""Failures longer ago than this no longer count."""


class TooManyTries(DomainError):
    """Wait ``seconds`` before trying again."""

    code = "too_many_tries"

    def __init__(self, seconds: int) -> None:
        super().__init__(f"try again in {seconds} s")
        self.seconds = seconds


class Throttle:
    """Counts failed tries by subject."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def require_open(self, subjects: Collection[str]) -> None:
        """Let a try pass. Raises `TooManyTries` while one of the subjects has to wait."""
        now = self._clock.now()
        async with self._store.begin() as uow:
            for subject in subjects:
                _, open_at = await uow.staff.attempts(subject)
                if open_at is not None and open_at > now:
                    raise TooManyTries(int((open_at - now).total_seconds()) + 1)

    async def failed(self, subjects: Mapping[str, timedelta]) -> None:
        """Note a failed try; each subject with the longest wait that may come of it."""
        now = self._clock.now()
        async with self._store.begin() as uow:
            for subject, longest in subjects.items():
                failures, since = await uow.staff.attempts(subject)
                if since is not None and now - since > FORGOTTEN_AFTER:
                    failures = 0
                over = failures + 1 - FREE_TRIES
                wait = min(timedelta(seconds=2.0 ** min(over, 9)), longest) if over > 0 else timedelta()
                await uow.staff.save_attempts(subject, failures + 1, now + wait)

    async def forget(self, uow: UnitOfWork, subjects: Collection[str]) -> None:
        """Forget the failures of subjects, after a try that was right."""
        for subject in subjects:
            await uow.staff.save_attempts(subject, 0, self._clock.now())
