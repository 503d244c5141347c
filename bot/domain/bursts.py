"""Bursts: "alo", "shop ơi", "cho hỏi", "giá sp này" in four messages are one turn.

What waits is what evidently goes on: words that call somebody and say nothing yet, a sentence that ends in the middle,
and the first sentence of a story ("em mua cái tủ lạnh"). A message that already has a need in it is answered at once,
and so is a greeting, which deserves one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.messages import Message, MessageKind
from bot.domain.text import fold

QUIET = timedelta(seconds=1.5)
"""How long an opener waits for what comes after it, counted from its own arrival."""

_WHO = r"(?:shop|ad|admin|em|e|anh|a|chi|c|co|chu|bac|ban|b|sen viet|nhan vien|moi nguoi|ca nha)"
_ME = rf"(?:{_WHO}|minh|m|toi|tui|t|con|chau|ong|ba|di|cau|nha minh|nha em|ben em|i|we)"
_CALL = rf"(?:a+lo+|e+y|oi+|hey|{_WHO} (?:oi+|ui+)|{_WHO} {_WHO} (?:oi+|ui+))"
_ASK = (
    rf"(?:(?:cho |xin )?(?:(?:{_WHO}|minh|m|toi|tui|t) )?(?:xin )?(?:hoi|hoi chut|hoi ti|hoi cai|hoi xiu)(?: nay)?"
    rf"(?: (?:voi|chut|ti|xiu|cai|nhe|nha|a|{_WHO}))*)"
)
_FILL = r"(?:da|vang|u|uh|um|nay|a)"
# A bare "dạ" or "ừ" calls nobody: it is an answer, and somebody may have asked.
_OPENER = re.compile(rf"(?:{_FILL} )*(?:{_CALL}|{_ASK})(?: (?:{_CALL}|{_ASK}|{_FILL}))*")
_LONGEST = 40
_LONGEST_HALF = 160
"""Characters of a sentence that may still be going on, so that a long story with a need in it never waits."""

# Looked for with their marks where there are any: "thế", "thẻ" and "the", "ạ" and "a" fold alike. "Mà", "là", "hay" and
# "với" end whole sentences as well ("em đúng rồi mà"), so alone they join and at an end they do not.
_JOINT_ALONE = re.compile(
    r"(?:da |a |um |nhung )*(?:ma|thi|va|voi lai|nhung|tai|tai vi|boi vi|vi|neu|con|de|and|but|because)"
)
_JOINT_MARKED = re.compile(r".* (?:nhưng|nhưng mà|thì|để|và|vì|tại vì|bởi vì|nếu|hoặc|với lại|cho nên|tức là|nghĩa là)")
_JOINT_PLAIN = re.compile(r".* (?:nhung|nhung ma|tai vi|boi vi|neu|voi lai|cho nen|tuc la|nghia la|and|but|because)")
_UNFINISHED = re.compile(r"(?:,|\.\.\.?|…|:|-)\s*$")
_OBJECT = (
    r"(?:cai|con|chiec|bo|cay|may|tu|tivi|tv|quat|noi|bep|dien thoai|laptop|loa|don|hang|mon|do|thung|a|an|the|\d+)"
)
_STORY = re.compile(
    rf"(?:(?:{_CALL}|da) )*(?:(?:hom|bua|sang|chieu|toi|ngay|tuan|thang) \w+(?: \w+)? )?(?:(?:thi|la) )?"
    rf"{_ME} (?:(?:co |moi |da |vua |vua moi |have )?(?:mua|bought)|(?:co|moi|da|vua) (?:dat|order|sam)|ordered)"
    rf" (?:cua shop |ben \w+ )?(?:\d+ )?{_OBJECT}(?: \w+){{0,4}}"
)
_WANTS = re.compile(
    r"\b(?:muon|can|cho|giup|gium|dum|nha|nhe|nhen|nghen|di|duoc|dc|khong|ko|k|hong|hok|bao|bn|nhieu|gia|sao|dau|"
    r"may gio|khi nao|bao gio|loi|hong|hu|be|vo|thieu|sai|nham|mat|cham|chua|doi|tra|huy|sua|bao hanh|giao|ship|gap|"
    r"luon|voi|roi|please|want|need|how|what|when|where|can|could|not|no|broken|wrong|missing|late)\b|[?!]"
)
_TIME = re.compile(
    r"(?:(?:vao|tu|luc|hoi|khoang|cach day|on|at|since|last) )*(?:hom|bua|sang|trua|chieu|toi|dem|ngay|tuan|thang|thu|"
    r"nam|\d{1,2}|may|mung|yesterday|today|last|two|three|monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
    r"(?: (?:kia|qua|nay|truoc|roi|ngay|tuan|thang|hom|bua|no|ni|te|kia|hai|ba|tu|nam|sau|bay|nhat|\d{1,2}|week|month|"
    r"year|ago|night|days|weeks|vua)){0,4}"
)
_THING = re.compile(rf"(?:(?:ve|cai vu|vu|chuyen) )?{_OBJECT}(?: \w+){{1,5}}")


def opens(text: str) -> bool:
    """Tell whether a message evidently goes on, so that nobody should answer it yet.

    It only calls for attention, ends in the middle of a sentence, or begins to tell what somebody bought.
    """
    folded = _line(text)
    if not 0 < len(folded) <= _LONGEST_HALF:
        return False
    if len(folded) > _LONGEST:
        return _breaks_off(text, folded)
    return _OPENER.fullmatch(folded) is not None or _breaks_off(text, folded) or _begins(text, folded)


def waits(burst: Sequence[Message], now: datetime) -> datetime | None:
    """Return until when a burst should wait for more, ``None`` when it can be answered.

    ``burst`` are the messages of a turn that nobody has dealt with, oldest first. One that already holds something
    else than openers does not wait, and none waits longer than `QUIET` after its newest message.
    """
    if len(together(burst)) < len(burst) or not _goes_on(burst[-1], behind=len(burst) > 1):
        return None
    until = burst[-1].created_at + QUIET
    return until if now < until else None


def together(burst: Sequence[Message]) -> list[Message]:
    """Return the messages that are answered as one: openers, and the first message behind them that says something.

    Behind an opener a bare time or thing ("hôm kia", "cái máy lọc nước") says nothing yet either.
    """
    first: list[Message] = []
    for message in burst:
        if message.kind is not MessageKind.TEXT:
            break
        first.append(message)
        if not _goes_on(message, behind=len(first) > 1):
            break
    return first or list(burst[:1])


def _goes_on(message: Message, *, behind: bool) -> bool:
    if message.kind is not MessageKind.TEXT:
        return False
    return opens(message.text) or (behind and _is_piece(message.text))


def _is_piece(text: str) -> bool:
    """Tell whether a message names a time or a thing and says nothing of it."""
    folded = _line(text)
    if not 0 < len(folded) <= _LONGEST or _WANTS.search(_asked(text)):
        return False
    return _TIME.fullmatch(folded) is not None or _THING.fullmatch(folded) is not None


def _breaks_off(text: str, folded: str) -> bool:
    """Tell whether a message stops where no sentence ends; three dots alone are a mood and not a pause."""
    if _UNFINISHED.search(text) is not None:
        return _WANTS.search(_asked(text)) is None
    marked = " ".join(re.sub(r"[^\w\s]", " ", unicodedata.normalize("NFC", text).lower()).split())
    ends = _JOINT_PLAIN.fullmatch(folded) if marked == folded else _JOINT_MARKED.fullmatch(marked)
    return "?" not in text and (ends or _JOINT_ALONE.fullmatch(folded)) is not None


def _begins(text: str, folded: str) -> bool:
    """Tell whether somebody says what they bought and not yet what is the matter with it."""
    return _STORY.fullmatch(folded) is not None and _WANTS.search(_asked(text)) is None


def _line(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", fold(text)).split())


def _asked(text: str) -> str:
    """Return a message for a look at what it asks: folded, with its question marks, and "nhà" not read as "nha"."""
    return " ".join(fold(unicodedata.normalize("NFC", text).lower().replace("nhà", "nhaf")).split())
