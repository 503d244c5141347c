r"""What sends a customer away: the phrases, by reason, in the language of `guard_match`.

Words are plain (see `guard_words`): "duoc" is "được" and "dc"; "qua" is "qua", "qua_" is "quá"; "take" is "nhận" with
its accents, "only" is "chỉ", "connect" is "nối", "busy" is "bận"; "viec" also stands for "chuyện".
"""

from typing import Final

from bot.domain.guard_match import phrases

# Who is spoken to and who speaks. "em", "con" and "minh" can be either.
NAMES: Final = {
    "CUSTOMER": "anh|chi|bac|ban|ong|quy khach|khach hang|khach",
    "YOU": "CUSTOMER|em|con|minh|nguoi ta",
    "WE": "em|toi|minh|ben em|ben toi|ben minh|chung toi|chung em",
    "OURS": "WE|con|ben con|ben nay|phong em|phong toi|quay em|bo phan WE|cua hang|cong ty|nhan vien|tong dai",
    "THIS": "(cai|viec|vu|phan|mang|chuyen|van de|truong hop|muc|yeu cau) ~2 (nay|do|ay|kia)",
    "TASK": (
        "viec|chuyen|mang|phan|phan su|bo phan|nhiem vu|trach nhiem|chuc nang|linh vuc|chuyen mon|nguoi lam|"
        "nguoi phu trach|bo phan phu trach"
    ),
    "MIND": "phu trach|dam nhiem|dam trach|quan ly|lo|giu|theo doi|tiep nhan|xu ly",
    "UNIT": (
        "tong dai|hotline|phong|bo phan|ben|nha san xuat|nha cung cap|don vi|ngan hang|cham soc khach hang|shipper|kho|"
        "ke toan|ky thuat|giao hang|nhan vien|quay|fanpage|page|chi nhanh|noi|nguoi|cho mua|cua hang|tru so|cap tren|"
        "uy ban|van phong|co quan"
    ),
    "OTHER": "(cho|noi|nguoi|ai|bo phan|ben|quay|phong|cua hang|page|don vi|tiem|so|nha|chi nhanh) khac",
    "BY": "o|tai|truc tiep|thang|voi|cho|sang|qua|den|len|lai|ve|ra|nho|giup|em|con|toi|di",
    "PLEASE": "nhe|nha|di|giup|ho|xem|thu",
    "WEB": "mang|internet|google|web|website|trang chu|app|fanpage|he thong",
    "LATER": (
        "mai|ngay mai|sang_? mai|chieu mai|hom khac|hom sau|luc khac|khi khac|bua khac|bua sau|ngay khac|tuan sau|"
        r"thang sau|lat|lat nua|chut nua|choc nua|ti nua|khi nao|de sau|sau|thu \w+|dau_? tuan|dau gio|chieu|qua tet"
    ),
    "WHEN": (
        "sau|mai|ngay mai|sang_? mai|chieu mai|hom khac|hom sau|luc khac|bua khac|dip khac|"
        "tuan (sau|den)|thang sau|dau tuan|gio hanh chinh|trong gio (hanh chinh|lam|giao dich)|gio lam|dau gio"
    ),
    "PLACE": "lau|tang|quay|phong|ban_?|cua|kho|toa",
    "PAPER": "ho so|don|giay|giay to|phieu",
    # What a refusal hides behind.
    "AUTHORITY": "he thong|quy dinh|quy trinh|chinh sach|noi quy|cong ty|cap tren|sep|phan mem",
    "ADDRESS": "call|contact|ask|try|email|see|visit|(speak|talk) (to|with)|reach out to|check with",
    "CANNOT": "cant|cannot|can not|unable to|not able to|wont|will not|couldnt",
}

