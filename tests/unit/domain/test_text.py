"""`clean` and `fold`: what is stored, and what is compared."""

import unicodedata

import pytest

from bot.domain.text import clean, fold


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        ("  chào em  ", "chào em"),
        ("a\tb\x00c\x07d", "a b c d"),
        ("một\r\nhai\rba\u2028bốn\u0085năm", "một\nhai\nba\nbốn\nnăm"),
        ("\u200b\u2060\ufeff", ""),
        ("   \n ", ""),
        ("giá\u200b bao\u202e nhiêu", "giá bao nhiêu"),
        ("x\ud83dy", "x\ufffdy"),
        ("cờ\U000e0067\U000e007f", "cờ"),
        ("cả nhà 👨\u200d👩\u200d👧 ơi", "cả nhà 👨\u200d👩\u200d👧 ơi"),
        ("❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥"),
        ("a\u200db", "ab"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
def test_clean_gives_what_is_stored(raw: str, stored: str) -> None:
    assert clean(raw) == stored


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKD"])
def test_clean_gives_nfc_whatever_comes_in(form: str) -> None:
    raw = unicodedata.normalize(form, "Đổi hoá đơn giúp chị")  # type: ignore[arg-type]

    assert clean(raw) == "Đổi hoá đơn giúp chị"


def test_clean_twice_changes_nothing() -> None:
    raw = "\u202e \u200d👩\u200d🌾\u200d x\u0301\u200b\u0323 \r\n"

    assert clean(clean(raw)) == clean(raw)


@pytest.mark.parametrize(
    ("raw", "folded"),
    [
        ("Đổi Hoá Đơn", "doi hoa don"),
        ("hòa", "hoa"),
        ("hoà", "hoa"),
        ("ƯỚC NGUYỆN", "uoc nguyen"),
        ("ngh\u0300i\u0323\u0302", "nghi"),
        ("không\u200b phải", "khong phai"),
        ("İSTANBUL", "istanbul"),
        ("ＶＡＴ", "vat"),
        ("e" + "\u0301" * 200 + "m", "em"),
        ("dòng 1\ndòng 2", "dong 1\ndong 2"),
        ("", ""),
    ],
)
def test_fold_gives_what_is_compared(raw: str, folded: str) -> None:
    assert fold(raw) == folded


def test_fold_is_the_same_for_both_normal_forms() -> None:
    text = "Cái này em chịu, anh gọi chỗ khác đi ạ"

    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


def test_fold_twice_changes_nothing() -> None:
    text = "ĐƯỜNG İ ﬁ ẞ"

    assert fold(fold(text)) == fold(text)
