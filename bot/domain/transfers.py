"""Warm transfers: a case changes hands only when the receiver says yes; until then the giver keeps it.

A decline or a time-out leaves the case where it was, with the reason; where a department was asked, one who cannot only
leaves it to the others. A case is passed on at most `HOP_LIMIT` times;
after that only somebody who leads may receive it, and has it in person.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.cases import HOP_LIMIT, Case
from bot.domain.company import MANAGEMENT, Company, Side
from bot.domain.copies import altered
from bot.domain.errors import AlreadyTaken, ForbiddenMove, Invalid, NotPermitted
from bot.domain.staff import StaffMember, require_held
from bot.domain.text import clean
from bot.domain.written import WORDS_MAX, checked_words


class HopsSpent(ForbiddenMove):
    """The case was passed on as often as it may be: only somebody who leads may receive it."""


class TransferState(StrEnum):
    """``asked``: the receiver has not answered, the giver has the case. Only ``accepted`` moves the case."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class TransferKind(StrEnum):
    """Why a case changes hands; only ``passed_on`` uses up one of its hops.

    ``passed_on``: it is somebody else's work, or another person does it better. ``introduced``: the front office brings
    somebody from behind into the conversation, and goes on taking part in it. ``relieved``: the giver goes off duty and
    a desk of the same chain carries on. ``given_back``: a manager who stepped in returns it to its desk. ``escalated``:
    it goes to somebody who leads.
    """

    PASSED_ON = "passed_on"
    INTRODUCED = "introduced"
    RELIEVED = "relieved"
    GIVEN_BACK = "given_back"
    ESCALATED = "escalated"


@dataclass(frozen=True, kw_only=True)
class Transfer:
    """One staff member asking a person, or a whole department (``to_staff_id`` is ``None``), to take a case.

    ``reason`` is why it was declined or cancelled. ``settled_by`` is ``None`` where the house did it. ``meant`` is the
    department whose work it is, where ``to_department`` only stands in for it. ``leaving``: the giver's shift ends, and
    they go off duty with the last answer. ``said_no`` are those of the department who cannot, while others still may.
    """

    id: int
    case_id: int
    from_staff_id: int
    to_department: str
    to_staff_id: int | None
    summary: str
    asked_at: datetime
    expires_at: datetime
    kind: TransferKind = TransferKind.PASSED_ON
    meant: str | None = None
    leaving: bool = False
    state: TransferState = TransferState.ASKED
    settled_at: datetime | None = None
    settled_by: int | None = None
    reason: str = ""
    said_no: tuple[int, ...] = ()
    timer_id: int | None = None

    @property
    def open(self) -> bool:
        """Tell whether an answer is still awaited."""
        return self.state is TransferState.ASKED

    @property
    def brought_in(self) -> bool:
        """Tell whether a colleague was brought into the case by it, who then takes part in it."""
        return self.kind is TransferKind.INTRODUCED and self.state is TransferState.ACCEPTED

    def accepted(self, by: StaffMember, at: datetime) -> Transfer:
        """Return the transfer as accepted; then give the case to the receiver with `handed_over`.

        A yes that arrives after ``expires_at`` but before the time-out was noted counts: it helps the customer.

        Raises:
            NotPermitted: it was not asked of this person, or it is the giver.
            AlreadyTaken: a colleague accepted it first.
            ForbiddenMove: it ended some other way.
        """
        if self.state is TransferState.ACCEPTED and self.settled_by != by.id:
            raise AlreadyTaken(self.settled_by)
        return self._settled(TransferState.ACCEPTED, self._answerer(by), at)

    def declined(self, by: StaffMember, at: datetime, reason: str, *, others: bool = False) -> Transfer:
        """Return the transfer as declined; for a department, any of its members may say that it cannot.

        While there are ``others`` who have not answered it stays asked, without this person.

        Raises:
            NotPermitted: it was not asked of this person, or it is the giver.
            Invalid: no reason is given; the giver needs one to do better.
            ForbiddenMove: it ended before.
        """
        why = checked_words("reason", reason, WORDS_MAX, "Xin cho biết lý do chưa nhận được phiếu.")
        declined = self._settled(TransferState.DECLINED, self._answerer(by), at, why)
        return altered(self, said_no=(*self.said_no, by.id)) if others else declined

    def expired(self, at: datetime) -> Transfer:
        """Return the transfer as timed out.

        Raises:
            ForbiddenMove: it ended before, or its time is not up (a clock went back): look again at ``expires_at``.
        """
        if self.open and at < self.expires_at:
            raise ForbiddenMove(f"transfer {self.id} has time until {self.expires_at}")
        return self._settled(TransferState.EXPIRED, None, at)

    def cancelled(self, by: StaffMember | None, at: datetime, reason: str = "") -> Transfer:
        """Return the transfer as taken back by the giver or somebody who leads, or (``None``) ended with its case.

        Raises:
            NotPermitted: the person neither gave it nor leads.
            ForbiddenMove: it ended before.
        """
        if by is not None and by.id != self.from_staff_id and not by.leads:
            raise NotPermitted(f"staff member {by.id} did not ask for transfer {self.id}")
        return self._settled(TransferState.CANCELLED, by.id if by else None, at, clean(reason)[:WORDS_MAX])

    def _answerer(self, by: StaffMember) -> int:
        if not may_answer(by, self):
            raise NotPermitted(f"transfer {self.id} is not asked of staff member {by.id}")
        return by.id

    def _settled(self, state: TransferState, by: int | None, at: datetime, reason: str = "") -> Transfer:
        if not self.open:
            raise ForbiddenMove(f"transfer {self.id}: {self.state} -> {state}")
        return altered(self, state=state, settled_by=by, settled_at=at, reason=reason)


