"""Sentences as the guard compares them: one spelling for one word, whatever was typed.

Diacritics, teencode, stretched letters, Telex leftovers, letters set apart ("k h ô n g") and
digits for letters all come down to plain lower-case words with single spaces between them.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from bot.domain.text import clean, fold

CASE_CODE: Final = "casecode"

_APART: Final = re.compile(r"(?<![^\W_])[^\W_](?:[\s.\-_*·|/]{1,3}[^\W_](?![^\W_])){3,}")
_SEPARATORS: Final = re.compile(r"[\s.\-_*·|/]+")
_CUT: Final = re.compile(r"(?<!\w)[^\W\d_]{1,5}[.*_/\-][^\W\d_]{1,5}(?!\w)")
_SENTENCE_END: Final = re.compile(r"(?<=[.!?;…])\s+|\n\s*\n")
_CASE_CODE: Final = re.compile(r"\b[A-Z]{2}-\d{3,6}\b")
_APOSTROPHE: Final = re.compile("['’ʼ`]")
_WORD: Final = re.compile(r"[^\W_]+")
_STRETCHED: Final = re.compile(r"(\w)\1{2,}")
_DOUBLED: Final = re.compile(r"(\w)\1")
_TELEX_MARKS: Final = re.compile("w|[sfrxj]$")
_LOOK_ALIKE: Final = str.maketrans("0134", "oiea")

# Folding makes one word of several. For each folded word of the rules that has such doubles:
# the accented words that are meant; any other accented word with that folding gets a "_" behind it.
# A word typed without diacritics stays as it is and counts as meant.
_MEANT: Final = {
    folded: frozenset(meant.split())
    for folded, meant in {
        "anh": "anh", "ban": "bạn", "bao": "báo", "biet": "biết", "cho": "chỗ chờ", "chu": "chứ", "con": "con",
        "danh": "đành", "dau": "đâu", "den": "đến", "di": "đi", "doc": "đọc", "doi": "đợi", "dung": "đừng",
        "goi": "gọi", "hoi": "hỏi", "hong": "hông", "ke": "kệ kế", "khac": "khác", "kien": "kiện", "lo": "lo",
        "loi": "lỗi lời", "ma": "mà", "mai": "mai", "nghi": "nghỉ", "nho": "nhờ", "noi": "nói nơi", "phai": "phải",
        "phien": "phiền", "qua": "qua", "ranh": "rảnh", "rang": "ráng", "sang": "sang", "tan": "tan", "thi": "thì",
        "thoi": "thôi", "thua": "thua", "tinh": "tính", "tu": "tự", "ve": "về", "viec": "việc",
    }.items()
}  # fmt: skip

# Words with an accented or regional form that says more than its folding.
_ACCENTED: Final = {
    "bận": "busy", "chỉ": "only", "chuyện": "viec", "chiện": "viec", "nối": "connect", "nhận": "take",
    "tới": "den", "kiếm": "tim", "hãng": "nha san xuat", "mô": "dau", "ni": "nay", "cô": "bac", "chú": "bac",
    "ông": "bac", "bà": "bac", "cháu": "con", "ạ": "", "à": "", "hổng": "khong", "hông": "khong", "nỏ": "khong",
    "chẳng": "khong", "chả": "khong", "đếch": "khong",
}  # fmt: skip

# Teencode, regional spellings and the slips fingers make most, in folded form, behind the word they stand for.
_SPELLINGS: Final = {
    typed: word
    for word, spellings in {
        "khong": "ko k kh kg kog khog kong khg khng khogn hok hem hk hong khum hog khonh khonk",
        "phai": "pai fai phaj hpai", "biet": "bit bik bjt bjk bt bjet", "duoc": "dc dk dx", "viec": "vc vjec",
        "giup": "gium dum zum zup jup", "lien he": "lhe lh", "khac": "khak khc", "chiu": "chju",
        "minh": "mk mik m", "nhe": "nhen nghen hen", "toi": "t tui tao tau ad shop", "em": "e", "chi": "c",
        "ban": "b bn", "con": "chau", "bo phan": "bp", "bo": "po", "roi": "r", "gi": "j g", "vay": "z", "voi": "vs",
        "cung": "cx", "nguoi": "ng", "google": "gg", "inbox": "ib", "vao": "vo", "xem": "coi", "tra loi": "trl",
        "lien quan": "lq lquan", "lam": "lm", "kiem tra": "ktra", "cham soc khach hang": "cskh", "": "a",
    }.items()
    for typed in spellings.split()
}  # fmt: skip


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of `text`, still readable; lone line breaks become spaces.

    Runs of one- and two-word sentences ("Không. Phải. Việc. Của. Em.") are handed out as one,
    because full stops are a disguise too.
    """
    pending: list[str] = []
    joined = _APART.sub(lambda run: _SEPARATORS.sub(" ", run.group()), clean(text))
    for part in filter(None, _SENTENCE_END.split(joined)):
        if len(part.split()) <= 2:
            pending.append(part)
            continue
        if pending:
            yield " ".join(pending)
            pending = []
        yield part.replace("\n", " ")
    if pending:
        yield " ".join(pending)


