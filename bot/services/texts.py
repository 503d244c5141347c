"""What the front office itself says to customers, in Vietnamese and English.

The assistant's own answers come from the actions; these are the sentences that only the front office can say, because
only it knows numbers, desks, people and dates. One function per thing said, so that each can be read as a sentence.
"""

from __future__ import annotations

from datetime import datetime, tzinfo

from bot.domain.messages import MessageKind

_DAYS_VI = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_DAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_KINDS_VI = {
    MessageKind.IMAGE: "hình ảnh",
    MessageKind.VIDEO: "video",
    MessageKind.VOICE: "tin nhắn thoại",
    MessageKind.FILE: "tệp",
    MessageKind.LOCATION: "vị trí",
    MessageKind.CONTACT: "danh thiếp",
    MessageKind.LINK: "liên kết",
}
FOR_A_PERSON = frozenset(_KINDS_VI)
"""Kinds that a person of the house should look at; the assistant can read none of them."""

_KINDS_EN = {
    MessageKind.IMAGE: "picture",
    MessageKind.VIDEO: "video",
    MessageKind.VOICE: "voice message",
    MessageKind.FILE: "file",
    MessageKind.LOCATION: "location",
    MessageKind.CONTACT: "contact",
    MessageKind.LINK: "link",
}


def moment(at: datetime, now: datetime, zone: tzinfo, language: str) -> str:
    """Say a moment as people do: "9:45 hôm nay", "8:30 ngày mai", "8:30 thứ Hai, 30/11"."""
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    clock = f"{local.hour}:{local.minute:02d}"
    ahead = (local.date() - today).days
    english = language == "en"
    year = "" if local.year == today.year else f" {local.year}" if english else f"/{local.year}"
    if ahead == 0:
        return f"{clock} today" if english else f"{clock} hôm nay"
    if ahead == 1:
        return f"{clock} tomorrow" if english else f"{clock} ngày mai"
    if english:
        return f"{clock} on {_DAYS_EN[local.weekday()]}, {local.day} {local:%B}{year}"
    return f"{clock} {_DAYS_VI[local.weekday()]}, {local.day}/{local.month}{year}"


def past(at: datetime, now: datetime, zone: tzinfo) -> str:
    """Say to a colleague when something happened: "10:05", with the day where it was not today."""
    local = at.astimezone(zone)
    day = "" if local.date() == now.astimezone(zone).date() else f" ngày {local.day}/{local.month}"
    return f"{local.hour}:{local.minute:02d}{day}"


def desk(label: str) -> str:
    """Name a department as people say it: "bộ phận Kế toán", but "Ban quản lý" by itself."""
    return label if label.startswith(("Ban ", "Phòng ", "Quầy ")) else f"bộ phận {label}"


def owned(
    *, code: str, department: str, queue_number: int, due: str, covers: str | None, language: str, wait: str = ""
) -> str:
    """Say that a case lies with a desk that is there now. ``covers``: the desk that is away and was meant first.

    ``wait`` is a sentence about the place in the queue, where there is something to say of it.
    """
    told = f"{wait} " if wait else ""
    if language == "en":
        away = f"The {covers} desk is away right now, so {department} takes this in person. " if covers else ""
        return (
            f"{away}I have passed this on to {department}. Your case number is {code}, queue ticket {queue_number}. "
            f"{told}Someone will answer you right here by {due}."
        )
    lead = (
        f"Dạ {desk(covers)} đang vắng nên {desk(department)} trực tiếp hỗ trợ anh/chị: mã phiếu {code}"
        if covers
        else f"Dạ em đã chuyển yêu cầu tới {desk(department)}: mã phiếu {code}"
    )
    return f"{lead}, số thứ tự {queue_number}. {told}Nhân viên sẽ trả lời anh/chị ngay tại đây, chậm nhất {due} ạ."


def promised(*, code: str, department: str, queue_number: int, due: str, language: str, closed: bool = False) -> str:
    """Say that nobody is there now, or that the desk is ``closed`` at this hour, and when the answer comes."""
    if language == "en":
        away = f"{department} is closed" if closed else f"Nobody from {department} is at the desk"
        return (
            f"{away} right now. I have written this down as case {code}, queue "
            f"ticket {queue_number}, and I promise you an answer right here by {due}."
        )
    away = "đang ngoài giờ làm việc" if closed else "hiện chưa có người trực"
    return (
        f"Dạ {desk(department)} {away}. Em đã ghi phiếu {code}, số thứ tự {queue_number}, "
        f"và hẹn trả lời anh/chị ngay tại đây trước {due} ạ."
    )


def added(*, code: str, department: str, dated: str, language: str) -> str:
    """Say that a message was put into a case that is open already, and when the answer comes (``dated``)."""
    if language == "en":
        return f"I have added this to your case {code}; {department} will see it with the rest. {dated}"
    return f"Dạ em đã ghi thêm vào phiếu {code} để {desk(department)} xem cùng. {dated}"


def withdrawn(*, code: str, department: str, due: str, language: str) -> str:
    """Say that a customer who no longer needs a case is believed, and that a person closes it."""
    if language == "en":
        return f"I have noted in case {code} that you no longer need this; {department} will confirm it by {due}."
    return (
        f"Dạ em đã ghi vào phiếu {code} là anh/chị không cần nữa, {desk(department)} sẽ xác nhận với anh/chị "
        f"chậm nhất {due} ạ."
    )


def reopened(*, code: str, department: str, due: str, language: str) -> str:
    """Say that a resolved case is open again."""
    if language == "en":
        return f"I have reopened your case {code}. {department} will answer you right here by {due}."
    return f"Dạ em đã mở lại phiếu {code}, {desk(department)} sẽ trả lời anh/chị ngay tại đây trước {due} ạ."


