"""What a webhook route needs to know of its channel: how to tell a genuine call, and how to read it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from multidict import MultiMapping

from bot.adapters.channels.zalo.door import Checked
from bot.domain.arrivals import Arrival
from bot.domain.messages import Channel


@dataclass(frozen=True, kw_only=True)
class WebhookDoor:
    """One channel's webhook.

    ``check`` takes the raw body and every header as it came, repeated ones included. ``read`` turns the payload of a
    genuine call into what is stored. ``reply`` gives the JSON of the acknowledgement, ``None`` for a plain one.
    """

    check: Callable[[bytes, MultiMapping[str]], Checked]
    read: Callable[[Mapping[str, Any]], Arrival]
    reply: Callable[[Arrival], dict[str, Any] | None] | None = None


@dataclass(frozen=True, kw_only=True)
class WebhookDoors:
    """The webhooks by channel; a channel that is absent is switched off, and its door answers that it is shut."""

    by_channel: Mapping[Channel, WebhookDoor] = field(default_factory=dict)
