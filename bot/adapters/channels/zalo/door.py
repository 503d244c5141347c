"""What a webhook's check says about a request, before anything is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """How to answer.

    ``ok``: genuine, accept it. ``probe``: the platform only asks whether the door is there; answer 200, store nothing.
    ``refused``: not from the platform, or unreadable; store nothing but a count. ``shut``: no secret is configured, so
    nothing can be genuine; answer 503.
    """

    OK = "ok"
    PROBE = "probe"
    REFUSED = "refused"
    SHUT = "shut"


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A verdict; ``payload`` is set for ``ok`` only, ``reason`` (a stable code) for ``refused`` only."""

    verdict: Verdict
    payload: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""

    @classmethod
    def ok(cls, payload: Mapping[str, Any]) -> Checked:
        """Genuine, with what it says."""
        return cls(verdict=Verdict.OK, payload=payload)

    @classmethod
    def probe(cls) -> Checked:
        """A knock on the door, nothing more."""
        return cls(verdict=Verdict.PROBE)

    @classmethod
    def refused(cls, reason: str) -> Checked:
        """Not genuine, or not readable."""
        return cls(verdict=Verdict.REFUSED, reason=reason)

    @classmethod
    def shut(cls) -> Checked:
        """No secret is configured."""
        return cls(verdict=Verdict.SHUT)
