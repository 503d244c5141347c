"""Whatever makes a case hurry, its deadlines are those of its new priority from then on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.cases import Case, CaseState
from bot.domain.company import MANAGEMENT, Priority, RoleId
from bot.domain.conversations import Conversation
from bot.domain.messages import Channel
from bot.domain.promises import PromiseKind
from bot.domain.staff import StaffMember
from bot.services.deadlines import DEADLINE
from bot.services.handoff import Need
from bot.services.ports import QueueItem
from bot.services.renewing import Renewing
from bot.simulation.agenda import Agenda, run
from bot.simulation.house import House
from tests.unit.services.virtual_house import COMPANY, NothingLost

TEN = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
"""Ten on a Wednesday: everybody is open."""

NEED = Need(department="accounting", reason="invoice_request", summary="Khách xin hoá đơn.")
NOTE = "Khách cần gặp quản lý."


@dataclass
class Scene:
    """A case of accounting, Lan who works there, and Sơn who leads."""

    house: House
    case_id: int
    lan: StaffMember
    son: StaffMember

    @property
    def case(self) -> Case:
        """The case as it is stored."""
        return self.house.memory.cases[self.case_id]

    @property
    def talk(self) -> Conversation:
        """The conversation of the case."""
        return self.house.memory.conversations[self.case.conversation_id]


async def scene(*, leads: bool = True) -> Scene:
    """A normal case that waits; ``leads``: Sơn is on duty."""
    agenda = Agenda(TEN)
    house = House(COMPANY, agenda, None, NothingLost())  # type: ignore[arg-type]
    async with house.store.begin() as uow:
        desk = frozenset({"accounting"})
        lan = await uow.staff.add("lan@senviet.vn", "Lan", RoleId.AGENT, desk, "x", TEN, on_duty=True)
        son = await uow.staff.add("son@senviet.vn", "Sơn", RoleId.MANAGER, frozenset(), "x", TEN, on_duty=leads)
        talk = await uow.conversations.meet(Channel.WEBCHAT, "chat", "khach", "Mai", "vi", TEN)
        case = (await house.backstage.handoff.hand(uow, talk, NEED, TEN)).case
    house.backstage.doorkeeper.forget()
    agenda.jump(60)
    return Scene(house=house, case_id=case.id, lan=lan, son=son)


async def taken_up(at: Scene) -> None:
    """Lan asks Sơn, who says yes."""
    await at.house.desk.claim(at.lan, at.case.code)
    await at.house.transferring.give(at.lan, at.case.code, department=MANAGEMENT, staff_id=at.son.id, note=NOTE)
    await at.house.answering.accept(at.son, at.case.code)


async def queued_up(at: Scene) -> None:
    """Lan passes it up while nobody who leads is there."""
    await at.house.desk.claim(at.lan, at.case.code)
    await at.house.transferring.give(at.lan, at.case.code, department=MANAGEMENT, staff_id=None, note=NOTE)


async def moved_up(at: Scene) -> None:
    """Lan moves it up without having taken it."""
    await at.house.transferring.give(at.lan, at.case.code, department=MANAGEMENT, staff_id=None, note=NOTE)


async def date_missed(at: Scene) -> None:
    """Nobody kept the date that Lan gave."""
    await at.house.desk.claim(at.lan, at.case.code)
    now = at.house.agenda.now()
    async with at.house.store.begin() as uow:
        await at.house.backstage.promises.promise(uow, at.case, now + timedelta(minutes=2), now, PromiseKind.DATE)
        renewing = Renewing(COMPANY, at.house.backstage.promises, at.house.backstage.waits)
        await renewing.renew(uow, await uow.cases.get(at.case_id, lock=True), "vi", now, in_hand=True)


async def deadline_missed(at: Scene) -> None:
    """Its first answer is late."""
    await at.house.backstage.deadline_keeper.arm(at.case_id)
    at.house.agenda.jump(timedelta(minutes=40).total_seconds())
    assert at.case.timer_id is not None
    await at.house.backstage.deadline_keeper.due(
        QueueItem(id=at.case.timer_id, reads=1, body={"kind": DEADLINE, "case_id": at.case_id})
    )


async def call_missed(at: Scene) -> None:
    """The hour of its call has passed while somebody else gets it."""
    now = at.house.agenda.now()
    async with at.house.store.begin() as uow:
        await at.house.backstage.promises.appoint(uow, at.case, now + timedelta(minutes=5), now)
    at.house.agenda.jump(timedelta(minutes=6).total_seconds())
    now = at.house.agenda.now()
    async with at.house.store.begin() as uow:
        await at.house.backstage.promises.date_for(uow, at.case, now + timedelta(minutes=30), now)


async def customer_presses(at: Scene) -> None:
    """Its customer comes back with something graver."""
    async with at.house.store.begin() as uow:
        grave = Need(department="accounting", reason="legal_threat", summary="Khách doạ kiện.", priority=Priority.HIGH)
        await at.house.backstage.handoff.hand(uow, at.talk, grave, at.house.agenda.now())


@pytest.mark.parametrize(
    ("hurry", "leads"),
    [
        (taken_up, True),
        (queued_up, False),
        (moved_up, True),
        (date_missed, True),
        (date_missed, False),
        (deadline_missed, True),
        (call_missed, True),
        (customer_presses, True),
    ],
)
def test_whatever_hurries_a_case_shortens_its_deadlines(
    hurry: Callable[[Scene], Awaitable[None]], *, leads: bool
) -> None:
    async def all_of_it() -> Case:
        at = await scene(leads=leads)
        assert at.case.priority is Priority.NORMAL
        await hurry(at)
        return at.case

    case = run(all_of_it())
    assert case.priority is Priority.HIGH
    assert case.state is not CaseState.RESOLVED
    table = COMPANY.departments[case.department].sla.of(Priority.HIGH)
    assert case.sla is not None
    owed = [(case.sla.first, table.first_response), (case.sla.next, table.next_response)]
    assert all(run.allowed == minutes for run, minutes in owed if run is not None)
    if case.call_at is None:
        assert case.sla.resolution.allowed == table.resolution
    else:
        assert case.sla.resolution.allowed < COMPANY.departments["accounting"].sla.of(Priority.NORMAL).resolution
