r"""Does what a person told the customer leave them waiting for us, or is it the answer?

"Chờ em 5 phút", "em hỏi kế toán rồi báo lại anh": we owe more. "Chờ xíu là máy tự khởi động lại", "em chờ anh gửi ảnh":
we do not; the customer has the answer, or the next word. Phrases are in the language of `guard_match`, over the plain
words of `guard_words`: "chờ" and "cho" are both "cho", "đợi" is "doi", "nhận" is "take", a lone "a" is nothing.
"""

import re
from functools import lru_cache
from typing import Final

from bot.domain.guard_match import PhraseIndex, phrases, words_of
from bot.domain.guard_words import plain_words, sentences
from bot.domain.text import fold

_FOUND: Final = "thay|thi|la|roi|duoc|xong|co|con_|khong|da|het|dung|chua"
"""Behind "em kiểm tra" these tell what came of it."""

_NO_WAIT: Final = "da|phai|dung|khong|khoi|gui|noi|dua|chuyen|bao|danh|danh_|quay|giao|loi|nhan"
"""Behind these "cho em" asks nobody to wait: "đã chờ em", "đừng chờ em", "gửi cho em"."""

_NAMES: Final = {
    "ME": "em|toi|minh|con|ben em|ben toi|ben minh|chung em|chung toi",
    "THEM": "anh|chi|bac|ban|ong|quy khach|khach|minh",
    "MOMENT": (r"phut|giay|chut|xiu|ti|ty|lat|tieng|\d+p|\d+ gio|\d+ ngay|it hom|vai hom|(them|it|chut) thoi_? gian"),
    # How long without saying who is waited for: "chờ xíu", "đợi trong giây lát".
    "AWHILE": r"(trong|khoang|mot|it|vai|1|2|may|\d+|giay) ~1 (phut|giay|chut|xiu|ti|ty|lat|p)|chut|xiu|ti|ty|lat",
    "LATER": (
        "lat|chut|xiu|ti|ty nua|chieu|chieu nay|mai|sang_? mai|chieu mai|trua|tuan sau|dau_? gio|cuoi gio|hom sau|"
        "phut nua|gio nua|tieng nua"
    ),
    "COLLEAGUE": (
        "ke toan|kho|ky thuat|sep|quan ly|ben|bo phan|phong|lai|nha may|hang|cap tren|dong nghiep|ngan hang|giam doc_?|"
        "chuyen vien|ban quan ly|thu ngan|le tan_?|kinh doanh|ban hang|truong phong|to|doi_? tac|don vi|tho|shipper"
    ),
    "CHECK": (
        "kiem tra|check|xem lai|xem giup|xem thu|xem|tra cuu|tra lai|tim hieu|tim|ra soat|xac minh|doi_? chieu|"
        "xin y kien_?|lam ro|theo doi_?|trao doi_?|(hoi|lien he|goi|nho) ~1 COLLEAGUE"
    ),
    "TELL": "bao|goi|nhan|tra loi|phan hoi_?|lien he|cap nhat|thong bao|inbox|lien lac|rep|feedback|call",
    "WILL": "se|xin phep|xin|di|ra|vao|can|phai|lien|ngay|dang|nay|da",
    "WAIT": "cho|doi",
    "REACH": "kiem tra|check|tra cuu|tim|ra soat|xac minh|doi_? chieu|xem lai|(hoi|goi) COLLEAGUE|lay thong tin",
    "DEVICE": "rut|cam|bat|tat|khoi dong|bam|nhap|sac|reset|tai lai|dang nhap|dang xuat|cai lai|go",
    "IWILL": "ill|i will|we will|well|im going to|i am going to|let me|i need to|we need to|i have to",
    "LOOK": (
        "check|ask|look|find|confirm|verify|see|investigate|get back|come back|let you know|call you|update you|"
        "follow up|contact you|speak|talk|email you|write you|reply|consult|double check"
    ),
    "WHILE": "minute|minutes|moment|moments|sec|secs|second|seconds|bit|min|mins|hour|hours|while|day|days|time",
}

