"""The end of a shift: nobody goes off owning an open case. Which ways out each one has is in `shift_end_ways`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.company import Company
from bot.domain.errors import AlreadyTaken, DomainError, Invalid, Unknown
from bot.domain.shift_ends import Line, To
from bot.domain.staff import StaffMember
from bot.domain.transfers import TransferKind
from bot.services import texts
from bot.services.ports import Clock, Store, UnitOfWork
from bot.services.presences import at_work
from bot.services.putting_back import PuttingBack
from bot.services.shift_watch import try_to_leave
from bot.services.sight import Sight
from bot.services.transferring import TransferOutcome, Transferring

PLEASE = "Em hết ca, nhờ anh/chị hỗ trợ khách tiếp giúp em ạ."


class LineOutcome(StrEnum):
    """How one line of a plan went. ``asked``: the giver has the case until somebody accepts."""

    ASKED = "asked"
    PUT_BACK = "put_back"
    KEPT = "kept"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class Result:
    """What became of one line; ``refusal`` is why nothing did."""

    code: str
    outcome: LineOutcome
    told: str
    due_at: datetime | None = None
    refusal: DomainError | None = None


@dataclass(frozen=True, kw_only=True)
class Done:
    """How a plan went. ``off``: the person is off duty; ``waiting``: they are as soon as what was asked is accepted."""

    results: Sequence[Result]
    holds: Sequence[str]
    off: bool
    waiting: bool


class ShiftEnds:
    """Goes the way out of each case that a person chose, and has them go off when they hold none."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        company: Company,
        putting_back: PuttingBack,
        transferring: Transferring,
    ) -> None:
        self._store = store
        self._clock = clock
        self._company = company
        self._putting_back = putting_back
        self._transferring = transferring
        self._sight = Sight(company)

    async def apply(self, staff: StaffMember, plan: Sequence[Line]) -> Done:
        """Do what a person wants with their cases, each in a transaction of its own; then, if none is left, go off.

        A line that is refused leaves the others alone. Where colleagues were asked, the house has the person go off
        when the last of them has accepted.

        Raises:
            Invalid: a line is about no case that the person can mean, or does not say who shall have it. Nothing is
                done then.
        """
        await self._check(staff, plan)
        results = [await self._applied(staff, line) for line in plan]
        async with self._store.begin() as uow:
            left = await try_to_leave(uow, await uow.staff.get(staff.id, lock=True), self._clock.now())
        return Done(results=results, holds=left.holds, off=left.off, waiting=left.waiting)

    async def _check(self, staff: StaffMember, plan: Sequence[Line]) -> None:
        async with self._store.read() as uow:
            people = {one.id for one in await uow.staff.people()}
            for place, line in enumerate(plan):
                if line.code in {one.code for one in plan[:place]}:
                    raise Invalid(f"plan.{place}.code", f"Phiếu {line.code} có hai lần trong danh sách.")
                if not await self._meant(uow, staff, line.code):
                    raise Invalid(f"plan.{place}.code", f"Anh/chị không giữ phiếu nào mã {line.code}.")
                if line.to is To.STAFF and line.staff_id is None:
                    raise Invalid(f"plan.{place}.staff_id", f"Hãy chọn đồng nghiệp nhận {line.code}.")
                if line.to is not To.STAFF and line.staff_id is not None:
                    raise Invalid(f"plan.{place}.staff_id", "Chỉ chọn người nhận khi chuyển cho một đồng nghiệp.")
                if line.staff_id is not None and line.staff_id not in people:
                    raise Invalid(f"plan.{place}.staff_id", "Không có người này.")
                if line.department is not None and line.department not in self._company.departments:
                    raise Invalid(f"plan.{place}.department", "Không có bộ phận này.")

    async def _meant(self, uow: UnitOfWork, staff: StaffMember, code: str) -> bool:
        """Tell whether the person can mean a case: they have it, or had it when they opened the list."""
        try:
            case = await uow.cases.by_code(code)
        except Unknown:
            return False
        if await self._sight.reads(uow, staff, case):
            return True
        return any(one.from_staff_id == staff.id for one in await uow.transfers.of_case(case.id))

    async def _elsewhere(self, staff: StaffMember, code: str) -> AlreadyTaken | None:
        """Say who has a case instead of the person, or that nobody has; ``None`` where it is theirs."""
        async with self._store.read() as uow:
            case = await uow.cases.by_code(code)
            if not case.open:
                return AlreadyTaken(None, f"{code} đã xong.")
            if case.owner_id == staff.id:
                return None
            if case.owner_id is None:
                return AlreadyTaken(None, f"{code} không ở anh/chị: phiếu đang ở hàng đợi.")
            owner = await uow.staff.get(case.owner_id)
            name = owner.called("vi") or owner.name
            return AlreadyTaken(case.owner_id, f"{code} không ở anh/chị: {name} đang giữ.")

    async def _applied(self, staff: StaffMember, line: Line) -> Result:
        try:
            return await self._move(staff, line)
        except DomainError as refused:
            # A case that is elsewhere is refused behind its lock, and whoever asked wants to know where it is.
            refusal = await self._elsewhere(staff, line.code) or refused
            return Result(code=line.code, outcome=LineOutcome.REFUSED, told="", refusal=refusal)

    async def _move(self, staff: StaffMember, line: Line) -> Result:
        match line.to:
            case To.KEEP:
                if elsewhere := await self._elsewhere(staff, line.code):
                    raise elsewhere
                return Result(code=line.code, outcome=LineOutcome.KEPT, told=f"Anh/chị giữ lại {line.code}.")
            case To.PROMISE:
                return await self._put_back(staff, line)
            case To.DEPARTMENT if await self._alone_at(staff, line):
                return await self._put_back(staff, line)
            case To.DEPARTMENT | To.STAFF:
                return await self._give(staff, line)

    async def _put_back(self, staff: StaffMember, line: Line) -> Result:
        due = await self._putting_back.put_back(staff, line.code, due_at=line.due_at, confirmed=line.confirmed)
        if due is None:
            told = f"{line.code} đã trở lại hàng đợi. Khách đã có câu trả lời nên không bị nhắn thêm."
        else:
            when = texts.moment(due, self._clock.now(), self._company.zone, "vi")
            told = f"{line.code} đã trở lại hàng đợi, khách được hẹn trước {when}."
        return Result(code=line.code, outcome=LineOutcome.PUT_BACK, told=told, due_at=due)

    async def _give(self, staff: StaffMember, line: Line) -> Result:
        given = await self._transferring.give(
            staff,
            line.code,
            note=line.note or PLEASE,
            department=line.department or (None if line.staff_id else await self._home(line.code)),
            staff_id=line.staff_id,
            kind=TransferKind.RELIEVED,
        )
        outcome = LineOutcome.ASKED if given.outcome is TransferOutcome.ASKED else LineOutcome.PUT_BACK
        return Result(code=line.code, outcome=outcome, told=given.told)

    async def _home(self, code: str) -> str:
        async with self._store.read() as uow:
            return (await uow.cases.by_code(code)).department

    async def _alone_at(self, staff: StaffMember, line: Line) -> bool:
        """Tell whether nobody else is at the case's own desk: then it goes back with the date that the roster gives."""
        home = await self._home(line.code)
        if line.department not in (None, home):
            return False
        now = self._clock.now()
        async with self._store.read() as uow:
            there = await at_work(uow, self._company, now)
        return not any(home in one.departments for one in there if one.id != staff.id)
