"""What the gate says, in the languages of those who read it. Needs and styles are named by their ids, in “quotes”."""

from __future__ import annotations

from bot.domain.company import Words
from bot.domain.teaching.figures import Interval
from bot.domain.teaching.results import Delta
from bot.domain.teaching.verdict import Calibration, Speed


def no_tests() -> Words:
    """Nothing could be measured."""
    return Words("Bộ kiểm tra không có câu nào.", "There are no test messages.")


def few_tests(count: int, fewest: int) -> Words:
    """Little was measured."""
    return Words(
        f"Bộ kiểm tra chỉ có {count} câu; nên có ít nhất {fewest} câu để kết luận chắc hơn.",
        f"There are only {count} test messages; at least {fewest} would tell more.",
    )


def accuracy(one: Delta) -> Words:
    """Less is understood altogether."""
    vi, en = _told(one)
    return Words(f"Hiểu đúng kém hơn trên toàn bộ kiểm tra: {vi}.", f"Less is understood of all test messages: {en}.")


def style(one: Delta) -> Words:
    """Less is understood of one way to write."""
    vi, en = _told(one)
    return Words(
        f"Hiểu đúng kém hơn với cách viết “{one.group}”: {vi}.",
        f"Less is understood of messages written in the style “{one.group}”: {en}.",
    )


def urgent(one: Delta) -> Words:
    """A need that must not get worse did."""
    vi, en = _told(one)
    return Words(
        f"Nhu cầu khẩn “{one.group}” không được phép kém đi: {vi}.",
        f"The urgent need “{one.group}” must not get worse: {en}.",
    )


def intent(one: Delta) -> Words:
    """A need got worse beyond chance."""
    vi, en = _told(one)
    return Words(f"Nhu cầu “{one.group}” kém đi rõ rệt: {vi}.", f"The need “{one.group}” got clearly worse: {en}.")


def correction(truth: str, candidate: str) -> Words:
    """A correction is undone."""
    return Words(
        f"Câu nhân viên đã sửa đúng lại bị hiểu sai: cần “{truth}”, mô hình mới hiểu là “{candidate}”.",
        f"A message that staff set right is misread again: it is “{truth}”, the new model reads “{candidate}”.",
    )


def more_corrections(count: int) -> Words:
    """Others are undone as well."""
    return Words(
        f"Và {count} câu nhân viên đã sửa khác cũng lại bị hiểu sai.",
        f"And {count} more messages that staff set right are misread again.",
    )


def still_wrong(count: int) -> Words:
    """Corrections that neither model has learned."""
    return Words(
        f"{count} câu nhân viên đã sửa vẫn chưa được hiểu đúng.",
        f"{count} messages that staff set right are still misread.",
    )


def calibration(found: Calibration, limit: float) -> Words:
    """Stated confidence cannot be believed."""
    return Words(
        f"Độ tin cậy không còn đáng tin: sai lệch {_vi(found.after, 3)}, mức cho phép {_vi(limit, 2)}, "
        f"mô hình đang dùng {_vi(found.before, 3)}.",
        f"Its confidence cannot be believed: an error of {found.after:.3f}, {limit:.2f} are allowed, "
        f"the serving model has {found.before:.3f}.",
    )


def silence(before: float, after: float) -> Words:
    """The bot answers less by itself."""
    return Words(
        f"Trợ lý hỏi lại hoặc chuyển người nhiều hơn: tự trả lời {_vi(100 * before, 1)}% còn {_vi(100 * after, 1)}%.",
        f"The assistant asks back or hands off more often: it answers {100 * after:.1f}% by itself, "
        f"the serving model {100 * before:.1f}%.",
    )


def speed(found: Speed, limit: float) -> Words:
    """It is slow."""
    return Words(
        f"Chậm hơn {_vi(limit, 1)} lần: 95% số câu trong {_vi(found.candidate_p95_ms, 1)} ms, "
        f"mô hình đang dùng {_vi(found.serving_p95_ms, 1)} ms.",
        f"More than {limit:.1f} times slower: 95% of the messages within {found.candidate_p95_ms:.1f} ms, "
        f"the serving model {found.serving_p95_ms:.1f} ms.",
    )


def untimed() -> Words:
    """Nobody knows how fast it is."""
    return Words("Chưa đo được tốc độ của hai mô hình.", "The speed of the two models could not be measured.")


def untested(need: str) -> Words:
    """A new need that no test message asks for."""
    return Words(
        f"Nhu cầu mới “{need}” chưa có câu nào trong bộ kiểm tra.",
        f"No test message asks for the new need “{need}”.",
    )


def replay(share: Interval) -> Words:
    """Much of last week would be read differently."""
    return Words(
        f"{_vi(100 * share.estimate, 1)}% tin nhắn tuần trước sẽ được hiểu khác đi, xin xem danh sách.",
        f"{100 * share.estimate:.1f}% of last week's messages would be read differently, see the list.",
    )


def _told(one: Delta) -> tuple[str, str]:
    before, after, low, high = (100 * share for share in (one.before, one.after, one.change.low, one.change.high))
    return (
        f"{_vi(before, 1)}% còn {_vi(after, 1)}% ({one.count} câu, mất {one.lost}, được {one.won}, "
        f"khoảng tin cậy 95% từ {_vi(low, 1)} đến {_vi(high, 1)} điểm)",
        f"{after:.1f}% instead of {before:.1f}% ({one.count} messages, {one.lost} lost, {one.won} won, "
        f"95% interval from {low:.1f} to {high:.1f} points)",
    )


def _vi(value: float, digits: int) -> str:
    return f"{value:.{digits}f}".replace(".", ",")
