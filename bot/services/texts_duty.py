"""What the house says when a person goes off duty; see `texts`."""

from __future__ import annotations

from bot.services.texts import desk


def put_back(*, code: str, department: str, due: str, language: str) -> str:
    """Say that a case waits for another colleague of its desk, and until when."""
    if language == "en":
        return (
            f"Your case {code} goes on with another colleague of {department}. You have an answer right here by {due}."
        )
    return (
        f"Dạ phiếu {code} được giao lại cho đồng nghiệp khác của {desk(department)}. "
        f"Bên em hẹn trả lời anh/chị ngay tại đây trước {due} ạ."
    )
