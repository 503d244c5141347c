"""Cries of customers: no danger is made of money, and anger gets somebody who hears it."""

from __future__ import annotations

import pytest

from tests.unit.actions.talk import Talk


@pytest.mark.parametrize(
    ("text", "department", "reason"),
    [
        ("TRỜI ƠI tiền của tôi đâu giúp tôi ngay!!!", "cashier", "payment_problem"),
        ("TRỜI ƠI TIỀN CỦA TÔI ĐÂU GIÚP TÔI NGAY", "cashier", "payment_problem"),
        ("troi oi mat tien roi cuu toi voi", "cashier", "payment_problem"),
        ("cứu tôi với, chuyển khoản rồi mà tiền đâu", "teller", "transfer_problem"),
    ],
)
def test_a_cry_for_money_is_no_fire(talk: Talk, text: str, department: str, reason: str) -> None:
    answer = talk.say(text, "emergency", 0.8, decision="ask", candidates=["emergency", "case_status"])
    assert "nguy hiểm" not in answer.text
    handoff = answer.handoff
    assert (handoff["department"], handoff["reason"], handoff["priority"]) == (department, reason, "high")


MISSING = ("case_status", "refund_status", "account_balance")


@pytest.mark.parametrize(
    "text",
    [
        "TIỀN CỦA TÔI ĐÂU",
        "tien cua toi dau",
        "tiền của tôi đâu?",
        "Tiền tôi đâu rồi!",
        "tiền đâu rồi",
        "ủa tiền của em đâu shop",
        "tiền của chị đi đâu mất rồi em",
        "TIỀN CỦA TÔI ĐÂUUUU",
        "where is my money",
    ],
)
def test_missing_money_is_owned_without_a_question(talk: Talk, text: str) -> None:
    answer = talk.unsure(text, *MISSING)
    assert answer.buttons == []
    handoff = answer.handoff
    assert (handoff["department"], handoff["reason"], handoff["priority"]) == ("cashier", "payment_problem", "high")


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("tiền ship bao nhiêu", "delivery_fee"),
        ("tiền cọc ở đâu", "deposit"),
        ("tiền cọc của tôi đâu", "deposit"),
        ("tiền hoàn của tôi đâu", "refund_status"),
        ("tiền lương của tôi đâu", "employee_affairs"),
        ("nộp tiền ở đâu", "cash_service"),
        ("đổi tiền ở đâu", "exchange_rate"),
        ("tiền trả góp đóng ở đâu", "loan_repay"),
        ("lấy tiền ở đâu", "cash_service"),
        ("em không có tiền đâu", "discount_request"),
        ("tiền đâu mà mua", "discount_request"),
        ("tiền dầu", "product_price"),
    ],
)
def test_other_words_of_money_stay_what_they_are(talk: Talk, text: str, intent: str) -> None:
    answer = talk.say(text, intent)
    assert answer.department == talk.say("x", intent).department
    assert [one for one in answer.handoffs if one["reason"] == "payment_problem"] == []


def test_missing_money_belongs_to_the_case_that_is_waited_for_or_was_just_closed(talk: Talk) -> None:
    case = {"code": "GD-0042", "department": "teller", "state": "waiting"}
    talk.facts = {**talk.facts, "open_cases": [case]}
    assert talk.unsure("TIỀN CỦA TÔI ĐÂU", *MISSING).handoff["department"] == "teller"
    talk.facts = {**talk.facts, "open_cases": [{**case, "state": "resolved"}], "just_told": "GD-0042"}
    assert talk.unsure("TIỀN CỦA TÔI ĐÂU", *MISSING).handoff["reopens"] == "GD-0042"


def test_what_is_left_of_an_alarm_and_likely_is_served(talk: Talk) -> None:
    ranking = [{"name": "order_status", "confidence": 0.66}, {"name": "emergency", "confidence": 0.2}]
    answer = talk.say(
        "cứu tôi với đơn hàng chưa tới",
        "order_status",
        0.66,
        decision="ask",
        candidates=["order_status", "emergency"],
        intent_ranking=ranking,
    )
    assert "mã đơn" in answer.text


