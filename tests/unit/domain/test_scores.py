"""Reading scores from what customers really write, and leaving alone what only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.scores import read_answer

SCORES = [
    ("5", 5),
    ("1", 1),
    (" 4 ", 4),
    ("5!", 5),
    ("3.", 3),
    ("0", 1),
    ("10", 5),
    ("05", 5),
    ("5️⃣", 5),
    ("năm", 5),
    ("Bốn", 4),
    ("ba", 3),
    ("một", 1),
    ("năm sao", 5),
    ("nam sao", 5),
    ("Bốn sao nha", 4),
    ("bon sao", 4),
    ("mot sao", 1),
    ("hai sao thôi", 2),
    ("5 sao", 5),
    ("5sao", 5),
    ("5*", 5),
    ("4 *", 4),
    ("5⭐", 5),
    ("⭐⭐⭐⭐", 4),
    ("⭐️⭐️⭐️", 3),
    ("⭐", 1),
    ("★★★★☆", 4),
    ("*****", 5),
    ("tuyệt vời ⭐⭐⭐⭐⭐", 5),
    ("4/5", 4),
    ("5/5 nha em", 5),
    ("4 / 5", 4),
    ("10/10", 5),
    ("9/10", 5),
    ("7/10", 4),
    ("5 trên 5", 5),
    ("năm trên năm", 5),
    ("4,5/5", 5),
    ("3.5 sao", 4),
    ("2 sao thôi, chờ lâu quá", 2),
    ("2 sao lâu quá", 2),
    ("tôi cho 5 điểm", 5),
    ("Cho em 5 điểm luôn", 5),
    ("10 điểm", 5),
    ("8 điểm", 4),
    ("0 điểm", 1),
    ("chỉ được 2 điểm", 2),
    ("3đ", 3),
    ("dạ 5 ạ", 5),
    ("cho 4 nhé", 4),
    ("chấm 5", 5),
    ("5, cảm ơn em", 5),
    ("5 cảm ơn shop nhiều", 5),
    ("2. Chờ lâu quá", 2),
    ("4 - nhân viên nhiệt tình nhưng chờ hơi lâu", 4),
    ("2 chờ lâu quá", 2),
    ("1 thất vọng", 1),
    ("dịch vụ tốt, mình đánh giá 5 sao", 5),
    ("không hài lòng, cho 2 sao", 2),
    ("không hài lòng cho 1 sao", 1),
    ("đáng lẽ 5 sao nhưng chờ lâu nên 3 sao", 3),
    ("5 sao 5 sao 5 sao", 5),
    ("5 stars", 5),
    ("four stars, thank you", 4),
    ("3 out of 5", 3),
    ("I give 4", 4),
    ("five", 5),
    ("10 sao", 5),
]

NOT_SCORES = [
    "",
    "hài lòng",
    "rất hài lòng ạ",
    "tốt lắm em",
    "ok",
    "5 phút nữa tôi gọi",
    "cái 5 triệu",
    "lấy cho anh cái 5 triệu nhé",
    "5tr",
    "5k",
    "5%",
    "5 cái",
    "cho tôi 5 cái",
    "cho mình hỏi 1 chút",
    "tôi có 2 câu hỏi",
    "5h chiều anh qua",
    "5 giờ",
    "5:30",
    "17/5",
    "giao ngày 4/5 nhé",
    "hẹn sáng 5/10",
    "4/5/2026",
    "24/7",
    "2-3 ngày nữa có hàng không",
    "3 - 4 ngày",
    "1, 2 hôm nữa anh ghé",
    "0912345678",
    "KT-0005",
    "5,5 triệu",
    "tôi có 5 điểm thưởng",
    "đổi 5 điểm được gì",
    "5 điểm giao dịch ở quận 1",
    "tủ lạnh 5 sao",
    "máy lạnh 5 sao năng lượng",
    "khách sạn 5 sao",
    "5 sao là sao?",
    "4 sao hả?",
    "đơn số 2 sao chưa thấy giao",
    "không cho 5 sao được",
    "chưa được 5 sao",
    "nếu giao sớm thì 5 sao",
    "5 sao nếu em giải quyết xong",
    "3 sao giao hàng, 5 sao nhân viên",
    "1. Bảo hành bao lâu 2. Đổi trả thế nào",
    "năm nay có khuyến mãi không",
    "năm ngoái tôi mua",
    "nam",
    "ba mẹ tôi cần mua",
    "hai người chờ từ sáng",
    "sao lâu vậy em",
    "cảm ơn shop ⭐",
    "8",
    "7/5",
    "12 điểm",
    "lầu 5",
    "55",
    "5 nhân viên đứng nói chuyện",
    "-5 sao",
]


def score_of(text: str) -> int | None:
    """The score alone."""
    answer = read_answer(text)
    return answer.score if answer else None


def test_a_score_is_read() -> None:
    read = [(text, score_of(text)) for text, _ in SCORES]
    assert [one for one, told in zip(read, SCORES, strict=True) if one != told] == []


def test_what_is_no_score_is_left_alone() -> None:
    assert [(text, score_of(text)) for text in NOT_SCORES if score_of(text) is not None] == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("5", ""),
        ("dạ 5 sao nha em", ""),
        ("4/5", ""),
        ("⭐⭐⭐⭐", ""),
        ("cho 5 điểm", ""),
        ("2 sao thôi, chờ lâu quá", "2 sao thôi, chờ lâu quá"),
        ("  2. Chờ lâu quá ", "2. Chờ lâu quá"),
        ("5 sao, anh Nam nhiệt tình", "5 sao, anh Nam nhiệt tình"),
    ],
)
def test_words_beside_the_score_are_kept_as_written(text: str, words: str) -> None:
    answer = read_answer(text)
    assert answer is not None
    assert answer.words == words


@given(st.text(max_size=80))
def test_any_text_can_be_read(text: str) -> None:
    answer = read_answer(text)
    assert answer is None or 1 <= answer.score <= 5


@given(st.integers(1, 5), st.sampled_from(["{} sao", "{}/5", "{} điểm", "{}⭐", "cho {} sao nhé", "{}", "Dạ {} ạ"]))
def test_a_plain_score_is_itself(score: int, phrase: str) -> None:
    assert score_of(phrase.format(score)) == score


def test_a_long_text_is_no_answer() -> None:
    assert score_of("5 sao " + "rất tốt " * 100) is None
