"""The phrase language: what a phrase finds, and what it does not."""

import pytest

from bot.domain.guard_match import PhraseIndex, first_words, phrases

NAMES = {"YOU": "anh|chi", "WHO": "YOU|quy khach"}


@pytest.mark.parametrize(
    ("phrase", "found", "missed"),
    [
        ("goi cho khac", "anh goi cho khac di", "anh ngoi cho khac"),
        ("(goi|hoi) [thang] ben", "hoi thang ben kho", "hoi ve ben kho"),
        ("goi ~2 khac", "goi mot cho khac", "goi mot hai ba khac"),
        ("goi ~1-2 khac", "goi cho khac", "goi khac"),
        ("tu ~1-2!(lay) di", "tu lam di", "tu lay di"),
        ("hoi !(em|toi) ~1-1", "hoi kho", "hoi em"),
        ("-(chuyen) nham", "goi nham", "chuyen nham"),
        ("-(^) goi", "ho goi", "goi"),
        ("^chiu", "chiu roi", "em chiu"),
        ("tinh $", "mai tinh", "tinh tien"),
        ("qua_? ban", "qua_ ban", "qua_x ban"),
        ("WHO goi", "quy khach goi", "khach goi"),
    ],
)
def test_a_phrase_finds_what_it_says(phrase: str, found: str, missed: str) -> None:
    index = PhraseIndex([phrases(phrase, NAMES)])

    assert index.first_kind(found) == 0
    assert index.first_kind(missed) is None


def test_the_earlier_kind_wins_wherever_it_stands() -> None:
    index = PhraseIndex([("em chiu",), ("goi cho khac",)])

    assert index.first_kind("goi cho khac di em chiu") == 0
    assert index.first_kind("goi cho khac di") == 1


def test_phrases_are_taken_out_also_where_they_overlap() -> None:
    index = PhraseIndex([("mot hai ba", "hai ba bon")])

    assert index.without("khong mot hai ba bon nam") == "khong _ nam"
    assert index.without("sau bay") == "sau bay"


def test_first_words_are_read_off_a_phrase() -> None:
    assert first_words("-(nao) (goi|(hoi|tim) ai|qua_?) ben") == {"goi", "hoi", "tim", "qua", "qua_"}


@pytest.mark.parametrize("phrase", ["~2 goi", "(goi|hoi", "[da] goi"])
def test_a_phrase_must_open_with_a_word(phrase: str) -> None:
    with pytest.raises(ValueError, match="in '"):
        first_words(phrase)
