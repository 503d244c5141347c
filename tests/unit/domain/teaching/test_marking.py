"""What was marked in a masked text stands at the same words of the example, whatever was covered or tidied."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.errors import Invalid
from bot.domain.teaching.examples import EntityMark
from bot.domain.teaching.marking import Part, piece, sentence
from bot.domain.teaching.masking import masked

TEXT = "- đổi  giúp em\ncái quạt, gọi 0912345678 hoặc email a.b@c.vn nhé"


def mark(text: str, words: str, name: str = "item") -> EntityMark:
    start = text.index(words)
    return EntityMark(start=start, end=start + len(words), name=name)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("cái quạt", "cái quạt"),
        ("em\ncái", "em cái"),
        ("giúp em", "giúp em"),
        ("‹số điện thoại›", "0900 000 000"),
        ("điện", "0900 000 000"),
        ("gọi ‹số", "gọi 0900 000 000"),
        ("‹email›", "ten@example.com"),
        (" nhé", "nhé"),
    ],
)
def test_a_mark_moves_with_its_words(words: str, expected: str) -> None:
    shown = masked(TEXT)
    found = sentence(shown, [mark(shown.text, words)])
    assert found.text == "đổi giúp em cái quạt, gọi 0900 000 000 hoặc email ten@example.com nhé"
    (one,) = found.marks
    assert found.text[one.start : one.end] == expected


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (0, 0), (3, 2), (0, 4_000), (0, 1), (4_000, 4_001)], ids=str)
def test_a_mark_outside_of_the_words_is_refused(start: int, end: int) -> None:
    with pytest.raises(Invalid, match="entities"):
        sentence(masked(TEXT), [EntityMark(start=start, end=end, name="item")])


def test_marks_that_share_a_covered_place_overlap() -> None:
    shown = masked(TEXT)
    with pytest.raises(Invalid, match="chồng"):
        sentence(shown, [mark(shown.text, "‹số"), mark(shown.text, "thoại›", "phone")])


def test_signs_outside_the_first_plane_count_as_one() -> None:
    shown = masked("🌸🌸 quạt 🎁 máy giặt")
    found = sentence(shown, [EntityMark(start=3, end=7, name="item"), mark(shown.text, "máy giặt")])
    assert [found.text[one.start : one.end] for one in found.marks] == ["quạt", "máy giặt"]


def test_a_piece_keeps_its_own_words_and_marks() -> None:
    shown = masked(TEXT)
    text = "cái quạt, gọi ‹số điện thoại›"
    found = piece(shown, Part(text=text, label="parking", marks=(mark(text, "‹số điện thoại›", "phone"),)))
    assert found.text == "cái quạt, gọi 0900 000 000"
    assert found.marks == (EntityMark(start=14, end=26, name="phone"),)


def test_a_piece_may_be_wrapped_otherwise_but_not_say_otherwise() -> None:
    shown = masked(TEXT)
    text = "  em cái\nquạt "
    found = piece(shown, Part(text=text, label="parking", marks=(mark(text, "quạt"),)))
    assert found.text == "em cái quạt"
    assert [found.text[one.start : one.end] for one in found.marks] == ["quạt"]
    for other in ("em cái nồi", "", "  ", ".*", "0912345678", "đổi giúp em em"):
        with pytest.raises(Invalid, match="parts"):
            piece(shown, Part(text=other, label="parking"))


@given(st.text(st.sampled_from("ab -•\n\t[](){}$\\u0 1.\ufffd\U0001f338‹›"), max_size=30), st.data())
def test_every_mark_ends_at_words_of_the_line_or_is_refused(text: str, data: st.DataObject) -> None:
    shown = masked(text)
    # A mark on a covered place goes to the specimen that takes it: other words, with tests of their own.
    assume(not shown.spans)
    start = data.draw(st.integers(0, len(shown.text)))
    end = data.draw(st.integers(start, len(shown.text)))
    try:
        found = sentence(shown, [EntityMark(start=start, end=end, name="item")])
    except Invalid:
        return
    (one,) = found.marks
    said = shown.text[start:end]
    assert [sign for sign in found.text[one.start : one.end] if not sign.isspace()] == [
        sign for sign in said if not sign.isspace() and sign not in "\ufffd"
    ][-len([sign for sign in found.text[one.start : one.end] if not sign.isspace()]) :]
