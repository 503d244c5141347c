"""A name that the customer says in words: greeted by it, remembered, told to staff and to the front office."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.actions.talk import Talk


def named(name: str, **more: Any) -> list[dict[str, Any]]:
    return [{"entity": "customer_name", "value": name, **more}]


def test_an_introduction_is_greeted_and_remembered(talk: Talk) -> None:
    answer = talk.say("tôi tên Hùng", "small_talk", 0.4, decision="ask", entities=named("Hùng"))
    assert "chào anh/chị Hùng" in answer.text
    assert "giúp" in answer.text
    assert {"customer": {"name": "Hùng"}} in answer.outcomes
    later = talk.say("sửa hoá đơn giúp tôi", "invoice_correction")
    assert later.handoff["collected"]["customer_name"] == "Hùng"
    assert "tên khách: Hùng" in later.handoff["summary"]
    assert "anh/chị Hùng" in later.text
    assert {"customer": {"name": "Hùng"}} not in later.outcomes


def test_an_elder_is_called_by_the_title_they_give_themselves(talk: Talk) -> None:
    answer = talk.say("bác tên Thìn, cháu nhớ giùm bác nha", "card_service", 0.2, entities=named("Thìn", title="bác"))
    assert "cháu chào bác Thìn" in answer.text


def test_the_last_of_the_names_is_spoken_and_all_are_written(talk: Talk) -> None:
    talk.say("tôi là Nguyễn Văn Hùng", "small_talk", entities=named("Nguyễn Văn Hùng"))
    answer = talk.say("sửa hoá đơn giúp tôi", "invoice_correction")
    assert "anh/chị Hùng" in answer.text
    assert answer.handoff["collected"]["customer_name"] == "Nguyễn Văn Hùng"


def test_a_need_beside_the_name_is_served(talk: Talk) -> None:
    answer = talk.say("em là Lan, em muốn sửa hoá đơn", "invoice_correction", entities=named("Lan"))
    assert answer.handoff["department"] == "accounting"
    assert {"customer": {"name": "Lan"}} in answer.outcomes


def test_a_name_in_the_middle_of_a_form_answers_nothing_and_ends_nothing(talk: Talk) -> None:
    talk.say("đặt lịch hẹn giúp anh", "appointment_book")
    answer = talk.say("anh tên Hùng", "small_talk", 0.3, entities=named("Hùng", title="anh"))
    assert "chào anh Hùng" in answer.text
    assert answer.text.count("?") == 1
    assert answer.slots["form"]["values"] == {}
    assert answer.slots["form"]["asked"] == "purpose"


def test_an_offer_outlives_an_introduction(talk: Talk) -> None:
    talk.say("lãi suất trả góp bao nhiêu", "loan_info")
    talk.say("anh tên Hùng", "small_talk", 0.3, entities=named("Hùng", title="anh"))
    assert talk.say("ừ", "affirm").handoff["department"] == "credit"


@pytest.mark.parametrize("text", ["em là Lan, sđt 0912345678", "em là Lan, em đang ở ngoài cửa"])
def test_more_than_a_name_is_more_than_an_introduction(talk: Talk, text: str) -> None:
    answer = talk.say(text, "meet_person", entities=named("Lan"))
    assert answer.handoffs


def test_somebody_called_mai_is_no_tomorrow(talk: Talk) -> None:
    talk.say("đặt lịch hẹn giúp chị", "appointment_book")
    answer = talk.say("chị tên Mai", "meet_person", 0.3, entities=named("Mai", title="chị"))
    assert "chào chị Mai" in answer.text
    assert answer.slots["form"]["values"] == {}


def test_a_question_like_nothing_known_is_not_greeted_but_heard(talk: Talk) -> None:
    answer = talk.unsure("shop có wifi không", "greet", "product_stock")
    assert answer.handoffs
