"""Training copies."""

import random

from engine.nlu.copies import noisy, raw_telex, teencode, typos, without_diacritics
from engine.nlu.reading import read

SENTENCE = "Em muốn xuất hoá đơn cho công ty thì cần gì ạ, số điện thoại không gọi được"


def test_the_same_seed_gives_the_same_copies() -> None:
    assert [noisy(SENTENCE, random.Random(3)) for _ in range(2)] == [noisy(SENTENCE, random.Random(3))] * 2


def test_copies_differ() -> None:
    chance = random.Random(1)
    assert len({noisy(SENTENCE, chance) for _ in range(20)}) > 15


def test_no_diacritic_is_left() -> None:
    assert without_diacritics(SENTENCE).isascii()


def test_what_the_keyboard_left_is_read_back() -> None:
    copy = raw_telex(SENTENCE, random.Random(1), rate=1.0)
    assert copy.isascii()
    assert read(copy).words() == read(SENTENCE).words()


def test_short_forms_are_read_back() -> None:
    copy = teencode("anh không biết như thế nào", random.Random(1), rate=1.0)
    assert "ntn" in copy
    assert read(copy).words()[-3:] == ["như", "thế", "nào"]


def test_typos_keep_most_words() -> None:
    words = set(typos(SENTENCE, random.Random(2), rate=0.2).split())
    assert len(words & set(SENTENCE.lower().split())) >= 10
