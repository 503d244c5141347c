"""What admins made of an answer: every version with its author, and the texts that may be said at all.

Going back to the developers' file is a version too, without texts, so that nothing anybody wrote is ever lost.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.errors import HeldByGuard, Invalid
from bot.domain.guard import check
from bot.domain.knowledge import Wordings, text_faults
from bot.domain.text import clean

MAX_TEXT: Final = 1_000
"""Characters of one text: a channel sends it as one message."""
MOST_TEXTS: Final = 12
BASE: Final = 0
"""The version that is the developers' file."""


@dataclass(frozen=True, kw_only=True)
class AnswerVersion:
    """One change of an answer; ``version`` counts from 1, ``by`` is staff.

    Without ``texts`` it went back to the base. ``restored`` is the version that it repeats.
    """

    key: str
    version: int
    texts: Wordings | None
    by: int
    at: datetime
    restored: int | None = None


def checked_texts(
    vi: Iterable[str], en: Iterable[str], placeholders: Collection[str], *, english: bool = True
) -> Wordings:
    """Return texts that may be said to customers.

    ``english`` tells whether there must be a text in English; a need that was just made may do without.

    Raises:
        Invalid: a language has no text, or texts have faults; all of those of a language are told at once.
        HeldByGuard: a text sends the customer away.
    """
    said = {language: _cleaned(language, given) for language, given in (("vi", vi), ("en", en))}
    for language in ("vi", *(("en",) if english else ())):
        if not said[language]:
            raise Invalid(language, "Cần ít nhất một câu trả lời.")
    for language, texts in said.items():
        faults = [fault for number, text in enumerate(texts, 1) for fault in _faults(number, text, placeholders)]
        if faults:
            raise Invalid(language, " ".join(faults))
    for text in (*said["vi"], *said["en"]):
        verdict = check(text)
        if verdict.refusal and verdict.reason is not None:
            raise HeldByGuard(verdict.reason.explanation, verdict.matched)
    return Wordings(vi=said["vi"], en=said["en"])


def _cleaned(language: str, given: Iterable[str]) -> tuple[str, ...]:
    texts = tuple(dict.fromkeys(text for text in map(clean, given) if text))
    if len(texts) > MOST_TEXTS:
        raise Invalid(language, f"Mỗi ngôn ngữ có nhiều nhất {MOST_TEXTS} câu.")
    return texts


def _faults(number: int, text: str, placeholders: Collection[str]) -> Sequence[str]:
    if len(text) > MAX_TEXT:
        return [f"Câu {number}: dài quá {MAX_TEXT} ký tự."]
    return [f"Câu {number}: {fault}." for fault in text_faults(text, placeholders)]
