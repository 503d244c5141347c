"""Read a message: clean it, cut it into tokens, read every word, and note the mood of the writing.

This is the one normalisation of the product's understanding. Training and run time both go through `read`.
"""

import re
from dataclasses import dataclass
from enum import Enum

from engine.nlu.cleaning import Clean, clean
from engine.nlu.marks import strip_marks
from engine.nlu.preamble import preamble
from engine.nlu.words import fold_word, read_word


class Kind(Enum):
    """What a token is; of everything but a word only the kind matters to an intent."""

    WORD = "word"
    NUMBER = "number"
    MONEY = "money"
    TIME = "time"
    PHONE = "phone"
    CODE = "code"
    EMAIL = "email"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the message; `start` and `end` count characters of the original text."""

    start: int
    end: int
    text: str
    kind: Kind
    words: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mood:
    """What the writing itself shows, before any word is understood."""

    shouting: bool
    exclaims: int
    asks: bool
    happy: int
    upset: int


@dataclass(frozen=True, slots=True)
class Reading:
    """A message as the rest of the pipeline sees it; `accented` when diacritics were typed.

    The first `preamble` tokens say nothing of the matter.
    """

    tokens: tuple[Token, ...]
    mood: Mood
    accented: bool
    preamble: int = 0

    @property
    def matter(self) -> tuple[Token, ...]:
        """What is left without greeting and introduction."""
        return self.tokens[self.preamble :]

    def words(self) -> list[str]:
        """The best reading of the whole message as a list of words."""
        return [word for token in self.tokens for word in token.words]


_UNIT = r"(?:k|tr|trieu|triệu|tỷ|tỉ|ty|ti|củ|cu|nghìn|nghin|ngàn|ngan|xị|đồng|đ|vnđ|vnd)"
_TOKEN = re.compile(
    rf"""
    (?P<email>[\w.+-]{{1,64}}@[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{1,4}})
  | (?P<link>(?:https?://|www\.)[^\s<>"]{{1,300}})
  | (?P<phone>(?<![\w.])(?:\+?84|0)(?:[\s.-]?\d){{8,10}}(?!\d))
  | (?P<code>(?<![^\W_])[a-z]{{2,4}}[ ]?[-_\#]?\d{{3,12}}(?![^\W_]))
  | (?P<money>(?<![^\W_])(?:\d{{1,3}}(?:[.,]\d{{3}}){{1,4}}(?:[ ]?(?:đồng|dong|đ|d|vnđ|vnd))?
                            |\d{{1,9}}(?:[.,]\d{{1,2}})?[ ]?{_UNIT}\d{{0,3}})(?![^\W_]))
  | (?P<time>(?<![^\W_])(?:\d{{1,2}}(?:[ ]?(?:h|g|giờ|gio)[ ]?\d{{0,2}}|:\d{{2}})
                           |\d{{1,2}}[/.-]\d{{1,2}}(?:[/.-]\d{{2,4}})?)(?![^\W_]))
  | (?P<number>\d{{1,18}}(?:[.,]\d{{1,18}}){{0,4}}(?![^\W\d_]))
  | (?P<word>[^\W_]+(?:['’][^\W_]+){{0,3}})
    """,
    re.VERBOSE | re.IGNORECASE,
)
_HAPPY = frozenset("😀😃😄😁😆😅😂🤣😊😇🙂😉😍🥰😘😋😎🤗👍👌🙏❤💕💖🌹🎉✨💯🥳😻🫶")
_UPSET = frozenset("😠😡🤬😤😢😭😞😔😟😕🙁☹😣😖😫😩🥺😒🙄😑👎💔😾🤦😰😱🆘")
_SMILEY = re.compile(r"(?P<happy>[:=;]-?\)+|:[dD]\b|\^_*\^|<3)|(?P<upset>[:=]-?\(+|T_+T|-_+-|>[:_]<)")
_TYPED_MOOD = re.compile(r"[\u2600-\u27bf\U0001f000-\U0001faff]")
_SHOUTED_LETTERS = 6
_GLUED = re.compile(r"(\d+)([^\W\d_]{2,})")


def read(text: str) -> Reading:
    """Read any text whatsoever, in bounded time; texts equal up to normal form read the same."""
    cleaned = clean(text)
    matches = tuple(_TOKEN.finditer(cleaned.text))
    tokens = tuple(_token(match, cleaned) for match in matches)
    before = preamble(cleaned, [match.start() for match in matches])
    return Reading(tokens, _mood(cleaned.text), _accented(cleaned.text), before)


def _accented(text: str) -> bool:
    lower = text.lower()
    return strip_marks(lower) != lower


def _token(match: re.Match[str], cleaned: Clean) -> Token:
    kind = Kind(match.lastgroup)
    start, end = cleaned.span(match.start(), match.end())
    typed = match.group()
    if kind is not Kind.WORD:
        return Token(start, end, typed, kind)
    glued = _GLUED.fullmatch(typed)
    if glued is not None:
        reading = read_word(glued[2])
        return Token(start, end, typed, kind, reading.words, (*reading.others, fold_word(typed)))
    words, others = read_word(typed)
    return Token(start, end, typed, kind, words, others)


def _mood(text: str) -> Mood:
    happy = upset = 0
    for smiley in _SMILEY.finditer(text):
        happy += smiley.lastgroup == "happy"
        upset += smiley.lastgroup == "upset"
    if not text.isascii():
        for emoji in _TYPED_MOOD.findall(text):
            happy += emoji in _HAPPY
            upset += emoji in _UPSET
    letters = [character for character in text if character.isalpha()]
    capitals = sum(map(str.isupper, letters))
    shouting = len(letters) >= _SHOUTED_LETTERS and capitals > 0.7 * len(letters)
    return Mood(shouting, text.count("!"), "?" in text, happy, upset)
