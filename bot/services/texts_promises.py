"""What the house says of dates: given, renewed, and kept while a case changes hands; see `texts`."""

from __future__ import annotations

from bot.domain.promises import PromiseKind
from bot.services.texts import desk


def dated(*, kind: PromiseKind, due: str, language: str) -> str:
    """Say when the customer hears from us, as a sentence of its own.

    A date that the customer holds already is said again as one that stays.
    """
    if language == "en":
        return {
            PromiseKind.ANSWER: f"You have an answer right here by {due}.",
            PromiseKind.DATE: f"It stays as promised: an answer right here by {due}.",
            PromiseKind.CALL: f"It stays as promised: we call you at {due}.",
        }[kind]
    return {
        PromiseKind.ANSWER: f"Bên em hẹn trả lời anh/chị ngay tại đây trước {due} ạ.",
        PromiseKind.DATE: f"Bên em vẫn giữ hẹn trả lời anh/chị ngay tại đây trước {due} ạ.",
        PromiseKind.CALL: f"Bên em vẫn giữ hẹn gọi anh/chị lúc {due} ạ.",
    }[kind]


def promise_made(*, code: str, due: str, language: str) -> str:
    """Tell the customer a date that a staff member chose."""
    if language == "en":
        return f"About your case {code}: we will come back to you right here by {due}."
    return f"Dạ về phiếu {code}, bên em hẹn trả lời anh/chị ngay tại đây trước {due} ạ."


def promise_renewed(*, code: str, department: str, due: str, language: str) -> str:
    """Own up to a wait that was too long, with number, date and desk: the customer may never have heard the number."""
    if language == "en":
        return (
            f"I am sorry that you had to wait. Your request is case {code}; {department} has it now "
            f"and will answer you right here by {due}."
        )
    return (
        f"Dạ em xin lỗi đã để anh/chị phải chờ. Yêu cầu của anh/chị là phiếu {code}, em đã chuyển tới "
        f"{desk(department)} và xin hẹn trả lời trước {due} ạ."
    )


def promise_still(*, code: str, department: str, due: str, language: str) -> str:
    """Own up to a wait in a case that has been with those who lead before."""
    if language == "en":
        return (
            f"I am sorry that you are still waiting. Your case {code} is still with {department}; I have "
            f"reminded them, and you have an answer right here by {due}."
        )
    return (
        f"Dạ em xin lỗi đã để anh/chị chờ thêm. Phiếu {code} vẫn đang ở {desk(department)}, em đã nhắc lại "
        f"và xin hẹn trả lời anh/chị trước {due} ạ."
    )
