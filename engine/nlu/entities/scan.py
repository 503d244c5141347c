"""A message laid out for pattern matching: the same characters, flattened to plain lower case, one for one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from engine.nlu.cleaning import Clean, clean
from engine.nlu.marks import fold_tone, strip_marks, words

_WORD = re.compile(r"[^\W\d_]+")
# Words whose look without diacritics is another common word, so that among accented words they mean that other word.
_PLAIN_MEANS_OTHER = frozenset(words("sang nam bay tam cu tu to ta do ti dem lam pho"))


@dataclass(frozen=True, slots=True)
class Found:
    """One entity; `start` and `end` count characters of the original text, `value` is normalised."""

    entity: str
    start: int
    end: int
    value: Any
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Scan:
    """The clean text, and `flat`, in which every character is replaced by its plain lower-case form."""

    clean: Clean

    @cached_property
    def flat(self) -> str:
        """As long as the clean text, so that places in one are places in the other."""
        lower = self.clean.text.lower()
        if len(lower) != len(self.clean.text):
            lower = "".join(c if len(c.lower()) != 1 else c.lower() for c in self.clean.text)
        return strip_marks(lower)

    @cached_property
    def lower(self) -> str:
        """Lower case with diacritics, as long as the clean text."""
        return "".join(c if len(c.lower()) != 1 else c.lower() for c in self.clean.text)

    @cached_property
    def accented(self) -> bool:
        """Whether the customer writes with diacritics at all."""
        return self.flat != self.lower

    def written(self, start: int, end: int, spellings: dict[str, frozenset[str]]) -> bool:
        """Whether the words in a range can be the words a pattern over `flat` meant.

        `spellings` gives the accented forms a plain word may have. "ba" typed "bà" is another word, and in a message
        with diacritics "sang" is not "sáng".
        """
        for match in _WORD.finditer(self.lower, start, end):
            word = fold_tone(match.group())
            allowed = spellings.get(strip_marks(word))
            if allowed is None or word in allowed:
                continue
            if not word.isascii() or (self.accented and word in _PLAIN_MEANS_OTHER):
                return False
        return True

    def found(self, entity: str, start: int, end: int, value: Any, **more: Any) -> Found:
        """An entity over a range of the clean text."""
        begin, stop = self.clean.span(start, end)
        return Found(entity, begin, stop, value, more)


def scan(text: str) -> Scan:
    """Lay a message out; any text will do."""
    return Scan(clean(text))


def spellings(words: Iterable[str]) -> dict[str, frozenset[str]]:
    """Group accented words by their plain look, for `Scan.written`."""
    found: dict[str, set[str]] = {}
    for word in words:
        found.setdefault(strip_marks(fold_tone(word)), set()).add(fold_tone(word))
    return {plain: frozenset(forms) for plain, forms in found.items()}
