"""Deletes what was kept for a while only. What was said, promised, done and decided is never among it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import structlog
from sqlalchemy import (
    ColumnElement,
    DateTime,
    Delete,
    and_,
    delete,
    func,
    literal_column,
    not_,
    or_,
    select,
    table,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.sql.expression import column

from bot.adapters.db.model_tables import shadow_readings
from bot.adapters.db.tables import (
    chat_sessions,
    counters,
    inbound_events,
    live_events,
    login_attempts,
    one_time_links,
    send_gates,
    staff_sessions,
)
from bot.services.logins import ABSOLUTE_LIMIT, IDLE_LIMIT
from bot.services.ports import QueueName
from bot.services.visitors import COOKIE_LIFE

log = structlog.get_logger(__name__)

EVENTS_KEPT = timedelta(days=90)
"""Raw events are also what repetitions are recognised by; no channel repeats itself after so long."""

ARCHIVES_KEPT = timedelta(days=30)
ATTEMPTS_KEPT = timedelta(days=7)
GATES_KEPT = timedelta(days=1)
NUMBERS_KEPT = timedelta(days=7)
FEED_KEPT = timedelta(days=1)
READINGS_KEPT = timedelta(days=30)
"""A shadow lives for a week, and what is worth a look is looked for among the messages of 30 days."""

BATCH = 2_000
"""Raw events are the one table that may have many to delete; so many at a time are a matter of milliseconds."""

_NEXT_XID: ColumnElement[int] = literal_column("pg_snapshot_xmax(pg_current_snapshot())::text::bigint")


async def prune(engine: AsyncEngine, now: datetime) -> dict[str, int]:
    """Delete what is past its time; returns how many rows of which table. Safe at any moment, on any host."""
    gone: dict[str, int] = {}
    for name, statement in _statements(now):
        gone[name] = await _run(engine, statement)
    while batch := await _run(engine, _events(now - EVENTS_KEPT)):
        gone[inbound_events.name] = gone.get(inbound_events.name, 0) + batch
    log.info("pruned", **{name: count for name, count in gone.items() if count})
    return gone


async def _run(engine: AsyncEngine, statement: Delete) -> int:
    async with engine.begin() as connection:
        return int((await connection.execute(statement)).rowcount)


def _statements(now: datetime) -> Iterator[tuple[str, Delete]]:
    yield "login_attempts", delete(login_attempts).where(login_attempts.c.open_at < now - ATTEMPTS_KEPT)
    yield "send_gates", delete(send_gates).where(send_gates.c.open_at < now - GATES_KEPT)
    yield "one_time_links", delete(one_time_links).where(one_time_links.c.expires_at < now)
    yield "chat_sessions", delete(chat_sessions).where(chat_sessions.c.created_at < now - COOKIE_LIFE)
    over = or_(staff_sessions.c.seen_at < now - IDLE_LIMIT, staff_sessions.c.created_at < now - ABSOLUTE_LIMIT)
    yield "staff_sessions", delete(staff_sessions).where(over)
    # "queue:DEPARTMENT:2026-11-25" draws the numbers of one day; numbers of cases have other names and go on for ever.
    day = (now - NUMBERS_KEPT).date().isoformat()
    yield "counters", delete(counters).where(counters.c.name.like("queue:%"), func.right(counters.c.name, 10) < day)
    yield "shadow_readings", delete(shadow_readings).where(shadow_readings.c.at < now - READINGS_KEPT)
    yield "live_events", _feed(now - FEED_KEPT)
    for queue in QueueName:
        archived_at = column("archived_at", DateTime(timezone=True))
        archive = table(f"a_{queue.value}", archived_at, schema="pgmq")
        yield archive.name, delete(archive).where(archived_at < now - ARCHIVES_KEPT)


def _feed(before: datetime) -> Delete:
    """Old live events, but for the newest: readers who have it must find it, or they would all load their pages anew.

    And those of a server from before a backup was restored here, whose transactions this server has yet to count to.
    """
    foreign = live_events.c.xid >= _NEXT_XID
    newest = (
        select(live_events.c.xid, live_events.c.id)
        .where(not_(foreign))
        .order_by(live_events.c.xid.desc(), live_events.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    kept = tuple_(live_events.c.xid, live_events.c.id) == newest
    return delete(live_events).where(or_(foreign, and_(live_events.c.created_at < before, not_(kept))))


def _events(before: datetime) -> Delete:
    """The oldest raw events, found by their ids: they came in order, and no index on their times is needed."""
    oldest = select(inbound_events.c.id).order_by(inbound_events.c.id).limit(BATCH).scalar_subquery()
    return delete(inbound_events).where(inbound_events.c.id.in_(oldest), inbound_events.c.received_at < before)
