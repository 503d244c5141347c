"""Reading a customer's answer to "how many out of five?": a score is a number said as a score, and nothing else.

"Hài lòng" is no number, "5 phút nữa tôi gọi" no score. What is not clearly one is left for the conversation to go on
with: a missed score costs a statistic, an invented one costs a customer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import ceil
from typing import Final

from bot.domain.feedback import HIGHEST, LOWEST
from bot.domain.text import clean, fold

ANSWER_MAX = 500
"""Nobody scores in more letters than this; longer texts are something else, and are not searched."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A score from 1 to 5 and, if the customer said more than the score, what they wrote."""

    score: int
    words: str


# "Năm" is five and year, "ba" three and father: only the accented number words become digits everywhere.
_SPOKEN: Final = {"một": "1", "hai": "2", "ba": "3", "bốn": "4", "năm": "5", "mười": "10"}
_SPOKEN_WORD: Final = re.compile(rf"\b(?:{'|'.join(_SPOKEN)})\b")
_BARE_SPOKEN: Final = {"mot": "1", "bon": "4", "nam": "5", "muoi": "10"} | {
    word: str(number) for number, word in enumerate(("one", "two", "three", "four", "five"), 1)
}
_FILLED_STAR: Final = re.compile("[★🌟✭✮]")
_KEYCAP: Final = "\u20e3"
_COUNTS: Final = re.compile(rf"[\d⭐*]|{'|'.join(_BARE_SPOKEN)}")
"""What every score is made of. Nearly all that customers write has none of it."""

_NUMBER: Final = rf"(?<![\w.,/:\-])(\d{{1,2}}(?:[.,]5)?|{'|'.join(_BARE_SPOKEN)})"
_STARS: Final = re.compile(rf"{_NUMBER}\s*(?:⭐|\*|sao\b|stars?\b)")
_POINTS: Final = re.compile(rf"{_NUMBER}\s*(?:diem|d|points?|pts?)\b")
_OUT_OF: Final = re.compile(rf"{_NUMBER}\s*(?:/|tren\b|out of\b|of\b)\s*(5|nam|five|10|muoi)\b(?![/.,\-]?\d)")

_BEFORE: Final = (
    "da|vang|u|uh|um|ok|oke|okay|em|e|anh|a|chi|c|toi|minh|tui|t|cho|cham|danh gia|vote|rate|chon|so|la|score|thi|xin|"
    "ban|shop|ad|i|give|diem|muc|duoc|hai long|tot|tuyet voi|rat|nhe|nha"
)
_AFTER: Final = (
    "a|ah|nha|nhe|nhen|nhak|em|e|anh|chi|oi|ban|shop|ad|do|luon|thoi|di|roi|ne|ha|hen|nghen|het|full|cam on|nhieu|"
    "thanks|thank you|tks|please"
)
_FEELINGS: Final = (
    "cho lau|cho mai|cho hoai|cham|lau|te|tot|hai long|khong hai long|chua hai long|vi|qua te|qua cham|qua lau|"
    "nhiet tinh|nhanh|rat|tuyet|phuc vu|thai do|tu van|that vong|buc|vui|hoan hao|good|great|bad|slow|very|because"
)
_BARE: Final = re.compile(
    rf"^\W*(?:(?:{_BEFORE})\b[\s,:]*)*{_NUMBER}(?!\w)(?:\s*(?:{_AFTER})\b)*"
    rf"\s*(?:$|[^\w\s/*%]+(?!\s*\d)(?P<rest>.*)$|(?=\s(?:{_FEELINGS})\b))",
    re.DOTALL,
)
_LIST: Final = re.compile(r"(?<!\w)2\s*[.)]")
_SMALL_TALK: Final = re.compile(rf"\b(?:{_BEFORE}|{_AFTER}|sao|stars?|diem|points?|tren|out of)\b")

