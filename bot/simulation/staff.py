"""Staff at work: they take cases, work on one at a time, ask back, promise, pass on, and finish."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from math import log
from random import Random
from typing import Any

from bot.domain.cases import Case, CaseState
from bot.domain.company import MANAGEMENT
from bot.domain.errors import AlreadyTaken, DomainError, ForbiddenMove, HeldByGuard, NotPermitted, NotSeen, Unknown
from bot.domain.offers import OfferState
from bot.domain.transfers import TransferState
from bot.simulation.agenda import run
from bot.simulation.attendance import Attendance, hired
from bot.simulation.clerk import Clerk
from bot.simulation.colleagues import Colleagues
from bot.simulation.figures import Figures
from bot.simulation.house import House
from bot.simulation.needs import HANDLING, Needs
from bot.simulation.people import Person

_ASKS, _PROMISES, _REQUESTS, _APPROVALS, _RUDE = 0.32, 0.03, 0.05, 0.03, 0.003
_ROUNDS, _GIVES_UP = 3, 1500.0
_SPREAD = 0.55
_LATER = 300.0
_NO_DATE = datetime.max.replace(tzinfo=UTC)
_BY_HAND = 0.2
"""How often somebody who is free takes what waits without being asked."""

_QUESTION = "Dạ anh/chị cho em xin thêm thông tin được không ạ?"
_PATIENCE = "Dạ em hỏi bộ phận phụ trách rồi báo lại anh/chị ngay tại đây ạ."
_DONE, _REFUSAL = "Dạ em xử lý xong rồi ạ.", "Việc này không phải của em, anh gọi chỗ khác nhé."


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
            member = run(hired(house, number, person))
            self.clerks[member.id] = Clerk(person=person, member=member)
        self.colleagues = Colleagues(house, self.clerks, figures, dice, self._remember)
        self.attendance = Attendance(house, self.clerks.values(), figures, dice, self._look)

    # --- being told ---------------------------------------------------------------------------------------------------

    def case_changed(self, case: Case, change: str) -> None:
        """React to what the console shows about a case."""
        if case.state is not CaseState.ASSIGNED or case.owner_id is None:
            return
        clerk = self.clerks[case.owner_id]
        if case.code not in clerk.held:
            clerk.held[case.code] = 0
            clerk.taken += 1
            if case.tries >= self._house.company.assignment.offers_before_manager:
                self._agenda.after(clerk.person.habits.reaction, self._notice, clerk, case.code)
        elif change not in ("message", "updated"):
            return
        clerk.todo[case.code] = None
        self._look_soon(clerk, clerk.person.habits.reaction)

    def _notice(self, clerk: Clerk, code: str) -> None:
        """Open a case that the house has put into somebody's hands, before there is time to work on it."""
        case = self._mine(clerk, code)
        if case is not None and clerk.here:
            run(self._house.backstage.giving.looked(clerk.member, case))

    def offered(self, offer: Mapping[str, Any]) -> None:
        """React to a case that is held out to somebody: take it, refuse it, or miss it."""
        clerk = self.clerks[offer["staff_id"]]
        if offer["state"] != OfferState.OPEN or not clerk.here:
            return
        self._answer(clerk, offer["code"])

    def _answer(self, clerk: Clerk, code: str) -> None:
        """Say yes or no after a moment, or say nothing."""
        habits, chance = clerk.person.habits, self._dice.random()
        if chance < habits.ignores:
            self._figures.offers_missed += 1
            return
        seconds = habits.reaction * (0.4 + self._dice.random()) * (1.5 if clerk.busy else 1.0)
        refuses = chance < habits.ignores + habits.declines
        self._agenda.after(seconds, self._refuse if refuses else self._accept, clerk, code)

    def given(self, transfer: Mapping[str, Any]) -> None:
        """React to a transfer: whoever is asked answers, and a giver who was refused goes on with the case."""
        case = self._house.memory.cases[self._house.memory.case_codes[transfer["code"]]]
        if transfer["state"] != TransferState.ASKED:
            if case.owner_id is not None and case.code in self.clerks[case.owner_id].held:
                self.clerks[case.owner_id].todo[case.code] = None
                self._look_soon(self.clerks[case.owner_id], 5.0)
            return
        asked = [self.clerks[one] for one in transfer["staff_ids"] if one != case.owner_id]
        asked += [one for one in self.clerks.values() if not one.person.departments.isdisjoint(transfer["departments"])]
        there = [one for one in asked if one.here and not one.leaving and one.member.id != case.owner_id]
        if there:
            self._answer(self._dice.choice(there), case.code)

    def _accept(self, clerk: Clerk, code: str) -> None:
        if clerk.here:
            self._figures.tried(self._house.answering.accept(clerk.member, code))

    def _refuse(self, clerk: Clerk, code: str) -> None:
        if clerk.here:
            self._figures.offers_refused += 1
            self._figures.tried(self._house.answering.decline(clerk.member, code, "Em đang bận khách khác ạ."))

    def _look_soon(self, clerk: Clerk, seconds: float) -> None:
        self._agenda.after(seconds * (0.5 + self._dice.random()), self._look, clerk)

    # --- working ------------------------------------------------------------------------------------------------------

    def _look(self, clerk: Clerk) -> None:
        if clerk.busy or not clerk.here:
            return
        while clerk.todo:
            code = min(clerk.todo, key=self._due) if len(clerk.todo) > 1 else next(iter(clerk.todo))
            del clerk.todo[code]
            if self._mine(clerk, code) is not None:
                self._begin(clerk, code)
                return
        if clerk.leaving:
            self.attendance.try_to_leave(clerk)
        else:
            self._take_next(clerk)

    def _due(self, code: str) -> datetime:
        """Return by when a case is promised, as the console shows beside it: what is due first is done first."""
        memory = self._house.memory
        promise = memory.open_promises.get(memory.case_codes[code]) if code in memory.case_codes else None
        return memory.promises[promise].due_at if promise is not None else _NO_DATE

    def _take_next(self, clerk: Clerk) -> None:
        if len(clerk.held) >= self._house.company.department(clerk.team).capacity:
            return
        waiting = self._house.memory.cases_waiting.of(clerk.team)
        if waiting and self._dice.random() < _BY_HAND:
            code = self._house.memory.cases[waiting[0]].code
            self._figures.claims += self._figures.tried(self._house.desk.claim(clerk.member, code))

    def _mine(self, clerk: Clerk, code: str) -> Case | None:
        case_id = self._house.memory.case_codes.get(code)
        case = self._house.memory.cases[case_id] if case_id is not None else None
        if case is not None and case.state is CaseState.ASSIGNED and case.owner_id == clerk.member.id:
            return case
        clerk.let_go(code)
        return None

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
        elif rounds < _ROUNDS and self._dice.random() < _REQUESTS:
            self._reply(clerk, case, _PATIENCE)
            self.colleagues.ask_department(clerk, case)
        elif rounds < _ROUNDS and self._dice.random() < _APPROVALS:
            self.colleagues.ask_approval(clerk, case)
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
        note = "Khách cần đúng việc của bộ phận mình ạ."
        run(self._house.transferring.give(clerk.member, case.code, note=note, department=department))
        self._figures.transfers += 1

    def _promise(self, clerk: Clerk, case: Case) -> None:
        due = self._agenda.now() + timedelta(minutes=self._dice.choice((30, 60, 90)))
        run(self._house.promising.promise(clerk.member, case.code, due, confirmed=True))
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
            clerk.let_go(code)
        self._look(clerk)
