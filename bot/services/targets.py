"""Whom a giver means, whether the case may go there, and who of them is there to answer."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain.cases import Case
from bot.domain.company import MANAGEMENT, RECEPTION, Company
from bot.domain.errors import Invalid, Unknown
from bot.domain.staff import StaffMember
from bot.domain.transfers import HopsSpent, TransferKind, checked_transfer, counted_as
from bot.services.attendance import AT_WORK, Doorkeeper
from bot.services.moves import Opened
from bot.services.ports import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where a case is meant to go. ``raised``: its hops are used up, so it goes to those who lead instead.

    ``meant`` is the department that was named, where ``department`` stands in for it. ``leaving``: the giver's shift
    ends.
    """

    department: str
    receiver: StaffMember | None
    kind: TransferKind
    raised: bool = False
    meant: str | None = None
    leaving: bool = False


class Targets:
    """Finds and judges targets."""

    def __init__(self, company: Company, doorkeeper: Doorkeeper) -> None:
        self._company = company
        self._doorkeeper = doorkeeper

    @property
    def top(self) -> str:
        """Where a case goes that nobody else may pass on: those who lead."""
        return MANAGEMENT if MANAGEMENT in self._company.departments else RECEPTION

    async def meant(self, at: Opened, department: str | None, staff_id: int | None, kind: TransferKind) -> Target:
        """Return the target that a giver named. Raises `Invalid`."""
        receiver = await self.person(at.uow, staff_id) if staff_id is not None else None
        chosen = department or self._department(at.case, receiver, kind)
        if chosen not in self._company.departments:
            raise Invalid("department", "Không có bộ phận này.")
        return Target(department=chosen, receiver=receiver, kind=kind, leaving=kind is TransferKind.RELIEVED)

    async def person(self, uow: UnitOfWork, staff_id: int) -> StaffMember:
        """Return a person who was named by id. Raises `Invalid`."""
        try:
            return await uow.staff.get(staff_id)
        except Unknown as failure:
            raise Invalid("staff_id", "Không có người này.") from failure

    def _department(self, case: Case, receiver: StaffMember | None, kind: TransferKind) -> str:
        """Say which department is meant where none was named."""
        if receiver is None:
            if kind is TransferKind.ESCALATED:
                return self.top
            if kind is TransferKind.GIVEN_BACK:
                return case.wanted if case.department == MANAGEMENT else case.department
            raise Invalid("department", "Hãy chọn người hoặc bộ phận nhận phiếu.")
        for near in (case.department, case.wanted):
            if near in receiver.departments:
                return near
        if len(receiver.departments) == 1:
            return next(iter(receiver.departments))
        if receiver.leads:
            return self.top
        raise Invalid("department", f"{receiver.name} thuộc nhiều bộ phận, hãy chọn một.")

    def checked(self, at: Opened, giver: StaffMember, target: Target) -> Target:
        """Judge a transfer; one that only lacks a hop goes to those who lead instead: never a dead end.

        Raises what `checked_transfer` raises.
        """
        target = replace(target, kind=counted_as(self._company, at.case, giver, target.kind))
        try:
            return self._judged(at.case, giver, target)
        except HopsSpent:
            upward = Target(department=self.top, receiver=None, kind=TransferKind.PASSED_ON, raised=True)
            return self._judged(at.case, giver, upward)

    def _judged(self, case: Case, giver: StaffMember, target: Target) -> Target:
        kind = checked_transfer(
            self._company,
            case,
            giver=giver,
            department=target.department,
            receiver=target.receiver,
            kind=target.kind,
        )
        return replace(target, kind=kind)

    async def answerable(self, at: Opened, giver: StaffMember, target: Target) -> Target | None:
        """Return whom to ask: the person, the department, or who stands in for it; ``None``: nobody is at work.

        Raises:
            Invalid: a person was named who is not there.
        """
        attendance = await self._doorkeeper.fresh(at.uow, at.now)
        there = [one for one, presence in attendance.people if presence in AT_WORK and one.id != giver.id]
        if target.receiver is not None:
            if target.receiver.id in {one.id for one in there}:
                return target
            absent = f"{target.receiver.name} hiện không trực. Hãy chọn người khác hoặc cả bộ phận."
            raise Invalid("staff_id", absent)
        if target.department == MANAGEMENT:
            return target if any(one.leads for one in there) else None
        for department in self._chain(at.case, target):
            if any(department in one.departments for one in there):
                meant = target.department if department != target.department else None
                return replace(target, department=department, meant=meant)
        return None

    def _chain(self, case: Case, target: Target) -> list[str]:
        if target.kind is not TransferKind.PASSED_ON:
            return [target.department]
        covers = [one for one in self._company.cover_chain(target.department) if one != target.department]
        return [target.department, *(one for one in covers if one not in (case.department, MANAGEMENT))]
