"""Where the next poll begins, kept in the store between runs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from bot.services.ports import Clock, Store

STATE_KEY: Final = "telegram:offset"
QUIET: Final = timedelta(days=6)
"""After a week without updates Telegram counts on from a random number, which may lie below the old one."""


class PollOffset:
    """The offset of one bot. A lost or old one is harmless: what it repeats, the intake knows already."""

    def __init__(self, store: Store, clock: Clock, bot_id: str) -> None:
        self._store = store
        self._clock = clock
        self._bot_id = bot_id
        self._known: dict[str, Any] | None = None

    async def next(self) -> int | None:
        """Return the offset to ask with, ``None`` to ask for whatever is pending.

        It is ``None`` for the first poll ever, for another bot than last time, and after a quiet week; by then the
        platform has nothing left that was confirmed before, as it keeps updates for a day.
        """
        if self._known is None:
            async with self._store.begin() as unit:
                self._known = await unit.channel_states.get(STATE_KEY) or {}
        if self._known.get("bot") != self._bot_id:
            return None
        if self._clock.now() - datetime.fromisoformat(self._known["at"]) > QUIET:
            return None
        return int(self._known["offset"])

    async def save(self, last_update_id: int) -> None:
        """Remember that everything up to an update is stored."""
        now = self._clock.now()
        known = {"bot": self._bot_id, "offset": last_update_id + 1, "at": now.isoformat()}
        async with self._store.begin(relaxed=True) as unit:
            await unit.channel_states.put(STATE_KEY, known)
        self._known = known
