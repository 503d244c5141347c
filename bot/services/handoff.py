"""Giving a need to a person: a case with a number in a named queue, or a dated promise. It always succeeds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.domain.call_moves import CALL_OFF
from bot.domain.cases import Case, code_of
from bot.domain.company import MANAGEMENT, Company, Department, Priority
from bot.domain.conversations import Conversation
from bot.domain.copies import altered
from bot.domain.hours import OpeningHours
from bot.domain.promises import (
    Dated,
    Promise,
    PromiseKind,
    PromiseState,
    first_response_due,
    next_response_due,
    reminded_at,
    rounded_up,
    watched_at,
)
from bot.domain.routing import Route, Step, route
from bot.domain.sla import Deadline
from bot.domain.summaries import KEPT_MAX, added_to
from bot.domain.turns import Outcome
from bot.services import texts, texts_calls, texts_promises, texts_waits
from bot.services.appointing import Appointment, Appointments
from bot.services.attendance import Doorkeeper
from bot.services.deadline_keeper import deadline_news, watch_later
from bot.services.deadlines import Deadlines
from bot.services.notes import write_note
from bot.services.ports import QueueName, UnitOfWork
from bot.services.ports_cases import NewCase
from bot.services.rousing import call_assigner
from bot.services.waiting import Place, Waits

CUSTOMER_RELATIONS = "customer_relations"
PROMISE_NOTICE = "promise_notice"
"""The kind of the timers that remind an owner of a date that the customer holds."""

WITHDRAWN = "case_withdrawn"
"""Reason with which an action adds to a case that its customer no longer needs it."""

CALLBACK = "callback"
"""Reason of the cases that want nothing but a call."""

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


@dataclass(frozen=True, kw_only=True)
class Handed:
    """A need that is in good hands: its case, how the turn closes, and what the customer is told."""

    case: Case
    outcome: Outcome
    text: str


class Handoff:
    """Opens cases and makes their promises, in the caller's transaction."""

    def __init__(self, company: Company, doorkeeper: Doorkeeper, waits: Waits) -> None:
        self._company = company
        self._doorkeeper = doorkeeper
        self._waits = waits
        self._deadlines = Deadlines(company)
        self.appointments = Appointments(company)

    async def hand(self, uow: UnitOfWork, conversation: Conversation, need: Need, now: datetime) -> Handed:
        """Open a case for a need, or add the need to the customer's open case of the same desk."""
        wanted = self._desk(need.department).id
        for case in await uow.cases.of_customer(conversation.customer_id):
            if case.conversation_id == conversation.id and wanted in (case.department, case.wanted):
                return await self._add_to(uow, conversation, case, need, now)
        return await self._open(uow, conversation, altered(need, department=wanted), now)

    async def _add_to(
        self, uow: UnitOfWork, conversation: Conversation, case: Case, need: Need, now: datetime
    ) -> Handed:
        if need.reason == CALL_OFF and case.call_at is not None:
            noted = altered(case, summary=added_to(case.summary, need.summary))
            ended, text = await self.call_off(uow, conversation, noted, now, owed=owed_beside_call(case))
            return Handed(case=ended, outcome=Outcome.OWNED, text=text)
        changed = altered(
            case,
            summary=added_to(case.summary, need.summary),
            collected={**case.collected, **need.collected},
            priority=max(case.priority, need.priority, key=list(Priority).index),
        )
        if need.reason == WITHDRAWN and case.call_at is not None:
            # Whoever needs nothing any more wants no call either.
            changed = self._deadlines.without_call(changed)
            await self.settle(uow, case, PromiseState.CANCELLED, now)
        if changed.priority is not case.priority:
            changed = self._deadlines.follow(case, changed, now)
            await watch_later(uow, case.id)
        changed = await self._answer_owed(uow, changed, now)
        await uow.cases.save(changed)
        if changed.priority is not case.priority or changed.rests_until != case.rests_until:
            await call_assigner(uow)
        await self.announce(uow, changed, "updated")
        await uow.audit.write(now, "bot", "case.add", case.code, reason=need.reason)
        language = conversation.language
        if need.call_at is not None:
            called, text = await self.call_at(uow, conversation, changed, need.call_at, now)
            if text:
                return Handed(case=called, outcome=Outcome.PROMISED, text=text)
        promise = await self.expect_answer(uow, changed, now)
        label, due = self._desk(case.department).label(language), self.say_moment(promise.due_at, now, language)
        if need.reason == WITHDRAWN:
            text = texts.withdrawn(code=case.code, department=label, due=due, language=language)
        else:
            dated = texts_promises.dated(kind=promise.kind, due=due, language=language, stays=promise.told)
            text = texts.added(code=case.code, department=label, dated=dated, language=language)
        return Handed(case=changed, outcome=Outcome.OWNED, text=text)

    async def _open(self, uow: UnitOfWork, conversation: Conversation, need: Need, now: datetime) -> Handed:
        call = await self.appointments.at(uow, need.department, need.call_at, now)
        there = await self._doorkeeper.look(uow, now)
        taken = route(self._company, need.department, there.working, need.priority, now)
        wanted = self._company.department(need.department)
        if call is not None:
            # Whoever is there now need not be at that hour: the call is its own desk's, and covered when it comes.
            taken = Route(department=wanted.id, step=Step.PROMISE, due_at=call.at)
        place = await self._waits.take(uow, taken.department, there) if taken.staffed else None
        taken = self._honest(taken, need.priority, place, now) if call is None else taken
        low, high = place.seconds if place else (None, None)
        day = now.astimezone(self._company.zone).date()
        number, ticket = await uow.cases.numbers(wanted.code, taken.department, day)
        case = await uow.cases.add(
            NewCase(
                code=code_of(wanted.code, number),
                conversation_id=conversation.id,
                customer_id=conversation.customer_id,
                department=taken.department,
                wanted=need.department,
                priority=need.priority,
                reason=need.reason,
                summary=need.summary[:KEPT_MAX],
                collected=need.collected,
                queue_number=ticket,
                queue_day=day,
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
        )
        await self._watch(uow, case, taken.due_at, now, PromiseKind.CALL if call else PromiseKind.ANSWER)
        await call_assigner(uow, case.id)
        await self.announce(uow, case, "opened")
        await uow.audit.write(now, "bot", "case.open", case.code, department=taken.department, step=taken.step.value)
        outcome = Outcome.OWNED if taken.staffed else Outcome.PROMISED
        text = self._call_text(conversation, case, call, now) if call else None
        text = text or self._expectation(conversation, case, taken, place, now)
        return Handed(case=case, outcome=outcome, text=text)

    def _call_text(
        self,
        conversation: Conversation,
        case: Case,
        call: Appointment,
        now: datetime,
        *,
        moved: bool = False,
        instead: str = "",
    ) -> str:
        language = conversation.language
        phone, at = texts_calls.phone_of(case.collected), self.say_moment(call.at, now, language)
        asked = self.say_moment(call.asked, now, language) if call.asked is not None else None
        if moved:
            return texts_calls.moved(
                code=case.code, phone=phone, at=at, asked=asked, language=language, instead=instead
            )
        department = self._desk(case.department).label(language)
        return texts_calls.promised(
            code=case.code,
            department=department,
            phone=phone,
            at=at,
            asked=asked,
            language=language,
            instead=instead,
        )

    async def call_at(
        self, uow: UnitOfWork, conversation: Conversation, case: Case, wanted: datetime, now: datetime
    ) -> tuple[Case, str]:
        """Promise a call about a locked case, or move the one that was promised, as its customer asks.

        Returns the case as stored, with the sentence for the customer; the very same case and nothing to say where the
        hour cannot be meant.
        """
        call = await self.appointments.at(uow, case.department, wanted, now)
        if call is None:
            return case, ""
        instead = self.say_instead(await uow.promises.open_of(case.id), now, conversation.language)
        changed = await self.appoint(uow, case, call.at, now)
        await uow.audit.write(now, "bot", "case.call", case.code, call_at=call.at.isoformat())
        moved = case.call_at is not None
        return changed, self._call_text(conversation, changed, call, now, moved=moved, instead=instead)

    async def call_off(
        self, uow: UnitOfWork, conversation: Conversation, case: Case, now: datetime, *, owed: bool
    ) -> tuple[Case, str]:
        """Take the call off a locked case, as its customer wants none; return the stored case and what they hear.

        Where nothing else is ``owed`` its desk only has to close the case: no date is given any more.
        """
        off = await uow.promises.open_of(case.id)
        ended = self._deadlines.without_call(case)
        ended = self._deadlines.customer_wrote(ended, now) if owed else self._deadlines.replied(ended, now)
        await self.settle(uow, case, PromiseState.CANCELLED, now)
        await uow.cases.save(ended)
        await watch_later(uow, case.id)
        due = (await self.next_answer(uow, ended, now)).due_at if owed else None
        await call_assigner(uow)
        await uow.audit.write(
            now, "customer", "case.call_off", case.code, call_at=case.call_at.isoformat() if case.call_at else None
        )
        await write_note(uow, ended, texts_calls.off_note(owed=owed), now)
        await self.announce(uow, ended, "call")
        language = conversation.language
        text = texts_calls.called_off(
            code=case.code,
            department=self._desk(case.department).label(language),
            at=self.say_moment(off.due_at, now, language) if off is not None else None,
            due=self.say_moment(due, now, language) if due is not None else None,
            language=language,
        )
        return ended, text

    async def appoint(self, uow: UnitOfWork, case: Case, at: datetime, now: datetime, *, tries: int = 0) -> Case:
        """Promise a call about a locked case at an hour, in place of any other date; whoever asks for it says so.

        ``tries`` counts the calls in a row that found nobody; another hour that somebody named begins anew.
        """
        changed = await self._deadlines.watch(uow, self._deadlines.appointed(case, at, now), now)
        await uow.cases.save(changed)
        await self.promise(uow, changed, at, now, PromiseKind.CALL, tries=tries)
        await call_assigner(uow)
        await self.announce(uow, changed, "call")
        return changed

    def _expectation(
        self, conversation: Conversation, case: Case, taken: Route, place: Place | None, now: datetime
    ) -> str:
        language = conversation.language
        label = self._desk(case.department).label(language)
        due = self.say_moment(taken.due_at, now, language)
        number = case.queue_number or 1
        if not taken.staffed:
            closed = not self._desk(case.department).hours.is_open(now)
            return texts.promised(
                code=case.code, department=label, queue_number=number, due=due, language=language, closed=closed
            )
        away = self._company.department(case.wanted).label(language) if taken.step is not Step.DEPARTMENT else None
        wait = ""
        # Urgent cases pass the queue: its length says nothing of them.
        if place is not None and place.estimate is not None and case.priority is not Priority.URGENT:
            wait = texts_waits.place(ahead=place.ahead, estimate=place.estimate, language=language)
        return texts.owned(
            code=case.code, department=label, queue_number=number, due=due, covers=away, language=language, wait=wait
        )

    def _honest(self, taken: Route, priority: Priority, place: Place | None, now: datetime) -> Route:
        """A queue that takes longer than the desk's own time has its customers told so at once, not when it is over."""
        if priority is Priority.URGENT:
            return taken
        due = max(taken.due_at, self._waits.answered_by(self._desk(taken.department), priority, now))
        if place is not None and place.estimate is not None:
            due = max(due, rounded_up(now + place.estimate.high))
        return altered(taken, due_at=due)

    def first_due(self, case: Case, now: datetime) -> datetime:
        """Return when somebody can have answered a case that waits anew: by the desk's own time and by its queue."""
        desk = self._desk(case.department)
        due = first_response_due(desk, case.priority, now)
        return max(due, self._waits.answered_by(desk, case.priority, now))

    async def promise(
        self,
        uow: UnitOfWork,
        case: Case,
        due_at: datetime,
        now: datetime,
        kind: PromiseKind = PromiseKind.ANSWER,
        *,
        tries: int = 0,
    ) -> Promise:
        """Give a case a date, in place of an open one, with the durable timer that watches it."""
        await self.settle(uow, case, PromiseState.CANCELLED, now)
        return await self._watch(uow, case, due_at, now, kind, tries)

    async def _watch(
        self, uow: UnitOfWork, case: Case, due_at: datetime, now: datetime, kind: PromiseKind, tries: int = 0
    ) -> Promise:
        timer = await uow.queues.set_timer({"kind": "promise", "case_id": case.id}, watched_at(now, due_at))
        promise = await uow.promises.add(case.id, due_at, now, timer, kind, tries)
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
        return Dated(promise=await self.promise(uow, case, due_at, now, kind), stays=False, instead_of=holds)

    async def _call_later(self, uow: UnitOfWork, case: Case, missed: Promise, due_at: datetime, now: datetime) -> Dated:
        """Promise another hour for a call whose own has passed: the case has to hurry, and those who lead hear."""
        await self.settle(uow, case, PromiseState.RENEWED, now)
        case = self._deadlines.follow(case, case.hurried(), now)
        case = await self.appoint(uow, case, due_at, now)
        await uow.audit.write(now, "house", "promise.renew", case.code, due_at=due_at.isoformat())
        told = deadline_news(case, Deadline.CALL, "breach", missed.due_at, departments=[MANAGEMENT])
        await uow.feed.publish("deadline", case.conversation_id, told)
        promise = await self.next_answer(uow, case, now)
        return Dated(promise=promise, stays=False, missed=True)

    async def expect_answer(self, uow: UnitOfWork, case: Case, now: datetime) -> Promise:
        """Return the promise under which the customer of a case gets the next answer, made now where none is open."""
        owed = await self._answer_owed(uow, case, now)
        if owed is not case:
            await uow.cases.save(owed)
        return await self.next_answer(uow, case, now)

    async def next_answer(self, uow: UnitOfWork, case: Case, now: datetime) -> Promise:
        """Return the open promise of a case, made now where there was none: an answer within the desk's time for it."""
        known = await uow.promises.open_of(case.id)
        if known is not None:
            return known
        desk = self._desk(case.department)
        due = next_response_due(desk, case.priority, now)
        due = max(due, self._waits.answered_by(desk, case.priority, now))
        return await self.promise(uow, case, due, now)

    async def _answer_owed(self, uow: UnitOfWork, case: Case, now: datetime) -> Case:
        """Return the case with its deadlines as its customer wrote again, which somebody watches from then on."""
        owed = self._deadlines.customer_wrote(case, now)
        if owed is not case:
            await watch_later(uow, case.id)
        return owed

    async def release(
        self, uow: UnitOfWork, case: Case, due_at: datetime, now: datetime, *, chosen: bool = False
    ) -> tuple[Case, Dated]:
        """Put a case back into its queue, because its owner can no longer hold it, with a date as in `date_for`."""
        day = now.astimezone(self._company.zone).date()
        freed = case.released(await uow.cases.queue_number(case.department, day), day, now)
        await uow.cases.save(freed)
        dated = await self.date_for(uow, freed, due_at, now, chosen=chosen)
        self._waits.joined(freed.department)
        await call_assigner(uow)
        await self.announce(uow, freed, "released")
        await uow.audit.write(now, "house", "case.release", case.code, former=case.owner_id)
        return freed, dated

    def _desk(self, department_id: str) -> Department:
        return self._company.department_or_reception(department_id)

    async def settle(self, uow: UnitOfWork, case: Case, state: PromiseState, now: datetime) -> None:
        """End the open promise of a case, if there is one, and its timer with it."""
        promise = await uow.promises.open_of(case.id)
        if promise is None:
            return
        await uow.promises.save(promise.settled(state, now))
        if promise.timer_id is not None:
            await uow.queues.finish(QueueName.TIMERS, promise.timer_id)

    def hours_of(self, case: Case) -> OpeningHours:
        """Return the opening hours of the desk that has a case."""
        return self._desk(case.department).hours

    async def announce(self, uow: UnitOfWork, case: Case, change: str) -> None:
        """Tell the consoles that a case changed."""
        await uow.feed.publish(
            "case", case.conversation_id, {"code": case.code, "department": case.department, "change": change}
        )

    def say_instead(self, off: Promise | None, now: datetime, language: str) -> str:
        """Say, as half a sentence, that a date which the customer holds is off; "" where they hold none ahead."""
        if off is None or not off.holds(now):
            return ""
        due = self.say_moment(off.due_at, now, language)
        return texts_promises.instead_of(kind=off.kind, due=due, language=language)

    def say_moment(self, at: datetime, now: datetime, language: str) -> str:
        """Say a date in the company's time zone."""
        return texts.moment(at, now, self._company.zone, language)


def owed_beside_call(case: Case) -> bool:
    """Tell whether something else than its call is owed to the customer of a case, before they call it off."""
    return case.reason != CALLBACK or (case.sla is not None and case.sla.owes_answer)


def _complains(need: Need) -> bool:
    """A complaint, or something that has customer relations hurry, is best met by somebody with experience."""
    return need.reason.startswith("complaint") or (
        need.department == CUSTOMER_RELATIONS and need.priority is not Priority.NORMAL
    )
