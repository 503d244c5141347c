"""What a kind receptionist hears behind the words: hardship, urgency, anger, an elder, a call that is wanted now."""

from __future__ import annotations

import pytest

from actions.lexicon import priority_of
from actions.voice import address_of
from tests.unit.actions.talk import Talk


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("tháng này em mất việc rồi, không có tiền trả góp", "loan_info"),
        ("vợ tôi mới mất, tôi không còn khả năng trả góp", "loan_info"),
        ("xin cho tôi đóng chậm kỳ này", "loan_repay"),
        ("i lost my job and cannot pay this month", "loan_repay"),
    ],
)
def test_hardship_is_met_by_a_person_and_not_by_rates(talk: Talk, text: str, intent: str) -> None:
    answer = talk.say(text, intent)
    assert (answer.handoff["department"], answer.handoff["reason"]) == ("credit", "loan_hardship")
    assert "%" not in answer.text


def test_rates_are_told_to_whoever_asks_for_them(talk: Talk) -> None:
    assert "%" in talk.say("lãi suất trả góp bao nhiêu", "loan_info").text


def test_a_word_of_hardship_about_something_else_changes_nothing(talk: Talk) -> None:
    assert talk.say("thẻ bị trừ hai lần, không có tiền trả", "payment_problem").handoff["reason"] == "payment_problem"


@pytest.mark.parametrize(
    "text", ["tôi muốn gặp quản lý ngay", "gọi giám đốc ra đây nói chuyện", "i want talk to manager now"]
)
def test_a_manager_wanted_now_is_wanted_soon(talk: Talk, text: str) -> None:
    handoff = talk.say(text, "ask_human").handoff
    assert (handoff["department"], handoff["priority"]) == ("management", "high")


def test_haste_is_no_trouble(talk: Talk) -> None:
    text = talk.say("báo giá 20 cái máy lạnh gấp", "bulk_quote").text
    assert "tiếc" not in text
    assert "ngay" in text


@pytest.mark.parametrize("text", ["shipper làm vỡ cái tủ", "please refund my money"])
def test_trouble_is_met_before_the_order_is_asked_for(talk: Talk, text: str) -> None:
    intent = "refund_status" if "refund" in text else "delivery_missing"
    answer = talk.say(text, intent)
    assert any(word in answer.text for word in ("tiếc", "xin lỗi", "sorry"))
    assert answer.text.endswith(("?", "ạ."))
    assert answer.handoffs == []


@pytest.mark.parametrize(
    "text",
    [
        "Làm ăn lừa đảo, hẹn hết lần này đến lần khác",
        "gọi không ai nghe máy",
        "đứng 45 phút không một ai hỏi tới",
        "các người đùa tôi à",
    ],
)
def test_anger_is_not_asked_back(talk: Talk, text: str) -> None:
    answer = talk.unsure(text, "complaint_waiting", "warranty")
    assert answer.handoff["priority"] == "high"


def test_a_long_no_is_no_mere_no(talk: Talk) -> None:
    answer = talk.say("tôi đã giải thích là không phải lỗi do tôi dùng sai", "deny")
    assert answer.handoffs
    assert talk.say("thôi không cần đâu em, chị tự làm được rồi nhé", "deny").handoffs == []


def test_a_call_wanted_now_is_not_asked_when(talk: Talk) -> None:
    handoff = talk.say("gọi lại cho anh ngay, 0987654321", "callback").handoff
    assert handoff["collected"]["call_time"] == "càng sớm càng tốt"


def test_a_call_missed_yesterday_is_not_the_time_to_call(talk: Talk) -> None:
    answer = talk.say("hôm qua gọi không ai bắt máy, gọi cho tôi số 0912345678", "callback")
    assert answer.slots["form"]["asked"] == "call_time"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("cái quạt bác mua kêu to quá, đổi được không", "bác"),
        ("nồi cơm nấu nỏ chín, mần răng cháu", "bác"),
        ("cháu bán cho cô cái máy lọc nước", "cô"),
        ("bác già rồi chân yếu, có chở về nhà không", "bác"),
        ("trả cọc lại cho anh", "anh"),
        ("còn thì giữ cho chị 5 cái", "chị"),
        ("các anh định giải quyết thế nào", None),
        ("cho cháu hỏi cô ơi", None),
        ("cháu muốn hỏi giá tivi", None),
        ("bố cháu mua cái tivi", None),
        ("cho anh Nam gọi lại", None),
    ],
)
def test_how_customers_show_who_they_are_to_us(text: str, address: str | None) -> None:
    assert address_of(text) == address


def test_nobody_is_asked_for_nothing_whether_it_burns(talk: Talk) -> None:
    ranking = [("callback", 0.5), ("emergency", 0.04), ("login_problem", 0.03), ("app_error", 0.02)]
    answer = talk.say(
        "có ai chỉ cho bác với",
        "callback",
        0.5,
        decision="ask",
        candidates=["callback", "emergency", "login_problem"],
        intent_ranking=[{"name": name, "confidence": score} for name, score in ranking],
    )
    assert answer.outcomes[0]["clarify"]["intents"] == ["callback", "login_problem", "app_error"]


@pytest.mark.parametrize(
    "text",
    [
        "gặp giám đốc ngày mai được không",
        "gặp sếp liên hệ hợp tác",
        "đây tôi qua lấy hàng",
        "em trả tiền đây ạ",
        "đưa tôi cái hoá đơn",
        "cứ hẹn chị 3h nhé",
    ],
)
def test_words_that_only_look_angry_or_hasty(text: str) -> None:
    assert priority_of(text) == "normal"
