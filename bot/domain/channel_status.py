"""Whether a channel works, as people and machines are told."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ChannelHealth(StrEnum):
    """How a channel stands.

    ``off``: not set up. ``ok``: messages flow. ``degraded``: it fails now and is tried again without anybody's help.
    ``refused``: the platform turns us away, and only a person can change that.
    """

    OFF = "off"
    OK = "ok"
    DEGRADED = "degraded"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class ChannelStatus:
    """State of a channel with the reason for it.

    ``reason`` is a stable code in snake case (``invalid_token``, ``unreachable``, ...) that screens translate and
    metrics count; ``detail`` is what the platform itself said, for the logs and for whoever mends it.
    """

    health: ChannelHealth
    reason: str = ""
    detail: str = ""

    @classmethod
    def off(cls) -> ChannelStatus:
        """Nothing is configured."""
        return cls(health=ChannelHealth.OFF)

    @classmethod
    def ok(cls) -> ChannelStatus:
        """The last exchange with the platform went well."""
        return cls(health=ChannelHealth.OK)

    @classmethod
    def degraded(cls, reason: str, detail: str = "") -> ChannelStatus:
        """Failing, and tried again."""
        return cls(health=ChannelHealth.DEGRADED, reason=reason, detail=detail)

    @classmethod
    def refused(cls, reason: str, detail: str = "") -> ChannelStatus:
        """Turned away until a person acts."""
        return cls(health=ChannelHealth.REFUSED, reason=reason, detail=detail)
