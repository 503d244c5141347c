"""A conversation and its floor: exactly one may speak to the customer at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.domain.copies import altered
from bot.domain.errors import AlreadyTaken
from bot.domain.messages import Channel


class Speaker(StrEnum):
    """Who may hold a floor. ``outside``: a person answers in the channel's own application, so nobody here may."""

    BOT = "bot"
    STAFF = "staff"
    OUTSIDE = "outside"


@dataclass(frozen=True, kw_only=True)
class Floor:
    """The right to speak. ``version`` grows with every change and fences out whoever read an older one."""

    speaker: Speaker = Speaker.BOT
    staff_id: int | None = None
    version: int = 0

    def lets_bot_speak(self, read: Floor) -> bool:
        """Tell whether the bot may say what it made of the floor that it ``read``: it has it, and had it all the while.

        Somebody may have spoken and given the floor back meanwhile; the version knows.
        """
        return self.speaker is Speaker.BOT and self.version == read.version

    def taken_by(self, staff_id: int) -> Floor:
        """Return the floor after a staff member takes it.

        Raises:
            AlreadyTaken: another staff member holds it.
        """
        if self.speaker is Speaker.STAFF and self.staff_id != staff_id:
            raise AlreadyTaken(self.staff_id)
        if self.speaker is Speaker.STAFF:
            return self
        return Floor(speaker=Speaker.STAFF, staff_id=staff_id, version=self.version + 1)

    def passed_to(self, staff_id: int) -> Floor:
        """Return the floor after it is handed to a staff member, whoever held it (transfer, a manager stepping in)."""
        return Floor(speaker=Speaker.STAFF, staff_id=staff_id, version=self.version + 1)

    def taken_outside(self) -> Floor:
        """Return the floor after a person answered outside; a staff member who holds it here keeps it."""
        if self.speaker is not Speaker.BOT:
            return self
        return Floor(speaker=Speaker.OUTSIDE, version=self.version + 1)

    def given_back(self) -> Floor:
        """Return the floor after the bot has it again."""
        if self.speaker is Speaker.BOT:
            return self
        return Floor(version=self.version + 1)


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """One customer on one channel. ``dialogue`` is the engine's own state, opaque here, ``None`` at first."""

    id: int
    customer_id: int
    channel: Channel
    chat: str
    floor: Floor
    created_at: datetime
    language: str = "vi"
    dialogue: dict[str, Any] | None = None
    customer_name: str | None = None
    last_inbound_at: datetime | None = None
    reachable: bool = True

    def with_floor(self, floor: Floor) -> Conversation:
        """Return the conversation with another floor."""
        return altered(self, floor=floor)
