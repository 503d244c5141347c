"""What a number in Zalo's ``error`` field means for the sender, and for the channel as a whole.

Errors arrive with HTTP 200. The words beside the number are Zalo's own and change; only the number is branched on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.domain.channel_status import ChannelStatus
from bot.services.ports_channel import ChannelError, RateLimited, RecipientGone, Rejected, Unreachable

TOKEN_CODES: Final = frozenset({-216, -220})
"""The access token is wrong or has run out: get another one and try once more."""

_RATE: Final = -32
_QUOTA: Final = -211

_CONFIGURATION: Final[Mapping[int, str]] = {
    -204: "account_deleted",
    -205: "account_unknown",
    -209: "app_not_activated",
    -212: "api_not_registered",
    -219: "app_removed",
    -221: "account_not_verified",
    -223: "permission_missing",
    -224: "package_missing",
    -235: "api_not_for_this_account",
    -242: "app_secret_proof_missing",
    -320: "app_not_linked_to_billing",
    -321: "billing_balance_empty",
}
_GONE: Final[Mapping[int, str]] = {
    -213: "not_following",
    -217: "invitation_blocked",
    -218: "recipient_limit_reached",
    -227: "recipient_banned_or_inactive",
    -230: "seven_days_over",
    -232: "no_interaction",
    -244: "recipient_restricts_messages",
}
_PAYLOAD: Final[Mapping[int, str]] = {
    -100: "attachment_expired",
    -200: "sending_failed",
    -201: "field_invalid",
    -210: "too_long",
    -233: "type_not_supported",
    -234: "not_at_night",
    -248: "against_policy",
}


@dataclass(frozen=True, kw_only=True)
class Failure:
    """An error for the sender; ``status`` is set when it concerns the channel and not one message."""

    error: ChannelError
    status: ChannelStatus | None = None


def failure(code: int, words: str, *, wait: float) -> Failure:
    """Return what an error means; ``wait`` is how many seconds to pause after a rate limit.

    Error texts begin with a stable code in snake case, followed by Zalo's number and words.
    """
    if code == _RATE:
        limited = RateLimited(wait, whole_channel=True)
        return Failure(error=limited, status=ChannelStatus.degraded("rate_limited", words))
    if code == _QUOTA:
        # Nothing was sent and nothing is wrong with the message: it is tried again while somebody buys quota.
        said = f"quota_used_up ({code} {words})"
        return Failure(error=Unreachable(said), status=ChannelStatus.degraded("quota_used_up", words))
    if code in _CONFIGURATION:
        reason = _CONFIGURATION[code]
        return Failure(error=Rejected(f"{reason} ({code} {words})"), status=ChannelStatus.refused(reason, words))
    if code in _GONE:
        return Failure(error=RecipientGone(f"{_GONE[code]} ({code} {words})"))
    return Failure(error=Rejected(f"{_PAYLOAD.get(code, 'refused_by_zalo')} ({code} {words})"))
