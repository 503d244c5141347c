"""A courtesy together with a need, departments asked for by name, and yes-words."""

from __future__ import annotations

import pytest

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
