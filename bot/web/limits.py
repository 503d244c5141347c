"""Rate limits at the public doors, in memory: they protect this process, not a count that anybody relies on."""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

_REMEMBERED = 10_000


@dataclass
class Bucket:
    """Token buckets by key: ``burst`` at once, ``rate`` a second in the long run; keys long unused are dropped."""

    rate: float
    burst: float
    monotonic: Callable[[], float] = time.monotonic
    _levels: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def take(self, key: str) -> float:
        """Take a token; returns 0, or the seconds to wait when there is none."""
        now = self.monotonic()
        level, at = self._levels.pop(key, (self.burst, now))
        level = min(self.burst, level + (now - at) * self.rate)
        allowed = level >= 1
        self._levels[key] = (level - 1 if allowed else level, now)
        if len(self._levels) > _REMEMBERED:
            self._levels.popitem(last=False)
        return 0.0 if allowed else (1 - level) / self.rate


@dataclass
class Limits:
    """The limits of the public doors."""

    sessions: Bucket = field(default_factory=lambda: Bucket(rate=20, burst=200))
    messages: Bucket = field(default_factory=lambda: Bucket(rate=1, burst=40))
    uploads: Bucket = field(default_factory=lambda: Bucket(rate=0.2, burst=10))
    logins: Bucket = field(default_factory=lambda: Bucket(rate=2, burst=30))


def network_of(remote: str | None) -> str:
    """Return the /24 or /64 of an address: one household or one attacker, not one port of theirs."""
    try:
        address = ipaddress.ip_address(remote or "")
    except ValueError:
        return "unknown"
    prefix = 24 if address.version == 4 else 64
    return str(ipaddress.ip_network(f"{address}/{prefix}", strict=False))
