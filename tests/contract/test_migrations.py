"""A database of an earlier release comes up to date with all it holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

import bot.adapters.db.migrations
from bot.adapters.db.embedded import EmbeddedPostgres
from bot.adapters.db.migrate import migrate
from bot.adapters.db.store import SqlStore, sqlalchemy_url
from bot.domain.cases import CaseState
from bot.domain.promises import PromiseKind, PromiseState
from tests.contract.stores import NINE, at
from tests.databases import fresh_database

SCRIPTS = Path(bot.adapters.db.migrations.__file__).parent

ROWS = """
INSERT INTO customers (name, created_at) VALUES ('Mai', now());
INSERT INTO conversations (customer_id, channel, chat, created_at) VALUES (1, 'webchat', 'c', now());
INSERT INTO staff (email, name, role, departments, on_duty, created_at)
    VALUES ('lan@senviet.vn', 'Lan', 'agent', '["sales"]', true, '2026-11-25T09:00:00Z');
INSERT INTO cases (code, conversation_id, customer_id, department, wanted, state, priority, reason, summary, collected,
                   owner_id, queue_number, queue_day, opened_at, claimed_at)
    VALUES ('BH-0001', 1, 1, 'sales', 'sales', 'waiting', 'high', 'order_place', 's', '{"a": 1}',
            NULL, 1, '2026-11-25', '2026-11-25T09:00:00Z', NULL),
           ('BH-0002', 1, 1, 'sales', 'sales', 'assigned', 'normal', 'order_place', 's', '{}',
            1, 2, '2026-11-25', '2026-11-25T09:00:00Z', '2026-11-25T09:30:00Z');
INSERT INTO promises (case_id, due_at, made_at, state, timer_id)
    VALUES (1, '2026-11-25T10:00:00Z', '2026-11-25T09:00:00Z', 'open', 7);
"""

TRAININGS = """
INSERT INTO needs (intent, department, name_vi, name_en, priority, state, made_by, made_at, retired_at)
    VALUES ('gui_xe', 'facilities', 'a', 'a', 'normal', 'active', 1, '2026-11-25T09:00:00Z', NULL),
           ('muon_sac', 'facilities', 'b', 'b', 'normal', 'retired', 1, '2026-11-25T09:00:00Z', '2026-11-25T12:00:00Z');
INSERT INTO trainings (state, examples, started_at, beat_at, faults, model_id)
    VALUES ('done', 2, '2026-11-25T08:00:00Z', '2026-11-25T08:00:00Z', '[]', 'm-1'),
           ('done', 2, '2026-11-25T11:00:00Z', '2026-11-25T11:00:00Z', '[]', 'm-2'),
           ('done', 2, '2026-11-25T13:00:00Z', '2026-11-25T13:00:00Z', '[]', 'm-3');
"""


def upgraded(url: str, revision: str) -> None:
    """Bring a database to one revision."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.set_main_option("path_separator", "os")
    engine = create_engine(sqlalchemy_url(url))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


@pytest.fixture
def first_release(postgres: EmbeddedPostgres) -> Iterator[str]:
    """The address of a database as the first release left it, with some of everything in it."""
    with fresh_database(postgres) as url:
        upgraded(url, "0001")
        with psycopg.connect(url) as connection:
            connection.execute(ROWS)
        yield url


async def test_the_first_release_keeps_its_cases_people_and_promises(first_release: str) -> None:
    migrate(first_release)
    migrate(first_release)
    store = SqlStore.connect(first_release)
    async with store.begin() as uow:
        waiting, held = await uow.cases.by_code("BH-0001"), await uow.cases.by_code("BH-0002")
        assert (waiting.state, waiting.collected, waiting.opened_at) == (CaseState.WAITING, {"a": 1}, NINE)
        assert (held.state, held.owner_id, held.claimed_at) == (CaseState.ASSIGNED, 1, at(minutes=30))
        assert await uow.cases.waiting_in(frozenset({"sales"})) == [waiting]
        lan = await uow.staff.get(1)
        assert (lan.on_duty, lan.skills, lan.languages, lan.senior) == (True, frozenset(), frozenset({"vi"}), False)
        promise = await uow.promises.open_of(waiting.id)
        assert promise is not None
        assert (promise.state, promise.due_at, promise.timer_id) == (PromiseState.OPEN, at(hours=1), 7)
        assert (promise.kind, promise.replied_at) == (PromiseKind.ANSWER, None)
    await store.close()
    with psycopg.connect(first_release) as connection:
        since = connection.execute("SELECT waiting_since FROM cases ORDER BY id").fetchall()
    assert since == [(NINE,), (None,)]


async def test_calls_that_found_nobody_stay_counted(first_release: str) -> None:
    upgraded(first_release, "0010")
    with psycopg.connect(first_release) as connection:
        connection.execute("UPDATE promises SET kind = 'call'")
        connection.execute("UPDATE cases SET collected = '{\"a\": 1, \"call_tries\": 2}' WHERE code = 'BH-0001'")
    migrate(first_release)
    store = SqlStore.connect(first_release)
    async with store.read() as uow:
        case = await uow.cases.by_code("BH-0001")
        promise = await uow.promises.open_of(case.id)
    await store.close()
    assert case.collected == {"a": 1}
    assert promise is not None
    assert (promise.kind, promise.tries) == (PromiseKind.CALL, 2)


async def test_the_models_of_an_earlier_release_hold_the_needs_of_their_time(first_release: str) -> None:
    upgraded(first_release, "0009")
    with psycopg.connect(first_release) as connection:
        connection.execute(TRAININGS)
    migrate(first_release)
    store = SqlStore.connect(first_release)
    async with store.read() as uow:
        trainings = await uow.teaching.trainings(9)
    await store.close()
    assert [one.needs for one in reversed(trainings)] == [(), ("gui_xe", "muon_sac"), ("gui_xe",)]
