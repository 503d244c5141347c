"""How a customer sounds, from words of anger, urgency and thanks, typed with or without diacritics.

Folding makes other words of some: "gặp" (meet) and "gấp" (urgent) are one when typed plainly, so each list says which
of its words may be recognised that way. Where no such word is said, signs count: capitals, exclamation marks, a cry,
haste. One alone means nothing, since many people type in capitals; two in one sentence are somebody in need.
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
        "đợi cả ngày|mất thời gian quá|mất thời gian của|"
        r"phí thời gian|bóc phốt|đăng lên mạng|khởi kiện|kiện ra toà|tẩy chay|khốn nạn|mất dạy|"
        "chán quá|quá chán|mệt mỏi với|(?:không|ko|k|hết) biết nói gì (?:luôn|nữa)|"
        "quá chậm|chậm quá|(?:trả lời|phục vụ|làm|xử lý) chậm|"
        "khó chịu|không hài lòng|khiếu nại|hết kiên nhẫn|(?:không|ko|k|chẳng|hông|chưa) (?:ai|thấy ai) (?:trả lời|"
        "nghe máy|gọi lại|giải quyết|bắt máy|hỗ trợ|phản hồi)|(?:gọi|nhắn|hỏi) mãi (?:không|ko|k|chẳng) (?:ai|thấy|"
        "được|nghe)|(?:bao nhiêu|mấy|chục|trăm) lần rồi|quá lắm rồi|mất niềm tin|vcl|clgt|dcm|đcm|đkm|angry|furious|"
        "unacceptable|ridiculous|terrible|horrible|scam|disappointed|the worst|fed up"
    ),
    Mood.URGENT: (
        "khẩn cấp|cấp bách|gấp lắm|gấp quá|rất gấp|gấp gấp|xử lý gấp|làm gấp|hỗ trợ gấp|ngay bây giờ|ngay lập tức|"
        "lập tức|càng sớm càng tốt|sớm nhất có thể|nguy hiểm|cấp cứu|chập điện|rò rỉ gas|không kịp nữa|sắp trễ|"
        "nhanh lên|mau lên|sốt ruột|nóng ruột|cứu (?:với|em với|tôi với|mình với|anh với|chị với)|"
        "urgent|urgently|asap|emergency|immediately|right now|right away|hurry"
    ),
    Mood.THANKFUL: "cảm ơn|cám ơn|biết ơn|đội ơn|thanks|thank you|thank|tks|thks",
}
# Recognised only with their diacritics: without, they are everyday words.
_ACCENTED: Final = {
    Mood.ANGRY: (
        "bực|giận|điên|quá đáng|kém quá|quá kém|chờ mãi|đợi mãi|chờ mòn|sẽ kiện|đi kiện|thưa kiện|láo|bố láo|vớ vẩn"
    ),
    Mood.URGENT: (
        r"gấp(?!\s+(?:đôi|ba|bốn|mấy|nhiều|gọn|lại|\d))|khẩn|cháy(?!\s+(?:hàng|máy|khét))|cháy khét|làm ngay|"
        "xử lý ngay|gọi ngay|khoá ngay|khóa ngay|giúp ngay|đến ngay"
    ),
}
_ASKED_AT_ONCE: Final = (
    r"(?:giúp|cứu|gọi|khoá|chặn|huỷ|dừng|xử lý|giải quyết|trả lời|hỗ trợ|kiểm tra|sửa|cử người|liên hệ)"
    r"(?: (?:tôi|em|mình|anh|chị|cô|chú|bác|tui|giùm|giúp|hộ|cho|lại|với|dùm|tiền|thẻ|người|nhà))"
    r"{0,3} ngay(?= *(?:$|[!.,?…\n]|đi|với|luôn|nha|nhé|ạ|giúp|cho)(?!\w))"
)
"""A thing to be done, and "ngay" (at once) at its end: typed plainly, "ngay" is also "ngày" (day), which goes on."""
_MARKS: Final = {Mood.ANGRY: "😡|😠|🤬|👿", Mood.URGENT: "🆘|🚨"}
_GLAD: Final = (
    r"cảm ơn|cám ơn|thanks?|thank you|tks|đẹp|tuyệt|thích|vui(?! lòng)|mừng|tốt quá|quá tốt|ngon|chào|hẹn gặp|hihi|"
    r"haha|hehe|kaka|wow|great|love|awesome|nice|perfect"
)
_GLAD_ACCENTED: Final = "mê|yêu|ưng|xịn|hay quá|rẻ quá|xinh"
"""Words of joy, those that are other words without diacritics apart: with them, capitals and cries are joy too."""
_CRY: Final = (
    "trời ơi|trời ạ|trời đất|giời ơi|ối giời|ối trời|hu ?hu|hic|chết rồi|chết mất|chết thật|toang rồi|làm ơn(?! cho)|"
    "xin hãy|van xin|omg|oh my god"
)
_PLEA: Final = "(?:giúp|cứu)(?: (?:tôi|em|mình|anh|chị|tui|giùm))? với|alo alo|please help|help me|help please"
_WHERE: Final = (
    r"(?<!lấy )(?<!cần )(?<!mất )(?:tiền|hàng|đơn|thẻ|đồ|thợ|quà|máy)(?: (?:hàng|của|hoàn|cọc|lương|lại|về|tôi|em|"
    r"mình|anh|chị|tui|con|cô|chú|bác)){0,4} đâu(?= *(?:$|[!?.…]|vậy|hả|thế))"
)
"""Where something is that was to have come."""
_HASTE: Final = (
    rf"nhanh (?:lên|giúp|với|đi)|luôn đi|sao (?:vẫn |mãi )?chưa|sao lâu|vẫn chưa|đâu rồi|{_WHERE}|hurry|quickly|still"
)
_HASTE_ACCENTED: Final = (
    r"mau|ngay(?! (?:cạnh|gần|chỗ|trong|từ|tại|ở|khi|sau|trước|đầu|cả|\d))|liền(?! (?:tay|kề|mạch))|tới (?:bao )?giờ"
)
_PRAISE: Final = (
    "hay (?:nhỉ|thật|ghê|ha)|giỏi (?:thật|nhỉ|ghê|quá|lắm|ha)|tuyệt|quý hoá|chuyên nghiệp|xuất sắc|đẳng cấp|"
    "tốt (?:thật|quá|ghê|nhỉ)|nhanh (?:thật|quá|ghê|nhỉ)|great|wonderful|amazing|brilliant|excellent|"
    "nice job|well done|bravo"
)
_SPAN: Final = r"(?:\d+|cả|mấy|hơn|gần|nửa)(?: \d+)? (?:ngày|tiếng|giờ|tuần|hôm|buổi|phút|tháng|năm)"
_FAILING: Final = (
    rf"giao(?: \w+){{0,2}} (?:trễ|chậm|sai|nhầm|thiếu)|(?:trễ|chậm|muộn) (?:hẹn|{_SPAN})|(?:chờ|đợi)(?: \w+){{0,2}} "
    rf"{_SPAN}|(?:hẹn|hứa|gọi|nhắn|đặt)(?: \w+){{0,5}} (?:không|ko|chưa|chẳng) (?:tới|đến|thấy|ai|giao|gọi|nghe|có)|"
    r"(?:đã|lại|là|bị) (?:hỏng|hư|lỗi|bể|vỡ)|(?:hỏng|hư) (?:luôn|ngay|rồi)|(?:không|ko|chẳng) (?:một )?ai(?: \w+)? "
    r"(?:nghe|trả|gọi|giúp|tới|đến|hỏi)|vẫn chưa (?:thấy|giao|xong|có|nhận|tới)|(?:days?|weeks?|hours?) late|"
    "late again|still (?:broken|waiting|not|no)|never (?:came|arrived|called)|broken"
)
_MADE_GOOD: Final = (
    "nhưng|tuy|dù|song|không sao|sửa|khắc phục|đền|bù|được (?:đổi|thay)|thay (?:mới|ngay)|lần này|giờ thì|cũng được|"
    "but|although|though|fixed|replaced|repaired"
)
"""What went wrong and was put right is told with real praise."""
_LOUD_WORDS: Final = 3
"""A product's name ("IPHONE 15 PRO MAX") is not a raised voice: most of the sentence has to be in capitals."""
_LOUD_SHARE: Final = 0.8
_SIGNS: Final = 2
_ABUSE: Final = r"đ\.m|lừa tao"
_ABUSE_ACCENTED: Final = (
    "đm|đmm|chúng mày|tụi mày|bọn mày|tụi bây|bọn bây|lừa (?:tôi|tui|em|mình|anh|chị|khách|gạt|bịp)"
)
_NOT: Final = re.compile(
    r"(?<!\w)(?:khong|ko|k|kh|hong|hok|chua|chang|dung|not|n't)(?:\s+(?:co|phai|he|bi|thay|cam thay|can|qua|den noi|"
    r"gi|la|very|so))*\s+$"
)


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)")


