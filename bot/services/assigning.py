"""The assigner: whenever something changes, what waits is offered to whoever is best, at once.

One run at a time in all processes. A run reads what waits and who is there, asks `bot.domain.assignment`, and writes
offers, or cases in somebody's hands, under the locks of their conversations. It is called by events
(`call_assigner`); a durable timer calls it when waiting alone changes an answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.domain.assignment import OFFERS_AT_ONCE, assign, next_look, within_reach
from bot.domain.assignment_choice import desk_of
from bot.domain.assignment_seats import Hall
from bot.domain.assignment_terms import Plan, WaitingCase
from bot.domain.cases import Case, CaseState
from bot.domain.company import MANAGEMENT, Company, Priority
from bot.domain.conversations import Conversation
from bot.domain.routing import route
from bot.domain.staff import StaffMember
from bot.services.attendance import Attendance, Doorkeeper
from bot.services.case_news import announce
from bot.services.deadline_keeper import DeadlineKeeper
from bot.services.deadlines import Deadlines
from bot.services.giving import Giving
from bot.services.moves import Opened
from bot.services.offer_book import withdraw
from bot.services.offering import Offering
from bot.services.ports import Clock, QueueItem, QueueName, Store, UnitOfWork
from bot.services.ports_desk import Load
from bot.services.rousing import ASSIGN
from bot.services.wait_news import NEWS
from bot.services.waiting import Waits

BATCH = 20
"""Cases that one transaction moves: each keeps its conversation locked to the end."""

ROUNDS = 500
LOOK_AGAIN = timedelta(minutes=1)
"""While something waits that nobody takes, somebody looks at it again so often, whatever was or was not announced."""

NOBODY_THERE = timedelta(minutes=15)
"""The same while nobody is on duty who could take any of it: whoever comes calls."""

NEWS_EVERY = timedelta(minutes=1)

STATE = "assign"


class _Busy(NamedTuple):
    """How much everybody has before them."""

    loads: Mapping[int, Load]
    offered: Mapping[int, int]


class _Decision(NamedTuple):
    """What one transaction is to do: give cases to people, and put cases of empty desks before those who stand in."""

    plans: Sequence[Plan]
    covered: Mapping[int, str]
    next_look: datetime | None

    @property
    def case_ids(self) -> list[int]:
        return [*(plan.case_id for plan in self.plans), *self.covered]


class Assigner:
    """Runs assignment; `due` deals with timers of kind ``assign``."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        company: Company,
        doorkeeper: Doorkeeper,
        offering: Offering,
        giving: Giving,
        deadlines: DeadlineKeeper,
        waits: Waits,
    ) -> None:
        self._store = store
        self._clock = clock
        self._company = company
        self._doorkeeper = doorkeeper
        self._offering = offering
        self._giving = giving
        self._deadlines = deadlines
        self._clocks = Deadlines(company)
        self._waits = waits
        self._news_at: datetime | None = None
        self._seated: tuple[Sequence[StaffMember], Hall] | None = None
        self._turn = asyncio.Lock()
        self._called = self._answered = 0

    async def due(self, item: QueueItem) -> None:
        """Answer a call. Calls that came before a run began are all answered by it."""
        if item.body.get("case_id") is not None:
            await self._deadlines.arm(int(item.body["case_id"]))
        self._called += 1
        mine = self._called
        async with self._turn:
            if self._answered < mine:
                answers = self._called
                await self.run()
                self._answered = answers
        async with self._store.read() as uow:
            await uow.queues.finish(QueueName.TIMERS, item.id)

    async def run(self) -> None:
        """Find somebody for everything that waits, as far as anybody is free."""
        look = self._doorkeeper.fresh
        for _ in range(ROUNDS):
            async with self._store.begin() as uow:
                state = await uow.channel_states.get(STATE, lock=True) or {}
                now = self._clock.now()
                there = (await look(uow, now)).without(await uow.transfers.relieving())
                look = self._doorkeeper.look
                offered = await uow.offers.open_counts()
                if not await self._freed(uow, there, offered, now):
                    busy = _Busy(loads=await uow.cases.loads(), offered=offered)
                    if not await self._round(uow, there, busy, state, now):
                        return

    # --- people who left --------------------------------------------------------------------------------------------

    async def _freed(self, uow: UnitOfWork, there: Attendance, offered: Mapping[int, int], now: datetime) -> bool:
        """Take back what is on offer to people who are not there any more; tells whether anything was."""
        if not offered:
            return False
        present = {person.id for person in there.on_duty}
        absent = [one for one in offered if one not in present]
        offers = [offer for person in sorted(absent) for offer in await uow.offers.open_for(person)][:BATCH]
        locked = await self._lock(uow, [offer.case_id for offer in offers])
        for case, _ in locked.values():
            await withdraw(uow, case, now, "không còn trực")
        return bool(locked)

    # --- one round --------------------------------------------------------------------------------------------------

    async def _round(
        self, uow: UnitOfWork, there: Attendance, busy: _Busy, state: Mapping[str, object], now: datetime
    ) -> bool:
        """Do one batch; tells whether there may be more to do."""
        cases = await uow.cases.waiting_in(None)
        nothing = _Decision(plans=[], covered={}, next_look=None)
        decision = await self._decide(uow, cases, there, busy, now) if cases else nothing
        if not decision.case_ids:
            await self._look_at(uow, state, decision.next_look, now)
            await self._waits.refresh(uow, there, busy.loads, busy.offered)
            await self._tell_later(uow, cases, now)
            return False
        locked = await self._lock(uow, decision.case_ids)
        known = {case.id: case for case in cases}
        # In the order of the desks, whose numbers are drawn: see `Inbound._answer`.
        for case_id, department in sorted(decision.covered.items(), key=lambda one: one[1]):
            if locked[case_id][0] == known[case_id]:
                await self._cover(uow, locked[case_id][0], department, now)
        await self._carry_out(uow, decision.plans, locked, known, now)
        return True

    async def _carry_out(
        self,
        uow: UnitOfWork,
        plans: Sequence[Plan],
        locked: Mapping[int, tuple[Case, Conversation]],
        known: Mapping[int, Case],
        now: datetime,
    ) -> None:
        """Give and offer what was planned, as far as it still is as it was ``known`` before the locks."""
        # In the order of people's ids: each of them is locked when they get a case in person.
        given = set[int]()
        for plan in sorted(plans, key=lambda one: (one.staff_id, one.case_id)):
            case, conversation = locked[plan.case_id]
            if conversation.id in given:
                # Its floor has just moved; the next round sees it as it is.
                continue
            if case != known[case.id]:
                # It moved between the look and the lock: whom it suits now is the next round's question.
                continue
            if plan.in_person:
                person = await uow.staff.get(plan.staff_id, lock=True)
                if not (person.active and person.on_duty):
                    # They have gone since the look; taking the case would turn their switch on again.
                    continue
                given.add(conversation.id)
                at = Opened(uow=uow, case=case, conversation=conversation, now=now)
                await self._giving.give(at, person, plan.step.value)
            elif await uow.offers.open_of(case.id) is None:
                await self._offering.make(uow, case, plan.staff_id, now)

    async def _decide(
        self, uow: UnitOfWork, cases: Sequence[Case], there: Attendance, busy: _Busy, now: datetime
    ) -> _Decision:
        # A call at an hour that is still far needs nobody yet: who takes it now holds it for nothing.
        resting = {case.id: until for case in cases if (until := case.rests_until) is not None and until > now}
        cases = [case for case in cases if case.id not in resting] if resting else cases
        waiting, plans = [], list[Plan]()
        if there.on_duty:
            hall = self._hall(there, busy)
            waiting = await self._waiting(uow, within_reach(hall, self._company, cases), now)
            plans = assign(hall, self._company, waiting, now, at_most=BATCH) if waiting else []
        planned = {plan.case_id for plan in plans}
        left = [case for case in cases if case.id not in planned]
        covered = self._covered(left, there, now) if not plans else {}
        moments = [now + (LOOK_AGAIN if self._served(left, there) else NOBODY_THERE)] if left else []
        moments += resting.values()
        soonest = next_look(self._company, [one for one in waiting if one.id not in planned], now)
        return _Decision(
            plans=plans,
            covered=covered,
            next_look=min([*moments, *([soonest] if soonest else [])], default=None),
        )

    async def _waiting(self, uow: UnitOfWork, cases: Sequence[Case], now: datetime) -> list[WaitingCase]:
        if not cases:
            return []
        ids = [case.id for case in cases]
        refused, known = await uow.offers.refusals(ids), await uow.cases.previous_staff_of(ids)
        return [
            WaitingCase(
                id=case.id,
                department=case.department,
                wanted=case.wanted,
                priority=_weighed(case, now),
                waiting_since=max(case.waits_from, case.rests_until or case.waits_from),
                language=case.language,
                skill=case.skill,
                complaint=case.complaint,
                tries=case.tries,
                refused_by=refused.get(case.id, frozenset()),
                previous_staff_id=known.get(case.id),
            )
            for case in cases
        ]

    def _hall(self, there: Attendance, busy: _Busy) -> Hall:
        """Return everybody on duty as a round begins; the hall is kept while it is the same people."""
        if self._seated is None or self._seated[0] is not there.on_duty:
            self._seated = (there.on_duty, Hall(self._company, there.on_duty, OFFERS_AT_ONCE))
        hall = self._seated[1]
        hall.begin(busy.loads, busy.offered, there.at)
        return hall

    def _served(self, cases: Iterable[Case], there: Attendance) -> bool:
        """Tell whether anybody on duty could take one of these: at night a lone watch serves only its own desk."""
        pools = {pool for case in cases for pool in desk_of(self._company, case.department, case.wanted).pools}
        return not pools.isdisjoint(there.serving)

    def _covered(self, cases: Sequence[Case], there: Attendance, now: datetime) -> dict[int, str]:
        """Return where cases go whose desk is open but empty: nobody of it would even see them.

        What those who lead have stays theirs: it may be there because this very chain failed it, and is offered along
        the chain from where it is.
        """
        found = {}
        for case in cases:
            desk = self._company.departments.get(case.department)
            if desk is not None and desk.id == MANAGEMENT:
                continue
            if desk is None or (desk.hours.is_open(now) and not there.working.get(desk.id, 0)):
                taken = route(self._company, case.wanted, there.working, case.priority, now)
                if taken.staffed and taken.department != case.department:
                    found[case.id] = taken.department
            if len(found) == BATCH:
                break
        return found

    async def _cover(self, uow: UnitOfWork, case: Case, department: str, now: datetime) -> None:
        if case.state is not CaseState.WAITING:
            return
        day = now.astimezone(self._company.zone).date()
        moved = case.covered(department, await uow.cases.queue_number(department, day), day)
        moved = await self._clocks.watch(uow, self._clocks.follow(case, moved, now), now)
        await uow.cases.save(moved)
        await announce(uow, moved, "covered")
        await uow.audit.write(now, "house", "case.cover", case.code, former=case.department, department=department)

    async def _lock(self, uow: UnitOfWork, case_ids: Sequence[int]) -> dict[int, tuple[Case, Conversation]]:
        """Lock all conversations, then all cases, each in order: nobody else ever holds two of them."""
        seen = [await uow.cases.get(one) for one in sorted(set(case_ids))]
        talks = {one: await uow.conversations.get(one, lock=True) for one in sorted({c.conversation_id for c in seen})}
        return {case.id: (await uow.cases.get(case.id, lock=True), talks[case.conversation_id]) for case in seen}

    async def _tell_later(self, uow: UnitOfWork, cases: Sequence[Case], now: datetime) -> None:
        """Have those told who will wait much longer, or shorter, than they believe; not more often than is read."""
        told = self._news_at
        if any(case.wait_high is not None for case in cases) and (told is None or not now - NEWS_EVERY < told <= now):
            self._news_at = now
            await uow.queues.post(QueueName.TIMERS, {"kind": NEWS})

    async def _look_at(
        self, uow: UnitOfWork, state: Mapping[str, object], moment: datetime | None, now: datetime
    ) -> None:
        """Have one timer, for all hosts, call again at a moment; an earlier one that is set already does as well."""
        known = state.get("at")
        if moment is None or (isinstance(known, str) and now < datetime.fromisoformat(known) <= moment):
            return
        timer = state.get("timer")
        if isinstance(timer, int):
            await uow.queues.finish(QueueName.TIMERS, timer)
        timer = await uow.queues.set_timer({"kind": ASSIGN}, moment)
        await uow.channel_states.put(STATE, {"at": moment.isoformat(), "timer": timer})


def _weighed(case: Case, now: datetime) -> Priority:
    """Return the priority with which a case is offered: a call whose hour is near weighs like a high one."""
    return Priority.HIGH if case.call_near(now) and case.priority is Priority.NORMAL else case.priority
