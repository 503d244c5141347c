"""What staff members write into forms, checked once for every kind of form."""

from __future__ import annotations

from bot.domain.errors import Invalid
from bot.domain.text import clean

WORDS_MAX = 1_000
"""What a form of the console takes, a reply or a note apart: a reason, a request, an answer, a word to a colleague."""


def checked_words(field: str, text: str, longest: int, missing: str) -> str:
    """Return the words fit to store.

    Raises:
        Invalid: nothing is left of them (said with ``missing``, in Vietnamese), or they are longer than ``longest``.
    """
    words = clean(text)
    if not words:
        raise Invalid(field, missing)
    if len(words) > longest:
        raise Invalid(field, f"Nội dung dài quá {longest} ký tự.")
    return words
