"""Names of days in Vietnamese and English, typed with or without diacritics."""

import re
from collections.abc import Callable, Iterator

from engine.nlu.entities.calendar import Day, Rule
from engine.nlu.entities.scan import Scan, spellings
from engine.nlu.marks import words

NUMBERS = {
    "mot": 1,
    "hai": 2,
    "ba": 3,
    "bon": 4,
    "tu": 4,
    "nam": 5,
    "sau": 6,
    "bay": 7,
    "tam": 8,
    "chin": 9,
    "muoi": 10,
}
_N = r"(?:\d{1,3}|mot|hai|ba|bon|nam|sau|bay|tam|chin|muoi)"
_AHEAD = {"nay": 0, "this": 0, "sau": 1, "toi": 1, "next": 1, "kia": 2, "truoc": -1, "last": -1}
_EDGES = {"dau": "start", "giua": "middle", "cuoi": "end"}
_ENGLISH_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_UNIT_DAYS = {"ngay": 1, "hom": 1, "bua": 1, "day": 1, "days": 1, "tuan": 7, "week": 7, "weeks": 7, "thang": 30}
_NEAR = {
    "hom nay": 0, "bua nay": 0, "bua ni": 0, "hnay": 0, "nay": 0, "today": 0, "tonight": 0, "mai": 1,
    "ngay mai": 1, "hom mai": 1, "tomorrow": 1, "ngay mot": 2, "ngay kia": 2, "hom qua": -1, "yesterday": -1,
    "hom kia": -2,
}  # fmt: skip
DAY_SPELLINGS = spellings(
    words(
        "một hai ba bốn tư năm sáu bảy bẩy tám chín mười mai mốt kia nay này qua sau trước tới hôm bữa ngày tuần tháng "
        "thứ chủ nhật cuối đầu giữa mùng mồng tết nữa vào khoảng tầm sáng trưa chiều tối đêm khuya"
    )
)
# After these words "mai" is somebody; a bare "nay" names a day only behind a part of the day ("chiều nay").
_PERSON_BEFORE = re.compile(r"(?:anh|chi|co|em|ban|ba|bac|di|ms|mrs|miss|ten|la) $")
_PART_BEFORE = re.compile(r"(?:sang|trua|chieu|toi|dem|khuya) $")


def _number(text: str) -> int:
    return int(text) if text.isdigit() else NUMBERS[text]


def _date(found: re.Match[str]) -> Day | None:
    day, month, year = int(found["d"]), int(found["m"]), found["y"]
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return None
    return Day(Rule.DATE, day, month, None if year is None else int(year) + (2000 if len(year) == 2 else 0))


def _tet(found: re.Match[str]) -> Day:
    if found["eve"]:
        return Day(Rule.TET, 0 if found["eve"] in ("30", "ba muoi") else -1)
    return Day(Rule.TET, _number(found["n"]))


def _month_day(found: re.Match[str]) -> Day | None:
    number = _number(found["n"])
    return Day(Rule.MONTH_DAY, number) if 1 <= number <= 31 else None


def _weekday(found: re.Match[str]) -> Day:
    weekday = 6 if found["sunday"] else _number(found["n"]) - 2
    return Day(Rule.WEEKDAY, weekday, ahead=_ahead(found["week"]))


def _english(found: re.Match[str]) -> Day:
    return Day(Rule.WEEKDAY, _ENGLISH_DAYS.index(found["english"]), ahead=_ahead(found["next"]))


def _weekend(found: re.Match[str]) -> Day:
    return Day(Rule.WEEKEND, ahead=_ahead(found["week"] or found["next"]))


def _stretch(found: re.Match[str]) -> Day:
    unit = found["unit"] or found["unit2"] or "thang"
    rule = Rule.WEEK if unit in ("tuan", "week") else Rule.MONTH
    edge = _EDGES.get(found["edge"] or found["edge2"] or "")
    return Day(rule, ahead=_ahead(found["which"]) if found["which"] else int(found["unit2"] is not None), edge=edge)


