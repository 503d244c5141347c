"""What the store in memory does beside the contract that all stores keep."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.adapters.memory.data import FeedEvent
from bot.adapters.memory.forget import forget_conversation, forget_events, sweep
from bot.adapters.memory.store import MemoryStore
from bot.domain.arrivals import Arrival, Ignored
from bot.domain.company import Priority
from bot.domain.messages import Author, Channel, Direction
from bot.domain.turns import Closing, Outcome
from bot.services.ports import QueueName, UnitOfWork
from bot.services.ports_cases import NewCase
from bot.services.ports_conversations import NewMessage
from bot.simulation.agenda import run

NINE = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)


class Standing:
    """A clock that somebody sets."""

    def __init__(self) -> None:
        self.moment = NINE

    def now(self) -> datetime:
        return self.moment


class Broke(Exception):
    """Ends a transaction in the middle."""


@pytest.fixture
def clock() -> Standing:
    return Standing()


@pytest.fixture
def store(clock: Standing) -> MemoryStore:
    return MemoryStore(clock)


async def _talk(uow: UnitOfWork, chat: str = "a") -> int:
    conversation = await uow.conversations.meet(Channel.WEBCHAT, chat, chat, "Mai", "vi", NINE)
    said = NewMessage(
        conversation_id=conversation.id,
        direction=Direction.INBOUND,
        author=Author.CUSTOMER,
        text="alo",
        handled=False,
        created_at=NINE,
    )
    await uow.messages.add_to_turn(said)
    await uow.queues.post(QueueName.INBOX, {"n": 1}, group=f"webchat:{chat}")
    await uow.feed.publish("message", conversation.id, {"message_id": 1})
    return conversation.id


async def test_listeners_hear_after_the_commit_and_not_of_what_failed(store: MemoryStore) -> None:
    woken: list[QueueName] = []
    heard: list[FeedEvent] = []
    store.on_work(woken.append)
    store.on_event(heard.append)

    async def fails() -> None:
        async with store.begin() as uow:
            await _talk(uow)
            raise Broke

    with pytest.raises(Broke):
        await fails()
    assert (woken, heard, store.memory.conversations) == ([], [], {})
    async with store.begin() as uow:
        await _talk(uow)
        assert (woken, heard) == ([], [])
    assert woken == [QueueName.INBOX]
    assert [event.kind for event in heard] == ["message"]


async def test_a_failed_transaction_leaves_the_queue_as_it_was(store: MemoryStore, clock: Standing) -> None:
    async with store.begin() as uow:
        await _talk(uow)
        timer = await uow.queues.set_timer({"n": 2}, NINE + timedelta(hours=1))

    async def fails() -> None:
        async with store.begin() as uow:
            [item] = await uow.queues.read(QueueName.INBOX, seconds=60, limit=5)
            await uow.queues.finish(QueueName.INBOX, item.id)
            await uow.queues.hold(QueueName.TIMERS, timer, NINE)
            await uow.queues.post(QueueName.INBOX, {"n": 3}, group="webchat:a")
            raise Broke

    with pytest.raises(Broke):
        await fails()
    async with store.read() as uow:
        [again] = await uow.queues.read(QueueName.INBOX, seconds=60, limit=5)
        assert (again.reads, again.body) == (1, {"n": 1})
        assert await uow.queues.read(QueueName.TIMERS, seconds=60, limit=5) == []
        clock.moment += timedelta(hours=1)
        assert [one.id for one in await uow.queues.read(QueueName.TIMERS, seconds=60, limit=5)] == [timer]


async def test_transactions_come_one_after_another(store: MemoryStore) -> None:
    order: list[str] = []

    async def writer(name: str) -> None:
        async with store.begin():
            order.append(f"{name} in")
            await asyncio.sleep(0)
            order.append(f"{name} out")

    async def reader() -> None:
        await asyncio.sleep(0)
        async with store.read():
            order.append("look")

    await asyncio.gather(writer("a"), writer("b"), reader())
    assert order.index("a out") < order.index("b in")
    assert order[order.index("look") - 1].endswith("out")


def test_a_transaction_within_a_transaction_fails_where_nothing_else_runs(store: MemoryStore) -> None:
    async def nested() -> None:
        async with store.begin(), store.begin():
            pass

    with pytest.raises(RuntimeError, match="within a transaction"):
        run(nested())


async def test_a_queue_says_when_it_is_due(store: MemoryStore, clock: Standing) -> None:
    assert store.next_due(QueueName.TIMERS) is None
    async with store.begin() as uow:
        late = await uow.queues.set_timer({}, NINE + timedelta(hours=2))
        soon = await uow.queues.set_timer({}, NINE + timedelta(hours=1))
    assert store.next_due(QueueName.TIMERS) == NINE + timedelta(hours=1)
    async with store.begin() as uow:
        await uow.queues.finish(QueueName.TIMERS, soon)
    assert store.next_due(QueueName.TIMERS) == NINE + timedelta(hours=2)
    async with store.begin() as uow:
        await uow.queues.bury(QueueName.TIMERS, late)
    assert store.next_due(QueueName.TIMERS) is None
    assert store.buried(QueueName.TIMERS) == [{}]


async def test_a_forgotten_conversation_leaves_nothing_behind(store: MemoryStore) -> None:
    async with store.begin() as uow:
        kept, gone = await _talk(uow, "kept"), await _talk(uow, "gone")
        conversation = await uow.conversations.get(gone)
        case = await uow.cases.add(
            NewCase(
                code="LT-0001",
                conversation_id=gone,
                customer_id=conversation.customer_id,
                department="reception",
                wanted="reception",
                priority=Priority.NORMAL,
                reason="ask_human",
                summary="",
                collected={},
                queue_number=1,
                queue_day=NINE.date(),
                opened_at=NINE,
            )
        )
        timer = await uow.queues.set_timer({}, NINE)
        await uow.promises.add(case.id, NINE, NINE, timer)
        await uow.offers.add(case.id, 1, NINE, NINE)
        await uow.requests.add(case.id, "it", 1, "?", NINE, NINE)
        await uow.approvals.add(case.id, "refund", 1, "?", 1, NINE, NINE)
        await uow.transfers.add(case.id, 1, "it", None, "", NINE, NINE)
        await uow.ratings.add(case.id, NINE)
        await uow.audit.write(NINE, "bot", "case.open", case.code)
        turn = await uow.turns.current(gone, NINE)
        await uow.turns.close(turn.id, Closing(outcome=Outcome.ANSWERED, at=NINE))
        await uow.cases.save(case.claimed(1, NINE).resolved(NINE))
    forget_conversation(store.memory, gone)
    sweep(store.memory)
    memory = store.memory
    assert list(memory.conversations) == [kept]
    assert [one.conversation_id for one in memory.messages.values()] == [kept]
    left = (memory.cases, memory.promises, memory.offers, memory.requests, memory.approvals, memory.transfers)
    assert [len(table) for table in left] == [0] * 6
    assert (memory.ratings, memory.audit, memory.case_codes, len(memory.turns)) == ({}, {}, {}, 1)


async def test_forgotten_events_are_no_longer_recognised(store: MemoryStore) -> None:
    def arrival(key: str) -> Arrival:
        return Arrival(dedupe_key=key, chat="a", payload={}, happening=Ignored(reason="test"))

    async with store.begin() as uow:
        for key in ("one", "two"):
            await uow.events.add(Channel.WEBCHAT, arrival(key), NINE)
    forget_events(store.memory, 1)
    async with store.begin() as uow:
        assert await uow.events.add(Channel.WEBCHAT, arrival("two"), NINE) is None
        assert await uow.events.add(Channel.WEBCHAT, arrival("one"), NINE) is not None
