"""Cries of customers: no danger is made of money, and anger gets somebody who hears it."""

from __future__ import annotations

import pytest

from tests.unit.actions.talk import Talk

MONEY = {"intent_ranking": [{"name": "emergency", "confidence": 0.8}, {"name": "refund_status", "confidence": 0.05}]}


@pytest.mark.parametrize(
    ("text", "parse", "reason"),
    [
        ("TRỜI ƠI tiền của tôi đâu giúp tôi ngay!!!", {}, "transfer_problem"),
        ("troi oi tien cua toi dau giup toi ngay", {}, "transfer_problem"),
        ("TRỜI ƠI tiền của tôi đâu giúp tôi ngay!!!", MONEY, "refund_status"),
    ],
)
def test_a_cry_for_money_is_no_fire(talk: Talk, text: str, parse: dict[str, object], reason: str) -> None:
    answer = talk.say(text, "emergency", 0.8, decision="answer", **parse)
    assert "nguy hiểm" not in answer.text
    if reason == "refund_status" and not answer.handoffs:
        assert answer.department == "cashier"
    else:
        assert answer.handoff["reason"] == reason


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


@pytest.mark.parametrize("text", ["VL shop lừa đảo, trả tiền đây", "đm làm ăn như cc", "dm lam an nhu cc"])
def test_anger_at_the_house_is_owned_at_once(talk: Talk, text: str) -> None:
    handoff = talk.say(text, "insult").handoff
    assert (handoff["department"], handoff["priority"]) == ("customer_relations", "high")


@pytest.mark.parametrize("text", ["đồ ngu", "đm", "con bot này ngu thế"])
def test_an_insult_that_accuses_nobody_is_met_with_patience(talk: Talk, text: str) -> None:
    assert talk.say(text, "insult").handoffs == []


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