NOT_MY_JOB: Final = phrases(
    r"""
    (khong|dau) phai [la] ~2 TASK (cua|of|ben|thuoc|toi|em|minh)
    (khong|dau) phai [la] ~2 TASK $
    (khong|dau) phai [la] (cua|do|phan|ben) OURS
    (khong|dau) phai OURS (lam|lo|giu|phu trach)
    (khong|dau) [co] (thuoc|nam trong) ~4 (TASK|pham vi|tham quyen|quyen|OURS)
    (khong|dau) (phu trach|dam nhiem|dam trach)
    (khong|dau) [co] [gi] lien quan [gi] [den|toi] OURS
    (khong|dau) [co] dinh (vao|den|gi)
    OURS ~1 (khong|dau) [co] [phai] (MIND|ranh_|ranh (ve|may|vu|cai|phan)|chuyen mon|lien quan) !(sao)
    OURS ~1 (khong|dau) [co] (lam|truc|xem|cung cap) (mang|phan|cai|vu|ben|may|viec|dich vu|loai|nghe|chuyen)
    OURS khong co (chuc nang|nghia vu|nhiem vu|chuyen mon)
    WE khong (tham gia|quan|chuyen ve|dung ra|trong pham vi|lien quan)
    WE thi khong $
    khong ranh_
    khong ranh (ve|may|vu|cai|phan|mang|ky)
    khong (do|duoc) ~1 OURS ~2 (MIND|lam|giai quyet|ho tro)
    khong do OURS
    khong duoc (phan cong|giao|uy quyen)
    khong lien quan $
    khong co nghia vu
    khong phai (cho|noi) (khieu nai|hoi|nhan|tra loi|giai quyet)
    OURS only (la|lo|lam|ban_?|truc|phu trach|biet|giu|co|o) ~1-8 (thoi|chu|khong|nen)
    OURS only (la|lo|lam|ban_?|truc|phu trach|biet|giu|co|o) ~1-8 $
    OURS only la
    (em|toi) chi (la|lo|lam|truc|phu trach) ~1-8 (thoi|chu|khong|nen)
    WE (lam|la|truc|ban_?|o) ~1-5!(xong) thoi
    WE ban_ [hang] thoi
    (do|day|ay|nay|no) [chinh] la TASK cua !(OURS)
    THIS [la] [cua|thuoc|do] (ben|phong|bo phan|kho) ~4 (MIND|lam)
    THIS [la] (cua|thuoc|thuoc ve) (phong|bo phan|ben) !(em|minh|toi|con|nay)
    (cua|thuoc) [ve] (ben|phong|bo phan|nguoi|cho|don vi) khac
    (ben|phong|bo phan) khac (xu ly|lo|lam|giu)
    (doi_?|to|nguoi|ban) khac (lam|lo|phu trach|xu ly)
    (ben|phong|bo phan|sep|quan ly|kho) ~3 moi (biet|tra loi|giai quyet|lam|xu ly)
    dau (phai|co) [la] (nguoi|lo|lam|phu trach|giu|viec)
    dau co trong (hop dong|pham vi|nhiem vu)
    ngoai (pham vi|tham quyen|phan su|phan|trach nhiem|kha nang|tam|chuyen mon|quyen han|viec cua)
    vuot [qua_?] (tham quyen|kha nang|quyen han|tam)
    lien quan gi [den|toi] OURS
    viec ai nay lam
    mac mo gi
    trai tuyen
    (not|isnt|arent|never) ~3 (my|our) ~1 (job|department|dept|responsibility|area|team|task|duty|business|concern)
    (not|isnt|arent|never) ~3 (my|our) ~1 (call|field|thing)
    (not|isnt) ~4 (our|my|this) (team|department|desk) (handles|does|deals)
    (isnt|not|arent) in charge
    not (us|me) $
    not responsible
    not something (i|we)
    not (up to|on) (me|us)
    (not|isnt) (within|under|in) (my|our)
    (our team|my team) (isnt|doesnt|does not)
    (outside|out|beyond) [of] (my|our)
    beyond what (i|we) can
    above my pay
    wrong (department|dept|person|number|place|desk|team|office)
    handled by !(us|me|our|my)
    (question|matter|issue) for !(me|us|our team) ~1-1
    (i|we) (dont|do not) (handle|deal with|cover|do that|do this|take care|provide support|offer support)
    (another|different|other) (team|teams|department|departments|desk)
    nothing to do with (us|me)
    have nothing to do with
    i only (do|handle|work|sell)
    im (only|just) the
    just work here
    im new here
    (thats|thatd be|would be|its) !(my|our|your) ~1-2 (job|responsibility)
    not the (one|ones) to ask
    """,
    NAMES,
)

