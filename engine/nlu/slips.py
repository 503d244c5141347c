"""Words that nobody taught, read as the taught word they are one slip of the finger away from.

A Vietnamese syllable is so short that many are one slip away from each other; which one was meant is decided by the
words that usually stand before and after it. The typed word stays beside the reading, so that a word which is new and
right loses nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from math import log

from engine.nlu.concepts import is_english
from engine.nlu.marks import strip_marks
from engine.nlu.reading import Kind, Reading, Token
from engine.nlu.restoring import EDGE_AFTER, EDGE_BEFORE, NO_WORD, restored

_SHORTEST = 3
# A word met once may be a slip itself; the halves of a word written together must be common.
_MET, _HALF_MET = 2, 5
# What a whole message may cost at most: repairs, and forms of one plain syllable that are looked at.
_MOST_REPAIRS, _MOST_FORMS, _MOST_RESTORED = 40, 6, 5
# How far a pair that was met is believed against the frequency of its second word alone.
_PAIR, _SMOOTH = 0.85, 2


@dataclass(frozen=True)
class Taught:
    """How often words, and neighbouring words, stand in the training lines."""

    words: Counter[str] = field(default_factory=Counter)
    pairs: Counter[str] = field(default_factory=Counter)

    @cached_property
    def plain(self) -> Counter[str]:
        """The same words counted without diacritics."""
        counts: Counter[str] = Counter()
        for word, count in self.words.items():
            counts[strip_marks(word)] += count
        return counts


_NOTHING = Taught()


def count_words(readings: Iterable[Reading]) -> Taught:
    """Count what stands in lines that say how their words are written: accented ones and English ones."""
    taught = Taught()
    for reading in readings:
        words = reading.words()
        if reading.accented or is_english(words):
            inside = [word for token in reading.tokens for word in token.words or (NO_WORD,)]
            row = [EDGE_BEFORE, *inside, EDGE_AFTER]
            taught.words.update(row)
            taught.pairs.update(f"{one} {other}" for one, other in pairwise(row))
    return taught


@dataclass(frozen=True)
class Slips:
    """Repairs readings by what was taught."""

    taught: Taught = _NOTHING
    _near: dict[str, list[str]] = field(init=False, repr=False, compare=False)
    _forms: dict[str, list[str]] = field(init=False, repr=False, compare=False)
    _total: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        near: dict[str, list[str]] = defaultdict(list)
        forms: dict[str, list[str]] = defaultdict(list)
        for word, _ in sorted(self.taught.words.items(), key=lambda entry: (-entry[1], entry[0])):
            forms[strip_marks(word)].append(word)
        for plain, count in sorted(self.taught.plain.items()):
            if count >= _MET and len(plain) > 1:
                for key in _shortened(plain):
                    near[key].append(plain)
        object.__setattr__(self, "_near", dict(near))
        object.__setattr__(self, "_forms", dict(forms))
        object.__setattr__(self, "_total", sum(self.taught.words.values()))

    def repaired(self, reading: Reading, own: Taught = _NOTHING) -> Reading:
        """Repair the unknown words of a reading, and put back marks that were not typed.

        What `own` counts was learned from this very line and is left out.
        """
        if not self._total:
            return reading
        return restored(
            self._mended(reading, own),
            lambda plain: self._taught_forms(plain, own),
            lambda one, other: self._follows(one, other, own),
        )

    def _taught_forms(self, plain: str, own: Taught) -> list[str]:
        """The commonest taught words that look like this one without diacritics."""
        forms = self._forms.get(plain, ())[:_MOST_RESTORED]
        return [form for form in forms if self.taught.words[form] > own.words[form]]

    def _mended(self, reading: Reading, own: Taught) -> Reading:
        if is_english(reading.words()):
            return reading
        tokens = list(reading.tokens)
        repairs = 0
        for at, token in enumerate(tokens):
            if self._unknown(token, own):
                before = tokens[at - 1] if at else None
                after = tokens[at + 1] if at + 1 < len(tokens) else None
                found = self._best(strip_marks(token.words[0]), _last(before), _first(after), own)
                if found:
                    tokens[at] = replace(token, words=found, others=(*token.others, token.words[0]))
                repairs += 1
                if repairs == _MOST_REPAIRS:
                    break
        return replace(reading, tokens=tuple(tokens)) if repairs else reading

    def _unknown(self, token: Token, own: Taught) -> bool:
        if token.kind is not Kind.WORD or len(token.words) != 1 or not self._total:
            return False
        plain = strip_marks(token.words[0])
        return len(plain) >= _SHORTEST and plain.isalpha() and self._met(plain, own) < 1

    def _met(self, plain: str, own: Taught) -> int:
        return self.taught.plain[plain] - own.plain[plain]

    def _best(self, plain: str, before: str, after: str, own: Taught) -> tuple[str, ...]:
        """The reading that its neighbours make likeliest, or nothing; ties go to the alphabet."""
        found = [*self._one_word(plain, own), *self._two_words(plain, own)]
        return max(found, key=lambda words: (self._fit((before, *words, after), own), words), default=())

    def _one_word(self, plain: str, own: Taught) -> list[tuple[str, ...]]:
        reached = {near for key in _shortened(plain) for near in self._near.get(key, ()) if _one_slip(plain, near)}
        return [(form,) for near in reached if self._met(near, own) >= _MET for form in self._forms[near][:_MOST_FORMS]]

    def _two_words(self, plain: str, own: Taught) -> list[tuple[str, ...]]:
        halves = ((plain[:at], plain[at:]) for at in range(1, len(plain)))
        return [
            (one, other)
            for left, right in halves
            if min(self._met(left, own), self._met(right, own)) >= _HALF_MET
            for one in self._forms[left][:_MOST_FORMS]
            for other in self._forms[right][:_MOST_FORMS]
        ]

    def _fit(self, words: tuple[str, ...], own: Taught) -> float:
        return sum(self._follows(one, other, own) for one, other in pairwise(words))

    def _follows(self, one: str, other: str, own: Taught) -> float:
        """How likely a word is after another, as a logarithm."""
        met = max(0, self.taught.words[one] - own.words[one])
        alone = max(0, self.taught.words[other] - own.words[other])
        pair = f"{one} {other}"
        together = max(0, self.taught.pairs[pair] - own.pairs[pair])
        return log(_PAIR * together / (met + _SMOOTH) + (1 - _PAIR) * (alone + 0.05) / self._total)


def _last(token: Token | None) -> str:
    return EDGE_BEFORE if token is None else token.words[-1] if token.words else NO_WORD


def _first(token: Token | None) -> str:
    return EDGE_AFTER if token is None else token.words[0] if token.words else NO_WORD


def _shortened(word: str) -> list[str]:
    """The word and all that is left when one letter goes; two words one slip apart share one of these."""
    return [word, *{word[:at] + word[at + 1 :] for at in range(len(word))}]


def _one_slip(one: str, other: str) -> bool:
    """Whether one letter was added, lost, replaced, or swapped with its neighbour."""
    same = 0
    while same < min(len(one), len(other)) and one[same] == other[same]:
        same += 1
    left, right = one[same:], other[same:]
    swapped = left[1::-1] + left[2:] == right and len(left) > 1
    return left[1:] == right[1:] or left[1:] == right or left == right[1:] or swapped
