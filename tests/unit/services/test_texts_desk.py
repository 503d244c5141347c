"""What customers are told when their case moves behind the desk: it never sends anybody away."""

from __future__ import annotations

import unicodedata

import pytest

from bot.domain.guard import check
from bot.domain.promises import PromiseKind
from bot.services import texts_desk, texts_duty, texts_promises

DESK = {"vi": "Kế toán", "en": "Accounting"}


def sentences(language: str) -> list[str]:
    case = {"code": "KT-0001", "language": language}
    desk, due = {"department": DESK[language]}, {"due": "14:30 hôm nay"}
    off = [texts_promises.instead_of(kind=kind, **due, language=language) for kind in PromiseKind]
    dates = [
        texts_promises.dated(kind=kind, **due, language=language, **more)
        for kind in PromiseKind
        for more in ({}, {"stays": True}, *({"instead": one} for one in off))
    ]
    return [
        texts_desk.introduced(name="chị Lan", **desk, **case),
        texts_desk.introduced(name="Lan", **desk, **case, you="bác"),
        texts_desk.introduced(name=None, **desk, **case),
        *(texts_desk.introduced(name="Lan", **desk, **case, dated=dated) for dated in dates),
        *(texts_desk.queued(**desk, **case, dated=dated, queue_number=3) for dated in dates),
        *(texts_duty.put_back(**desk, **case, dated=dated) for dated in dates),
        texts_desk.asking_inside(**desk, **case, **due),
        texts_desk.asking_longer(**desk, **case, **due),
        *(texts_desk.asking_inside(**desk, **case, **due, instead=one) for one in off),
        *(texts_desk.asking_longer(**desk, **case, **due, instead=one) for one in off),
        texts_desk.granted(kind="Hoàn tiền", amount=1_500_000, **case),
        texts_desk.not_granted(kind="Hoàn tiền", amount=1_500_000, call=False, **case, **due),
        texts_desk.not_granted(kind="Hoàn tiền", amount=1_500_000, call=True, **case, **due),
        texts_desk.ask_score(language),
        texts_desk.thanks_for_score(language),
        texts_desk.sorry_for_score(language),
    ]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_no_sentence_sends_anybody_away(language: str) -> None:
    for sentence in sentences(language):
        assert not check(sentence).refusal, sentence
        assert sentence == unicodedata.normalize("NFC", sentence)
        assert "None" not in sentence


def test_a_colleague_is_introduced_as_people_do() -> None:
    said = texts_desk.introduced(name="chị Lan", department="Kế toán", code="KT-0001", language="vi", you="anh")
    assert said == "Dạ chị Lan bên bộ phận Kế toán đã nắm phiếu KT-0001 và sẽ hỗ trợ anh tiếp ạ."
    her_name = texts_desk.introduced(name="Anh Thư", department="Ban quản lý", code="QL-0001", language="vi")
    assert her_name == "Dạ Anh Thư bên Ban quản lý đã nắm phiếu QL-0001 và sẽ hỗ trợ anh/chị tiếp ạ."


def test_an_account_that_is_named_after_a_role_is_introduced_as_its_desk() -> None:
    said = texts_desk.introduced(name=None, department="Kế toán", code="KT-0001", language="vi")
    assert said == "Dạ bộ phận Kế toán đã nắm phiếu KT-0001 và sẽ hỗ trợ anh/chị tiếp ạ."


def test_a_date_that_the_customer_holds_is_said_as_one_that_stays_and_another_as_news() -> None:
    due = {"due": "15:40 ngày mai", "language": "vi"}
    for kind in (PromiseKind.ANSWER, PromiseKind.DATE):
        new = texts_promises.dated(kind=kind, **due)
        assert new == "Bên em hẹn trả lời anh/chị ngay tại đây trước 15:40 ngày mai ạ."
    stays = texts_promises.dated(kind=PromiseKind.DATE, **due, stays=True)
    assert stays == "Bên em vẫn giữ hẹn trả lời anh/chị ngay tại đây trước 15:40 ngày mai ạ."
    call = texts_promises.dated(kind=PromiseKind.CALL, **due, stays=True)
    assert call == "Bên em vẫn giữ hẹn gọi anh/chị lúc 15:40 ngày mai ạ."


@pytest.mark.parametrize(
    ("kind", "language", "said"),
    [
        (PromiseKind.DATE, "vi", ", thay cho giờ đã hẹn 9:00 hôm nay"),
        (PromiseKind.CALL, "vi", ", thay cho cuộc gọi đã hẹn 9:00 hôm nay"),
        (PromiseKind.DATE, "en", ", instead of by 9:00 hôm nay"),
        (PromiseKind.CALL, "en", ", instead of the call at 9:00 hôm nay"),
    ],
)
def test_a_date_that_is_off_is_named(kind: PromiseKind, language: str, said: str) -> None:
    assert texts_promises.instead_of(kind=kind, due="9:00 hôm nay", language=language) == said


@pytest.mark.parametrize(
    ("amount", "said"), [(1, "1 đ"), (999, "999 đ"), (1_500_000, "1.500.000 đ"), (10**12, "1.000.000.000.000 đ")]
)
def test_money_is_written_as_vietnamese_do(amount: int, said: str) -> None:
    assert texts_desk.money(amount) == said


def test_a_decision_without_an_amount_names_the_matter_alone() -> None:
    said = texts_desk.granted(kind="Ngoại lệ", amount=None, code="KT-0001", language="vi")
    assert said == "Dạ em báo tin vui về phiếu KT-0001: ngoại lệ đã được duyệt ạ."


def test_a_low_score_is_summed_up_with_the_customers_words() -> None:
    assert texts_desk.low_score(code="KT-0001", score=1, words="") == "Khách chấm 1/5 cho phiếu KT-0001."
    assert texts_desk.low_score(code="KT-0001", score=2, words="chờ lâu").endswith("Khách viết: “chờ lâu”")
