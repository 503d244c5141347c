"""What customers are told about their place in a queue, in Vietnamese and English. See `bot.services.texts`."""

from __future__ import annotations

from bot.domain.waits import SECOND, Estimate

FEW = 180
"""Seconds; a range from less than a minute to more than this says nothing but its end."""


def minutes(estimate: Estimate, language: str) -> str:
    """Say a range as people do: "khoảng 20–40 giây", "chưa tới 3 phút", "khoảng 45 phút đến 1 giờ 15 phút".

    Of one that begins at once and ends late only the end helps: "trong vòng 15 phút".
    """
    low, high = round(estimate.low / SECOND), round(estimate.high / SECOND)
    if low <= 0:
        return f"less than {_span(high, language)}" if language == "en" else f"chưa tới {_span(high, language)}"
    if low < 60 and high > FEW:
        return f"up to {_span(high, language)}" if language == "en" else f"trong vòng {_span(high, language)}"
    if high <= 60:
        return f"about {low}–{high} seconds" if language == "en" else f"khoảng {low}–{high} giây"
    if low >= 60 and high < 3600:
        low, high = round(low / 60), round(high / 60)
        return f"about {low}–{high} minutes" if language == "en" else f"khoảng {low}–{high} phút"
    if language == "en":
        return f"about {_span(low, language)} to {_span(high, language)}"
    return f"khoảng {_span(low, language)} đến {_span(high, language)}"


def _span(seconds: int, language: str) -> str:
    if 0 < seconds < 60:
        return f"{seconds} seconds" if language == "en" else f"{seconds} giây"
    hours, rest = divmod(round(seconds / 60), 60)
    if language == "en":
        parts = [_counted(hours, "hour"), _counted(rest, "minute")]
    else:
        parts = [f"{hours} giờ" if hours else "", f"{rest} phút" if rest else ""]
    return " ".join(part for part in parts if part) or ("a minute" if language == "en" else "1 phút")


def _counted(number: int, word: str) -> str:
    if not number:
        return ""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def place(*, ahead: int, estimate: Estimate, language: str) -> str:
    """Say how many people are ahead and how long it is going to take."""
    said = minutes(estimate, language)
    if language == "en":
        before = {0: "Nobody is ahead of you", 1: "One person is ahead of you"}
        return f"{before.get(ahead, f'{ahead} people are ahead of you')}; the wait is usually {said}."
    if ahead == 0:
        after = said if said.startswith("trong vòng") else f"sau {said}"
        return f"Trước anh/chị chưa có ai chờ, thường có người nhận {after}."
    return f"Trước anh/chị còn {ahead} người, dự kiến chờ {said}."


def changed(*, code: str, ahead: int, estimate: Estimate, language: str) -> str:
    """Tell a customer who waits that it will be earlier or later than they were told."""
    said = minutes(estimate, language)
    if language == "en":
        before = {0: "you are next", 1: "one person is ahead of you"}
        return f"About your case {code}: {before.get(ahead, f'{ahead} people are ahead of you')}, {said} from now."
    place_now = f"trước anh/chị còn {ahead} người" if ahead else "anh/chị là người kế tiếp"
    return f"Dạ về phiếu {code}: {place_now}, dự kiến {said} nữa ạ."
