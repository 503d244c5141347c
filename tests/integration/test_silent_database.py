"""A database that is there and says nothing: whoever writes hears so in time, and what they repeat is stored once."""

from __future__ import annotations

import asyncio
import os
import signal
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from bot.adapters.db.embedded import EmbeddedPostgres
from bot.adapters.db.store import STATEMENT_TIMEOUT_MS
from bot.services import patience
from bot.web import errors
from tests.house import TestHouse, eventually

pytestmark = pytest.mark.integration

PATIENCE = 1.5
IN_TIME = 4.0
"""Seconds for an answer while the tests' patience lasts: the rest is for a machine that does other things too."""

Silence = Callable[[EmbeddedPostgres, str], AbstractContextManager[None]]


@contextmanager
def paused(postgres: EmbeddedPostgres, database: str) -> Iterator[None]:
    """Every server process that somebody is connected to stands still; the house's connections stay open."""
    with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
        name = urlsplit(database).path.rsplit("/", 1)[-1]
        rows = connection.execute("SELECT pid FROM pg_stat_activity WHERE datname = %s", [name]).fetchall()
    for (pid,) in rows:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for (pid,) in rows:
            os.kill(pid, signal.SIGCONT)


@contextmanager
def locked(_postgres: EmbeddedPostgres, database: str) -> Iterator[None]:
    """Somebody else has the messages for themselves."""
    with psycopg.connect(database) as connection:
        connection.execute("LOCK TABLE messages IN ACCESS EXCLUSIVE MODE")
        yield


silences = pytest.mark.parametrize("silent", [paused, locked])


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(errors, "AT_A_DOOR", PATIENCE)


async def with_case(house: TestHouse) -> Any:
    visitor = await house.visitor()
    await visitor.say("sửa hoá đơn")
    await visitor.hears("KT-0001")
    await house.settled()
    return visitor


@silences
async def test_a_customer_hears_in_time_that_nothing_was_sent_and_is_stored_once_when_they_repeat_it(
    house: TestHouse, postgres: EmbeddedPostgres, database: str, silent: Silence
) -> None:
    visitor, name = await with_case(house), str(uuid.uuid4())
    with silent(postgres, database):
        before = time.monotonic()
        async with visitor.session.post(
            f"{house.url}/chat/api/messages", json={"client_id": name, "text": "còn ai không"}
        ) as response:
            assert (response.status, (await response.json())["error"]) == (503, "unavailable")
        assert time.monotonic() - before < IN_TIME

    async def through() -> bool:
        return (await visitor.say("còn ai không", name)).status in (200, 202)

    await eventually(through)
    assert (await visitor.say("còn ai không", name)).status == 200
    assert [one["text"] for one in await visitor.read()].count("còn ai không") == 1
    assert not [task.get_name() for task in house.tasks if task.done()]


@silences
async def test_a_staff_member_hears_in_time_that_nothing_was_sent_and_it_is_sent_once_when_they_repeat_it(
    house: TestHouse, postgres: EmbeddedPostgres, database: str, silent: Silence
) -> None:
    visitor, lan = await with_case(house), await house.staff("Lan", "accounting")
    assert (await lan.post("/api/cases/KT-0001/claim"))[0] == 200
    reply = {"text": "Dạ em xem hoá đơn ngay ạ.", "client_id": str(uuid.uuid4())}
    with silent(postgres, database):
        before = time.monotonic()
        status, body = await lan.post("/api/cases/KT-0001/reply", **reply)
        assert (status, body["error"]) == (503, "unavailable")
        assert time.monotonic() - before < IN_TIME

    async def through() -> bool:
        return (await lan.post("/api/cases/KT-0001/reply", **reply))[0] == 200

    await eventually(through)
    assert (await lan.post("/api/cases/KT-0001/reply", **reply))[0] == 200
    await visitor.hears(reply["text"])
    assert [one["text"] for one in await visitor.read()].count(reply["text"]) == 1


async def test_the_house_says_itself_how_it_is_while_its_database_stands_still(
    house: TestHouse, postgres: EmbeddedPostgres, database: str
) -> None:
    """Whoever keeps the process alive must not take a silent database for a silent front office."""
    await with_case(house)
    with paused(postgres, database):
        before = time.monotonic()
        async with house.session.get(f"{house.url}/healthz") as response:
            assert (response.status, (await response.json())["parts"]["database"]["state"]) == (503, "down")
        assert time.monotonic() - before < IN_TIME


async def test_what_nobody_waits_for_may_take_as_long_as_the_server_allows(
    house: TestHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = house.running.house.store
    assert STATEMENT_TIMEOUT_MS / 1000 < patience.AT_WORK
    long = text(f"SELECT pg_sleep({PATIENCE + 0.5})")
    async with store.begin() as uow:
        await uow._connection.execute(long)  # type: ignore[attr-defined]
    patience.patience.set(PATIENCE)
    with pytest.raises(OperationalError):
        async with store.begin() as uow:
            await uow._connection.execute(long)  # type: ignore[attr-defined]
    async with asyncio.timeout(IN_TIME), store.begin() as uow:
        await uow._connection.execute(text("SELECT 1"))  # type: ignore[attr-defined]
