"""How a customer sounds, from words of anger, urgency and thanks, typed with or without diacritics.

Folding makes other words of some: "gặp" (meet) and "gấp" (urgent) are one when typed plainly, so each list says which
of its words may be recognised that way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.domain.text import clean, fold

RECENT = 5
"""Only the customer's newest messages speak of the present mood."""

# A dot within a number or a date, or after an abbreviation ("Ng. Trãi", "P. 5"), ends nothing.
_BREAK: Final = re.compile(r"(?<=[.!?…])(?<![A-ZĐ]\.)(?<!\b[A-ZĐ][a-z]\.)\s+|(?<=[!?…])(?=\w)|\n+")


class Mood(StrEnum):
    """How the customer sounds, strongest first; what is not heard is calm."""

    ANGRY = "angry"
    URGENT = "urgent"
    THANKFUL = "thankful"
    CALM = "calm"


@dataclass(frozen=True, kw_only=True)
class Heard:
    """A mood and the customer's own sentence in which it was heard, "" where it is calm."""

    mood: Mood
    said: str = ""


# Recognised in either spelling.
_BOTH: Final = {
    Mood.ANGRY: (
        "bực mình|bực bội|bực quá|bực thật|bức xúc|tức giận|tức quá|tức thật|nổi giận|điên tiết|thất vọng|"
        "quá tệ|tệ quá|rất tệ|tệ hại|tồi tệ|tệ thật|vô trách nhiệm|thiếu trách nhiệm|tắc trách|vô lý|lừa đảo|lừa dối|"
        "bịp bợm|làm ăn kiểu|làm ăn gì kỳ|làm ăn chán|không chấp nhận được|không thể chấp nhận|coi thường|xem thường|"
        "khinh thường|coi khinh|chờ lâu quá|đợi lâu quá|chờ quá lâu|đợi quá lâu|chờ hoài|đợi hoài|chờ cả ngày|"
        "đợi cả ngày|không ai trả lời|không ai gọi lại|không ai giải quyết|mất thời gian quá|mất thời gian của|"
        "phí thời gian|bóc phốt|đăng lên mạng|khởi kiện|kiện ra toà|tẩy chay|khốn nạn|mất dạy|chán quá|quá chán|"
        "khó chịu|không hài lòng|khiếu nại|hết kiên nhẫn|vcl|clgt|dcm|đcm|đkm|angry|furious|unacceptable|ridiculous|"
        "terrible|horrible|scam|disappointed|the worst|fed up"
    ),
    Mood.URGENT: (
        "khẩn cấp|cấp bách|gấp lắm|gấp quá|rất gấp|gấp gấp|xử lý gấp|làm gấp|hỗ trợ gấp|ngay bây giờ|ngay lập tức|"
        "lập tức|càng sớm càng tốt|sớm nhất có thể|nguy hiểm|cấp cứu|chập điện|rò rỉ gas|không kịp nữa|sắp trễ|"
        "urgent|urgently|asap|emergency|immediately|right now|right away|hurry"
    ),
    Mood.THANKFUL: "cảm ơn|cám ơn|biết ơn|đội ơn|thanks|thank you|thank|tks|thks",
}
# Recognised only with their diacritics: without, they are everyday words.
_ACCENTED: Final = {
    Mood.ANGRY: (
        "bực|giận|điên|quá đáng|kém quá|quá kém|chờ mãi|đợi mãi|chờ mòn|sẽ kiện|đi kiện|thưa kiện|đm|láo|bố láo|vớ vẩn"
    ),
    Mood.URGENT: (
        r"gấp(?!\s+(?:đôi|ba|bốn|mấy|nhiều|gọn|lại|\d))|khẩn|cháy(?!\s+(?:hàng|máy|khét))|cháy khét|làm ngay|"
        "xử lý ngay|gọi ngay|khoá ngay|khóa ngay|giúp ngay|đến ngay"
    ),
}
_NOT: Final = re.compile(
    r"(?<!\w)(?:khong|ko|k|kh|hong|hok|chua|chang|dung|not|n't)(?:\s+(?:co|phai|he|bi|thay|cam thay|can|qua|den noi|"
    r"gi|la|very|so))*\s+$"
)


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)")


_PLAIN_PATTERNS: Final = {mood: _pattern(fold(words)) for mood, words in _BOTH.items()}
_ACCENTED_PATTERNS: Final = {mood: _pattern(words) for mood, words in _ACCENTED.items()}


def mood_of(said: Sequence[str]) -> Heard:
    """Return the strongest mood of a customer's newest messages, which are given oldest first.

    Thanks after anger do not hide it: whoever takes over is better warned once too often.
    """
    recent = [sentence for text in reversed(said[-RECENT:]) for sentence in sentences(text)]
    for mood in (Mood.ANGRY, Mood.URGENT, Mood.THANKFUL):
        for sentence in recent:
            if _sounds(sentence, mood):
                return Heard(mood=mood, said=sentence)
    return Heard(mood=Mood.CALM)


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a text as they stand in it, trimmed."""
    return (part for found in _BREAK.split(text) if (part := found.strip()))


def _sounds(sentence: str, mood: Mood) -> bool:
    plain = fold(clean(sentence))
    if _said(_PLAIN_PATTERNS[mood], plain):
        return True
    accented = _ACCENTED_PATTERNS.get(mood)
    return accented is not None and _said(accented, clean(sentence).lower())


def _said(pattern: re.Pattern[str], text: str) -> bool:
    """Tell whether one of the words stands in the text without a "not" before it."""
    return any(not _NOT.search(fold(text[: match.start()])) for match in pattern.finditer(text))
