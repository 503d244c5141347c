"""People by title and name, departments by their everyday names, and addresses in rough form."""

import re
from collections.abc import Iterator

from engine.nlu.entities.scan import Found, Scan, spellings
from engine.nlu.marks import fold_tone, strip_marks, words

_TITLES = (
    "phó tổng giám đốc", "tổng giám đốc", "phó giám đốc", "giám đốc", "phó phòng", "trưởng phòng", "trưởng nhóm",
    "quản lý", "kỹ sư", "bác sĩ", "luật sư", "nhân viên", "anh", "chị", "cô", "chú", "bác", "ông", "bà", "thầy", "cậu",
    "dì", "em", "bạn", "sếp",
    "mr", "ms", "mrs", "miss",
)  # fmt: skip
_GIVEN = frozenset(
    words("""
    an anh ánh ân bảo bích bình châu chi chiến cúc cường dung dũng duyên dương diễm diệp đan đào đạt điệp đức đoan
    giang hà hải hạnh hằng hân hậu hiền hiếu hiệp hoa hoà hoài hoàng hồng huệ hùng huy huyền hương hường khánh khang
    khoa khôi kiên kiệt kim kỳ lan lâm lệ liên liễu linh loan mai long lộc lợi luân ly lý mạnh minh my mỹ nam nga ngân
    nghĩa ngà ngọc nguyên nguyệt nhàn nhân nhi nhung như oanh phát phong phú phúc phụng phương phượng quân quang quế
    quốc quyên quyền quỳnh sen sơn sương tâm tân thái thanh thành thảo thắm thắng thi thiện thịnh thoa thơ thu thuý
    thuỳ thuận thư thương tiên tiến tín toàn trâm trang trí trinh trọng trúc trung trường tú tuấn tuệ tùng tuyết tuyền
    uyên vân việt vinh vũ vy xuân yên yến
    """)
)
_FAMILY = frozenset(
    words("nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý đinh trịnh lương mai cao văn thị")
)
_GIVEN_PLAIN = frozenset(strip_marks(name) for name in _GIVEN | _FAMILY)
# Given names that, in lower case, are more often something else.
_RATHER_WORDS = frozenset(map(strip_marks, words("anh chi thu mỹ như nhi thi an lợi sen kim yên tiến trí thư ly tâm")))
# Names that are the first half of a common word: "nhân viên thái độ quá", "cậu bảo vệ", "chị thanh toán".
_OTHER_THINGS = re.compile(
    r"(?:thai do|bao (?:ve|hanh|tri|duong|hiem|gia|cao|lau|nhieu)|quan (?:ly|tri|he)|hoa (?:don|hong)|"
    r"truong (?:phong|nhom|"
    r"hop)|nhan (?:vien|hang|duoc|tien|su|lai)|tin (?:nhan|dung|tuc)|hai (?:long|lan|cai|con|ngay|thang|nguoi|trieu)|"
    r"thanh (?:toan|ly|vien)|phuc (?:vu|loi)|thao tac|luan van|khoa (?:hoc|the|may|so|tai)|kien (?:nghi|truc)|"
    r"cuong (?:luc|che)|vu (?:viec|nay)|phong (?:ban|kinh|ke|hop|cach)|long vong|dung (?:roi|khong|hen)|"
    r"hang (?:hoa|hoi)|hue hong|minh (?:dat|mua|co|can|muon|dang|bi|chua|la))(?![^\W_])"
)
_TITLE = re.compile(
    r"(?<![^\W_])(" + "|".join(sorted((strip_marks(t) for t in _TITLES), key=len, reverse=True)) + r")\.? (?=[^\W\d_])"
)
_TITLE_SPELLINGS = spellings(word for title in _TITLES for word in title.split())
_TITLE_BY_PLAIN = {strip_marks(title): title for title in _TITLES}
_NAME = re.compile(r"[^\W\d_]+")
_LONGEST_NAME = 4

_DEPARTMENTS = {
    "reception": "lễ tân, tiếp tân, quầy tiếp đón, reception, front desk",
    "customer_relations": "chăm sóc khách hàng, cskh, bộ phận khiếu nại, customer care, customer service",
    "sales": "bán hàng, kinh doanh, phòng kinh doanh, sales, sale",
    "teller": "giao dịch viên, quầy giao dịch, teller",
    "credit": "tín dụng, phòng tín dụng, credit department",
    "cashier": "thu ngân, quầy thu ngân, cashier",
    "office_services": "hành chính, phòng hành chính, văn thư",
    "accounting": "kế toán, phòng kế toán, accounting, accountant",
    "it": "công nghệ thông tin, cntt, phòng it, bộ phận it, bên it, it support",
    "facilities": "cơ sở vật chất, kỹ thuật toà nhà, ban quản lý toà nhà",
    "warehouse": "kho vận, bộ phận kho, thủ kho, warehouse",
    "development": "phòng phát triển, bộ phận phát triển, lập trình viên",
    "research": "phòng nghiên cứu, bộ phận nghiên cứu, r&d",
    "hr": "nhân sự, phòng nhân sự, tuyển dụng, human resources, hr",
    "management": "ban giám đốc, ban lãnh đạo, ban quản lý, management",
}
_DEPARTMENT_OF = {strip_marks(name.strip()): key for key, names in _DEPARTMENTS.items() for name in names.split(",")}
_DEPARTMENT_NAMES = "|".join(re.escape(name) for name in sorted(_DEPARTMENT_OF, key=len, reverse=True))
_DEPARTMENT = re.compile(rf"(?<![^\W_])(?:{_DEPARTMENT_NAMES})(?![^\W_])")
_DEPARTMENT_SPELLINGS = spellings(word for names in _DEPARTMENTS.values() for word in re.findall(r"\w+", names))

