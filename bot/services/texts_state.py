"""How a case stands, said by the house while a person has the floor; see `texts`."""

from __future__ import annotations

from collections.abc import Sequence

from bot.services.texts import desk


def waiting(*, code: str, department: str, queue_number: int | None, due: str | None, call: bool, language: str) -> str:
    """Say that nobody has the case yet. ``call``: what is due then is a call."""
    if language == "en":
        ticket = f", queue ticket {queue_number}" if queue_number is not None else ""
        return f"case {code} waits at {department}{ticket}{_by_en(due, call)}."
    ticket = f", số thứ tự {queue_number}" if queue_number is not None else ""
    return f"phiếu {code} đang chờ ở {desk(department)}{ticket}{_by_vi(due, call)}."


def assigned(*, code: str, department: str, owner: str | None, due: str | None, call: bool, language: str) -> str:
    """Say who has the case, or only which desk. ``call``: as in `waiting`."""
    if language == "en":
        return f"{f'{owner} from {department}' if owner else department} has case {code}{_by_en(due, call)}."
    return f"phiếu {code} đang có {f'{owner} bên ' if owner else ''}{desk(department)} xử lý{_by_vi(due, call)}."


def done(*, code: str, department: str, language: str) -> str:
    """Say that the case is resolved."""
    if language == "en":
        return f"case {code} is done at {department}."
    return f"phiếu {code} đã được {desk(department)} xử lý xong."


def automatic(told: Sequence[str], *, language: str) -> str:
    """Put the states into one message that nobody takes for a person's, and that leaves the floor where it is."""
    if language == "en":
        first, *more = told
        lines = "\n".join([f"Automatic message: {first}", *(one[0].upper() + one[1:] for one in more)])
        return f"{lines}\nMy colleague has read your message too and goes on with you right here."
    first, *more = told
    lines = "\n".join([f"(Tin tự động) Dạ {first}", *(f"Còn {one}" for one in more)])
    return f"{lines}\nĐồng nghiệp của em cũng nhận được tin này và sẽ trả lời anh/chị tiếp ngay tại đây ạ."


def _by_vi(due: str | None, call: bool) -> str:
    return f", hẹn {'gọi anh/chị lúc' if call else 'trả lời anh/chị trước'} {due}" if due else ""


def _by_en(due: str | None, call: bool) -> str:
    return f", and {'we call you at' if call else 'you get an answer by'} {due}" if due else ""
