"""Dated promises to customers: computed from real opening hours, kept or renewed, never forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.company import Department, Priority
from bot.domain.copies import altered
from bot.domain.errors import ForbiddenMove, Invalid
from bot.domain.hours import NeverOpen, OpeningHours

STEP = timedelta(minutes=5)
"""Promised times are rounded up to this: "trước 9:35", never "trước 9:32:17"."""

AHEAD = timedelta(minutes=2)
"""Nobody likes to hear of a new date after the old one."""

LAST_CALL = timedelta(seconds=15)
"""What is left for the new date to reach the customer first."""

CALL_NEAR = timedelta(minutes=15)
"""How long before its hour somebody must have a call in their hands."""

CALL_GRACE = timedelta(minutes=4)
"""How far from its hour a call still counts as made at it; then it is missed, and a minute later its customer knows."""

CALL_TALK = timedelta(minutes=30)
"""How long whoever has begun a call may be on the telephone, and not have written down how it went."""

CALL_WRITE = timedelta(minutes=5)
"""How long they still have once they were reminded of that; then the call counts as missed like any other."""

NOTICE = timedelta(minutes=10)
"""How long before a date that the customer holds its owner is reminded."""

ALARM_EVERY = 3
"""So many dates missed in a row, and all who lead are alarmed; and again after as many more."""

WITHOUT_CALENDAR = timedelta(hours=24)
"""What is promised where a department has no opening hours at all; the promise keeper escalates it like any other."""


class PromiseKind(StrEnum):
    """What a date means, and who ends it.

    ``answer``: the house says by when somebody answers; any answer keeps it. ``date``: a person chose it and the
    customer was told; only the answer it was made for keeps it. ``call``: the customer chose when to be called.
    """

    ANSWER = "answer"
    DATE = "date"
    CALL = "call"


class PromiseState(StrEnum):
    """``renewed``: it fell due unkept, a later promise took its place; ``cancelled``: the case ended some other way."""

    OPEN = "open"
    KEPT = "kept"
    RENEWED = "renewed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True)
class Promise:
    """A date given to the customer of a case.

    ``replied_at`` is when a person last answered without owing more, while it was open and that did not end it.
    ``tries`` counts the calls in a row before this one that found nobody; an answer with any waits for the
    customer to name another hour. ``calling_at`` is when somebody began it.
    ``silent``: the house made it without a word.
    """

    id: int
    case_id: int
    due_at: datetime
    made_at: datetime
    kind: PromiseKind = PromiseKind.ANSWER
    state: PromiseState = PromiseState.OPEN
    settled_at: datetime | None = None
    timer_id: int | None = None
    replied_at: datetime | None = None
    tries: int = 0
    calling_at: datetime | None = None
    silent: bool = False

    @property
    def told(self) -> bool:
        """Tell whether the customer holds this very date, which then never changes without a word to them."""
        return self.kind is not PromiseKind.ANSWER

    @property
    def ends_as(self) -> PromiseState:
        """Return what it comes to where its case ends while it is open: kept only where it was, not by the end itself.

        Of the kinds, an answer ends ``answer`` and reaching the customer ends ``call``: those were not.
        """
        answered = self.kind is PromiseKind.DATE and self.replied_at is not None
        return PromiseState.KEPT if answered else PromiseState.CANCELLED

    def holds(self, now: datetime) -> bool:
        """Tell whether the customer holds this date and it lies ahead: then it stays, whoever has the case."""
        return self.told and self.due_at > now

    def heard(self, now: datetime) -> bool:
        """Tell whether the customer has heard this date and it lies ahead: then they hear what takes its place."""
        return not self.silent and self.due_at > now

    def kept_silently(self, claimed_at: datetime | None, *, waiting_for_customer: bool) -> bool:
        """Tell whether a date that a person chose was kept without anybody saying so.

        It was where whoever has had the case since ``claimed_at`` (``None``: nobody has it) has answered since the date
        was made, and the customer has the next word.
        """
        if self.kind is not PromiseKind.DATE or self.replied_at is None or claimed_at is None:
            return False
        return claimed_at <= self.replied_at and waiting_for_customer

    @property
    def watched_at(self) -> datetime:
        """Return when the keeper looks: early enough for a new date to come before this one passes."""
        return watched_at(self.made_at, self.due_at)

    @property
    def last_call(self) -> datetime:
        """Return until when somebody who is at work on the case may still keep it; a call is made at its hour."""
        if self.kind is PromiseKind.CALL:
            return self.due_at + CALL_GRACE
        return max(self.watched_at, self.due_at - LAST_CALL)

    def looked_at_in_hand(self, now: datetime) -> datetime:
        """Return when to look next while somebody who is there has the case.

        At the hour of a call once more: whoever has left by then gets no more time, and the customer hears before it.
        """
        near = max(self.watched_at, self.due_at - LAST_CALL)
        return near if now < near else self.last_call

    def calling_since(self, claimed_at: datetime | None) -> datetime | None:
        """Return since when whoever has had the case since ``claimed_at`` (``None``: nobody) makes its call."""
        if self.calling_at is None or claimed_at is None or claimed_at > self.calling_at:
            return None
        return self.calling_at

    def calling(self, at: datetime) -> Promise:
        """Return the promise while its call is being made.

        Raises:
            ForbiddenMove: it is no call, or it ended before.
        """
        if self.state is not PromiseState.OPEN or self.kind is not PromiseKind.CALL:
            raise ForbiddenMove(f"promise {self.id}: {self.state} {self.kind} is not called")
        return altered(self, calling_at=at)

    def answered(self, at: datetime) -> Promise:
        """Return the promise after an answer that does not end it."""
        return altered(self, replied_at=at)

    def settled(self, state: PromiseState, at: datetime) -> Promise:
        """Return the promise as it ends.

        Raises:
            ForbiddenMove: it ended before.
        """
        if self.state is not PromiseState.OPEN or state is PromiseState.OPEN:
            raise ForbiddenMove(f"promise {self.id}: {self.state} -> {state}")
        return altered(self, state=state, settled_at=at)


@dataclass(frozen=True, kw_only=True)
class Dated:
    """The date of a case as its customer hears of it. ``stays``: they hold it already; ``instead_of``: what is off.

    ``missed``: it takes the place of a call that nobody made at its hour.
    """

    promise: Promise
    stays: bool
    instead_of: Promise | None = None
    missed: bool = False


def watched_at(made_at: datetime, due_at: datetime) -> datetime:
    """Return the moment before a date at which it is too late to hope: two minutes, or a tenth of a short span."""
    return due_at - min(AHEAD, max(due_at - made_at, timedelta()) / 10)


def watched_in_call(since: datetime, now: datetime) -> datetime:
    """Return when to look next at a call that somebody has been making since then.

    Now and then, for they may lose the case; when it has lasted long, to remind them of it; and a last time.
    """
    long = since + CALL_TALK
    return min(long, now + CALL_GRACE) if now < long else long + CALL_WRITE


def reminded_at(made_at: datetime, due_at: datetime) -> datetime:
    """Return when the owner of a date is reminded of it: ten minutes ahead, or a tenth of a shorter span."""
    return due_at - min(NOTICE, max(due_at - made_at, timedelta()) / 10)


def closed_at(department: Department, due: datetime) -> bool:
    """Tell whether a department is closed when a date falls due; when it closes is still early enough."""
    return not (department.hours.is_open(due) or department.hours.is_open(due - timedelta(minutes=1)))


def rounded_up(at: datetime) -> datetime:
    """Return the next multiple of five minutes, ``at`` itself where it is one."""
    floor = at.replace(second=0, microsecond=0)
    floor -= timedelta(minutes=floor.minute % 5)
    return floor if floor == at else floor + STEP


def due_after(hours: OpeningHours, at: datetime, minutes: float) -> datetime:
    """Return the moment ``minutes`` of open time after ``at``; a day later where the door never opens."""
    try:
        return hours.add_open_time(at, minutes)
    except NeverOpen:
        return at + WITHOUT_CALENDAR


def first_response_due(department: Department, priority: Priority, at: datetime) -> datetime:
    """Return when the department's first answer is due: its SLA counted in its own open minutes from ``at``."""
    return _due(department, department.sla.of(priority).first_response, at)


