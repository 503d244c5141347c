"""Reads server-sent events as a browser does."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any

import aiohttp


@dataclass(frozen=True)
class Event:
    """One event; ``id`` is empty where it carries none."""

    kind: str
    id: str
    data: dict[str, Any]


class Reader:
    """Reads one stream, and remembers the last id."""

    def __init__(self, response: aiohttp.ClientResponse, last: str = "") -> None:
        self._response = response
        self.status = response.status
        self.last = last

    async def next(self, kind: str | None = None) -> Event | None:
        """Return the next event (of a kind), ``None`` at the end of the stream."""
        async with asyncio.timeout(30):
            while True:
                event = await self._one()
                if event is None or kind in (None, event.kind):
                    return event

    async def rest(self) -> list[Event]:
        """Read to the end of the stream."""
        found = []
        while (event := await self.next()) is not None:
            found.append(event)
        return found

    async def _one(self) -> Event | None:
        fields = {"event": "", "id": "", "data": ""}
        async for raw in self._response.content:
            line = raw.decode().rstrip("\n")
            name, _, value = line.partition(": ")
            if line and name in fields:
                fields[name] = value
            elif not line and fields["data"]:
                self.last = fields["id"] or self.last
                return Event(fields["event"], fields["id"], json.loads(fields["data"]))
        return None
