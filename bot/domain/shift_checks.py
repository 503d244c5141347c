"""What may enter a roster: each check returns its value, or says in Vietnamese what is wrong with which field."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from bot.domain.company import Breaks
from bot.domain.errors import Invalid
from bot.domain.hours import DAY, BadBlock, Block, overlap
from bot.domain.shifts import Absence, AbsenceKind, DayException, Roster, Shift

GRACE = timedelta(minutes=1)
"""A break that begins "now" has begun a moment ago by the time that it is checked."""

REPORTED_WITHIN = timedelta(days=1)
"""Leave may have begun before somebody enters it: people fall ill at night and are written down in the morning."""

LONGEST_LEAVE = timedelta(days=366)
"""Anything longer is a mistyped year, or an account to be switched off."""

_ONE_DAY = timedelta(days=1)


def parsed_block(text: str, field: str = "block") -> Block:
    """Return "08:00-12:00" as a block. Raises Invalid for what cannot be meant, an end before its start among it."""
    try:
        return Block.parse(text)
    except BadBlock as error:
        raise Invalid(field, f"Khung giờ “{text}”: {error}.") from error


def checked_shift(shift: Shift, others: Iterable[Shift]) -> Shift:
    """Return a shift that fits among a person's other shifts; one with the same id is the one that it replaces.

    Raises:
        Invalid: no such weekday, an end before its start, no day at all, or a minute shared with another shift.
    """
    if not 0 <= shift.weekday <= 6:
        raise Invalid("weekday", "Thứ trong tuần phải từ 0 (thứ Hai) đến 6 (Chủ nhật).")
    if shift.valid_to is not None and shift.valid_to < shift.valid_from:
        raise Invalid("valid_to", "Ngày cuối của ca không được trước ngày đầu.")
    if _first_common(shift, shift, 0) is None:
        raise Invalid("valid_to", "Trong khoảng ngày này không có ngày nào đúng thứ của ca.")
    for other in others:
        if other.staff_id != shift.staff_id or (other.id == shift.id and shift.id):
            continue
        if (day := _clash(shift, other)) is not None:
            raise Invalid("block", f"Ca {shift.block} ngày {day:%d/%m/%Y} chồng lên ca {other.block} đã có.")
    return shift


def checked_exception(exception: DayException, roster: Roster) -> DayException:
    """Return a day exception that fits into the person's roster; one with the same id is the one that it replaces.

    Raises:
        Invalid: the day has one already, its blocks overlap, or one shares a minute with the night shift of the
            evening before or with the first shift of the day after.
    """
    for other in roster.exceptions:
        same = (other.staff_id, other.day) == (exception.staff_id, exception.day)
        if same and not (other.id == exception.id and exception.id):
            raise Invalid("day", f"Ngày {exception.day:%d/%m/%Y} đã có lịch riêng.")
    if (pair := overlap(exception.blocks)) is not None:
        raise Invalid("blocks", f"Khung giờ {pair[0]} và {pair[1]} chồng lên nhau.")
    for delta, name in ((-1, "ca hôm trước"), (1, "ca hôm sau")):
        for other_block in roster.day(exception.staff_id, exception.day + delta * _ONE_DAY):
            for block in exception.blocks:
                if _overlapping(block, other_block, delta):
                    raise Invalid("blocks", f"Khung giờ {block} chồng lên {name} ({other_block}).")
    return exception


def checked_absence(absence: Absence, others: Iterable[Absence], now: datetime, breaks: Breaks) -> Absence:
    """Return a break or leave that may be entered now; among `others` one with the same id is the one it replaces.

    Raises:
        Invalid: it ends before it starts, lies in the past, is longer than such an absence may be, names the person as
            their own cover, or overlaps another absence of the person.
    """
    if absence.end_at <= absence.start_at:
        raise Invalid("end_at", "Giờ kết thúc phải sau giờ bắt đầu.")
    rest = absence.kind is AbsenceKind.BREAK
    if absence.end_at <= now or absence.start_at < now - (GRACE if rest else REPORTED_WITHIN):
        raise Invalid("start_at", "Giờ nghỉ này đã qua rồi.")
    length = absence.end_at - absence.start_at
    if rest and length > breaks.longest:
        raise Invalid("end_at", f"Nghỉ giữa ca dài nhất {breaks.longest_minutes} phút; lâu hơn thì xin nghỉ phép.")
    if length > LONGEST_LEAVE:
        raise Invalid("end_at", "Nghỉ phép dài hơn một năm, anh/chị xem lại ngày tháng giúp.")
    if absence.cover_id == absence.staff_id:
        raise Invalid("cover_id", "Không thể tự trực thay cho mình.")
    for other in others:
        if other.staff_id != absence.staff_id or (other.id == absence.id and absence.id):
            continue
        if other.start_at < absence.end_at and absence.start_at < other.until:
            raise Invalid("start_at", "Khoảng này chồng lên một lần nghỉ khác của cùng người.")
    return absence


def _overlapping(first: Block, second: Block, delta: int) -> bool:
    """Whether a block shares a minute with one that starts `delta` days later."""
    shift = delta * DAY
    return first.start < second.end + shift and second.start + shift < first.end


def _clash(first: Shift, second: Shift) -> date | None:
    """The first day of `first` on which the two share a minute; no block reaches further than into the next day."""
    days = [
        _first_common(first, second, delta) for delta in (-1, 0, 1) if _overlapping(first.block, second.block, delta)
    ]
    return min((day for day in days if day is not None), default=None)


def _first_common(first: Shift, second: Shift, delta: int) -> date | None:
    """The earliest day on which `first` starts and, `delta` days later, `second` does."""
    if (first.weekday + delta) % 7 != second.weekday:
        return None
    step = delta * _ONE_DAY
    start = max(first.valid_from, second.valid_from - step)
    day = start + timedelta(days=(first.weekday - start.weekday()) % 7)
    ends = [*([first.valid_to] if first.valid_to else []), *([second.valid_to - step] if second.valid_to else [])]
    return day if all(day <= end for end in ends) else None