def next_response_due(department: Department, priority: Priority, at: datetime) -> datetime:
    """Return when the next answer is due to a customer who wrote again in a case that was answered before."""
    return _due(department, department.sla.of(priority).next_response, at)


def renewed_due(department: Department, priority: Priority, at: datetime, broken: int) -> datetime:
    """Return the new date when a promise falls due unkept.

    ``broken`` counts the promises of this case that were not kept before: each doubles the span, so that a customer
    whom nobody can help tonight is not told so every half hour. At least one step away, at most sixteen spans.
    """
    minutes = department.sla.of(priority).first_response * 2 ** min(broken, 4)
    return max(_due(department, minutes, at), rounded_up(at + STEP))


def _due(department: Department, minutes: int, at: datetime) -> datetime:
    return rounded_up(due_after(department.hours, at, minutes))


def chosen_due(due: datetime, now: datetime) -> datetime:
    """Return a date that a staff member typed, if it may be promised.

    Raises:
        Invalid: it is not in the future, or more than a year away (a mistyped year).
    """
    if due <= now:
        raise Invalid("due_at", "Giờ hẹn phải ở tương lai.")
    if due > now + timedelta(days=366):
        raise Invalid("due_at", "Giờ hẹn xa hơn một năm, anh/chị xem lại ngày tháng giúp.")
    return due
