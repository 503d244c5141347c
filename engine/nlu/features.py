"""What the classifier looks at: names of word and character sequences, in one pass over a reading.

Three views of the same message: words as read, words without diacritics, and characters inside words without
diacritics. The first is precise, the second survives a missing or wrong diacritic, the third survives a wrong letter.
Every name starts with the letter of its view, so that a weight scheme can treat the views apart.
"""

from functools import lru_cache

from engine.nlu.concepts import concepts
from engine.nlu.marks import strip_marks
from engine.nlu.reading import Kind, Reading

ACCENTED, PLAIN, CHARACTERS, CONCEPT, MOOD = "a", "p", "c", "k", "m"
# How much a view counts for one word and for a pair; measured on training folds, and flat around these values.
_WEIGHT = {ACCENTED: (1.0, 0.6), PLAIN: (1.4, 1.2), CHARACTERS: (0.85, 0.85), CONCEPT: (1.7, 1.3), MOOD: (1.0, 1.0)}
# How far a count of the view is believed (`evidence`): a lost diacritic must not cost a word its voice.
_TRUST = {ACCENTED: 1.0, PLAIN: 1.5, CHARACTERS: 0.5, CONCEPT: 0.5, MOOD: 1.0}
_SHORTEST, _LONGEST = 2, 4
_CACHED = 1 << 16
# Far more than a sentence has; keeps an absurd message from costing more than a long one.
_MOST_WORDS = 300


@lru_cache(maxsize=_CACHED)
def _inside(plain: str) -> tuple[str, ...]:
    """Character sequences of a word, its two edges marked, and the whole word not repeated."""
    edged = f"<{plain}>"
    return tuple(
        CHARACTERS + edged[at : at + length]
        for length in range(_SHORTEST, _LONGEST + 1)
        for at in range(len(edged) - length + 1)
    )


def features(reading: Reading) -> list[str]:
    """Return the names of all features of a message, repeated as often as they occur."""
    names: list[str] = []
    before_accented = before_plain = "^"
    for token in reading.matter[:_MOST_WORDS]:
        for word in token.words or (f"#{token.kind.value}",):
            plain = strip_marks(word)
            names += (f"a{word}", f"p{plain}", f"a{before_accented} {word}", f"p{before_plain} {plain}")
            if token.kind is Kind.WORD:
                names += _inside(plain)
            before_accented, before_plain = word, plain
        for other in token.others:
            names += (f"a{other}", f"p{strip_marks(other)}")
    if names:
        names += (f"a{before_accented} $", f"p{before_plain} $")
    before = "^"
    matter = [word for token in reading.matter for word in token.words]
    for concept in concepts(matter[:_MOST_WORDS], accented=reading.accented):
        names += (f"{CONCEPT}{concept}", f"{CONCEPT}{before} {concept}")
        before = concept
    if reading.mood.happy:
        names.append(f"{MOOD}happy")
    if reading.mood.upset:
        names.append(f"{MOOD}upset")
    return names


def weight(name: str) -> float:
    """How much a feature counts beside its rarity."""
    return _WEIGHT[name[0]][" " in name]


def trust(name: str) -> float:
    """How far the count of a feature is believed."""
    return _TRUST[name[0]]
