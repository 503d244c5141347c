"""Opens the channels that the environment configures. An unset channel is off, and its door is shut."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import structlog
from multidict import MultiMapping

from bot.adapters.channels.strict_json import MalformedJson, read_object
from bot.adapters.channels.telegram import webhook as telegram_webhook
from bot.adapters.channels.telegram.client import TelegramClient
from bot.adapters.channels.telegram.offset import PollOffset
from bot.adapters.channels.telegram.parse import salvage_update
from bot.adapters.channels.telegram.polling import TelegramPoller
from bot.adapters.channels.telegram.sender import TelegramChannel
from bot.adapters.channels.zalo import parse as zalo_parse
from bot.adapters.channels.zalo.config import ZaloConfig
from bot.adapters.channels.zalo.door import Checked
from bot.adapters.channels.zalo.sender import ZaloChannel
from bot.adapters.channels.zalo.signature import SignatureCheck
from bot.adapters.channels.zalo_bot import parse as zalo_bot_parse
from bot.adapters.channels.zalo_bot import secret as zalo_bot_secret
from bot.adapters.channels.zalo_bot.config import ZaloBotConfig
from bot.adapters.channels.zalo_bot.sender import ZaloBotChannel
from bot.domain.arrivals import Arrival
from bot.domain.channel_status import ChannelHealth, ChannelStatus
from bot.domain.messages import Channel
from bot.services.intake import Intake
from bot.services.ports import Clock, Store
from bot.services.ports_channel import ChannelPort
from bot.settings import Settings
from bot.web.webhook_doors import WebhookDoor, WebhookDoors
from bot.web.webhooks import accept_counted
from bot.workers.loops import PeriodicLoop

log = structlog.get_logger(__name__)

REGISTER_SECONDS = 30.0
TEND_SECONDS = 3600.0
RESTART_SECONDS = 2.0

Loop = Callable[[], Coroutine[Any, Any, None]]


@dataclass
class Channels:
    """The open channels with their webhooks and loops, and how each stands."""

    ports: dict[Channel, ChannelPort] = field(default_factory=dict)
    webhooks: dict[Channel, WebhookDoor] = field(default_factory=dict)
    loops: dict[str, Loop] = field(default_factory=dict)
    statuses: dict[Channel, Callable[[], ChannelStatus]] = field(default_factory=dict)

    @property
    def doors(self) -> WebhookDoors:
        """The webhooks, for the web."""
        return WebhookDoors(by_channel=self.webhooks)

    def status(self, channel: Channel) -> ChannelStatus:
        """Return how a channel stands now."""
        ask = self.statuses.get(channel)
        return ask() if ask is not None else ChannelStatus.off()


async def open_channels(
    settings: Settings, stack: AsyncExitStack, *, store: Store, clock: Clock, intake: Intake
) -> Channels:
    """Open what is configured; resources are closed with the stack."""
    channels = Channels()
    await _telegram(channels, settings, stack, store, clock, intake)
    await _zalo(channels, settings, stack, store, clock)
    await _zalo_bot(channels, settings, stack)
    return channels


async def _telegram(
    channels: Channels, settings: Settings, stack: AsyncExitStack, store: Store, clock: Clock, intake: Intake
) -> None:
    if settings.telegram_token is None:
        return
    client = await stack.enter_async_context(
        TelegramClient(settings.telegram_token.get_secret_value(), api=settings.telegram_api)
    )
    channels.ports[Channel.TELEGRAM] = TelegramChannel(client, clock)
    if settings.telegram_mode == "webhook":
        _telegram_webhook(channels, settings, client)
    else:
        _telegram_polling(channels, client, PollOffset(store, clock, client.bot_id), intake)


def _telegram_polling(channels: Channels, client: TelegramClient, offset: PollOffset, intake: Intake) -> None:
    async def accept(arrivals: Sequence[Arrival]) -> None:
        for arrival in arrivals:
            await accept_counted(intake, Channel.TELEGRAM, arrival)

    poller = TelegramPoller(client, accept, offset)

    async def poll() -> None:
        await poller.run(asyncio.Event())

    channels.statuses[Channel.TELEGRAM] = lambda: poller.status
    # The poller lets failures of the store through with nothing confirmed: running it again repeats the batch.
    channels.loops["telegram"] = PeriodicLoop("telegram", RESTART_SECONDS, poll).run


def _telegram_webhook(channels: Channels, settings: Settings, client: TelegramClient) -> None:
    secret = settings.telegram_secret.get_secret_value() if settings.telegram_secret else None

    def check(raw: bytes, headers: MultiMapping[str]) -> Checked:
        if secret is None:
            return Checked.shut()
        if not telegram_webhook.verify(headers.items(), secret):
            return Checked.refused("wrong_secret")
        try:
            return Checked.ok(read_object(raw))
        except MalformedJson as failure:
            log.info("telegram_unreadable", reason=str(failure))
            return Checked.refused("malformed")

    channels.webhooks[Channel.TELEGRAM] = WebhookDoor(check=check, read=salvage_update, reply=telegram_webhook.reply)
    known = _Known(ChannelStatus.degraded("starting"))
    channels.statuses[Channel.TELEGRAM] = lambda: known.status
    if settings.public_url is None:
        known.status = ChannelStatus.refused("public_url_missing")
        return
    url = f"{settings.public_url.rstrip('/')}/webhooks/telegram"

    async def tend() -> None:
        if known.status.health is ChannelHealth.OK:
            known.status = await telegram_webhook.inspect(client, url)
        else:
            known.status = await telegram_webhook.register(client, url, secret)

    channels.loops["telegram"] = PeriodicLoop("telegram", REGISTER_SECONDS, tend).run


async def _zalo(channels: Channels, settings: Settings, stack: AsyncExitStack, store: Store, clock: Clock) -> None:
    if settings.zalo_app_id is None:
        return
    if settings.zalo_app_secret is None or settings.zalo_refresh_token is None:
        # What could not be answered is not let in: the door stays shut.
        channels.statuses[Channel.ZALO] = lambda: ChannelStatus.refused("secrets_missing")
        return
    oa_secret = settings.zalo_oa_secret.get_secret_value() if settings.zalo_oa_secret else None
    signature = SignatureCheck(settings.zalo_app_id, oa_secret)
    channels.webhooks[Channel.ZALO] = WebhookDoor(check=signature.check, read=zalo_parse.parse)
    zalo = await stack.enter_async_context(
        ZaloChannel(
            ZaloConfig(
                app_id=settings.zalo_app_id,
                app_secret=settings.zalo_app_secret.get_secret_value(),
                oa_secret=oa_secret or "",
                refresh_token=settings.zalo_refresh_token.get_secret_value(),
                api=settings.zalo_api,
                oauth_api=settings.zalo_oauth_api,
            ),
            store,
            clock,
        )
    )
    channels.ports[Channel.ZALO] = zalo
    shut = ChannelStatus.refused("oa_secret_missing")
    channels.statuses[Channel.ZALO] = lambda: zalo.status if oa_secret else shut
    channels.loops["zalo"] = PeriodicLoop("zalo", TEND_SECONDS, zalo.tend).run


async def _zalo_bot(channels: Channels, settings: Settings, stack: AsyncExitStack) -> None:
    if settings.zalo_bot_token is None:
        return
    secret = settings.zalo_bot_secret.get_secret_value() if settings.zalo_bot_secret else None

    def check(raw: bytes, headers: MultiMapping[str]) -> Checked:
        return zalo_bot_secret.check(raw, headers, secret)

    channels.webhooks[Channel.ZALO_BOT] = WebhookDoor(check=check, read=zalo_bot_parse.parse)
    bot = await stack.enter_async_context(
        ZaloBotChannel(
            ZaloBotConfig(
                token=settings.zalo_bot_token.get_secret_value(), secret=secret or "", api=settings.zalo_bot_api
            )
        )
    )
    channels.ports[Channel.ZALO_BOT] = bot
    shut = ChannelStatus.refused("secret_missing")
    channels.statuses[Channel.ZALO_BOT] = lambda: bot.status if secret else shut
    if settings.public_url is not None and secret:
        url = f"{settings.public_url.rstrip('/')}/webhooks/zalo-bot"
        # The platform forgets nothing, but a bot's address may have changed since; once an hour costs nothing.
        channels.loops["zalo-bot"] = PeriodicLoop("zalo-bot", TEND_SECONDS, lambda: bot.register(url)).run


@dataclass
class _Known:
    """What a webhook's platform last said of itself."""

    status: ChannelStatus
