"""Concepts: many words for one thing, in two languages, so that a need is recognised in words no training line used.

The list is `concepts.txt` beside this module. It describes front-office talk in general and no company in particular.
"""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from engine.nlu.marks import fold_tone, strip_marks
from engine.nlu.syllables import PLAIN

_FILE = Path(__file__).with_name("concepts.txt")
_LONGEST_PHRASE = 5
_SHORTEST_STEM = 3
_ENDINGS = ("ing", "ed", "es", "s", "ly", "d", "r")

Phrases = dict[tuple[str, ...], tuple[str, ...]]


def _load(text: str) -> tuple[Phrases, Phrases]:
    """Phrases as written, and without diacritics; both give the concepts a phrase stands for."""
    written: dict[tuple[str, ...], list[str]] = defaultdict(list)
    plain: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for line in text.splitlines():
        if line and not line.startswith("#"):
            concept, phrases = line.split(":")
            for phrase in phrases.split(","):
                words = tuple(map(fold_tone, phrase.split()))
                written[words].append(concept)
                plain[tuple(map(strip_marks, words))].append(concept)
    return _frozen(written), _frozen(plain)


def _frozen(table: dict[tuple[str, ...], list[str]]) -> Phrases:
    return {words: tuple(dict.fromkeys(found)) for words, found in table.items()}


_WRITTEN, _PLAIN = _load(_FILE.read_text(encoding="utf-8"))
_STARTS = frozenset(words[0] for words in (*_WRITTEN, *_PLAIN))


def concepts(words: Sequence[str]) -> list[str]:
    """The concepts of a message in order; the longest phrase at a place wins, and a phrase may stand for several."""
    known = [word if word in _STARTS or word in PLAIN else _stem(word) for word in words]
    found: list[str] = []
    at = 0
    while at < len(known):
        length, here = _match(known, at)
        found += here
        at += length
    return found


def _match(words: list[str], at: int) -> tuple[int, tuple[str, ...]]:
    if words[at] not in _STARTS:
        return 1, ()
    for length in range(min(_LONGEST_PHRASE, len(words) - at), 0, -1):
        phrase = tuple(words[at : at + length])
        here = _WRITTEN.get(phrase) or (_PLAIN.get(phrase) if all(map(str.isascii, phrase)) else None)
        if here:
            return length, here
    return 1, ()


def _stem(word: str) -> str:
    """An English word without its ending, where that gives a word of the list."""
    if word.isascii():
        for ending in _ENDINGS:
            stem = word.removesuffix(ending)
            if stem != word and len(stem) >= _SHORTEST_STEM:
                for candidate in (stem, stem + "e", stem[:-1] if stem[-1] == stem[-2] else stem):
                    if candidate in _STARTS:
                        return candidate
    return word