GO_ELSEWHERE: Final = phrases(
    r"""
    (goi|hoi|lien he|lien lac|tim|tham khao|nhan|inbox|mua|nho|thu) ~4 OTHER
    (qua|sang|ra|di|den|ghe|vao|ve|len|xuong) ~4 OTHER
    (lien he|lien lac|goi|hoi|trao doi_?|phan anh|khieu nai|lam viec) [BY] [BY] [BY] [BY] UNIT !(nao|\w+ nao)
    (nhan qua|nhan tin qua|nhan tin cho) [BY] UNIT
    (nhan|inbox|gui) [tin|email|mail|don|thu|yeu cau] (qua|vao|cho|den|toi|ve) UNIT
    (khieu nai|yeu cau|phan anh|don|mail|email) (len|cho|den|qua|ve) UNIT
    (gui|chuyen|hoi) ~2 (den|cho|ve|o|sang) (don vi|bo phan|phong|co quan) [ban] (khac|lien quan|chuyen trach)
    (bo phan|don vi|co quan|phong) [ban] (lien quan|chuyen trach|chuc nang)
    CUSTOMER gap (ben|phong|bo phan|nhan vien|quay) ~3 PLEASE
    (qua|wa|sang|ra|len|xuong|den|vao|ghe) [o|ben] PLACE ~3 (gap|hoi|tim|kiem) !(em|toi|minh|con) ~1-4 $
    (qua|sang|ra|len|xuong|den) (ben|phong|bo phan|kho|cho) ~1-4 PLEASE
    vui long (qua|sang|ra|len|xuong|den) (ben|phong|bo phan|quay) ~3 $
    (qua|sang|ra|len|xuong|den|vao|ve|di|dem|mang|gap|hoi) ~6 ma (hoi|sua|mua|xem|lam|tim|doc|khieu nai|kien|nho)
    (qua|sang|ra|len|xuong|den|vao|ve|di|dem|mang|gap|hoi) ~6 ma (doi|giai quyet|noi|tra)
    (ra|qua|sang|len|xuong|di|den|ve|vao) ~4 hoi PLEASE
    (len|ra|qua|sang) ~1-4 di [roi (tinh|noi)] [anh|chi|bac|chu] $
    (di|ra|qua|sang) cho khac
    (hoi|goi|nhan|tim|gap|den|vao) nham (cho|nguoi|so|phong|noi|ben|bo phan)
    -(chuyen) nham (phong|cho|bo phan|quay|ben) roi
    nham dia chi
    hoi [thang|truc tiep] [giup|ho] [em] (ben|ai ben)
    hoi ai thi hoi
    hoi !(em|toi|minh|con di|lai) ~1-3 di $
    hoi (google|mang|facebook)
    hoi o (quay|cho|noi|phong|tang)
    (hoi|nhan|tim|goi) ~2 (ben kia|ben do|ben no|may nguoi|tho ngoai|nguoi ta)
    (tim|nho|hoi) (ai|nguoi) (khac|day|do)
    phai (hoi|lam viec|lien he|goi) [voi] (UNIT|sep|quan ly)
    cho ai (ranh|do)
    bam (so|phim) ~1 gap
    (call|contact|ask|try|tell|email|see|visit) ~2 (someone|somebody|another|different|elsewhere|other)
    ADDRESS ~2 the (relevant|manufacturer|bank|carrier|courier|seller|hotline|warehouse)
    ADDRESS ~2 (someone|somebody|another|different|other|customer (service|care|support)|accounting|it department)
    (youll|you will|you) [just] (have|need|want) to (call|contact|ask|talk|speak|go|see)
    you (should|may want to|might want to|must|could|can) (call|contact|ask|reach out to|talk|speak) !(me|us|here|\d+)
    you (should|may want to|might want to|must|could|can) check with !(me|us)
    (suggest|recommend) (calling|contacting|asking|reaching|you (call|contact|ask))
    (please|kindly) (call|contact|ask|email|refer to|check with|visit|direct|go to|see|consult) !(me|us|11\d)
    ^(call|contact|ask) (the|our|another|customer)
    go (ask|somewhere|elsewhere|to another)
    (someone|somebody) else (will|can|has|should|must)
    bother (someone|somebody)
    take (it|this|that) up with
    refer [you] to (our|the|your)
    direct (your|this|that)
    better (ask|call|contact|go)
    (tai|o) (bo phan|phong|don vi|quay|noi|cho) khac
    (lien he|hoi|goi|tim) ben nao ~1 (ban_?|giao|lam)
    sort (it|that|this) out with
    """,
    NAMES,
)

