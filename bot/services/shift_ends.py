"""The end of a shift: nobody goes off owning an open case, and the house helps with letting go of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.cases import Case
from bot.domain.company import Company
from bot.domain.errors import AlreadyTaken, DomainError, Invalid, Unknown
from bot.domain.presence import Presence
from bot.domain.promises import Promise
from bot.domain.staff import StaffMember
from bot.domain.transfers import TransferKind
from bot.services import texts
from bot.services.ports import Clock, Store, UnitOfWork
from bot.services.ports_desk import Load
from bot.services.presences import Whereabouts, at_work, roster_of, seen
from bot.services.putting_back import PuttingBack
from bot.services.shift_watch import try_to_leave
from bot.services.sight import Sight
from bot.services.transferring import TransferOutcome, Transferring

PLEASE = "Em hết ca, nhờ anh/chị hỗ trợ khách tiếp giúp em ạ."


class To(StrEnum):
    """What may become of a case: a colleague or a department is asked, it goes back with a date, or it is kept."""

    STAFF = "staff"
    DEPARTMENT = "department"
    PROMISE = "promise"
    KEEP = "keep"


@dataclass(frozen=True, kw_only=True)
class Line:
    """What a person wants to become of one case; ``confirmed``: a date in closed hours is meant."""

    code: str
    to: To
    staff_id: int | None = None
    department: str | None = None
    due_at: datetime | None = None
    note: str = ""
    confirmed: bool = False


@dataclass(frozen=True, kw_only=True)
class Colleague:
    """Somebody who may take a case now; ``free`` is how many more they can carry."""

    person: StaffMember
    presence: Presence
    department: str
    free: int


@dataclass(frozen=True, kw_only=True)
class Held:
    """A case that keeps a person from going off, and the ways out. ``asked`` is who was asked to take it."""

    case: Case
    customer_name: str | None
    due_at: datetime | None
    asked: str | None
    colleagues: Sequence[Colleague]
    department_staffed: bool
    promise_at: datetime
    suggested: Line


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
    """Shows what a person still holds, with a way out for each case, and goes that way."""

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

    async def held(self, staff: StaffMember, language: str = "vi") -> tuple[list[Held], datetime | None]:
        """Return what the person, who reads ``language``, holds, oldest first, and when their shift ends."""
        now = self._clock.now()
        async with self._store.read() as uow:
            roster = await roster_of(uow, self._company, now)
            people = await uow.staff.people()
            there = [
                one
                for one in seen(self._company, roster, people, now)
                if one.presence is not Presence.OFF and one.person.id != staff.id
            ]
            loads, offered = await uow.cases.loads(), await uow.offers.open_counts()
            found = []
            for case in await uow.cases.held_by(staff.id):
                promise = await uow.promises.open_of(case.id)
                if promise is not None and promise.holds(now):
                    # What the customer holds stays: no other date is put forward.
                    date = promise.due_at
                else:
                    date = self._putting_back.date_by(case, people, roster, now, without=staff.id)
                colleagues = self._colleagues(case, there, loads, offered)
                found.append(await self._held(uow, case, promise, colleagues, date, language))
            return found, roster.shift_end(staff.id, now)

    async def _held(
        self,
        uow: UnitOfWork,
        case: Case,
        promise: Promise | None,
        colleagues: Sequence[Colleague],
        date: datetime,
        language: str,
    ) -> Held:
        conversation = await uow.conversations.get(case.conversation_id)
        staffed = any(one.department == case.department for one in colleagues)
        return Held(
            case=case,
            customer_name=conversation.customer_name,
            due_at=promise.due_at if promise else None,
            asked=await self._asked(uow, case, language),
            colleagues=colleagues,
            department_staffed=staffed,
            promise_at=date,
            suggested=_suggested(case, colleagues, staffed=staffed, date=date),
        )

    def _colleagues(
        self, case: Case, there: Sequence[Whereabouts], loads: Mapping[int, Load], offered: Mapping[int, int]
    ) -> list[Colleague]:
        """Whoever may take the case, best first: not one who leads, of the desk itself, there, least loaded."""
        found: list[tuple[tuple[bool, int, bool, int, int], Colleague]] = []
        chain = [one.id for one in self._company.chain(case.department)]
        capacity = self._company.department(case.department).capacity
        for one in there:
            person = one.person
            desk = next((one for one in chain if one in person.departments), None)
            if desk is None:
                continue
            load = loads.get(person.id)
            carried = (load.open_cases if load else 0) + offered.get(person.id, 0)
            free = max(capacity - carried, 0)
            rank = chain.index(desk)
            present = one.presence is Presence.ON_DUTY
            colleague = Colleague(person=person, presence=one.presence, department=desk, free=free)
            found.append(((person.leads, rank, not present, -free, person.id), colleague))
        return [colleague for _, colleague in sorted(found, key=lambda pair: pair[0])]

    async def _asked(self, uow: UnitOfWork, case: Case, language: str) -> str | None:
        transfer = await uow.transfers.asked_of(case.id)
        if transfer is None:
            return None
        if transfer.to_staff_id is not None:
            return (await uow.staff.get(transfer.to_staff_id)).name
        return self._company.label(transfer.to_department, language)


def _suggested(case: Case, colleagues: Sequence[Colleague], *, staffed: bool, date: datetime) -> Line:
    """A colleague who is there and free; else the desk, if anybody is at it; else a date."""
    free = [one for one in colleagues if one.free and one.presence is Presence.ON_DUTY]
    if free:
        return Line(code=case.code, to=To.STAFF, staff_id=free[0].person.id)
    if staffed:
        return Line(code=case.code, to=To.DEPARTMENT, department=case.department)
    return Line(code=case.code, to=To.PROMISE, due_at=date)