def _after(found: re.Match[str]) -> Day:
    return Day(Rule.OFFSET, _number(found["n"]) * _UNIT_DAYS[found["unit"]])


def _near(found: re.Match[str]) -> Day | None:
    word = found.group()
    before = found.string[max(0, found.start() - 8) : found.start()]
    if (word == "mai" and _PERSON_BEFORE.search(before)) or (word == "nay" and not _PART_BEFORE.search(before)):
        return None
    return Day(Rule.OFFSET, _NEAR[word])


def _ahead(words: str | None) -> int | None:
    return None if words is None else _AHEAD[words.split()[-1]]


_WEEK = r"(?: (?P<week>tuan (?:sau|toi|nay|truoc|kia)|nay|toi|sau))?"
_NAMES: tuple[tuple[str, Callable[[re.Match[str]], Day | None]], ...] = (
    (r"(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})(?:[/.-](?P<y>\d{4}|\d{2}))?(?![\d/.,-]?\d)", _date),
    (r"(?:ngay |mung |mong )?(?P<d>\d{1,2}) thang (?P<m>\d{1,2})(?: nam (?P<y>\d{4}))?", _date),
    (rf"(?:mung|mong|m) ?(?P<n>{_N}) tet|(?P<eve>29|30|hai chin|ba muoi) tet", _tet),
    (rf"(?:ngay|mung|mong) (?P<n>{_N})(?![/\w]| (?:nua|sau|lien|thang|tet))", _month_day),
    # "t2" is Monday; a lone "t" before a word is not: "thái" is no "t hai".
    (rf"(?<!lan )(?:(?:thu |t(?=\d))(?P<n>[2-7]|hai|ba|tu|nam|sau|bay)|(?P<sunday>chu nhat|cn)){_WEEK}", _weekday),
    (rf"(?P<next>next |this )?(?P<english>{'|'.join(_ENGLISH_DAYS)})", _english),
    (r"cuoi tuan(?: (?P<week>nay|sau|toi))?|(?:(?P<next>next|this) )?weekend", _weekend),
    (
        r"(?:(?P<edge>dau|giua|cuoi) )?(?P<unit>tuan|thang) (?P<which>sau|toi|nay)|(?P<edge2>cuoi|dau) thang"
        r"|next (?P<unit2>week|month)",
        _stretch,
    ),
    (rf"(?P<n>{_N}) (?P<unit>ngay|hom|bua|tuan|thang|days?|weeks?) (?:nua|sau|toi|later)", _after),
    ("|".join(sorted(_NEAR, key=len, reverse=True)), _near),
)
_PATTERNS = tuple((re.compile(rf"(?<![^\W_])(?<!\d[/.,-])(?:{name})(?![^\W_])"), make) for name, make in _NAMES)


def find_days(scan: Scan) -> Iterator[tuple[int, int, Day]]:
    """All named days with their place in the clean text; places may overlap, the longer one is meant."""
    for pattern, make in _PATTERNS:
        for widest in pattern.finditer(scan.flat):
            found = _as_written(scan, pattern, widest)
            day = make(found) if found is not None and not _is_name(scan, found) else None
            if found is not None and day is not None:
                yield found.start(), found.end(), day


def _as_written(scan: Scan, pattern: re.Pattern[str], found: re.Match[str]) -> re.Match[str] | None:
    """The longest match that is spelled as days are: of "thứ bảy tôi ra quầy" only "thứ bảy"; "tôi" is no "tới"."""
    shorter: re.Match[str] | None = found
    while shorter is not None and not scan.written(shorter.start(), shorter.end(), DAY_SPELLINGS):
        end = scan.flat.rfind(" ", shorter.start(), shorter.end())
        shorter = pattern.match(scan.flat, shorter.start(), end) if end > shorter.start() else None
    return shorter


def _is_name(scan: Scan, found: re.Match[str]) -> bool:
    """Whether a "Mai" in the middle of a sentence is somebody: "quán Sương Mai nè"."""
    text = scan.clean.text
    return found.group() == "mai" and found.start() > 0 and text[found.start()].isupper() and not text.isupper()
