"""Customers who say who they are, and what stands before the matter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.nlu.entities import extract
from engine.nlu.reading import read


def names(text: str) -> list[tuple[str, str | None]]:
    return [(found.value, found.more.get("title")) for found in extract(text) if found.entity == "customer_name"]


@pytest.mark.parametrize(
    ("text", "name", "title"),
    [
        ("tôi tên Hùng", "Hùng", None),
        ("toi ten hung", "Hung", None),
        ("TÔI TÊN HÙNG", "Hùng", None),
        ("em là Lan nè", "Lan", None),
        ("em la lan ne", "Lan", None),
        ("bác tên Thìn, cháu nhớ giùm bác nha", "Thìn", "bác"),
        ("chào em, chị là Mai, chị muốn đổi cái nồi", "Mai", "chị"),
        ("tên tôi là Nguyễn Văn Hùng, sđt 0912345678", "Nguyễn Văn Hùng", None),
        ("anh Bình bên công ty Minh Phát đây, đơn anh đặt sao rồi", "Bình", "anh"),
        ("Dạ em Tuấn đây ạ", "Tuấn", None),
        ("my name is John, i have a question", "John", None),
        ("bác là Năm đây cháu", "Năm", "bác"),
        ("call me Tom please", "Tom", None),
        ("hi i'm Sarah and i want to buy a fan", "Sarah", None),
    ],
)
def test_a_customer_says_their_name(text: str, name: str, title: str | None) -> None:
    assert names(text) == [(name, title)]


@pytest.mark.parametrize(
    "text",
    [
        "call me back tomorrow",
        "Call me back, please",
        "please call me tomorrow at 9",
        "call me Saturday morning",
        "cho em gặp chị tên Lan",
        "nhân viên tên Hoà thái độ quá",
        "hoá đơn tên Nguyễn An",
        "sai tên công ty rồi",
        "em tên gì vậy",
        "cháu tên chi",
        "em là nam",
        "em là sinh viên năm 2",
        "em là khách quen mà",
        "I am Vietnamese",
        "my name is not on the list",
        "đây là lần thứ ba rồi đây",
    ],
)
def test_other_people_and_things_are_no_introduction(text: str) -> None:
    assert names(text) == []


@pytest.mark.parametrize(
    "text", ["nhân viên thái độ quá", "Thái độ của cậu bảo vệ tệ lắm", "chị thanh toán rồi", "anh bảo hành giúp với"]
)
def test_half_a_common_word_is_nobody(text: str) -> None:
    assert [found for found in extract(text) if found.entity == "person"] == []


@pytest.mark.parametrize("text", ["nhân viên thái độ quá", "lần thứ ba tôi gọi rồi"])
def test_neither_an_attitude_nor_a_count_is_a_day(text: str) -> None:
    assert [found for found in extract(text) if found.entity == "datetime"] == []


@pytest.mark.parametrize(
    ("text", "when"),
    [("hôm thứ bảy tôi ra quầy", "thứ bảy"), ("chiều thứ hai tôi nhận hàng", "chiều thứ hai")],
)
def test_a_day_ends_where_its_words_end(text: str, when: str) -> None:
    assert [text[found.start : found.end] for found in extract(text) if found.entity == "datetime"] == [when]


@pytest.mark.parametrize(("text", "days"), [("anh Tuấn quán Sương Mai nè", 0), ("Mai anh qua", 1), ("mai anh qua", 1)])
def test_a_name_in_the_middle_is_no_tomorrow(text: str, days: int) -> None:
    assert len([found for found in extract(text) if found.entity == "datetime"]) == days


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("chào cháu, bác muốn hỏi cái máy giặt bị hỏng", "muốn"),
        ("hello i want buy tv", "i"),
        ("alo shop ơi, cái quạt em mua bị hư", "cái"),
        ("e tên Lan nè, e hỏi cái đơn hqua", "e"),
        ("my name is John, i have a question about order", "i"),
    ],
)
def test_greeting_and_name_stand_before_the_matter(text: str, first: str) -> None:
    reading = read(text)
    assert reading.preamble > 0
    assert reading.matter[0].text == first


@pytest.mark.parametrize(
    "text", ["chào em", "alo shop ơi", "tôi tên Hùng", "máy giặt bị hỏng, chào em", "chao shop co ban tivi"]
)
def test_a_greeting_alone_or_elsewhere_stays(text: str) -> None:
    reading = read(text)
    assert reading.matter == reading.tokens


@given(st.text(alphabet=st.sampled_from("chào em tên là my name I ơi,. ABC"), max_size=60))
def test_some_matter_is_always_left(text: str) -> None:
    reading = read(text)
    assert bool(reading.matter) == bool(reading.tokens)
