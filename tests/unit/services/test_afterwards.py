"""What a customer writes right after the end of a case, through inbox, dialogue and desk of the house."""

from __future__ import annotations

import pytest

from bot.domain.cases import Case, CaseState
from bot.domain.messages import Channel
from bot.domain.staff import StaffMember
from bot.services.handoff import Need
from bot.simulation.agenda import run
from tests.unit.services.talking_house import TalkingHouse
from tests.unit.services.virtual_house import VirtualHouse


def ended(at: VirtualHouse, department: str = "customer_relations") -> tuple[StaffMember, Case]:
    """Lan has resolved the customer's case."""
    lan = at.staff("Lan", department)
    case = at.hands(department).case
    run(at.house.desk.claim(lan, case.code))
    run(at.house.desk.reply(lan, case.code, "Dạ em xử lý rồi ạ."))
    run(at.house.desk.resolve(lan, case.code))
    return lan, case


def test_a_protest_opens_the_case_again_with_its_number_and_a_date() -> None:
    at = TalkingHouse()
    _, case = ended(at)

    at.says("ua chua dc gi het, sao xong", "small_talk")

    again = at.case(case.id)
    assert again.state is CaseState.WAITING
    assert again.queue_number == case.queue_number
    assert "chua dc gi het" in again.summary
    assert at.promise(case.id) is not None
    assert f"đã mở lại phiếu {case.code}" in at.said()[-1]
    assert len(at.memory.cases) == 1
    assert at.offered_to(case.id), "and somebody is asked to take it"


def test_who_never_came_is_no_case_of_those_who_would_have_sent_them() -> None:
    at = TalkingHouse()
    _, case = ended(at)
    at.says("thợ chưa tới mà", "installation")
    assert at.case(case.id).open
    assert len(at.memory.cases) == 1


def test_a_question_that_nobody_understands_is_about_what_has_ended() -> None:
    at = TalkingHouse()
    _, case = ended(at)
    at.says("mai may gio tho toi", "installation", sure=False)
    assert at.case(case.id).open


def test_later_words_are_words_like_any_other() -> None:
    at = TalkingHouse()
    _, case = ended(at)
    at.says("shop mở cửa mấy giờ", "opening_hours")
    at.says("cái đó sao ta", "installation", sure=False)
    assert not at.case(case.id).open


@pytest.mark.parametrize("word", ["te qua", "tra loi cham qua", "báo giá mãi không gửi"])
def test_the_word_after_a_low_score_is_in_the_case_that_follows_it_up(word: str) -> None:
    at = TalkingHouse()
    ended(at, "accounting")
    at.says("1 sao", "out_of_scope")
    at.says(word, "bulk_quote" if "báo giá" in word else "complaint_waiting")
    followed = at.memory.cases[max(at.memory.cases)]
    assert len(at.memory.cases) == 2
    assert followed.department == "customer_relations"
    assert word in followed.summary


def test_a_second_score_is_no_new_need() -> None:
    at = TalkingHouse()
    _, case = ended(at, "accounting")
    at.says("1, chờ lâu quá nhân viên nói cộc lốc", "out_of_scope")
    followed = at.memory.cases[max(at.memory.cases)]
    at.says("5 sao", "out_of_scope")
    assert at.said()[-1] == f"Dạ em cảm ơn anh/chị ạ. Phiếu {case.code} em vẫn ghi điểm 1/5 anh/chị đã chấm trước đó ạ."
    assert at.case(followed.id).summary == followed.summary
    assert len(at.memory.cases) == 2


def test_nobody_opens_a_case_of_somebody_else_again() -> None:
    at = VirtualHouse()
    _, case = ended(at)

    async def another() -> Case:
        need = Need(department="sales", reason="x", summary="x", reopens=case.code)
        async with at.house.store.begin() as uow:
            talk = await uow.conversations.meet(Channel.WEBCHAT, "other", "other", "Nam", "vi", at.now)
            return (await at.house.backstage.handoff.hand(uow, talk, need, at.now)).case

    assert run(another()).code != case.code
    assert not at.case(case.id).open