DO_IT_YOURSELF: Final = phrases(
    r"""
    tu (tim|tra|xu|lo|giai quyet|xu ly|doc|xem|mo|lien he|lien lac|tim hieu|tham khao|sua|chiu|hoi|luc|google)
    tu (search|goi|nghien cuu|giai|chu_? dong|lam (di|lay|nhe|nha|tu)|bo tien|dien)
    tu lam $
    tu !(chon|lay|den|quyet|nhien|dong|tin|lap|lam|do|tu) ~1-4 (di|nhe|nha|giup em)
    CUSTOMER ~1-6!(cu|yen|thu|binh|noi|ke|em|con|thay) di [anh|chi|bac|chu|ban|oi] [anh|chi|bac|chu|ban|oi] $
    WEB ~5 (la (co|ra|biet)|co het|het roi|ma (tim|xem|doc|tra|hoi))
    (len|vao|mo) (mang|google|web|website) ~3 (tim|tra|search|doc|xem di)
    (tra cuu|tra|tim|tim hieu|xem|doc|tham khao) ~2 (tren|trong|o|qua) WEB ~2 PLEASE
    (tren|trong|o) WEB ~5 (vui long|xin|hay|moi) (xem|doc|tham khao|tim|tra)
    (tham khao|xem|doc) (muc|trang|phan|them tren|cau hoi) ~4 (nhe|nha|di)
    (search|google) [tren] [google|mang] (di|it|nhe|nha|la|that)
    (doc|tra|search|google|tim|mo|hoc) di
    (xem|doc) [ky] lai [ky] di
    (xem|doc) [lai|ky|cho ky] [lai|ky] ~2 (huong dan|hop dong|quy dinh|noi quy|dieu khoan|sach) ~3 (di|roi hay|truoc di)
    (xem|doc) [lai|ky] (huong dan|hop dong|quy dinh|sach) ~2 (giup|nhe|nha)
    (ghi|co|dang) [ro|san|day du|het] [ro|san|day du|het] (tren|trong) ~1-3 roi ~2 (doc|xem)
    trang chu_? (la biet|xem|tim|doc)
    chu_? dong (kiem tra|tim|lien he|tra)
    mo [mot] (lat|hoi_|chut) la ra
    (youtube|mang|google) day ra
    look it up
    google it
    ask google
    check (the|our) (website|site|faq)
    visit our website
    figure (it|that|this) out
    read (the|our) ~1 (manual|faq|terms|contract|policy|website)
    explained in (the|our)
    information is [all] (on|in) (our|the)
    find (it|that|this|everything|them) [all] (on|in) (google|our|the)
    (find|search|do|fix|sort|look) ~3 yourself
    on your own
    """,
    NAMES,
)

