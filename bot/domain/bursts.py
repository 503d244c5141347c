"""Bursts: "alo", "shop ơi", "cho hỏi", "giá sp này" in four messages are one turn.

Only openers wait: words that call somebody and say nothing yet. A message that already has a need in it is answered at
once, and so is a greeting, which deserves one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.messages import Message, MessageKind
from bot.domain.text import fold

QUIET = timedelta(seconds=1.5)
"""How long an opener waits for what comes after it, counted from its own arrival."""

_WHO = r"(?:shop|ad|admin|em|e|anh|a|chi|c|co|chu|bac|ban|b|sen viet|nhan vien|moi nguoi|ca nha)"
_CALL = rf"(?:a+lo+|e+y|oi+|hey|{_WHO} (?:oi+|ui+)|{_WHO} {_WHO} (?:oi+|ui+))"
_ASK = (
    rf"(?:(?:cho |xin )?(?:{_WHO}|minh|m|toi|tui|t)? ?(?:xin )?(?:hoi|hoi chut|hoi ti|hoi cai|hoi xiu)(?: nay)?"
    rf"(?: (?:voi|chut|ti|xiu|cai|nhe|nha|a|{_WHO}))*)"
)
_OPENER = re.compile(rf"(?:(?:{_CALL}|{_ASK}|da|u|uh|um|nay|\W)\s*)+")
_LONGEST = 40


def opens(text: str) -> bool:
    """Tell whether a message only calls for attention and says nothing yet."""
    folded = " ".join(re.sub(r"[^\w\s]", " ", fold(text)).split())
    return 0 < len(folded) <= _LONGEST and _OPENER.fullmatch(folded) is not None


def waits(burst: Sequence[Message], now: datetime) -> datetime | None:
    """Return until when a burst should wait for more, ``None`` when it can be answered.

    ``burst`` are the messages of a turn that nobody has dealt with, oldest first. One that already holds something
    else than openers does not wait, and none waits longer than `QUIET` after its newest message.
    """
    if any(message.kind is not MessageKind.TEXT or not opens(message.text) for message in burst):
        return None
    until = burst[-1].created_at + QUIET
    return until if now < until else None


def together(burst: Sequence[Message]) -> list[Message]:
    """Return the messages that are answered as one: openers, and the first message behind them that says something."""
    first: list[Message] = []
    for message in burst:
        if message.kind is not MessageKind.TEXT:
            break
        first.append(message)
        if not opens(message.text):
            break
    return first or list(burst[:1])
