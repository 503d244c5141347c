"""Rate limits at the public doors, in memory: they protect this process, not a count that anybody relies on."""

from __future__ import annotations

import ipaddress
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping
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
class Places:
    """How many streams may be open at once: of one reader (by the kind before the colon), and in all."""

    each: Mapping[str, int]
    total: int
    _open: Counter[str] = field(default_factory=Counter)

    def enter(self, reader: str) -> bool:
        """Take a place; false when there is none."""
        if self._open.total() >= self.total or self._open[reader] >= self.each[reader.partition(":")[0]]:
            return False
        self._open[reader] += 1
        return True

    def leave(self, reader: str) -> None:
        """Give a place back."""
        self._open[reader] -= 1
        if not self._open[reader]:
            del self._open[reader]


@dataclass
class Limits:
    """The limits of the public doors.

    Those of a network are wide: a school or a mobile carrier is one network, and behind a proxy everybody is.
    """

    sessions: Bucket = field(default_factory=lambda: Bucket(rate=20, burst=200))
    messages: Bucket = field(default_factory=lambda: Bucket(rate=1, burst=40))
    messages_of_network: Bucket = field(default_factory=lambda: Bucket(rate=100, burst=1_000))
    uploads: Bucket = field(default_factory=lambda: Bucket(rate=0.2, burst=10))
    uploads_of_network: Bucket = field(default_factory=lambda: Bucket(rate=5, burst=100))
    typing: Bucket = field(default_factory=lambda: Bucket(rate=1, burst=10))
    logins: Bucket = field(default_factory=lambda: Bucket(rate=2, burst=30))
    streams: Places = field(default_factory=lambda: Places(each={"visitor": 8, "staff": 16}, total=2_000))


def network_of(remote: str | None) -> str:
    """Return the /24 or /64 of an address: one household or one attacker, not one port of theirs.

    An IPv4 address that came in through an IPv6 socket (``::ffff:1.2.3.4``) is the IPv4 address.
    """
    try:
        address = ipaddress.ip_address((remote or "").partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or address
    prefix = 24 if address.version == 4 else 64
    return str(ipaddress.ip_network(f"{address}/{prefix}", strict=False))