DO_NOT_KNOW: Final = phrases(
    r"""
    (khong|chua|dau) [co|he] (biet|ro|nam duoc|nam ro|nam|hieu ro)
    (khong|chua) co (thong tin|cau tra loi|y kien|so lieu|huong)
    khong dam (tra loi|noi)
    khong hay biet
    (sao|ai|lay gi) [ma] [OURS] [ma] biet
    biet sao $
    biet (sao|lam sao) (duoc|gio|dau)
    biet (hoi ai|gi dau|dau|duoc dau|lam sao|tra loi sao|tra loi the nao|the nao duoc)
    biet gi (dau|ma)
    biet chet lien
    thi biet gi
    OURS [cung|thi|xin|danh|dang|that su|phai] [cung|thi|xin|danh|that su|phai] chiu
    (thi|cung|danh) chiu
    ^chiu
    thi thua
    thua (roi|luon|that)
    ^thua !(chi|anh|bac|quy|ong|ban)
    xin thua
    mu tit
    WE khong co so
    WE khong (nho|doan)
    hoi kho (em|toi|minh)
    (i|we) [really|honestly|just] (dont|do not|wouldnt) know
    (no idea|no clue|not a clue|beats me|who knows|cant say)
    how (should|would|am|can) i [supposed to] know
    have no (information|info|record)
    (dont|do not) have (that|this|any|the) (information|info|answer|details)
    information isnt available
    """,
    NAMES,
)

CANNOT_HELP: Final = phrases(
    r"""
    (khong|chua|dau) [the|co|he] [nao] [duoc] (giai quyet|xu ly|dap ung|can thiep|giai dap|tiep nhan|phuc vu)
    khong [the] [duoc] [OURS] (ho tro|giup) (duoc|gi|nhe|nha|truong hop|YOU|dau|them|nua|yeu cau|viec|van de|loai)
    khong [the] [duoc] [OURS] (ho tro|giup) $
    OURS ~2 (khong|chua) [the] ~1 (ho tro|giup)
    WE khong (kiem tra|tra|tra cuu|xac nhan|xem|lam|sua|tiep) ~2 duoc
    (giai quyet|ho tro|giup|xu ly|lam|sua) ~2 khong (duoc|noi|xong)
    khong [the|dam] tra loi ~3 (duoc|cau)
    khong [the|dam] tra loi ~3 $
    khong [the] lam (gi|khac|duoc|hon) !(sai)
    khong [the] (tu_? van|quyet|quyet dinh|giai thich|hua) ~1 (duoc|gi)
    khong [the] cung cap (ho tro|dich vu nay|thong tin nay|thong tin do)
    khong [the] [duoc] (thuc hien|chap nhan|dap ung) [duoc] (yeu cau|viec|de nghi)
    khong duoc ~4 (tiep nhan|xu ly|giai quyet)
    khong duoc la khong duoc
    khong [con_?|co] cach nao
    khong con_? [co] cach
    khong [co] (quyen|tham quyen|nhu cau)
    khong (chiu|co) trach nhiem
    khong (take|nhan) (khieu nai|xu ly|giai quyet|yeu cau|phan anh|nua|viec|vu)
    (OURS|day) [cung] khong [con_?] [duoc] (take|nhan) (PAPER|truong hop|loai|cai) ~2 (nay|do|ay|kia)
    AUTHORITY [ben] [WE] [no|cung] (khong|chua) cho [phep] [dau] [CUSTOMER] [oi] $
    AUTHORITY [ben] [WE] [no|cung] (khong|chua) cho phep !(nhap|bam|chon|mo|_)
    (quy dinh|quy trinh|chinh sach|nguyen tac) [la|no] [vay|the|nhu vay|nhu the] roi ~4 (chiu|danh|thong cam)
    khong co cua dau
    khong co chinh sach
    khong kha thi
    cung khong duoc gi
    lam gi co cach
    (het|mien) trach nhiem
    het (cach|cuu|thuoc|phuong|duong)
    het [han] ho tro
    (bo tay|bat luc|vo phuong|luc bat tong tam|xin mien|xin kieu|phai chiu thoi)
    danh (vay|chiu|thoi)
    chap (nhan|take) thoi
    noi (them|nua) cung (vay|the)
    thi [vay] thoi [anh|chi|bac|vay|nhe|nha] $
    xin [phep] [duoc] tu_? choi
    yeu cau ~3 bi tu_? choi
    tu_? choi (ho tro|giai quyet|tiep|xu ly|phuc vu)
    (phai|danh) tu_? choi
    mien (giai quyet|ho tro|tra loi|tiep|y kien|khieu nai)
    (ket thuc|cham dut|dung|ngung) (ho tro|giai quyet|tiep nhan)
    khep lai (truong hop|viec|vu)
    mua [cai|may] moi di
    nothing ~2 (i|we) (can|could) do
    isnt (anything|much) (i|we) can
    (no can do|out of luck|end of story|not possible)
    no way to (help|fix)
    no one [here] can
    (cant|cannot|can not) be (done|helped|solved)
    (cant|cannot|can not) do (it|that|this)
    CANNOT ~1 (help|assist|process|support|handle|answer|solve|resolve|do (anything|that|this))
    not (authorised|authorized) to
    thats (it|final|the rule)
    company policy [sorry] $
    (dont|do not) (take|accept) complaints
    no longer (support|handle|offer|do)
    nothing to be done
    mien tra
    """,
    NAMES,
)

