"""What is kept for a while only goes; what was said and done stays."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.adapters.db.prune import prune
from bot.services.ports import QueueName
from tests.house import TestHouse

pytestmark = pytest.mark.integration

KEPT = ("messages", "conversations", "customers", "turns", "cases", "promises", "audit", "staff", "attachments")
AGED = {
    "inbound_events": "received_at",
    "login_attempts": "open_at",
    "send_gates": "open_at",
    "staff_sessions": "created_at",
    "chat_sessions": "created_at",
    "one_time_links": "expires_at",
    "live_events": "created_at",
    "shadow_readings": "at",
    "pgmq.a_inbox": "archived_at",
    "pgmq.a_outbox": "archived_at",
    "pgmq.a_timers": "archived_at",
}


async def run(house: TestHouse, statement: str, **values: Any) -> Any:
    """Ask or change the database."""
    async with house.running.house.store.begin() as uow:
        found = await uow._connection.execute(text(statement), values)  # type: ignore[attr-defined]
        return found.scalar_one() if found.returns_rows else None


async def counts(house: TestHouse, *tables: str) -> dict[str, int]:
    """Count rows."""
    return {one: await run(house, f"SELECT count(*) FROM {one}") for one in tables}


async def lived_in(house: TestHouse) -> None:
    """Leave a row of every kind."""
    visitor, lan = await house.visitor(), await house.staff("Lan", "accounting")
    await visitor.say("sửa hoá đơn")
    await visitor.hears("KT-0001")
    await lan.post("/api/cases/KT-0001/claim")
    await house.session.post(f"{house.url}/api/session", json={"email": lan.email, "password": "sai mật khẩu"})
    async with house.running.house.store.begin() as uow:
        now = house.running.house.clock.now()
        await uow.gates.close("telegram", now)
        await uow.staff.add_link(b"hash", "test", now + timedelta(hours=1))
    await run(
        house,
        "INSERT INTO shadow_readings (model_id, message_id, serving, intent, confidence, agrees, at)"
        " VALUES ('m-1', 1, 'greet', 'thank', 0.9, false, now() - interval '29 days')",
    )
    for queue in QueueName:
        await run(house, f"SELECT pgmq.archive('{queue}', pgmq.send('{queue}', '{{}}'))")
    await house.settled()


async def test_what_is_fresh_stays(house: TestHouse) -> None:
    await lived_in(house)
    before = await counts(house, *KEPT, *AGED, "counters")
    assert all(before[one] for one in AGED), before
    now = house.running.house.clock.now()
    await prune(house.running.house.store.engine, now)  # type: ignore[attr-defined]
    assert await counts(house, *KEPT, *AGED, "counters") == before


async def test_what_is_past_its_time_goes_and_nothing_else(house: TestHouse) -> None:
    await lived_in(house)
    before = await counts(house, *KEPT)
    newest = await run(house, "SELECT max(id) FROM live_events")
    for table, column in AGED.items():
        await run(house, f"UPDATE {table} SET {column} = {column} - interval '200 days'")
    for name in ("queue:accounting:2026-01-31", "case:XX"):
        await run(house, "INSERT INTO counters VALUES (:name, 3)", name=name)
    numbers = await run(house, "SELECT count(*) FROM counters")
    await run(
        house,
        "INSERT INTO live_events (kind, conversation_id, data, xid) VALUES ('case', 1, '{}', 9000000000)",
    )
    await prune(house.running.house.store.engine, house.running.house.clock.now())  # type: ignore[attr-defined]
    assert await counts(house, *KEPT) == before
    assert await counts(house, *AGED) == {one: int(one == "live_events") for one in AGED}
    assert await run(house, "SELECT max(id) FROM live_events") == newest, "so that quiet readers keep their place"
    assert await run(house, "SELECT count(*) FROM counters") == numbers - 1
    assert await run(house, "SELECT value FROM counters WHERE name = 'case:XX'") == 3


async def test_many_raw_events_go_in_batches(house: TestHouse) -> None:
    await run(
        house,
        "INSERT INTO inbound_events (channel, dedupe_key, chat, payload, received_at) "
        "SELECT 'zalo', n::text, 'c', '{}', now() - interval '91 days' FROM generate_series(1, 4500) n",
    )
    await run(
        house,
        "INSERT INTO inbound_events (channel, dedupe_key, chat, payload, received_at) "
        "VALUES ('zalo', 'x', 'c', '{}', now())",
    )
    # Another front office may be at it too; between them all of it goes.
    await asyncio.gather(
        *(prune(house.running.house.store.engine, house.running.house.clock.now()) for _ in range(2))  # type: ignore[attr-defined]
    )
    async with asyncio.timeout(20):
        while await run(house, "SELECT count(*) FROM inbound_events") != 1:
            await asyncio.sleep(0.05)
