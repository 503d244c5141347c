"""When people are there: they come late, have other work too, fall ill in the middle of the day, and go home."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date, datetime, timedelta
from math import log
from random import Random

from bot.domain.hours import moment_of
from bot.domain.staff import StaffMember
from bot.services.accounts import HoldsOpenCases
from bot.simulation.agenda import run
from bot.simulation.clerk import Clerk
from bot.simulation.figures import Figures
from bot.simulation.house import House
from bot.simulation.people import Person

_ELSEWHERE, _ELSEWHERE_EVERY, _SPREAD = 260.0, 660.0, 0.55
_OPEN_CONSOLE = timedelta(hours=12)
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
        for weekday, blocks in person.hours.items():
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
                if ill:
                    self._agenda.at(start + (end - start) * self._dice.random(), self._fall_ill, clerk, day)
                    ill = False

    def _moment(self, day: date, minutes: int) -> datetime:
        return moment_of(self._house.company.zone, day, minutes)

    def _late(self, clerk: Clerk) -> float:
        lateness = clerk.person.habits.lateness
        return self._dice.expovariate(1 / lateness) if lateness else 0.0

    # --- coming and going ---------------------------------------------------------------------------------------------

    def _come(self, clerk: Clerk, day: date) -> None:
        if clerk.ill_on == day:
            return
        if not clerk.member.active:
            clerk.member = run(self._house.accounts.set_active(clerk.member.email, active=True))
        clerk.member = run(self._house.accounts.set_duty(clerk.member, on_duty=True))
        run(self._signs_of_life(clerk))
        if not clerk.present:
            clerk.since = self._agenda.seconds
            self._expect_elsewhere(clerk)
        clerk.present, clerk.leaving = True, False
        self._agenda.after(5.0 * (0.5 + self._dice.random()), self._look, clerk)

    async def _signs_of_life(self, clerk: Clerk) -> None:
        """Note what the open console will say for hours, at once: it would say so every minute."""
        async with self._house.store.begin() as uow:
            await uow.staff.touch(clerk.member.id, self._agenda.now() + _OPEN_CONSOLE)

    def _go(self, clerk: Clerk) -> None:
        clerk.leaving = True
        self.try_to_leave(clerk)

    def try_to_leave(self, clerk: Clerk) -> None:
        """Have somebody go whose shift is over, if nothing keeps them."""
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
        clerk.let_go_of_all()
        clerk.member = run(self._house.accounts.set_active(clerk.member.email, active=False))

    def end(self) -> None:
        """Count the hours of whoever is still there."""
        for clerk in self._clerks:
            if clerk.present:
                self._left(clerk)

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
