"""The services of the house in virtual time, with the memory store: people who beat, cases, and time that passes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from bot.adapters.company import load as load_company
from bot.domain.cases import Case
from bot.domain.company import Company, Priority, RoleId
from bot.domain.hours import OpeningHours
from bot.domain.messages import Channel, Direction
from bot.domain.promises import Promise
from bot.domain.staff import StaffMember
from bot.services.handoff import Handed, Need
from bot.services.ports import QueueName
from bot.services.ports_engine import Engine
from bot.services.rousing import call_assigner
from bot.simulation.agenda import Agenda, run
from bot.simulation.house import House
from tests.conftest import ROOT

COMPANY = load_company(ROOT / "company.yml")
NINE = datetime(2027, 1, 4, 2, 0, tzinfo=UTC)
"""Nine on a Monday in Hà Nội."""


def always_open() -> Company:
    """Return the company as if no desk ever closed."""
    hours = OpeningHours.always(COMPANY.zone)
    return replace(
        COMPANY,
        departments={name: replace(one, hours=hours) for name, one in COMPANY.departments.items()},
        hours=hours,
    )


class NothingLost(Random):
    """Dice that lose no transaction."""

    def random(self) -> float:
        """Return what is never below a small share."""
        return 0.5


class VirtualHouse:
    """A house whose consoles are open until `leaves`, and whose timers fire at their moments while time `passes`."""

    def __init__(self, start: datetime = NINE, company: Company | None = None, *, engine: Engine | None = None) -> None:
        self.agenda = Agenda(start)
        self.company = company or always_open()
        self.house = House(self.company, self.agenda, engine, NothingLost())  # type: ignore[arg-type]
        self.memory = self.house.memory
        self._beating: list[int] = []

    @property
    def now(self) -> datetime:
        """The virtual moment."""
        return self.agenda.now()

    def staff(self, name: str, *departments: str, role: RoleId = RoleId.AGENT) -> StaffMember:
        """Somebody comes on duty with their console open."""

        async def come() -> StaffMember:
            async with self.house.store.begin() as uow:
                desks = frozenset(departments)
                await call_assigner(uow)
                return await uow.staff.add(f"{name}@senviet.vn", name, role, desks, "x", self.now, on_duty=True)

        person = run(come())
        self._beating.append(person.id)
        self.beat()
        self.house.backstage.doorkeeper.forget()
        return person

    def leads(self, name: str) -> StaffMember:
        """A manager comes on duty."""
        return self.staff(name, role=RoleId.MANAGER)

    def leaves(self, person: StaffMember) -> None:
        """Somebody closes their console without a word."""
        self._beating.remove(person.id)

    def beat(self) -> None:
        """Every open console says that it is there."""

        async def touch() -> None:
            async with self.house.store.begin() as uow:
                for person in self._beating:
                    await uow.staff.touch(person, self.now)

        run(touch())

    def hands(
        self,
        department: str,
        reason: str = "x",
        *,
        priority: Priority = Priority.NORMAL,
        chat: str = "chat",
        call_at: datetime | None = None,
    ) -> Handed:
        """A customer needs somebody."""

        async def hand() -> Handed:
            need = Need(department=department, reason=reason, summary=reason, priority=priority, call_at=call_at)
            async with self.house.store.begin() as uow:
                talk = await uow.conversations.meet(Channel.WEBCHAT, chat, chat, "Mai", "vi", self.now)
                return await self.house.backstage.handoff.hand(uow, talk, need, self.now)

        return run(hand())

    def case(self, case_id: int) -> Case:
        """Return a case as it is stored."""
        return self.memory.cases[case_id]

    def promise(self, case_id: int) -> Promise | None:
        """Return the open promise of a case."""
        known = self.memory.open_promises.get(case_id)
        return self.memory.promises[known] if known is not None else None

    def said(self) -> list[str]:
        """Return what the house and its people have said to customers."""
        said = [one for one in self.memory.messages.values() if one.direction is Direction.OUTBOUND]
        return [one.text for one in sorted(said, key=lambda one: one.id)]

    def offered_to(self, case_id: int) -> list[int]:
        """Return before whom a case lies."""
        return [one.staff_id for one in self.memory.offers.values() if one.open and one.case_id == case_id]

    def passes(self, span: timedelta) -> None:
        """Let time pass: each timer fires at its moment."""
        until = self.now + span
        while self._next(until):
            pass
        self.agenda.jump(max((until - self.now).total_seconds(), 0.0))
        self.beat()

    def settles(self) -> None:
        """Let happen what is due at this moment."""
        self.passes(timedelta(milliseconds=100))

    def misses(self, case_id: int) -> None:
        """Let time pass until the open date of a case is replaced, and whoever waits was put before somebody."""
        missed = self.promise(case_id)
        assert missed is not None
        while self.promise(case_id) == missed:
            assert self._next(missed.due_at + timedelta(minutes=10)), "nobody watches the date"
        self.passes(timedelta(seconds=1))

    def _next(self, until: datetime) -> bool:
        """Fire what is due first; tells whether anything was due by then."""
        timers = self.house.store.queues.of[QueueName.TIMERS].items.values()
        moment = min((one.visible_at for one in timers), default=None)
        if moment is None or moment > until:
            return False
        self.agenda.jump(max((moment - self.now).total_seconds(), 0.0) + 0.001)
        self.beat()
        for item in run(self._due()):
            run(self.house.timers.handle(item))
        return True

    async def _due(self) -> list[Any]:
        async with self.house.store.read() as uow:
            return await uow.queues.read(QueueName.TIMERS, seconds=30, limit=20)