# Whoever says so asks the customer by name to wait for us.
_WAIT_FOR_US: Final = phrases(
    rf"""
    -({_NO_WAIT}) WAIT ME ~3!(so|ma|la|ghi|xem) MOMENT
    -({_NO_WAIT}) WAIT ME [ti|chut|xiu] [di|xin phep] REACH
    -(da) WAIT may ME
    -(da) WAIT [giup|ho] ME $
    -(da) WAIT [giup|ho] ME (nhe|nha)
    giu may [giup|nhe|nha|cho|ME]
    give (me|us) ~3 WHILE
    (just|one|hang on|hold on|bear with) (moment|minute|sec|second|me|us)
    (hold|hang) on
    """,
    _NAMES,
)

# We say what we do next for them. It does not count where the customer has to do something first.
_WE_COME_BACK: Final = phrases(
    rf"""
    -(gian) WAIT AWHILE $
    WAIT AWHILE (nhe|nha|giup|nhen) !(may|app|he thong|trang|no|thiet bi|roi|la)
    WAIT AWHILE [nhe|nha|de|roi|thi|cho] ME ~3 (CHECK|TELL)
    WAIT [giup|ho] ME ~2 (CHECK|TELL)
    de ME [WILL] [lai] (CHECK|TELL|hoi|chuyen|lam viec|lam|trinh|nho|xu ly|ho tro|xac nhan|xac take) !(ro|lai roi)
    ME [WILL] [WILL] CHECK ~8 (roi|xong|va|xong se|co gi|sau do) ~3!(da|don|hang) TELL
    ME [se|xin phep|dang|di|can|phai|vao|ra] [di|vao|ra|xin phep] CHECK ~4!({_FOUND}|mien) $
    ME [di] (CHECK|tra) da [nhe|nha] $
    ME se cho THEM (cau_? tra loi|ket qua)
    ME (se|lat|chieu|mai|lat nua) ~3 TELL !(truoc khi|khi giao|truoc luc)
    -(da|vua|moi|co|the) ME ~2!(da|vua|moi|co|khong|chua|can|muon|phai) TELL lai !(luc|hom|khong|nhung|ma|may)
    LATER [nua] ME ~2!(da|vua|moi) (TELL|gui|kiem tra|check|hoi|xem|lam viec)
    ME ~2!(da|vua|moi|co|khong|chua) TELL ~3 (sau|ngay khi|khi co|khi nao co|trong hom nay|trong ngay) !(khi giao)
    ME ~2!(da|vua|moi|co|khong|chua) TELL [lai|ket qua] [cho] THEM (truoc|luc|ngay|trong|lien|som|sau) !(do|khi giao)
    (khi|ngay khi|khi nao|co|xong|luc nao) ~5!({_FOUND}|anh|chi|bac|ban) ME [se|lien|moi] TELL !(em|lai luc)
    ME dang (CHECK|hoi|xu ly|lien he|tra|lam|giai quyet|goi|giuc)
    ME dang WAIT !(THEM|tin|thong tin (cua|tu)|phan hoi_? (cua|tu) THEM)
    COLLEAGUE se [som] TELL !(truoc khi|khi giao)
    (vui long|xin|xin vui long|mong) ~2 WAIT ~3!(den|toi|khi|may|roi) (lat|chut|phut|giay)
    IWILL ~2 LOOK !(if you)
    (get|come|be) back to you
    (will|shall) ~1 (let you know|call you|contact you|update you|email you|reply|write to you|be in touch)
    (im|i am|we are|were|currently) ~1 (checking|asking|looking|verifying|investigating|confirming|working on)
    (im|i am|we are|still) ~1 waiting [for|on] !(you|your|for)
    please (wait|hold) $
    need ~2 WHILE to
    can you wait
    wait ~2!(and|until|then) (moment|sec|second) $
    checking ~3 (now|with|for you)
    """,
    _NAMES,
)

