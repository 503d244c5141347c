"""What the house says of dates: given, renewed, and kept while a case changes hands; see `texts`."""

from __future__ import annotations

from bot.domain.promises import PromiseKind
from bot.services.texts import desk


def dated(*, kind: PromiseKind, due: str, language: str, stays: bool = False, instead: str = "") -> str:
    """Say when the customer hears from us, as a sentence of its own.

    ``stays``: the customer holds this date already, and nothing changes. ``instead``: what `instead_of` says of the
    one that is off.
    """
    call = kind is PromiseKind.CALL
    if language == "en":
        what = f"we call you at {due}" if call else f"you have an answer right here by {due}"
        return f"It stays as promised: {what}." if stays else f"{what[0].upper()}{what[1:]}{instead}."
    what = f"gọi anh/chị lúc {due}" if call else f"trả lời anh/chị ngay tại đây trước {due}"
    return f"Bên em {'vẫn giữ hẹn' if stays else 'hẹn'} {what}{instead} ạ."


def instead_of(*, kind: PromiseKind, due: str, language: str) -> str:
    """Say, as half a sentence, which date that the customer holds is off."""
    if language == "en":
        return f", instead of {'the call at' if kind is PromiseKind.CALL else 'by'} {due}"
    return f", thay cho {'cuộc gọi' if kind is PromiseKind.CALL else 'giờ'} đã hẹn {due}"


def promise_made(*, code: str, due: str, language: str, instead: str = "") -> str:
    """Tell the customer a date that a staff member chose. ``instead``: as in `dated`."""
    if language == "en":
        return f"About your case {code}: we will come back to you right here by {due}{instead}."
    return f"Dạ về phiếu {code}, bên em hẹn trả lời anh/chị ngay tại đây trước {due}{instead} ạ."


def promise_renewed(*, code: str, department: str, due: str, language: str, instead: str = "") -> str:
    """Own up to a wait that was too long, with number, date and desk: the customer may never have heard the number."""
    if language == "en":
        return (
            f"I am sorry that you had to wait. Your request is case {code}; {department} has it now "
            f"and will answer you right here by {due}{instead}."
        )
    return (
        f"Dạ em xin lỗi đã để anh/chị phải chờ. Yêu cầu của anh/chị là phiếu {code}, em đã chuyển tới "
        f"{desk(department)} và xin hẹn trả lời trước {due}{instead} ạ."
    )


def promise_still(*, code: str, department: str, due: str, language: str, instead: str = "") -> str:
    """Own up to a wait in a case that has been with those who lead before."""
    if language == "en":
        return (
            f"I am sorry that you are still waiting. Your case {code} is still with {department}; I have "
            f"reminded them, and you have an answer right here by {due}{instead}."
        )
    return (
        f"Dạ em xin lỗi đã để anh/chị chờ thêm. Phiếu {code} vẫn đang ở {desk(department)}, em đã nhắc lại "
        f"và xin hẹn trả lời anh/chị trước {due}{instead} ạ."
    )
