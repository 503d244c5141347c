"""Whoever asks for a person gets one, also beside a need; and a number that somebody has not got changes no need."""

from __future__ import annotations

import pytest

from actions.lexicon import calls_for_person, lacks_number
from tests.unit.actions.talk import NOW, Talk

PRICE = "giá tủ lạnh 300 lít bao nhiêu, cho gặp nhân viên bán hàng tư vấn"
MISSING = "đơn DH55512 giao thiếu 1 cái quạt, kho kiểm tra giúp tôi"


@pytest.mark.parametrize("intent", ["product_price", "product_advice", "promotion", "ask_human"])
def test_a_person_asked_for_beside_a_question_comes_without_another_question(talk: Talk, intent: str) -> None:
    answer = talk.say(PRICE, intent)
    assert answer.handoff["department"] == "sales"
    assert not answer.buttons


def test_the_price_is_told_with_it(talk: Talk) -> None:
    assert "tủ lạnh từ" in talk.say(PRICE, "product_price").text


def test_a_person_asked_for_comes_also_where_the_need_is_not_clear(talk: Talk) -> None:
    answer = talk.unsure(
        "tủ lạnh loại nào xài bền, cho gặp nhân viên tư vấn", "product_advice", "ask_human", "warranty"
    )
    assert answer.handoff["department"] == "sales"
    assert not answer.buttons


def test_a_question_alone_is_answered_with_an_offer(talk: Talk) -> None:
    answer = talk.say("giá tủ lạnh 300 lít bao nhiêu", "product_price")
    assert not answer.handoffs
    assert answer.buttons


def test_what_was_delivered_short_is_no_choice_of_needs(talk: Talk) -> None:
    answer = talk.unsure(MISSING, "delivery_missing", "order_status")
    assert answer.handoff["department"] == "warehouse"
    case = {"code": "KO-0001", "department": "warehouse", "state": "waiting", "queue_number": 1}
    talk.facts = {"now": NOW, "language": "vi", "open_cases": [case]}
    later = talk.say("Tôi không nhớ mã đơn", "order_status")
    assert later.handoff["department"] == "warehouse"


def test_a_number_that_is_forgotten_leaves_the_likeliest_need(talk: Talk) -> None:
    assert talk.unsure("cái quạt kia không có trong thùng", "delivery_missing", "order_status").buttons
    assert talk.say("Tôi không nhớ mã đơn", "order_status").department == "warehouse"


@pytest.mark.parametrize(
    "text", ["tôi không nhớ mã đơn", "quên mất mã rồi", "ko có số hoá đơn", "I don't know the order number"]
)
def test_a_number_may_be_missing_in_many_words(text: str) -> None:
    assert lacks_number(text)


@pytest.mark.parametrize("text", ["mã đơn DH12345", "tôi không biết giá", "tôi không có thẻ", "mất thẻ rồi em"])
def test_other_things_that_are_missing_are_no_number(text: str) -> None:
    assert not lacks_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "Tôi gặp nhân viên thu ngân, thái độ rất tệ",
        "tôi gặp lỗi khi đăng nhập",
        "giá bao nhiêu",
        "nhân viên tư vấn sai",
        "hôm qua tôi gặp nhân viên",
        "mai ghé có gặp nhân viên nào tư vấn không",
        "gặp nhân viên thu ngân bị mắng một trận",
    ],
)
def test_a_person_who_was_met_is_not_asked_for(text: str) -> None:
    assert not calls_for_person(text)


@pytest.mark.parametrize(
    "text",
    [
        "xe giao hàng của tôi đâu, gặp nhân viên",
        "xe giao hàng của tôi đâu gặp nhân viên đi em",
        "gặp nhân viên, xe giao hàng của tôi đâu",
        "gap nv xe giao hang cua toi dau",
        "xe giao hàng đâu, gặp nhân viên giao hàng, chờ lâu rồi",
        "xe giao hàng của tôi đâu, nói chuyện với người thật",
        "xe giao hàng của tôi đâu, kêu nhân viên ra đây",
        "where is my delivery, talk to a person",
    ],
)
def test_a_person_asked_for_anywhere_in_a_sentence_comes(talk: Talk, text: str) -> None:
    answer = talk.unsure(text, "order_status", "ask_human")
    assert answer.handoff["department"] in {"sales", "reception"}
    assert not answer.buttons
