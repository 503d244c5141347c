"""Requests: a case asks a department behind it for a piece of work, with a deadline of its own.

The front office is the department's customer. Several may run for one case; each answer comes back to the case. When
one slips, the promise to the customer moves before it breaks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.cases import Case
from bot.domain.company import Company, Department
from bot.domain.copies import altered
from bot.domain.errors import AlreadyTaken, ForbiddenMove, Invalid, NotPermitted
from bot.domain.promises import due_after, rounded_up
from bot.domain.staff import StaffMember, require_held
from bot.domain.written import WORDS_MAX, checked_words

PASSING_ON = 15
"""Open minutes that the front office needs between an internal answer and the customer hearing it."""
HEADROOM = timedelta(minutes=5)
"""A late request is looked at this long before the customer's date, so that the new date comes before the old one."""


LATER_AT_MOST = 8
"""How many times the usual span a request gets anew that has slipped again and again."""


class RequestState(StrEnum):
    """``open``: nobody works on it yet. ``taken``: one member of the department does. The others are ends."""

    OPEN = "open"
    TAKEN = "taken"
    ANSWERED = "answered"
    DECLINED = "declined"
    CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True)
class Request:
    """A piece of work that a case asks of a department.

    ``answer`` is also the reason where it was declined. ``slipped`` stays true once a deadline was missed; ``due_at``
    is the present deadline.
    """

    id: int
    case_id: int
    department: str
    asked_by: int
    text: str
    asked_at: datetime
    due_at: datetime
    state: RequestState = RequestState.OPEN
    taken_by: int | None = None
    answer: str = ""
    settled_at: datetime | None = None
    slipped: bool = False
    timer_id: int | None = None

    @property
    def open(self) -> bool:
        """Tell whether an answer is still owed."""
        return self.state in (RequestState.OPEN, RequestState.TAKEN)

    def taken(self, by: StaffMember) -> Request:
        """Return the request as one person's work; taking one's own again changes nothing.

        Raises:
            NotPermitted: the person is not of the department.
            AlreadyTaken: a colleague was faster; whoever leads has it put back first, or answers over them.
            ForbiddenMove: it is settled.
        """
        self._require_worker(by, "taken")
        if self.taken_by not in (None, by.id):
            raise AlreadyTaken(self.taken_by)
        return altered(self, state=RequestState.TAKEN, taken_by=by.id)

    def put_back(self, by: StaffMember | None) -> Request:
        """Return the request as open to the whole department again; ``None``: whoever took it went off duty.

        Raises:
            NotPermitted: the person is not of the department.
            AlreadyTaken: it is a colleague's work, and the person does not lead.
            ForbiddenMove: nobody has it.
        """
        if by is not None:
            self._require_worker(by, "put back")
        if self.state is not RequestState.TAKEN:
            raise ForbiddenMove(f"request {self.id} is {self.state}")
        return altered(self, state=RequestState.OPEN, taken_by=None)

    def answered(self, by: StaffMember, text: str, at: datetime) -> Request:
        """Return the request with its answer, taken first or not; whoever leads may answer over a colleague.

        Raises:
            NotPermitted, AlreadyTaken, ForbiddenMove: as in `put_back`, but for one that nobody has.
            Invalid: the answer is empty or too long.
        """
        self._require_worker(by, "answered")
        said = checked_words("text", text, WORDS_MAX, "Câu trả lời đang trống.")
        return altered(self, state=RequestState.ANSWERED, taken_by=by.id, answer=said, settled_at=at)

    def declined(self, by: StaffMember, reason: str, at: datetime) -> Request:
        """Return the request as declined, with a reason that lets the asker find another way.

        Raises:
            NotPermitted, AlreadyTaken, ForbiddenMove: as in `answered`.
            Invalid: no reason is given.
        """
        self._require_worker(by, "declined")
        why = checked_words("reason", reason, WORDS_MAX, "Xin cho biết lý do chưa làm được.")
        return altered(self, state=RequestState.DECLINED, taken_by=by.id, answer=why, settled_at=at)

    def cancelled(self, by: StaffMember | None, at: datetime, *, owner_id: int | None = None) -> Request:
        """Return the request as no longer wanted by whoever asked, owns the case or leads, or (``None``) with its case.

        Raises:
            NotPermitted: it is for others to take back.
            ForbiddenMove: it is settled.
        """
        if by is not None and not by.leads and by.id not in (self.asked_by, owner_id):
            raise NotPermitted(f"staff member {by.id} did not ask for request {self.id}")
        self._require_open("cancelled")
        return altered(self, state=RequestState.CANCELLED, settled_at=at)

    def slipped_to(self, due_at: datetime, at: datetime) -> Request:
        """Return the request with a later deadline, marked as slipped.

        Raises:
            ForbiddenMove: it is settled.
            Invalid: the new deadline is not later than the old one, or not in the future.
        """
        self._require_open("slipped")
        if due_at <= max(self.due_at, at):
            raise Invalid("due_at", "Hạn mới phải muộn hơn hạn cũ và ở tương lai.")
        return altered(self, due_at=due_at, slipped=True)

    def _require_worker(self, by: StaffMember, move: str) -> None:
        if not may_work_on(by, self):
            raise NotPermitted(f"request {self.id} is not for staff member {by.id}")
        self._require_open(move)
        if self.taken_by is not None and self.taken_by != by.id and not by.leads:
            raise AlreadyTaken(self.taken_by)

    def _require_open(self, move: str) -> None:
        if not self.open:
            raise ForbiddenMove(f"request {self.id}: {self.state} -> {move}")


