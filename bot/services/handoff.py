"""Giving a need to a person: a case with a number in a named queue, or a dated promise. It always succeeds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.domain.call_moves import CALL_OFF
from bot.domain.cases import REOPEN_WINDOW, Case, code_of
from bot.domain.company import Company, Department, Priority
from bot.domain.conversations import Conversation
from bot.domain.copies import altered
from bot.domain.promises import PromiseKind, PromiseState, rounded_up
from bot.domain.routing import Route, Step, route
from bot.domain.staff import own_desk
from bot.domain.summaries import KEPT_MAX, added_to
from bot.domain.turns import Outcome
from bot.services import texts, texts_promises, texts_waits
from bot.services.appointing import Appointments, owed_beside_call
from bot.services.attendance import Doorkeeper
from bot.services.call_hours import Appointment, CallHours
from bot.services.case_news import announce
from bot.services.deadline_keeper import watch_later
from bot.services.deadlines import Deadlines
from bot.services.ports import UnitOfWork
from bot.services.ports_cases import NewCase
from bot.services.promise_book import PromiseBook
from bot.services.queue_numbers import queue_number
from bot.services.reopening import Reopening
from bot.services.rousing import call_assigner
from bot.services.waiting import Place, Waits

CUSTOMER_RELATIONS = "customer_relations"

WITHDRAWN = "case_withdrawn"
"""Reason with which an action adds to a case that its customer no longer needs it."""

OUTSIDE_REPLY = "outside_reply"
"""Reason of the case that holds what a customer says while a person answers in the channel's own application."""


@dataclass(frozen=True, kw_only=True)
class Need:
    """What a customer needs from a person, as the assistant or the house itself put it."""

    department: str
    reason: str
    summary: str
    priority: Priority = Priority.NORMAL
    collected: Mapping[str, Any] = field(default_factory=dict)
    call_at: datetime | None = None
    """When the customer wants to be called."""
    reopens: str | None = None
    """Code of a case that ended, and of which they say that it is not done."""


@dataclass(frozen=True, kw_only=True)
class Handed:
    """A need that is in good hands: its case, how the turn closes, and what the customer is told."""

    case: Case
    outcome: Outcome
    text: str


