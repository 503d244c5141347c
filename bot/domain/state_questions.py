"""Asking how one's own case stands, as far as words alone can tell; whether it is meant so, the engine knows."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from bot.domain.cases import codes_in
from bot.domain.text import fold

LONGEST = 240
"""Characters; whoever writes more tells a story, which is for the person."""

_FEW_WORDS: Final = 5
_WORD: Final = re.compile(r"[^\W_]+")
_ASKS: Final = re.compile(
    r"\?|\b(?:toi dau|den dau|dau roi|the nao|sao roi|ra sao|tinh hinh|tien do|xong chua|duoc chua|co chua|"
    r"bao gio|khi nao|may gio|bao lau|con lau|lau chua|chua vay|chua em|chua a|chua chi|chua anh|"
    r"may nguoi|bao nhieu nguoi|thu may|so may|toi luot|den luot|how many|my turn|"
    r"(?:khong|ko|k|chua|chang|hong) thay (?:gi|ai|tra loi|goi|nhan)|phut (?:roi|qua)|\d+p roi|lau (?:qua|the|vay|roi)|"
    r"phieu|yeu cau|ho so|so thu tu|status|update|how long|how far|when|any news|ready|done yet|case|ticket)\b"
    r"|\bchua$"
)


def names_own_case(text: str, own: Collection[str]) -> list[str]:
    """Return which of the customer's own case codes a message names, in the order of ``own``."""
    named = set(codes_in(text))
    return [code for code in own if code in named]


def is_bare_code(text: str, own: Collection[str]) -> bool:
    """Tell whether a message is hardly more than a code of one's own: "KT-0042", "phiếu kt 42 của em"."""
    return bool(names_own_case(text, own)) and len(_WORD.findall(text)) <= _FEW_WORDS


def may_ask_state(text: str) -> bool:
    """Tell whether a message may ask how a case stands, so that it is worth asking the engine; generous by design."""
    return 0 < len(text.strip()) <= LONGEST and bool(_ASKS.search(fold(text)) or codes_in(text))
