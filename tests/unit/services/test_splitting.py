"""Long answers in pieces."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.services.splitting import split_text

FAMILY = "👨‍👩‍👧‍👦"


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def test_short_text_is_left_alone() -> None:
    assert split_text("Dạ vâng ạ.", 2000) == ["Dạ vâng ạ."]
    assert split_text("", 2000) == []


def test_cuts_at_a_sentence_where_there_is_one() -> None:
    assert split_text("Câu một ở đây. Câu hai ở đây.", 20) == ["Câu một ở đây.", "Câu hai ở đây."]


def test_never_inside_a_family() -> None:
    pieces = split_text(FAMILY * 40, 50)
    assert "".join(pieces) == FAMILY * 40
    assert all(piece.count("👨") == piece.count("👦") for piece in pieces)


def test_a_monstrous_cluster_is_cut_rather_than_lost() -> None:
    zalgo = "a" + "\u0301" * 300
    assert "".join(split_text(zalgo, 100)) == zalgo


@given(st.text(max_size=400), st.integers(30, 80))
def test_nothing_visible_is_lost_and_every_piece_fits(text: str, limit: int) -> None:
    text = text.encode("utf-8", "ignore").decode()
    pieces = split_text(text, limit)
    assert all(units(piece) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())
