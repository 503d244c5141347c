"""Whoever is on the telephone with a customer keeps the case, for as long as a call may take."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.domain.company import Priority
from bot.domain.errors import NotPermitted
from bot.domain.promises import PromiseState
from bot.domain.staff import StaffMember
from bot.services import texts
from bot.services.calling import Calling, CallWritten, NoCall, NotYet
from bot.simulation.agenda import run
from tests.unit.services.virtual_house import VirtualHouse

DESK = "customer_relations"


class Called(VirtualHouse):
    """A case of Lan's whose customer is called in three hours; Sơn leads."""

    def __init__(self) -> None:
        super().__init__()
        self.calling = Calling(self.house.backstage.moves)
        self.lan, self.son = self.staff("Lan", DESK), self.leads("Sơn")
        self.hour = self.now + timedelta(hours=3)
        self.id = self.hands(DESK, "callback", call_at=self.hour).case.id
        run(self.house.desk.claim(self.lan, self.case(self.id).code))

    def until(self, minutes: float) -> None:
        """Let time pass until so many minutes after the hour."""
        self.passes(self.hour + timedelta(minutes=minutes) - self.now)

    def begins(self, who: StaffMember) -> None:
        """Say that one is on the telephone."""
        run(self.calling.calling(who, self.case(self.id).code, call_at=self.hour))

    @property
    def reminded(self) -> int:
        """How often somebody was reminded that a call is to be written down."""
        lines = self.memory.audit[self.case(self.id).code]
        return sum(one.action == "promise.reminded" and one.detail["deadline"] == "call_note" for one in lines)

    @property
    def lans(self) -> bool:
        """Tell whether the case is still Lan's, as normal as it was, and its customer has heard of no other hour."""
        case, promise = self.case(self.id), self.promise(self.id)
        told = any("chưa thực hiện đúng giờ" in one for one in self.said())
        still = promise is not None and promise.due_at == self.hour
        return still and not told and (case.owner_id, case.priority) == (self.lan.id, Priority.NORMAL)


def test_a_call_that_nobody_says_is_made_is_missed_as_ever() -> None:
    at = Called()
    at.until(3)
    assert at.lans
    at.until(5)
    assert not at.lans


@pytest.mark.parametrize("begun", [-15, -1, 0, 3.5])
def test_whoever_calls_keeps_the_case_for_half_an_hour_and_five_minutes(begun: float) -> None:
    at = Called()
    at.until(begun)
    at.begins(at.lan)
    at.until(begun + 29)
    assert at.lans
    assert at.reminded == 0
    at.until(begun + 34)
    assert at.lans
    assert at.reminded == 1
    at.until(begun + 36)
    assert not at.lans
    assert at.reminded == 1
    assert at.case(at.id).priority is Priority.HIGH
    assert "chưa thực hiện đúng giờ" in at.said()[-1]


def test_a_call_written_down_in_time_is_kept() -> None:
    at = Called()
    at.until(0)
    at.begins(at.lan)
    at.until(25)
    before = at.promise(at.id)
    assert before is not None
    run(at.calling.called(at.lan, at.case(at.id).code, call_at=at.hour, reached=True))
    assert at.memory.promises[before.id].state is PromiseState.KEPT
    at.begins(at.lan)
    at.until(60)
    assert at.promise(at.id) is None
    assert at.reminded == 0


def test_said_again_it_lasts_no_longer() -> None:
    at = Called()
    at.until(0)
    at.begins(at.lan)
    first = at.promise(at.id)
    at.until(20)
    at.begins(at.lan)
    assert at.promise(at.id) == first
    at.until(36)
    assert not at.lans


def test_only_the_owner_calls_near_the_hour_and_for_that_hour() -> None:
    at = Called()
    with pytest.raises(NotYet):
        at.begins(at.lan)
    at.until(-16)
    with pytest.raises(NotYet):
        at.begins(at.lan)
    at.until(-15)
    with pytest.raises(NotPermitted):
        at.begins(at.son)
    with pytest.raises(NoCall):
        run(at.calling.calling(at.lan, at.case(at.id).code, call_at=at.hour + timedelta(minutes=1)))
    at.begins(at.lan)


def test_whoever_is_on_the_telephone_need_not_look_at_the_console() -> None:
    at = Called()
    at.until(-1)
    at.begins(at.lan)
    at.leaves(at.lan)
    at.until(28)
    assert at.lans


def test_a_call_is_only_theirs_who_began_it() -> None:
    at = Called()
    at.until(1)
    at.begins(at.lan)
    at.until(2)
    run(at.house.desk.step_in(at.son, at.case(at.id).code))
    before = at.promise(at.id)
    at.until(7)
    assert at.promise(at.id) != before, "Sơn does not call, and the customer hears of another hour"


@pytest.mark.parametrize("chosen", [None, timedelta(hours=2)])
def test_a_call_written_down_again_with_another_next_hour_says_what_stands(chosen: timedelta | None) -> None:
    at = Called()
    at.until(1)
    code, again_at = at.case(at.id).code, None if chosen is None else at.now + chosen

    def missed(again_at: datetime | None) -> None:
        run(at.calling.called(at.lan, code, call_at=at.hour, reached=False, again_at=again_at))

    missed(again_at)
    stands, said = at.promise(at.id), len(at.said())
    assert stands is not None
    hour = texts.moment(stands.due_at, at.now, at.company.zone, "vi")
    missed(None)
    missed(stands.due_at)
    with pytest.raises(CallWritten, match=f"hẹn lúc {hour}"):
        missed(stands.due_at + timedelta(hours=1))
    assert (at.promise(at.id), len(at.said())) == (stands, said)


def test_a_call_that_found_the_customer_leaves_no_hour_to_ask_for() -> None:
    at = Called()
    at.until(1)
    code = at.case(at.id).code
    run(at.calling.called(at.lan, code, call_at=at.hour, reached=True))
    with pytest.raises(CallWritten, match="chưa hẹn giờ"):
        run(at.calling.called(at.lan, code, call_at=at.hour, reached=False, again_at=at.now + timedelta(hours=1)))
