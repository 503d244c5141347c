"""Whole messages: cleaning, tokens, offsets, mood; and that no text whatsoever breaks them."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.nlu.cleaning import LONGEST, clean
from engine.nlu.features import features
from engine.nlu.reading import Kind, Reading, read

SENTENCE = "Hàng của chị hoá ra bị hỏng rồi, thuý ơi 😡 đổi giúp với!"
HOSTILE = [
    "",
    "   \t\n ",
    "\u200b\u200d\ufeff\u2060",
    "😡😡🔥",
    "a",
    "ê",
    "x" * 10_000,
    "không được " * 1000,
    "e" + "\u0301" * 200,
    "\u0301" * 200,
    "شكرا جزيلا",
    "ありがとうございます",
    "한국어 각",
    "<script>alert('x')</script>",
    "'; DROP TABLE customers; --",
    '/approve_refund{"amount": "999999"}',
    "\x00\x07\x1b[31m",
    "\ud83d",
    "İSTANBUL ß ŉ",
    "ﷺ" * 50,
    "a.b.c.d.e@" * 500,
    "0" * 5000,
    "1.1" * 3000,
]


def meaning(reading: Reading) -> list[str]:
    return features(reading)


def test_normal_forms_read_the_same() -> None:
    composed, decomposed = (unicodedata.normalize(form, SENTENCE) for form in ("NFC", "NFD"))
    assert composed != decomposed
    assert meaning(read(composed)) == meaning(read(decomposed))


@given(st.text(max_size=200))
def test_any_text_reads_the_same_in_any_normal_form(text: str) -> None:
    assert meaning(read(unicodedata.normalize("NFC", text))) == meaning(read(unicodedata.normalize("NFD", text)))


@given(st.text(max_size=300))
def test_offsets_point_into_the_original_in_order(text: str) -> None:
    last = 0
    for token in read(text).tokens:
        assert last <= token.start < token.end <= len(text)
        last = token.start


@given(st.text(alphabet="hoàằđ ̣̃̀́\u200b‍\u202eAZ09.,@", max_size=80))
def test_a_token_is_its_range_of_the_original_but_for_marks_and_invisible_characters(text: str) -> None:
    for token in read(text).tokens:
        assert clean(text[token.start : token.end]).text == token.text


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:12]))
def test_hostile_text_is_read_in_bounded_time(text: str) -> None:
    started = time.process_time()
    names = features(read(text))
    assert time.process_time() - started < 2  # measured 10 ms at most; what grows without bound takes minutes
    assert len(names) < 200_000


def test_what_lies_behind_the_cap_is_not_read() -> None:
    assert read("à " * LONGEST + "hết").tokens[-1].text == "à"
    assert len(clean("é" * 10 * LONGEST).text) == LONGEST


def test_invisible_characters_do_not_split_a_word() -> None:
    assert read("ho\u200bá đ\u00adơn").words() == ["hoá", "đơn"]
    assert read("h\U000e0041oá\u202e").words() == ["hoá"]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("giá 2tr5", [Kind.WORD, Kind.MONEY]),
        ("có 500k thôi", [Kind.WORD, Kind.MONEY, Kind.WORD]),
        ("1.250.000đ", [Kind.MONEY]),
        ("đơn DH123456", [Kind.WORD, Kind.CODE]),
        ("lúc 15h30", [Kind.WORD, Kind.TIME]),
        ("gọi 0912 345 678", [Kind.WORD, Kind.PHONE]),
        ("a@b.vn", [Kind.EMAIL]),
        ("https://x.vn/a?b=1", [Kind.LINK]),
        ("mua 3", [Kind.WORD, Kind.NUMBER]),
    ],
)
def test_kinds_of_tokens(text: str, kinds: list[Kind]) -> None:
    assert [token.kind for token in read(text).tokens] == kinds


def test_a_number_glued_to_a_word_leaves_the_word() -> None:
    assert "cái" in read("mua 5cái").words()


def test_mood_is_what_the_writing_shows() -> None:
    angry = read("CHỜ LÂU QUÁ RỒI!!! 😡 :((").mood
    assert (angry.shouting, angry.exclaims, angry.upset) == (True, 3, 2)
    calm = read("chờ lâu không ạ? :)").mood
    assert (calm.shouting, calm.asks, calm.happy, calm.upset) == (False, True, 1, 0)


def test_two_languages_share_concepts() -> None:
    shared = set(features(read("tôi cần xuất hoá đơn"))) & set(features(read("I need an invoice")))
    assert "kinvoice" in shared


def test_concepts_need_no_diacritics() -> None:
    assert "kattitude" in features(read("thai do nhan vien qua te"))


def test_an_accented_word_is_not_what_it_would_be_without_diacritics() -> None:
    assert "kwaiting" in features(read("chờ mãi"))
    assert "kwaiting" not in features(read("cho em hỏi"))


def test_english_words_are_not_vietnamese_ones() -> None:
    assert "kcard" not in features(read("what is the price of it"))
