"""A courtesy together with a need, departments asked for by name, and yes-words."""

from __future__ import annotations

import pytest

from actions.plan import SMALL
from tests.unit.actions.talk import Talk


@pytest.mark.parametrize(
    ("text", "intent", "department"),
    [
        ("cảm ơn em, còn cái bảo hành tivi thì sao", "thank", "customer_relations"),
        ("cam on em, con cai bao hanh tivi thi sao", "thank", "customer_relations"),
        ("Hi, I lost my member card this morning", "greet", "teller"),
        ("chào em, xuất hoá đơn giúp chị", "greet", "accounting"),
        ("dạ vâng, mà em ơi chị bị trừ tiền hai lần", "affirm", "cashier"),
        ("bye em, à mà quên mật khẩu app thì làm sao", "goodbye", "it"),
        ("hôm nay nóng quá em ha, máy lạnh bên em có trả góp không", "small_talk", "credit"),
    ],
)
def test_a_courtesy_does_not_hide_a_need(talk: Talk, text: str, intent: str, department: str) -> None:
    assert talk.say(text, intent).department == department


def test_a_likely_need_behind_a_courtesy_is_asked_about(talk: Talk) -> None:
    names = (("thank", 0.95), ("facility_broken", 0.03), ("app_error", 0.01))
    ranking = [{"name": name, "confidence": confidence} for name, confidence in names]
    answer = talk.say("cảm ơn em, nhưng cái màn hình chỗ quầy số 3 vẫn nháy", "thank", intent_ranking=ranking)
    assert answer.outcomes == [{"clarify": {"intents": ["facility_broken", "app_error"]}}]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("cảm ơn em nhiều lắm nha, em nhiệt tình quá", "thank"),
        ("cảm ơn em đã xuất hoá đơn giúp chị", "thank"),
        ("thank you very much for the invoice", "thank"),
        ("chào em, chúc em một ngày vui vẻ nhé", "greet"),
        ("hôm nay trời Sài Gòn mưa to quá em ha", "small_talk"),
    ],
)
def test_a_mere_courtesy_stays_one(talk: Talk, text: str, intent: str) -> None:
    assert talk.say(text, intent).outcomes == [{"department": "reception"}]


@pytest.mark.parametrize("intent", ["meet_person", "ask_human", "out_of_scope", "loan_info"])
@pytest.mark.parametrize(
    ("text", "department"),
    [
        ("Cho tôi gặp kế toán", "accounting"),
        ("cho gap phong ke toan", "accounting"),
        ("ok cho e gặp nv tín dụng đi", "credit"),
        ("kết nối cho anh bên kỹ thuật", "it"),
        ("cho chị gặp bộ phận IT", "it"),
        ("nối máy giúp cô với bộ phận chăm sóc khách hàng nhé", "customer_relations"),
        ("cho gap nv kho", "warehouse"),
        ("put me through to Human Resources please", "hr"),
        ("chuyển máy qua ban quản lý", "management"),
        ("gặp lễ tân", "reception"),
    ],
)
def test_a_department_asked_for_by_name(talk: Talk, text: str, department: str, intent: str) -> None:
    assert talk.say(text, intent, 0.4, decision="ask").handoff["department"] == department


@pytest.mark.parametrize(
    ("text", "intent", "department"),
    [
        ("hôm qua tôi gặp nhân viên thu ngân thái độ rất tệ", "complaint_service", "customer_relations"),
        ("em gặp khó khăn quá, xin giãn nợ", "loan_hardship", "credit"),
        ("tôi gặp ít lỗi trên app", "app_error", "it"),
    ],
)
def test_meeting_somebody_is_not_asking_for_them(talk: Talk, text: str, intent: str, department: str) -> None:
    assert talk.say(text, intent).handoff["department"] == department


def test_a_department_asked_for_gets_what_was_talked_about(talk: Talk) -> None:
    talk.say("giá tivi bao nhiêu", "product_price")
    handoff = talk.say("cho chị gặp bên bán hàng đi", "ask_human").handoff
    assert (handoff["department"], handoff["reason"]) == ("sales", "product_price")
    assert "giá tivi bao nhiêu" in handoff["summary"]


