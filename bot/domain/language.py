"""Which language a customer writes: Vietnamese with or without its marks, or English."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from bot.domain.company import Language
from bot.domain.text import fold


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_EN_WORDS: Final = _words(
    "the is are am was were be been do does did have has had i my me you your we our it its this that there "
    "what when where "
    "which who why how can could would will should want need like please thanks thank hello hi hey good morning "
    "afternoon "
    "evening to for of from with and or not any some much many long get got give help know tell talk speak buy "
    "order pay "
    "open close closed return refund exchange price cost fee delivery warranty broken lost card money transfer "
    "account "
    "invoice complaint appointment book cancel change status bye yes no sure ok okay someone person human agent"
)
_VI_WORDS: Final = _words(
    "toi tui minh anh chi em bac co chu cho hoi duoc dc khong ko k la gi ma cua va voi thi nay kia do a ah nhe "
    "nha vay roi chua "
    "bao nhieu nao sao muon can mua ban tra hang don giao gap hen den toi lay gui nhan tien the so nguoi oi di "
    "ve trong "
    "ngay gio mai chieu sang toi phut nhanh lam on xin loi cam tu van gia hoa don xe kho con het hong hu doi bi "
    "dang se"
)
# Words of both languages, and English ones that every Vietnamese chat is full of.
_BOTH: Final = _words("no me can do to the a an so hi hey hello bye ok okay yes thank thanks")
_MARKED: Final = re.compile("[àáâãèéêìíòóôõùúýăđĩũơư\u1ea0-\u1ef9]", re.IGNORECASE)
_WORD: Final = re.compile(r"[^\W\d_]+")


def language_of(text: str, otherwise: Language) -> Language:
    """Return the language of a message; one too short to tell is in the language used before."""
    if _MARKED.search(unicodedata.normalize("NFC", text)):
        return Language.VI
    words = _WORD.findall(fold(text))
    english = sum(word in _EN_WORDS and word not in _BOTH for word in words)
    vietnamese = sum(word in _VI_WORDS and word not in _BOTH for word in words)
    if english > vietnamese and english * 3 >= len(words):
        return Language.EN
    return Language.VI if vietnamese > english else otherwise
