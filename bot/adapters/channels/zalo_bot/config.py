"""Everything that one bot of the Zalo Bot Platform needs to be told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from bot.adapters.channels.zalo.http import CALL_SECONDS

DEFAULT_API: Final = "https://bot-api.zaloplatforms.com"


@dataclass(frozen=True, kw_only=True)
class ZaloBotConfig:
    """One bot.

    ``token`` is static, ``<id>:<secret>``; ``secret`` (8 to 256 characters) comes back in a header of each webhook.
    ``call_seconds`` limits one call.
    """

    token: str = field(repr=False)
    secret: str = field(repr=False)
    api: str = DEFAULT_API
    call_seconds: float = CALL_SECONDS
