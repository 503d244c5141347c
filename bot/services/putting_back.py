"""Putting cases back into their queues, because their owners go off duty or are gone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from bot.domain.cases import Case, CaseState
from bot.domain.promises import chosen_due
from bot.domain.shifts import Roster
from bot.domain.staff import StaffMember, require_held
from bot.domain.staffed import planned_due
from bot.services import texts_duty
from bot.services.attendance import AT_WORK
from bot.services.floors import pass_on
from bot.services.linking import owner_changed, work_of
from bot.services.moves import Moves, Opened
from bot.services.offering import Offering
from bot.services.ports import QueueItem, QueueName, UnitOfWork
from bot.services.presences import Whereabouts, roster_of, seen

PUT_BACK = "put_back"


async def post_put_back(uow: UnitOfWork, case: Case) -> None:
    """Have a case put back as soon as this transaction has committed, if the owner still has it then."""
    await uow.queues.post(QueueName.TIMERS, {"kind": PUT_BACK, "case_id": case.id, "owner_id": case.owner_id})


class PuttingBack:
    """Gives cases back to their desks, each in a transaction of its own, and with a date that the customer is told.

    Whoever has their answer, and the next word, is not troubled: the case waits for somebody to have it by then.
    """

    def __init__(self, moves: Moves) -> None:
        self._moves = moves
        self._offering = Offering(moves)

    async def put_back(
        self, staff: StaffMember, code: str, *, due_at: datetime | None = None, confirmed: bool = False
    ) -> datetime | None:
        """Put a case back that the person holds, and return the date that the customer was told, if any was.

        Raises:
            NotPermitted: somebody else holds it.
            Invalid: the date cannot be promised.
            ClosedThen: nobody is there at that time, and that was not ``confirmed``.
        """
        async with self._moves.opened(staff, code) as at:
            require_held(staff, at.case)
            due = chosen_due(due_at, at.now) if due_at is not None else None
            if due is not None and not confirmed:
                await self._require_open(at, due)
            return await self._put_back(at, staff, due)

    async def due(self, item: QueueItem) -> None:
        """Put a case back for an owner who cannot do so."""
        async with self._moves.store.begin() as uow:
            at = await self._moves.locked(uow, await uow.cases.get(int(item.body["case_id"])))
            if not await uow.queues.finish(QueueName.TIMERS, item.id):
                return
            if at.case.state is CaseState.ASSIGNED and at.case.owner_id == item.body["owner_id"]:
                await self._put_back(at, None, None)

    async def _require_open(self, at: Opened, due: datetime) -> None:
        """Ask about a date in closed hours, but for the one that the customer holds: it stays as it is."""
        known = await at.uow.promises.open_of(at.case.id)
        if known is None or not known.holds(at.now) or known.due_at != due:
            self._moves.require_open(at.case, due)

    async def _put_back(self, at: Opened, staff: StaffMember | None, chosen: datetime | None) -> datetime | None:
        uow, moves = at.uow, self._moves
        await owner_changed(uow, at.case, at.now)
        quiet = chosen is None and await self.owes_nothing(uow, at.case)
        case = at.case
        if chosen is not None:
            # Nothing is owed before the date that the customer is told now.
            case = await moves.deadlines.watch(uow, moves.deadlines.held(case, at.now, dated=True), at.now)
        freed = await moves.handoff.release(uow, case, at.now)
        due = None if quiet else await self._dated(at, freed, chosen)
        await moves.audit(at, staff, "case.put_back", due_at=due.isoformat() if due is not None else None)
        await pass_on(uow, at.conversation, at.case)
        if staff is not None:
            await self._offering.to_others(at, staff)
        return due

    async def _dated(self, at: Opened, freed: Case, chosen: datetime | None) -> datetime:
        """Give a case that was put back its date, and tell the customer."""
        moves = self._moves
        due = chosen or await self.first_date(at.uow, freed, at.now, without=at.case.owner_id)
        dated = await moves.promises.date_for(at.uow, freed, due, at.now, chosen=chosen is not None)
        label, said = moves.label(freed.department, at.language), moves.dated(at, dated)
        text = texts_duty.put_back(code=freed.code, department=label, dated=said, language=at.language)
        await moves.tell(at, freed, text)
        return dated.promise.due_at

    async def owes_nothing(self, uow: UnitOfWork, case: Case) -> bool:
        """Tell whether nobody waits for anything in a case, also for what its owner has asked of others."""
        if not await self._moves.promises.owes_nothing(uow, case):
            return False
        return not (await work_of(uow, case.id)).awaited

    async def first_date(self, uow: UnitOfWork, case: Case, now: datetime, *, without: int | None) -> datetime:
        """Return the first date that may be promised for a case, once one person no longer counts."""
        roster = await roster_of(uow, self._moves.company, now)
        left = [one for one in await uow.staff.people() if one.id != without]
        return self.date_by(case, seen(self._moves.company, roster, left, now), roster, now)

    def date_by(self, case: Case, left: Sequence[Whereabouts], roster: Roster, now: datetime) -> datetime:
        """Return the same from the people who still count and the roster, which were looked at already."""
        company = self._moves.company
        department = company.department_or_reception(case.department)
        by_queue = self._moves.promises.first_due(case, now)
        if department.hours.is_open(now):
            there = [one.person for one in left if one.presence in AT_WORK]
            if _serves(there, company.cover_chain(department.id)):
                return by_queue
        # Whoever comes first finds all the others that were put back, and who wrote overnight.
        people = [one.person for one in left]
        return max(by_queue, planned_due(company, roster, people, department.id, case.priority, now))


def _serves(people: Collection[StaffMember], chain: Collection[str]) -> bool:
    return any(one.leads or not one.departments.isdisjoint(chain) for one in people)
