"""What customers say about a case that is open: how long still, hurry up, never mind, changed my mind.

Such messages are short and name nothing, so a model of whole sentences takes them for many things; what they mean
follows from the open case. Patterns run over a folded line (`lexicon.line`) of bounded length.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from actions.lexicon import Signal, line, wants_person

_LONGEST: Final = 12
"""Words of a message that may speak of nothing but the case."""
_SHORT: Final = 8
_PROTEST: Final = 25

_NOT: Final = r"(?:khong|ko|k|kg|hong|hok|hong|chang|thoi|khoi)"
_WHO: Final = r"(?:anh|chi|em|co|bac|chu|di|ong|ba|minh|toi|tui|con|chau|shop|ad|admin|a|c|e|ban)"
_TAIL: Final = rf"(?: (?:{_WHO}|oi|a|ak|nha|nhe|nhen|nghen|vay|the|z|ha|nhi|roi|nua|di|voi|luon|please|now|yet))*"

_WITHDRAWS: Final = re.compile(
    rf"\b(?:{_NOT} (?:can|muon|phai|lam|goi|hen|gap|lay|doi|xuat|dat|sua|nho|gui|giao)(?: \w+){{0,4}} nua|"
    rf"(?:khoi|thoi khoi|thoi khong|thoi ko)(?: (?:can|phai|lam|goi|xuat|sua|gui))(?: \w+){{0,4}}{_TAIL}$|"
    r"(?:huy|dong|bo|rut)(?: (?:giup|gium|dum|ho|luon|cai|em|anh|chi))* (?:phieu|yeu cau|ticket|lich|hen|cuoc hen)|"
    r"(?:tim|kiem) (?:thay|duoc|ra) roi|tu (?:lam|xu ly|sua|giai quyet)(?: duoc| xong)? roi|het (?:loi|bi|hu) roi|"
    r"(?:don t|do not|dont) need (?:\w+ ){0,3}(?:any ?more|now)|no longer need|"
    r"cancel (?:it|this|that|(?:my|the) (?:request|case|ticket))|i (?:have |ve )?(?:found|solved|fixed) (?:it|the \w+)|"
    r"(?:it )?(?:works|is working|is solved|is fixed) now|problem (?:is )?solved|never ?mind(?: about)?(?: \w+){0,3}$)"
)
_CHANGES_MIND: Final = re.compile(
    r"\b(?:doi y|nghi lai|van (?:lam|can|muon|giu|xuat|goi|dat|sua)(?: \w+){0,4} (?:nhe|nha|di|giup|gium|cho)|"
    r"chang(?:ed|e) my mind|still (?:want|need) it|after all|go ahead with it)\b"
)
_ONE_WAITS: Final = re.compile(
    rf"(?:(?:da|vang|u|uh|ok|oke|roi|the|vay|thoi|de|thi|a) )*(?:{_WHO} )?(?:se |van |dang |cu )?"
    rf"(?:doi|cho)(?: (?:duoc|dc|cung duoc|ti|chut|xiu|them|noi|tin|thoi))*{_TAIL}|"
    r"(?:ok )?(?:i ll|i will|i can|i am|i m) (?:just |still )?wait(?:ing)?(?: then| here)?|take your time"
)
_POSITION: Final = re.compile(
    r"\b(?:(?:con|truoc|cho|doi)(?: \w+){0,3} (?:may|bao nhieu) (?:nguoi|ng|phieu|so|khach)|"
    r"(?:may|bao nhieu) (?:nguoi|ng|phieu|khach)(?: \w+){0,2} (?:nua|truoc|dang cho|cho)|"
    r"(?:dung|xep|la|so|thu tu)(?: \w+)? thu may|so may roi|thu tu (?:may|bao nhieu)|(?:toi|den) luot|"
    r"how many (?:\w+ ){0,3}(?:before|ahead|in front|in line|in the queue|waiting)|"
    r"(?:place|position|number) in (?:the )?(?:queue|line)|my turn)\b"
)
_NUMBER: Final = re.compile(
    r"(?<!lay )(?<!boc )(?<!rut )\b(?:so thu tu|stt)(?: \w+){0,4} (?:may|bao nhieu|toi|tui|minh|em|anh|chi)\b|"
    r"\bmy (?:queue|ticket) number\b"
)
_HOW_FAR: Final = re.compile(
    rf"(?:\w+ ){{1,5}}chua{_TAIL}|"
    r"(?:(?:vay|the|roi|ma|a|em oi|shop oi|khoang|con) )*"
    r"(?:khi nao|bao gio|chung nao|bao lau|may gio|luc nao|may ngay|may hom|bua nao|hom nao)"
    r"(?: \w+){0,6}|(?:\w+ ){0,3}(?:lau nua|lau roi|lau qua|qua lau)(?: \w+){0,3}|"
    rf"(?:\w+ )?sao(?: \w+)? (?:chua|khong|ko|chang)(?: \w+){{0,6}}|(?:\w+ ){{0,3}}(?:toi|den) dau roi{_TAIL}|"
    rf"(?:\w+ ){{0,2}}(?:sao|the nao) roi{_TAIL}|(?:\w+ ){{0,2}}(?:gio|bay gio) (?:sao|the nao){_TAIL}|"
    r"is (?:it|my \w+|that) (?:\w+ )?(?:done|ready|blocked|fixed|finished|solved|cancelled)(?: yet| now)?|"
    r"(?:done|finished|ready|any (?:news|updates?))(?: yet)?|"
    r"what (?:happens|is happening|s happening|is next|s next|now)(?: now| next)?|"
    r"(?:and )?(?:when|how soon) (?:will|can|do|would|is)(?: \w+){1,7}|(?:and )?how (?:much )?long(?:er)?(?: \w+){0,7}|"
    r"why (?:has|is|does|did|are|have|hasn t|isn t)(?: \w+){1,7}|(?:still waiting|so slow|taking so long)(?: \w+){0,3}"
)
_CLOSED: Final = re.compile(
    r"\b(?:(?:sao|ma|noi|bao(?! gio| lau| nhieu))(?: (?!bao|khi|chung|luc|may)\w+){0,2} "
    r"(?:xong(?! chua| chu)|dong phieu|dong roi|hoan tat|ket thuc)|"
    r"(?:goi|tinh|coi) la xong|xong (?:gi|cai gi|dau|hoi nao|kieu gi|that)|"
    r"dong phieu(?: \w+)? (?:roi|ha|h|som|vay|la sao)|"
    r"why (?:is|did|was|do) (?:it|this|you|my case)(?: \w+){0,2} (?:closed?|done)|"
    r"(?:it|that|this) (?:is|s|was) not (?:done|over|finished)|not done(?: yet)?)\b"
)
_COMERS: Final = r"(?:tho|nguoi|nhan vien|nv|shipper|ky thuat)"
_AWAITED: Final = rf"(?:{_COMERS}|hang|tien|don|hoa don|bao gia|ma|xe)"
_UNDONE: Final = re.compile(
    r"\b(?:chua(?: \w+)? (?:lam|xu ly|giai quyet|sua|tra loi|duoc|dc|dk|nhan|nhan duoc|thay|nghe|co)"
    rf"(?: \w+)? (?:gi|chi|ai|het|do|{_AWAITED})|"
    rf"{_AWAITED}(?: \w+){{0,2}} "
    r"(?:chua|(?:khong|ko|k) thay|(?:mai|hoai)(?: ma| van)? (?:khong|ko|k|chang)|(?<!o )dau(?: ma)? co)"
    r"(?: \w+)? (?:toi|den|giao|goi|ve|hoan|co|nhan|lam|gui|ghe|qua|vo|vao)|"
    rf"{_COMERS}(?: \w+)? (?:khong|ko|k|chang) (?:toi|den|ghe)(?! duoc| dc)|"
    rf"(?:co|da) (?:thay )?(?:ai|{_COMERS}) (?:goi|tra loi|lam|toi|den|lien he|sua|qua|gui|giao)(?: \w+){{0,2}} dau|"
    rf"{_AWAITED}(?: \w+)? co (?:thay )?(?:toi|den|giao|goi|gui|ghe|qua|ve)(?: (?:toi|den|nha))? dau(?! roi)|"
    r"(?:khong|ko|k|chua) (?:thay )?ai (?:goi|tra loi|lam|toi|den|lien he|xu ly|noi|nhan)|"
    r"(?:co|da) (?:lam|sua|xu ly|giai quyet|nhan)(?: duoc| dc)? (?:gi|chi) (?:dau|dau ma)|"
    r"(?:nothing|nobody) (?:has|was|is|came|called|happened)|never (?:came|arrived|called|sent|showed up)|"
    r"(?:have|did|has) ?n[o ]?t (?:received|got|heard|come|called|done)(?: \w+)?)\b"
)
_MATTER: Final = Signal.of("hoa don|tien|don|bao gia|tai khoan|invoice|quote|money|refund|order|card", "mã|thẻ")
"""What is awaited and is a matter by itself: "hoá đơn chưa gửi"; "mà" and "thế" fold like two of them."""
_CODE: Final = re.compile(r"\b[a-z]{2,4}\d{3,}\b")
_OF_WAITING: Final = re.compile(r"\b(?:sao|ua|ca|tu|doi|hen|van|hoai|nha|het|dau|noi|vi|still|but|technician|has)\b")
_WHERE: Final = re.compile(r"\b(?:dau|sao|chua|where|when|why|is)\b")
_HURRY: Final = re.compile(
    rf"(?:(?:lam|xu ly|tra loi|cho|{_WHO}|oi|lam on|vui long) )*(?:that )?"
    r"(?:nhanh|le|gap(?! (?:anh|chi|co|ong|ba) (?!oi)\w+)|mau|som|khan truong|tranh thu)(?: \w+){0,5}|"
    r"(?:please |pls |plz )?(?:hurry|be quick|quickly|asap|as soon as possible|urgent(?:ly)?)(?: \w+){0,3}|"
    r"it (?:s|is) urgent"
)
_INTRODUCES: Final = re.compile(
    rf"(?:(?:da|a|vang|thi) )*(?:(?:{_WHO}) )?(?:ten (?:la |cua )?|(?:ten )?(?:cong ty|cty|doanh nghiep|ben cong ty)\b|"
    r"(?:my name|the company|our company|company name)|i am from|from company)(?: ?\w+)*"
)
_LIVES: Final = re.compile(
    rf"(?:(?:da|a|nha) )*(?:{_WHO} (?:nha )?o (?!dau)|(?:nha o|quan|huyen|phuong|xa|thanh pho|tp|tinh|so nha) )"
    r"\w+(?: \w+){0,4}"
)
_HAS_APPOINTMENT: Final = re.compile(
    r"\b(?:da |co )?hen (?:truoc )?roi\b|\bco hen (?:truoc|voi)\b|have an appointment with"
)
_EXPLAINS: Final = re.compile(
    r"(?:(?:da|a|thi|la|vang) )*(?:ly do|tai vi|boi vi|vi|tai|do la|because|the reason|ve|about|regarding)\b"
)
_EMPTY: Final = re.compile(
    rf"\b(?:{_WHO}|da|vang|a|ak|oi|thi|la|ma|roi|nha|nhe|nhen|nghen|di|voi|luon|vay|the|z|ha|nhi|nua|day|do|nay|kia|"
    r"ay|no|cai|con|chiec|so|mau|loai|don|don hang|ma don|order|o|tren|duoi|trong|ngoai|trong vong|cua|cho|can|muon|"
    r"duoc|dc|khong|ko|k|giup|gium|dum|buoi|chieu|sang|trua|toi|dem|mai|thoi|tuan|thang|ngay|gio|phut|"
    r"ho|sua|lam|xem|coi|goi|gui|bao|xong|kiem tra|xu ly|giai quyet|truoc|sau|luc|hom|bua|qua|mot|hai|ba|va|nhung|moi|"
    r"bi|dang|se|da|vua|hoi|nhan|lay|tang|lau|phong|quay|it is|is|the|on|in|at|by|my|i|it|that|this|please|need|want|"
    r"tell|her|him|them|you|to|and|for|a|number|no)\b"
)


def withdraws(text: str) -> bool:
    """Tell whether the customer no longer wants what the case is about: "thôi không cần nữa em"."""
    return _short(text, _LONGEST) and _WITHDRAWS.search(line(text)) is not None and not says_closed(text)


def changes_mind(text: str) -> bool:
    """Tell whether the customer wants it otherwise than before: "đổi ý rồi", "vẫn làm giúp chị nhé"."""
    return _short(text, _LONGEST) and _CHANGES_MIND.search(line(text)) is not None


def waits_patiently(text: str) -> bool:
    """Tell whether the whole message says that the customer waits: "ok chị đợi nhé"."""
    return _short(text, _SHORT) and _ONE_WAITS.fullmatch(line(text)) is not None


def asks_position(text: str) -> bool:
    """Tell whether the customer asks how many are before them."""
    return _short(text, _LONGEST) and _POSITION.search(line(text)) is not None


def asks_number(text: str) -> bool:
    """Tell whether the customer asks for the number of their own case in the queue; at a counter one draws another."""
    return _short(text, _LONGEST) and _NUMBER.search(line(text)) is not None


def asks_how_far(text: str) -> bool:
    """Tell whether a short message asks how it stands or how long it takes, whatever it is: "đã khoá chưa em"."""
    return _short(text, _SHORT) and _HOW_FAR.fullmatch(line(text)) is not None


def says_closed(text: str) -> bool:
    """Tell whether the customer protests against the end of a case: "sao xong?", "đóng phiếu rồi hả"."""
    return _short(text, _PROTEST) and _CLOSED.search(line(text)) is not None


def says_undone(text: str) -> bool:
    """Tell whether the customer says that nothing was done, or nobody came: "chưa được gì hết", "thợ chưa tới mà"."""
    return _short(text, _PROTEST) and _UNDONE.search(line(text)) is not None


def names_code(text: str) -> bool:
    """Tell whether something is named by a code, also one that is too short for an order: "DH999"."""
    return _CODE.search(line(text)) is not None


def names_no_matter(text: str) -> bool:
    """Tell whether such words say no more than that, so that they fit whatever was to be done: "thợ chưa tới mà"."""
    if names_code(text) or _MATTER.found(text):
        return False
    return names_nothing(_OF_WAITING.sub(" ", _UNDONE.sub(" ", line(text))))


def asks_where(text: str) -> bool:
    """Tell whether a message asks where somebody is or what keeps them."""
    return _short(text, _LONGEST) and _WHERE.search(line(text)) is not None


def hurries(text: str) -> bool:
    """Tell whether a short message does nothing but hurry: "nhanh giúp anh với", "please hurry".

    "Gặp" and "gấp" fold alike, so whoever asks for a person is not in a hurry.
    """
    if "gặp" in unicodedata.normalize("NFC", text).lower() or wants_person(text):
        return False
    return _short(text, _SHORT) and _HURRY.fullmatch(line(text)) is not None


def introduces(text: str) -> bool:
    """Tell whether the customer says who they are, or has been expected: names, companies, "anh hẹn rồi"."""
    flat = line(text)
    return (
        _short(text, _LONGEST)
        and (_INTRODUCES.fullmatch(flat) or _LIVES.fullmatch(flat) or _HAS_APPOINTMENT.search(flat)) is not None
    )


def explains(text: str) -> bool:
    """Tell whether a message begins as a reason or a subject of something said before: "lý do là", "về cái tivi"."""
    return _EXPLAINS.match(line(text)) is not None


def names_nothing(text: str, but: int = 1) -> bool:
    """Tell whether hardly a word is left that could be a subject of its own: "cái màu đỏ", "trước 5h chiều".

    `but` words are let pass, as a colour or a verb alone is no need yet.
    """
    return len(re.sub(r"\b\w*\d\w*\b", " ", _EMPTY.sub(" ", line(text))).split()) <= but


def _short(text: str, most: int) -> bool:
    return 0 < len(line(text).split()) <= most
