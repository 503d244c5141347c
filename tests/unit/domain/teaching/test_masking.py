from __future__ import annotations

import re
import unicodedata
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.teaching.masking import LONGEST_READ, SPECIMENS, mask, masked, specimen
from bot.domain.teaching.sheet import TOKENS, Kind
from tests.unit.domain.teaching.spellings import HIDDEN, KEPT

FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Lý")

PIECES = st.sampled_from(
    [text for text, _ in HIDDEN]
    + KEPT
    + list(TOKENS.values())
    + ["0", "9", "12", ".", " ", "-", "‹", "›", "anh ", "đ", "x"]
)
TEXTS = st.one_of(
    st.lists(PIECES, max_size=5).map(" ".join), st.lists(PIECES, max_size=6).map("".join), st.text(max_size=60)
)


@pytest.mark.parametrize(("text", "secret"), HIDDEN, ids=[text for text, _ in HIDDEN])
def test_what_is_somebodys_is_covered(text: str, secret: str) -> None:
    assert secret not in mask(text)
    assert any(token in mask(text) for token in TOKENS.values())


@pytest.mark.parametrize("text", KEPT, ids=KEPT)
def test_what_is_nobodys_stays(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("0912 345 678", Kind.PHONE),
        ("4111 1111 1111 1111", Kind.CARD),
        ("001099012345", Kind.ID),
        ("stk 0071001234567", Kind.ACCOUNT),
        ("a@b.vn", Kind.EMAIL),
        ("KT-0042", Kind.CODE),
        ("otp 482913", Kind.SECRET),
        ("30A-123.45", Kind.PLATE),
        ("Nguyễn Văn An", Kind.NAME),
        ("123456789", Kind.NUMBER),
    ],
)
def test_it_says_what_was_covered(text: str, kind: Kind) -> None:
    assert masked(text).spans[-1].kind is kind


@pytest.mark.parametrize("text", ["+0123456789123456", "1.234567890đ", "12/12/2026123456789", "9" * 40, "a" + "7" * 30])
def test_odd_numbers_do_not_slip_through(text: str) -> None:
    assert re.search(r"[0-9]{9}", mask(text)) is None


def test_the_words_around_stay() -> None:
    assert mask("đổi 2 cái quạt đơn DH123456, gọi 0912345678 lúc 9h30") == (
        "đổi 2 cái quạt đơn ‹mã›, gọi ‹số điện thoại› lúc 9h30"
    )


@settings(max_examples=40, deadline=None)
@given(TEXTS)
def test_no_nine_digits_survive_and_masking_twice_changes_nothing(text: str) -> None:
    once = mask(text)
    plain = "".join(
        str(unicodedata.digit(char, char)) for char in once if unicodedata.category(char) not in ("Mn", "Me")
    )
    assert re.search(r"[0-9]{9}", plain) is None
    assert mask(once) == once


def test_composed_and_decomposed_letters_are_masked_alike() -> None:
    for text, _ in HIDDEN:
        assert mask(unicodedata.normalize("NFD", text)) == mask(text)


@settings(max_examples=25, deadline=None)
@given(TEXTS, st.data())
def test_places_are_found_again(text: str, data: st.DataObject) -> None:
    found = masked(text)
    start = data.draw(st.integers(0, len(found.source)))
    end = data.draw(st.integers(start, len(found.source)))
    first, last = found.to_masked(start, end)
    assert 0 <= first <= last <= len(found.text)
    back = found.to_source(first, last)
    if start < end:
        # Nothing is lost of what was marked; a covered part comes back whole.
        assert back[0] <= start
        assert back[1] >= end
        assert found.to_masked(*back) == (first, last)


