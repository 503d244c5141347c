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
        lead = f"Nobody will be at the desk at {asked}. " if asked else ""
        when = f"at the nearest time, {at}" if asked else f"at {at}"
        number = f"on {phone} " if phone else ""
        rest = "" if phone else " Please write the number we should call."
        other = " If another time suits you better, just write it here." if asked else ""
        return f"{lead}{department} will call you {number}{when}{instead}. Your case number is {code}.{rest}{other}"
    who = f"{texts.desk(department)} hẹn gọi anh/chị{f' số {phone}' if phone else ''}"
    lead = f"Dạ {asked} bên em chưa có người trực, {who} vào giờ gần nhất là {at}" if asked else f"Dạ {who} lúc {at}"
    rest = "" if phone else " Anh/chị nhắn giúp em số điện thoại để em gọi nhé."
    other = " Giờ khác tiện hơn thì anh/chị nhắn em ngay tại đây nhé." if asked else ""
    return f"{lead}{instead}, mã phiếu {code} ạ.{rest}{other}"


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


def renewed(*, code: str, department: str, at: str, led: bool, language: str) -> str:
    """Move a call that is not made at its hour. ``led``: those who lead had the case before."""
    if language == "en":
        has_it = f"{department} {'still' if led else 'now'} has it"
        return f"I am sorry: the call about your case {code} was not made on time. {has_it} and will call you at {at}."
    who = f"Phiếu vẫn ở {texts.desk(department)}, em" if led else f"Em đã chuyển tới {texts.desk(department)} và"
    return (
        f"Dạ em xin lỗi anh/chị, cuộc gọi về phiếu {code} chưa thực hiện đúng giờ được ạ. "
        f"{who} xin hẹn gọi lại anh/chị lúc {at} ạ."
    )


def missed(*, at: str, language: str) -> str:
    """Say the same as a sentence of its own, where the case goes to another desk."""
    if language == "en":
        return f"I am sorry that the call was not made on time: we will call you at {at}."
    return f"Em xin lỗi anh/chị vì cuộc gọi chưa thực hiện đúng giờ, bên em xin hẹn gọi lại lúc {at} ạ."


def called_off(*, code: str, department: str, at: str | None, due: str | None, language: str) -> str:
    """Say that there will be no call. ``due``: by when something else of the case is answered, where more is owed."""
    if language == "en":
        lead = f"I have cancelled the call{f' at {at}' if at else ''} (case {code})."
        rest = f"{department} will still answer you right here by {due}." if due else "Just write if you need anything."
        return f"{lead} {rest}"
    lead = f"Dạ em đã huỷ giờ gọi{f' {at}' if at else ''}, mã phiếu {code} ạ."
    if due:
        return f"{lead} Việc còn lại {texts.desk(department)} vẫn trả lời anh/chị ngay tại đây trước {due} ạ."
    return f"{lead} Cần gì thêm anh/chị cứ nhắn em ngay tại đây nhé."


def off_note(*, owed: bool, over: bool) -> str:
    """Tell staff that the customer wants no call, and what is left to do. ``over``: the house has closed the case."""
    if owed:
        return "Khách đã huỷ cuộc hẹn gọi. Việc còn lại trong phiếu vẫn cần trả lời."
    rest = "hệ thống đã đóng phiếu." if over else "đóng phiếu giúp ạ."
    return f"Khách đã huỷ cuộc hẹn gọi. Phiếu không còn việc nào khác, {rest}"


def kept_then(*, at: str | None, asked: str | None, free: str | None, language: str) -> str:
    """Ask for another hour, as the one that was ``asked`` for will not do: the call at ``at``, if any, stays meanwhile.

    ``free``: the nearest hour at which the desk is there.
    """
    if language == "en":
        lead = f"We are closed at {asked}. " if asked else ""
        offer = f"The nearest time is {free}. " if free else ""
        stays = f" Until you tell me, the call stays at {at}." if at else ""
        return f"{lead}{offer}Which time suits you?{stays}"
    lead = f"{asked} bên em ngoài giờ làm việc" if asked else ""
    offer = f"giờ gần nhất em gọi được là {free}" if free else ""
    said = ", ".join(part for part in (lead, offer) if part)
    said = f"Dạ {said} ạ. Anh/chị" if said else "Dạ anh/chị"
    stays = f" Trong lúc đó em vẫn giữ hẹn gọi lúc {at} ạ." if at else ""
    return f"{said} muốn em gọi lúc mấy giờ ạ?{stays}"