# The customer has the next word, or has been told what to do.
_YOUR_TURN: Final = phrases(
    r"""
    (em|toi|minh|ben em|ben minh) [dang|van|se] WAIT (THEM !(cau|ket qua)|tin|hinh|anh_)
    (em|toi|minh|ben em|ben minh) [dang|van|se] WAIT (thong tin|phan hoi_?) (cua|tu)
    (gui|chup|quay|cung cap|doc|dien|dua|inbox) [lai|giup|ho|gium] [cho|qua|lai] (em|toi|ben em|ben minh|con)
    (kiem tra|xac nhan|xac take|xem|thu|nhap|chon|check|bam|bat|tat|mo|nhan|bao|goi) [lai|thu] (giup|ho|cho) (em|con)
    (gui|chup|quay|cung cap) ~3 (giup|ho|gium|cho) (em|toi|ben em|con)
    cho (em|toi|ben em|con|minh) (xin|biet|hoi|xem) !(y kien_?|lai|them|phut|chut|xiu|it|vai|mot|\d+|COLLEAGUE)
    -(em|toi|minh|da|vua|se|de|tu|tho|thuat) DEVICE ~8 (lai|nguon|dien|may|app|nut|phim|pin|mang|ung dung|mat khau)
    (can|could|would|will) you ~2 (send|share|tell|give|provide|confirm|check|try|describe)
    please ~1 (send|share|provide|tell|try|check|confirm|restart|describe)
    send (me|us)
    waiting for (you|your)
    (restart|reboot|unplug|reinstall|log out|switch off|turn off)
    """,
    _NAMES,
)

# What one says at the end of an answer: it speaks of a need that is not there.
_COURTESY: Final = phrases(
    r"""
    (co gi|can gi|khi can|neu|thac mac|van de gi|luc nao) ~6 THEM ~2 (TELL|hoi|alo)
    (neu|khi) (anh|chi|bac|ban|quy khach) ~2 (can|muon|dong y|chot|ok|gui|nhan|xac nhan|chuyen|dat)
    let (me|us) know if
    if (you|there)
    """,
    _NAMES,
)

_KINDS: Final = (_WAIT_FOR_US, _WE_COME_BACK, _YOUR_TURN, _COURTESY)
_INDEXES: Final = tuple(PhraseIndex([kind]) for kind in _KINDS)
_VOCABULARY: Final = frozenset().union(*map(words_of, _KINDS))

_MINUTES: Final = re.compile(
    r"\b(?:(?P<n>\d{1,2})|(?P<word>mot|hai|ba|bon|nam|bay|tam|muoi|muoi lam|hai muoi|ba muoi))"
    r" ?(?:phut|ph|p|min|mins|minutes?)\b"
    r"|\b(?P<half>nua (?:tieng|gio)|half an hour)\b"
)
_NUMBERS: Final = {"mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "bay": 7, "tam": 8, "muoi": 10} | {
    "muoi lam": 15,
    "hai muoi": 20,
    "ba muoi": 30,
}


@lru_cache(maxsize=64)
def owes_more(text: str) -> bool:
    """Tell whether a person who said this to a customer still owes them an answer.

    A request to wait for us always does. What we announce does unless the customer was asked for something first.
    Replies that are sent again and again are read once.
    """
    wait_for_us, we_come_back, your_turn, courtesy = _INDEXES
    theirs = False
    for sentence in sentences(text):
        words = plain_words(sentence, _VOCABULARY)
        theirs = theirs or your_turn.first_kind(words) is not None
        if wait_for_us.first_kind(words) is not None:
            return True
        if not theirs and we_come_back.first_kind(words) is not None and courtesy.first_kind(words) is None:
            return True
    return False


def minutes_asked(text: str) -> int | None:
    """Return how many minutes a person asked the customer for: of "5–10 phút" the ten; ``None`` where they say none."""
    holding = [fold(one) for one in sentences(text) if owes_more(one)]
    found = [match for one in holding for match in _MINUTES.finditer(one)]
    return max((30 if one["half"] else int(one["n"] or _NUMBERS[one["word"]]) for one in found), default=None) or None
