"""Everything that one Official Account needs to be told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from bot.adapters.channels.zalo.http import CALL_SECONDS

DEFAULT_API: Final = "https://openapi.zalo.me"
DEFAULT_OAUTH_API: Final = "https://oauth.zaloapp.com"


@dataclass(frozen=True, kw_only=True)
class ZaloConfig:
    """One application, one account.

    Three secrets that look alike: ``app_secret`` (the application's settings page) gets tokens, ``oa_secret`` (its
    webhook page) signs webhooks, ``refresh_token`` (the permission page) is the first link of a chain of tokens.

    ``buttons`` sends choices as a template, which Zalo documents for resellers only; a refusal falls back to numbered
    text. ``charged`` allows messages between 48 hours and 7 days after the customer's last one, which cost quota or
    money. ``proof`` adds ``appsecret_proof``, for applications that have it switched on.
    """

    app_id: str
    app_secret: str = field(repr=False)
    oa_secret: str = field(repr=False)
    refresh_token: str = field(repr=False)
    api: str = DEFAULT_API
    oauth_api: str = DEFAULT_OAUTH_API
    buttons: bool = False
    charged: bool = True
    proof: bool = False
    call_seconds: float = CALL_SECONDS
