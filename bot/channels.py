"""Opens the channels that the environment configures. An unset channel is off, and its door is shut."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bot.domain.channel_status import ChannelStatus
from bot.domain.messages import Channel
from bot.services.intake import Intake
from bot.services.ports import ChannelPort, Clock, Store
from bot.settings import Settings
from bot.web.webhook_doors import WebhookDoors


@dataclass
class Channels:
    """The open channels with their webhooks and loops, and how each stands."""

    ports: dict[Channel, ChannelPort] = field(default_factory=dict)
    doors: WebhookDoors = field(default_factory=WebhookDoors)
    loops: dict[str, Callable[[], Coroutine[Any, Any, None]]] = field(default_factory=dict)
    statuses: dict[Channel, Callable[[], ChannelStatus]] = field(default_factory=dict)

    def status(self, channel: Channel) -> ChannelStatus:
        """Return how a channel stands now."""
        ask = self.statuses.get(channel)
        return ask() if ask is not None else ChannelStatus.off()


async def open_channels(
    settings: Settings,
    stack: AsyncExitStack,
    *,
    store: Store,
    clock: Clock,
    session: aiohttp.ClientSession,
    intake: Intake,
) -> Channels:
    """Open what is configured; resources are closed with the stack."""
    return Channels()