@pytest.mark.parametrize("text", ["cứu tôi với đơn hàng chưa tới", "giup toi ngay di ma tu lanh hong"])
def test_no_danger_is_offered_where_none_is_named(talk: Talk, text: str) -> None:
    ranking = [("emergency", 0.4), ("order_status", 0.3), ("warranty", 0.2)]
    answer = talk.say(
        text,
        "emergency",
        0.4,
        decision="ask",
        candidates=[name for name, _ in ranking],
        intent_ranking=[{"name": name, "confidence": score} for name, score in ranking],
    )
    assert "Khẩn cấp, nguy hiểm" not in answer.buttons
    assert answer.buttons or answer.handoffs


@pytest.mark.parametrize(
    "text",
    [
        "CHÁY RỒI, kho hàng có khói đen",
        "tủ lạnh mới mua xì khí gas mùi nồng lắm",
        "thang máy kẹt, giao hàng ở trong",
        "kệ hàng đổ đè người ta rồi",
        "thợ lắp máy lạnh bên mình rơi từ lầu 2 xuống sân nhà tôi",
        "có cướp giật tiền ngay quầy",
        "cứu",
        "co nguoi bi dien giat o quay hang",
        "a customer fainted next to the delivery desk",
    ],
)
def test_a_danger_stays_one(talk: Talk, text: str) -> None:
    assert talk.say(text, "emergency", 0.8).handoffs[0]["reason"] == "emergency"


def test_what_was_doubtful_without_an_alarm_is_still_asked_about(talk: Talk) -> None:
    ranking = [("order_status", 0.71), ("order_change", 0.2), ("emergency", 0.001)]
    answer = talk.say(
        "đơn hàng của chị sao rồi ta",
        "order_status",
        0.71,
        decision="ask",
        candidates=["order_status", "order_change"],
        intent_ranking=[{"name": name, "confidence": score} for name, score in ranking],
    )
    assert "Khẩn cấp, nguy hiểm" not in answer.buttons
    assert len(answer.buttons) > 1


@pytest.mark.parametrize("text", ["thang máy kẹt cứu tôi với", "co nguoi nga cau thang giup voi"])
def test_nobody_in_danger_is_asked_what_they_mean(talk: Talk, text: str) -> None:
    assert talk.unsure(text, "emergency", "facility_broken").handoffs[0]["reason"] == "emergency"


@pytest.mark.parametrize("text", ["VL shop lừa đảo, trả tiền đây", "đm làm ăn như cc", "dm lam an nhu cc"])
def test_anger_at_the_house_is_owned_at_once(talk: Talk, text: str) -> None:
    handoff = talk.say(text, "insult").handoff
    assert (handoff["department"], handoff["priority"]) == ("customer_relations", "high")


@pytest.mark.parametrize("text", ["đồ ngu", "đm", "con bot này ngu thế"])
def test_an_insult_that_accuses_nobody_is_met_with_patience(talk: Talk, text: str) -> None:
    assert talk.say(text, "insult").handoffs == []


def test_anger_in_everyday_words_names_the_house(talk: Talk) -> None:
    assert talk.say("mệt mỏi với mấy người quá", "small_talk").department == "customer_relations"
    assert talk.say("hôm nay trời chán quá em ơi", "small_talk").handoffs == []


def test_an_angry_face_gets_an_owner(talk: Talk) -> None:
    assert talk.say("😡😡😡😡", None, 0.0, decision="ask").handoff["department"] == "customer_relations"
    assert talk.say("👍", None, 0.0, decision="ask").handoffs == []


def test_an_angry_face_belongs_to_the_case_that_is_waited_for(talk: Talk) -> None:
    case = {"code": "TN-0042", "department": "cashier", "state": "waiting"}
    talk.facts = {**talk.facts, "open_cases": [case]}
    assert talk.say("😡", None, 0.0, decision="ask").handoff["department"] == "cashier"


@pytest.mark.parametrize(
    ("text", "guesses"),
    [
        ("ko biet noi gi luon, met moi voi shop nay", ("promotion", "loan_hardship", "application_status")),
        ("thiệt tình, hỏi có cái giá mà cũng hong biet", ("feature_request", "product_price", "praise")),
    ],
)
def test_anger_that_cannot_be_made_out_is_not_asked_about(talk: Talk, text: str, guesses: tuple[str, ...]) -> None:
    handoff = talk.unsure(text, *guesses).handoff
    assert (handoff["department"], handoff["reason"]) == ("customer_relations", "complaint_service")
