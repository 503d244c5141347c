"""Words that are required are counted after cleaning: what nobody can see is no word."""

from __future__ import annotations

import pytest

from bot.domain.errors import Invalid
from bot.domain.written import checked_words


@pytest.mark.parametrize("text", ["", "   ", "\n", "\0", "\0\0 \t", "\u200b\ufeff", "\u2060\n\x07"])
def test_words_that_nobody_sees_are_none(text: str) -> None:
    with pytest.raises(Invalid, match=r"Hãy viết vài chữ\."):
        checked_words("note", text, 10, "Hãy viết vài chữ.")


def test_what_is_kept_is_clean_and_not_too_long() -> None:
    assert checked_words("note", " \0gọi\0lại\u200b ", 10, "") == "gọi lại"
    with pytest.raises(Invalid):
        checked_words("note", "dài hơn mười chữ", 10, "")
