"""How a case stands, told beside the person who speaks: as often as that changes, and again after a while."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.services import texts
from bot.simulation.agenda import run
from tests.unit.services.talking_house import TalkingHouse

ASKED = "số thứ tự của em tới đâu rồi"


def told(at: TalkingHouse) -> list[str]:
    """Return what the house has told by itself."""
    return [one for one in at.said() if "(Tin tự động)" in one]


def said(at: TalkingHouse, moment: datetime) -> str:
    """Return a moment as customers read it."""
    return texts.moment(moment, at.now, at.house.company.zone, "vi")


def to_the_minute(moment: datetime) -> datetime:
    """Return the next full minute, the moment's own second where it is one."""
    return moment + timedelta(seconds=-moment.second % 60)


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


def test_the_nearest_moment_that_was_promised_is_told() -> None:
    at = TalkingHouse()
    bao = at.staff("Bao", "sales")
    case = at.hands("sales").case
    run(at.house.desk.claim(bao, case.code))
    house = at.promise(case.id)
    assert house is not None
    at.says(ASKED, "case_status")
    run(at.house.desk.reply(bao, case.code, "Dạ anh chờ em 5 phút em kiểm tra ạ"))
    asked_until = at.now + timedelta(minutes=5)
    at.passes(timedelta(seconds=20))
    assert asked_until < house.due_at
    at.says(ASKED, "case_status")
    at.passes(asked_until - at.now + timedelta(seconds=10))
    at.says(ASKED, "case_status")
    first, second, third = told(at)
    assert f"hẹn trả lời anh/chị trước {said(at, house.due_at)}" in first
    assert f"hẹn trả lời anh/chị trước {said(at, to_the_minute(asked_until))}" in second
    assert f"hẹn trả lời anh/chị trước {said(at, house.due_at)}" in third, "what has passed is told no more"


def test_minutes_are_told_only_where_they_come_before_the_date_of_the_house() -> None:
    at = TalkingHouse()
    bao = at.staff("Bao", "sales")
    case = at.hands("sales").case
    run(at.house.desk.claim(bao, case.code))
    run(at.house.promising.promise(bao, case.code, at.now + timedelta(minutes=6)))
    dated = at.promise(case.id)
    assert dated is not None
    run(at.house.desk.reply(bao, case.code, "Dạ em trả lời anh trong 30 phút nha"))
    at.passes(timedelta(seconds=20))
    at.says(ASKED, "case_status")
    assert f"trước {said(at, dated.due_at)}" in told(at)[0]


def test_an_answer_takes_back_the_minutes_that_were_asked_for() -> None:
    at = TalkingHouse()
    bao = at.staff("Bao", "sales")
    case = at.hands("sales").case
    run(at.house.desk.claim(bao, case.code))
    run(at.house.desk.reply(bao, case.code, "Dạ anh chờ em 5 phút nha"))
    asked = said(at, to_the_minute(at.now + timedelta(minutes=5)))
    run(at.house.desk.reply(bao, case.code, "Dạ đơn giao lúc 9 giờ rồi ạ"))
    at.passes(timedelta(seconds=20))
    at.says(ASKED, "case_status")
    assert f"trước {asked}" not in told(at)[0]


def test_the_assistant_tells_the_same_once_nobody_speaks() -> None:
    at = TalkingHouse()
    bao, khoi = at.staff("Bao", "sales"), at.leads("Khoi")
    case = at.hands("sales").case
    run(at.house.desk.claim(bao, case.code))
    run(at.house.desk.step_in(khoi, case.code))
    run(at.house.desk.reply(khoi, case.code, "Dạ anh chờ em 5 phút nha"))
    asked = said(at, to_the_minute(at.now + timedelta(minutes=5)))

    async def leave_the_floor() -> None:
        async with at.house.store.begin() as uow:
            conversation = await uow.conversations.get(case.conversation_id, lock=True)
            await uow.conversations.save_floor(conversation.id, conversation.floor.given_back())

    run(leave_the_floor())
    at.says(ASKED, "case_status")
    told_of = at.said()[-1]
    assert "Khoi bên Ban quản lý" in told_of
    assert f"trước {asked}" in told_of
    at.says("cho tôi gặp nhân viên", "ask_human")
    assert f"đã ghi thêm vào phiếu {case.code} để Ban quản lý xem cùng" in at.said()[-1]
