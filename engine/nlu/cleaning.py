"""From the characters a customer sent to clean NFC text, with the way back to the original offsets.

Invisible characters (zero-width, bidi, tags, variation selectors, controls) go first, because one of them between a
letter and its combining mark would keep the two from composing. Marks that compose with nothing are dropped. Whatever
form the text came in, the same clean text comes out, and the work is bounded: at most `LONGEST` clean characters are
kept.
"""

import re
import unicodedata
from dataclasses import dataclass
from itertools import compress

LONGEST = 2000
# Decomposed text needs up to four code points for one of ours; anything behind that cannot reach the clean text.
_LONGEST_RAW = 4 * LONGEST
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff\x00-\x08\x0e-\x1b\x7f\ud800-\udfff]"
)
_STRAY_MARK = re.compile("[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")


@dataclass(frozen=True, slots=True)
class Clean:
    """Clean text; `origin[i]` is where clean character `i` starts in the original, `None` when both are the same."""

    text: str
    origin: list[int] | None
    length: int

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Translate a range of the clean text into a range of the original text."""
        if self.origin is None:
            return start, end
        last = self.origin[end] if end < len(self.origin) else self.length
        return self.origin[start], last


def clean(original: str) -> Clean:
    """Clean a text of any length and content; never raises, and takes time linear in `LONGEST`."""
    text = original[:_LONGEST_RAW]
    if text.isascii() and not _INVISIBLE.search(text):
        return Clean(text[:LONGEST], None, len(original))
    origin: list[int] | None = None
    if _INVISIBLE.search(text):
        text, origin = _without(text, _INVISIBLE, origin)
    if not unicodedata.is_normalized("NFC", text):
        text, origin = _compose(text, origin)
    if _STRAY_MARK.search(text):
        text, origin = _without(text, _STRAY_MARK, origin)
    return Clean(text[:LONGEST], origin[:LONGEST] if origin and len(text) > LONGEST else origin, len(original))


def _without(text: str, pattern: re.Pattern[str], origin: list[int] | None) -> tuple[str, list[int]]:
    places = origin if origin is not None else list(range(len(text)))
    keep = [pattern.match(character) is None for character in text]
    return "".join(compress(text, keep)), list(compress(places, keep))


def _compose(text: str, origin: list[int] | None) -> tuple[str, list[int]]:
    """Compose to NFC. Both texts decompose to the same length, so positions in that decomposition connect them."""
    places = origin if origin is not None else list(range(len(text)))
    composed = unicodedata.normalize("NFC", text)
    source = [
        place for place, character in zip(places, text, strict=True) for _ in unicodedata.normalize("NFD", character)
    ]
    result: list[int] = []
    at = 0
    for character in composed:
        result.append(source[at])
        at += len(unicodedata.normalize("NFD", character))
    return composed, result
