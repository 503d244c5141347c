"""The customer's mood, in either spelling, and what only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.moods import Mood, mood_of, sentences

ANGRY, URGENT, THANKFUL, CALM = Mood.ANGRY, Mood.URGENT, Mood.THANKFUL, Mood.CALM


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        ("Tôi rất bực mình với cách làm việc này", ANGRY),
        ("toi rat buc minh voi cach lam viec nay", ANGRY),
        ("CHỜ LÂU QUÁ RỒI", ANGRY),
        ("cho lau qua roi", ANGRY),
        ("tôi chờ mãi không thấy ai", ANGRY),
        ("không ai trả lời tôi cả", ANGRY),
        ("khong ai tra loi", ANGRY),
        ("Làm ăn kiểu gì vậy?", ANGRY),
        ("lam an kieu gi the", ANGRY),
        ("tôi không hài lòng", ANGRY),
        ("điên quá", ANGRY),
        ("tôi sẽ kiện", ANGRY),
        ("This is unacceptable", ANGRY),
        ("Tôi cần gấp", URGENT),
        ("gap lam em oi", URGENT),
        ("xu ly gap giup anh", URGENT),
        ("Khoá ngay cho tôi", URGENT),
        ("khẩn cấp!!!", URGENT),
        ("khan cap", URGENT),
        ("nhà tôi đang cháy", URGENT),
        ("asap please", URGENT),
        ("Cảm ơn em nhiều", THANKFUL),
        ("cám ơn shop", THANKFUL),
        ("cam on em", THANKFUL),
        ("thanks!", THANKFUL),
        ("Cho hỏi giá tủ lạnh", CALM),
        ("toi muon gap nhan vien", CALM),
        ("tôi đang gặp sự cố", CALM),
        ("toi dang gap su co", CALM),
        ("điều kiện trả góp là gì", CALM),
        ("kiện hàng bị móp", CALM),
        ("dieu kien vay", CALM),
        ("thời gian qua tôi bận", CALM),
        ("máy phát điện còn hàng không", CALM),
        ("lãi gấp đôi à", CALM),
        ("máy giặt gấp 2 lần", CALM),
        ("mẫu này cháy hàng chưa", CALM),
        ("mai tôi qua, cho mai nhé", CALM),
        ("goi ngay mai nhe", CALM),
        ("tôi không gấp đâu", CALM),
        ("ko gấp em nhé", CALM),
        ("không có gì phải bực", CALM),
        ("chưa thất vọng bao giờ", CALM),
        ("I am not angry", CALM),
        ("", CALM),
    ],
)
def test_mood_of_one_message(text: str, mood: Mood) -> None:
    assert mood_of([text]).mood is mood


def test_anger_is_not_hidden_by_politeness() -> None:
    heard = mood_of(["Chờ lâu quá! Tôi hỏi từ sáng.", "gấp lắm", "cảm ơn em"])
    assert (heard.mood, heard.said) == (ANGRY, "Chờ lâu quá!")


def test_old_anger_is_past() -> None:
    assert mood_of(["bực mình quá", *["dạ vâng"] * 5]).mood is CALM


def test_the_newest_sentence_is_quoted() -> None:
    assert mood_of(["gấp lắm", "Alo. Xử lý gấp giúp chị nhé!"]).said == "Xử lý gấp giúp chị nhé!"


@given(st.lists(st.text(max_size=60), max_size=8))
def test_whatever_is_quoted_was_said(said: list[str]) -> None:
    heard = mood_of(said)
    assert any(heard.said in text for text in said) or not heard.said
    assert bool(heard.said) is (heard.mood is not CALM)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("chuyển nhầm 5.000.000 rồi. Giúp em với!", ["chuyển nhầm 5.000.000 rồi.", "Giúp em với!"]),
        (
            "ở 12/3 Ng. Trãi P. 5 Q.1, giao trước 28.11.2026!",
            ["ở 12/3 Ng. Trãi P. 5 Q.1, giao trước 28.11.2026!"],
        ),
        ("hỏng rồi!!gọi lại đi\nnhanh lên", ["hỏng rồi!!", "gọi lại đi", "nhanh lên"]),
        ("...", ["..."]),
    ],
)
def test_numbers_dates_and_addresses_stay_whole(text: str, parts: list[str]) -> None:
    assert list(sentences(text)) == parts
