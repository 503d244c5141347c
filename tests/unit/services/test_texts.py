"""The house's own sentences: dates as people say them, and never a brush-off."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.guard import check
from bot.domain.messages import MessageKind
from bot.domain.promises import PromiseKind
from bot.services import texts, texts_promises

VN = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 25, 9, 30, tzinfo=VN)


@pytest.mark.parametrize(
    ("at", "vietnamese", "english"),
    [
        (datetime(2026, 11, 25, 9, 45, tzinfo=VN), "9:45 hôm nay", "9:45 today"),
        (datetime(2026, 11, 26, 8, 5, tzinfo=VN), "8:05 ngày mai", "8:05 tomorrow"),
        (datetime(2026, 11, 30, 8, 30, tzinfo=VN), "8:30 thứ Hai, 30/11", "8:30 on Monday, 30 November"),
        (datetime(2027, 2, 14, 10, 0, tzinfo=VN), "10:00 Chủ nhật, 14/2/2027", "10:00 on Sunday, 14 February 2027"),
        (datetime(2026, 11, 25, 17, 30, tzinfo=ZoneInfo("UTC")), "0:30 ngày mai", "0:30 tomorrow"),
    ],
)
def test_moments(at: datetime, vietnamese: str, english: str) -> None:
    assert texts.moment(at, NOW, VN, "vi") == vietnamese
    assert texts.moment(at, NOW, VN, "en") == english


def sentences(language: str) -> list[str]:
    """Everything that the house can say, with something in every place."""
    case = {"code": "KT-0001", "department": "Kế toán", "language": language}
    due = {"due": "9:45 hôm nay"}
    dated = texts_promises.dated(kind=PromiseKind.DATE, **due, language=language)
    kinds = [texts.media_received(kind, language) for kind in MessageKind]
    return [
        *kinds,
        texts.owned(**case, **due, queue_number=1, covers=None),
        texts.owned(**case, **due, queue_number=1, covers="Kho vận"),
        texts.promised(**case, **due, queue_number=1),
        texts.promised(**case, **due, queue_number=1, closed=True),
        texts.added(**case, dated=dated),
        texts.reopened(**case, **due),
        texts.claimed(**case, name="Lan"),
        texts.claimed(**case, name=None, dated=dated),
        texts.given(**case, name="Lan", dated=dated),
        texts.given(**case, name=None),
        texts.transferred(**case, dated=dated, queue_number=2),
        texts.resolved(code="KT-0001", language=language),
        texts_promises.promise_renewed(**case, **due),
        texts_promises.promise_still(**case, **due),
        texts_promises.promise_made(code="KT-0001", **due, language=language),
        texts.sticker_received(language),
        texts.unreadable(language),
        texts.empty(language),
        texts.welcome("Sen Việt", language),
    ]


@pytest.mark.parametrize(("name", "answers"), [("anh Sơn", "anh Sơn"), (None, "nhân viên bên đó")])
def test_whoever_was_given_a_case_is_said_to_answer(name: str | None, answers: str) -> None:
    said = texts.given(name=name, department="Kế toán", code="KT-0001", language="vi")
    assert said.endswith(f"bộ phận Kế toán, {answers} sẽ trả lời anh/chị tại đây ạ.")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_no_sentence_of_the_house_sends_anybody_away(language: str) -> None:
    for sentence in sentences(language):
        assert not check(sentence).refusal, sentence
        assert sentence == unicodedata.normalize("NFC", sentence)
        assert " bạn " not in f" {sentence.lower()} "
