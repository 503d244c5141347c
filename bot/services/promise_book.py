"""The promises of cases: made, moved, settled and said, in the caller's transaction; at most one is open in a case."""

from __future__ import annotations

from datetime import datetime

from bot.domain.cases import Case
from bot.domain.company import MANAGEMENT, Company, Department
from bot.domain.hours import OpeningHours
from bot.domain.promises import (
    Dated,
    Promise,
    PromiseKind,
    PromiseState,
    first_response_due,
    next_response_due,
    reminded_at,
    watched_at,
)
from bot.domain.sla import Deadline
from bot.services import texts, texts_promises
from bot.services.call_hours import CallHours
from bot.services.case_news import announce
from bot.services.deadline_keeper import deadline_news, watch_later
from bot.services.deadlines import Deadlines
from bot.services.ports import QueueName, UnitOfWork
from bot.services.rousing import call_assigner
from bot.services.waiting import Waits

PROMISE = "promise"
"""The kind of the timers that watch a date."""

PROMISE_NOTICE = "promise_notice"
"""The kind of the timers that remind an owner of a date that the customer holds."""


class PromiseBook:
    """Writes the promises of cases, each with its durable timers. Callers hold the lock of the case."""

    def __init__(self, company: Company, waits: Waits) -> None:
        self._company = company
        self._waits = waits
        self._call_hours = CallHours(company)
        self._deadlines = Deadlines(company)

    async def promise(
        self,
        uow: UnitOfWork,
        case: Case,
        due_at: datetime,
        now: datetime,
        kind: PromiseKind = PromiseKind.ANSWER,
        *,
        tries: int = 0,
        silent: bool = False,
    ) -> Promise:
        """Give a case a date, in place of an open one, with the durable timer that watches it.

        ``silent``: its customer is not told.
        """
        await self.settle(uow, case, PromiseState.CANCELLED, now)
        return await self.first(uow, case, due_at, now, kind, tries=tries, silent=silent)

    async def first(
        self,
        uow: UnitOfWork,
        case: Case,
        due_at: datetime,
        now: datetime,
        kind: PromiseKind,
        *,
        tries: int = 0,
        silent: bool = False,
    ) -> Promise:
        """Give a case that has no date yet its first one; where there may be one see `promise`."""
        timer = await uow.queues.set_timer({"kind": PROMISE, "case_id": case.id}, watched_at(now, due_at))
        promise = await uow.promises.add(case.id, due_at, now, timer, kind, tries, silent=silent)
        if promise.told:
            await uow.queues.set_timer({"kind": PROMISE_NOTICE, "promise_id": promise.id}, reminded_at(now, due_at))
        return promise

    async def date_for(
        self, uow: UnitOfWork, case: Case, due_at: datetime, now: datetime, *, chosen: bool = False
    ) -> Dated:
        """Return the date of a case that goes to somebody else, for its customer to be told of.

        A date ahead that the customer holds stays, unless a person has ``chosen`` the other one; else it is a new one,
        the house's or the person's. The hour of a call is the customer's to choose, and theirs only: one that passed
        without a call is followed by another.
        """
        known = await uow.promises.open_of(case.id)
        holds = known if known is not None and known.holds(now) else None
        if holds is not None and (not chosen or holds.due_at == due_at or holds.kind is PromiseKind.CALL):
            return Dated(promise=holds, stays=True)
        if known is not None and known.kind is PromiseKind.CALL and holds is None:
            return await self._call_later(uow, await uow.cases.get(case.id), known, due_at, now)
        kind = PromiseKind.DATE if chosen else PromiseKind.ANSWER
        return Dated(promise=await self.promise(uow, case, due_at, now, kind), stays=False, instead_of=known)

    async def _call_later(self, uow: UnitOfWork, case: Case, missed: Promise, due_at: datetime, now: datetime) -> Dated:
        """Promise another hour for a call whose own has passed: the case has to hurry, and those who lead hear."""
        await self.settle(uow, case, PromiseState.RENEWED, now)
        case = self._deadlines.follow(case, case.hurried(), now)
        due_at = await self._call_hours.soonest(uow, case.department, due_at, now)
        case = await self.appoint(uow, case, due_at, now, tries=missed.tries)
        await uow.audit.write(now, "house", "promise.renew", case.code, due_at=due_at.isoformat())
        told = deadline_news(case, Deadline.CALL, "breach", missed.due_at, departments=[MANAGEMENT])
        await uow.feed.publish("deadline", case.conversation_id, told)
        promise = await self.next_answer(uow, case, now)
        return Dated(promise=promise, stays=False, missed=True)

    async def appoint(
        self, uow: UnitOfWork, case: Case, at: datetime, now: datetime, *, tries: int = 0, beside: bool | None = None
    ) -> Case:
        """Promise a call about a locked case at an hour, in place of any other date; whoever asks for it says so.

        ``tries`` counts the calls in a row that found nobody; another hour that somebody named begins anew, and one in
        place of a missed one does not. What is owed beside the call that it takes the place of stays owed; ``beside``
        says whether anything was, where the words that ask for the hour count as owed already.
        """
        kept = case.owes_beside_call if beside is None else beside
        called = self._deadlines.appointed(case, at, now, beside=kept)
        changed = await self._deadlines.watch(uow, called, now)
        await uow.cases.save(changed)
        await self.promise(uow, changed, at, now, PromiseKind.CALL, tries=tries)
        await call_assigner(uow)
        await announce(uow, changed, "call")
        return changed

    async def expect_answer(self, uow: UnitOfWork, case: Case, now: datetime, *, silent: bool = False) -> Promise:
        """Return the promise under which the customer of a case gets the next answer, made now where none is open."""
        owed = await self.answer_owed(uow, case, now)
        if owed is not case:
            await uow.cases.save(owed)
        return await self.next_answer(uow, case, now, silent=silent)

    async def next_answer(self, uow: UnitOfWork, case: Case, now: datetime, *, silent: bool = False) -> Promise:
        """Return the open promise of a case, made now where there was none: an answer within the desk's time for it.

        ``silent``: the customer is not told of one that is made now.
        """
        known = await uow.promises.open_of(case.id)
        if known is not None:
            return known
        desk = self._desk(case.department)
        due = next_response_due(desk, case.priority, now)
        due = max(due, self._waits.answered_by(desk, case.priority, now))
        return await self.promise(uow, case, due, now, silent=silent)

    async def answer_owed(self, uow: UnitOfWork, case: Case, now: datetime) -> Case:
        """Return the case with its deadlines as its customer wrote again, which somebody watches from then on."""
        owed = self._deadlines.customer_wrote(case, now)
        if owed is not case:
            await watch_later(uow, case.id)
        return owed

    async def owes_nothing(self, uow: UnitOfWork, case: Case) -> bool:
        """Tell whether the customer of a case has the next word, and holds no date either."""
        return case.waits_for_customer and await uow.promises.open_of(case.id) is None

    async def settle(self, uow: UnitOfWork, case: Case, state: PromiseState, now: datetime) -> Promise | None:
        """End the open promise of a case, if there is one, and its timer with it; return it as it was."""
        promise = await uow.promises.open_of(case.id)
        if promise is not None:
            await self._settle(uow, promise, state, now)
        return promise

    async def end(self, uow: UnitOfWork, case: Case, now: datetime) -> None:
        """End the open promise of a case that was resolved, as what it came to."""
        promise = await uow.promises.open_of(case.id)
        if promise is not None:
            await self._settle(uow, promise, promise.ends_as, now)

    async def _settle(self, uow: UnitOfWork, promise: Promise, state: PromiseState, now: datetime) -> None:
        await uow.promises.save(promise.settled(state, now))
        if promise.timer_id is not None:
            await uow.queues.finish(QueueName.TIMERS, promise.timer_id)

    def first_due(self, case: Case, now: datetime) -> datetime:
        """Return when somebody can have answered a case that waits anew: by the desk's own time and by its queue."""
        desk = self._desk(case.department)
        due = first_response_due(desk, case.priority, now)
        return max(due, self._waits.answered_by(desk, case.priority, now))

    def hours_of(self, case: Case) -> OpeningHours:
        """Return the opening hours of the desk that has a case."""
        return self._desk(case.department).hours

    def say_moment(self, at: datetime, now: datetime, language: str) -> str:
        """Say a date in the company's time zone."""
        return texts.moment(at, now, self._company.zone, language)

    def say_instead(self, off: Promise | None, due: datetime, now: datetime, language: str) -> str:
        """Say, as half a sentence, which date that the customer has heard is off for another one; "" where none is.

        A person's date at the very moment that the house has told already takes nothing back.
        """
        if off is None or not off.heard(now) or (off.due_at == due and not off.told):
            return ""
        said = self.say_moment(off.due_at, now, language)
        return texts_promises.instead_of(kind=off.kind, due=said, language=language)

    def _desk(self, department_id: str) -> Department:
        return self._company.department_or_reception(department_id)
