"""How one typed word may be read: as itself, repaired, or as one of several words.

Everything is decided from the word alone, so a cache serves nearly all of the traffic and training and run time
cannot differ.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from engine.nlu.keyboards import decode_telex, decode_vni
from engine.nlu.lexicon import CERTAIN, NOT_TELEX, UNCERTAIN
from engine.nlu.marks import fold_tone, place_tone, split_tone
from engine.nlu.syllables import PLAIN, is_syllable

_LONGEST = 40
_CACHED = 1 << 16
_ELONGATED = re.compile(r"([^\W\d_])\1{2,}")
_DOUBLED = re.compile(r"([^\W\d_])\1")
_LAUGH = re.compile(r"(?:ha|hi|he|ho|kk|hj|ka){2,}[haikeoj]?")
_LOOKALIKE = str.maketrans({"ð": "đ", "’": "", "'": "", "ʼ": ""})
# Phonetic respellings, tried in this order on words that are no syllable yet. The first group is typical enough of
# chat to be tried on words without any diacritic; the second would bend English words ("bug", "get") into Vietnamese
# ones.
_RESPELLED = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"^dz", "v"),
        (r"^z", "v"),
        (r"^wa", "qua"),
        (r"^f", "ph"),
        (r"^nk", "nh"),
        (r"nk$", "nh"),
        (r"(?<=[aăâeêioôơuư])k$", "c"),
    )
)
_RESPELLED_ACCENTED = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"uơ(?=.)|ưo(?=.)", "ươ"),
        (r"ie(?=.)", "iê"),
        (r"ye(?=.)", "yê"),
        (r"(?<!q)uo(?=.)", "uô"),
        (r"(?<!q)uo(?=.)", "ươ"),
        (r"^w", "qu"),
        (r"^[zd]z?", "gi"),
        (r"^j", "gi"),
        (r"k$", "ch"),
        (r"(?<!n)g$", "ng"),
        (r"^c(?=[eêiy])", "k"),
        (r"^k(?=[aăâoôơuư])", "c"),
        (r"^ng(?=[eêi])", "ngh"),
        (r"^ngh(?![eêiy])", "ng"),
        (r"^g(?=[eê])", "gh"),
        (r"j", "i"),
        (r"y$", "i"),
        (r"i$", "y"),
    )
)


class WordReading(NamedTuple):
    """The best reading as one or more words, and what else the typed form could mean (whole words, best first)."""

    words: tuple[str, ...]
    others: tuple[str, ...] = ()


@lru_cache(maxsize=_CACHED)
def read_word(typed: str) -> WordReading:
    """Read a run of letters, or of letters and digits, as typed (any case, NFC). Never empty."""
    word = fold_word(typed)
    if _LAUGH.fullmatch(word):
        return WordReading(("haha",))
    if word in CERTAIN:
        return WordReading(tuple(CERTAIN[word].split()))
    if word in UNCERTAIN:
        others = tuple(part for reading in UNCERTAIN[word] for part in reading.split())
        return WordReading((word,), tuple(dict.fromkeys(others)))
    if _ordinary(word):
        return WordReading((word,))
    repaired = _repair(word)
    return WordReading((word,)) if repaired is None else WordReading((repaired,), (word,))


def fold_word(typed: str) -> str:
    """Lower case, one code point per look, tone in its place, "nhiềuuuu" collapsed; at most 40 characters."""
    word = typed[:_LONGEST]
    if not word.isascii():
        word = unicodedata.normalize("NFKC", word)[:_LONGEST]
    word = unicodedata.normalize("NFC", word.lower()).translate(_LOOKALIKE)
    return fold_tone(_ELONGATED.sub(r"\1", word)) or "'"


def _ordinary(word: str) -> bool:
    return word in PLAIN or word in NOT_TELEX or is_syllable(word)


def _repair(word: str) -> str | None:
    """Telex and VNI leftovers, then doubled letters, then phonetic spelling; `None` when none gives a syllable."""
    if any(map(str.isdigit, word)):
        return decode_vni(word)
    decoded = decode_telex(word)
    if decoded is not None:
        return decoded
    single = _DOUBLED.sub(r"\1", word)
    if single != word and single in CERTAIN:
        return CERTAIN[single].split()[0]
    if single != word and _ordinary(single):
        return single
    return _respell(word)


def _respell(word: str) -> str | None:
    toneless, tone = split_tone(word)
    rules = _RESPELLED if word.isascii() else _RESPELLED + _RESPELLED_ACCENTED
    for pattern, replacement in rules:
        candidate = pattern.sub(replacement, toneless, count=1)
        if candidate != toneless and _spelled(candidate, tone):
            return place_tone(candidate, tone)
    return _swap(toneless, tone)


def _swap(toneless: str, tone: int) -> str | None:
    """Undo two neighbouring letters typed the wrong way round, when only one such pair explains the word."""
    swapped = {
        toneless[:at] + toneless[at + 1] + toneless[at] + toneless[at + 2 :] for at in range(len(toneless) - 1)
    } - {toneless}
    explained = [candidate for candidate in swapped if _spelled(candidate, tone)] if len(toneless) > 2 else []
    return place_tone(explained[0], tone) if len(explained) == 1 else None


def _spelled(toneless: str, tone: int) -> bool:
    if not toneless.isascii() or tone:
        return is_syllable(place_tone(toneless, tone))
    return len(toneless) > 3 and toneless in PLAIN
