"""Runs a real front office inside a test: real database, real HTTP, the scripted engine."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
from aiohttp import web
from pydantic import SecretStr

from bot.bootstrap import Running, opened
from bot.domain.company import Company, RoleId
from bot.services.ports import QueueName
from bot.settings import Settings
from bot.web.app import build
from tests.doubles.engine import ScriptedEngine

PASSWORD = "mat-khau-rat-dai-1"
Found = TypeVar("Found")


async def eventually(look: Callable[[], Awaitable[Found | None]], seconds: float = 15.0) -> Found:
    """Look until something is found (what is false or empty is not), and return it."""
    async with asyncio.timeout(seconds):
        while not (found := await look()):
            await asyncio.sleep(0.03)
        return found


@dataclass
class TestHouse:
    """A running front office and ways to use it as people do."""

    __test__ = False

    url: str
    running: Running
    engine: ScriptedEngine
    session: aiohttp.ClientSession
    stack: AsyncExitStack
    tasks: list[asyncio.Task[Any]] = field(default_factory=list)

    async def browser(self) -> aiohttp.ClientSession:
        """Return a client with cookies of its own."""
        jar = aiohttp.CookieJar(unsafe=True)
        return await self.stack.enter_async_context(aiohttp.ClientSession(cookie_jar=jar))

    async def visitor(self) -> Visitor:
        """Open the web chat as somebody new."""
        session = await self.browser()
        async with session.post(f"{self.url}/chat/api/sessions", json={}) as response:
            assert response.status == 201, await response.text()
            body = await response.json()
        return Visitor(url=self.url, session=session, conversation_id=body["conversation_id"])

    async def staff(self, name: str, *departments: str, role: RoleId = RoleId.AGENT, on_duty: bool = True) -> Clerk:
        """Make an account and log it in."""
        email = f"{uuid.uuid4().hex[:8]}@senviet.vn"
        person, _ = await self.running.house.accounts.add(
            email=email, name=name, role=role, departments=departments, password=PASSWORD, on_duty=on_duty
        )
        session = await self.browser()
        async with session.post(f"{self.url}/api/session", json={"email": email, "password": PASSWORD}) as response:
            assert response.status == 200, await response.text()
            body = await response.json()
        return Clerk(url=self.url, session=session, csrf=body["csrf"], id=person.id, email=email)

    async def settled(self) -> None:
        """Wait until no queue item is left to look at (timers aside) and no turn is open."""
        store = self.running.house.store
        async with asyncio.timeout(30):
            while True:
                async with store.begin() as uow:
                    left = [await uow.queues.depth(queue) for queue in (QueueName.INBOX, QueueName.OUTBOX)]
                    left.append(await uow.turns.count_open(self.running.house.clock.now()))
                if not any(left):
                    return
                await asyncio.sleep(0.02)


@dataclass
class Visitor:
    """Somebody in the web chat."""

    url: str
    session: aiohttp.ClientSession
    conversation_id: int

    async def say(self, text: str, client_id: str | None = None) -> aiohttp.ClientResponse:
        """Send a message; returns the closed response with its status."""
        body = {"client_id": client_id or str(uuid.uuid4()), "text": text}
        async with self.session.post(f"{self.url}/chat/api/messages", json=body) as response:
            await response.read()
            return response

    async def read(self) -> list[dict[str, Any]]:
        """Return the conversation as the page would show it."""
        found: list[dict[str, Any]] = []
        while True:
            after = found[-1]["id"] if found else 0
            async with self.session.get(f"{self.url}/chat/api/messages", params={"after": after}) as response:
                assert response.status == 200
                page = await response.json()
            found += page["messages"]
            if not page["more"]:
                return found

    async def hears(self, part: str, seconds: float = 10.0) -> dict[str, Any]:
        """Wait for a message from the house that contains ``part``."""
        async with asyncio.timeout(seconds):
            while True:
                for one in await self.read():
                    if one["author"] != "customer" and part in one["text"]:
                        return one
                await asyncio.sleep(0.03)


@dataclass
class Clerk:
    """A staff member at the console's API."""

    url: str
    session: aiohttp.ClientSession
    csrf: str
    id: int
    email: str

    async def get(self, path: str, **params: Any) -> tuple[int, Any]:
        """Read."""
        async with self.session.get(f"{self.url}{path}", params=params) as response:
            return response.status, await response.json()

    async def post(self, path: str, **body: Any) -> tuple[int, Any]:
        """Change something."""
        async with self.session.post(f"{self.url}{path}", json=body, headers={"X-CSRF-Token": self.csrf}) as response:
            return response.status, await response.json() if response.content_type == "application/json" else None

    async def send(self, method: str, path: str, **body: Any) -> tuple[int, Any]:
        """Change something in another way than by posting."""
        headers = {"X-CSRF-Token": self.csrf}
        sent = {"json": body} if body else {}
        async with self.session.request(method, f"{self.url}{path}", headers=headers, **sent) as response:
            return response.status, await response.json() if response.content_type == "application/json" else None


@asynccontextmanager
async def running_house(database: str, company: Company, data: Path, **settings: Any) -> AsyncIterator[TestHouse]:
    """Start everything in this process and stop it again."""
    async with AsyncExitStack() as stack:
        engine = ScriptedEngine()
        address = await stack.enter_async_context(engine.serve())
        wanted: dict[str, Any] = {"engine_url": address, "engine_token": SecretStr("test"), **settings}
        chosen = Settings(data=data, database_url=SecretStr(database), **wanted)
        running = await stack.enter_async_context(opened(chosen, company))
        runner = web.AppRunner(build(running.house), access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        tasks = [asyncio.create_task(loop(), name=name) for name, loop in running.loops.items()]
        session = await stack.enter_async_context(aiohttp.ClientSession())
        house = TestHouse(
            url=f"http://127.0.0.1:{runner.addresses[0][1]}",
            running=running,
            engine=engine,
            session=session,
            stack=stack,
            tasks=tasks,
        )
        try:
            yield house
        finally:
            await _idle(running)
            for task in tasks:
                task.cancel()
            for task in tasks:
                with suppress(asyncio.CancelledError):
                    await task


async def _idle(running: Running) -> None:
    """Wait until no loop is in the middle of a query: a cancelled one would leave its connection to the collector."""
    store = running.house.store
    pools = [store._durable.pool, store._relaxed.pool]  # type: ignore[attr-defined]
    for _ in range(300):
        if not any(pool.checkedout() for pool in pools):
            return
        await asyncio.sleep(0.01)