def is_same(request: Request, department: str, words: str) -> bool:
    """Tell whether a request still asks a department for the very same thing, whoever asks for it."""
    return request.open and request.department == department and request.text.casefold() == words.casefold()


def may_work_on(staff: StaffMember, request: Request) -> bool:
    """Tell whether the person may take and answer it: a member of the department, or somebody who leads."""
    return staff.active and (staff.leads or request.department in staff.departments)


def checked_request(company: Company, case: Case, *, asker: StaffMember, department: str, text: str) -> str:
    """Return the words of a request that may be made.

    Raises:
        NotPermitted: the asker does not hold the case.
        ForbiddenMove: the case is resolved.
        Invalid: no such department, the one that has the case anyway, or no words.
    """
    require_askable(company, case, asker=asker, department=department)
    return checked_words("text", text, WORDS_MAX, "Hãy viết điều cần hỏi.")


def require_askable(company: Company, case: Case, *, asker: StaffMember, department: str) -> None:
    """Let only whoever holds a case ask another department. Raises as `checked_request`."""
    require_held(asker, case)
    if department not in company.departments:
        raise Invalid("department", "Không có bộ phận này.")
    if department == case.department:
        raise Invalid("department", "Phiếu đang ở chính bộ phận này.")


def request_due(department: Department, at: datetime, asked_at: datetime | None = None) -> datetime:
    """Return when a department owes the answer to what it is asked at ``at``, in its own open time.

    One that slips (``asked_at``) gets as long again as it has waited, up to `LATER_AT_MOST` of the usual spans: its
    customer is not put off every few minutes.
    """
    span = float(department.request_minutes)
    if asked_at is not None:
        waited = department.hours.open_minutes(asked_at, at)
        span = min(max(waited, span), span * LATER_AT_MOST)
    return rounded_up(due_after(department.hours, at, span))


def look_at(request: Request, promise_due: datetime | None) -> datetime:
    """Return when to see whether the request is late: at its deadline, or before the customer's date if earlier."""
    if promise_due is None:
        return request.due_at
    return min(request.due_at, promise_due - HEADROOM)


def promise_after(front: Department, promise_due: datetime | None, request_due: datetime) -> datetime | None:
    """Return the date to which the customer's promise must move, because the answer it waits for comes too late.

    ``None`` where the promise can still be kept (or none is open). ``front`` has the case: the new date leaves it
    `PASSING_ON` of its own open minutes after the answer. Ask this when a request is made and whenever one slips.
    """
    if promise_due is None:
        return None
    needed = rounded_up(due_after(front.hours, request_due, PASSING_ON))
    return needed if needed > promise_due else None
