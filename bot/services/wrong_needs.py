"""“Wrong need”: whoever works on a case says that the bot misread what opened it, and what it would have been."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.cases import Case
from bot.domain.company import Company
from bot.domain.errors import Invalid
from bot.domain.staff import StaffMember
from bot.services.case_news import announce
from bot.services.decisions import TEACHING
from bot.services.ports import Clock, Store, UnitOfWork
from bot.services.ports_review import Correction
from bot.services.refusals import NotNow
from bot.services.sight import Sight


@dataclass(frozen=True, kw_only=True)
class WrongNeed:
    """What holds of a case; ``correction`` is ``None`` where nobody complained. ``by`` is who did."""

    code: str
    correction: Correction | None = None
    by: str | None = None


class WrongNeeds:
    """Moves of everybody who may read a case. The message goes to those who teach, masked like any other."""

    def __init__(self, *, store: Store, clock: Clock, company: Company) -> None:
        self._store = store
        self._clock = clock
        self._company = company
        self._sight = Sight(company)

    async def state(self, staff: StaffMember, code: str) -> WrongNeed:
        """Return what somebody said of a case. Raises `Unknown` also where the person may not read it."""
        async with self._store.read() as uow:
            case = await self._sight.case(uow, staff, code)
            return await self._told(uow, case, await uow.teaching.correction(case.id))

    async def mark(self, staff: StaffMember, code: str, intent: str | None) -> WrongNeed:
        """Say that the bot misread what opened a case. Again changes nothing, another need replaces the first.

        Raises:
            Unknown: there is no such case that the person may read.
            Invalid: the company has no such need, or it is the one that the bot read.
            ForbiddenMove: no message opened the case, or it is deleted.
        """
        if intent is not None and intent not in self._company.owners:
            raise Invalid("intent", f"Không có nhu cầu nào tên “{intent}”.")
        async with self._store.begin() as uow:
            case = await self._locked(uow, staff, code)
            standing = await uow.teaching.correction(case.id)
            if standing is not None and intent in (None, standing.intent):
                return await self._told(uow, case, standing)
            opening = await uow.teaching.opening(case.id)
            if opening is None:
                raise NotNow("Phiếu này không mở từ tin nhắn của khách, không có gì để dạy trợ lý.")
            if intent is not None and intent == opening.intent:
                raise Invalid("intent", "Trợ lý đã hiểu đúng nhu cầu này rồi.")
            now = self._clock.now()
            if standing is not None:
                await uow.teaching.uncorrect(standing, now)
            correction = await uow.teaching.correct(case.id, opening.message_id, intent, staff.id, now)
            await self._tell(uow, staff, case, "case.wrong_need", intent=intent)
            return await self._told(uow, case, correction)

    async def unmark(self, staff: StaffMember, code: str) -> WrongNeed:
        """Take it back; where nobody said it, nothing changes. Raises `Unknown` as `state` does."""
        async with self._store.begin() as uow:
            case = await self._locked(uow, staff, code)
            standing = await uow.teaching.correction(case.id)
            if standing is not None:
                await uow.teaching.uncorrect(standing, self._clock.now())
                await self._tell(uow, staff, case, "case.right_need", intent=standing.intent)
            return WrongNeed(code=case.code)

    async def _locked(self, uow: UnitOfWork, staff: StaffMember, code: str) -> Case:
        """Lock a case that the person may read: two who click at once say one thing."""
        case = await self._sight.case(uow, staff, code)
        return await uow.cases.get(case.id, lock=True)

    async def _told(self, uow: UnitOfWork, case: Case, correction: Correction | None) -> WrongNeed:
        by = (await uow.staff.names()).get(correction.staff_id) if correction is not None else None
        return WrongNeed(code=case.code, correction=correction, by=by)

    async def _tell(self, uow: UnitOfWork, staff: StaffMember, case: Case, action: str, *, intent: str | None) -> None:
        await uow.audit.write(self._clock.now(), f"staff:{staff.id}", action, case.code, intent=intent)
        await announce(uow, case, "wrong_need")
        await uow.feed.publish(TEACHING, None, {"by": staff.id})
