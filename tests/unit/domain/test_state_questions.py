"""Which messages may ask how a case stands, by table."""

from __future__ import annotations

import pytest

from bot.domain.state_questions import is_bare_code, may_ask_state, names_own_case

OWN = ["KT-0042", "LT-0007"]


@pytest.mark.parametrize(
    "text",
    [
        "phiếu tới đâu rồi",
        "Phieu cua em toi dau roi a",
        "xong chưa em",
        "sao rồi chị",
        "bao giờ có kết quả vậy",
        "chừng nào xong?",
        "when will it be ready",
        "any news",
        "KT-0042",
        "chị ơi đã có hoá đơn chưa",
    ],
)
def test_what_may_ask_how_a_case_stands(text: str) -> None:
    assert may_ask_state(text)


@pytest.mark.parametrize("text", ["", "   ", "Dạ em cảm ơn chị", "Mã số thuế 0312345678", "ok", "x" * 300 + "?"])
def test_what_cannot(text: str) -> None:
    assert not may_ask_state(text)


@pytest.mark.parametrize(
    ("text", "named", "bare"),
    [
        ("KT-0042", ["KT-0042"], True),
        ("phiếu kt 42 của em", ["KT-0042"], True),
        ("LT7 với KT42 nha", ["KT-0042", "LT-0007"], True),
        ("KT-9999", [], False),
        ("cn 29 em tới", [], False),
        ("Em gửi thêm ảnh cho phiếu KT-0042 chị xem giúp em nhé", ["KT-0042"], False),
    ],
)
def test_codes_of_ones_own(text: str, named: list[str], bare: bool) -> None:
    assert names_own_case(text, OWN) == named
    assert is_bare_code(text, OWN) is bare
