"""Buttons under a message, within the 64 bytes that Telegram gives to what comes back.

A payload that fits travels in the button. A longer one stays with the message it belongs to, in the house's store,
and the button carries only its place among the buttons of that message. When it is pressed, Telegram names the
message; its caption, which comes along with the press, is what the customer said, and `pressed_button` adds where the
full payload lies.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.adapters.channels.payload import Payload
from bot.domain.messages import Button
from bot.domain.text import clean

DATA_BYTES: Final = 64
_PLACE: Final = "letan-button:"


def keyboard(buttons: Sequence[Button]) -> InlineKeyboardMarkup | None:
    """Return buttons as Telegram shows them, one a row, ``None`` without any."""
    rows = [
        [InlineKeyboardButton(button.title, callback_data=_data(button, place))] for place, button in enumerate(buttons)
    ]
    return InlineKeyboardMarkup(rows) if rows else None


def _data(button: Button, place: int) -> str:
    fits = 0 < len(button.payload.encode()) <= DATA_BYTES and not button.payload.startswith(_PLACE)
    return button.payload if fits else f"{_PLACE}{place}"


def pressed_button(query: Payload) -> tuple[str, dict[str, Any]]:
    """Return the text that a press stands for, and what is known about it.

    For a payload that did not fit, the text is the button's title and ``meta["button"]`` holds ``message`` (our
    outbound message, by the channel's id) and ``index`` (the place among its buttons); whoever can look the message up
    *within the same conversation* finds the full payload there. Programs can press buttons that do not exist: an index
    may be out of range, and a text is no more than what a customer could have typed.
    """
    message = query.maybe_object("message")
    data = query.maybe_text("data") or ""
    meta: dict[str, Any] = {"pressed": True}
    if message is not None:
        meta["message"] = message.maybe_identifier("message_id")
    place = data.removeprefix(_PLACE)
    if place == data or not (place.isascii() and place.isdigit() and len(place) <= 3):
        return clean(data), meta
    meta["button"] = {"message": meta.get("message"), "index": int(place)}
    return clean(_title(message, data)), meta


def _title(message: Payload | None, data: str) -> str:
    """Return the title of the button that carries ``data``; empty when Telegram no longer shows bots the message."""
    markup = message.maybe_object("reply_markup") if message is not None else None
    buttons = [button for row in markup.rows("inline_keyboard") for button in row] if markup is not None else []
    return next((button.text("text") for button in buttons if button.maybe_text("callback_data") == data), "")