def may_answer(staff: StaffMember, transfer: Transfer) -> bool:
    """Tell whether the person may answer: the one who was asked, or a member of the department; never the giver."""
    if not staff.active or staff.id == transfer.from_staff_id:
        return False
    if transfer.to_staff_id is not None:
        return staff.id == transfer.to_staff_id
    return _may_work(staff, transfer.to_department)


def checked_transfer(
    company: Company,
    case: Case,
    *,
    giver: StaffMember,
    department: str,
    receiver: StaffMember | None,
    kind: TransferKind = TransferKind.PASSED_ON,
) -> TransferKind:
    """Judge what a giver wants to do with a case, and return the kind under which to ask.

    ``receiver`` is ``None`` where a department is asked; ``kind`` is what the giver means by it, and comes back as
    ``passed_on`` where only the front office could introduce, and as ``escalated`` where the case goes to somebody who
    leads.

    Raises:
        NotPermitted: the giver does not hold the case, or gives back what only a manager could have taken.
        Invalid: it goes to nobody, to the giver, to where it is already, or to a person who does not do that work.
        ForbiddenMove: the case is resolved.
        HopsSpent: the receiver could have it, but does not lead.
    """
    require_held(giver, case)
    _check_place(company, giver, department, receiver)
    if kind is TransferKind.INTRODUCED:
        if receiver is None or desk_behind(company, receiver) is None:
            raise Invalid("staff_id", "Chỉ mời được một người của khối hỗ trợ. Hãy dùng “Chuyển phiếu”.")
        kind = counted_as(company, case, giver, kind)
        if kind is TransferKind.INTRODUCED:
            return kind
    if department == MANAGEMENT or (receiver is not None and receiver.leads):
        return TransferKind.ESCALATED
    if kind is TransferKind.ESCALATED:
        raise Invalid("department", "Chỉ chuyển lên quản lý mới là chuyển cấp trên.")
    _check_kind(company, case, giver, department, kind)
    if kind is TransferKind.PASSED_ON:
        if receiver is None and department == case.department:
            raise Invalid("department", "Phiếu đang ở bộ phận này rồi.")
        if case.hops >= HOP_LIMIT:
            raise HopsSpent(f"{case.code} was passed on {case.hops} times already; only a manager may receive it")
    return kind


