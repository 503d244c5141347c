"""Who writes English is answered in English, from the first word to the last, whatever the talk comes to."""

from __future__ import annotations

import re

import pytest

from actions.plan import PLANS
from tests.unit.actions.talk import NOW, Answer, Talk

_VIETNAMESE = re.compile("[àáâãèéêìíòóôõùúýăđĩũơưạ-ỹ]|\\b(?:Dạ|em|anh)\\b")
_NAMES = ("Sen Việt",)
CASE = {"code": "KT-0042", "department": "accounting", "state": "waiting", "queue_number": 3,
        "promise_at": "2026-11-25T15:30:00+07:00"}  # fmt: skip


def english(answer: Answer) -> Answer:
    for text in (*answer.texts, *answer.buttons):
        plain = text
        for name in _NAMES:
            plain = plain.replace(name, "")
        assert not _VIETNAMESE.search(plain), text
    return answer


@pytest.mark.parametrize("cases", [[], [CASE], [{**CASE, "state": "resolved"}]])
def test_every_need(talk: Talk, cases: list[dict[str, object]]) -> None:
    desks = {"sales": {"staffed": False, "open": False, "opens_at": "2026-11-26T08:00:00+07:00", "waiting": 0}}
    talk.facts = {"now": NOW, "language": "vi", "open_cases": cases, "departments": desks}
    for intent in PLANS:  # which wording is chosen matters little: `test_texts` reads them all
        talk.slots = dict.fromkeys(talk.slots)
        english(talk.say("what about this please", intent, message_id=intent))


def test_forms(talk: Talk) -> None:
    english(talk.say("Hello, I would like to book an appointment", "appointment_book"))
    english(talk.say("what time do you close today?", "opening_hours"))
    english(talk.say("never mind", "deny"))
    english(talk.say("actually let's continue", None, 0.1))
    english(talk.say("About buying an air conditioner", "loan_info"))
    english(talk.say("tomorrow", "out_of_scope"))
    english(talk.say("ok", "affirm"))
    english(talk.say("3 pm", None, 0.1))
    assert "tomorrow" in english(talk.say("my number is 0909123456", "case_status")).text
    assert "4 pm" in english(talk.say("actually can we make it 4 pm?", None, 0.2)).text


def test_callback_complaint_and_order(talk: Talk) -> None:
    english(talk.say("please call me back", "callback"))
    english(talk.say("my number", "callback", 0.3, decision="ask"))
    english(talk.say("0912345678", "callback"))
    assert talk.say("after 5pm", None, 0.2).handoff["call_at"] == "2026-11-25T17:15:00+07:00"
    english(talk.say("I want to make a complaint", "complaint_service"))
    english(talk.say("ok", "affirm"))
    english(talk.say("your cashier was rude to my mother", "complaint_service"))
    english(talk.say("where is my order?", "order_status"))
    english(talk.say("I don't remember the number", None, 0.2))


def test_questions_of_ours(talk: Talk) -> None:
    answer = english(talk.unsure("something with delivery and instalments", "product_price", "loan_info"))
    assert answer.buttons == ["Product price", "Instalment terms", "Something else"]
    english(talk.say("the second one", None, 0.1))
    english(talk.say("am I too old for that?", "loan_info"))
    english(talk.say("let me think about it", None, 0.1))


def test_an_open_case(talk: Talk) -> None:
    talk.facts = {"now": NOW, "language": "vi", "open_cases": [CASE],
                  "departments": {"accounting": {"waiting": 2, "wait_minutes": [5, 10]}}}  # fmt: skip
    for text in ("is anybody there?", "how long does it take", "yes please", "why is it taking so long?",
                 "how many people are before me?", "please hurry", "I will wait", "my number is 0909123456",
                 "I changed my mind", "I don't need it anymore", "are you a robot?"):  # fmt: skip
        intent = {"is anybody there?": "greet", "are you a robot?": "bot_challenge", "yes please": "affirm"}.get(text)
        english(
            talk.say(text, intent or "out_of_scope", 0.9 if intent else 0.3, decision="answer" if intent else "ask")
        )


def test_english_words_in_vietnamese_do_not_switch(talk: Talk) -> None:
    assert "Dạ" in talk.say("Hi shop, đổi hàng được không", "return_exchange").text
    assert "Dạ" in talk.say("ok thanks", "thank").text
    english(talk.say("How much is delivery?", "delivery_fee"))
    english(talk.say("ok thanks", "thank"))
    assert "Dạ" in talk.say("cho tôi hỏi phí giao về Bình Dương", "delivery_fee").text
