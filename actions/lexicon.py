"""Short closed lists that a conversation turns on: yes, no, stop, danger, haste, anger.

Understanding is the engine's business. These lists serve where a model of whole sentences has nothing to go on, such as
a bare "ừ" after a question of ours, and where missing a word would be worse than a false alarm.

Many words meet when their diacritics are gone ("chờ cả tiếng", "cho cả nhà"), so a signal has two patterns: one that
may trust diacritics, for text that has them, and a narrower one for text typed without.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from bot.domain.company import Priority
from bot.domain.moods import is_abusive, is_ironic
from bot.domain.text import fold

_LONGEST_LINE: Final = 8
"""Words of a message that may count as a mere yes or no; the patterns backtrack, so it also bounds the work."""


@dataclass(frozen=True, slots=True)
class Signal:
    """Words to look for: `marked` in text with diacritics, `plain` in any text after folding."""

    plain: re.Pattern[str]
    marked: re.Pattern[str]

    @classmethod
    def of(cls, plain: str, marked: str = "(?!)") -> Signal:
        """Return the whole words that one of the patterns matches."""
        return cls(re.compile(rf"\b(?:{plain})\b"), re.compile(rf"\b(?:{marked})\b"))

    def found(self, text: str) -> bool:
        """Tell whether the message has one of the words."""
        return bool(self.plain.search(fold(text)) or self.marked.search(unicodedata.normalize("NFC", text).lower()))


_LONGEST_PAUSE: Final = 12

_FILLERS: Final = (
    r"(?:da|vang|a|ak|nha|nhe|di|em|anh|chi|co|bac|chu|minh|toi|con|chau|shop|oi|voi|luon|thi|ban|ad|admin|"
    r"please|thank you|"
    r"thanks|cam on|giup|gium|dum|the|vay|z|nua|dau)"
)
_YES: Final = (
    r"(?:co|u|uh|uhm|um|uk|ukm|ok|oke|oki+|okie|okay|okela|okla|uki|duoc|dc|dong y|dung|"
    r"dung roi|phai|chuan|yes|yep|yeah|sure|y|"
    r"noi di|noi may|noi may di|gap di|goi di|chuyen di|chuyen may|lam di|duoc do|the cung duoc|vay cung duoc|"
    r"tot|nhat tri|co chu|"
    r"please do|go ahead|vang|da)"
)
_NO: Final = (
    r"(?:khong|ko|k|kg|hong|hok|khong can|ko can|k can|khoi|khoi can|thoi|no|nope|nah|de sau|luc khac|khong "
    r"phai|sai roi|"
    r"khong dung|not now|no need|bo qua|de hoi sau|thoi duoc roi)"
)
_YES_LINE: Final = re.compile(rf"(?:{_FILLERS} )*{_YES}(?: (?:{_FILLERS}|{_YES}))*")
_YES_HEAD: Final = re.compile(
    r"(?:(?:da|vang|a|roi|the|vay|thi) )*(?:u|uh|uhm|um|uk|ok|oke|oki+|okie|okay|duoc|dc|dong y|dung|yes|yep|yeah|sure|"
    r"please|vang|phai|noi may|noi|gap|goi|ket noi|chuyen may|nho em|co)\b"
)
_DENIAL: Final = re.compile(r"\b(?:khong|ko|k|kg|hong|hok|chua|thoi|khoi|dung co|not|no|don t)\b")
_NO_LINE: Final = re.compile(rf"(?:{_FILLERS} )*{_NO}(?: (?:{_FILLERS}|{_NO}))*")
_THANKS_LINE: Final = re.compile(
    rf"(?:(?:{_FILLERS}|ok|oke|duoc roi|roi) )*(?:cam on|cam un|thank you|thanks|thank|tks|thks|many thanks)"
    rf"(?: (?:{_FILLERS}|nhieu|lam|rat|so much|very much|a lot))*"
)
_ACCEPTS: Final = re.compile(
    r"\b(?:da|vang|u|uh|uhm|um|uk|co|dong y|yes|yep|yeah|sure|please|noi|gap|goi|chuyen|giup|gium|dum)\b"
)
_NO_MORE: Final = re.compile(
    r"\b(?:thoi|khoi|(?:khong|ko|k|hong) can|no need|no thanks|not now|bo qua|de sau|luc khac)\b"
)
_CALL: Final = Signal.of(
    r"goi|alo|a lo|dien (?:lai|cho|thoai cho)|lien (?:he|lac)|goi dien|phone me|call|ring me|contact me|callback"
)
_HOW_LONG: Final = re.compile(
    rf"(?:(?:{_FILLERS}|oi|troi|sao|ma|gi|qua|cho|doi|toi|den) )*"
    r"(?:lau (?:the|vay|qua|du|ghe|roi|du vay|zay)|lau|bao gio (?:thi )?(?:xong|co|duoc|moi xong|moi co)|"
    r"(?:khi nao|chung nao|bao lau nua) ?(?:thi |moi )?(?:xong|co|duoc)?|(?:may gio|hom nao) (?:thi |moi )?xong|"
    r"(?:toi|den) dau roi|xong chua|sao roi|van chua xong|how (?:much )?long(?:er)?|still waiting|when will it be done|"
    r"(?:what is )?taking so long|so slow)"
    rf"(?: (?:{_FILLERS}|vay|the|troi|qua|roi|ha|ta|nhi|xong|duoc))*"
)
_STILL_WRONG: Final = Signal.of(
    r"(?:van|lai) (?:chua|con|bi|khong|ko|k|sai|loi|hong|hu|nhu cu|the|vay)|chua (?:on|xong|duoc|dung|giai quyet)|"
    r"khong (?:on|dung|dc|duoc gi)|sai (?:roi|nua)|mo lai (?:phieu|giup|gium|di)|still (?:not|wrong|broken|the same)|"
    r"not (?:fixed|resolved|right|solved)|reopen"
)
_STOP: Final = Signal.of(
    r"^thoi|thoi khoi|khoi dat|khong dat nua|khong hen nua|(?:khong|ko) can nua|thoi (?:khong|ko)|huy di|huy "
    r"nha|de sau|de khi khac|"
    r"khong lam nua|dung lai|thoi bo|bo di|never ?mind|forget it|cancel that|stop"
)
_LATER: Final = Signal.of(
    r"de (?:\w+ ){0,2}(?:suy nghi|nghi (?:them|lai|da)|can nhac|tham khao|ban (?:voi|lai|bac)|tinh (?:lai|da)|"
    r"hoi (?:lai|y kien|chong|vo|con|ba|me|nha|ong|gia dinh)|(?:xem|coi) (?:lai|da|sao|the nao|cai da))|"
    r"(?:ghe|qua|len|toi) (?:thang |tan )?(?:cua hang|shop|tiem|showroom|noi|tan noi)(?: \w+){0,2} (?:xem|coi|da)|"
    r"(?:i ll|i will|let me|need to) (?:think|talk (?:to|with) my|ask my|check with|get back)|"
    r"think (?:about it|it over)|maybe later|not today|get back to you"
)
_PERSON: Final = Signal.of(
    r"noi may|ket noi (?:di|giup|gium|luon|cho|may)|gap (?:nguoi|ng|nhan vien|nv|ai do|tu van vien)|nguoi that|"
    r"cho gap|goi nguoi|who (?:should|can|do) i (?:talk|speak) to|"
    r"real person|human|connect me|talk to (?:someone|somebody|a person)"
)
_RESUME: Final = Signal.of(
    r"lam tiep|tiep tuc|tiep di|quay lai viec luc nay|viec luc nay|lich luc nay|"
    r"(?:a|ma) thoi (?:dat|lam|goi) (?:di|luon|nha)|go on|continue|resume"
)
_UNKNOWN: Final = Signal.of(
    r"(?:khong|ko|k|hong|hok) (?:nho|co|biet|ro|con|giu)|quen roi|quen mat|mat roi|don'?t (?:know|remember|"
    r"have)|no idea|"
    r"forgot|not sure|i lost"
)
_LACKS: Final = re.compile(
    r"\b(?:(?:khong|ko|k|hong|hok|chang) (?:con )?(?:nho|biet|co|con|giu|thay)|quen|mat|"
    r"don t (?:know|have|remember)|forgot|lost)"
    r"(?: (?:cai|roi|my|the|cua|luon|mat|mot|any))* (?:ma|so|order|number)\b"
)
_CALLS_FOR: Final = re.compile(
    r"\b(?:(?:cho|muon|can|xin)(?: \w+)? (?:gap|noi chuyen voi)|noi may|ket noi(?: \w+)? voi|"
    r"(?:goi|nho|keu|cho)(?: \w+)? (?:nhan vien|nv|tu van vien|nguoi)(?: \w+){0,3} "
    r"(?:tu van|ho tro|noi chuyen|giup|gap|lien he|ra)|"
    r"(?:talk|speak) (?:to|with) (?:someone|somebody|a (?:real )?(?:person|human|colleague|salesperson))|connect me)\b"
)
_MEET_ONE: Final = r"(?:gap|noi chuyen voi) (?:nguoi that|nguoi|nhan vien|nv|tu van vien|ai do)"
_HAVING_MET: Final = r"(?<!toi )(?<!minh )(?<!tui )(?<!anh )(?<!chi )(?<!da )(?<!vua )(?<!khong )(?<!chua )(?<!hay )"
_CALLS_BRIEFLY: Final = re.compile(
    rf"(?:^|[,.;:!?\n])\W*(?:(?:da|a|oi|thoi|thi|em|shop) )*{_MEET_ONE}\b(?: \w+){{0,3}}\W*(?:$|[,.;:!?\n])|"
    rf"^\W*{_MEET_ONE}\b(?! thu ngan| thai do)|"
    rf"{_HAVING_MET}\b{_MEET_ONE}(?: (?:di|ngay|gap|luon|nhe|nha|voi|giup|ho tro|tu van|a|em|oi|shop))*\W*$|"
    rf"{_HAVING_MET}\b{_MEET_ONE} (?:di|ngay|luon)\b"
)
"""The same without a word for the wish; who says whom they met, asks for nobody."""
_DANGER: Final = Signal.of(
    r"chay nha|boc chay|khoi mu mit|no binh|ro ri gas|bi dien giat|ngat xiu|bat tinh|(?:goi|can) cap cuu|(?:bi|"
    r"co|gap) tai nan|"
    r"(?:ket|mac ket)(?: trong)? thang may|dang danh nhau|there is a fire|there'?s a fire|fire in the|on fire|"
    r"explosion|"
    r"unconscious|bleeding|gas leak|stuck in the (?:lift|elevator)",
    r"cháy rồi|đang cháy(?! hàng)|có cháy|phát nổ|bị cướp|chảy máu",
)
_RISK: Final = Signal.of(r"boc khoi|ro dien|khet|smoking|sparks", r"bốc khói|xì khói|bị thương|chập điện")
_LEGAL: Final = Signal.of(
    r"(?:khoi|se|thua|di|toi) kien(?! nghi)|kien ra toa|(?:don|ra) toa|luat su (?:cua )?(?:toi|minh|anh|chi|"
    r"rieng)|sue (?:you|your)|my lawyer|"
    r"len bao|(?:goi|bao|keu) (?:nha bao|bao chi)|boc phot|"
    r"(?:toi|tui|tao|minh|se) (?:se )?(?:dang|tung|up) (?:\w+ ){0,2}(?:facebook|fb|face|mang|tiktok|youtube)",
    r"kiện (?:công ty|các người|bên)|tố cáo",
)
_MONEY_AT_RISK: Final = Signal.of(
    r"mat the|the bi (?:danh cap|trom|lay cap|nuot|hack)|bi lua dao|bi hack|lo otp|lo ma pin|lost (?:my )?card|"
    r"card (?:was |is |got )?(?:lost|stolen)|tai khoan bi (?:hack|chiem)",
    r"rơi thẻ|rớt thẻ|lộ thẻ|lộ thông tin thẻ|mất trộm",
)
# "Gặp quản lý ngay" is pressing, "gặp giám đốc ngày mai" is not, and without diacritics both are "ngay".
_NOW: Final = r"(?:ngay(?= (?:di|nha|nhe|lap tuc|bay gio|luon|cho|voi|em)\b|$)|lien(?! (?:he|lac|quan|ket))|gap(?= |$))"
_PRESSING: Final = Signal.of(
    r"gap lam|gap qua|gap gap|khan cap|khan truong|ngay lap tuc|urgent|urgently|asap|immediately|"
    r"(?:gap|goi|keu|noi chuyen|cho)(?: \w+){0,3} (?:quan ly|giam doc|sep|cua hang truong|truong cua hang|chu shop)\b"
    rf"(?: \w+){{0,3}} (?:{_NOW}|ra day|ra noi|ra gap|len day)|"
    r"(?:manager|director|boss)(?: \w+){0,2} (?:right )?now|"
    r"nuoc chay (?:lenh lang|khap|lai lang|qua troi|ra san)|ngap nha|"
    r"dem thieu|(?:lay|an) (?:trom|cap|cuop)|an gian|gian lan|stole (?:my|from)|"
    r"luat su|toa an|cong an|boc phot|(?:dang|tung) (?:len )?(?:facebook|fb|mang)|lawyer",
    r"gấp(?! đôi| ba| rưỡi| \d)",
)
_WAITED: Final = Signal.of(
    r"(?:cho|doi) (?:ca (?:tieng|buoi|ngay|tuan)|may (?:tieng|ngay|hom|tuan)|hoai|lau qua|qua lau|suot|"
    r"\d+ (?:tieng|phut|ngay|hom|tuan) (?:roi|ma|chua|van))|may lan roi|lan thu (?:ba|tu)|tre hen|that hua|"
    r"khong (?:mot )?(?:ai|thay ai|nguoi nao) (?:tra loi|nghe|goi lai|giai quyet|rep|hoi|ra|tiep|ngo|xin loi)|"
    r"ai (?:tra loi|nghe may|bat may|goi lai) dau|(?:dung|ngoi|cho|doi)(?: \w+){0,3} \d+ (?:phut|"
    r"tieng) (?:\w+ ){0,2}(?:khong|chua|chang)|"
    r"ma (?:toi |den |bay )?gio(?: \w+){0,2} (?:van )?chua|hua (?:hen|goi|lam)(?: \w+){0,6} (?:im|khong thay)|"
    r"(?:cac anh|ben nay|cu) "
    r"(?:cu )?hen (?:lan|roi|mai|hoai|toi)|noi di noi lai|noi bao nhieu lan|waiting for (?:hours|days|an hour|weeks)|"
    r"still waiting|"
    r"nobody (?:answers|answered|called|replied)",
    r"(?:chờ|đợi) (?:cả|mấy|suốt|hơn|gần|mãi|hoài|lâu|từ sáng|từ hôm|\d+ (?:tiếng|phút|ngày|tuần))",
)
_ANGRY: Final = Signal.of(
    r"buc (?:minh|xuc|boi|ghe|qua|that|lam|roi)|(?:chan|cau) (?:ghe|qua|that)|"
    r"that vong|qua dang|vo trach nhiem|te qua|qua te|be boi|lam an kieu gi|kieu gi (?:vay|ma)|"
    r"tuc (?:qua|ghe|that|muon|gian)|dien tiet|lua (?:dao|gat|khach)|nong mat|"
    r"buc (?:khong|ko) chiu|(?:khong|ko) chiu (?:duoc|noi) nua|(?<!\w )tra tien (?:lai )?day|"
    r"ai cho (?:phep )?(?:cac nguoi|may nguoi|ben nay)|"
    r"(?:cac anh|ben (?:em|anh|nay)|shop) cu hen|kinh khung|het chiu noi|"
    r"dinh giai quyet (?:the nao|sao)|giai quyet the nao day|dung (?:co )?bat (?:toi|tui) cho|"
    r"met moi voi|(?:khong|ko|k|hong|het) biet noi (?:gi|sao) (?:luon|nua)|(?<!lam )lam an nhu (?!nhau|vay|the)|"
    r"hoi (?:\w+ ){1,5}ma cung (?:khong|ko|k|hong|hok|chang) (?:biet|ai biet|tra loi|noi duoc)|"
    r"khong chap nhan duoc|ridiculous|unacceptable|terrible|furious|disappointed|angry|worst",
    r"đùa (?:tôi|tui|với tôi|khách)|"
    r"đẩy (?:tôi|tui|khách|qua đẩy lại)",
)
_QUESTION: Final = Signal.of(
    r"thi sao|bao nhieu|bnhieu|bao lau|may (?:ngay|thang|nam|phut|gio|tien)|the nao|nhu nao|ra sao|chinh sach|"
    r"(?:dc|duoc|co|can|gom|uu dai|tang|qua) (?:j|gi|chi|nhung gi)|lam rang|man rang|"
    r"dieu kien|"
    r"quy dinh|thu tuc|"
    r"giay to|co duoc|(?:duoc|dc) (?:khong|ko|k|hok|hong)|khi nao|bao gio|o dau|cho nao|gom nhung gi|can gi|la "
    r"gi|can mang|"
    r"nhung gi|mat phi|tinh phi|phi (?:bao|nhieu)|co nhan|co cho|con tuyen|co tuyen|tuyen (?:gi|vi tri)|gia "
    r"thue|lam sao|cach|"
    r"how|what|when|where|which|policy|do you|can i|is there|are there|does it|is it|co [\w ]{1,60} (?:khong|ko|"
    r"k|hok|hong)"
)
_REQUEST: Final = Signal.of(
    r"hu roi|bi (?:loi|hu|hong|be)|khong (?:chay|len|lanh|vao)|ko (?:chay|len|lanh|vao)|cu tho|cho tho|(?:den|"
    r"toi|qua) sua|xu ly|"
    r"(?:kiem tra|tra cuu|xem|dat|doi|sua) (?:giup|gium|dum)|(?:muon|can) (?:doi|tra|sua|thue|nop|rut|lam the)|"
    r"nop ho so|gui cv|"
    r"broken|not working|stopped working|fix|repair|please (?:send|check|help|register|book)|i want to|i need "
    r"to|i would like to|"
    r"i'd like to",
    r"hỏng|hư|bể|nứt|móp",
)


def line(text: str) -> str:
    """Return a folded message without punctuation and doubled spaces, for comparing whole lines."""
    return " ".join(re.sub(r"[^\w\s]", " ", fold(text)).split())


def says_yes(text: str) -> bool:
    """Tell whether the whole message is a yes: "ừ", "ok em", "dạ nối máy đi"."""
    return _whole(_YES_LINE, text) and not says_no(text)


def leads_with_yes(text: str) -> bool:
    """Tell whether a longer message begins as a yes and takes nothing back: "ừ em gọi giùm chị đi"."""
    flat = line(text)
    return _YES_HEAD.match(flat) is not None and _DENIAL.search(flat) is None


def says_no(text: str) -> bool:
    """Tell whether the whole message is a no: "thôi khỏi", "không cần đâu em"."""
    return _whole(_NO_LINE, text)


def says_stop(text: str) -> bool:
    """Tell whether the customer gives up what they were doing; in a longer story "rồi bỏ đi" is what happened."""
    return len(line(text).split()) <= _LONGEST_LINE - 2 and _STOP.found(text)


def says_thanks(text: str) -> bool:
    """Tell whether the whole message is a thank-you, which ends what was going on."""
    return _whole(_THANKS_LINE, text)


def closes_with_thanks(text: str) -> bool:
    """Tell whether a thank-you ends the talk: "ok cảm ơn shop" does, "vâng, cảm ơn em" accepts what was offered."""
    return says_thanks(text) and _ACCEPTS.search(line(text)) is None


def wants_no_more(text: str) -> bool:
    """Tell whether a no means the whole matter and not the one thing that was asked for: "không cần đâu em"."""
    return says_no(text) and _NO_MORE.search(line(text)) is not None


def wants_a_call(text: str) -> bool:
    """Tell whether the customer speaks of being called or contacted."""
    return _CALL.found(text)


def wonders_how_long(text: str) -> bool:
    """Tell whether a short message is about how long it takes, and about nothing that it names: "sao lâu thế"."""
    return len(line(text).split()) <= _LONGEST_LINE and _HOW_LONG.fullmatch(line(text)) is not None


def says_still_wrong(text: str) -> bool:
    """Tell whether the customer finds that what was done did not help."""
    return _STILL_WRONG.found(text)


def says_resume(text: str) -> bool:
    """Tell whether the customer wants to go on with what was interrupted."""
    return _RESUME.found(text)


def asks_after_one(text: str) -> bool:
    """Tell whether the customer asks how the assistant is."""
    return re.search(r"\b(?:khoe (?:khong|ko|k|hong)|the nao roi|how are you|how s it going)\b", line(text)) is not None


def is_joint(text: str) -> bool:
    """Tell whether the whole message is a word that joins sentences, sent before what it joins."""
    joints = r"(?:ma|thi|la|voi|voi lai|va|nhung|nhung ma|tai|vi|con|de|nen|and|but|so|because|also)"
    return re.fullmatch(joints, line(text)) is not None


def moves(text: str) -> bool:
    """Tell whether something agreed is put to another time."""
    return (
        re.search(r"\b(?:doi|chuyen|lui|hoan|som|tre|move|change|make it|reschedule|instead)\b", line(text)) is not None
    )


def says_later(text: str) -> bool:
    """Tell whether the customer wants to think it over, or ask at home, before going on."""
    return len(line(text).split()) <= _LONGEST_PAUSE and _LATER.found(text)


def wants_person(text: str) -> bool:
    """Tell whether a short message asks for somebody to talk to."""
    return len(line(text).split()) <= _LONGEST_LINE and _PERSON.found(text)


def calls_for_person(text: str) -> bool:
    """Tell whether somebody is asked for beside a need: "giá bao nhiêu, cho gặp nhân viên bán hàng tư vấn"."""
    return _CALLS_FOR.search(line(text)) is not None or _CALLS_BRIEFLY.search(fold(text)) is not None


def lacks_number(text: str) -> bool:
    """Tell whether the customer says no more than that they have no number: "tôi không nhớ mã đơn"."""
    flat = line(text)
    return len(flat.split()) <= _LONGEST_LINE and "?" not in text and _LACKS.search(flat) is not None


def says_unknown(text: str) -> bool:
    """Tell whether the customer has not got what was asked for: "không nhớ", "mất rồi"."""
    return _UNKNOWN.found(text)


def asks(text: str) -> bool:
    """Tell whether the message asks how things are, rather than for something to be done."""
    return ("?" in text or _QUESTION.found(text)) and not _REQUEST.found(text)


def is_danger(text: str) -> bool:
    """Tell whether somebody may be hurt."""
    return _DANGER.found(text)


def threatens(text: str) -> bool:
    """Tell whether the customer speaks of going to court or to the press."""
    return _LEGAL.found(text)


def is_upset(text: str) -> bool:
    """Tell whether the words themselves complain: of waiting in vain, in anger, or by praise of what went wrong."""
    return _WAITED.found(text) or _ANGRY.found(text) or is_ironic(text) or is_abusive(text)


def priority_of(text: str) -> Priority:
    """Return how soon the words themselves ask to be looked at."""
    if any(signal.found(text) for signal in (_DANGER, _RISK, _MONEY_AT_RISK)):
        return Priority.URGENT
    # Capitals alone are a habit of some phones and of older customers; three exclamation marks are not.
    if text.count("!") >= 3 or is_upset(text) or any(signal.found(text) for signal in (_LEGAL, _PRESSING)):
        return Priority.HIGH
    return Priority.NORMAL


def higher(one: Priority, other: Priority) -> Priority:
    """Return the more urgent of two priorities."""
    return max(one, other, key=list(Priority).index)


def _whole(pattern: re.Pattern[str], text: str) -> bool:
    flat = line(text)
    return len(flat.split()) <= _LONGEST_LINE and pattern.fullmatch(flat) is not None
