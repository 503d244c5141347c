"""When people are there: they come late, rest, have other work too, fall ill, and go home with nothing left behind."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date, datetime, timedelta
from math import log
from random import Random

from bot.domain.errors import DomainError
from bot.domain.hours import Block, moment_of
from bot.domain.staff import StaffMember
from bot.services.absences import Uncovers, Wish
from bot.simulation.agenda import run
from bot.simulation.clerk import Clerk
from bot.simulation.figures import Figures
from bot.simulation.house import House
from bot.simulation.people import Person

_ELSEWHERE, _ELSEWHERE_EVERY, _SPREAD = 260.0, 660.0, 0.55
_OPEN_CONSOLE = timedelta(hours=12)
_LUNCH, _LUNCH_AT, _REST, _REST_TRIES = 60, 12 * 60, 20, 3
"""Minutes, of a break or of the day, but for the last."""

_FINISHING = 900.0
"""Seconds after the end of a shift in which people still finish what they are at, before they hand it on."""

Look = Callable[[Clerk], None]


async def hired(house: House, number: int, person: Person) -> StaffMember:
    """Give a person an account and their hours."""
    now = house.agenda.now()
    async with house.store.begin() as uow:
        email = f"nv{number}@senviet.example"
        member = await uow.staff.add(email, person.name, person.role, person.departments, None, now)
        member = replace(member, senior=person.senior, languages=person.languages)
        await uow.staff.save(member)
        first = now.astimezone(house.company.zone).date()
        for weekday, blocks in person.hours.items() if person.planned else ():
            for block in blocks:
                await uow.rosters.add_shift(member.id, weekday, block, first, None)
        return member


class Attendance:
    """Comings and goings. ``look`` has somebody look around for something to do."""

    def __init__(self, house: House, clerks: Collection[Clerk], figures: Figures, dice: Random, look: Look) -> None:
        self._house = house
        self._agenda = house.agenda
        self._clerks = clerks
        self._figures = figures
        self._dice = dice
        self._look = look

    def plan_day(self, day: date) -> None:
        """Plan when everybody comes and goes."""
        if self._house.company.hours.holidays.get(day) is not None:
            return
        for clerk in self._clerks:
            blocks = clerk.person.hours.get(day.weekday(), ())
            ill = self._dice.random() < clerk.person.habits.ill
            for block in blocks:
                start = self._moment(day, block.start) + timedelta(seconds=self._late(clerk))
                end = self._moment(day, block.end)
                self._agenda.at(start, self._come, clerk, day)
                self._agenda.at(end, self._go, clerk)
                self._plan_rest(clerk, day, block)
                if ill:
                    self._agenda.at(start + (end - start) * self._dice.random(), self._fall_ill, clerk, end)

    def _plan_rest(self, clerk: Clerk, day: date, block: Block) -> None:
        if block.end - block.start < 6 * 60:
            return
        lunch = block.start <= _LUNCH_AT - 120
        minute = _LUNCH_AT if lunch else (block.start + block.end) // 2 + self._dice.randrange(-40, 40)
        self._agenda.at(self._moment(day, minute), self._rest, clerk, _LUNCH if lunch else _REST, _REST_TRIES)

    def _moment(self, day: date, minutes: int) -> datetime:
        return moment_of(self._house.company.zone, day, minutes)

    def _late(self, clerk: Clerk) -> float:
        lateness = clerk.person.habits.lateness
        return self._dice.expovariate(1 / lateness) if lateness else 0.0

    # --- coming and going ---------------------------------------------------------------------------------------------

    def _come(self, clerk: Clerk, day: date) -> None:
        if clerk.ill_on == day:
            return
        clerk.member = run(self._house.crew.duty.switch(clerk.member, on_duty=True))
        run(self._signs_of_life(clerk))
        if not clerk.present:
            clerk.since = self._agenda.seconds
            self._expect_elsewhere(clerk)
        clerk.present, clerk.leaving, clerk.resting = True, False, False
        self._agenda.after(5.0 * (0.5 + self._dice.random()), self._look, clerk)

    async def _signs_of_life(self, clerk: Clerk) -> None:
        """Note what the open console will say for hours, at once: it would say so every minute."""
        async with self._house.store.begin() as uow:
            await uow.staff.touch(clerk.member.id, self._agenda.now() + _OPEN_CONSOLE)

    def _go(self, clerk: Clerk) -> None:
        if clerk.present:
            clerk.leaving = True
            self._agenda.after(_FINISHING, self._hand_on, clerk, clerk.since)
            self.try_to_leave(clerk)

    def try_to_leave(self, clerk: Clerk) -> None:
        """Have somebody go whose shift is over, if nothing keeps them."""
        if not clerk.leaving or not clerk.present or clerk.busy:
            return
        if self._house.memory.cases_held.of(clerk.member.id):
            return
        # The house may have seen the end of the shift first.
        if self._house.memory.staff[clerk.member.id].on_duty:
            clerk.member = run(self._house.crew.duty.switch(clerk.member, on_duty=False))
        self._left(clerk)

    def _hand_on(self, clerk: Clerk, since: float) -> None:
        """Give away what is still held, the way the console suggests; once more if a colleague will not have it."""
        if not clerk.present or not clerk.leaving or clerk.since != since:
            return
        if clerk.busy:
            self._agenda.after(60.0, self._hand_on, clerk, since)
            return
        memory = self._house.memory
        if any(one not in memory.asked_transfers for one in memory.cases_held.of(clerk.member.id)):
            held, _ = run(self._house.crew.shift_end_ways.held(clerk.member))
            plan = [one.suggested for one in held if one.asked is None]
            for result in run(self._house.crew.shift_ends.apply(clerk.member, plan)).results:
                self._figures.handed_on[result.outcome.value] += 1
        self.try_to_leave(clerk)
        self._agenda.after(120.0, self._hand_on, clerk, since)

    def _left(self, clerk: Clerk) -> None:
        clerk.there += self._agenda.seconds - clerk.since
        clerk.present = clerk.leaving = clerk.resting = False

    def _fall_ill(self, clerk: Clerk, until: datetime) -> None:
        """Have a manager enter leave for somebody who goes home ill, whatever it leaves uncovered."""
        if not clerk.present or clerk.leaving or until <= self._agenda.now():
            return
        manager = next((one for one in self._clerks if one.member.leads and one is not clerk), None)
        if manager is None:
            return
        wish = Wish(start_at=self._agenda.now(), end_at=until, note="ốm", accept_gaps=True)
        try:
            run(self._house.crew.absences.take_leave(manager.member, wish, staff_id=clerk.member.id))
        except DomainError as refusal:
            self._figures.refuse(refusal)
            return
        self._figures.fell_ill += 1
        clerk.ill_on = until.astimezone(self._house.company.zone).date()
        self._left(clerk)
        clerk.let_go_of_all()

    def end(self) -> None:
        """Count the hours of whoever is still there."""
        for clerk in self._clerks:
            if clerk.present:
                self._left(clerk)

    # --- breaks -------------------------------------------------------------------------------------------------------

    def _rest(self, clerk: Clerk, minutes: int, tries: int, cover_id: int | None = None) -> None:
        """Ask for a break; where it would leave a desk empty, name somebody who stands in, or try again later."""
        if not clerk.here or clerk.leaving or tries == 0:
            return
        if clerk.busy:
            self._agenda.after(120.0, self._rest, clerk, minutes, tries)
            return
        try:
            run(self._house.crew.absences.take_break(clerk.member, minutes, cover_id=cover_id))
        except Uncovers as refusal:
            covers = [one.id for one in refusal.covers if cover_id is None]
            self._figures.breaks_refused += 1
            if covers:
                self._rest(clerk, minutes, tries, covers[0])
            else:
                self._agenda.after(1200.0, self._rest, clerk, minutes, tries - 1)
        except DomainError as refusal:
            self._figures.refuse(refusal)
        else:
            self._figures.breaks += 1
            self._figures.breaks_with_cover += cover_id is not None
            clerk.resting = True
            self._agenda.after(minutes * 60 * self._dice.uniform(0.85, 1.05), self._rested, clerk, clerk.since)

    def _rested(self, clerk: Clerk, since: float) -> None:
        if not clerk.resting or clerk.since != since:
            return
        clerk.resting = False
        try:
            run(self._house.crew.absences.end_break(clerk.member))
        except DomainError as refusal:
            # The house ended it when its time was over.
            self._figures.refuse(refusal)
        self._look(clerk)

    # --- other work ---------------------------------------------------------------------------------------------------

    def _expect_elsewhere(self, clerk: Clerk) -> None:
        """People have other work too: visitors at the counter, the telephone, paper."""
        self._agenda.after(self._dice.expovariate(1 / _ELSEWHERE_EVERY), self._elsewhere, clerk, clerk.since)

    def _elsewhere(self, clerk: Clerk, since: float) -> None:
        if not clerk.present or clerk.since != since:
            return
        if clerk.free:
            clerk.busy = True
            self._agenda.after(self._dice.lognormvariate(log(_ELSEWHERE), _SPREAD), self._back, clerk)
        self._expect_elsewhere(clerk)

    def _back(self, clerk: Clerk) -> None:
        clerk.busy = False
        self._look(clerk)