_PLAIN_PATTERNS: Final = {mood: _pattern(fold(words)) for mood, words in _BOTH.items()}
_ACCENTED_PATTERNS: Final = {mood: _pattern(words) for mood, words in _ACCENTED.items()}
_ABUSE_PATTERN: Final = _pattern(fold(_ABUSE))
_ABUSE_WRITTEN: Final = _pattern(_ABUSE_ACCENTED)
_AT_ONCE: Final = _pattern(fold(_ASKED_AT_ONCE))
_GLAD_PATTERN: Final = _pattern(fold(_GLAD))
_GLAD_WRITTEN: Final = _pattern(_GLAD_ACCENTED)
_CRY_PATTERN: Final = _pattern(fold(_CRY))
_PLEA_PATTERN: Final = _pattern(fold(_PLEA))
_HASTE_PATTERN: Final = _pattern(fold(_HASTE))
_HASTE_WRITTEN: Final = _pattern(_HASTE_ACCENTED)
_PRAISE_PATTERN: Final = _pattern(fold(_PRAISE))
_FAILING_PATTERN: Final = _pattern(fold(_FAILING))
_MADE_GOOD_PATTERN: Final = _pattern(fold(_MADE_GOOD))
_CRYING: Final = re.compile("😭|😱|😫|😩")


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


