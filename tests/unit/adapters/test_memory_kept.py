"""What the store in memory keeps of its answers stays true: past waits, loads and rosters."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.adapters.memory.forget import forget_breaks, forget_conversation, sweep
from bot.adapters.memory.store import MemoryStore
from bot.domain.cases import Case
from bot.domain.company import Priority, RoleId
from bot.domain.hours import Block
from bot.domain.messages import Channel
from bot.domain.shifts import AbsenceKind
from bot.domain.staff import StaffMember
from bot.services.ports import UnitOfWork
from bot.services.ports_cases import NewCase
from bot.services.ports_desk import Load
from bot.simulation.agenda import Agenda

NINE = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)


class Broke(Exception):
    """Ends a transaction in the middle."""


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore(Agenda(NINE))


async def _waited(uow: UnitOfWork, number: int, staff_id: int, *, taken: bool = True) -> Case:
    chat = f"w{number}"
    conversation = await uow.conversations.meet(Channel.WEBCHAT, chat, chat, "Mai", "vi", NINE)
    new = NewCase(
        code=f"BH-{number:04d}",
        conversation_id=conversation.id,
        customer_id=conversation.customer_id,
        department="sales",
        wanted="sales",
        reason="order_place",
        summary="",
        opened_at=NINE,
        priority=Priority.NORMAL,
        collected={},
        queue_number=number,
        queue_day=NINE.date(),
        ahead=number,
        serving=1,
    )
    case = await uow.cases.add(new)
    if taken:
        case = case.claimed(staff_id, NINE + timedelta(minutes=number))
        await uow.cases.save(case)
    return case


async def _hired(uow: UnitOfWork) -> StaffMember:
    return await uow.staff.add("lan@example.com", "Lan", RoleId.AGENT, frozenset({"sales"}), None, NINE)


async def test_past_waits_and_loads_that_were_asked_for_follow_every_case(store: MemoryStore) -> None:
    async with store.begin() as uow:
        lan = await _hired(uow)
        assert await uow.cases.past_waits("sales", 2) == []
        assert (await uow.cases.loads())[lan.id] == Load(0, NINE)
        cases = [await _waited(uow, number, lan.id) for number in (1, 2, 3)]
        assert [one.ahead for one in await uow.cases.past_waits("sales", 2)] == [2, 3]
        assert (await uow.cases.loads())[lan.id] == Load(3, NINE + timedelta(minutes=3))
    later = NINE + timedelta(hours=1)
    async with store.begin() as uow:
        await uow.cases.save(cases[2].released(9, NINE.date(), later))
        assert [one.ahead for one in await uow.cases.past_waits("sales", 2)] == [1, 2]
        assert (await uow.cases.loads())[lan.id] == Load(2, NINE + timedelta(minutes=3))
        await uow.cases.save(cases[0].resolved(later))
        assert (await uow.cases.loads())[lan.id] == Load(1, later)


async def test_past_waits_and_loads_are_what_they_were_after_a_rollback(store: MemoryStore) -> None:
    async with store.begin() as uow:
        lan = await _hired(uow)
        case = await _waited(uow, 1, lan.id)
        await _waited(uow, 2, lan.id)
        before = await uow.cases.past_waits("sales", 9), await uow.cases.loads()

    async def wait_in_vain() -> None:
        async with store.begin() as uow:
            await _waited(uow, 3, lan.id)
            await uow.cases.save(case.released(9, NINE.date(), NINE + timedelta(hours=1)))
            assert [one.ahead for one in await uow.cases.past_waits("sales", 9)] == [2, 3]
            raise Broke

    with pytest.raises(Broke):
        await wait_in_vain()
    async with store.read() as uow:
        assert (await uow.cases.past_waits("sales", 9), await uow.cases.loads()) == before


async def test_dropped_cases_leave_the_past(store: MemoryStore) -> None:
    async with store.begin() as uow:
        lan = await _hired(uow)
        gone, kept = await _waited(uow, 1, lan.id), await _waited(uow, 2, lan.id)
        assert len(await uow.cases.past_waits("sales", 9)) == 2
    async with store.begin() as uow:
        await uow.cases.save(gone.resolved(NINE))
    forget_conversation(store.memory, gone.conversation_id)
    sweep(store.memory)
    assert list(store.memory.waits_over["sales"]) == [kept.id]
    async with store.begin() as uow:
        await _waited(uow, 3, lan.id)
        assert [one.ahead for one in await uow.cases.past_waits("sales", 9)] == [2, 3]


async def test_breaks_that_are_long_over_can_be_dropped_and_leave_is_kept(store: MemoryStore) -> None:
    async with store.begin() as uow:
        lan = await _hired(uow)
        hour = timedelta(hours=1)
        for kind in (AbsenceKind.BREAK, AbsenceKind.LEAVE):
            await uow.rosters.add_absence(lan.id, kind, NINE, NINE + hour)
        await uow.rosters.add_absence(lan.id, AbsenceKind.BREAK, NINE + 2 * hour, NINE + 3 * hour)
    forget_breaks(store.memory, NINE + 2 * hour)
    left = [(one.kind, one.start_at) for one in store.memory.absences.values()]
    assert left == [(AbsenceKind.LEAVE, NINE), (AbsenceKind.BREAK, NINE + 2 * hour)]


async def test_a_roster_knows_an_absence_as_soon_as_it_is_there_and_no_longer(store: MemoryStore) -> None:
    async with store.begin() as uow:
        lan = await _hired(uow)
        await uow.rosters.add_shift(lan.id, 0, Block(0, 1440), NINE.date(), None)
        assert (await uow.rosters.roster(UTC, NINE, NINE)).shift_end(lan.id, NINE) is not None

    async def leave_in_vain() -> None:
        async with store.begin() as uow:
            await uow.rosters.add_absence(lan.id, AbsenceKind.LEAVE, NINE, NINE + timedelta(hours=1))
            assert (await uow.rosters.roster(UTC, NINE, NINE)).shift_end(lan.id, NINE) is None
            raise Broke

    with pytest.raises(Broke):
        await leave_in_vain()
    async with store.read() as uow:
        assert (await uow.rosters.roster(UTC, NINE, NINE)).shift_end(lan.id, NINE) is not None
