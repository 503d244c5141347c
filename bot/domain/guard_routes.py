r"""What takes a customer on, and what only looks like a refusal: phrases in the language of `guard_match`.

The words are plain, as in `guard_rules`.
"""

from typing import Final

from bot.domain.guard_match import phrases
from bot.domain.guard_rules import NAMES
from bot.domain.guard_words import CASE_CODE

_NAMES: Final = {
    **NAMES,
    # "minh" also means the customer ("mình gọi chỗ khác nhé"): it speaks for us only beside a word that shows it.
    "FIRST": ("em|con|toi|chung toi|chung em|ben em|ben toi|ben minh|ben con|de minh|minh (se|da|dang|vua|mo)"),
    "AND": "da|se|dang|vua|xin phep|xin|ngay|moi|thu|nho|cung|lien|luon|nay|di|phai|cho nguoi|cho tho|cu nguoi",
    "ACT": (
        "chuyen|connect|ket connect|ket noi|noi may|dua|dan|bao|hoi|goi|lien he|nhan|take|kiem tra|mo|lap|dat|hen|"
        "trinh|xin duyet|ghi|giu|theo|doi_?|don|nhac|xac nhan|tra loi|xep|giao|xuat|phan hoi|"
        "lo (het|duoc|cho|viec)|lam (het|xong)|hoan tien|tang|huong dan|khoa|bo sung|hoan|thay|"
        "goi lai|gui !(link|roi)|xem|tim|tra cuu|bu|cap|"
        "in lai|di cung|chuan bi|huy"
    ),
    # A verb behind one of these is a request to the customer ("anh gọi", "vui lòng liên hệ"), or no act at all.
    "REQUEST": (
        "^|anh|chi|bac|ban|ong|khach|minh|mai|vui|long|hay|phien|nho|roi|nhe|nha|sau|di|thi|nen|phai|lat|khac|moi|can|cu|"
        "the|giup|quy|lai|khong|con|con_|quyen|duoc|muon|de|ranh|cau|cau_|cach|nhu|nhiem"
    ),
    "THEM": r"anh|chi|bac|ban|quy khach|truoc \d+|trong \d+|luc \d+",
    "IWILL": "ill|well|i will|we will|i can|we can|ive|weve|i have|we have",
    "DO": (
        "ask|check|call|transfer|connect|find|message|book|reserve|hold|bring|get back|arrange|forward|escalate|pass|"
        "look|send|take|update|stay|add|open|opened|asked|offer|order|reply|help|sent|put|fix|log|logged"
    ),
}

# Somebody of ours takes the need on, or says what happens next and when.
ROUTES: Final = phrases(
    rf"""
    {CASE_CODE}
    so thu tu
    ma phieu
    -(nao|ranh) FIRST [AND] [AND] [AND] ACT !(roi (ma|khong|con_?|chu|tu|xem)|khong|link|gi|ro|OTHER)
    de (em|con|toi|minh|chung toi|ben em) [AND] [AND] !(yen|tu|nghi|lam viec) ~1-1
    (em|con|toi|chung toi|ben em) (moi|nho) ~1-5 (vao|sang|qua|len|xuong|xac minh|ho tro|noi|tra loi) !(khac|ma)
    (em|con|toi|chung toi|ben em) (moi|nho) ~1-5 (goi|giup|xem) !(khac|ma)
    -REQUEST (goi|nhan|lien he|bao|tra loi|phan hoi|den|qua|ho tro) [lai] [ket qua] [cho] [nha_?] THEM
    se (goi|lien he|nhan|tra loi|phan hoi|bao|qua|den|ho tro|xu ly|take)
    cu (hoi|nhan|goi) (em|con|toi|minh)
    (gui|nhan|cho|doc|chup|dua) ~2 (em|con|toi|lai) (xin|ma_?|so|anh_|hinh|dia chi|dung_?)
    cho (em|con|toi|minh) (xin|hoi)
    (cho|doi) em ~2 (phut|giay|chut|xiu|ti)
    (i|we) ~2 (transferring|connecting|bringing|asking|checking|forwarding|booking|escalating)
    im (transferring|connecting|bringing|getting|checking|asking|forwarding|booking)
    let me
    -(something|nothing|anything) IWILL ~1 DO
    will (call|contact|message|reply|email|text|get back)
    """,
    _NAMES,
)

# Words of a refusal that are none. They are taken out before the rules look.
HARMLESS: Final = phrases(
    r"""
    khong phai ~1 (loi|do|tai|vi|ai cung|tra|cho doi|lo|di dau) !(OURS|(cua|do) OURS)
    khong (co|sao|van de) (gi|chi) [dau] $
    khong co (gi|chi) [dau|het] !(lam|giup)
    khong (can|phai|de YOU phai|can phai) [YOU] [mat cong] (goi|hoi|lien he|di|tim|ra|qua|sang|quay|den) ~2 [khac|lai]
    khong (can|phai|de YOU phai|can phai) [YOU] chiu
    (khong|chua) biet [la] YOU (da|co|can|thich|muon|dang|o|dung_?|hay|con_|dinh|mua|tinh_?|bi|take|lay|chon|ten|gap)
    (neu|khi|ma|cho nao|co gi|gi) [CUSTOMER] (khong|chua) (biet|ro|hieu)
    CUSTOMER [co] (khong|chua) (biet|ro|ranh_?) !(doc)
    (khong|chua) ro (y|cau|noi dung|yeu cau|tin|hinh|anh_)
    (noi|tra loi) [la] khong biet (hom|nen)
    -(khong) chiu trach nhiem
    (em|toi|ben em|ben toi|ben minh|cong ty|cua hang) chiu (phi|toan bo|het|moi|tien|chi phi)
    phi ~4 chiu
    chiu (duoc|nhiet|nuoc|luc|tai|kho|lanh|dien|thiet)
    de chiu
    (goi|bao) [ngay] [cho] (113|114|115|cuu hoa|cap cuu|cong an)
    call (113|114|115)
    co the (goi|lien he|nhan) ~2 [hotline|tong dai|so|qua] (1800|1900|0\d+)
    you can call [our|the] [hotline] [at|on] \d+
    -(dung) (goi|nhan|hoi|lien he) [lai] [cho] (em|con|toi|minh) !(cung|biet|chi|lam|gi|con_|khong|ben|sao|bac|anh)
    (giao|gui|chuyen|take|lay|doi_?) [hang] (o|den|sang|qua) (cho|noi|dia chi) khac
    (showroom|mau) khac
    quay lai (cuoc|muc|trang|man|buoc)
    het gio [lam] [viec] (luc|la) \d+
    tu dong
    nhap ~4 ky tu
    dung_? cho roi
    (hoac|hay|neu) ~2 tu ~1-1
    tu ~1-4 (hoac|hay|duoc khong)
    co tu ~1-1
    neu ai ~8 thi
    xin_? loi ~3 vi ~8 (khong biet|khong tra loi|busy|ban)
    khong ai (muon|bo|de)
    you (dont|do not) (have|need) to (call|contact|ask|do) ~2
    (call|contact|ask|text) me [back] !(later)
    not your (fault|problem)
    no problem
    wrong with your
    (thu|khoi dong|nhap|dang nhap|bam) lai
    con_ lai
    """,
    _NAMES,
)

# A sentence that opens with one of these turns to another need; what was promised before it does not cover it.
NEW_NEED: Final = frozenset({"con", "con_", "rieng"})
