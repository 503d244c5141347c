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
    "the is are am was were be been do does did have has had i my me you your we our it its this that there he "
    "she him her his they them their us mine yours what when where which who why how can could would will should "
    "want need like please thanks thank hello hi hey good morning afternoon evening tonight today tomorrow "
    "yesterday monday tuesday wednesday thursday friday saturday sunday before after until next last now then "
    "already still yet back again actually instead later soon to for of from with and or but not any some much "
    "many more long get got give help know tell talk speak buy bought sell order pay paid wait waiting call "
    "called calling number name working works work make made take find found lost put let see look send sent "
    "receive received keep leave left broken leaking fix repair open close closed return refund exchange price "
    "cost fee delivery warranty card money transfer account about because very too also just here nobody anybody "
    "everybody somebody someone anyone nothing something invoice complaint appointment book cancel change changed "
    "status bye yes no sure ok okay person people human agent never ever log text says up password best near mind "
    "forget done first second third one two three phone hour hours day days week weeks month real right wrong "
    "same other another new buying selling looking using conditioner instalments installments don didn doesn isn "
    "wasn won couldn haven hasn ve ll re"
)
_VI_WORDS: Final = _words(
    "toi tui minh anh chi em bac co chu cho hoi duoc dc khong ko k la gi ma cua va voi thi nay kia do a ah nhe "
    "nha vay roi chua bao nhieu nao sao muon can mua ban tra hang don giao gap hen den lay gui nhan tien the so "
    "nguoi ai oi di ve trong ngay gio mai chieu sang phut nhanh lam on xin loi cam tu van gia hoa xe kho con het "
    "hong hu doi bi dang se giup gium dum ghe nua thoi khoi huy them may qua"
)
# Words of both languages, and English ones that every Vietnamese chat is full of.
_BOTH: Final = _words(
    "no me can do to the a an so hi hey hello bye ok okay yes thank thanks sorry order book call check phone one "
    "on new sale ship send card ve ll re don very good day"
)
_ALONE: Final = _words(
    "please tomorrow today tonight yesterday morning afternoon evening monday tuesday wednesday thursday friday "
    "saturday sunday what when where which who why how actually nobody anybody waiting cancel continue"
)
"""Words that say by themselves which language goes on, in a conversation that has said nothing else yet."""
_LOANS: Final = _words(
    "shop admin sale sales ship shipper inbox check order online offline hotline email mail facebook zalo "
    "telegram messenger app web website link code voucher combo size vip pro max plus smart inverter samsung sony "
    "panasonic toshiba electrolux daikin sharp casio iphone ipad macbook laptop tivi camera wifi bluetooth remote "
    "card visa mastercard momo banking internet sim pin otp qr atm vat team staff feedback review livestream "
    "stock freeship hello thanks thank okay sorry please bye inch model"
)
_MARKED: Final = re.compile("[àáâãèéêìíòóôõùúýăđĩũơư\u1ea0-\u1ef9]", re.IGNORECASE)
_WORD: Final = re.compile(r"[^\W\d_]+")
_SYLLABLE: Final = re.compile(
    r"(?:ngh|ng|nh|gh|gi|kh|ch|th|tr|ph|qu|[bcdghklmnpqrstvx])?[aeiouy]{1,3}(?:ch|ng|nh|[cmnpt])?"
)
_TELEX: Final = re.compile(
    r"aa|ee|oo|dd|[aou]w|[aeiouy](?:ng|nh|ch|[cmnpt])?[sfrxj]+$|[aeiouy][sfrxj](?:ng|nh|ch|[cmnpt])$"
)
_SHARE: Final = 3
_SHARE_OF_NOTHING_ELSE: Final = 5
"""Every third word must be English where there are Vietnamese ones, every fifth where there are none."""
_LONG: Final = 4
"""Letters from which a word that no Vietnamese syllable can be spelled like is taken for English."""


def language_of(text: str, otherwise: Language) -> Language:
    """Return the language of a message; one too short to tell is in the language used before."""
    if _MARKED.search(unicodedata.normalize("NFC", text)):
        return Language.VI
    words = _WORD.findall(fold(text))
    telling = sum(word in _EN_WORDS and word not in _BOTH for word in words)
    vietnamese = sum(word in _VI_WORDS and word not in _BOTH for word in words)
    # "Parking", "fire": not in the list, but nothing Vietnamese either. They only confirm what a listed word says.
    english = telling + sum(word not in _EN_WORDS and _is_foreign(word) for word in words)
    share = _SHARE if vietnamese else _SHARE_OF_NOTHING_ELSE
    if (
        telling
        and english > vietnamese
        and english * share >= len(words)
        and (english > 1 or _enough(words, otherwise))
    ):
        return Language.EN
    return Language.VI if vietnamese > english else otherwise


def _enough(words: list[str], otherwise: Language) -> bool:
    """Tell whether a single English word decides: one of a longer line of them, or one that nobody borrows."""
    return otherwise is Language.EN or len(words) > 1 or words[0] in _ALONE


def _is_foreign(word: str) -> bool:
    return (
        len(word) >= _LONG
        and word not in _LOANS
        and _SYLLABLE.fullmatch(word) is None
        and _TELEX.search(word) is None
        and any(vowel in word for vowel in "aeiouy")
    )
