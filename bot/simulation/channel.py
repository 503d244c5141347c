"""The channels of the virtual company: nothing leaves the house through them, and nobody sends files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.arrivals import Happening, Ignored
from bot.domain.messages import Attachment, Channel
from bot.services.ports_channel import ChannelLimits, OutgoingMessage, Rejected


class SimulatedChannel:
    """A channel whose customers fetch what is said, as the web chat's do; see `bot.services.ports_channel`."""

    limits = ChannelLimits(text=2000, buttons=True)
    pulls = True

    def __init__(self, channel: Channel) -> None:
        self.channel = channel

    def parse(self, payload: Mapping[str, Any]) -> Happening:
        """Read nothing: what arrives here is a message, and messages are not read again."""
        return Ignored(reason=f"simulated {sorted(payload)}")

    async def send(self, message: OutgoingMessage) -> str:
        """Refuse: nothing has to be sent."""
        raise Rejected(f"message {message.message_id} of a channel that pulls")

    async def typing(self, chat: str) -> None:
        """Show nothing."""

    async def fetch(self, attachment: Attachment, max_bytes: int) -> tuple[bytes, str]:
        """Refuse: no simulated message has a file."""
        raise Rejected(f"attachment {attachment.id} over {max_bytes}")

    async def display_name(self, chat: str) -> str | None:
        """Return the name that the customer shows."""
        return f"Khách {chat}"


class NoMedia:
    """See `bot.services.fetching.MediaStore`."""

    async def keep(self, attachment: Attachment, content: bytes, mime: str) -> tuple[str, str]:
        """Refuse everything."""
        raise Rejected(f"attachment {attachment.id} of {len(content)} bytes, {mime}")
