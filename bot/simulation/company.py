"""Days of the virtual company: arrivals, staff, troubles, and the tidying of every night."""

from __future__ import annotations

import gc
import time
from array import array
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from bot.adapters.memory.data import FeedEvent
from bot.adapters.memory.forget import forget_breaks, forget_conversation, forget_events, sweep
from bot.domain.cases import Case, CaseState
from bot.domain.company import Company, Priority
from bot.domain.coverage import gaps
from bot.domain.hours import moment_of
from bot.domain.messages import Direction
from bot.domain.promises import PromiseState
from bot.domain.routing import Step
from bot.domain.shifts import Roster
from bot.domain.staff import StaffMember
from bot.simulation.agenda import Agenda, run
from bot.simulation.calendar import remembered
from bot.simulation.customers import Customers
from bot.simulation.engine import SimulatedEngine
from bot.simulation.figures import Figures, Told
from bot.simulation.house import House
from bot.simulation.laws import Laws
from bot.simulation.loops import Loops
from bot.simulation.needs import BY_WEEKDAY, Needs
from bot.simulation.people import company_people
from bot.simulation.staff import Staff

FIRST_DAY = date(2027, 1, 4)
"""A Monday; within the year that begins here lie Tết and the company's own day off."""

ON_HOLIDAY = 0.3
KEPT_DAYS = 4
EVENTS_KEPT = 2_000
JUMP = -3600.0


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is to be simulated."""

    days: int
    seed: int
    customers: int = 400
    first: date = FIRST_DAY


class _Opened(NamedTuple):
    """A case as it was when it was opened, at which second, and whether somebody was there then."""

    since: float
    staffed: bool
    case: Case


class VirtualCompany:
    """Everybody and everything of one run."""

    def __init__(self, company: Company, plan: Plan) -> None:
        self.company = company = remembered(company)
        self.plan = plan
        self.figures = Figures()
        self.agenda = Agenda(self._midnight(plan.first))
        needs = Needs(company)
        self._dice = self._die("days")
        self.engine = SimulatedEngine(self.agenda, needs, self._die("engine"))
        self.house = House(company, self.agenda, self.engine, self._die("store"))
        self.loops = Loops(self.house)
        people = company_people(frozenset(company.departments), self._die("people"))
        self.staff = Staff(self.house, people, needs, self.figures, self._die("staff"))
        self.customers = Customers(self.house, needs, self.figures, self._die("customers"))
        self.laws = Laws(self.house)
        self._needs = needs
        self._opened: dict[int, _Opened] = {}

        self._unanswered: dict[int, float] = {}
        """Cases that somebody was there for when they opened, and that no person has answered yet."""

        self._reactions: dict[str, Callable[[Mapping[str, Any]], None]] = {
            "message": self._said,
            "case": self._case_changed,
            "offer": self.staff.offered,
            "transfer": self.staff.given,
            "request": self.staff.colleagues.requested,
            "approval": self.staff.colleagues.approval_changed,
        }
        self.house.store.on_event(self._hear)

    def _die(self, name: str) -> Random:
        """Chance of its own for every concern: more customers must not change who falls ill."""
        return Random(f"{self.plan.seed}:{name}")  # noqa: S311 - nothing here is a secret

    def _midnight(self, day: date) -> datetime:
        return moment_of(self.company.zone, day, 0).astimezone(UTC)

    # --- running ------------------------------------------------------------------------------------------------------

    def run(self, progress: Callable[[date], None] | None = None) -> float:
        """Let the days pass; returns the seconds that it took."""
        begun, worked = time.perf_counter(), time.process_time()
        with _quiet_collector():
            for number in range(self.plan.days):
                day = self.plan.first + timedelta(days=number)
                if progress is not None:
                    progress(day)
                self.plan_day(day, number)
                self.agenda.run(self._midnight(day + timedelta(days=1)))
                self._night(day)
            self._come_to_rest()
        self.figures.processor_seconds = time.process_time() - worked
        return time.perf_counter() - begun

    def plan_day(self, day: date, number: int) -> None:
        """Plan a day: who comes, who works, and what goes wrong."""
        holiday = self.company.hours.holidays.get(day) is not None
        share = BY_WEEKDAY[day.weekday()] * (ON_HOLIDAY if holiday else 1.0)
        for _ in range(round(self.plan.customers * share * self._dice.gauss(1.0, 0.08))):
            self.agenda.at(
                self._midnight(day) + timedelta(seconds=self._needs.second(self._dice)), self.customers.arrive
            )
        self.staff.attendance.plan_day(day)
        self._plan_troubles(day, number)

    def _plan_troubles(self, day: date, number: int) -> None:
        if self._dice.random() < 0.08:
            self.agenda.at(self._some_time(day), self._engine_fails)
        if self._dice.random() < 0.1:
            self.agenda.at(self._some_time(day), self._worker_stalls)
        if number == self.plan.days * 2 // 5:
            self.agenda.at(self._midnight(day) + timedelta(hours=10, minutes=17), self._clock_jumps)

    def _some_time(self, day: date) -> datetime:
        """A moment of the day when somebody could write."""
        return self._midnight(day) + timedelta(seconds=self._needs.second(self._dice))

    def _engine_fails(self) -> None:
        self.figures.outages += 1
        self.engine.down_until = self.agenda.now() + timedelta(minutes=self._dice.choice((3, 10, 25, 60)))

    def _worker_stalls(self) -> None:
        self.figures.stalls += 1
        self.loops.stalled_until = self.agenda.seconds + self._dice.uniform(15.0, 90.0)

    def _clock_jumps(self) -> None:
        self.figures.jumps += 1
        self.agenda.jump(JUMP)

    def _come_to_rest(self) -> None:
        """Let what is under way end: nobody writes any more, and the house gets the time that it gives itself."""
        self.agenda.run(self.agenda.now() + timedelta(minutes=2))
        self.laws.everything()
        self.staff.attendance.end()
        for conversation_id in list(self.house.memory.conversations):
            self._settle(conversation_id)

    # --- hearing ------------------------------------------------------------------------------------------------------

    def _hear(self, event: FeedEvent) -> None:
        react = self._reactions.get(event.kind)
        if react is not None:
            react(event.data)

    def _said(self, data: Mapping[str, Any]) -> None:
        message = self.house.memory.messages[data["message_id"]]
        if message.direction is Direction.OUTBOUND:
            self.laws.message(message)
            self.customers.hears(message)

    def _case_changed(self, data: Mapping[str, Any]) -> None:
        if "code" not in data:
            return
        memory = self.house.memory
        case = memory.cases[memory.case_codes[data["code"]]]
        change = data["change"]
        self.laws.case(case)
        if change == "opened":
            staffed = memory.audit[case.code][-1].detail.get("step") != Step.PROMISE
            self._opened[case.id] = _Opened(self.agenda.seconds, staffed, case)
            if staffed:
                self._unanswered[case.id] = self.agenda.seconds
        elif case.state is CaseState.ASSIGNED:
            self._taken(case.id, case.department)
        if change == "reply" and case.id in self._unanswered:
            answers = self.figures.answers.setdefault(case.department, array("d"))
            answers.append(self.agenda.seconds - self._unanswered.pop(case.id))
        elif change == "resolve":
            self._unanswered.pop(case.id, None)
            self.figures.resolved += 1
            self.customers.resolved(case.conversation_id)
        self.staff.case_changed(case, change)

    def _taken(self, case_id: int, department: str) -> None:
        opened = self._opened.pop(case_id, None)
        if opened is None:
            return
        waited, case = self.agenda.seconds - opened.since, opened.case
        # What is urgent passes the others; its customer is told no range.
        told = opened.staffed and case.priority is not Priority.URGENT
        if told and case.wait_low is not None and case.wait_high is not None:
            self.figures.ranges.append(Told(case.wait_low, case.wait_high, waited, case.at_once, case.department))
        if opened.staffed:
            asked_at = (self.agenda.now() - timedelta(seconds=waited)).astimezone(self.company.zone)
            self.figures.waited(department, asked_at.hour, waited)
        else:
            self.figures.promised_waits.append(waited)

    # --- nights -------------------------------------------------------------------------------------------------------

    def _night(self, day: date) -> None:
        """Check everything, then count and drop what ended days ago."""
        self.laws.everything()
        self._look_for_gaps(day)
        memory, before = self.house.memory, self._midnight(day) - timedelta(days=KEPT_DAYS)
        for conversation_id, conversation in list(memory.conversations.items()):
            fresh = conversation.last_inbound_at is not None and conversation.last_inbound_at >= before
            if not fresh and not any(memory.cases[one].open for one in memory.cases_in.of(conversation_id)):
                self._settle(conversation_id)
                self.customers.forget(conversation_id)
                forget_conversation(memory, conversation_id)
        forget_events(memory, EVENTS_KEPT)
        forget_breaks(memory, before)
        memory.counters = {name: value for name, value in memory.counters.items() if not name.startswith("queue:")}
        sweep(memory)

    def _look_for_gaps(self, day: date) -> None:
        start, end = self._midnight(day), self._midnight(day + timedelta(days=1))
        roster, people = run(self._roster(start, end))
        for gap in gaps(self.company, roster, people, start, end):
            seconds = (gap.end_at - gap.start_at).total_seconds()
            self.figures.gaps[gap.department] = self.figures.gaps.get(gap.department, 0.0) + seconds

    async def _roster(self, start: datetime, end: datetime) -> tuple[Roster, list[StaffMember]]:
        async with self.house.store.read() as uow:
            return await uow.rosters.roster(self.company.zone, start, end), await uow.staff.all()

    def _settle(self, conversation_id: int) -> None:
        memory = self.house.memory
        self.laws.conversation(conversation_id)
        for turn_id in memory.turns_in.of(conversation_id):
            outcome = memory.turns[turn_id].outcome
            self.figures.turns[outcome.value if outcome else "open"] += 1
        for case_id in memory.cases_in.of(conversation_id):
            case = memory.cases[case_id]
            self.figures.cases[case.wanted] += 1
            self.figures.hops[case.hops] += 1
            for promise_id in memory.promises_of.of(case_id):
                promise = memory.promises[promise_id]
                how = promise.state.value
                if promise.state is PromiseState.KEPT and promise.settled_at and promise.settled_at > promise.due_at:
                    how = "late"
                elif promise.state is PromiseState.RENEWED and promise.settled_at:
                    how = "renewed_in_time" if promise.settled_at <= promise.due_at else "renewed_too_late"
                self.figures.promised(promise.made_at.astimezone(self.company.zone).date(), how)


@contextmanager
def _quiet_collector() -> Iterator[None]:
    """Keep the collector from walking through the whole company again and again; its objects form no circles."""
    gc.collect()
    gc.freeze()
    before = gc.get_threshold()
    gc.set_threshold(1_000_000, 50, 1000)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
