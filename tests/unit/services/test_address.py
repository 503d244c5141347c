"""How a customer likes to be called, read from whatever the engine may hand us."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain.conversations import Conversation, Floor
from bot.domain.messages import Channel
from bot.services.address import UNKNOWN, address_of, addressed


def talk(dialogue: Any) -> Conversation:
    return Conversation(
        id=1,
        customer_id=1,
        channel=Channel.WEBCHAT,
        chat="a",
        floor=Floor(),
        created_at=datetime(2026, 11, 25, tzinfo=UTC),
        dialogue=dialogue,
    )


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([{"slot": "address", "value": "chị"}], "chị"),
        ([{"slot": "address", "value": "anh"}, {"action": "x"}, {"slot": "address", "value": "bác"}], "bác"),
        ([{"slot": "address", "value": "em"}], UNKNOWN),
        ([{"slot": "address", "value": "anh/chị"}], UNKNOWN),
        ([{"slot": "address", "value": "<b>"}], UNKNOWN),
        ([{"slot": "address", "value": None}], UNKNOWN),
        ([{"slot": "topic", "value": "anh"}], UNKNOWN),
        ([], UNKNOWN),
        (["address", 7, None], UNKNOWN),
        ({"slot": "address"}, UNKNOWN),
    ],
)
def test_the_last_note_counts(events: Any, expected: str) -> None:
    assert address_of(talk({"v": 1, "events": events})) == expected


@pytest.mark.parametrize("dialogue", [None, {}, {"v": 1}])
def test_nothing_was_heard(dialogue: Any) -> None:
    assert address_of(talk(dialogue)) == UNKNOWN


@pytest.mark.parametrize(
    ("you", "said"),
    [
        ("bác", "Dạ cháu đã ghi, bác chờ cháu nhé. Bác cần gì thêm cứ nhắn ạ."),
        ("chị", "Dạ em đã ghi, chị chờ em nhé. Chị cần gì thêm cứ nhắn ạ."),
        ("em", "Dạ em đã ghi, anh/chị chờ em nhé. Anh/chị cần gì thêm cứ nhắn ạ."),
    ],
)
def test_the_house_speaks_in_the_form_that_was_heard(you: str, said: str) -> None:
    written = "Dạ em đã ghi, anh/chị chờ em nhé. Anh/chị cần gì thêm cứ nhắn ạ."
    assert addressed(written, talk({"events": [{"slot": "address", "value": you}]})) == said
