"""What the house says to customers when a case changes hands, waits for a colleague, or ends; see `texts`."""

from __future__ import annotations

from bot.domain.feedback import HIGHEST, LOWEST
from bot.services.texts import desk


def introduced(
    *, name: str | None, department: str, code: str, language: str, you: str = "anh/chị", dated: str = ""
) -> str:
    """Introduce the colleague who goes on with a case, or only their desk where customers do not hear a name.

    ``you`` is how the customer is addressed, where it is known; ``dated`` says when they hear from us, where that is
    news or a date that stays.
    """
    more = f" {dated}" if dated else ""
    if language == "en":
        whom = f"{name} from {department}" if name else department
        return f"{whom} knows about your case {code} and will help you from here.{more}"
    whom = f"{name} bên {desk(department)}" if name else desk(department)
    return f"Dạ {whom} đã nắm phiếu {code} và sẽ hỗ trợ {you} tiếp ạ.{more}"


def queued(*, department: str, code: str, queue_number: int, dated: str, language: str) -> str:
    """Say that the case went to a desk where nobody is now, and when the answer comes (``dated``)."""
    if language == "en":
        return (
            f"Your case {code} is now with {department}, queue ticket {queue_number}. "
            f"Nobody is at that desk right now. {dated}"
        )
    return (
        f"Dạ em đã chuyển phiếu {code} sang {desk(department)}, số thứ tự {queue_number}. Bộ phận hiện chưa có người "
        f"trực. {dated}"
    )


def asking_inside(*, department: str, code: str, due: str, language: str, instead: str = "") -> str:
    """Say that a colleague behind the desk is being asked, and by when the customer hears.

    ``instead``: what `texts_promises.instead_of` says of the date that is off.
    """
    if language == "en":
        return (
            f"About your case {code}: I am checking this with {department} "
            f"and will tell you right here by {due}{instead}."
        )
    return f"Dạ về phiếu {code}, em đang hỏi {desk(department)} và sẽ báo anh/chị ngay tại đây trước {due}{instead} ạ."


def asking_longer(*, department: str, code: str, due: str, language: str, instead: str = "") -> str:
    """Give a new date before the old one passes, because a colleague behind the desk needs longer."""
    if language == "en":
        return (
            f"About your case {code}: {department} needs a little longer, I am sorry. "
            f"I will tell you right here by {due}{instead}."
        )
    return (
        f"Dạ về phiếu {code}, {desk(department)} cần thêm chút thời gian, em xin lỗi anh/chị. "
        f"Em sẽ báo anh/chị ngay tại đây trước {due}{instead} ạ."
    )


def granted(*, kind: str, amount: int | None, code: str, language: str) -> str:
    """Tell the customer that what was asked for is granted."""
    if language == "en":
        return f"Good news about your case {code}: the {_matter_en(kind, amount)} is approved."
    return f"Dạ em báo tin vui về phiếu {code}: {_matter_vi(kind, amount)} đã được duyệt ạ."


def not_granted(*, kind: str, amount: int | None, code: str, due: str, call: bool, language: str) -> str:
    """Tell the customer that it is not granted, and when somebody says, or tells in a ``call``, what else can be."""
    if language == "en":
        return (
            f"About your case {code}: the {_matter_en(kind, amount)} was not approved this time. "
            f"We will come back to you {'by phone at' if call else 'right here by'} {due} with another way."
        )
    return (
        f"Dạ về phiếu {code}, {_matter_vi(kind, amount)} lần này chưa được duyệt. "
        f"Bên em sẽ trao đổi với anh/chị hướng khác {'khi gọi lúc' if call else 'ngay tại đây trước'} {due} ạ."
    )


def ask_score(language: str) -> str:
    """Ask how it went, once, at the end of the message that says a case is done."""
    if language == "en":
        return f"How did we do, from {LOWEST} (bad) to {HIGHEST} (very good)? A number, and a word if you like."
    return (
        f"Anh/chị chấm giúp em lần hỗ trợ này từ {LOWEST} (chưa hài lòng) đến {HIGHEST} (rất hài lòng), "
        "thêm vài chữ càng tốt ạ."
    )


def thanks_for_score(language: str) -> str:
    """Thank for a score that is not low."""
    if language == "en":
        return "Thank you, I have passed this on to my colleagues. Just write if you need anything else."
    return "Dạ em cảm ơn anh/chị nhiều, em đã gửi lời tới đồng nghiệp. Anh/chị cần gì thêm cứ nhắn em nhé."


def score_stands(*, code: str, score: int, language: str) -> str:
    """Answer a second score for the same case: the first one counts."""
    if language == "en":
        return f"Thank you. Case {code} keeps the {score}/{HIGHEST} that you gave it before."
    return f"Dạ em cảm ơn anh/chị ạ. Phiếu {code} em vẫn ghi điểm {score}/{HIGHEST} anh/chị đã chấm trước đó ạ."


def sorry_for_score(language: str) -> str:
    """Answer a low score; the case that looks after it is told of in the same message."""
    if language == "en":
        return "I am sorry that we fell short. I do not want to leave it at that."
    return "Dạ em xin lỗi vì lần này bên em làm chưa tốt ạ. Em không để việc dừng ở đây."


def low_score(*, code: str, score: int, words: str) -> str:
    """Summary line for the staff of the case that a low score opened."""
    said = f" Khách viết: “{words}”" if words else ""
    return f"Khách chấm {score}/{HIGHEST} cho phiếu {code}.{said}"


def money(amount: int) -> str:
    """Write an amount of VND as Vietnamese do: 1.500.000 đ."""
    return f"{amount:,}".replace(",", ".") + " đ"


def _matter_vi(kind: str, amount: int | None) -> str:
    named = kind[:1].lower() + kind[1:]
    return f"{named} {money(amount)}" if amount is not None else named


def _matter_en(kind: str, amount: int | None) -> str:
    named = kind[:1].lower() + kind[1:]
    return f"{named} of {amount:,} VND" if amount is not None else named
