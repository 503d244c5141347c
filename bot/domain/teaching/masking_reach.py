"""How far a name reaches in a text, and which words can begin one: told by capitals, else by syllables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from bot.domain.teaching.masking_words import (
    ALONE,
    COMMON_PLAIN,
    COUNTED,
    FAMILY,
    MARKED_GIVEN,
    MIDDLE,
    NO_NAMES,
    PARTICLES,
    PLAIN_FAMILY,
    PLAIN_NO_NAMES,
    SURE_FAMILY,
    SURE_PLAIN,
    TELLING,
    UNSURE_FAMILY,
    is_stop,
    is_syllable,
)
from bot.domain.teaching.sheet import Sheet
from bot.domain.text import fold

Word = tuple[int, int, str]
"""A word of the plain copy: where it begins, where it ends, and how it was written."""
WORD: Final = re.compile(r"[a-z]+")
_GAP: Final = re.compile(r"[ ]{1,3}(?=[a-z])")


def is_full(words: Sequence[Word], count: int) -> bool:
    """Tell a name from other words where capitals do not: by how sure its family name is, and by what follows."""
    first, second = words[0][2].casefold(), words[1][2].casefold()
    if first in ("nguyễn", "huỳnh"):
        return count > 1
    telling = sum(fold(word) in TELLING or word.casefold() in MARKED_GIVEN for _, _, word in words[1:count])
    marked = not all(word.isascii() for _, _, word in words[:count])
    if first in UNSURE_FAMILY:
        middle = second in MIDDLE and (words[0][2].istitle() or not second.isascii() or telling > 0)
        return count > 2 and (middle or telling > (0 if marked else count - 2))
    if marked:
        return count > 2 or (count == 2 and first in ("trần", "phạm"))
    if first in SURE_PLAIN:
        return count > 2 or (count > 1 and telling > 0)
    if first in COMMON_PLAIN and second in MIDDLE:
        return count > 2
    return count > 2 and telling > (0 if first in COMMON_PLAIN else count - 2)


def reach(words: Sequence[Word], *, shouting: bool, told: bool = False) -> int:
    """Return how many of the words are one name, which the first one begins; ``told`` where that is beyond doubt."""
    upper = [word[:1].isupper() and not shouting for _, _, word in words]
    cased = upper[0] and len(words) > 1 and (upper[1] or not may_be_family(words[0][2]))
    exact = not all(word.isascii() for _, _, word in words[:2])
    loose = told or cased or exact or words[0][2].casefold() in SURE_PLAIN - {"tran"}
    count = 1
    for before, after in pairwise(words):
        if not _goes_on(before[2], after[2], behind_family=count == 1, cased=cased, exact=exact, loose=loose):
            break
        if not cased and is_phrase(words[count:]):
            break
        count += 1
    if told and count == 2 and len(words) > 2 and may_be_family(words[0][2]) and not is_stop(words[2][2]):
        # Any word may be a given name: "Vũ Hoàng Nở".
        count = 3
    return count


def _goes_on(before: str, word: str, *, behind_family: bool, cased: bool, exact: bool, loose: bool) -> bool:
    """Tell whether a word goes on with the name that ends with the word before."""
    lower = word.casefold()
    stop = is_stop(word) and not is_syllable(word, exact=exact)
    # "trần thì" and "đó vẫn" look alike without marks, so what follows has to be a name there.
    known = is_syllable(word, exact=exact) or lower in COUNTED
    if before.casefold() in MIDDLE and not behind_family and (known or (loose and not stop)):
        return True
    return not stop and (word[:1].isupper() if cased else is_syllable(word, exact=exact))


def stands_alone(words: Sequence[Word], count: int) -> bool:
    """Tell whether a given name in small letters is all that is said: "mình là hồng ạ", and not "em là thu ngân"."""
    behind = words[count][2].casefold() if len(words) > count else None
    return words[0][2].casefold() in ALONE and count <= 2 and (behind is None or behind in PARTICLES)


def may_begin(words: Sequence[Word]) -> bool:
    """Tell whether the words may begin with a name; one that is a word of every sentence has to look like a name."""
    if may_be_family(words[0][2]) and len(words) > 1 and all(word.istitle() for _, _, word in words[:2]):
        return True
    first = words[0][2]
    lower = first.casefold()
    # "tên chi" and "tên là" ask for a name.
    if (
        is_phrase(words)
        or (len(first) == 1 and (first.isascii() or not first.isupper()))
        or first == "chi"
        or lower in ("la", "là")
    ):
        return False
    if not is_stop(first) or lower in ALONE or may_be_family(first):
        return True
    return is_syllable(first, exact=not first.isascii()) and (first.istitle() or not first.isascii())


def is_phrase(words: Sequence[Word]) -> bool:
    """Tell whether two words look like a name and are none."""
    pair = " ".join(word.casefold() for _, _, word in words[:2])
    return pair in (PLAIN_NO_NAMES if pair.isascii() else NO_NAMES)


def may_be_family(word: str) -> bool:
    """Tell whether a word as written is a family name; without marks it may be one in any case."""
    lower = word.casefold()
    return lower in FAMILY or (lower.isascii() and lower in PLAIN_FAMILY)


def is_family(word: str) -> bool:
    """Tell whether a word is written as a family name, or could be one typed without marks and in capitals."""
    lower = word.casefold()
    return lower in FAMILY or (lower in PLAIN_FAMILY and word[:1].isupper()) or lower in SURE_FAMILY


def words_from(sheet: Sheet, start: int, most: int) -> list[Word]:
    """Return up to so many words that follow one another with nothing but spaces, as places and as written."""
    words: list[Word] = []
    while len(words) < most and (found := WORD.match(sheet.plain, start)):
        words.append((*found.span(), sheet.written(*found.span())))
        start = found.end()
        gap = _GAP.match(sheet.plain, start)
        if gap is None:
            break
        start = gap.end()
    return words


def name_end(sheet: Sheet, end: int, most: int) -> int:
    """Return where a name ends that goes on with up to so many words in capitals."""
    if sheet.plain[end : end + 1] != " ":
        return end
    for _, last, word in words_from(sheet, end + 1, most):
        if not word[:1].isupper() or is_stop(word):
            break
        end = last
    return end


def is_shouting(sheet: Sheet) -> bool:
    """Tell whether a text is typed in capitals, which then say nothing about names."""
    letters = [char for char in sheet.text if char.isalpha()]
    return len(letters) > 3 and sum(char.isupper() for char in letters) > 0.6 * len(letters)


def is_title_case(sheet: Sheet) -> bool:
    """Tell whether nearly every word of a text has a capital, which then say nothing about names."""
    words = sheet.text.split()
    return len(words) > 4 and sum(word[:1].isupper() for word in words) > 0.6 * len(words)
