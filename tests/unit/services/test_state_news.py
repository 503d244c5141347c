"""How a case stands, told beside the person who speaks: as often as that changes, and again after a while."""

from __future__ import annotations

from datetime import timedelta

from bot.simulation.agenda import run
from tests.unit.services.talking_house import TalkingHouse

ASKED = "số thứ tự của em tới đâu rồi"


def told(at: TalkingHouse) -> list[str]:
    """Return what the house has told by itself."""
    return [one for one in at.said() if "(Tin tự động)" in one]


def test_another_state_is_told_at_once() -> None:
    at = TalkingHouse()
    bao, khoi = at.staff("Bao", "sales"), at.leads("Khoi")
    case = at.hands("sales").case
    run(at.house.desk.claim(bao, case.code))
    at.says(ASKED, "case_status")
    at.says(ASKED, "case_status")
    assert len(told(at)) == 1, "the same is not told twice in a row"
    run(at.house.desk.step_in(khoi, case.code))
    at.says(ASKED, "case_status")
    assert len(told(at)) == 2
    assert "Bao" in told(at)[0]
    assert "Khoi bên Ban quản lý" in told(at)[1]


def test_the_same_state_is_told_again_after_two_minutes() -> None:
    at = TalkingHouse()
    bao = at.staff("Bao", "sales")
    run(at.house.desk.claim(bao, at.hands("sales").case.code))
    at.says(ASKED, "case_status")
    at.passes(timedelta(minutes=1, seconds=50))
    at.says(ASKED, "case_status")
    assert len(told(at)) == 1
    at.passes(timedelta(seconds=20))
    at.says(ASKED, "case_status")
    assert len(told(at)) == 2


def test_impatience_is_told_how_it_stands() -> None:
    at = TalkingHouse()
    bao = at.staff("Bao", "sales")
    run(at.house.desk.claim(bao, at.hands("sales").case.code))
    at.says("sao 5p roi ma k thay gi z", "complaint_waiting")
    assert len(told(at)) == 1
