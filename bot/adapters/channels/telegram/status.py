"""What a failed call says about the channel as a whole."""

from __future__ import annotations

from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, TelegramError

from bot.adapters.channels.telegram.client import TelegramClient
from bot.adapters.channels.telegram.request import Flooded
from bot.domain.channel_status import ChannelStatus


def trouble(error: TelegramError) -> ChannelStatus:
    """Return the state of the channel after a failed call that concerned no single chat."""
    match error:
        case InvalidToken() | Forbidden():
            return ChannelStatus.refused("invalid_token", error.message)
        case Conflict():
            return ChannelStatus.refused("conflict", error.message)
        case BadRequest():
            return ChannelStatus.refused("bad_request", error.message)
        case Flooded():
            return ChannelStatus.degraded("rate_limited", error.message)
        case _:
            return ChannelStatus.degraded("unreachable", error.message)


async def identify(client: TelegramClient) -> tuple[ChannelStatus, str | None]:
    """Return whether the token works, and the bot's user name (``t.me/NAME`` opens a chat with it)."""
    try:
        me = await client.bot.get_me()
    except TelegramError as error:
        return trouble(error), None
    return ChannelStatus.ok(), me.username
