"""A channel of an Official Account at work: a local Zalo on one side, a store and a clock on the other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.adapters.channels.zalo.config import ZaloConfig
from bot.adapters.channels.zalo.sender import ZaloChannel
from bot.domain.messages import Button
from bot.services.ports_channel import OutgoingMessage
from tests.doubles.zalo import APP_ID, APP_SECRET, FIRST_REFRESH_TOKEN, OA_ID, OA_SECRET, ZaloServer
from tests.doubles.zalo_store import MemoryStates

USER = "246845883529197922"
CHAT = f"{OA_ID}:{USER}"
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


@dataclass
class Clock:
    at: datetime = NOW

    def now(self) -> datetime:
        return self.at


@dataclass
class Bench:
    server: ZaloServer
    channel: ZaloChannel
    clock: Clock = field(default_factory=Clock)
    states: MemoryStates = field(default_factory=MemoryStates)

    async def send(self, text: str = "Dạ em chào anh", *buttons: Button, chat: str = CHAT, **file: Any) -> str:
        return await self.channel.send(OutgoingMessage(message_id=1, chat=chat, text=text, buttons=buttons, **file))


@asynccontextmanager
async def bench(**config: Any) -> AsyncIterator[Bench]:
    link_for = config.pop("link_for", None)
    async with ZaloServer() as server:
        whole: dict[str, Any] = {
            "app_id": APP_ID,
            "app_secret": APP_SECRET,
            "oa_secret": OA_SECRET,
            "refresh_token": FIRST_REFRESH_TOKEN,
            "api": server.url,
            "oauth_api": server.url,
            **config,
        }
        made = Bench(server, channel=None)  # type: ignore[arg-type]
        channel = ZaloChannel(ZaloConfig(**whole), made.states.store(), made.clock, link_for=link_for)
        async with channel:
            made.channel = channel
            yield made
