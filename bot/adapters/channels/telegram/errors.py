"""Errors of the Bot API in the words of the house: what must the sender do now?"""

from __future__ import annotations

from typing import Final

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    TelegramError,
)

from bot.adapters.channels.telegram.request import Flooded, NotSent
from bot.services.ports_channel import ChannelError, OutcomeUnknown, RateLimited, RecipientGone, Rejected, Unreachable

_GONE: Final = ("chat not found", "user not found", "peer_id_invalid", "user is deactivated")


def delivery_error(error: TelegramError) -> ChannelError:
    """Return what a failed delivery means. What nobody can tell is `OutcomeUnknown`, so it is never sent twice."""
    meaning: ChannelError
    match error:
        case Flooded():
            meaning = RateLimited(error.seconds, whole_channel=False)
        case Forbidden():
            meaning = RecipientGone(error.message)
        case InvalidToken():
            meaning = Rejected(f"Telegram does not accept the bot token: {error.message}")
        case BadRequest() if any(sign in error.message.lower() for sign in _GONE):
            meaning = RecipientGone(error.message)
        case BadRequest() | ChatMigrated() | Conflict() | EndPointNotFound():
            meaning = Rejected(error.message)
        case NotSent():
            meaning = Unreachable(error.message)
        case _:
            meaning = OutcomeUnknown(error.message)
    return meaning


def lookup_error(error: TelegramError) -> ChannelError:
    """Return what a failed question means: asking again does no harm, so nothing is unknown."""
    meaning = delivery_error(error)
    return Unreachable(str(meaning)) if isinstance(meaning, OutcomeUnknown | RateLimited) else meaning
