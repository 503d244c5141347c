"""A look at who is there, and the same look a moment later."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.company import RoleId
from bot.domain.presence import Presence
from bot.domain.shifts import Roster
from bot.services.attendance import Attendance
from tests.unit.domain.roster_world import HANOI, at, person


def test_a_look_of_a_moment_later_counts_nobody_anew() -> None:
    now = at("2027-01-04T09:00")
    people = [(person(1, "sales"), Presence.ON_DUTY), (person(2, "sales"), Presence.AWAY)]
    look = Attendance.of(now, people, Roster(HANOI, ()))
    later = look.again(now + timedelta(seconds=5))
    assert later.at == now + timedelta(seconds=5)
    assert (later.on_duty, later.working) == ([people[0][0]], {"sales": 2})
    # The hall that is built on these people is kept while they are the very same list.
    assert later.on_duty is look.on_duty
    gone = look.without(frozenset({1})).again(now)
    assert (gone.on_duty, set(gone.serving), set(gone.members)) == ([], set(), {"sales"})


def test_management_is_staffed_by_those_who_lead_alone() -> None:
    secretary, head = person(1, "management"), person(2, "sales", role=RoleId.MANAGER)
    roster = Roster(HANOI, ())
    alone = Attendance.of(at("2027-01-04T09:00"), [(secretary, Presence.ON_DUTY)], roster)
    assert (alone.working.get("management", 0), alone.serving.get("management", 0)) == (0, 0)
    led = Attendance.of(at("2027-01-04T09:00"), [(head, Presence.ON_DUTY)], roster)
    assert (led.working, led.serving) == ({"sales": 1, "management": 1}, {"sales": 1, "management": 1})
