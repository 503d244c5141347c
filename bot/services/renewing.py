"""Another date in place of one that nobody kept: the case goes to those who lead, and its customer hears."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.cases import Case
from bot.domain.company import MANAGEMENT, RECEPTION, Company
from bot.domain.promises import ALARM_EVERY, PromiseState, renewed_due
from bot.services import texts_calls, texts_promises
from bot.services.call_hours import CallHours
from bot.services.case_news import announce
from bot.services.deadline_keeper import deadline_news, watch_later
from bot.services.deadlines import Deadlines
from bot.services.linking import owner_changed
from bot.services.ports import UnitOfWork
from bot.services.promise_book import PromiseBook
from bot.services.queue_numbers import queue_number
from bot.services.rousing import call_assigner
from bot.services.waiting import Waits

LATER_AT_MOST = 3
"""How often the time that a desk needs is doubled for a date that takes the place of a broken one."""


class Renewing:
    """Renews promises, in the caller's transaction."""

    def __init__(self, company: Company, promises: PromiseBook, waits: Waits) -> None:
        self._company = company
        self._promises = promises
        self._waits = waits
        self._call_hours = CallHours(company)
        self._deadlines = Deadlines(company)

    async def renew(
        self, uow: UnitOfWork, case: Case, language: str, now: datetime, *, in_hand: bool
    ) -> tuple[Case, str]:
        """Replace a promise that fell due unkept: the case goes to management, the customer gets a new date.

        Where those who lead have it already, it stays with them; with one of them in person only while they are there
        (``in_hand``: its owner is). Returns the case and the sentence for the customer.
        """
        led = await self._led(uow, case)
        moved = await self._raised(uow, case, now, stays=led and (in_hand or case.owner_id is None))
        await call_assigner(uow)
        broken = await uow.promises.broken(case.id)
        due = self._due(case, moved, broken, now)
        missed = await self._promises.settle(uow, case, PromiseState.RENEWED, now)
        if case.call_at is not None:
            desk = RECEPTION if self._led_now(broken, now) else moved.department
            due = await self._call_hours.soonest(uow, desk, due, now)
            moved = await self._promises.appoint(uow, moved, due, now, tries=missed.tries if missed else 0)
        else:
            await self._promises.promise(uow, moved, due, now)
        await announce(uow, moved, "escalated")
        await uow.audit.write(now, "house", "promise.renew", case.code, due_at=due.isoformat())
        if (broken + 1) % ALARM_EVERY == 0:
            await self._alarm(uow, moved, broken + 1, due, now)
        instead = self._promises.say_instead(missed, due, now, language)
        return moved, self._said(moved, led, self._promises.say_moment(due, now, language), instead, language)

    def _due(self, case: Case, moved: Case, broken: int, now: datetime) -> datetime:
        has_it = self._company.department_or_reception(moved.department)
        if self._led_now(broken, now):
            # Whoever it was asked of may have closed long ago.
            door = self._company.department_or_reception(RECEPTION).hours
            led = replace(self._company.departments.get(MANAGEMENT, has_it), hours=door)
            due = renewed_due(replace(has_it, hours=door), moved.priority, now, broken)
            return max(due, self._waits.answered_by(led, case.priority, now))
        due = renewed_due(has_it, moved.priority, now, broken)
        # Whoever takes it, at least what its own desk needs: a second date must not be broken as well.
        desk, times = self._company.department_or_reception(case.wanted), 2 ** min(broken + 1, LATER_AT_MOST)
        return max(due, self._waits.answered_by(desk, case.priority, now, times=times))

    def _led_now(self, broken: int, now: datetime) -> bool:
        """Tell whether a first date was missed while those who lead are here, and so are customers."""
        door = self._company.department_or_reception(RECEPTION).hours
        return not broken and door.is_open(now) and self._waits.serves(MANAGEMENT)

    def _said(self, moved: Case, led: bool, due: str, instead: str, language: str) -> str:
        has_it = self._company.department_or_reception(moved.department)
        if led:
            has_it = self._company.departments.get(MANAGEMENT, has_it)
        label = has_it.label(language)
        if moved.call_at is not None:
            return texts_calls.renewed(code=moved.code, department=label, at=due, led=led, language=language)
        say = texts_promises.promise_still if led else texts_promises.promise_renewed
        return say(code=moved.code, department=label, due=due, language=language, instead=instead)

    async def _led(self, uow: UnitOfWork, case: Case) -> bool:
        """Tell whether those who lead have a case: in their queue, or one of them in person."""
        if case.owner_id is None:
            return case.department == MANAGEMENT
        return (await uow.staff.get(case.owner_id)).leads

    async def _raised(self, uow: UnitOfWork, case: Case, now: datetime, *, stays: bool) -> Case:
        raised = case.hurried()
        if not stays:
            day = now.astimezone(self._company.zone).date()
            target = MANAGEMENT if MANAGEMENT in self._company.departments else case.department
            raised = case.escalated(target, await queue_number(uow, case, target, day), day, now)
        moved = self._deadlines.follow(case, raised, now)
        await uow.cases.save(moved)
        if moved.owner_id != case.owner_id:
            await owner_changed(uow, case, now)
        await watch_later(uow, case.id)
        return moved

    async def _alarm(self, uow: UnitOfWork, case: Case, missed: int, due_at: datetime, now: datetime) -> None:
        """Tell everybody who leads that one customer has been put off again and again."""
        await uow.audit.write(now, "house", "promise.alarm", case.code, missed=missed, owner=case.owner_id)
        told = deadline_news(case, "promise", "alarm", due_at, departments=[MANAGEMENT])
        await uow.feed.publish("deadline", case.conversation_id, {**told, "missed": missed})
