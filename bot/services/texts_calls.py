"""What customers are told about being called, in Vietnamese and English. See `bot.services.texts`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.services import texts


def phone_of(collected: Mapping[str, Any]) -> str | None:
    """Return the number that a customer gave, None where they had none to give."""
    phone = collected.get("phone")
    return phone if isinstance(phone, str) and any(sign.isdigit() for sign in phone) else None


def promised(
    *, code: str, department: str, phone: str | None, at: str, asked: str | None, language: str, instead: str = ""
) -> str:
    """Promise a call. ``asked``: the hour that the customer wanted, where nobody is there then.

    ``instead``: what `texts_promises.instead_of` says of the date that is off.
    """
    if language == "en":
        lead = f"Nobody will be at the desk at {asked}; the nearest time I can promise is {at}. " if asked else ""
        number = f"on {phone} " if phone else ""
        rest = "" if phone else " Please write the number we should call."
        other = " If another time suits you better, just write it here." if asked else ""
        return f"{lead}{department} will call you {number}at {at}{instead}. Your case number is {code}.{rest}{other}"
    lead = f"Dạ {asked} bên em chưa có người trực, giờ gần nhất em gọi được là {at}. " if asked else "Dạ "
    who = f"{'Em' if asked else 'em'} hẹn gọi anh/chị{f' số {phone}' if phone else ''}"
    rest = "" if phone else " Anh/chị nhắn giúp em số điện thoại để em gọi nhé."
    other = " Giờ khác tiện hơn thì anh/chị nhắn em ngay tại đây nhé." if asked else ""
    return f"{lead}{who} lúc {at}{instead}, mã phiếu {code}, {texts.desk(department)} sẽ gọi ạ.{rest}{other}"


def moved(*, code: str, phone: str | None, at: str, asked: str | None, language: str, instead: str = "") -> str:
    """Confirm another hour for a call that was promised. ``asked`` and ``instead``: as in `promised`."""
    if language == "en":
        lead = f"Nobody will be at the desk at {asked}. " if asked else ""
        return f"{lead}I have moved the call{f' to {phone}' if phone else ''} to {at}{instead} (case {code})."
    lead = f"Dạ {asked} bên em chưa có người trực. Em" if asked else "Dạ em"
    number = f" số {phone}" if phone else ""
    return f"{lead} đổi giờ rồi: em hẹn gọi anh/chị{number} lúc {at}{instead}, mã phiếu {code} ạ."


def not_reached(*, code: str, at: str, language: str) -> str:
    """Say that a call found nobody, and when the next one comes."""
    if language == "en":
        return f"I have just called and could not reach you. I will call again at {at} (case {code})."
    return f"Dạ em vừa gọi mà chưa gặp được anh/chị, em gọi lại lúc {at}, mã phiếu {code} ạ."


def given_up(*, code: str, tries: int, due: str, language: str) -> str:
    """Say that several calls found nobody, ask for another time, and promise an answer in writing meanwhile."""
    if language == "en":
        return (
            f"I have called {tries} times and could not reach you (case {code}). Which time suits you? "
            f"We will also write to you right here by {due}."
        )
    return (
        f"Dạ em đã gọi {tries} lần mà chưa gặp được anh/chị, mã phiếu {code}. Anh/chị tiện nghe máy lúc nào thì nhắn "
        f"em nhé. Trong lúc đó bên em sẽ trả lời anh/chị ngay tại đây trước {due} ạ."
    )


def renewed(*, code: str, department: str, at: str, language: str) -> str:
    """Move a call that will not be made at its hour, before that hour passes."""
    if language == "en":
        return (
            f"I am sorry: the call about your case {code} cannot be made on time. "
            f"{department} has it now and will call you at {at}."
        )
    return (
        f"Dạ em xin lỗi anh/chị, cuộc gọi về phiếu {code} chưa thực hiện đúng giờ được ạ. Em đã chuyển tới "
        f"{texts.desk(department)} và xin hẹn gọi lại anh/chị lúc {at} ạ."
    )
