"""Training copies: the same sentence without diacritics, in teencode, with slips of the fingers, in raw keys.

The same seed gives the same copies. A copy changes how a sentence is written and never what it says.
"""

import random
import re

from engine.nlu.marks import HOI, HUYEN, NANG, NGA, SAC, split_tone, strip_marks

_WORD = re.compile(r"[^\W\d_]+")
_NEIGHBOURS = {
    "q": "wa", "w": "qes", "e": "wrd", "r": "etf", "t": "ryg", "y": "tuh", "u": "yij", "i": "uok", "o": "ipl",
    "p": "ol", "a": "sqz", "s": "adw", "d": "sfe", "f": "dgr", "g": "fht", "h": "gjy", "j": "hku", "k": "jli",
    "l": "ko", "z": "xa", "x": "zc", "c": "xv", "v": "cb", "b": "vn", "n": "bm", "m": "n",
}  # fmt: skip
_TELEX_TONE = {HUYEN: "f", SAC: "s", HOI: "r", NGA: "x", NANG: "j"}
_TELEX_LETTER = {"ă": "aw", "â": "aa", "ê": "ee", "ô": "oo", "ơ": "ow", "ư": "uw", "đ": "dd"}


def _table(text: str) -> dict[str, tuple[str, ...]]:
    entries = (entry.split(":") for entry in text.split(","))
    return {" ".join(word.split()): tuple(forms.split()) for word, forms in entries}


# What chat shortens: "word: short form, short form".
_SHORT = _table("""
    không: ko k hok hong khum, được: đc dc, gì: j, rồi: r rùi, vậy: z v zậy, với: vs, mình: mk m mik, biết: bít
    bik bt, quá: wá qá, bao nhiêu: bn bnhiu, bao giờ: bh, bây giờ: bh bgio, như thế nào: ntn, thế nào: tn tnao,
    nhiều: nhìu nhiu, cũng: cx cug, luôn: lun, làm: lm, trước: trc, điện thoại: đt dt, số điện thoại: sđt sdt,
    tài khoản: tk, chuyển khoản: ck, nhân viên: nv, khách hàng: kh, sản phẩm: sp, đơn hàng: đh dh, công ty: cty,
    hoá đơn: hđ hd, hợp đồng: hđ, địa chỉ: đchi dc, thanh toán: tt, giao hàng: gh, đăng ký: đk dk, đăng nhập:
    đn, mật khẩu: mk pass, khuyến mãi: km, bảo hành: bh, tư vấn: tv, lãi suất: ls, trả góp: tg, hồ sơ: hs hso,
    hôm nay: hnay, hôm qua: hqua, tin nhắn: tn, trả lời: rep tl, cảm ơn: tks camon, anh chị: ac, em: e, anh: a,
    chị: c, bạn: b bn, muốn: mún, nữa: nx, thích: thik, kiểm tra: ktra, xác nhận: xn, giảm giá: gg, vấn đề: vđ,
    bình thường: bt, chủ nhật: cn, chi nhánh: cn, vận chuyển: vc, kế toán: kt, thời gian: tg
""")
_SHORTENED = re.compile(r"(?<!\w)(?:" + "|".join(sorted(map(re.escape, _SHORT), key=len, reverse=True)) + r")(?!\w)")


def without_diacritics(text: str) -> str:
    """The sentence as a customer types who never switches the Vietnamese keyboard on."""
    return strip_marks(text.lower())


def teencode(text: str, chance: random.Random, rate: float = 0.7) -> str:
    """Shorten what chat shortens."""

    def shorten(match: re.Match[str]) -> str:
        return chance.choice(_SHORT[match.group()]) if chance.random() < rate else match.group()

    return _SHORTENED.sub(shorten, text.lower())


def raw_telex(text: str, chance: random.Random, rate: float = 0.8) -> str:
    """The keys of a Telex keyboard that nothing turned into letters."""

    def unprocess(match: re.Match[str]) -> str:
        toneless, tone = split_tone(match.group())
        keys = "".join(_TELEX_LETTER.get(letter, letter) for letter in toneless)
        return keys + _TELEX_TONE.get(tone, "") if chance.random() < rate else match.group()

    return _WORD.sub(unprocess, text.lower())


def typos(text: str, chance: random.Random, rate: float = 0.25) -> str:
    """Slips of the fingers: a near key, two letters swapped, one lost or doubled, a lost tone, a lost space."""

    def slip(match: re.Match[str]) -> str:
        word = match.group()
        return _slip(word, chance) if len(word) > 2 and chance.random() < rate else word

    slipped = _WORD.sub(slip, text.lower())
    spaces = [at for at, character in enumerate(slipped) if character == " "]
    if spaces and chance.random() < rate:
        at = chance.choice(spaces)
        slipped = slipped[:at] + slipped[at + 1 :]
    return slipped


def _slip(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word))
    match chance.randrange(5):
        case 0:
            near = _NEIGHBOURS.get(word[at])
            return word[:at] + chance.choice(near) + word[at + 1 :] if near else strip_marks(word)
        case 1:
            return word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]
        case 2:
            return word[:at] + word[at + 1 :]
        case 3:
            return word[:at] + word[at] + word[at:]
        case _:
            return split_tone(word)[0]


def noisy(text: str, chance: random.Random) -> str:
    """One copy as a hurried customer writes: some mixture of the ways above."""
    copy = teencode(text, chance) if chance.random() < 0.6 else text.lower()
    if chance.random() < 0.15:
        return raw_telex(copy, chance)
    copy = typos(copy, chance, rate=chance.choice((0.0, 0.15, 0.3)))
    return without_diacritics(copy) if chance.random() < 0.5 else copy
