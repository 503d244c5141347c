"""What customers read about calls: polite, with number and hour, and never a refusal."""

from __future__ import annotations

import pytest

from bot.domain.guard import check
from bot.services import texts_calls

CODE, PHONE, AT = "KH-0042", "0909111222", "15:00 ngày mai"


def sentences(language: str) -> list[str]:
    """Every sentence, each with all it can say."""
    known = {"code": CODE, "language": language}
    return [
        texts_calls.promised(**known, department="Chăm sóc khách hàng", phone=PHONE, at=AT, asked=None),
        texts_calls.promised(**known, department="Chăm sóc khách hàng", phone=None, at=AT, asked="9:00 hôm nay"),
        texts_calls.moved(**known, phone=PHONE, at=AT, asked=None),
        texts_calls.moved(**known, phone=None, at=AT, asked="9:00 hôm nay"),
        texts_calls.not_reached(**known, at=AT),
        texts_calls.given_up(**known, tries=3, due=AT),
        texts_calls.renewed(**known, department="Ban quản lý", at=AT, led=False),
        texts_calls.renewed(**known, department="Ban quản lý", at=AT, led=True),
    ]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_sentence_names_the_case_and_the_hour_and_sends_nobody_away(language: str) -> None:
    for said in sentences(language):
        assert CODE in said
        assert AT in said
        assert not check(said).refusal, said
        assert said.startswith("Dạ ") or language == "en"


def test_an_hour_at_which_nobody_is_there_is_named_beside_the_one_that_is_promised() -> None:
    said = texts_calls.promised(
        code=CODE, department="Kế toán", phone=PHONE, at=AT, asked="9:00 hôm nay", language="vi"
    )
    assert said.startswith("Dạ 9:00 hôm nay bên em chưa có người trực")
    assert PHONE in said


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("asked", [None, "9:00 hôm nay"])
def test_a_promised_call_names_desk_and_hour_once(language: str, asked: str | None) -> None:
    said = texts_calls.promised(code=CODE, department="Kế toán", phone=PHONE, at=AT, asked=asked, language=language)
    assert (said.count("Kế toán"), said.count(AT)) == (1, 1)


def test_those_who_lead_and_have_a_case_already_are_not_said_to_get_it() -> None:
    said = texts_calls.renewed(code=CODE, department="Ban quản lý", at=AT, led=True, language="vi")
    assert "đã chuyển" not in said
    assert "vẫn ở Ban quản lý" in said


@pytest.mark.parametrize(
    ("collected", "phone"),
    [
        ({"phone": "0909 111 222"}, "0909 111 222"),
        ({"phone": "khách không nhớ"}, None),
        ({}, None),
        ({"phone": 9}, None),
    ],
)
def test_only_figures_are_a_number_to_call(collected: dict[str, object], phone: str | None) -> None:
    assert texts_calls.phone_of(collected) == phone


@pytest.mark.parametrize(
    ("asked", "free", "said"),
    [
        (
            "22:00 ngày mai",
            "8:00 thứ Bảy",
            "Dạ 22:00 ngày mai bên em ngoài giờ làm việc, giờ gần nhất em gọi được là 8:00 thứ Bảy ạ. Anh/chị",
        ),
        (None, None, "Dạ anh/chị"),
    ],
)
def test_an_hour_that_will_not_do_is_answered_with_another_and_the_call_that_stands(
    asked: str | None, free: str | None, said: str
) -> None:
    told = texts_calls.kept_then(at="9:00 ngày mai", asked=asked, free=free, language="vi")
    assert told == f"{said} muốn em gọi lúc mấy giờ ạ? Trong lúc đó em vẫn giữ hẹn gọi lúc 9:00 ngày mai ạ."
    assert "the call stays at 9:00" in texts_calls.kept_then(at="9:00", asked=asked, free=free, language="en")
