"""What the supervisor must know about one process, and the errors of starting it."""

from __future__ import annotations

import signal
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


class CannotStart(Exception):
    """A part cannot be started until a person changes something; the text tells that person what, in Vietnamese."""


@dataclass(frozen=True, slots=True)
class Account:
    """A system account that a process is lowered to when we are root."""

    name: str
    uid: int
    gid: int


async def _nothing() -> None:
    """Prepare nothing."""


@dataclass(frozen=True, kw_only=True)
class ChildSpec:
    """One process. Nothing of our own environment reaches it but what `env` holds."""

    name: str
    label: str
    """What people call it, in Vietnamese."""
    command: tuple[str, ...]
    env: Mapping[str, str]
    cwd: Path
    account: Account | None = None
    prepare: Callable[[], Awaitable[None]] = field(default=_nothing)
    """Runs before every start. Raises CannotStart or OSError; both count as a death of the part."""
    probe: Callable[[], Awaitable[bool]]
    """Tells whether the process is of use now. Returns within seconds and does not raise."""
    start_limit: float | None = None
    """Seconds until a process that never became ready is killed; None waits as long as it lives."""
    hang_limit: float | None = None
    """Seconds of failing probes after which a process that was ready is killed; None never does."""
    stop_signal: signal.Signals = signal.SIGTERM
    stop_grace: float = 3.0
    """Seconds between the polite signal and SIGKILL."""
    death_signal: signal.Signals = signal.SIGKILL
    """What the kernel sends it when we die without stopping it."""
