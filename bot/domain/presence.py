"""Who is there now: the person's own switch, the roster, breaks and leave, and a sign of life."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bot.domain.shifts import AbsenceKind, Roster
from bot.domain.staff import StaffMember

FOREVER = datetime.max.replace(tzinfo=UTC)


class Presence(StrEnum):
    """``away``: should be there, but has shown no sign of life. ``off``: nobody expects this person now."""

    ON_DUTY = "on_duty"
    ON_BREAK = "on_break"
    AWAY = "away"
    OFF = "off"


def presence(staff: StaffMember, roster: Roster, at: datetime, heartbeat: timedelta) -> Presence:
    """Tell whether work may be offered to this person; only ``on_duty`` says yes.

    A switch that was left on when the shift ended means nothing; turned on after that end it is overtime. A sign of
    life that a clock set back puts into the future is a fresh one.
    """
    if not staff.active or not staff.on_duty:
        return Presence.OFF
    kinds = {absence.kind for absence in roster.absent(staff.id, at)}
    if AbsenceKind.LEAVE in kinds:
        return Presence.OFF
    if not roster.flexible(staff.id) and not roster.rostered(staff.id, at) and not _overtime(staff, roster, at):
        return Presence.OFF
    if AbsenceKind.BREAK in kinds:
        return Presence.ON_BREAK
    if staff.seen_at is None or at - staff.seen_at > heartbeat:
        return Presence.AWAY
    return Presence.ON_DUTY


def steady_until(staff: StaffMember, roster: Roster, at: datetime, heartbeat: timedelta) -> datetime:
    """Return until when `presence` at a moment stays what it is, if neither the person nor the roster changes."""
    if not staff.active or not staff.on_duty:
        return FOREVER
    edges = [roster.unchanged_until(staff.id, at)]
    if staff.seen_at is not None and staff.seen_at + heartbeat >= at:
        edges.append(staff.seen_at + heartbeat)
    return min(edges)


def _overtime(staff: StaffMember, roster: Roster, at: datetime) -> bool:
    """Early birds count too: before the first shift of the day they have come after the last one of the day before."""
    if staff.switched_at is None:
        return False
    last = roster.last_end(staff.id, at)
    return last is None or staff.switched_at >= last
