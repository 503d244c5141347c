"""Openers wait a moment for the need behind them; nothing else does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.bursts import QUIET, opens, together, waits
from bot.domain.messages import Author, Direction, Message, MessageKind

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