def test_places_move_with_the_tokens() -> None:
    found = masked("gọi 0912345678 lúc 9h30 đơn DH123456 nhé")
    start = found.source.index("9h30")
    first, last = found.to_masked(start, start + 4)
    assert found.text[first:last] == "9h30"
    assert found.to_source(first, last) == (start, start + 4)
    inside = found.source.index("345678 l")
    assert found.text[slice(*found.to_masked(inside, inside + 2))] == "‹số điện thoại›"


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("bạn hoa tư vấn tốt", ["Trần Thị Hoa"], "bạn ‹tên› tư vấn tốt"),
        ("hoa don cua toi", ["Hoa"], "hoa don cua toi"),
        ("hoá đơn", ["Hoa"], "hoá đơn"),
        ("cho gap tran thi hoa", ["Trần Thị Hoa"], "cho gap ‹tên›"),
        ("chị Ý hẹn em", ["Trần Thị Ý"], "chị ‹tên› hẹn em"),
        ("nhờ Ý xem giúp", ["Trần Ý"], "nhờ ‹tên› xem giúp"),
        ("Y tế, chị y hẹn", ["Trần Ý"], "Y tế, chị y hẹn"),
        ("chú ý giúp", ["Trần Ý"], "chú ý giúp"),
        ("Hòa hẹn, Hoa hẹn, hoá đơn", ["Trần Văn Hòa", "Nguyễn Thị Hoa"], "‹tên› hẹn, ‹tên› hẹn, hoá đơn"),
        ("Hoà hẹn hôm nay", ["Lê Hòa"], "‹tên› hẹn hôm nay"),
        ("Hòa hẹn hôm nay", ["Lê Hoà"], "‹tên› hẹn hôm nay"),
        ("Thúy hẹn hôm nay", ["Lê Thuý"], "‹tên› hẹn hôm nay"),
        ("nhờ Pí xem", ["Pí (KT)"], "nhờ ‹tên› xem"),
        ("nhờ Pí xem", ["(KT) Pí - kho"], "nhờ ‹tên› xem"),
        ("KT xem, kho xem", ["Pí (KT)", "Pí - kho"], "KT xem, kho xem"),
        ("Mai em qua, anh mai đi", ["Trần Thị Mai"], "Mai em qua, anh mai đi"),
        ("nhờ Trần Thị Mai xem", ["Trần Thị Mai"], "nhờ ‹tên› xem"),
        ("tran thi mai va tran thi hoa", ["Trần Thị Mai", "Trần Thị Hoa"], "‹tên› va ‹tên›"),
        ("xô pí lơ", ["Xô Pí", "Pí Lơ"], "‹tên›"),
        ("Thảo luận lại với Thảo", ["Lê Thảo"], "Thảo luận lại với ‹tên›"),
        ("nhờ Pí xem giúp", ["Pí"], "nhờ ‹tên› xem giúp"),
        ("không sao", ["", "  ", "🌸"], "không sao"),
        ("a.*b", ["(.*) +", "x.* y"], "a.*b"),
    ],
)
def test_known_names_are_covered_where_they_are_meant(text: str, names: list[str], expected: str) -> None:
    assert mask(text, names) == expected
    if len(names) == 1:
        assert mask(text, customer=names[0]) == expected


@pytest.mark.parametrize("text", ["Em là {} ạ", "em tên {} ạ", "chị {} hẹn em", "gặp chị {}"])
def test_a_name_may_be_a_single_letter(text: str) -> None:
    assert mask(text.format("Ý")) == text.format("‹tên›")


def test_many_staff_make_a_message_hardly_dearer() -> None:
    staff = tuple(f"{family} {middle} Xô{given}" for family in FAMILIES for middle in "AÂĂĐÊ" for given in "bcdghklmnp")
    text = "chị ơi đơn của em tới đâu rồi, hôm qua nói sẽ giao mà chưa thấy ai gọi hết"
    mask(text, staff)

    def took(names: tuple[str, ...]) -> float:
        def once() -> float:
            began = process_time()
            mask(text, names, "Lê Hòa")
            return process_time() - began

        return min(once() for _ in range(20))

    # All names anew for each message took a hundred times as long.
    assert took(staff) < 5 * took(())


def test_a_specimen_reads_like_a_message_and_points_to_nobody() -> None:
    assert specimen("đơn DH123456 gọi 0987654321 cho chị Hương") == "đơn AA0000 gọi 0900 000 000 cho chị An"
    assert SPECIMENS.keys() == TOKENS.keys() == set(Kind)


def test_what_is_too_long_is_cut_between_words_and_not_through_a_number() -> None:
    text = "x" * (LONGEST_READ - 4) + " 0912345678 " + "y" * 50
    assert masked(text).source == "x" * (LONGEST_READ - 4) + " …"
    assert re.search(r"\d", mask(text)) is None


@pytest.mark.parametrize("piece", ["0 ", "a.", "-", "1/", "a1-", "anh Lan "])
def test_no_text_takes_long(piece: str) -> None:
    """Finishes at all: a pattern that reads on to the end from every sign would take minutes here."""
    assert mask(piece * (100_000 // len(piece))) is not None
