"""Buttons and what comes back from them, within 64 bytes."""

from __future__ import annotations

from typing import Any

import pytest

from bot.adapters.channels.payload import Payload
from bot.adapters.channels.telegram.buttons import keyboard, pressed_button
from bot.domain.messages import Button

FITTING = "Em muốn xuất hoá đơn"
TOO_LONG = "Em muốn đối chiếu công nợ tháng mười một của công ty mình"


def pressed(buttons: list[Button], place: int) -> tuple[str, dict[str, Any]]:
    """Show buttons and press one, as Telegram would carry it back."""
    markup = keyboard(buttons)
    assert markup is not None
    shown = markup.to_dict()
    query = {
        "data": shown["inline_keyboard"][place][0]["callback_data"],
        "message": {"message_id": 9, "reply_markup": shown},
    }
    return pressed_button(Payload(query))


def test_a_payload_that_fits_comes_back() -> None:
    assert pressed([Button(title="Hoá đơn", payload=FITTING)], 0) == (FITTING, {"pressed": True, "message": "9"})


def test_a_long_payload_comes_back_as_its_title_and_its_place() -> None:
    assert len(TOO_LONG) < 64 < len(TOO_LONG.encode())

    text, meta = pressed([Button(title="Hoá đơn", payload=FITTING), Button(title="Công nợ", payload=TOO_LONG)], 1)

    assert text == "Công nợ"
    assert meta["button"] == {"message": "9", "index": 1}


@pytest.mark.parametrize("payload", ["", "letan-button:7", "a" * 64, "a" * 65, "đ" * 32, "đ" * 33])
def test_whatever_the_payload_the_button_carries_1_to_64_bytes(payload: str) -> None:
    markup = keyboard([Button(title="Chọn", payload=payload)])

    assert markup is not None
    data = markup.inline_keyboard[0][0].callback_data
    assert isinstance(data, str)
    assert 1 <= len(data.encode()) <= 64


@pytest.mark.parametrize("data", ["letan-button:", "letan-button:-1", "letan-button:1000", "letan-button:²"])
def test_a_forged_place_is_a_plain_text(data: str) -> None:
    text, meta = pressed_button(Payload({"data": data}))

    assert text == data
    assert "button" not in meta


def test_no_buttons_no_keyboard() -> None:
    assert keyboard([]) is None