def counted_as(company: Company, case: Case, giver: StaffMember, kind: TransferKind) -> TransferKind:
    """Return the kind that what a giver means counts as: only the front office introduces, of a case that lies there.

    From behind, bringing somebody else in is passing on: or a case could wander there without end.
    """
    if kind is not TransferKind.INTRODUCED:
        return kind
    front = {one.id for one in company.fronts()}
    at_the_front = case.department in front and (giver.leads or not front.isdisjoint(giver.departments))
    return kind if at_the_front else TransferKind.PASSED_ON


def desk_behind(company: Company, staff: StaffMember) -> str | None:
    """Return the department behind the front office for which somebody is brought into a conversation, if there is one.

    Management is not among them: what goes there is escalated.
    """
    behind = (one.id for one in company.departments.values() if one.side is Side.BACK and one.id != MANAGEMENT)
    return next((one for one in behind if one in staff.departments), None)


def takes_part(staff: StaffMember, case: Case, transfers: Iterable[Transfer]) -> bool:
    """Tell whether the person brought somebody into this case, and so reads it and writes notes while it is open."""
    brought_in = any(one.brought_in and one.from_staff_id == staff.id for one in transfers)
    return staff.active and case.open and brought_in


def handed_over(case: Case, transfer: Transfer, at: datetime) -> Case:
    """Return the case in the hands of whoever accepted its transfer.

    Only a passed-on case becomes the new desk's own work (``wanted``), or that of the desk it stands in for, and loses
    a hop; going up makes it at least high priority, as every escalation does.

    Raises:
        ForbiddenMove: the transfer is another case's or not accepted, or the case is resolved.
        AlreadyTaken: the giver has lost the case since.
    """
    receiver = transfer.settled_by
    if transfer.state is not TransferState.ACCEPTED or transfer.case_id != case.id or receiver is None:
        raise ForbiddenMove(f"transfer {transfer.id} does not move {case.code}")
    if not case.open:
        raise ForbiddenMove(f"{case.code} is resolved")
    if case.owner_id != transfer.from_staff_id:
        raise AlreadyTaken(case.owner_id)
    passed_on = transfer.kind is TransferKind.PASSED_ON
    case = case.hurried() if transfer.kind is TransferKind.ESCALATED else case
    stays = transfer.to_department == case.department
    return altered(
        case,
        department=transfer.to_department,
        wanted=(transfer.meant or transfer.to_department) if passed_on else case.wanted,
        owner_id=receiver,
        claimed_at=at,
        queue_number=case.queue_number if stays else None,
        queue_day=case.queue_day if stays else None,
        hops=case.hops + 1 if passed_on else case.hops,
    )


def _check_place(company: Company, giver: StaffMember, department: str, receiver: StaffMember | None) -> None:
    if department not in company.departments:
        raise Invalid("department", "Hãy chọn người hoặc bộ phận nhận phiếu.")
    if receiver is None:
        return
    if receiver.id == giver.id:
        raise Invalid("staff_id", "Không thể chuyển phiếu cho chính mình.")
    if not receiver.active:
        raise Invalid("staff_id", "Người này không còn làm việc ở đây.")
    if not _may_work(receiver, department):
        raise Invalid("staff_id", "Người này không thuộc bộ phận nhận phiếu.")


def _check_kind(company: Company, case: Case, giver: StaffMember, department: str, kind: TransferKind) -> None:
    if kind is TransferKind.GIVEN_BACK:
        if not giver.leads:
            raise NotPermitted(f"staff member {giver.id} does not lead")
        if department not in (case.department, case.wanted):
            raise Invalid("department", "Chỉ trả phiếu về bộ phận đang giữ phiếu.")
    if kind is TransferKind.RELIEVED and department not in {one.id for one in company.chain(case.department)}:
        raise Invalid("department", "Bộ phận này không trực thay bộ phận đang giữ phiếu.")


def _may_work(staff: StaffMember, department: str) -> bool:
    return staff.leads or department in staff.desks
