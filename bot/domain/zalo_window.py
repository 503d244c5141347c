"""How long after a customer's last sign of life a Zalo Official Account may write to them, and at whose cost.

Zalo's rule for consultation messages (in force since 2026-01-01): free and unlimited within 48 hours of the last
interaction, from the package's quota or charged up to 7 days, refused afterwards. An interaction is a message to the
account, following it, or pressing its chat button; having read something is not.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

FREE_FOR: Final = timedelta(hours=48)
OPEN_FOR: Final = timedelta(days=7)


class Window(StrEnum):
    """``unknown``: no interaction is on record, so only Zalo can tell."""

    FREE = "free"
    CHARGED = "charged"
    CLOSED = "closed"
    UNKNOWN = "unknown"


def window(last_interaction: datetime | None, now: datetime) -> Window:
    """Return the window at a moment. Both limits belong to the better side: exactly 48 hours is still free.

    An interaction in the future (clocks differ between machines) counts as one of this moment.
    """
    if last_interaction is None:
        return Window.UNKNOWN
    silent_for = now - last_interaction
    if silent_for <= FREE_FOR:
        return Window.FREE
    if silent_for <= OPEN_FOR:
        return Window.CHARGED
    return Window.CLOSED


def closes_at(last_interaction: datetime) -> datetime:
    """Return the last moment at which a message may still be sent."""
    return last_interaction + OPEN_FOR


def charged_from(last_interaction: datetime) -> datetime:
    """Return the last moment at which a message is free."""
    return last_interaction + FREE_FOR
