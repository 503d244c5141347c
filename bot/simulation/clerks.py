"""Staff: they come late, take cases, work on one at a time, ask back, promise, pass on, fall ill, and go home."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from math import log
from random import Random

from bot.domain.cases import Case, CaseState
from bot.domain.company import MANAGEMENT
from bot.domain.errors import AlreadyTaken, DomainError, ForbiddenMove, HeldByGuard, NotPermitted, NotSeen, Unknown
from bot.domain.hours import moment_of
from bot.domain.staff import StaffMember
from bot.services.accounts import HoldsOpenCases
from bot.simulation.agenda import run
from bot.simulation.figures import Figures
from bot.simulation.house import House
from bot.simulation.needs import HANDLING, Needs
from bot.simulation.people import Person

_ASKS, _PROMISES, _RUDE = 0.32, 0.03, 0.003
_ROUNDS, _GIVES_UP = 3, 1500.0
_SPREAD = 0.55
_LATER = 300.0
_ELSEWHERE, _ELSEWHERE_EVERY = 260.0, 660.0
_QUESTION = "Dạ anh/chị cho em xin thêm thông tin được không ạ?"
_DONE, _REFUSAL = "Dạ em xử lý xong rồi ạ.", "Việc này không phải của em, anh gọi chỗ khác nhé."


@dataclass(slots=True)
class Clerk:
    """A person at work. ``held`` are the codes of cases they believe are theirs, with the answers given so far."""

    person: Person
    member: StaffMember
    present: bool = False
    leaving: bool = False
    ill_on: date | None = None
    busy: bool = False
    held: dict[str, int] = field(default_factory=dict)
    todo: dict[str, None] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)
    worked: float = 0.0
    taken: int = 0
    there: float = 0.0
    """Seconds at work so far, without the present stretch, which began at ``since``."""

    since: float = 0.0

    @property
    def team(self) -> str:
        """The department that the person belongs to."""
        return next(iter(self.person.departments))


class Staff:
    """Everybody inside."""

    def __init__(self, house: House, people: Iterable[Person], needs: Needs, figures: Figures, dice: Random) -> None:
        self._house = house
        self._agenda = house.agenda
        self._needs = needs
        self._figures = figures
        self._dice = dice
        self.clerks: dict[int, Clerk] = {}
        for number, person in enumerate(people):
            member = run(self._hire(number, person))
            self.clerks[member.id] = Clerk(person=person, member=member)
        self._desks: dict[str, list[Clerk]] = {name: [] for name in house.company.departments}
        for clerk in self.clerks.values():
            for department in clerk.person.departments:
                self._desks[department].append(clerk)

    async def _hire(self, number: int, person: Person) -> StaffMember:
        now = self._agenda.now()
        async with self._house.store.begin() as uow:
            member = await uow.staff.add(
                f"nv{number}@senviet.example", person.name, person.role, person.departments, None, now
            )
            member = replace(member, senior=person.senior, languages=person.languages)
            await uow.staff.save(member)
            first = now.astimezone(self._house.company.zone).date()
            for weekday, blocks in person.hours.items():
                for block in blocks:
                    await uow.rosters.add_shift(member.id, weekday, block, first, None)
            return member

    # --- coming and going ---------------------------------------------------------------------------------------------

    def plan_day(self, day: date) -> None:
        """Plan when everybody comes and goes."""
        if self._house.company.hours.holidays.get(day) is not None:
            return
        for clerk in self.clerks.values():
            blocks = clerk.person.hours.get(day.weekday(), ())
            ill = self._dice.random() < clerk.person.habits.ill
            for block in blocks:
                start = self._moment(day, block.start) + timedelta(seconds=self._late(clerk))
                end = self._moment(day, block.end)
                self._agenda.at(start, self._come, clerk, day)
                self._agenda.at(end, self._go, clerk)
                if ill:
                    self._agenda.at(start + (end - start) * self._dice.random(), self._fall_ill, clerk, day)
                    ill = False

    def _moment(self, day: date, minutes: int) -> datetime:
        return moment_of(self._house.company.zone, day, minutes)

    def _late(self, clerk: Clerk) -> float:
        lateness = clerk.person.habits.lateness
        return self._dice.expovariate(1 / lateness) if lateness else 0.0

    def _come(self, clerk: Clerk, day: date) -> None:
        if clerk.ill_on == day:
            return
        if not clerk.member.active:
            clerk.member = run(self._house.accounts.set_active(clerk.member.email, active=True))
        clerk.member = run(self._house.accounts.set_duty(clerk.member, on_duty=True))
        if not clerk.present:
            clerk.since = self._agenda.seconds
            self._expect_elsewhere(clerk)
        clerk.present, clerk.leaving = True, False
        self._look_soon(clerk, 5.0)

    def _expect_elsewhere(self, clerk: Clerk) -> None:
        """People have other work too: visitors at the counter, the telephone, paper."""
        self._agenda.after(self._dice.expovariate(1 / _ELSEWHERE_EVERY), self._elsewhere, clerk, clerk.since)

    def _elsewhere(self, clerk: Clerk, since: float) -> None:
        if not clerk.present or clerk.since != since:
            return
        if not clerk.busy and not clerk.leaving:
            clerk.busy = True
            self._agenda.after(self._dice.lognormvariate(log(_ELSEWHERE), _SPREAD), self._back, clerk)
        self._expect_elsewhere(clerk)

    def _back(self, clerk: Clerk) -> None:
        clerk.busy = False
        self._look(clerk)

    def _go(self, clerk: Clerk) -> None:
        clerk.leaving = True
        self._try_to_leave(clerk)

    def _try_to_leave(self, clerk: Clerk) -> None:
        if not clerk.leaving or not clerk.present or clerk.busy:
            return
        try:
            clerk.member = run(self._house.accounts.set_duty(clerk.member, on_duty=False))
        except HoldsOpenCases:
            return
        self._left(clerk)

    def _left(self, clerk: Clerk) -> None:
        clerk.there += self._agenda.seconds - clerk.since
        clerk.present = clerk.leaving = False

    def _fall_ill(self, clerk: Clerk, day: date) -> None:
        if not clerk.present:
            return
        self._figures.fell_ill += 1
        clerk.ill_on = day
        self._left(clerk)
        clerk.held.clear()
        clerk.todo.clear()
        clerk.member = run(self._house.accounts.set_active(clerk.member.email, active=False))

    def end(self) -> None:
        """Count the hours of whoever is still there."""
        for clerk in self.clerks.values():
            if clerk.present:
                self._left(clerk)

    # --- being told ---------------------------------------------------------------------------------------------------

    def case_changed(self, case: Case, change: str) -> None:
        """React to what the console shows about a case."""
        if case.state is CaseState.WAITING:
            self._wake(case.department)
        elif case.owner_id is not None and change in ("message", "updated"):
            clerk = self.clerks[case.owner_id]
            if case.code in clerk.held:
                clerk.todo[case.code] = None
                self._look_soon(clerk, clerk.person.habits.reaction)

    def _wake(self, department: str) -> None:
        idle = [one for one in self._desks[department] if one.present and not one.busy and not one.leaving]
        for clerk in idle[:2]:
            self._look_soon(clerk, clerk.person.habits.reaction)

    def _look_soon(self, clerk: Clerk, seconds: float) -> None:
        self._agenda.after(seconds * (0.5 + self._dice.random()), self._look, clerk)

    # --- working ------------------------------------------------------------------------------------------------------

    def _look(self, clerk: Clerk) -> None:
        if clerk.busy or not clerk.present:
            return
        while clerk.todo:
            code = next(iter(clerk.todo))
            del clerk.todo[code]
            if self._mine(clerk, code) is not None:
                self._begin(clerk, code)
                return
        if clerk.leaving:
            self._try_to_leave(clerk)
        else:
            self._take_next(clerk)

    def _take_next(self, clerk: Clerk) -> None:
        if len(clerk.held) >= self._house.company.department(clerk.team).capacity:
            return
        for case_id in self._house.memory.cases_waiting.of(clerk.team):
            case = self._house.memory.cases[case_id]
            try:
                run(self._house.desk.claim(clerk.member, case.code))
            except AlreadyTaken:
                continue
            clerk.held[case.code] = 0
            clerk.taken += 1
            self._begin(clerk, case.code)
            return

    def _mine(self, clerk: Clerk, code: str) -> Case | None:
        case_id = self._house.memory.case_codes.get(code)
        case = self._house.memory.cases[case_id] if case_id is not None else None
        if case is not None and case.state is CaseState.ASSIGNED and case.owner_id == clerk.member.id:
            return case
        self._let_go(clerk, code)
        return None

    def _let_go(self, clerk: Clerk, code: str) -> None:
        clerk.held.pop(code, None)
        clerk.todo.pop(code, None)
        clerk.asked.pop(code, None)
        clerk.seen.pop(code, None)

    def _begin(self, clerk: Clerk, code: str) -> None:
        clerk.busy = True
        clerk.asked.pop(code, None)
        department = self._house.memory.cases[self._house.memory.case_codes[code]].wanted
        median = HANDLING.get(department, 300.0) * clerk.person.habits.pace
        seconds = self._dice.lognormvariate(log(median), _SPREAD) * (0.4 if clerk.held.get(code) else 1.0)
        clerk.worked += seconds
        self._agenda.after(seconds, self._end, clerk, code)

    def _end(self, clerk: Clerk, code: str) -> None:
        clerk.busy = False
        case = self._mine(clerk, code)
        if case is not None and clerk.present:
            try:
                self._act(clerk, case)
            except (NotPermitted, ForbiddenMove, AlreadyTaken, Unknown) as refusal:
                self._figures.refuse(refusal)
                if self._mine(clerk, code) is not None:
                    # A colleague is speaking with this customer; the floor comes when they are done.
                    self._agenda.after(_LATER, self._remember, clerk, code)
        self._agenda.after(self._dice.uniform(2.0, 15.0), self._look, clerk)

    def _act(self, clerk: Clerk, case: Case) -> None:
        rounds = clerk.held[case.code]
        clerk.held[case.code] = rounds + 1
        kind = self._needs.by_intent.get(case.reason)
        if kind is not None and kind.department != case.wanted and rounds == 0 and self._dice.random() < 0.9:
            self._pass_on(clerk, case, kind.department)
        elif rounds < _ROUNDS and self._dice.random() < _ASKS:
            self._reply(clerk, case, _QUESTION)
            clerk.asked[case.code] = rounds
            self._agenda.after(_GIVES_UP, self._give_up, clerk, case.code, rounds)
        elif rounds < _ROUNDS and self._dice.random() < _PROMISES and not clerk.leaving:
            self._promise(clerk, case)
        else:
            self._reply(clerk, case, _DONE)
            self._agenda.after(self._dice.uniform(4.0, 40.0), self._resolve, clerk, case.code)

    def _reply(self, clerk: Clerk, case: Case, text: str) -> None:
        if self._dice.random() < _RUDE:
            try:
                run(self._house.desk.reply(clerk.member, case.code, _REFUSAL))
            except HeldByGuard:
                self._figures.held_by_guard += 1
        clerk.seen[case.code] = run(self._house.desk.reply(clerk.member, case.code, text)).id

    def _pass_on(self, clerk: Clerk, case: Case, department: str) -> None:
        if case.department in (department, MANAGEMENT):
            return
        run(self._house.desk.transfer(clerk.member, case.code, department, "Đúng việc của bộ phận mình ạ."))
        self._figures.transfers += 1
        self._let_go(clerk, case.code)

    def _promise(self, clerk: Clerk, case: Case) -> None:
        due = self._agenda.now() + timedelta(minutes=self._dice.choice((30, 60, 90)))
        run(self._house.desk.promise(clerk.member, case.code, due))
        self._figures.chosen_dates += 1
        self._agenda.after((due - self._agenda.now()).total_seconds() * 0.7, self._remember, clerk, case.code)

    def _remember(self, clerk: Clerk, code: str) -> None:
        if code in clerk.held:
            clerk.todo[code] = None
            self._look(clerk)

    def _give_up(self, clerk: Clerk, code: str, rounds: int) -> None:
        """Close a case whose customer does not answer the question."""
        if clerk.asked.get(code) == rounds:
            self._resolve(clerk, code)

    def _resolve(self, clerk: Clerk, code: str) -> None:
        case = self._mine(clerk, code)
        if case is None or code in clerk.todo or not clerk.present:
            return
        try:
            run(self._house.desk.resolve(clerk.member, code, seen=clerk.seen.get(code)))
        except NotSeen:
            clerk.todo[code] = None
        except DomainError as refusal:
            self._figures.refuse(refusal)
        else:
            self._let_go(clerk, code)
        self._look(clerk)
