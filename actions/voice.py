"""How the customer speaks: which language, and what they call themselves, which is what they like to be called."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from bot.domain.company import Language

DEFAULT_ADDRESS: Final = "anh/chị"
_ELDERS: Final = ("bác", "cô", "chú", "dì", "cậu", "mợ", "thím", "dượng", "ông", "bà")
_MODEST: Final = "em"
_PEERS: Final = ("anh", "chị", _MODEST)

_OWN_VERB: Final = (
    "muốn|cần|bị|định|đang|chưa|vừa|mới|đã|tính|để quên|làm mất|mất|đặt|mua|nhận|gửi|gởi|chờ|đợi|lỡ|nộp|chuyển|"
    "thấy|hỏi|"
    "suy nghĩ|bàn|xem lại|tìm|sẽ|dời|bận|tên|"
    "xin|nhờ|quên|không biết|không thấy|không nhận|hông|hổng|tới|đến|ghé|ở"
)
# Nobody says these of somebody who is addressed as an elder of theirs and works behind a counter.
_OF_ELDERS: Final = "già|nỏ|ra đó|ra ngoài đó|lên đó|xuống đó|không rành|không biết|ngồi|đứng|lớn tuổi|nghe nói|có tuổi"
_ASKED_FOR: Final = "hỏi|xin|gặp|biết|đặt|mua|coi|xem|mượn|hẹn|thuê|lấy|gửi|gởi|nhờ|đổi|trả|rút|nộp|vay|sửa|huỷ|hủy"
_SOMEBODY_ELSE: Final = r"(?!\s+(?:ấy|ta|đó|kia|nào|sĩ|bảo vệ|nhân viên|thu ngân|kế toán|tài xế|shipper|thợ|quản lý))"
# Whoever calls us "cháu" or "con" is our elder; whoever says it of themselves is not.
_CALLS_US_YOUNG: Final = re.compile(
    r"(?:\b(?:chào|cảm ơn|cám ơn|nhờ) cháu\b|\bcháu (?:ơi|à|nờ|nha|nhé|nghe|hè|ạ)\b|"
    r"\bcháu (?:kiểm tra|xem|coi|giúp|giùm|nhớ|bán|cử|chỉ|nói|trả lời|gọi (?:cho|lại)|có biết|cho (?:bác|cô|chú|"
    r"ông|bà|dì|o|mệ|hỏi))\b|"
    r"\S (?<!bố )(?<!mẹ )(?<!ba )(?<!của )(?<!nhà )(?<!cho )(?<!giúp )(?<!con )(?<!các )cháu(?=\s*(?:[.,!?]|$)))",
    re.IGNORECASE,
)
_IS_YOUNG: Final = re.compile(
    r"\b(?:cho|bố|mẹ|ba|má|nhà|của|giúp|dạ) cháu\b|\bcháu (?:muốn|cần|bị|chào|xin|mua|đặt|hỏi|là|tên|chưa|không|"
    r"đang|cảm ơn)\b",
    re.IGNORECASE,
)
_AN_ELDER: Final = "bác"
_NAMES_PERSON: Final = (
    r"(?!\s+(?i:ấy|ta|đó|kia|nào|sĩ|bảo vệ|nhân viên|thu ngân|kế toán|tài xế|thợ|quản lý|bán|giao|lễ tân))"
)
# Bare vowels: without diacritics "co" may be "có" and "chu" may be "chữ", so only these readings are safe.
_PLAIN: Final = {"anh": "anh", "chi": "chị", "bac": "bác"}


_CAPITALS: Final = "".join(char for char in map(chr, range(ord("A"), 0x1EFA)) if char.isupper())


@dataclass(frozen=True, slots=True)
class Voice:
    """How to speak in one turn."""

    language: Language
    address: str

    @property
    def self_name(self) -> str:
        """What the assistant calls itself towards this customer: cháu to elders, else em."""
        return "cháu" if self.address in _ELDERS else "em"

    def words(self) -> dict[str, str]:
        """Return the placeholders of address that every text may use."""
        return {
            "you": self.address,
            "You": self.address[0].upper() + self.address[1:],
            "me": self.self_name,
            "Me": self.self_name.capitalize(),
        }


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
    if _CALLS_US_YOUNG.search(text) and not _IS_YOUNG.search(text):
        elders = [name for name in _ELDERS if _MENTIONS[name].search(text)]
        return max(elders, key=lambda name: (scores[name], name == _AN_ELDER)) if elders else _AN_ELDER
    best = max(scores, key=lambda name: scores[name])
    # "Cho em hỏi" is a courtesy of people of every age: who says it is no younger, and stays "anh/chị".
    return best if scores[best] >= 1 and best != _MODEST else None


def _strong(name: str) -> re.Pattern[str]:
    """Positions that mean the speaker beyond doubt: "cho bác hỏi", and at the head of a clause "bác muốn"."""
    own = f"{_OWN_VERB}|{_OF_ELDERS}" if name in _ELDERS else _OWN_VERB
    return re.compile(
        rf"\bcho {name} (?:{_ASKED_FOR})\b"
        rf"|(?:^|[.,!?;:\n]\s*|\b(?:dạ|ơi|à|ạ|mà|vì|nay|qua|thôi|để|vậy|thế|rồi|nhưng) ){name} (?:{own})\b",
        re.IGNORECASE,
    )


def _weak(name: str) -> re.Pattern[str]:
    """Positions that usually do. A name with a capital letter after it is somebody else, and so is "chị ấy"."""
    receiving = "của|giúp|giùm|dùm|gọi lại cho|gọi cho|báo cho|báo|nhắn|gửi cho|với"
    return re.compile(
        rf"(?i:\b(?:{receiving})\s+{name})\b{_SOMEBODY_ELSE}(?!\s+[{_CAPITALS}])(?!\s+(?i:ơi))"
        rf"|(?i:(?<!các )(?<!mấy )\b{name}\s+(?:muốn|cần|bị|định|chưa|vừa|mới|tính|để quên|đặt mua)\b)"
        # "Giữ cho anh 5 cái", "trả cọc lại cho anh": at the end, or before what is to be given.
        rf"|(?i:\bcho\s+{name})(?=\s*(?:[.,!?;]|$)|(?i:\s+(?:\d|nha|nhé|nhen|nghen|đi|với|luôn|cái|con|chiếc|bộ)\b))"
        rf"|(?i:\b(?:cái|con|chiếc|máy|đơn|hàng|nhà|xe)(?:\s+\w+)?\s+{name}\s+(?:mua|đặt|lấy|xài|dùng|đang|bị|gửi|"
        rf"gởi|qua|ở)\b)"
    )


_MENTIONS: Final = {
    name: re.compile(rf"(?i:\b{name})\b{_NAMES_PERSON}(?!\s+[{_CAPITALS}])(?!\s+(?i:ơi))") for name in _ELDERS
}
_POSITIONS: Final = {name: (_strong(name), _weak(name)) for name in (*_ELDERS, *_PEERS)}
_PLAIN_POSITIONS: Final = {
    bare: re.compile(
        rf"\bcho {bare} (?:hoi|xin|gap|biet|dat|mua|xem|coi)\b"
        rf"|(?:^|[.,!?] ?){bare} (?:muon|can|bi|dang|chua|vua|moi|da)\b"
    )
    for bare in _PLAIN
}