COME_BACK_LATER: Final = phrases(
    r"""
    LATER ~5 (goi|nhan|hoi|quay|tro|ghe|vao|den|lien he|qua|lai|ra|nhan tin) (lai|tiep|sau)
    (goi|nhan|hoi|quay|tro|ghe|lien he|nhan tin|qua|den lai) [lai] [vao] [luc] WHEN !(\d+)
    (goi|nhan|hoi|quay|ghe) lai khi (co|nao)
    (sau|mai|hom khac|luc khac|tuan sau|bua khac|khi khac|tet) [roi] ((quay|goi|hoi) lai|tinh|hoi|den)
    (sau|mai|hom khac|luc khac|tuan sau|bua khac|khi khac|tet) [roi] (hang|hay) (hoi|tinh)
    (mai|tet|sau|ve) ~2 tinh $
    (mai|tet|sau|lat) tinh (nhe|nha|di|tiep)
    lat tinh
    mai (di|noi|xem|hoi|nt)
    mai [YOU] (ghe|quay lai|qua|den) [nhe|nha|di] $
    mai mot (ghe|quay|den|goi|nhan)
    de mai (roi|nhe|nha|di)
    de (luc|hom|khi|bua|dip) khac
    (hom|luc|bua|khi|ngay) khac (di|nhe|nha|hay|hang|hoi)
    (hom|luc|bua|khi|ngay) khac $
    (bua|hom|lan) sau di
    (hen|gap) [lai] ~1 (dip|hom|luc) khac
    (qua|het) (le|tet|ky nghi) [roi] (hang|hay|moi|tinh)
    thu \w+ di [anh|chi|bac] $
    (het gio|het ca|tan ca|tan lam|tan so|sap ve|cuoi gio|het buoi|ngoai gio lam|den gio ve)
    (em|toi|minh) ve (day|roi|thoi|truoc)
    (gio nay|bay gio|dang|gio|chu gio|OURS) ~4 nghi [trua] (roi|het)
    (gio nay|bay gio|dang) nghi trua
    (gio nay|bay gio) ~2 dong [cua] roi
    nghi het [roi]
    cuoi tuan khong lam
    khong [co] [con_?] ai (lam viec|lam|truc|o|tra loi|giup|nhan|xu ly|phu trach|giai quyet)
    khong [co] [ai] ranh
    khong co thoi_? gian
    ai ma (tra loi|lam|nhan|truc)
    -(nao) ai lam (thu|gio|nua)
    -(nao) ai lam $
    khi nao (em|toi) ranh
    busy (lam|roi|qua_?|khach|hop|chut|tay)
    dang busy
    dang ban (lam|roi|qua_?|viec|khach)
    ban (lam|roi|qua)
    (lu bu|dang luoi|nay luoi|gio khong tien)
    (di vang|nghi phep|di hop|khong co o day) ~6 (goi|quay|hoi|nhan|ghe) lai
    (come|call|try|text|message|ask|check) [me|us|back|again] [me|us|back|again] (tomorrow|later|another day|next week)
    (come back|call back|try again|contact us) (during|on|after|next|in the|when|some other time)
    need to come back
    closed ~4 (call|come|try)
    (im|i am|we are|were) (off|busy|on [my|our] (break|lunch|leave))
    no one [is] available
    maybe (next week|later|tomorrow)
    mai (hang|hay) ~1-1
    LATER [CUSTOMER] (goi|nhan|hoi|len|den|ghe|qua) (nhe|nha|di)
    calling (tomorrow|later)
    """,
    NAMES,
)

