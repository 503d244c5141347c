"""The machine's clock."""

from __future__ import annotations

from datetime import UTC, datetime


class SystemClock:
    """See `bot.services.ports.Clock`."""

    def now(self) -> datetime:
        """Return the present moment in UTC."""
        return datetime.now(UTC)