@pytest.mark.parametrize("text", ["em ko co tien tra no thang nay", "dạ em không có tiền trả nợ tháng này"])
def test_money_trouble_after_an_offer_is_no_yes(talk: Talk, text: str) -> None:
    talk.say("trả góp lãi suất bao nhiêu", "loan_info")
    assert talk.say(text, "affirm").handoff["reason"] == "loan_hardship"


@pytest.mark.parametrize(
    ("text", "accepts"),
    [
        ("ừ em gọi giùm chị đi nhé", True),
        ("ok em nối máy cho anh luôn", True),
        ("để chị xem lại cái đã", False),
        ("ok mà chị chưa quyết", False),
    ],
)
def test_what_the_engine_takes_for_a_yes_needs_a_word_for_it(talk: Talk, text: str, accepts: bool) -> None:
    talk.say("giá tivi bao nhiêu", "product_price")
    assert bool(talk.say(text, "affirm").handoffs) is accepts


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("nhân viên quầy 3 quát mẹ tôi trước mặt mọi người", "complaint_service"),
        ("tivi mới mua đã sọc màn hình, hàng kém quá", "complaint_product"),
        ("không ai trả lời tôi cả", "complaint_waiting"),
        ("chờ cả tuần rồi mà hoá đơn vẫn sai, bực mình", "invoice_correction"),
        ("app lỗi hoài, quá tệ", "app_error"),
    ],
)
@pytest.mark.parametrize("message_id", ["m-1", "m-2", "m-3", "m-4"])
def test_a_complaint_is_met_with_an_apology(talk: Talk, text: str, intent: str, message_id: str) -> None:
    answer = talk.say(text, intent, message_id=message_id)
    assert answer.text.startswith("Dạ em rất xin lỗi anh/chị")
    assert answer.handoff["priority"] == "high"


@pytest.mark.parametrize("message_id", ["m-1", "m-2", "m-3", "m-4"])
def test_a_handoff_does_not_open_with_a_mere_yes(talk: Talk, message_id: str) -> None:
    text = talk.say("xuất hoá đơn giúp chị", "invoice_request", message_id=message_id).text
    assert "chị" in text
    assert not text.startswith(("Dạ vâng ạ", "Dạ em hiểu rồi"))


@pytest.mark.parametrize(
    ("ranking", "decision", "served"),
    [
        ((("warranty", 0.66), ("greet", 0.34)), "ask", True),  # "alo, cho bác hỏi máy giặt có bảo hành không"
        ((("greet", 0.6), ("appointment_book", 0.39)), "answer", True),
        ((("thank", 0.9), ("refund_status", 0.08), ("loan_info", 0.01)), "answer", True),
        ((("greet", 0.5), ("appointment_book", 0.25), ("loan_info", 0.24)), "ask", False),
        ((("thank", 0.992), ("refund_status", 0.006)), "answer", False),
        ((("warranty", 0.66), ("loan_info", 0.3)), "ask", False),
    ],
)
def test_a_need_that_holds_what_a_courtesy_leaves_is_served(
    talk: Talk, ranking: tuple[tuple[str, float], ...], decision: str, served: bool
) -> None:
    names = [name for name, _ in ranking]
    listed = [{"name": name, "confidence": score} for name, score in ranking]
    answer = talk.say(
        "alo cái máy kia sao rồi", *ranking[0], decision=decision, candidates=names, intent_ranking=listed
    )
    need = next(name for name in names if name not in SMALL)
    assert (talk.slots["topic"] == need) is served, answer.texts


def test_a_bare_courtesy_has_no_need_behind_it(talk: Talk) -> None:
    ranking = [{"name": "affirm", "confidence": 0.9}, {"name": "deposit", "confidence": 0.09}]
    assert talk.say("dạ vâng ok em", "affirm", intent_ranking=ranking).outcomes == [{"department": "reception"}]


def test_an_order_number_behind_a_greeting_is_an_order(talk: Talk) -> None:
    handoff = talk.say("Hello ad, check giúp mình đơn DH12345 nha", "greet").handoff
    assert (handoff["reason"], handoff["collected"]["order"]) == ("order_status", "DH12345")