class Handoff:
    """Opens cases and adds to them, in the caller's transaction."""

    def __init__(self, company: Company, doorkeeper: Doorkeeper, waits: Waits, promises: PromiseBook) -> None:
        self._company = company
        self._doorkeeper = doorkeeper
        self._waits = waits
        self._deadlines = Deadlines(company)
        self.promises = promises
        self.appointments = Appointments(company, promises)
        self._call_hours = CallHours(company)
        self.reopening = Reopening(company, promises)

    async def hand(self, uow: UnitOfWork, conversation: Conversation, need: Need, now: datetime) -> Handed:
        """Open a case for a need, or add the need to the customer's open case of the same desk.

        A case of theirs that ended lately opens again where the need says so.
        """
        ended = await self._ended(uow, conversation, need, now)
        if ended is not None:
            language = conversation.language
            again, text = await self.reopening.reopen(
                uow, ended, now, by="customer", said=need.summary, language=language
            )
            return Handed(case=again, outcome=Outcome.OWNED, text=text)
        wanted = self._desk(need.department).id
        for case in await uow.cases.of_customer(conversation.customer_id):
            if case.conversation_id == conversation.id and wanted in (case.department, case.wanted):
                return await self._add_to(uow, conversation, case, need, now)
        return await self._open(uow, conversation, altered(need, department=wanted), now)

    async def _ended(self, uow: UnitOfWork, conversation: Conversation, need: Need, now: datetime) -> Case | None:
        """Return the resolved case that a need opens again, locked; an older one stays what it is."""
        if need.reopens is None:
            return None
        known = await uow.cases.recent(conversation.customer_id, now - REOPEN_WINDOW)
        found = next((one for one, _ in known if one.code == need.reopens and not one.open), None)
        if found is None or found.conversation_id != conversation.id:
            return None
        locked = await uow.cases.get(found.id, lock=True)
        return None if locked.open else locked

    async def _add_to(
        self, uow: UnitOfWork, conversation: Conversation, case: Case, need: Need, now: datetime
    ) -> Handed:
        if need.reason == CALL_OFF and case.call_at is not None:
            noted = altered(case, summary=added_to(case.summary, need.summary))
            owed = owed_beside_call(case, need.summary)
            ended, text = await self.appointments.call_off(uow, conversation, noted, now, owed=owed)
            return Handed(case=ended, outcome=Outcome.OWNED if ended.open else Outcome.ANSWERED, text=text)
        changed = altered(
            case,
            summary=added_to(case.summary, need.summary),
            collected={**case.collected, **need.collected},
            priority=max(case.priority, need.priority, key=list(Priority).index),
            skill=case.skill or self._desk(need.department).skill_for(need.reason),
            complaint=case.complaint or _complains(need),
        )
        if need.reason == WITHDRAWN and case.call_at is not None:
            # Whoever needs nothing any more wants no call either.
            changed = self._deadlines.without_call(changed)
            await self.promises.settle(uow, case, PromiseState.CANCELLED, now)
        if changed.priority is not case.priority:
            changed = self._deadlines.follow(case, changed, now)
            await watch_later(uow, case.id)
        changed = await self.promises.answer_owed(uow, changed, now)
        await uow.cases.save(changed)
        if _suits(changed) != _suits(case):
            await call_assigner(uow)
        await announce(uow, changed, "updated")
        await uow.audit.write(now, "bot", "case.add", case.code, reason=need.reason)
        language = conversation.language
        if need.call_at is not None:
            beside = case.owes_beside_call
            called, text = await self.appointments.call_at(uow, conversation, changed, need.call_at, now, beside=beside)
            if text:
                return Handed(case=called, outcome=Outcome.PROMISED, text=text)
        promise = await self.promises.expect_answer(uow, changed, now)
        label = (await self._desk_with(uow, case)).label(language)
        due = self.promises.say_moment(promise.due_at, now, language)
        if need.reason == WITHDRAWN:
            text = texts.withdrawn(code=case.code, department=label, due=due, language=language)
        else:
            dated = texts_promises.dated(kind=promise.kind, due=due, language=language, stays=promise.told)
            text = texts.added(code=case.code, department=label, dated=dated, language=language)
        return Handed(case=changed, outcome=Outcome.OWNED, text=text)

    async def _open(self, uow: UnitOfWork, conversation: Conversation, need: Need, now: datetime) -> Handed:
        call = await self._call_hours.at(uow, need.department, need.call_at, now)
        there = await self._doorkeeper.look(uow, now)
        taken = route(self._company, need.department, there.working, need.priority, now)
        if call is not None:
            # Whoever is there now need not be at that hour: the call is its own desk's, and covered when it comes.
            taken = Route(department=need.department, step=Step.PROMISE, due_at=call.at)
        place = await self._waits.take(uow, taken.department, there) if taken.staffed else None
        taken = self._honest(taken, need.priority, place, now) if call is None else taken
        day = now.astimezone(self._company.zone).date()
        numbers = await uow.cases.numbers(self._company.department(need.department).code, taken.department, day)
        case = await uow.cases.add(self._new_case(conversation, need, call, taken, place, numbers, now))
        await self.promises.first(uow, case, taken.due_at, now, PromiseKind.CALL if call else PromiseKind.ANSWER)
        await call_assigner(uow, case.id)
        await announce(uow, case, "opened")
        await uow.audit.write(now, "bot", "case.open", case.code, department=taken.department, step=taken.step.value)
        outcome = Outcome.OWNED if taken.staffed else Outcome.PROMISED
        text = self.appointments.said(conversation, case, call, now) if call else None
        text = text or self._expectation(conversation, case, taken, place, now)
        return Handed(case=case, outcome=outcome, text=text)

    def _new_case(
        self,
        conversation: Conversation,
        need: Need,
        call: Appointment | None,
        taken: Route,
        place: Place | None,
        numbers: tuple[int, int],
        now: datetime,
    ) -> NewCase:
        wanted = self._company.department(need.department)
        low, high = place.seconds if place else (None, None)
        number, in_queue = numbers
        return NewCase(
            code=code_of(wanted.code, number),
            conversation_id=conversation.id,
            customer_id=conversation.customer_id,
            department=taken.department,
            wanted=need.department,
            priority=need.priority,
            reason=need.reason,
            summary=need.summary[:KEPT_MAX],
            collected=need.collected,
            queue_number=in_queue,
            queue_day=now.astimezone(self._company.zone).date(),
            opened_at=now,
            language=conversation.language,
            skill=wanted.skill_for(need.reason),
            complaint=_complains(need),
            ahead=place.ahead if place else None,
            serving=place.serving if place else None,
            at_once=place.at_once if place else False,
            wait_low=low,
            wait_high=high,
            sla=self._deadlines.started(taken.department, need.priority, now, call.at if call else None),
        )

    def _expectation(
        self, conversation: Conversation, case: Case, taken: Route, place: Place | None, now: datetime
    ) -> str:
        language = conversation.language
        label = self._desk(case.department).label(language)
        due = self.promises.say_moment(taken.due_at, now, language)
        number = case.queue_number or 1
        if not taken.staffed:
            closed = not self._desk(case.department).hours.is_open(now)
            return texts.promised(
                code=case.code, department=label, queue_number=number, due=due, language=language, closed=closed
            )
        away = self._company.department(case.wanted).label(language) if taken.step is not Step.DEPARTMENT else None
        wait = ""
        # Urgent cases pass the queue: its length says nothing of them.
        told = case.priority is not Priority.URGENT and self._before_closing(case.department, taken.due_at, now)
        if place is not None and place.estimate is not None and told:
            wait = texts_waits.place(ahead=place.ahead, estimate=place.estimate, language=language)
        return texts.owned(
            code=case.code, department=label, queue_number=number, due=due, covers=away, language=language, wait=wait
        )

    def _before_closing(self, department: str, due_at: datetime, now: datetime) -> bool:
        """Tell whether a date lies before the door closes: minutes to wait beside a date of tomorrow are no word."""
        hours = self._desk(department).hours
        if not hours.is_open(now):
            return False
        closing = hours.next_closing(now)
        return closing is None or due_at <= closing

    def _honest(self, taken: Route, priority: Priority, place: Place | None, now: datetime) -> Route:
        """A queue that takes longer than the desk's own time has its customers told so at once, not when it is over."""
        if priority is Priority.URGENT:
            return taken
        due = max(taken.due_at, self._waits.answered_by(self._desk(taken.department), priority, now))
        if place is not None and place.estimate is not None:
            due = max(due, rounded_up(now + place.estimate.high))
        return altered(taken, due_at=due)

    async def release(self, uow: UnitOfWork, case: Case, now: datetime) -> Case:
        """Put a case back into its queue, because its owner can no longer hold it."""
        day = now.astimezone(self._company.zone).date()
        freed = case.released(await queue_number(uow, case, case.department, day), day, now)
        await uow.cases.save(freed)
        self._waits.joined(freed.department)
        await call_assigner(uow)
        await announce(uow, freed, "released")
        await uow.audit.write(now, "house", "case.release", case.code, former=case.owner_id)
        return freed

    async def _desk_with(self, uow: UnitOfWork, case: Case) -> Department:
        """Return whose people have a case, as its customer was told: of whoever leads, the management."""
        if case.owner_id is None:
            return self._desk(case.department)
        return self._desk(own_desk(await uow.staff.get(case.owner_id), case, self._company))

    def _desk(self, department_id: str) -> Department:
        return self._company.department_or_reception(department_id)


def _suits(case: Case) -> tuple[object, ...]:
    """Return what decides whom a waiting case suits, and when: the assigner looks again where any of it changed."""
    return case.priority, case.skill, case.complaint, case.rests_until


def _complains(need: Need) -> bool:
    """A complaint, or something that has customer relations hurry, is best met by somebody with experience."""
    return need.reason.startswith("complaint") or (
        need.department == CUSTOMER_RELATIONS and need.priority is not Priority.NORMAL
    )
