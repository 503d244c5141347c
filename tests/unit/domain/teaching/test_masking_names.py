from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.teaching.masking import mask
from bot.domain.text import fold
from tests.unit.domain.teaching.people import GIVEN_NAMES, NAMES, NOBODY, SAID_ALONE, SAID_WHOLE

TOKEN = "‹tên›"


def _title(text: str) -> str:
    return " ".join(word.capitalize() for word in fold(text).split())


STYLES: dict[str, Callable[[str], str]] = {
    "written": str,
    "lower": str.lower,
    "upper": str.upper,
    "plain": fold,
    "plain titles": _title,
    "plain upper": lambda text: fold(text).upper(),
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
}
"""How a name is typed, and with it the sentence where the case says so."""


def _left(name: str, sentence: str, shown: str) -> list[str]:
    """Return the syllables of a name that can still be read where the sentence around has them no more often."""

    def words(text: str) -> list[str]:
        return re.findall(r"[a-z]+", fold(re.sub("‹[^›]*›", " ", text)))

    around, still = words(sentence.format(" ")), words(shown)
    return [one for one in words(name) if still.count(one) > around.count(one)]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("place", range(len(SAID_WHOLE)))
def test_a_whole_name_leaves_no_syllable(place: int, style: str) -> None:
    typed, sentence = STYLES[style], SAID_WHOLE[place]
    whole = "upper" in style or style == "plain"
    # Every name meets every style, and every sentence a third of the names.
    for name in NAMES[place % 3 :: 3]:
        text = typed(sentence.format(name)) if whole else sentence.format(typed(name))
        shown = mask(text)
        assert TOKEN in shown, text
        assert _left(name, sentence, shown) == [], (text, shown)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("sentence", SAID_ALONE)
def test_a_given_name_that_is_introduced_is_covered(sentence: str, style: str) -> None:
    typed = STYLES[style]
    for name in GIVEN_NAMES:
        text = sentence.format(typed(name))
        assert _left(name, sentence, mask(text)) == [], (text, mask(text))


@pytest.mark.parametrize("text", NOBODY)
def test_words_that_only_look_like_names_stay(text: str) -> None:
    for typed in (text, fold(text), text.capitalize(), text.upper(), fold(text).upper()):
        assert mask(typed) == typed


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(NAMES),
    st.sampled_from(SAID_WHOLE),
    st.sampled_from(sorted(STYLES)),
    st.sampled_from(["", "alo shop ơi, ", "đơn DH123456, ", "sđt 0912345678 ", "cho em hỏi\n"]),
    st.sampled_from(["", ".", ", cảm ơn shop", " 0912345678", " nhé\nđơn DH123456"]),
)
def test_names_are_covered_wherever_they_stand(name: str, said: str, style: str, before: str, behind: str) -> None:
    sentence = before + said + behind
    shown = mask(sentence.format(STYLES[style](name)))
    assert _left(name, sentence, shown) == [], shown
    assert mask(shown) == shown


@pytest.mark.parametrize("name", NAMES)
def test_a_name_alone_is_covered_as_it_is_written(name: str) -> None:
    assert mask(name) == TOKEN
    assert mask(name.lower()) == TOKEN


@pytest.mark.parametrize(
    ("text", "known"),
    [("goi Nguyen Thi Hong Nhung", "Hồng Nhung"), ("nguyễn pí xô nè", "Nguyễn Pí Xô"), ("chị Nhung", "Nhung")],
)
def test_a_known_name_does_not_leave_the_rest_of_a_longer_one(text: str, known: str) -> None:
    shown = mask(text, [known])
    assert shown.count(TOKEN) == 1
    assert not re.search("nguy|thi|hong|nhung|pí|xô", shown.lower())