DISMISSIVE: Final = phrases(
    r"""
    dung (hoi|nhan|goi|noi) ~2 nua
    dung [co] (lam phien|hoi|hoi_|giuc|keu|than)
    dung lam (qua_?|on|kho)
    dung mua [nua] $
    khoi (hoi|noi|nhan) nua
    (khoi|khong) mua cung duoc
    hoi [gi] [ma] [hoi] (hoai|lam the|lam vay|nhieu the|nhieu vay|nhieu qua_?|lam)
    (hoi gi hoi|ma hoi lai|muon gi nua|roi hoi)
    (phien|met|rach viec|lam phien|nhuc dau|noi nhieu|on ao|nhieu chuyen|ma lam) qua_?
    (lam|sao ma|lam gi ma) (nhieu chuyen|lam chuyen|phien phuc|ram ro)
    (anh|chi|bac|khach) kho tinh
    than phien $
    de nguoi ta lam
    khong (mua|thich|ung|chiu|muon|tin|dung_?) thi (thoi|di|dung)
    mac ke
    ke (anh|chi|bac|ban|ong|may|no|me|do|khach) !(toan)
    ^(im|bien|cut|phan|xeo) (di|mom)
    (muon|thich) ~3 thi [cu] (lam|kien|di)
    lam gi duoc thi lam
    ^tuy (anh|chi|bac|ban) ~1 $
    sao cung duoc khong
    quy dinh la (quy dinh|vay|the) ~6 (khong noi|chiu|khoi|thac mac)
    quy dinh la (quy dinh|vay|the) ~6 $
    khong noi (nhieu|nua)
    khong la khong
    thoi (nhe|nha) (em|toi)
    WE khong quan tam
    (em|toi|minh) noi roi
    (da|dang) (noi|tra loi) ~2 roi (con_?|ma|dung)
    loi (cua|tai|do) (chi|anh|bac|ban|khach|ong) ~3 (chu|thi|rang|chiu)
    thi (chi|anh|bac|ban|khach|ong|quy khach) [rang|tu|phai] chiu
    (do|tai) (anh|chi|bac|ban|khach) chu
    khong phai [la] [do] loi [cua|do|tai|ben] (WE|cua hang|cong ty)
    ai (bao|bao_|bieu|kheu|ep) !(em)
    keu ai
    co ai keu
    khong biet doc
    sao ~2 khong doc
    nghe khong hieu $
    la (van de|viec|loi) cua (chi|anh|bac|ban|khach|quy khach)
    viec cua (chi|anh|bac|ban) thi (chi|anh|bac|ban) lo
    rang (chiu|cho|doi|xai)
    (cho|doi|xep hang) di $
    xep hang di
    (cho|doi) di (ai|roi|chu)
    cu cho (thoi|di)
    cho den dau hay
    kien_? nhan di $
    (khi nao|bao gio) ~1-3 thi (co|xong|tinh|hay) $
    khong tiep $
    khong tiep (nhe|nha|khach|nua)
    doi hoi (ghe|qua_?|nhieu|lam)
    (hoi_?|giuc|noi|goi|nhan|ghi phieu|khieu nai|keu|than) cung (vay|the|khong)
    lam (am|on|du) len
    (re ma doi_?|cua re)
    ^roi sao $
    ^(o|u|ua) roi sao
    your problem
    not (my|our) problem
    stop (asking|bothering|calling|texting)
    go bother
    (deal with it|take it or leave it|whatever|so what|too bad)
    i already told you
    (dont|do not) care
    cung khong hieu
    co hoc khong
    keu ca gi
    ai ranh
    """,
    NAMES,
)
