"""A need behind a courtesy: "cảm ơn em, còn cái bảo hành tivi thì sao" is a question, not a thank-you.

The engine gives a message one intent, and a courtesy at its head is often the loudest part of it. What is left when the
courtesy is taken out decides whether something else was meant.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from actions.handoffs import HINTS
from actions.lexicon import line
from actions.plan import SMALL
from actions.understanding import Decision, Understanding
from bot.domain.text import fold

_COURTEOUS: Final = frozenset({"greet", "thank", "goodbye", "affirm", "small_talk"})
_MOST_WORDS: Final = 4
"""Words beside a courtesy that may still belong to it."""
_PLAUSIBLE: Final = 0.08
"""Confidence of a second intent from which it is worth a question, though a courtesy comes first."""

# "Cảm ơn em đã xuất hoá đơn giúp chị" speaks of something done: the whole clause is the courtesy.
_THANKED_FOR: Final = re.compile(
    r"\b(?:cam on|cam un|cam ta|thank(?:s| you)?)\b[^,.;!?\n]{0,60}?\b(?:da|vi|for)\b[^,.;!?\n]*"
)
_POLITE: Final = re.compile(
    r"\b(?:xin chao|chao|hello|hi|hey|alo|cam on|cam un|thanks|thank you|thank|tks|tam biet|bye|good (?:morning|"
    r"afternoon|evening)|chuc \w+ (?:mot )?(?:ngay|buoi \w+|toi|tuan) (?:\w+ )?(?:vui ve|tot lanh|vui)|nhieu lam|"
    r"nhieu|lam|rat|qua|da|vang|u|uh|ok|oke|okay|duoc roi|dung roi|yes|sure|very much|so much|a|ak|nha|nhe|nhen|em|"
    r"anh|chi|co|bac|chu|shop|ad|admin|ban|oi|nhiet tinh|de thuong|gioi|tot|ho tro|there|team|everyone)\b"
)
_WANTS: Final = re.compile(
    r"\b(?:thi sao|con (?:cai|vu|viec|chuyen|don)|cho \w+ hoi|muon|can|nhung|bi (?:loi|hu|hong|mat|tru)|mat|hong|"
    r"chua (?:thay|nhan|duoc|co)|bao nhieu|khi nao|bao gio|o dau|lam sao|the nao|giup \w+ voi|lost|need|want|broken|"
    r"how|when|where|but|can you|could you)\b|\?"
)
_NEEDS: Final = (
    (
        "card_lost",
        r"(?:lam )?(?:mat|roi|rot) the|(?:lost|stolen) (?:my |the )?(?:\w+ )?card|card (?:was|is|got) (?:lost|stolen)",
    ),
    (
        "loan_hardship",
        r"(?:khong|ko|k|chua|het|thieu) (?:co |du )?tien (?:de )?(?:tra|dong)|gian no|cannot pay|can'?t pay",
    ),
    ("payment_problem", r"tru tien (?:hai|2|may) lan|charged twice"),
    ("invoice_correction", r"(?:sua|sai|huy) (?:cai )?(?:hoa don|hd)|hoa don (?:bi )?sai"),
    ("otp_problem", r"ma otp|otp"),
    ("login_problem", r"mat khau|dang nhap|password|log ?in"),
    ("delivery_missing", r"giao (?:thieu|sai|nham)|(?:missing|wrong) item"),
    *HINTS,
    ("invoice_request", r"hoa don|invoice"),
    ("installation", r"lap (?:may lanh|dieu hoa|tivi|may giat)"),
    ("delivery_fee", r"(?:phi|tien) (?:ship|giao)"),
    ("order_status", r"don hang|my order"),
    ("loan_info", r"tra gop|instal?lment"),
    ("product_price", r"gia (?:bao nhieu|the nao|ca)|bao nhieu tien|how much"),
    ("appointment_book", r"dat (?:lich|hen)|appointment"),
)
_HINT: Final = tuple((intent, re.compile(rf"\b(?:{pattern})\b")) for intent, pattern in _NEEDS)


def behind(understood: Understanding, text: str) -> Understanding:
    """Return the understanding with the need that a courtesy hides, unchanged where there is none.

    A need known by its words is served; one that is merely likely is asked about.
    """
    if understood.intent not in _COURTEOUS:
        return understood
    said = _THANKED_FOR.sub(" ", fold(text))
    named = next((intent for intent, pattern in _HINT if pattern.search(said)), None)
    if named is not None:
        return replace(understood, intent=named, decision=Decision.ANSWER)
    rest = _POLITE.sub(" ", said)
    if len(line(rest).split()) <= _MOST_WORDS:
        return understood
    score = max((score for name, score in understood.ranking if name not in SMALL), default=0.0)
    if score < _PLAUSIBLE and _WANTS.search(rest) is None:
        return understood
    options = understood.options()
    # Without any likely need a person is asked in, as a wish that is there may not go unheard.
    decision = Decision.ASK if options else Decision.HAND_OFF
    return replace(understood, intent=options[0] if options else "", decision=decision)
