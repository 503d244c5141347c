"""How each part of the product is, for ``/healthz``, ``/metrics`` and the console."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from bot.adapters.processes.status import STATUS_FILE, read_status
from bot.domain.supervision import PartState

_ASK_SECONDS = 1.5

Ask = Callable[[], Awaitable[Mapping[str, Any]]]
"""Returns a part's state; an exception counts as ``{"state": "down"}``."""


class Parts:
    """Asks every part at once, none for longer than a moment."""

    def __init__(self, data: Path, asks: Mapping[str, Ask]) -> None:
        self._data = data
        self._asks = dict(asks)

    async def states(self) -> dict[str, dict[str, Any]]:
        """Return the state of each part by name; ``state`` is ``ok``, ``off``, ``degraded`` or ``down``."""
        found = await asyncio.gather(*(self._ask(ask) for ask in self._asks.values()))
        states = dict(zip(self._asks, found, strict=True))
        supervised = await asyncio.to_thread(read_status, self._data / STATUS_FILE)
        if supervised:
            running = all(part.state == PartState.RUNNING for part in supervised)
            states["processes"] = {"state": "ok" if running else "degraded"} | {
                part.name: {"state": part.state, "restarts": part.restarts, "since": part.since} for part in supervised
            }
        return states

    async def _ask(self, ask: Ask) -> dict[str, Any]:
        asked = asyncio.ensure_future(ask())
        try:
            async with asyncio.timeout(_ASK_SECONDS):
                return dict(await asyncio.shield(asked))
        except Exception as failure:  # noqa: BLE001 - a part that cannot say how it is, is down, whatever the reason
            return {"state": "down", "reason": type(failure).__name__}
        finally:
            # Not waited for: a driver that gives up first has its server told, which a silent one makes long.
            asked.cancel()
