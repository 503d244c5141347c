"""Every store has queues that keep the order within a group, hide what is being worked on, and fence out the late."""

from __future__ import annotations

from datetime import timedelta

from bot.services.ports import QueueName, UnitOfWork
from tests.contract.stores import Kept, taken_back

INBOX, OUTBOX, TIMERS = QueueName.INBOX, QueueName.OUTBOX, QueueName.TIMERS


async def post(kept: Kept, *bodies: tuple[str | None, int]) -> None:
    """Put numbered messages of groups into the inbox, each in a transaction of its own."""
    for group, number in bodies:
        async with kept.store.begin() as uow:
            await uow.queues.post(INBOX, {"n": number}, group=group)


async def read(kept: Kept, queue: QueueName = INBOX, *, seconds: int = 30, limit: int = 10) -> dict[int, int]:
    """Take what may be taken: number of the message to its id."""
    async with kept.store.read() as uow:
        return {item.body["n"]: item.id for item in await uow.queues.read(queue, seconds=seconds, limit=limit)}


async def finish(kept: Kept, queue: QueueName, item_id: int) -> bool:
    """Delete a message in a transaction of its own."""
    async with kept.store.begin() as uow:
        return await uow.queues.finish(queue, item_id)


async def depth(kept: Kept, queue: QueueName) -> int:
    """Count."""
    async with kept.store.read() as uow:
        return await uow.queues.depth(queue)


async def test_a_group_gives_its_head_and_the_next_when_that_is_finished(kept: Kept) -> None:
    await post(kept, ("a", 1), ("a", 2), ("b", 3), ("a", 4))
    heads = await read(kept)
    assert list(heads) == [1, 3]
    assert await read(kept) == {}
    assert await finish(kept, INBOX, heads[1]) is True
    second = await read(kept)
    assert list(second) == [2]
    assert await finish(kept, INBOX, heads[3]) is True
    assert await read(kept) == {}
    assert await depth(kept, INBOX) == 2


async def test_many_groups_are_read_a_few_at_a_time(kept: Kept) -> None:
    await post(kept, *((f"g{number}", number) for number in range(5)))
    assert list(await read(kept, limit=2)) == [0, 1]
    assert list(await read(kept, limit=2)) == [2, 3]
    assert list(await read(kept, limit=2)) == [4]


async def test_what_nobody_finishes_comes_back_and_says_so(kept: Kept) -> None:
    await post(kept, ("a", 1), ("a", 2))
    async with kept.store.read() as uow:
        (first,) = await uow.queues.read(INBOX, seconds=1, limit=10)
    assert first.reads == 1
    await kept.clock.passes(1.2)
    async with kept.store.read() as uow:
        (again,) = await uow.queues.read(INBOX, seconds=30, limit=10)
    assert (again.id, again.reads, again.body) == (first.id, 2, {"n": 1})
    # Two workers have it now; the one that finishes second is told so, and writes nothing else.
    assert await finish(kept, INBOX, first.id) is True
    assert await finish(kept, INBOX, first.id) is False
    assert list(await read(kept)) == [2]


async def test_a_group_that_is_held_waits_in_order(kept: Kept) -> None:
    await post(kept, ("a", 1), ("a", 2), ("b", 3))
    heads = await read(kept)
    async with kept.store.read() as uow:
        await uow.queues.hold(INBOX, heads[1], kept.clock.now() + timedelta(seconds=1))
    assert await finish(kept, INBOX, heads[3]) is True
    assert await read(kept) == {}
    await kept.clock.passes(1.2)
    assert list(await read(kept)) == [1]


async def test_what_cannot_be_processed_is_moved_out_of_the_way(kept: Kept) -> None:
    await post(kept, ("a", 1), ("a", 2))
    heads = await read(kept)
    async with kept.store.begin() as uow:
        await uow.queues.bury(INBOX, heads[1])
    assert list(await read(kept)) == [2]
    assert await finish(kept, INBOX, heads[1]) is False
    assert await depth(kept, INBOX) == 1


async def test_a_timer_is_seen_when_it_is_due_and_each_stands_for_itself(kept: Kept) -> None:
    now = kept.clock.now()
    async with kept.store.begin() as uow:
        late = await uow.queues.set_timer({"n": 1}, now + timedelta(hours=1))
        soon = await uow.queues.set_timer({"n": 2}, now + timedelta(seconds=1))
        past = await uow.queues.set_timer({"n": 3}, now - timedelta(hours=1))
        past_too = await uow.queues.set_timer({"n": 4}, now - timedelta(hours=2))
    assert len({late, soon, past, past_too}) == 4
    assert await read(kept, TIMERS) == {3: past, 4: past_too}
    await kept.clock.passes(1.2)
    assert await read(kept, TIMERS) == {2: soon}
    assert await depth(kept, TIMERS) == 4


async def test_a_timer_is_cancelled_and_moved(kept: Kept) -> None:
    now = kept.clock.now()
    async with kept.store.begin() as uow:
        cancelled = await uow.queues.set_timer({"n": 1}, now)
        put_off = await uow.queues.set_timer({"n": 2}, now)
        brought_forward = await uow.queues.set_timer({"n": 3}, now + timedelta(hours=1))
    async with kept.store.begin() as uow:
        assert await uow.queues.finish(TIMERS, cancelled) is True
        await uow.queues.hold(TIMERS, put_off, now + timedelta(hours=1))
        await uow.queues.hold(TIMERS, brought_forward, now)
    assert await read(kept, TIMERS) == {3: brought_forward}
    assert await finish(kept, TIMERS, cancelled) is False


async def test_queues_know_nothing_of_each_other(kept: Kept) -> None:
    await post(kept, ("a", 1))
    async with kept.store.begin() as uow:
        await uow.queues.post(OUTBOX, {"n": 2}, group="a")
        await uow.queues.post(OUTBOX, {"n": 3})
    assert list(await read(kept)) == [1]
    assert list(await read(kept, OUTBOX)) == [2, 3]
    assert [await depth(kept, queue) for queue in (INBOX, OUTBOX, TIMERS)] == [1, 2, 0]


async def test_what_is_taken_back_was_never_in_the_queue(kept: Kept) -> None:
    await post(kept, ("a", 1))
    heads = await read(kept, seconds=1)

    async def change(uow: UnitOfWork) -> None:
        await uow.queues.post(INBOX, {"n": 2}, group="b")
        await uow.queues.set_timer({"n": 3}, kept.clock.now())
        assert await uow.queues.finish(INBOX, heads[1]) is True

    await taken_back(kept, change)
    assert await depth(kept, INBOX) == 1
    assert await depth(kept, TIMERS) == 0
    await kept.clock.passes(1.2)
    assert await read(kept) == heads
