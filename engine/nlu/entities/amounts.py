"""Numbers as Vietnamese says them, and what is counted with them: money and quantities.

"2tr5", "500k", "hai triệu rưỡi", "1,5 triệu", "3 củ" and "1.250.000đ" are all runs of numbers and scales; one small
reader turns such a run into a number.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from engine.nlu.entities.scan import Found, Scan, spellings
from engine.nlu.marks import words

_DIGIT_WORDS = {
    "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "lam": 5, "nham": 5, "sau": 6, "bay": 7, "tam": 8,
    "chin": 9,
}  # fmt: skip
_TENS = frozenset({"muoi", "chuc"})
_SCALES = {
    "nghin": 10**3, "ngan": 10**3, "k": 10**3, "xi": 10**5, "trieu": 10**6, "tr": 10**6, "cu": 10**6, "ty":
    10**9, "ti": 10**9,
}  # fmt: skip
_DONG = frozenset({"dong", "d", "vnd", "vnđ"})
_DOLLARS = frozenset({"usd", "do", "dollar", "dollars", "dola"})
_FILLERS = frozenset({"linh", "le"})
_SPELLINGS = spellings(
    words(
        "một mốt hai ba bốn tư năm lăm nhăm sáu bảy bẩy tám chín mười mươi chục trăm nghìn ngàn triệu xị củ tỷ tỉ "
        "rưỡi rưởi linh lẻ đồng đô cái chiếc bộ thùng hộp chai lon ký cân "
        "lít tấn mét tấm đôi cặp người khách suất vé phòng con quyển tờ bản máy gói lốc"
    )
)
_PIECE = re.compile(r"\d+(?:[.,]\d+)*|[a-z]+|\S")
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_LETTERS_ATTACHED = frozenset({"k", "d"})
_UNITS = {
    "cai": "cái", "chiec": "chiếc", "bo": "bộ", "thung": "thùng", "hop": "hộp", "chai": "chai", "lon": "lon",
    "kg": "kg", "ky": "kg", "can": "kg", "tan": "tấn", "met": "m", "tam": "tấm", "doi": "đôi", "cap": "cặp",
    "nguoi": "người", "khach": "khách", "suat": "suất", "ve": "vé", "phong": "phòng", "quyen": "quyển", "to":
    "tờ", "ban": "bản", "may": "máy", "goi": "gói", "loc": "lốc",
}  # fmt: skip
# Units that stay what they are without diacritics; the others need a figure before them there ("ba ban" is rather "bà
# bán").
_SURE_UNITS = frozenset(words("cai chiec thung hop chai lon kg nguoi goi"))
_UNIT_SPELLINGS = spellings(_UNITS.values()) | spellings(["ký", "cân", "mét"])


@dataclass(frozen=True, slots=True)
class Piece:
    """A number, a word or a sign of the flat text."""

    text: str
    start: int
    end: int


class Amount:
    """Adds up the pieces of one number, left to right."""

    def __init__(self) -> None:
        self._total = 0.0
        self._hundreds: float | None = None
        self._small: float | None = None
        self._scale = 0
        self._digits = 1
        self.scaled = False
        self.currency: str | None = None

    def take(self, piece: str) -> bool:
        """Take a piece in; false when it does not continue the number."""
        if piece[0].isdecimal():
            return self._number(piece)
        if piece in _DIGIT_WORDS:
            if self._small is not None and self._small % 10:
                return False
            self._small = (self._small or 0) + _DIGIT_WORDS[piece]
            self._digits = 1
        elif piece in _TENS:
            self._small = (self._small or 1) * 10
        elif piece == "tram":
            self._hundreds, self._small = (self._hundreds or 0) + (self._small or 1) * 100, None
        elif piece == "ruoi":
            return self._half()
        elif piece in _SCALES:
            self._scale_by(_SCALES[piece])
        elif piece not in _FILLERS or self.empty:
            return False
        return True

    @property
    def empty(self) -> bool:
        """Whether nothing was taken yet."""
        return self._small is None and self._hundreds is None and not self.scaled

    def value(self) -> float:
        """The number; what trails a scale counts in tenths of it ("2tr5"), or by its digits in smaller parts."""
        rest = self._rest()
        if self.scaled and rest is not None and self._hundreds is None:
            return self._total + rest * self._scale / float(10**self._digits)
        return self._total + (rest or 0)

    def _rest(self) -> float | None:
        return None if self._small is None and self._hundreds is None else (self._hundreds or 0) + (self._small or 0)

    def _number(self, piece: str) -> bool:
        if self._small is not None or self._hundreds is not None:
            return False
        grouped = _GROUPED.fullmatch(piece) is not None
        plain = re.sub("[.,]", "", piece) if grouped else piece.replace(",", ".")
        if plain.count(".") > 1 or len(plain) > 15:
            return False
        self._small = float(plain)
        self._digits = len(plain)
        return True

    def _half(self) -> bool:
        if self._hundreds is not None and self._small is None:
            self._small = 50
        elif self.scaled and self._small is None:
            self._total += self._scale / 2
        else:
            return False
        return True

    def _scale_by(self, scale: int) -> None:
        self._total += (self._rest() if self._rest() is not None else 1) * scale  # type: ignore[operator]
        self._hundreds = self._small = None
        self._scale, self.scaled = scale, True


def pieces(scan: Scan) -> list[Piece]:
    """Cut the flat text into numbers, words and signs."""
    return [Piece(match.group(), match.start(), match.end()) for match in _PIECE.finditer(scan.flat)]


def find_amounts(scan: Scan) -> Iterator[Found]:
    """Money as whole units with its currency, and quantities with their unit."""
    cut = pieces(scan)
    at = 0
    while at < len(cut):
        amount, after = _read(scan, cut, at)
        if after == at:
            at += 1
            continue
        found, at = _name(scan, cut, at, after, amount)
        if found is not None:
            yield found


def _read(scan: Scan, cut: list[Piece], at: int) -> tuple[Amount, int]:
    """Read a number that starts at a piece; the place stays where it was when none does."""
    amount = Amount()
    after = at
    if cut[at].text in _SCALES or not _fits(scan, cut, at):
        return amount, at
    while after < len(cut) and _fits(scan, cut, after) and amount.take(cut[after].text):
        after += 1
    return amount, after


def _fits(scan: Scan, cut: list[Piece], at: int) -> bool:
    """A lone letter is a unit only when glued to its number; a word must not be spelled as another word."""
    piece = cut[at]
    if piece.text in _LETTERS_ATTACHED and (at == 0 or cut[at - 1].end != piece.start):
        return False
    return scan.written(piece.start, piece.end, _SPELLINGS)


def _name(scan: Scan, cut: list[Piece], at: int, after: int, amount: Amount) -> tuple[Found | None, int]:
    start, end, value = cut[at].start, cut[after - 1].end, amount.value()
    unit = cut[after].text if after < len(cut) and _fits(scan, cut, after) else ""
    if unit in _DONG:
        return _money(scan, start, cut[after].end, value, "VND"), after + 1
    if unit in _DOLLARS and (unit != "do" or "đô" in scan.lower[end : end + 4]):
        return _money(scan, start, cut[after].end, value, "USD"), after + 1
    if amount.scaled:
        return _money(scan, start, end, value, "VND"), after
    if _GROUPED.fullmatch(cut[at].text) and after == at + 1 and value >= 10_000:
        return _money(scan, start, end, value, "VND"), after
    sure = unit in _SURE_UNITS or scan.accented or cut[at].text[0].isdecimal()
    if unit in _UNITS and sure and scan.written(cut[after].start, cut[after].end, _UNIT_SPELLINGS):
        return scan.found("quantity", start, cut[after].end, _whole(value), unit=_UNITS[unit]), after + 1
    return None, after


def _money(scan: Scan, start: int, end: int, value: float, currency: str) -> Found | None:
    return scan.found("money", start, end, _whole(value), currency=currency) if value > 0 else None


def _whole(value: float) -> int | float:
    return round(value) if abs(value - round(value)) < 1e-6 else value