def is_ironic(text: str) -> bool:
    """Tell whether praise is said of what went wrong: "giao trễ 10 ngày, dịch vụ tuyệt vời thật đấy"."""
    plain = fold(clean(text))
    return _said(_FAILING_PATTERN, plain) and _said(_PRAISE_PATTERN, plain) and not _MADE_GOOD_PATTERN.search(plain)


def is_abusive(text: str) -> bool:
    """Tell whether somebody swears at the house, or calls it a cheat."""
    written = clean(text)
    return _said(_ABUSE_PATTERN, fold(written)) or _said(_ABUSE_WRITTEN, written.lower())


def _sounds(sentence: str, mood: Mood) -> bool:
    written = clean(sentence)
    plain = fold(written)
    marks = _MARKS.get(mood)
    if _said(_PLAIN_PATTERNS[mood], plain) or (marks is not None and re.search(marks, written)):
        return True
    if mood is Mood.ANGRY and (is_ironic(written) or is_abusive(written)):
        return True
    accented = _ACCENTED_PATTERNS.get(mood)
    if accented is not None and _said(accented, written.lower()):
        return True
    return mood is Mood.URGENT and (_said(_AT_ONCE, plain) or _in_need(written, plain))


def _in_need(written: str, plain: str) -> bool:
    """Tell whether several signs of distress stand in a sentence that says no word of it, nor one of joy."""
    lower = written.lower()
    if _GLAD_PATTERN.search(plain) or _GLAD_WRITTEN.search(lower):
        return False
    signs = (
        _loud(written),
        written.count("!") >= _SIGNS,
        _CRY_PATTERN.search(plain) or _CRYING.search(written),
        _PLEA_PATTERN.search(plain),
        _said(_HASTE_PATTERN, plain) or _said(_HASTE_WRITTEN, lower),
    )
    return sum(map(bool, signs)) >= _SIGNS


def _loud(written: str) -> bool:
    """Tell whether most of the words are in capitals; a code or a number is not a word."""
    words = [word for word in re.findall(r"[^\W\d_]+", written) if len(word) > 1]
    shouted = sum(word.isupper() for word in words)
    return len(words) >= _LOUD_WORDS and shouted >= _LOUD_SHARE * len(words)


def _said(pattern: re.Pattern[str], text: str) -> bool:
    """Tell whether one of the words stands in the text without a "not" before it."""
    return any(not _NOT.search(fold(text[: match.start()])) for match in pattern.finditer(text))
