"""Names that are known to occur in a text: the customer's, and those of the staff.

A house may have hundreds of staff and reads thousands of messages, so theirs are prepared once for all of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from bot.domain.teaching.masking_reach import WORD, is_phrase, is_shouting, may_be_family, words_from
from bot.domain.teaching.masking_words import is_stop
from bot.domain.teaching.sheet import Sheet
from bot.domain.text import clean, fold

TITLE: Final = r"(?:anh|chi|co|chu|bac|em|ong|ba|thay|cu|di|cau|mo|chau|ban|mr|ms|mrs|miss|a|c|e)"
"""What people are called by before their name, without diacritics."""
_BEHIND_TITLE: Final = re.compile(rf"(?<![a-z0-9])(?P<title>{TITLE})\.?[ ]+$")
_REMARK: Final = re.compile(r"\([^)]*\)|\[[^\]]*\]|\s[-–|].*|[,/|].*")
"""What people add to a name: "Lan (KT)", "Lan - kho"."""
_TONES: Final = frozenset("\u0300\u0301\u0303\u0309\u0323")


class Known:
    """Names: whole ones are found however they are typed, given names where they look like one."""

    def __init__(self, names: Iterable[str]) -> None:
        everyone = [words for name in names if (words := _words(name))]
        self._whole = _any_of([[fold(word) for word in words] for words in everyone if len(words) > 1])
        # Two people may differ by nothing but a mark: "Hòa" and "Hoa".
        self._given: dict[str, set[str]] = defaultdict(set)
        for words in everyone:
            given = _given(words)
            self._given[fold(given)].add(_sound(given))

    def find(self, sheet: Sheet) -> Iterator[tuple[int, int]]:
        """Yield places of the plain copy; they may overlap."""
        if self._whole is not None:
            yield from (found.span("name") for found in self._whole.finditer(sheet.plain))
        shouting = is_shouting(sheet)
        for found in WORD.finditer(sheet.plain):
            if found.group() in self._given and self._is_meant(sheet, found, shouting=shouting):
                yield found.span()

    def _is_meant(self, sheet: Sheet, found: re.Match[str], *, shouting: bool) -> bool:
        """Tell a given name from a word that only looks like it: "Hoa" from "hoa don"."""
        written, plain = sheet.written(*found.span()), found.group()
        if written.isascii():
            if len(written) == 1:
                return False
        elif _sound(written) not in self._given[plain]:
            return False
        capital = written[:1].isupper() and not shouting
        titled = _BEHIND_TITLE.search(sheet.plain, max(0, found.start() - 8), found.start())
        if is_stop(plain):  # "chị Mai", and neither "mai em qua" nor "Mai em qua"
            return capital and titled is not None
        pair = words_from(sheet, found.start(), 2)
        if is_phrase(pair) and not all(word.istitle() for _, _, word in pair):  # "Thảo luận lại"
            return False
        return capital or (titled is not None and not is_phrase(words_from(sheet, titled.start("title"), 2)))


@lru_cache(maxsize=8)
def known(staff: tuple[str, ...]) -> Known:
    """Return the names of the staff, prepared."""
    return Known(staff)


def _words(name: str) -> list[str]:
    """Return the words of a name, from the first that somebody could be called by; none where there is no such."""
    plain = clean(name)
    words = [
        word
        for word in re.findall(r"[^\W\d_]+", _REMARK.sub(" ", plain).casefold())
        # Nobody is called by an initial.
        if len(word) > 1 or not word.isascii()
    ]
    while words and is_stop(fold(words[0])) and not (len(words) > 1 and may_be_family(words[0])):
        del words[0]
    return words


def _given(words: list[str]) -> str:
    """Return the given name: the last word of a whole name, else the last that could be one: "Lan shop"."""
    if len(words) > 1 and may_be_family(words[0]):
        return words[-1]
    return next((word for word in reversed(words) if not is_stop(fold(word))), words[-1])


def _any_of(names: Iterable[list[str]]) -> re.Pattern[str] | None:
    """Return a pattern of all names at once, which begins with few words; places that it finds may overlap."""
    rest: dict[str, set[str]] = defaultdict(set)
    for first, *others in names:
        rest[first].add(r"\s+".join(map(re.escape, others)))
    if not rest:
        return None
    longest_first = {first: sorted(others, key=lambda one: (-len(one), one)) for first, others in rest.items()}
    each = (rf"{re.escape(first)}\s+(?:{'|'.join(others)})" for first, others in longest_first.items())
    return re.compile(rf"(?<![a-z0-9])(?=(?P<name>{'|'.join(each)})(?![a-z0-9]))")


@lru_cache(maxsize=4096)
def _sound(word: str) -> str:
    """Return a word with its tone at the end, which people write on either vowel: "hoà", "hòa"."""
    letters = unicodedata.normalize("NFD", word.casefold())
    tones = [one for one in letters if one in _TONES]
    return "".join([*(one for one in letters if one not in _TONES), *tones])
