"""How the deadlines of a case lie in its row: as JSON, moments in ISO 8601."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.domain.sla import SlaClock
from bot.domain.sla_run import Run

_MOMENTS = ("since", "warn_at", "due_at")


def clock_to_json(clock: SlaClock) -> dict[str, Any]:
    """Return the clock as plain values that JSON can hold."""
    return {
        "first": _run_to_json(clock.first),
        "next": _run_to_json(clock.next),
        "resolution": _run_to_json(clock.resolution),
        "call": _run_to_json(clock.call),
        "stopped": clock.stopped,
        "asked_for_time": clock.asked_for_time,
        "asked_until": clock.asked_until.isoformat() if clock.asked_until else None,
    }


def clock_from_json(stored: dict[str, Any]) -> SlaClock:
    """Return the clock that `clock_to_json` wrote. Raises KeyError or ValueError for anything else."""
    resolution = _run_from_json(stored["resolution"])
    if resolution is None:
        raise ValueError("a clock without resolution")
    return SlaClock(
        first=_run_from_json(stored["first"]),
        next=_run_from_json(stored["next"]),
        resolution=resolution,
        # Clocks from before there were calls say nothing of them.
        call=_run_from_json(stored.get("call")),
        stopped=bool(stored["stopped"]),
        asked_for_time=bool(stored.get("asked_for_time", False)),
        asked_until=datetime.fromisoformat(stored["asked_until"]) if stored.get("asked_until") else None,
    )


def _run_to_json(run: Run | None) -> dict[str, Any] | None:
    if run is None:
        return None
    moments = {name: getattr(run, name) for name in _MOMENTS}
    return {
        "allowed": run.allowed,
        "spent": run.spent,
        "warned": run.warned,
        "breached": run.breached,
        "fixed": run.fixed,
        **{name: moment.isoformat() if moment else None for name, moment in moments.items()},
    }


def _run_from_json(stored: dict[str, Any] | None) -> Run | None:
    if stored is None:
        return None
    moments = {name: datetime.fromisoformat(stored[name]) if stored[name] else None for name in _MOMENTS}
    return Run(
        allowed=float(stored["allowed"]),
        spent=float(stored["spent"]),
        warned=bool(stored["warned"]),
        breached=bool(stored["breached"]),
        fixed=bool(stored.get("fixed", False)),
        **moments,
    )
