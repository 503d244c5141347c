"""The way in by webhook: what the route has to check, and what it may answer with.

Telegram repeats an update until it gets a 2xx, so the route answers only after the update is stored.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable
from typing import Any, Final

from telegram.error import TelegramError

from bot.adapters.channels.telegram.client import ALLOWED_UPDATES, TelegramClient
from bot.adapters.channels.telegram.status import trouble
from bot.domain.arrivals import Arrival
from bot.domain.channel_status import ChannelStatus

SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{1,256}")


def verify(headers: Iterable[tuple[str, str]], secret: str | None) -> bool:
    """Return whether a request comes from Telegram: exactly one secret header, and it is ours.

    ``headers`` are all pairs of the request, repeated ones included. Without a configured secret the door is shut.
    """
    given = [value for name, value in headers if name.lower() == SECRET_HEADER.lower()]
    if not secret or len(given) != 1:
        return False
    return hmac.compare_digest(given[0].encode("utf-8", "surrogateescape"), secret.encode())


async def register(client: TelegramClient, url: str, secret: str | None) -> ChannelStatus:
    """Tell Telegram where to deliver, and how to prove that it is Telegram. Pending updates are kept.

    Never raises for what the platform or the network does: what went wrong is in the status that it returns.
    """
    if not secret or not _SECRET.fullmatch(secret):
        return ChannelStatus.refused("webhook_secret", "1 to 256 letters, digits, _ or - are due")
    try:
        await client.bot.set_webhook(
            url, secret_token=secret, allowed_updates=ALLOWED_UPDATES, drop_pending_updates=False
        )
    except TelegramError as error:
        return trouble(error)
    return ChannelStatus.ok()


async def inspect(client: TelegramClient, url: str) -> ChannelStatus:
    """Ask Telegram whether it reaches us: it tells nobody else when it does not."""
    try:
        info = await client.bot.get_webhook_info()
    except TelegramError as error:
        return trouble(error)
    if info.url != url:
        return ChannelStatus.refused("webhook_elsewhere", "another address is registered for this bot")
    if info.pending_update_count and info.last_error_message:
        return ChannelStatus.degraded("webhook_failing", info.last_error_message)
    return ChannelStatus.ok()


def reply(arrival: Arrival) -> dict[str, Any] | None:
    """Return the JSON to answer a stored update with, ``None`` for a plain 200.

    Telegram carries out a method that stands in the answer, so a pressed button stops spinning without a call.
    """
    query = callback_query(arrival)
    return None if query is None else {"method": "answerCallbackQuery", "callback_query_id": query}


def callback_query(arrival: Arrival) -> str | None:
    """Return the id of the press that an arrival is, ``None`` when it is something else."""
    query = arrival.payload.get("callback_query")
    query_id = query.get("id") if isinstance(query, dict) else None
    return query_id if isinstance(query_id, str) else None
