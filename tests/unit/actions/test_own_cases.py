"""What a customer hears of their own cases."""

from __future__ import annotations

import pytest

from tests.unit.actions.talk import Talk

CASES = [
    {
        "code": "KT-0042",
        "department": "accounting",
        "state": "waiting",
        "queue_number": 3,
        "opened_at": "2026-11-25T08:00:00+07:00",
        "promise_at": "2026-11-25T15:30:00+07:00",
        "owner_name": None,
        "summary": "...",
    },
    {"code": "BH-0007", "department": "sales", "state": "assigned", "owner_name": "Lan"},
]


def test_all_own_cases_are_told(talk: Talk) -> None:
    talk.facts = {**talk.facts, "open_cases": CASES}
    text = talk.say("phiếu của tôi tới đâu rồi", "case_status").text
    assert "KT-0042" in text
    assert "số thứ tự 3" in text
    assert "15:30 hôm nay" in text
    assert "BH-0007" in text
    assert "Lan" in text


@pytest.mark.parametrize("text", ["KT-0042", "kt 42", "kt42", "phiếu KT 0042", "KT_42"])
def test_a_bare_code_is_enough(talk: Talk, text: str) -> None:
    talk.facts = {**talk.facts, "open_cases": CASES}
    answer = talk.say(text, "out_of_scope", 0.3, decision="hand_off")
    assert "KT-0042" in answer.text
    assert "BH-0007" not in answer.text
    assert answer.handoffs == []


def test_a_strange_code_gets_the_same_answer_whether_it_exists_or_not(talk: Talk) -> None:
    talk.facts = {**talk.facts, "open_cases": CASES}
    one = talk.say("KT-0043", "case_status").text
    other = talk.say("KT-9999", "case_status").text
    assert one.replace("0043", "9999") == other
    assert talk.say("ừ", "affirm").handoff["reason"] == "case_status"


def test_a_greeting_tells_how_the_open_case_stands(talk: Talk) -> None:
    talk.facts = {**talk.facts, "open_cases": [{"code": "KT-0042", "department": "accounting", "state": "resolved"}]}
    answer = talk.say("chào em", "greet")
    assert "KT-0042" in answer.text
    assert "xong" in answer.text


def test_a_greeting_tells_of_what_is_open_before_what_is_done(talk: Talk) -> None:
    done = {"code": "KT-0043", "department": "accounting", "state": "resolved"}
    waiting = [
        {"code": f"KT-{number:04d}", "department": "accounting", "state": "waiting", "queue_number": 1}
        for number in (42, 41)
    ]
    talk.facts = {**talk.facts, "open_cases": [done, *waiting]}
    assert "KT-0042" in talk.say("chào em", "greet").text


@pytest.mark.parametrize(
    "text",
    ["sao lâu thế", "lâu quá", "sao lau the em", "bao giờ xong", "bao giờ xong vậy em", "xong chưa em", "how long"],
)
@pytest.mark.parametrize("intent", ["complaint_waiting", "delivery_fee", "out_of_scope"])
def test_impatience_with_an_own_case_hears_how_it_stands(talk: Talk, text: str, intent: str) -> None:
    talk.facts = {**talk.facts, "open_cases": CASES}
    answer = talk.say(text, intent, 0.4, decision="ask")
    assert "KT-0042" in answer.text
    assert "3" in answer.text
    assert "15:30" in answer.text
    assert len(answer.buttons) == 2
    assert talk.say("ừ", "affirm").handoff["department"] == "accounting"


@pytest.mark.parametrize("text", ["vẫn chưa được em ơi", "van con loi", "still not fixed"])
def test_a_case_that_was_not_settled_goes_to_a_person_again(talk: Talk, text: str) -> None:
    talk.facts = {**talk.facts, "open_cases": [{"code": "CN-0042", "department": "it", "state": "resolved"}]}
    told = talk.say("phiếu của tôi sao rồi", "case_status").text
    assert "mở lại" not in told
    assert "chuyển người xem lại" in told
    assert talk.say(text, "case_status").handoff["department"] == "it"


def test_whoever_leads_is_told_of_with_the_management(talk: Talk) -> None:
    case = {
        "code": "KT-0042",
        "department": "accounting",
        "state": "assigned",
        "owner_name": "anh Tuấn",
        "owner_department": "management",
        "promise_at": "2026-11-25T15:30:00+07:00",
    }
    talk.facts = {**talk.facts, "open_cases": [case]}
    answer = talk.say("phiếu của tôi tới đâu rồi", "case_status")
    assert "đang được anh Tuấn bên Ban quản lý xử lý" in answer.text
    assert "Kế toán" not in talk.say("sao lâu vậy", "complaint_waiting").text
    english = {**talk.facts, "language": "en"}
    talk.facts = english
    assert "anh Tuấn from Management is working on" in talk.say("how is my case", "case_status").text
