"""Concepts: many words for one thing, in two languages, so that a need is recognised in words no training line used.

The list is `concepts.txt` beside this module. It describes front-office talk in general and no company in particular.
"""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from engine.nlu.marks import fold_tone, strip_marks, words
from engine.nlu.syllables import PLAIN

_FILE = Path(__file__).with_name("concepts.txt")
_LONGEST_PHRASE = 5
_SHORTEST_STEM = 3
_ENDINGS = ("ing", "ed", "es", "s", "ly", "d", "r")

# Words that are frequent in English sentences and no Vietnamese syllable that a chat is full of.
_ENGLISH = frozenset(
    words("""
    the is are was were my your you it its this that i im ive id a an and of for to in on at with from me we our they
    he she his her do does did dont doesnt didnt not have has had havent hasnt can could would should will please
    what when where who why how which
    if there any some no or but be been am get got want need make more very still just about out up by as
    """)
)
_ENGLISH_FROM = 0.3
# A message of which more was read with diacritics, though none were typed, came from a raw Telex keyboard.
_DECODED_FROM = 0.5
Phrases = dict[tuple[str, ...], tuple[str, ...]]


def _load(text: str) -> tuple[Phrases, Phrases]:
    """Phrases as written, and without diacritics; both give the concepts a phrase stands for."""
    written: dict[tuple[str, ...], list[str]] = defaultdict(list)
    plain: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for line in text.splitlines():
        if line and not line.startswith("#"):
            concept, phrases = line.split(":")
            for phrase in phrases.split(","):
                phrase_words = tuple(map(fold_tone, phrase.split()))
                written[phrase_words].append(concept)
                plain[tuple(map(strip_marks, phrase_words))].append(concept)
    return _frozen(written), _frozen(plain)


def _frozen(table: dict[tuple[str, ...], list[str]]) -> Phrases:
    return {phrase: tuple(dict.fromkeys(found)) for phrase, found in table.items()}


_WRITTEN, _PLAIN = _load(_FILE.read_text(encoding="utf-8"))
_STARTS = frozenset(phrase[0] for phrase in (*_WRITTEN, *_PLAIN))


def concepts(message: Sequence[str], *, accented: bool) -> list[str]:
    """The concepts of a message in order; the longest phrase at a place wins, and a phrase may stand for several.

    `accented` says whether the customer typed diacritics; what was read may have some that were not typed.
    """
    known = [word if word in _STARTS or word in PLAIN else _stem(word) for word in message]
    tables = (_WRITTEN,) if accented or is_decoded(message) or is_english(message) else (_WRITTEN, _PLAIN)
    found: list[str] = []
    at = 0
    while at < len(known):
        length, here = _match(known, at, tables)
        found += here
        at += length
    return found


def is_decoded(message: Sequence[str]) -> bool:
    """Whether the message came from a raw keyboard; among accented words "cho" is not "chờ"."""
    return sum(not word.isascii() for word in message) > _DECODED_FROM * len(message)


def is_english(message: Sequence[str]) -> bool:
    """Whether the message is English, in which "the" is not "thẻ"."""
    return sum(word in _ENGLISH for word in message) > _ENGLISH_FROM * len(message)


def _match(known: list[str], at: int, tables: tuple[Phrases, ...]) -> tuple[int, tuple[str, ...]]:
    if known[at] in _STARTS:
        for length in range(min(_LONGEST_PHRASE, len(known) - at), 0, -1):
            phrase = tuple(known[at : at + length])
            for table in tables:
                if phrase in table:
                    return length, table[phrase]
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
