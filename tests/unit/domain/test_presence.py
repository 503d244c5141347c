"""Presence, by table: switch, roster, breaks, leave, overtime and signs of life."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.presence import Presence, presence, steady_until
from bot.domain.shifts import AbsenceKind, Roster
from bot.domain.staff import StaffMember
from tests.unit.domain.roster_world import HANOI, absence, at, day_off, every_day, person

LAN, MINH, HOA = 1, 2, 3
HEARTBEAT = timedelta(minutes=5)
ROSTER = Roster(
    HANOI,
    (
        *every_day(LAN, "08:00-12:00"),
        *every_day(LAN, "13:00-17:00"),
        *every_day(MINH, "22:00-06:00+1"),
    ),
    (day_off(LAN, "2026-08-26"),),
    (
        absence(LAN, at("2026-08-24T10:00"), at("2026-08-24T10:15")),
        absence(LAN, at("2026-08-24T11:00"), at("2026-08-24T11:30")).ended(at("2026-08-24T11:10")),
        absence(LAN, at("2026-08-27T00:00"), at("2026-08-28T00:00"), AbsenceKind.LEAVE),
        absence(HOA, at("2026-08-24T10:00"), at("2026-08-24T10:15")),
        absence(HOA, at("2026-08-27T00:00"), at("2026-08-28T00:00"), AbsenceKind.LEAVE),
    ),
)
ON, BREAK, AWAY, OFF = Presence.ON_DUTY, Presence.ON_BREAK, Presence.AWAY, Presence.OFF


def staff(staff_id: int, switched: str | None, **more: object) -> StaffMember:
    return person(staff_id, "sales", switched_at=None if switched is None else at(switched), **more)


def seen(one: StaffMember, moment: str, now: str) -> Presence:
    """Presence of somebody who shows a sign of life right now."""
    values = {**vars(one), "seen_at": at(now)}
    return presence(StaffMember(**values), ROSTER, at(moment), HEARTBEAT)


@pytest.mark.parametrize(
    ("staff_id", "switched", "moment", "expected"),
    [
        # In the shift, and in the lunch break between its two blocks.
        (LAN, "2026-08-24T07:58", "2026-08-24T09:00", ON),
        (LAN, "2026-08-24T07:58", "2026-08-24T12:00", OFF),
        (LAN, "2026-08-24T07:58", "2026-08-24T13:00", ON),
        (LAN, None, "2026-08-24T13:00", ON),
        # Early, late, and a switch that was left on.
        (LAN, "2026-08-24T07:30", "2026-08-24T07:45", ON),
        (LAN, "2026-08-24T07:58", "2026-08-24T17:00", OFF),
        (LAN, "2026-08-24T17:00", "2026-08-24T18:00", ON),
        (LAN, "2026-08-24T17:05", "2026-08-24T18:00", ON),
        (LAN, "2026-08-21T07:58", "2026-08-23T10:00", OFF),
        (LAN, None, "2026-08-24T18:00", OFF),
        # Breaks: planned, ended early.
        (LAN, "2026-08-24T07:58", "2026-08-24T10:00", BREAK),
        (LAN, "2026-08-24T07:58", "2026-08-24T10:15", ON),
        (LAN, "2026-08-24T07:58", "2026-08-24T11:09", BREAK),
        (LAN, "2026-08-24T07:58", "2026-08-24T11:10", ON),
        # A day off may still be worked, a day of leave may not.
        (LAN, "2026-08-25T07:58", "2026-08-26T09:00", OFF),
        (LAN, "2026-08-26T08:30", "2026-08-26T09:00", ON),
        (LAN, "2026-08-27T08:30", "2026-08-27T09:00", OFF),
        # Nights.
        (MINH, "2026-08-24T21:58", "2026-08-25T03:00", ON),
        (MINH, "2026-08-24T21:58", "2026-08-25T06:00", OFF),
        (MINH, "2026-08-28T21:58", "2026-08-29T05:59", ON),
        # Nobody has planned hours for Hoa.
        (HOA, "2026-08-22T08:00", "2026-08-24T03:00", ON),
        (HOA, None, "2026-08-24T03:00", ON),
        (HOA, "2026-08-22T08:00", "2026-08-24T10:05", BREAK),
        (HOA, "2026-08-27T08:00", "2026-08-27T10:05", OFF),
    ],
)
def test_presence(staff_id: int, switched: str | None, moment: str, expected: Presence) -> None:
    assert seen(staff(staff_id, switched), moment, moment) is expected
    assert seen(staff(staff_id, switched, on_duty=False), moment, moment) is OFF
    assert seen(staff(staff_id, switched, active=False), moment, moment) is OFF


@pytest.mark.parametrize(
    ("last_sign", "expected"),
    [
        ("2026-08-24T09:00", ON),
        ("2026-08-24T08:55", ON),
        ("2026-08-24T08:54:59", AWAY),
        ("2026-08-23T09:00", AWAY),
        # The clock jumped back an hour: the last sign lies ahead of now.
        ("2026-08-24T10:00", ON),
    ],
)
def test_signs_of_life(last_sign: str, expected: Presence) -> None:
    assert seen(staff(LAN, "2026-08-24T07:58"), "2026-08-24T09:00", last_sign) is expected


def test_who_was_never_seen_is_away_where_expected_and_off_where_not() -> None:
    lan = staff(LAN, "2026-08-24T07:58")
    assert presence(lan, ROSTER, at("2026-08-24T09:00"), HEARTBEAT) is AWAY
    assert presence(lan, ROSTER, at("2026-08-24T10:05"), HEARTBEAT) is BREAK
    assert presence(lan, ROSTER, at("2026-08-24T17:30"), HEARTBEAT) is OFF


def test_a_clock_that_jumps_back_over_the_switch_keeps_overtime() -> None:
    assert seen(staff(LAN, "2026-08-24T18:30"), "2026-08-24T17:40", "2026-08-24T18:35") is ON


def test_new_people_may_start_before_their_first_shift() -> None:
    assert (
        presence(person(9, "sales", seen_at=at("2026-08-24T09:00")), Roster(HANOI), at("2026-08-24T09:00"), HEARTBEAT)
        is ON
    )


@pytest.mark.parametrize("seen", [None, "2026-08-24T09:00", "2026-09-01T00:00"])
@pytest.mark.parametrize("staff_id", [LAN, MINH, HOA])
def test_nothing_changes_before_it_is_said_to(staff_id: int, seen: str | None) -> None:
    one = staff(staff_id, "2026-08-24T07:58", seen_at=None if seen is None else at(seen))
    start, until, before = at("2026-08-24T06:00"), at("2026-08-24T06:00"), None
    changes = 0
    for minute in range(5 * 24 * 60):
        now = start + timedelta(minutes=minute)
        found = presence(one, ROSTER, now, HEARTBEAT)
        if now >= until:
            changes += found is not before
            until, before = steady_until(one, ROSTER, now, HEARTBEAT), found
        assert found is before, (now, until)
    assert changes < 50, "it is not asked anew all the time"


def test_an_account_that_is_off_stays_so() -> None:
    one = staff(LAN, "2026-08-24T07:58", on_duty=False)
    assert steady_until(one, ROSTER, at("2026-08-24T09:00"), HEARTBEAT) > at("2036-08-24T09:00")
