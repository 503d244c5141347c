"""What admins added, taken over by everybody who answers: this process, and through a file the action server.

The database says what there is. Whoever changes something there looks at once; every process looks again every few
seconds, so that others' changes, a restart and a restored backup are taken over as well.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Protocol

import structlog

from bot.domain.company import Company
from bot.domain.knowledge import AddedNeed, Additions
from bot.domain.teaching.answers import AnswerVersion
from bot.domain.teaching.needs import TaughtNeed
from bot.services.ports import Store

log = structlog.get_logger(__name__)


class AdditionsFile(Protocol):
    """Where the action server finds what was added. Both may take a moment, and raise `OSError`."""

    def write(self, added: Additions) -> None:
        """Replace what is there, all of it or nothing."""
        ...

    def there(self) -> bool:
        """Tell whether there is anything."""
        ...


class AdditionsKeeper:
    """Sees to it that what was added is known here and to the action server."""

    def __init__(self, *, store: Store, company: Company, file: AdditionsFile) -> None:
        self._store = store
        self._company = company
        self._file = file
        self._stamp: str | None = None
        self._looking = asyncio.Lock()

    async def look(self) -> None:
        """Take over what the database says, where that is something new."""
        async with self._looking:
            async with self._store.read() as uow:
                stamp = await uow.needs.stamp()
                if stamp == self._stamp and await asyncio.to_thread(self._file.there):
                    return
                added = additions(await uow.needs.listed(), await uow.answers.newest())
            self._company.learn(_owners(added, active=True), _owners(added, active=False))
            try:
                await asyncio.to_thread(self._file.write, added)
            except OSError as failure:
                # What was stored stands; the next look writes it, and until then the action server goes by the old one.
                log.warning("additions_not_written", reason=failure.strerror)
                return
            self._stamp = stamp
            log.info("additions_taken_over", needs=len(added.needs), answers=len(added.answers))


def additions(needs: Iterable[TaughtNeed], newest: Iterable[AnswerVersion]) -> Additions:
    """Return what is in force of all that was ever added."""
    return Additions(
        needs={
            one.intent: AddedNeed(name=one.name, department=one.department, priority=one.priority, active=one.active)
            for one in needs
        },
        answers={one.key: one.texts for one in newest if one.texts is not None},
    )


def _owners(added: Additions, *, active: bool) -> dict[str, str]:
    return {intent: one.department for intent, one in added.needs.items() if one.active is active}