_HOUSE = r"(?:(?:so nha|so) )?\d{1,4}[a-z]?(?:/\d{1,4}[a-z]?){0,4}"
_AREA = (
    "(?:duong|pho|ngo|ngach|hem|kiet|khu pho|khu|to dan pho|ap|thon|xom|chung cu|toa nha|toa|tang|phuong|xa|thi tran"
    "|quan|huyen|thi xa|tp|thanh pho|tinh)"
)
_LABEL = r"(?:\d{1,3}[a-z]?|[a-z]+(?: [a-z]+){0,2})"
_CITY = (
    "(?:ha noi|hcm|tphcm|tp hcm|ho chi minh|sai gon|sg|da nang|hai phong|can tho|hue|nha trang|bien hoa|vung tau"
    "|binh duong|dong nai)"
)
_UNIT = rf"(?:{_AREA}[. ] ?{_LABEL}|[pq]\.? ?\d{{1,2}}|[pq]\. ?{_LABEL}|{_CITY})"
_ADDRESS = re.compile(
    rf"(?<![\w/])(?:{_HOUSE}[ ,]{{1,2}}(?:{_UNIT}|[a-z]+(?: [a-z]+){{0,3}}(?=[ ,]{{1,2}}{_UNIT}))"
    rf"|{_AREA}[. ] ?{_LABEL}(?=[ ,]{{1,2}}{_UNIT}))"
    rf"(?:[ ,]{{1,2}}{_UNIT}){{0,5}}(?![^\W_])"
)
_ADDRESS_SPELLINGS = spellings(
    words(
        "số nhà đường phố ngõ ngách hẻm kiệt khu tổ dân ấp thôn xóm chung cư toà tầng phường xã thị trấn quận huyện "
        "thành tỉnh"
    )
)
# Where a label stops: what follows is the sentence again.
_STOP = re.compile(
    r" (?:nhe|nha|a|giup|cho|duoc|thi|la|va|roi|luc|vao|truoc|sau|em|anh|chi|minh|toi|ne|nhan|khong|ko|co|gap|mat|het"
    r"|bao|phi|con|hay|o)(?![^\W_]).*$"
)


def find_people(scan: Scan) -> Iterator[Found]:
    """A title and the name after it: capitalised words, or known given names in a message without capitals."""
    for match in _TITLE.finditer(scan.flat):
        if not scan.written(match.start(1), match.end(1), _TITLE_SPELLINGS):
            continue
        end = name_end(scan, match.end())
        if end is not None:
            name = proper(scan, match.end(), end)
            yield scan.found("person", match.start(), end, name, title=_TITLE_BY_PLAIN[match[1]])


def proper(scan: Scan, start: int, end: int) -> str:
    """A name as it is written in a letter."""
    return " ".join(fold_tone(word).capitalize() for word in scan.lower[start:end].split())


def name_end(scan: Scan, start: int, *, any_first: bool = False) -> int | None:
    """Where the name that begins at `start` ends, None when none does; `any_first` takes the first word as one."""
    text = scan.clean.text
    shouting = text.isupper()
    end: int | None = None
    for count, match in enumerate(_NAME.finditer(text, start, start + 60)):
        if (
            count == _LONGEST_NAME
            or (end is not None and match.start() != end + 1)
            or (end is None and match.start() != start)
        ):
            break
        word = match.group()
        known = _is_given(word.lower(), alone=count == 0) and not _OTHER_THINGS.match(scan.flat, match.start())
        capital = word[0].isupper() and not shouting and (count > 0 or _likely_name(word))
        if not (capital or known or (any_first and count == 0)):
            break
        end = match.end()
    return end


def _likely_name(word: str) -> bool:
    return len(word) > 1 and not word.isupper()


def _is_given(word: str, *, alone: bool) -> bool:
    plain = strip_marks(word)
    if (alone and plain in _RATHER_WORDS) or (not alone and word == "phong"):  # "chị lan phong ke toan"
        return False
    return fold_tone(word) in _GIVEN or fold_tone(word) in _FAMILY or (word.isascii() and plain in _GIVEN_PLAIN)


def find_departments(scan: Scan) -> Iterator[Found]:
    """Everyday names of departments; the value is the department's id."""
    for match in _DEPARTMENT.finditer(scan.flat):
        if scan.written(match.start(), match.end(), _DEPARTMENT_SPELLINGS):
            yield scan.found("department", match.start(), match.end(), _DEPARTMENT_OF[match.group()])


def find_addresses(scan: Scan) -> Iterator[Found]:
    """A house number with a street, or two administrative units in a row; good enough to show, not to deliver by."""
    for match in _ADDRESS.finditer(scan.flat):
        end = match.start() + len(_STOP.sub("", match.group()))
        if scan.written(match.start(), end, _ADDRESS_SPELLINGS):
            yield scan.found("address", match.start(), end, " ".join(scan.clean.text[match.start() : end].split()))
