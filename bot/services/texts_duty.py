"""What the house says when a person goes off duty; see `texts`."""

from __future__ import annotations

from bot.services.texts import desk


def put_back(*, code: str, department: str, dated: str, language: str) -> str:
    """Say that a case waits for another colleague of its desk, and until when (``dated``)."""
    if language == "en":
        return f"Your case {code} goes on with another colleague of {department}. {dated}"
    return f"Dạ phiếu {code} được giao lại cho đồng nghiệp khác của {desk(department)}. {dated}"
