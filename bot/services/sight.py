"""Who may read a case: its own people, those being asked about it, and those who brought a colleague into it."""

from __future__ import annotations

from bot.domain.approvals import may_decide
from bot.domain.cases import Case
from bot.domain.company import Company
from bot.domain.errors import Unknown
from bot.domain.requests import may_work_on
from bot.domain.staff import StaffMember, may_see
from bot.domain.transfers import may_answer, takes_part
from bot.services.ports import UnitOfWork


class Sight:
    """Answers for every door that shows something of a case."""

    def __init__(self, company: Company) -> None:
        self._company = company

    async def case(self, uow: UnitOfWork, staff: StaffMember, code: str) -> Case:
        """Return a case that the person may read. Raises `Unknown` for any other, as for none."""
        case = await uow.cases.by_code(code)
        if not await self.reads(uow, staff, case):
            raise Unknown(f"case {code}")
        return case

    async def reads(self, uow: UnitOfWork, staff: StaffMember, case: Case) -> bool:
        """Tell whether the person may read the case. Further questions cost a query each, and only for strangers."""
        if may_see(staff, case):
            return True
        if not staff.active or not case.open:
            return False
        transfers = await uow.transfers.of_case(case.id)
        if takes_part(staff, case, transfers) or any(one.open and may_answer(staff, one) for one in transfers):
            return True
        offer = await uow.offers.open_of(case.id)
        if offer is not None and offer.staff_id == staff.id:
            return True
        if any(one.open and may_work_on(staff, one) for one in await uow.requests.of_case(case.id)):
            return True
        return any(one.open and may_decide(self._company, staff, one) for one in await uow.approvals.of_case(case.id))

    async def readable(self, uow: UnitOfWork, staff: StaffMember, conversation_id: int) -> frozenset[int]:
        """Return the ids of the cases of a conversation that the person may read: what colleagues note is for them."""
        known = await uow.cases.of_conversation(conversation_id)
        return frozenset([one.id for one in known if await self.reads(uow, staff, one)])

    async def takes_part(self, uow: UnitOfWork, staff: StaffMember, case: Case) -> bool:
        """Tell whether the person may write notes in the case: their own, or one that they brought somebody into."""
        return may_see(staff, case) or takes_part(staff, case, await uow.transfers.of_case(case.id))

    async def was_asked(self, uow: UnitOfWork, staff: StaffMember, case: Case) -> bool:
        """Tell whether the person was ever asked to take the case: whoever is too late may be told who was faster."""
        if any(may_answer(staff, one) for one in await uow.transfers.of_case(case.id)):
            return True
        return any(one.staff_id == staff.id for one in await uow.offers.of_case(case.id))
