"""How the customer speaks: which language, and what they call themselves, which is what they like to be called."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from bot.domain.company import Language
from bot.domain.text import fold

DEFAULT_ADDRESS: Final = "anh/chị"
_ELDERS: Final = ("bác", "cô", "chú", "dì", "cậu", "mợ", "thím", "dượng", "ông", "bà")
_PEERS: Final = ("anh", "chị", "em")

_OWN_VERB: Final = (
    "muốn|cần|bị|định|đang|chưa|vừa|mới|đã|tính|để quên|làm mất|mất|đặt|mua|nhận|gửi|gởi|chờ|đợi|lỡ|nộp|chuyển|"
    "thấy|hỏi|"
    "xin|nhờ|quên|không biết|không thấy|không nhận|hông|hổng|tới|đến|ghé|ở"
)
_ASKED_FOR: Final = "hỏi|xin|gặp|biết|đặt|mua|coi|xem|mượn|hẹn|thuê|lấy|gửi|gởi|nhờ|đổi|trả|rút|nộp|vay|sửa|huỷ|hủy"
_SOMEBODY_ELSE: Final = r"(?!\s+(?:ấy|ta|đó|kia|nào|sĩ|bảo vệ|nhân viên|thu ngân|kế toán|tài xế|shipper|thợ|quản lý))"
# Bare vowels: without diacritics "co" may be "có" and "chu" may be "chữ", so only these readings are safe.
_PLAIN: Final = {"anh": "anh", "chi": "chị", "bac": "bác"}


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
_CAPITALS: Final = "".join(char for char in map(chr, range(ord("A"), 0x1EFA)) if char.isupper())
_WORD: Final = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Voice:
    """How to speak in one turn."""

    language: Language
    address: str

    @property
    def self_name(self) -> str:
        """What the assistant calls itself towards this customer: cháu to elders, mình to an "em", else em."""
        if self.address in _ELDERS:
            return "cháu"
        return "mình" if self.address == "em" else "em"

    def words(self) -> dict[str, str]:
        """Return the placeholders of address that every text may use."""
        return {
            "you": self.address,
            "You": self.address[0].upper() + self.address[1:],
            "me": self.self_name,
            "Me": self.self_name.capitalize(),
        }


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


def address_of(text: str) -> str | None:
    """Return what the customer calls themselves in this message, or None when it does not say.

    "Anh" and "em" are also what people call the one they talk to, and "cô Lan" is somebody else, so only positions
    that can mean the speaker count: before a verb of wanting or having, in "cho ... hỏi", after "của", "giúp", "báo".
    """
    text = unicodedata.normalize("NFC", text)
    scores = {
        name: 2 * len(strong.findall(text)) + len(weak.findall(text)) for name, (strong, weak) in _POSITIONS.items()
    }
    plain = text.casefold()
    if plain.isascii():
        for bare, name in _PLAIN.items():
            scores[name] += 2 * len(_PLAIN_POSITIONS[bare].findall(plain))
    best = max(scores, key=lambda name: scores[name])
    # "Em" is what nearly everybody calls the assistant, so it takes more to believe that the customer means themselves.
    return best if scores[best] >= (2 if best == "em" else 1) else None


def _strong(name: str) -> re.Pattern[str]:
    """Positions that mean the speaker beyond doubt: "cho bác hỏi", and at the head of a clause "bác muốn"."""
    return re.compile(
        rf"\bcho {name} (?:{_ASKED_FOR})\b"
        rf"|(?:^|[.,!?;:\n]\s*|\b(?:dạ|ơi|à|ạ|mà|vì|nay|qua) ){name} (?:{_OWN_VERB})\b",
        re.IGNORECASE,
    )


def _weak(name: str) -> re.Pattern[str]:
    """Positions that usually do. A name with a capital letter after it is somebody else, and so is "chị ấy"."""
    receiving = "của|giúp|giùm|dùm|gọi lại cho|gọi cho|báo cho|báo|nhắn|gửi cho|với"
    return re.compile(
        rf"(?i:\b(?:{receiving})\s+{name})\b{_SOMEBODY_ELSE}(?!\s+[{_CAPITALS}])(?!\s+(?i:ơi))"
        rf"|(?i:\b{name}\s+(?:muốn|cần|bị|định|chưa|vừa|mới|tính|để quên|đặt mua)\b)"
    )


_POSITIONS: Final = {name: (_strong(name), _weak(name)) for name in (*_ELDERS, *_PEERS)}
_PLAIN_POSITIONS: Final = {
    bare: re.compile(
        rf"\bcho {bare} (?:hoi|xin|gap|biet|dat|mua|xem|coi)\b"
        rf"|(?:^|[.,!?] ?){bare} (?:muon|can|bi|dang|chua|vua|moi|da)\b"
    )
    for bare in _PLAIN
}
