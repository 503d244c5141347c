"""Unknown words and the known ones they are a slip away from."""

import pytest

from engine.nlu.reading import read
from engine.nlu.slips import Slips, count_words

TAUGHT = [
    "em muốn chuyển khoản cho bạn",
    "chuyển khoản nhầm rồi em ơi",
    "cho em hỏi giá máy giặt",
    "giá máy lạnh thế nào em",
    "máy giặt giá bao nhiêu",
    "máy lạnh nhà em hỏng rồi",
    "I want to return my washing machine",
    "my washing machine is broken",
]
# Halves of a word count as words only when they are common.
SLIPS = Slips(count_words(map(read, TAUGHT * 3)))


def repaired(text: str) -> list[str]:
    return SLIPS.repaired(read(text)).words()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("chuyểnn khoản", ["chuyển", "khoản"]),
        ("khoanr nhầm", ["khoản", "nhầm"]),
        ("mayg giặt", ["máy", "giặt"]),
        ("giá máygiặt", ["giá", "máy", "giặt"]),
    ],
)
def test_a_slip_is_read_as_the_taught_word(typed: str, meant: list[str]) -> None:
    assert repaired(typed) == meant


def test_the_neighbours_decide() -> None:
    assert repaired("máy lạnhh") == ["máy", "lạnh"]
    assert repaired("máy giăjt") == ["máy", "giặt"]


@pytest.mark.parametrize("text", ["cho em hỏi", "qwrtp", "nhà em ở", "DH12345", "washer is broken", ""])
def test_what_is_known_far_from_anything_or_english_stays(text: str) -> None:
    assert repaired(text) == read(text).words()


def test_the_typed_word_stays_beside_its_reading() -> None:
    (token,) = (token for token in SLIPS.repaired(read("máy giặtt mayg")).tokens if token.text == "mayg")
    assert token.others == ("mayg",)


def test_a_line_does_not_repair_itself() -> None:
    line = read("anh bị trật tay")
    slips = Slips(count_words([line, line, *map(read, TAUGHT)]))
    slipped = read("anh bị trậtt tay")
    assert slips.repaired(slipped).words() == line.words()
    assert slips.repaired(slipped, count_words([line, line])).words() != line.words()


def test_nothing_taught_repairs_nothing() -> None:
    assert Slips().repaired(read("mayg giặt")).words() == ["mayg", "giặt"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("chuyen khoan nham roi", "chuyển khoản nhầm rồi"),
        ("may lanh nha em hong roi", "máy lạnh nhà em hỏng rồi"),
        ("gia may giat", "giá máy giặt"),
    ],
)
def test_marks_are_put_back_by_the_neighbours(typed: str, meant: str) -> None:
    assert repaired(typed) == meant.split()


@pytest.mark.parametrize("text", ["em muốn hoi gia", "I want to return my washing machine", "qwrtp xyzzy"])
def test_marks_are_put_back_only_where_none_were_typed(text: str) -> None:
    assert repaired(text) == read(text).words()


def test_what_was_typed_without_marks_stays_beside_the_reading() -> None:
    (token,) = (token for token in SLIPS.repaired(read("gia may giat")).tokens if token.text == "giat")
    assert token.words == ("giặt",)
    assert token.others == ("giat",)


def test_a_line_does_not_teach_its_own_marks() -> None:
    own = count_words([read("chuyển khoản nhầm rồi em ơi")] * 3)
    assert "nhầm" not in SLIPS.repaired(read("chuyen khoan nham roi"), own).words()


def test_who_was_taught_nothing_repairs_nothing() -> None:
    reading = read("gia may giatt")
    assert Slips().repaired(reading) == reading