def claimed(*, name: str | None, department: str, code: str, language: str, dated: str = "") -> str:
    """Introduce the person who took the case, or only their desk. ``dated``: a date that the customer holds stays."""
    more = f" {dated}" if dated else ""
    if language == "en":
        who = f"{name} from {department}" if name else department
        return f"{who} has taken your case {code} and is with you now.{more}"
    who = f"{name} bên {desk(department)}" if name else desk(department)
    return f"Dạ {who} đã nhận phiếu {code} và đang hỗ trợ anh/chị ạ.{more}"


def given(*, name: str | None, department: str, code: str, language: str, dated: str = "") -> str:
    """Name the person whom the house gave a case in person, as `claimed` does; they have not said anything yet."""
    more = f" {dated}" if dated else ""
    if language == "en":
        who = f"{name} from {department}" if name else department
        return f"I have put your case {code} into the hands of {who}, who answers you right here.{more}"
    who = f"{name} bên {desk(department)}" if name else desk(department)
    answers = name or "nhân viên bên đó"
    return f"Dạ em đã giao phiếu {code} trực tiếp cho {who}, {answers} sẽ trả lời anh/chị tại đây ạ.{more}"


def transferred(*, department: str, code: str, queue_number: int, dated: str, language: str) -> str:
    """Say that the case goes on to another desk, and when that desk answers (``dated``)."""
    if language == "en":
        return (
            f"Your case {code} is now with {department}, queue ticket {queue_number}. They know what you wrote. {dated}"
        )
    return (
        f"Dạ em đã chuyển phiếu {code} sang {desk(department)}, số thứ tự {queue_number}. Bộ phận đã có đủ nội dung "
        f"anh/chị trao đổi. {dated}"
    )


def resolved(*, code: str, language: str) -> str:
    """Give the floor back to the assistant."""
    if language == "en":
        return (
            f"Case {code} is done. I am the automatic assistant, back with you: just write if you need anything else."
        )
    return (
        f"Dạ phiếu {code} đã xử lý xong ạ. Em là trợ lý tự động, em lại trực ở đây; anh/chị cần gì thêm cứ nhắn em nhé."
    )


def resolved_beside(*, code: str, speaker: str | None, language: str) -> str:
    """Say that a case is done while a person goes on speaking; ``None``: one whose name customers do not hear."""
    if language == "en":
        return f"Case {code} is done. {speaker or 'My colleague'} is still with you."
    who = speaker or "đồng nghiệp của em"
    return f"Dạ phiếu {code} đã xử lý xong ạ, {who} vẫn ở đây với anh/chị."


def looked_after(
    *, name: str | None, department: str, code: str, speaker: str | None, language: str, dated: str = ""
) -> str:
    """Say who has a case while somebody else speaks with the customer; names and ``dated`` as in `claimed`."""
    more = f" {dated}" if dated else ""
    if language == "en":
        who = f"{name} from {department}" if name else department
        return f"{who} looks after your case {code}; {speaker or 'my colleague'} is still with you.{more}"
    who = f"{name} bên {desk(department)}" if name else desk(department)
    still = speaker or "đồng nghiệp của em"
    return f"Dạ {who} lo phiếu {code} ạ, {still} vẫn đang trò chuyện với anh/chị.{more}"


def media_received(kind: MessageKind, language: str) -> str:
    """Confirm a file that the assistant cannot read, and ask what it is for."""
    if language == "en":
        return f"I have your {_KINDS_EN.get(kind, 'message')}. What can we do for you with it? One line is enough."
    return (
        f"Dạ em đã nhận được {_KINDS_VI.get(kind, 'tin nhắn')} của anh/chị. "
        "Anh/chị cần bên em hỗ trợ gì ạ? Nhắn em một câu để em chuyển đúng người nhé."
    )


def sent(kind: MessageKind) -> str:
    """Note for the staff that the customer sent something without words."""
    return f"(Khách gửi {_KINDS_VI.get(kind, 'tin nhắn')}.)"


def sticker_received(language: str) -> str:
    """Answer a sticker."""
    if language == "en":
        return "Thank you! Is there anything I can do for you?"
    return "Dạ em cảm ơn anh/chị ạ. Anh/chị cần em hỗ trợ gì không ạ?"


def unreadable(language: str) -> str:
    """Answer a kind of message that nobody here can open."""
    if language == "en":
        return "I cannot open this kind of message yet. Please write a few words, or write “staff” to reach a person."
    return (
        "Dạ loại tin nhắn này em chưa mở được. Anh/chị nhắn giúp em vài chữ, "
        "hoặc nhắn “gặp nhân viên” để em mời người hỗ trợ ạ."
    )


def empty(language: str) -> str:
    """Answer a message of nothing but invisible characters."""
    if language == "en":
        return "Your message came through empty. Could you write it again?"
    return "Dạ em chưa nhận được nội dung tin nhắn ạ. Anh/chị nhắn lại giúp em nhé."


def welcome(company: str, language: str) -> str:
    """Greet somebody who came but has not said anything; says that an automatic assistant is speaking."""
    if language == "en":
        return f"Welcome to {company}. I am the automatic assistant. What can I do for you?"
    return f"Dạ {company} xin chào anh/chị. Em là trợ lý tự động, anh/chị cần em hỗ trợ gì ạ?"


def voice_summary(language: str) -> str:
    """Summary line for the staff when a voice message starts a case."""
    return "Voice message from the customer." if language == "en" else "Khách gửi tin nhắn thoại, cần người nghe."
