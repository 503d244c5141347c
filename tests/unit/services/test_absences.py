"""Breaks where the roster alone does not say who is there: colleagues beyond their hours, and without any."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.hours import Block
from bot.domain.shifts import Absence
from bot.domain.staff import StaffMember
from bot.services.absences import Uncovers, Wish
from bot.simulation.agenda import run
from tests.unit.services.virtual_house import NINE, VirtualHouse

DESK = "reception"
BREAK = timedelta(minutes=20)


class Manned(VirtualHouse):
    """Minh of the reception is planned from eight to five on this Monday; it is nine."""

    def __init__(self) -> None:
        super().__init__()
        self.minh = self.planned("Minh", 8, 17)

    def planned(self, name: str, start: int, end: int) -> StaffMember:
        """Somebody of the reception with planned hours comes on duty."""
        person = self.staff(name, DESK)

        async def plan() -> None:
            async with self.house.store.begin() as uow:
                block = Block(start * 60, end * 60)
                await uow.rosters.add_shift(person.id, 0, block, NINE.date(), None)

        run(plan())
        return person

    def rests(self, cover: StaffMember | None = None) -> Absence:
        """Minh begins a break."""
        cover_id = cover.id if cover is not None else None
        return run(self.house.crew.absences.take_break(self.minh, 20, cover_id=cover_id))


def test_a_break_leaves_the_desk_to_nobody() -> None:
    at = Manned()
    at.leaves(at.planned("Lan", 6, 8))
    at.passes(timedelta(minutes=10))
    with pytest.raises(Uncovers) as refused:
        at.rests()
    assert refused.value.covers == []


@pytest.mark.parametrize("named", [False, True])
def test_a_break_is_granted_where_a_colleague_works_overtime(named: bool) -> None:
    at = Manned()
    lan = at.planned("Lan", 6, 8)
    assert at.rests(lan if named else None).end_at == at.now + BREAK


def test_a_break_is_granted_where_a_colleague_without_hours_is_on_duty() -> None:
    at = Manned()
    at.staff("Lan", DESK)
    assert at.rests().end_at == at.now + BREAK


def test_whoever_leads_and_is_there_without_hours_may_stand_in_by_name() -> None:
    at = Manned()
    son = at.leads("Sơn")
    with pytest.raises(Uncovers) as refused:
        at.rests()
    assert [one.id for one in refused.value.covers] == [son.id]
    assert at.rests(son).cover_id == son.id


def test_the_last_one_there_in_overtime_may_not_go_as_well_unless_somebody_stands_in() -> None:
    at = Manned()
    lan = at.planned("Lan", 6, 8)
    at.rests()
    at.minh = lan
    with pytest.raises(Uncovers):
        at.rests()
    assert at.rests(at.leads("Sơn")).staff_id == lan.id


def test_leave_stays_as_planned() -> None:
    at = Manned()
    at.planned("Lan", 6, 8)
    with pytest.raises(Uncovers):
        run(at.house.crew.absences.take_leave(at.minh, Wish(start_at=at.now, end_at=at.now + BREAK)))