def plain_words(sentence: str, vocabulary: frozenset[str]) -> str:
    """Return `sentence` as plain words with single spaces; case codes become `CASE_CODE`.

    `vocabulary` holds the words the rules know: a damaged word is repaired only when the repair
    gives one of these, so ordinary text is never bent into a refusal.
    """
    marked = _CASE_CODE.sub(f" {CASE_CODE} ", _APOSTROPHE.sub("", sentence))
    respelled = _APART.sub(lambda run: _joined_letters(run.group(), vocabulary), marked)
    whole = _CUT.sub(lambda cut: _joined_halves(cut.group(), vocabulary), respelled)
    return " ".join(" ".join(_plain(word, vocabulary) for word in _WORD.findall(whole.lower())).split())


@lru_cache(maxsize=4096)
def _plain(word: str, vocabulary: frozenset[str]) -> str:
    """Return one lower-case word in the spelling of the rules."""
    if word in _ACCENTED:
        return _ACCENTED[word]
    folded = fold(word)
    if folded[:1].isalpha():
        folded = folded.translate(_LOOK_ALIKE)
    meant = _MEANT.get(folded)
    if meant is not None and word not in meant and word != folded:
        return f"{folded}_"
    folded = _STRETCHED.sub(r"\1", folded)
    if folded in _SPELLINGS:
        return _SPELLINGS[folded]
    return folded if folded in vocabulary else _repaired(folded, vocabulary)


def _repaired(word: str, vocabulary: frozenset[str]) -> str:
    """Undo doubled letters and Telex leftovers, if that gives a word of the rules."""
    for candidate in (_DOUBLED.sub(r"\1", word), _DOUBLED.sub(r"\1", _TELEX_MARKS.sub("", word))):
        if len(candidate) >= 2 and candidate in vocabulary:
            return candidate
    return word


def _joined_halves(cut: str, vocabulary: frozenset[str]) -> str:
    """Join a word with a mark inside it ("kh.ông"), when the whole is a word of the rules."""
    whole = "".join(_WORD.findall(cut))
    return whole if fold(whole) in vocabulary else cut


def _joined_letters(run: str, vocabulary: frozenset[str]) -> str:
    """Cut letters set apart back into the fewest words of the rules; leave them alone where that fails."""
    letters = fold(_SEPARATORS.sub("", run))
    fewest: list[tuple[int, int] | None] = [(0, 0)] + [None] * len(letters)
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - 7), end):
            before, held = fewest[start], fewest[end]
            if before is None or letters[start:end] not in vocabulary:
                continue
            if held is None or before[0] + 1 < held[0]:
                fewest[end] = (before[0] + 1, start)
    words: list[str] = []
    end = len(letters)
    while end > 0:
        step = fewest[end]
        if step is None:
            return run
        words.append(letters[step[1] : end])
        end = step[1]
    return " ".join(reversed(words))
