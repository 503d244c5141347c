"""Vietnamese tone marks and letter marks: taking them apart and putting them back.

A letter carries two kinds of marks. The *letter mark* (circumflex, breve, horn, the bar of đ) makes another letter of
it; the *tone* belongs to the whole syllable, and two spellings disagree about the vowel it sits on (hoà, hòa).
Everything here is pure and works on lower-case NFC text.
"""

import re
import unicodedata

VOWELS = "aăâeêioôơuưy"
# Combining grave, acute, hook above, tilde, dot below: huyền, sắc, hỏi, ngã, nặng. Index 0 is "no tone" (ngang).
_TONE_MARKS = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")
NO_TONE, HUYEN, SAC, HOI, NGA, NANG = range(6)

_WITH_TONE = {
    (vowel, tone): unicodedata.normalize("NFC", vowel + mark)
    for vowel in VOWELS
    for tone, mark in enumerate(_TONE_MARKS)
}
_SPLIT = {letter: key for key, letter in _WITH_TONE.items() if key[1] != NO_TONE}
_TONELESS = str.maketrans({letter: vowel for letter, (vowel, _) in _SPLIT.items()})
_PLAIN_VOWEL = {"ă": "a", "â": "a", "ê": "e", "ô": "o", "ơ": "o", "ư": "u", "đ": "d"}
_PLAIN = str.maketrans(
    {
        **_PLAIN_VOWEL,
        **{letter: _PLAIN_VOWEL.get(vowel, vowel) for letter, (vowel, _) in _SPLIT.items()},
    }
)
_MARKED_VOWELS = "ăâêôơư"
# Onset, vowels, rest. The u of qu- and the i of gi- belong to the onset, unless no vowel is left for the tone ("gì",
# "qu").
_PARTS = re.compile(rf"(qu(?=[{VOWELS}])|gi(?=[{VOWELS}])|[^{VOWELS}]*)([{VOWELS}]+)(.*)", re.DOTALL)
_TONE_ON_SECOND = frozenset({"oa", "oe", "uy"})


def words(text: str) -> tuple[str, ...]:
    """The words of a table written as running text."""
    return tuple(text.split())


def strip_marks(word: str) -> str:
    """Return the word as typed without any diacritics: "được" becomes "duoc"."""
    return word if word.isascii() else word.translate(_PLAIN)


def split_tone(word: str) -> tuple[str, int]:
    """Return the word without its tone, and the tone (the first one, should a typo have left two)."""
    if word.isascii():
        return word, NO_TONE
    tone = next((_SPLIT[letter][1] for letter in word if letter in _SPLIT), NO_TONE)
    return (word.translate(_TONELESS), tone) if tone else (word, NO_TONE)


def place_tone(toneless: str, tone: int) -> str:
    """Put a tone on the vowel that the newer spelling gives it (hoà, thuý); a word without a vowel stays as it is."""
    parts = _PARTS.fullmatch(toneless) if tone else None
    if parts is None:
        return toneless
    onset, vowels, rest = parts.groups()
    at = _tone_position(vowels, bool(rest))
    return f"{onset}{vowels[:at]}{_WITH_TONE[vowels[at], tone]}{vowels[at + 1 :]}{rest}"


def fold_tone(word: str) -> str:
    """Rewrite a word with its tone in the one place this package uses, so that "hòa" and "hoà" become equal."""
    toneless, tone = split_tone(word)
    return place_tone(toneless, tone)


def _tone_position(vowels: str, closed: bool) -> int:
    marked = max(vowels.rfind(letter) for letter in _MARKED_VOWELS)
    if marked >= 0:
        return marked
    if closed:
        return len(vowels) - 1
    if len(vowels) == 2:
        return int(vowels in _TONE_ON_SECOND)
    return min(1, len(vowels) - 1)