# What stands before or behind a number and makes it something else than this customer's score.
_NOT_MEANT: Final = re.compile(
    r"\b(?:khong|ko|k|chua|chang|kho|hong|hok|not)(?:\s(?:the|dang|cho|duoc|dam|toi|den|len|phai|la|ma))*\s*$"
    r"|\b(?:dang le|le ra|dang ra|suyt|neu|gia ma|if)\b(?:(?!\b(?:nhung|nen)\b)[^.!?\n])*$"
    r"|\b(?:khach san|nha hang|resort|may lanh|may giat|tu lanh|dieu hoa|quat|nang luong|dien|tem|loai|hang|chuan)"
    r"(?:\s(?:la|loai))?\s*$"
    r"|\b(?:ngay|hom|sang|trua|chieu|toi ngay|mung|thang|luc|truoc|sau|den ngay)\s*$"
)
_OWN_POINTS: Final = re.compile(r"\b(?:co|doi|con|them|cong|tru|tich|dung|du|tai|quy)\s*$")
_OTHER_POINTS: Final = re.compile(r"^\s*(?:thuong|tich|giao|ban|den|doi|nua|hang|cua|dung)\b")
_ONLY_IF: Final = re.compile(r"^\s*(?:nang luong|neu|if)\b")
_WHY: Final = re.compile(r"^\s*(?:chua|khong|lai|vay|ma|lau)\b")
_ASKED: Final = re.compile(r"^[^.!\n]*\?")


def read_answer(text: str) -> Answer | None:
    """Read a customer's answer to the question for a score.

    Takes digits, number words, stars, "4/5" and marks out of ten (halved, rounded up), in Vietnamese with and without
    diacritics and in English. Never raises.
    """
    said = clean(text)
    if not said or len(said) > ANSWER_MAX:
        return None
    plain = _plain(said)
    if not _COUNTS.search(plain):
        return None
    found = _named(plain) or _starred(plain) or _bare(plain)
    scores = {score for score, _ in found}
    if len(scores) != 1:
        return None
    return Answer(score=scores.pop(), words=said if _says_more(plain, found) else "")


_Found = list[tuple[int, tuple[int, int]]]


def _plain(said: str) -> str:
    digits = _SPOKEN_WORD.sub(lambda word: _SPOKEN[word.group()], said.lower())
    return _FILLED_STAR.sub("⭐", fold(digits).replace(_KEYCAP, ""))


def _named(plain: str) -> _Found:
    """Find every number that is called stars, points or a share."""
    found: _Found = []
    taken: list[tuple[int, int]] = []
    for pattern in (_OUT_OF, _STARS, _POINTS):
        for match in pattern.finditer(plain):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            taken.append(match.span())
            score = _score(match, pattern)
            if score is not None and _meant(plain, match, pattern):
                found.append((score, match.span()))
    return found


def _score(match: re.Match[str], pattern: re.Pattern[str]) -> int | None:
    value = _value(match.group(1))
    if pattern is _OUT_OF:
        top = _value(match.group(2)) if match.group(2) != "five" else 5.0
        if value > top:
            return None
        return _of_ten(value) if top == 10 else _of_five(value)
    if value > 10:
        return None
    if value <= HIGHEST:
        return _of_five(value)
    # "10 sao" is praise; "8 điểm" is a mark out of ten.
    return HIGHEST if pattern is _STARS else _of_ten(value)


def _meant(plain: str, match: re.Match[str], pattern: re.Pattern[str]) -> bool:
    before, after = plain[: match.start()], plain[match.end() :]
    if _NOT_MEANT.search(before) or _ONLY_IF.match(after) or _ASKED.match(after):
        return False
    if pattern is _STARS:
        return not (before.strip() and _WHY.match(after))
    return pattern is _OUT_OF or not (_OWN_POINTS.search(before) or _OTHER_POINTS.match(after))


def _starred(plain: str) -> _Found:
    """Count drawn stars; a single one beside words is decoration."""
    drawn = plain.count("⭐")
    bare = re.fullmatch(r"[\s⭐☆*]+", plain)
    count = drawn or (plain.count("*") if bare else 0)
    if not count or (count == 1 and not bare):
        return []
    return [(min(count, HIGHEST), (0, 0))]


def _bare(plain: str) -> _Found:
    """Read a number that is the answer by itself, or stands before the reason for it."""
    match = _BARE.match(plain)
    if match is None or "?" in plain or match.group(1) == "nam":
        return []
    value = _value(match.group(1))
    if (value > HIGHEST and value != 10) or _LIST.search(match.group("rest") or ""):
        return []
    return [(HIGHEST if value == 10 else _of_five(value), match.span(1))]


def _says_more(plain: str, found: _Found) -> bool:
    rest = list(plain)
    for _, (start, end) in found:
        rest[start:end] = " " * (end - start)
    return re.search(r"\w", _SMALL_TALK.sub("", "".join(rest))) is not None


def _value(number: str) -> float:
    return float(_BARE_SPOKEN.get(number, number).replace(",", "."))


def _of_five(value: float) -> int:
    return max(LOWEST, int(value + 0.5))


def _of_ten(value: float) -> int:
    return max(LOWEST, ceil(value / 2))
