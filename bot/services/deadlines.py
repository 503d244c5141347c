"""The deadlines of cases: their clock moves with the case, and one durable timer a case watches it."""

from __future__ import annotations

from datetime import datetime

from bot.domain.cases import Case
from bot.domain.company import Company, Department, Priority
from bot.domain.copies import altered
from bot.domain.sla import SlaClock
from bot.services.ports import QueueName, UnitOfWork

DEADLINE = "deadline"


class Deadlines:
    """Moves the clock of a case. Whoever moves a case saves it afterwards, and has it watched in the same transaction.

    A case from before there were deadlines gets them at its next move.
    """

    def __init__(self, company: Company) -> None:
        self._company = company

    def started(self, department: str, priority: Priority, now: datetime, call_at: datetime | None = None) -> SlaClock:
        """Return the clock of a case that opens, with a call owed at an hour instead of a first answer where given."""
        desk = self._desk(department)
        clock = SlaClock.started(desk.hours, desk.sla.of(priority), now)
        return clock if call_at is None else clock.appointed(desk.hours, desk.sla.of(priority), now, call_at)

    def replied(self, case: Case, now: datetime) -> Case:
        """Return the case after a person answered: the customer has the next word."""
        return altered(case, sla=self._clock(case, now).replied(self._desk(case.department).hours, now))

    def appointed(self, case: Case, call_at: datetime, now: datetime, *, beside: bool = False) -> Case:
        """Return the case with a call owed at an hour that the customer chose, in place of an answer.

        ``beside`` as in `SlaClock.appointed`.
        """
        desk = self._desk(case.department)
        sla = desk.sla.of(case.priority)
        clock = self._clock(case, now).appointed(desk.hours, sla, now, call_at, beside=beside)
        return altered(case, sla=clock)

    def calling(self, case: Case) -> Case:
        """Return the case while its customer is being called."""
        return altered(case, sla=case.sla.calling()) if case.sla is not None else case

    def without_call(self, case: Case) -> Case:
        """Return the case with no call owed any more."""
        return altered(case, sla=case.sla.without_call()) if case.call_at is not None and case.sla is not None else case

    def held(self, case: Case, now: datetime, *, dated: bool = False, minutes: int | None = None) -> Case:
        """Return the case after a person asked its customer for time: another answer is owed from now.

        ``dated`` and ``minutes`` as in `SlaClock.held`.
        """
        desk = self._desk(case.department)
        sla = desk.sla.of(case.priority)
        clock = self._clock(case, now).held(desk.hours, sla, now, dated=dated, minutes=minutes)
        return altered(case, sla=clock)

    def customer_wrote(self, case: Case, now: datetime) -> Case:
        """Return the case after its customer wrote; the very same one where an answer was owed already."""
        desk = self._desk(case.department)
        clock = self._clock(case, now).customer_wrote(desk.hours, desk.sla.of(case.priority), now)
        return case if clock == case.sla else altered(case, sla=clock)

    def follow(self, before: Case, after: Case, now: datetime) -> Case:
        """Return a case with its deadlines where it is now; what has run of them stays run.

        In another department what is left of each runs by the opening hours there; under another priority they are
        those of that priority.
        """
        desk = self._desk(after.department)
        if after.department != before.department:
            clock = self._clock(after, now).moved(self._desk(before.department).hours, desk.hours, now)
            after = altered(after, sla=clock)
        if after.priority is not before.priority:
            after = altered(after, sla=self._clock(after, now).allowed(desk.hours, desk.sla.of(after.priority), now))
        return after

    def resolved(self, case: Case, now: datetime) -> Case:
        """Return the case with its clock stopped for good."""
        return altered(case, sla=self._clock(case, now).resolved(self._desk(case.department).hours, now))

    def reopened(self, case: Case, now: datetime) -> Case:
        """Return the case with an answer owed anew."""
        desk = self._desk(case.department)
        clock = self._clock(case, now).reopened(desk.hours, desk.sla.of(case.priority), now)
        return altered(case, sla=clock)

    async def watch(self, uow: UnitOfWork, case: Case, now: datetime) -> Case:
        """Set the timer of a locked case to where its clock stands, in place of the last one; save what it returns."""
        if case.timer_id is not None:
            await uow.queues.finish(QueueName.TIMERS, case.timer_id)
        moment = case.sla.next_moment(now) if case.open and case.sla is not None else None
        if moment is None:
            return altered(case, timer_id=None)
        timer = await uow.queues.set_timer({"kind": DEADLINE, "case_id": case.id}, moment)
        return altered(case, timer_id=timer)

    def _clock(self, case: Case, now: datetime) -> SlaClock:
        return case.sla or self.started(case.department, case.priority, now)

    def _desk(self, department: str) -> Department:
        return self._company.department_or_reception(department)
