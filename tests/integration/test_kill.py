"""Kill -9 of the front office and of the whole database, while customers write."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.adapters.clock import SystemClock
from bot.adapters.db.embedded import EmbeddedPostgres
from bot.adapters.db.migrate import migrate
from bot.adapters.processes.keeper import Keeper
from bot.adapters.processes.ports import free_port
from bot.adapters.processes.supervisor import Supervisor
from bot.cli import parts
from tests.doubles.engine import ScriptedEngine

pytestmark = [pytest.mark.integration, pytest.mark.timeout(240)]

CONVERSATIONS, EACH, KILLS = 50, 10, 5


@asynccontextmanager
async def supervised(folder: Path, engine_url: str) -> AsyncIterator[tuple[str, Keeper, Keeper]]:
    """A database and a front office that their supervisor restarts; yields the address and both keepers."""
    port = free_port()
    where = parts.Addresses(host="127.0.0.1", port=port, engine_port=1, actions_port=1, engine_token="test")
    database = EmbeddedPostgres(folder)
    await database.initialise()
    supervisor = Supervisor(folder, now=SystemClock().now, changed=lambda _: None, trouble=lambda _, __: None)
    try:
        first = supervisor.start(database.spec())
        await supervisor.until_ready(first)
        await database.ensure_database()
        await asyncio.to_thread(migrate, database.dsn())
        spec = parts.front(where, {"LETAN_DATA": str(folder), "LETAN_DATABASE_URL": database.dsn()})
        front = supervisor.start(_with(spec, {"LETAN_ENGINE_URL": engine_url}))
        await supervisor.until_ready(front)
        yield f"http://127.0.0.1:{port}", first, front
    finally:
        await supervisor.stop(["front"], ["database"])
        database.release()


def _with(spec: Any, env: dict[str, str]) -> Any:
    return replace(spec, env={**spec.env, **env})


async def until(action: Callable[[], Awaitable[bool]]) -> None:
    """Do something again and again, as a browser does, until it is accepted."""
    while True:
        with suppress(aiohttp.ClientError, TimeoutError):
            if await action():
                return
        await asyncio.sleep(0.1)


class Chat:
    """A customer who sends each message until it is acknowledged, and only then the next."""

    def __init__(self, url: str, number: int) -> None:
        self.url = url
        self.texts = [f"tin {number}.{index}" for index in range(EACH)]
        self.session = aiohttp.ClientSession(
            cookie_jar=aiohttp.CookieJar(unsafe=True), timeout=aiohttp.ClientTimeout(total=5)
        )

    async def open(self) -> bool:
        async with self.session.post(f"{self.url}/chat/api/sessions", json={}) as response:
            return response.status == 201

    async def write(self) -> None:
        for text in self.texts:
            body = {"client_id": str(uuid.uuid4()), "text": text}
            await until(lambda body=body: self._send(body))
            await asyncio.sleep(random.uniform(0, 1.2))

    async def _send(self, body: dict[str, str]) -> bool:
        async with self.session.post(f"{self.url}/chat/api/messages", json=body) as response:
            return response.status in (200, 202)

    async def read(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while True:
            after = {"after": found[-1]["id"] if found else 0}
            async with self.session.get(f"{self.url}/chat/api/messages", params=after) as response:
                response.raise_for_status()
                page = await response.json()
            found += page["messages"]
            if not page["more"]:
                return found


def kill(keeper: Keeper) -> None:
    """SIGKILL a part with everything that belongs to it."""
    pid = keeper.status().pid
    assert pid is not None
    os.killpg(pid, signal.SIGKILL)


async def healthy(url: str) -> float:
    """Wait until the front office accepts messages again; returns how long that took."""
    begun = time.monotonic()
    async with aiohttp.ClientSession() as session:

        async def ask() -> bool:
            async with session.get(f"{url}/healthz") as response:
                return response.status == 200

        await until(ask)
    return time.monotonic() - begun


async def test_nothing_is_lost_or_doubled_when_everything_is_killed(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    engine = ScriptedEngine()
    restarts: list[float] = []
    async with engine.serve() as address, supervised(tmp_path, address) as (url, database, front):
        chats = [Chat(url, number) for number in range(CONVERSATIONS)]
        for chat in chats:
            await until(chat.open)
        writing = asyncio.gather(*(chat.write() for chat in chats))
        for _ in range(KILLS):
            await asyncio.sleep(random.uniform(0.5, 1.5))
            for victim in random.choice(([front], [database], [front, database])):
                kill(victim)
            restarts.append(await healthy(url))
        await writing
        transcripts = [await _settled(chat) for chat in chats]
        for chat in chats:
            await chat.session.close()
    record_property("restart_seconds", [round(one, 1) for one in restarts])
    for chat, transcript in zip(chats, transcripts, strict=True):
        said = [one["text"] for one in transcript if one["author"] == "customer"]
        assert said == chat.texts
        answers = [one["text"] for one in transcript if one["author"] == "bot"]
        assert len(answers) == len(set(answers)), "nothing is said twice"
        for text in chat.texts:
            assert any(f"Dạ em nghe: {text}" == one for one in answers) or _handed_over(answers), text


def _handed_over(answers: list[str]) -> bool:
    """A turn that stayed open too long through the outages was given to reception, with number and promise."""
    return any("LT-" in one for one in answers)


async def _settled(chat: Chat) -> list[dict[str, Any]]:
    async with asyncio.timeout(60):
        while True:
            transcript = await chat.read()
            if len([one for one in transcript if one["author"] == "bot"]) >= EACH:
                return transcript
            if _handed_over([one["text"] for one in transcript]):
                await asyncio.sleep(3)
                return await chat.read()
            await asyncio.sleep(0.3)
