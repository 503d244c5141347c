"""The parser under shapes that no platform should send, and some that one did."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.channels.telegram.parse import read_update, salvage_update
from bot.domain.arrivals import CustomerMessage, Ignored, MessageEdited
from bot.domain.messages import MessageKind

PERSON = {"id": 42, "is_bot": False, "first_name": "Lan", "language_code": "vi"}
CHAT = {"id": 42, "type": "private"}


def update(**content: Any) -> dict[str, Any]:
    return {"update_id": 7, "message": {"message_id": 5, "from": PERSON, "chat": CHAT, "date": 1, **content}}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
contents = st.sampled_from(
    ["text", "photo", "animation", "document", "video", "voice", "audio", "sticker", "dice", "venue", "location"]
) | st.sampled_from(
    ["contact", "poll", "story", "reply_to_message", "forward_origin", "media_group_id", "caption", "from", "chat"]
)


@given(key=contents, value=json_values)
def test_no_content_raises_anything_but_a_value_error(key: str, value: Any) -> None:
    try:
        read_update(update(**{"text": "chào", key: value}))
    except ValueError as error:
        assert str(error).startswith("$")  # noqa: PT017 - not raising is as good


@given(kind=st.sampled_from(["edited_message", "callback_query", "my_chat_member", "brand_new"]), value=json_values)
def test_no_update_with_an_id_is_too_odd_to_store(kind: str, value: Any) -> None:
    arrival = salvage_update({"update_id": 7, kind: value})

    assert arrival.dedupe_key == "u:7"
    json.dumps(arrival.payload, allow_nan=False).encode()


@pytest.mark.parametrize("key", ["photo", "document", "voice", "sticker", "location", "contact", "poll", "dice"])
def test_odd_content_of_a_customer_is_still_a_message(key: str) -> None:
    happening = read_update(update(**{key: 3})).happening

    assert isinstance(happening, CustomerMessage)
    assert happening.kind is MessageKind.UNKNOWN
    assert happening.meta["unreadable"].startswith(f"$.message.{key}")


def test_a_message_without_any_content_is_still_a_message() -> None:
    happening = read_update(update()).happening

    assert isinstance(happening, CustomerMessage)
    assert (happening.kind, happening.meta) == (MessageKind.UNKNOWN, {"telegram": "nothing"})


def test_text_is_stored_without_what_postgresql_refuses() -> None:
    arrival = read_update(update(text="a\x00b\ud83dc"))

    assert arrival.payload["message"]["text"] == "a\ufffdb\ufffdc"
    assert isinstance(arrival.happening, CustomerMessage)
    assert arrival.happening.text == "a\ufffdb\ufffdc"


def test_an_endless_nesting_leaves_its_id_behind() -> None:
    deep: dict[str, Any] = {}
    for _ in range(900):
        deep = {"a": deep}

    arrival = salvage_update({"update_id": 7, "message": deep})

    assert arrival.payload == {"update_id": 7}
    assert arrival.happening == Ignored(reason="unreadable:$: nested deeper than 64 levels")


@pytest.mark.parametrize(
    "typed", ["/start chào em, cho hỏi", "/starts", "/start\u00e1", "  /x", "//", "/restart", "/start a b"]
)
def test_a_text_that_looks_like_a_command_is_a_text(typed: str) -> None:
    happening = read_update(update(text=typed)).happening

    assert isinstance(happening, CustomerMessage)
    assert happening.text == typed.strip()


def test_an_edit_that_empties_a_caption_brings_the_file_again() -> None:
    raw = {"update_id": 8, "edited_message": update(voice={"file_id": "v"})["message"]}

    happening = read_update(raw).happening

    assert isinstance(happening, CustomerMessage)
    assert happening.meta["edit_of"] == "5"


def test_an_edited_caption_changes_the_words() -> None:
    raw = {"update_id": 8, "edited_message": update(voice={"file_id": "v"}, caption="Nghe thử nhé")["message"]}

    happening = read_update(raw).happening

    assert isinstance(happening, MessageEdited)
    assert happening.text == "Nghe thử nhé"


def test_a_long_name_is_one_short_line() -> None:
    raw = copy.deepcopy(update(text="alo"))
    raw["message"]["from"] = PERSON | {"first_name": "Quản trị viên\n" * 50}

    happening = read_update(raw).happening

    assert isinstance(happening, CustomerMessage)
    assert happening.sender_name is not None
    assert len(happening.sender_name) <= 120
    assert "\n" not in happening.sender_name
