"""The first words after "đã xử lý xong", and after a low score: they belong to what has just been told."""

from __future__ import annotations

import pytest

from actions.case_words import says_closed, says_undone
from tests.unit.actions.talk import NOW, Answer, Talk

DONE = {"code": "KH-0015", "department": "customer_relations", "state": "resolved"}
FOLLOW_UP = {"code": "KH-0016", "department": "customer_relations", "state": "waiting", "queue_number": 1}
OTHER = {"code": "KT-0042", "department": "accounting", "state": "waiting", "queue_number": 3}


def told(talk: Talk, case: dict[str, object], *others: dict[str, object]) -> Talk:
    """The last words to the customer were about a case."""
    talk.facts = {"now": NOW, "language": "vi", "open_cases": [*others, case], "just_told": case["code"]}
    return talk


def reopens(answer: Answer) -> bool:
    return [one.get("reopens") for one in answer.handoffs] == ["KH-0015"]


PROTESTS = [
    "sao xong? chua lam gi ma xong",
    "ua chua dc gi het, sao xong",
    "tho chua toi ma dong phieu roi ha",
    "xong cái gì mà xong",
    "ủa chưa ai gọi hết mà",
    "tiền chưa hoàn mà em",
    "vẫn chưa được em ơi",
    "vậy mà cũng gọi là xong",
    "nobody came, why is it closed?",
]


@pytest.mark.parametrize("text", PROTESTS)
@pytest.mark.parametrize(("intent", "sure"), [("loan_status", False), ("case_status", True), ("small_talk", True)])
def test_a_protest_has_the_case_back(talk: Talk, text: str, intent: str, sure: bool) -> None:
    told(talk, DONE)
    answer = talk.say(text, intent) if sure else talk.unsure(text, intent, "card_service", "complaint_waiting")
    assert reopens(answer), answer.outcomes
    assert answer.handoff["summary"].startswith("Khách chưa thấy xong phiếu KH-0015. Khách viết: “")
    assert answer.handoff["reason"] == "case_reopened"
    assert answer.text
    assert not answer.buttons


def test_a_protest_has_the_case_back_also_beside_another_one(talk: Talk) -> None:
    assert reopens(told(talk, DONE, OTHER).say("sao xong? chua lam gi ma xong", "case_status"))


def test_a_protest_that_comes_later_has_it_back_too(talk: Talk) -> None:
    talk.facts = {"now": NOW, "language": "vi", "open_cases": [DONE]}
    assert reopens(talk.say("ủa mà chưa ai tới hết", "case_status"))


def test_a_question_that_cannot_be_made_out_is_about_what_has_just_ended(talk: Talk) -> None:
    answer = told(talk, DONE).unsure("mai may gio tho toi", "installation", "warranty", "appointment_book")
    assert reopens(answer)
    assert not answer.buttons
    assert talk.facts["just_told"]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("cảm ơn em nhé", "thank"),
        ("ok em", "affirm"),
        ("shop mở cửa tới mấy giờ", "opening_hours"),
        ("giá tủ lạnh 300 lít bao nhiêu", "product_price"),
        ("đơn DH12345 chưa giao tới", "delivery_missing"),
        ("tôi muốn xuất hoá đơn", "invoice_request"),
    ],
)
def test_thanks_and_another_need_are_what_they_are(talk: Talk, text: str, intent: str) -> None:
    assert not any("reopens" in one for one in told(talk, DONE).say(text, intent).handoffs)


def test_what_was_asked_before_the_end_is_no_longer_answered(talk: Talk) -> None:
    talk.facts = {"now": NOW, "language": "vi", "open_cases": []}
    assert talk.unsure("cái này sao ta", "loan_status", "card_service").buttons
    told(talk, FOLLOW_UP)
    assert talk.unsure("te qua", "loan_status", "card_service").department == "customer_relations"


@pytest.mark.parametrize(
    ("text", "intent", "confidence"),
    [
        ("te qua", "loan_status", 0.9),
        ("tra loi cham qua", "complaint_waiting", 0.9),
        ("nhan vien noi coc loc", "complaint_service", 0.9),
        ("chán", "out_of_scope", 0.9),
        ("không hài lòng", "praise", 0.8),
        ("phiếu gì mà tệ quá trời", "case_status", 0.9),
    ],
)
def test_the_word_after_a_low_score_joins_the_case_that_follows_it_up(
    talk: Talk, text: str, intent: str, confidence: float
) -> None:
    answer = told(talk, FOLLOW_UP, OTHER).say(text, intent, confidence)
    assert answer.handoff["department"] == "customer_relations"
    assert text in answer.handoff["summary"]
    assert not answer.buttons


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("cảm ơn em", "thank"),
        ("giá tủ lạnh 300 lít bao nhiêu", "product_price"),
        ("so thu tu cua toi", "case_status"),
    ],
)
def test_after_a_low_score_another_need_is_what_it_is(talk: Talk, text: str, intent: str) -> None:
    answer = told(talk, FOLLOW_UP).say(text, intent)
    assert not answer.handoffs


