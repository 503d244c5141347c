"""What evidently goes on waits a moment for the rest; nothing else does."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.bursts import QUIET, opens, together, waits
from bot.domain.messages import Author, Direction, Message, MessageKind

HELD_OUT = Path(__file__).parents[2] / "data/heldout"
NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


def said(text: str, number: int = 1, kind: MessageKind = MessageKind.TEXT) -> Message:
    return Message(
        id=number,
        conversation_id=1,
        direction=Direction.INBOUND,
        author=Author.CUSTOMER,
        kind=kind,
        text=text,
        created_at=NOW + timedelta(seconds=number),
    )


@pytest.mark.parametrize(
    "text",
    ["alo", "Alooo", "shop ơi", "ad ơi cho hỏi", "cho hỏi", "cho em hỏi chút", "e oi", "ALO ALO", "anh ơi!", "hỏi tí",
     "cho mình hỏi với ạ", "chị ơi cho em hỏi xíu"],
)  # fmt: skip
def test_openers(text: str) -> None:
    assert opens(text)


@pytest.mark.parametrize(
    "text",
    ["chào shop", "xin chào", "hi", "giá sp này", "cho hỏi giá tủ lạnh", "alo hoá đơn của tôi đâu", "ok", "có", "?",
     "👍", "", "cho em gặp nhân viên", "em ơi gấp lắm nhà cháy", "kt 42", "1"],
)  # fmt: skip
def test_what_says_something_already(text: str) -> None:
    assert not opens(text)


def test_an_opener_waits_from_its_newest_message_and_not_for_ever() -> None:
    burst = [said("alo", 1), said("shop ơi", 2)]
    assert waits(burst, NOW + timedelta(seconds=2.1)) == burst[-1].created_at + QUIET
    assert waits(burst, burst[-1].created_at + QUIET) is None


def test_a_need_ends_the_wait_and_what_follows_is_another_answer() -> None:
    burst = [said("alo", 1), said("cho hỏi", 2), said("giá sp này", 3), said("mấy giờ mở cửa", 4)]
    assert waits(burst, NOW) is None
    assert [one.id for one in together(burst)] == [1, 2, 3]
    assert [one.id for one in together(burst[3:])] == [4]


def test_a_picture_is_answered_by_itself() -> None:
    burst = [said("", 1, MessageKind.IMAGE), said("cái này", 2)]
    assert waits(burst, NOW) is None
    assert [one.id for one in together(burst)] == [1]


@pytest.mark.parametrize(
    "text",
    ["em mua cái tủ lạnh", "hôm qua chị mua con máy giặt bên em", "shop oi e co dat 1 cai quat", "I bought a fridge",
     "em mới đặt 2 cái nồi", "tủ lạnh nhà em,", "chuyện là hôm kia em ghé cửa hàng mua cái quạt về quê…",
     "mà", "với lại", "tại vì", "máy giặt chị mua thì", "em ra quầy rồi nhưng mà", "may giat chi mua nhung", "but",
     "I went to the counter and"],
)  # fmt: skip
def test_what_goes_on(text: str) -> None:
    assert opens(text)


@pytest.mark.parametrize(
    "text",
    ["dạ", "ừ", "thôi", "em mua cái tủ lạnh nha", "cho em mua cái tủ lạnh", "em muốn mua tủ lạnh", "mua tủ lạnh",
     "em mua cái tủ lạnh bị hỏng", "em đặt hẹn thứ bảy", "chị lấy cái màu đen", "em đúng rồi mà", "giúp em với",
     "phim nào hay", "mã thẻ", "báo mất thẻ", "dạ em chào anh chị ạ", "mấy giờ mở cửa...", "tủ lạnh giá bao nhiêu,",
     "2 cái", "chiều mai", "hôm kia", "cái máy lọc nước", "0909123456", "mà sao lâu thế", "PHÍ SHIP ĐẮT THẾ", "the",
     "em chờ lâu lắm rồi đấy nhé mà vẫn chưa thấy ai gọi cho em để hẹn ngày giao cái tủ lạnh em đặt tuần trước cả"],
)  # fmt: skip
def test_what_is_said_to_its_end(text: str) -> None:
    assert not opens(text)


@pytest.mark.parametrize(
    ("texts", "answered_as_one", "waiting"),
    [
        (["em mua cái tủ lạnh"], 1, True),
        (["em mua cái tủ lạnh", "hôm kia"], 2, True),
        (["em mua cái tủ lạnh", "hôm kia", "giờ nó ko lạnh"], 3, False),
        (["em mua cái tủ lạnh", "hôm kia", "giờ nó ko lạnh", "đổi dc ko"], 3, False),
        (["shop oi e co dat 1 cai quat", "ma", "h van chua thay giao"], 3, False),
        (["cho chị hỏi", "cái máy lọc nước"], 2, True),
        (["cho chị hỏi", "cái máy lọc nước", "lõi lọc bao nhiêu tiền"], 3, False),
        (["alo", "tối qua", "app lỗi"], 3, False),
        (["hôm kia"], 1, False),
        (["cái máy lọc nước"], 1, False),
        (["giá tủ lạnh", "mà"], 1, False),
    ],
)
def test_a_need_in_pieces(texts: list[str], answered_as_one: int, waiting: bool) -> None:
    burst = [said(text, number) for number, text in enumerate(texts, start=1)]
    assert len(together(burst)) == answered_as_one
    assert (waits(burst, burst[-1].created_at) is not None) is waiting


def test_what_customers_write_in_one_message_does_not_wait() -> None:
    texts = [
        json.loads(line)["text"]
        for path in HELD_OUT.glob("*.jsonl")
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    held = [text for text in texts if opens(text)]
    assert len(held) <= len(texts) / 200, held


def test_any_text_is_read_in_bounded_time() -> None:
    started = datetime.now(UTC)
    for text in ("mà " * 300, "em mua cái " * 90, "," * 1000, "a" * 1000, "em ơi " * 25, "hôm kia " * 5):
        burst = [said("alo", 1), said(text, 2)]
        opens(text)
        waits(burst, NOW)
    assert datetime.now(UTC) - started < timedelta(seconds=0.5)
