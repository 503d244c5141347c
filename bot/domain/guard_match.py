r"""A small language for phrases, and an index that looks for hundreds of them in one walk over a text.

One phrase a line, over plain words (see `guard_words`):

    (a|b c)      one of these                    [a|b]       one of these, or nothing
    ~3           up to three words               ~1-4        one to four words
    ~1-4!(a|b)   one to four words, none of these
    !(a|b)       none of these comes next        -(a|b)      at the start: none of these comes before
    ^  $         start and end of the sentence   \d  \w+     a digit, a word
    qua_?        "qua" or "qua_"                 NAME        a group defined beside the phrases

A phrase begins and ends at word boundaries. Its gaps are bounded and no repetition is nested in another, and it is
tried only where one of its first words stands. So time is linear in the text: trying every phrase at every letter of a
long message would take tens of times longer.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

_TOKEN: Final = re.compile(r" ~(\d)(?:-(\d))?(?:!\(([^()]*)\))?| \[|\]| !\(|\(|\)| \$|.")
_NAME: Final = re.compile(r"\b[A-Z]{2,}\b")
_NOT_BEHIND: Final = re.compile(r"-\(([^()]*)\) ")
_FIRST_WORD: Final = re.compile(r"([a-z0-9_]+?)(_\?)?(?=[ $]|$)")
_WORD_START: Final = re.compile(r"(?<!\w)\w+")
_OPENED: Final = {" [": ("(?: (?:", "))?"), " !(": ("(?! (?:", r")\b)"), "(": ("(?:", ")")}


class PhraseIndex:
    """Phrases of several kinds, by first word; a kind that stands earlier in the list wins over a later one."""

    def __init__(self, kinds: Sequence[Sequence[str]]) -> None:
        grouped: dict[str, dict[int, list[str]]] = {}
        for kind, phrases in enumerate(kinds):
            for phrase in phrases:
                for word in first_words(phrase):
                    grouped.setdefault(word, {}).setdefault(kind, []).append(to_regex(phrase))
        self._by_word: Final = {
            word: [(kind, re.compile("|".join(parts))) for kind, parts in sorted(of_word.items())]
            for word, of_word in grouped.items()
        }

    def first_kind(self, words: str) -> int | None:
        """Return the earliest kind of which a phrase stands in `words`, or None."""
        return min((kind for kind, _, _ in self._matches(words)), default=None)

    def without(self, words: str) -> str:
        """Return `words` with every phrase taken out and "_" in its place."""
        kept: list[str] = []
        end = 0
        for _, start, stop in self._matches(words):
            if start >= end:
                kept.append(words[end:start] + "_")
            end = max(end, stop)
        return "".join(kept) + words[end:]

    def _matches(self, words: str) -> Iterator[tuple[int, int, int]]:
        """Yield (kind, start, end) from left to right."""
        for word in _WORD_START.finditer(words):
            for kind, pattern in self._by_word.get(word.group(), ()):
                found = pattern.match(words, word.start())
                if found is not None:
                    yield kind, found.start(), found.end()


def phrases(block: str, names: Mapping[str, str]) -> tuple[str, ...]:
    """Return the phrases of `block`, one a line, with every NAME replaced by its group."""

    def spelled_out(text: str) -> str:
        found = _NAME.sub(lambda name: f"({names[name.group()]})", text)
        return found if found == text else spelled_out(found)

    return tuple(spelled_out(line.strip()) for line in block.splitlines() if line.strip())


def to_regex(phrase: str) -> str:
    """Return the regular expression of one phrase."""
    behind = _NOT_BEHIND.match(phrase)
    out = []
    if behind is not None:
        phrase = phrase[behind.end() :]
        out = ["(?<!^)" if word == "^" else rf"(?<!\b{word} )" for word in behind[1].split("|")]
    closers: list[str] = []
    for token in _TOKEN.finditer(phrase):
        text = token.group()
        if token[1] is not None:
            out.append(_gap(*token.groups()))
        elif text in _OPENED:
            opened, closed = _OPENED[text]
            out.append(opened)
            closers.append(closed)
        elif text in {")", "]"}:
            out.append(closers.pop())
        else:
            out.append("$" if text == " $" else text)
    return "".join(out) if phrase.endswith("$") else "".join(out) + r"\b"


def first_words(phrase: str) -> frozenset[str]:
    """Return the words that a text matched by `phrase` can begin with.

    Raises:
        ValueError: the phrase opens with something that is not a word, such as a gap.
    """
    rest = _NOT_BEHIND.sub("", phrase, count=1).removeprefix("^")
    if rest.startswith("("):
        inner = rest[1 : _closing(rest)]
        return frozenset().union(*(first_words(alternative) for alternative in _alternatives(inner)))
    word = _FIRST_WORD.match(rest)
    if word is None:
        message = f"no first word in {phrase!r}"
        raise ValueError(message)
    return frozenset({word[1], f"{word[1]}_"} if word[2] else {word[1]})


def words_of(group: Sequence[str]) -> frozenset[str]:
    """Return the plain words that occur in a group of phrases."""
    return frozenset(word for phrase in group for word in re.findall(r"(?<!\\)\b[a-z]{2,}", phrase))


def _gap(least: str, most: str | None, barred: str | None) -> str:
    """Return the expression of "~n", "~n-m" or "~n-m!(...)"."""
    low, high = (least, most) if most is not None else ("0", least)
    bar = f"(?!(?:{barred})\\b)" if barred is not None else ""
    return f"(?: {bar}\\w+){{{low},{high}}}"


def _alternatives(inner: str) -> list[str]:
    """Cut the inside of a group at the bars that stand outside every inner group."""
    parts, depth, start = [], 0, 0
    for position, char in enumerate(inner):
        depth += (char in "([") - (char in ")]")
        if char == "|" and depth == 0:
            parts.append(inner[start:position])
            start = position + 1
    return [*parts, inner[start:]]


def _closing(phrase: str) -> int:
    """Return the place of the bracket that closes the one at the start of `phrase`.

    Raises:
        ValueError: it is never closed.
    """
    depth = 0
    for position, char in enumerate(phrase):
        depth += (char == "(") - (char == ")")
        if depth == 0:
            return position
    message = f"unclosed group in {phrase!r}"
    raise ValueError(message)
