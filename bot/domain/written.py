"""What staff members write into forms, checked once for every kind of form."""

from __future__ import annotations

from bot.domain.errors import Invalid
from bot.domain.text import clean


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
