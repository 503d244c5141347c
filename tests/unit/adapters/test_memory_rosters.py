"""A roster that remembers gives the answers of one that does not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from bot.adapters.memory.known_roster import KnownRoster
from bot.domain.hours import Block
from bot.domain.shifts import Absence, AbsenceKind, DayException, Roster, Shift

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
START = datetime(2027, 1, 4, tzinfo=UTC)


def test_it_is_found_out_the_same_in_any_order() -> None:
    dice = Random(5)
    blocks = [Block(480, 720), Block(780, 1020), Block(720, 1200), Block(1320, 1800)]
    shifts = tuple(
        Shift(id=n, staff_id=n % 4, weekday=dice.randrange(7), block=dice.choice(blocks), valid_from=date(2027, 1, 1))
        for n in range(24)
    )
    exceptions = (DayException(id=1, staff_id=1, day=date(2027, 1, 6), blocks=()),)
    begins = START + timedelta(days=2)
    absences = (
        Absence(
            id=1,
            staff_id=2,
            kind=AbsenceKind.LEAVE,
            start_at=begins + timedelta(hours=3),
            end_at=begins + timedelta(days=2),
        ),
    )
    plain, known = (kind(ZONE, shifts, exceptions, absences) for kind in (Roster, KnownRoster))
    for _ in range(3_000):
        at, person = START + timedelta(minutes=dice.randrange(10 * 24 * 60)), dice.randrange(5)
        assert known.shift_end(person, at) == plain.shift_end(person, at), (person, at)
        assert known.rostered(person, at) == plain.rostered(person, at), (person, at)
    assert known == KnownRoster(ZONE, shifts, exceptions, absences)
