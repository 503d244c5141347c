"""A person asked for together with a need is one handoff; praise of what went wrong is a complaint."""

from __future__ import annotations

import pytest

from tests.unit.actions.talk import Talk


@pytest.mark.parametrize("intent", ["ask_human", "meet_person"])
@pytest.mark.parametrize(
    ("text", "department", "reason"),
    [
        ("không giận gì đâu, chỉ muốn hỏi bảo hành, cho gặp nhân viên", "customer_relations", "warranty"),
        ("khong gian gi dau, chi muon hoi bao hanh, cho gap nhan vien", "customer_relations", "warranty"),
        ("cho gặp nhân viên, em cần xuất hoá đơn", "accounting", "invoice_request"),
        ("cho gặp người thật đi, bị trừ tiền hai lần", "cashier", "payment_problem"),
        ("talk to a person please, I need an invoice. and a VAT invoice", "accounting", "invoice_request"),
        ("bảo hành bao lâu vậy, cho em gặp ai đó", "customer_relations", "warranty"),
    ],
)
def test_a_person_for_a_need_is_one_handoff_to_its_desk(
    talk: Talk, text: str, department: str, reason: str, intent: str
) -> None:
    handoff = talk.say(text, intent).handoff
    assert (handoff["department"], handoff["reason"]) == (department, reason)


def test_the_department_that_is_named_has_the_need_too(talk: Talk) -> None:
    handoff = talk.say("quản lý đâu rồi em, bảo hành kiểu này thì chịu, gặp đi", "ask_human").handoff
    assert handoff["department"] == "management"
    assert handoff["collected"]["also"]


def test_two_needs_of_two_desks_stay_two_cases(talk: Talk) -> None:
    found = talk.say("cho gặp nhân viên, hỏi bảo hành, rồi xuất hoá đơn luôn", "ask_human").handoffs
    assert [one["department"] for one in found] == ["customer_relations", "accounting"]


def test_a_person_and_the_address_is_an_answer_and_one_handoff(talk: Talk) -> None:
    answer = talk.say("địa chỉ ở đâu vậy, cho gặp nhân viên, đường nào", "ask_human")
    assert answer.handoff["department"] == "reception"


@pytest.mark.parametrize("intent", ["praise", "thank", "small_talk", "greet"])
@pytest.mark.parametrize(
    "text",
    [
        "hay nhỉ, giao hàng trễ 10 ngày, dịch vụ tuyệt vời thật đấy",
        "hay nhi, giao hang tre 10 ngay, dich vu tuyet voi that day",
        "tuyệt vời, mua về một hôm đã hỏng",
        "Great service, ten days late",
    ],
)
def test_nobody_is_thanked_for_irony(talk: Talk, text: str, intent: str) -> None:
    answer = talk.say(text, intent)
    assert "quý lắm" not in answer.text
    assert any(word in answer.text for word in ("tiếc", "xin lỗi", "sorry")), answer.text
    assert answer.department == "customer_relations"


@pytest.mark.parametrize("text", ["nhân viên tuyệt vời, cảm ơn shop", "giao trễ 1 ngày nhưng nhân viên tuyệt vời"])
def test_real_praise_is_thanked_for(talk: Talk, text: str) -> None:
    assert talk.say(text, "praise").handoff["reason"] == "praise"


@pytest.mark.parametrize("text", ["Đ.M chúng mày lừa tao, gặp quản lý", "d.m lua tao, gap quan ly"])
def test_abuse_is_met_as_anger(talk: Talk, text: str) -> None:
    handoff = talk.say(text, "ask_human").handoff
    assert (handoff["department"], handoff["priority"]) == ("management", "high")


@pytest.mark.parametrize("text", ["shop không lừa em, gặp quản lý", "cho gặp quản lý, may chung may"])
def test_what_only_looks_like_abuse_is_not(talk: Talk, text: str) -> None:
    assert talk.say(text, "ask_human").handoff["priority"] == "normal"