@pytest.mark.parametrize(
    "text",
    [
        "anh chưa mua tivi bao giờ, tư vấn giúp anh",
        "bao giờ xong em",
        "xong chưa em",
        "sao rồi, xong chưa em",
        "sao bao giờ mới xong vậy",
        "cho em hỏi giá",
        "hàng có giao ở đâu",
        "có tiền gửi ở đâu lãi cao",
        "mua hàng ở đâu có giao tận nhà",
        "đơn có tới đâu rồi",
    ],
)
def test_plain_words_protest_against_nothing(text: str) -> None:
    assert not says_closed(text)
    assert not says_undone(text)


@pytest.mark.parametrize(("text", "intent"), [("te qua", "small_talk"), ("không hài lòng", "praise")])
def test_anger_that_names_nothing_is_about_what_has_ended(talk: Talk, text: str, intent: str) -> None:
    assert reopens(told(talk, DONE).say(text, intent))


def test_a_wish_that_is_not_clear_is_asked_about(talk: Talk) -> None:
    assert told(talk, DONE).unsure("tôi muốn mua tivi 55 inch", "loan_apply", "order_place").buttons


def test_whoever_protests_against_the_end_takes_nothing_back(talk: Talk) -> None:
    talk.facts = {"now": NOW, "language": "vi", "open_cases": [OTHER, DONE]}
    answer = talk.say("tho chua toi ma dong phieu roi ha", "case_status")
    assert not any(one["reason"] == "case_withdrawn" for one in answer.handoffs)


NEVER = [
    ("thợ chưa tới mà", "installation"),
    ("tho chua toi", "installation"),
    ("thợ có tới đâu", "installation"),
    ("thợ không tới", "installation"),
    ("cả tuần rồi thợ chưa đến", "installation"),
    ("vẫn chưa thấy thợ đâu", "installation"),
    ("the technician never came", "installation"),
    ("hàng chưa tới", "transfer_problem"),
    ("chưa nhận được hàng", "order_status"),
    ("sao chưa thấy ai qua vậy", "order_status"),
    ("có ai gọi đâu", "courier"),
]


@pytest.mark.parametrize(("text", "intent"), NEVER)
def test_what_never_came_is_no_neighbouring_need_however_sure_a_model_is(talk: Talk, text: str, intent: str) -> None:
    assert reopens(told(talk, DONE).say(text, intent))


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("à cho hỏi giá tủ lạnh", "product_price"),
        ("đơn DH999 của tôi đâu", "order_status"),
        ("hàng DH999 chưa tới", "order_status"),
        ("hàng DH99912 chưa tới", "order_status"),
        ("còn cái tủ lạnh mới đặt thì hàng chưa tới", "order_status"),
        ("chưa nhận được hoá đơn", "invoice_request"),
        ("mã OTP chưa về", "otp_problem"),
        ("thẻ chưa gửi tới", "card_service"),
        ("báo giá mãi không gửi", "bulk_quote"),
        ("lắp đặt tivi mà thợ chưa tới", "installation"),
    ],
)
def test_what_is_named_by_a_word_of_its_own_is_a_need_of_its_own(talk: Talk, text: str, intent: str) -> None:
    assert not any("reopens" in one for one in told(talk, DONE).say(text, intent).handoffs)


def test_what_never_came_later_is_what_a_model_is_sure_of(talk: Talk) -> None:
    talk.facts = {"now": NOW, "language": "vi", "open_cases": [DONE]}
    assert not any("reopens" in one for one in talk.say("thợ chưa tới mà", "installation").handoffs)


def test_a_quote_that_never_came_has_the_case_of_the_quote_back(talk: Talk) -> None:
    assert reopens(told(talk, {**DONE, "department": "sales"}).say("báo giá mãi không gửi", "bulk_quote"))


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("báo giá mãi không gửi", "bulk_quote"),
        ("báo giá đâu có gửi cho chị", "bulk_quote"),
        ("hôm qua tới giờ thợ chưa tới", "installation"),
    ],
)
def test_what_was_not_done_is_the_reason_of_a_low_score(talk: Talk, text: str, intent: str) -> None:
    answer = told(talk, FOLLOW_UP, OTHER).say(text, intent)
    assert answer.handoff["department"] == "customer_relations"
    assert text in answer.handoff["summary"]


@pytest.mark.parametrize("text", ["đơn DH99912 chưa giao tới", "đơn DH999 chưa giao tới"])
def test_another_order_is_no_reason_of_a_low_score(talk: Talk, text: str) -> None:
    answer = told(talk, FOLLOW_UP).say(text, "order_status")
    assert not any(one["department"] == "customer_relations" for one in answer.handoffs)
