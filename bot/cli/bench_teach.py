"""`./letan bench teach`: how long those who teach wait for a page, however many messages are stored.

A database of its own is filled with turns as the bot would have read them; the front office runs in this process and is
asked over HTTP. What is measured is in `SCENES`: name, title, and what is asked.
"""

from __future__ import annotations

import asyncio
import os
import platform
import secrets
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Final

import aiohttp
import psycopg
from aiohttp import web
from pydantic import SecretStr
from rich.console import Console
from rich.table import Table

from bot.adapters.company import load
from bot.adapters.db.embedded import EmbeddedPostgres
from bot.adapters.db.migrate import migrate
from bot.adapters.processes.place import ROOT
from bot.bootstrap import opened
from bot.cli.output import say_json, tell
from bot.domain.company import RoleId
from bot.settings import Settings
from bot.web.app import build
from bot.web.house import House

BUDGET_MS: Final = 300.0
CUSTOMERS: Final = 2_000
CHUNK: Final = 50_000
LOOKS: Final = 10

_PEOPLE: Final = f"""
    WITH made AS (
        INSERT INTO customers (name, created_at)
        SELECT 'Khách ' || n, now() FROM generate_series(1, {CUSTOMERS}) n RETURNING id
    )
    INSERT INTO conversations (customer_id, channel, chat, created_at)
    SELECT id, 'webchat', 'bench-' || id, now() FROM made
"""  # noqa: S608 - a number of ours
# A fifth was doubtful, over thirty days; nothing repeats itself, which is the dearest case for comparing.
_TURNS: Final = """
    WITH places AS (SELECT array_agg(id ORDER BY id) AS ids FROM conversations WHERE chat LIKE 'bench-%%'),
    made AS (
        INSERT INTO turns (
            conversation_id, opened_at, closed_at, outcome, intent, confidence, model_id, reading, to_review
        )
        SELECT ids[1 + n %% array_length(ids, 1)], now(), now() - random() * interval '30 days', 'answered',
            (ARRAY['greet', 'parking', 'address', 'product_price', 'warranty'])[1 + n %% 5], 0.5, 'bench',
            CASE WHEN n %% 5 = 0
                THEN '{"ranking": [["greet", 0.5], ["thank", 0.45]], "in_scope": 0.9, "decision": "ask"}'::jsonb
                ELSE '{"ranking": [["greet", 0.9], ["thank", 0.05]], "in_scope": 0.9, "decision": "answer"}'::jsonb
            END, n %% 5 = 0
        FROM places, generate_series(%(first)s::int, %(last)s::int) n
        RETURNING id, conversation_id, closed_at
    )
    INSERT INTO messages (conversation_id, turn_id, direction, author, kind, text, created_at)
    SELECT conversation_id, id, 'inbound', 'customer', 'text',
        'câu hỏi thứ ' || id || ' về hàng ' || md5(id::text) || ' giao trước ' || (id %% 28 + 1) || ' giờ', closed_at
    FROM made
"""


@dataclass(frozen=True, kw_only=True)
class Page:
    """Somebody who leads, logged in at the console's doors. ``postmaster`` is the process of the database server."""

    house: House
    session: aiohttp.ClientSession
    url: str
    postmaster: int

    async def get(self, path: str) -> bytes:
        """Read a door to its end."""
        async with self.session.get(f"{self.url}{path}") as response:
            response.raise_for_status()
            return await response.read()


Scene = Callable[[Page], Awaitable[object]]


async def _queue(page: Page) -> object:
    return await page.get("/api/teach/queue")


async def _examples(page: Page) -> object:
    return await page.get("/api/teach/examples")


SCENES: Final[Mapping[str, tuple[str, Scene]]] = {
    "queue": ("mở hàng đợi xem lại", _queue),
    "examples": ("mở danh sách đã dạy", _examples),
}


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Milliseconds of one scene: the first look, when nothing is warm, and those that follow."""

    scene: str
    first: float
    median: float
    worst: float
    cpu: float
    """The median of processor time, the database's too: what a look costs when other processes are busy."""


def run(*, messages: int, as_json: bool) -> int:
    """Measure, print, and return 0 if the queue opens within the budget, in processor time."""
    found = asyncio.run(_measure(messages))
    machine = f"{platform.machine()}, {os.cpu_count()} lõi, Python {platform.python_version()}"
    load_now = round(os.getloadavg()[0], 2)
    if as_json:
        rows = [asdict(one) for one in found]
        say_json({"budget_ms": BUDGET_MS, "messages": messages, "machine": machine, "load": load_now, "rounds": rows})
    else:
        _show(found, messages)
        Console().print(f"Máy: {machine}; tải lúc đo: {load_now}")
    return 0 if all(one.cpu < BUDGET_MS for one in found if one.scene == "queue") else 1


async def _measure(messages: int) -> list[Figures]:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="letan-bench-")))
        server = await stack.enter_async_context(EmbeddedPostgres(folder, tell=tell))
        await asyncio.to_thread(migrate, server.dsn())
        await asyncio.to_thread(_fill, server.dsn(), messages)
        postmaster = int((server.cluster / "postmaster.pid").read_text(encoding="utf-8").split()[0])
        page = await stack.enter_async_context(_opened(server.dsn(), folder, postmaster))
        return [await _timed(name, scene, page) for name, (_, scene) in SCENES.items()]


def _fill(dsn: str, messages: int) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(_PEOPLE)
        for first in range(1, messages + 1, CHUNK):
            last = min(first + CHUNK - 1, messages)
            connection.execute(_TURNS, {"first": first, "last": last})
            tell(f"{last} / {messages} tin nhắn")
        # What the server does by itself in the hours in which so many messages come.
        connection.execute("VACUUM ANALYZE")


@asynccontextmanager
async def _opened(dsn: str, folder: Path, postmaster: int) -> AsyncIterator[Page]:
    """Serve on loopback, and log somebody in."""
    settings = Settings(data=folder, database_url=SecretStr(dsn))
    email, password = "bench@letan.vn", secrets.token_urlsafe(24)
    jar = aiohttp.CookieJar(unsafe=True)
    async with (
        opened(settings, load(ROOT / "company.yml")) as running,
        aiohttp.ClientSession(cookie_jar=jar) as session,
    ):
        runner = web.AppRunner(build(running.house), access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            host, port = runner.addresses[0][:2]
            address = f"http://{host}:{port}"
            page = Page(house=running.house, session=session, url=address, postmaster=postmaster)
            await running.house.accounts.add(
                email=email, name="Người đo", role=RoleId.MANAGER, departments=(), password=password, on_duty=False
            )
            async with session.post(f"{page.url}/api/session", json={"email": email, "password": password}) as response:
                response.raise_for_status()
            yield page
        finally:
            await runner.cleanup()


async def _timed(name: str, scene: Scene, page: Page) -> Figures:
    took, cpu = [], []
    for _ in range(LOOKS + 1):
        begun, used = time.perf_counter(), _processor(page.postmaster)
        await scene(page)
        took.append((time.perf_counter() - begun) * 1000)
        cpu.append((_processor(page.postmaster) - used) * 1000)
    first, *others = took
    return Figures(
        scene=name,
        first=round(first, 1),
        median=round(median(others), 1),
        worst=round(max(others), 1),
        cpu=round(median(cpu[1:]), 1),
    )


def _processor(postmaster: int) -> float:
    """Return the processor seconds of this process and of the server's, those that ended aside."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended while we looked
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            if postmaster in (int(fields[1]), int(stat.parent.name)):
                ticks += int(fields[11]) + int(fields[12])
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def _show(figures: list[Figures], messages: int) -> None:
    table = Table(title=f"Trang dạy trợ lý với {messages} tin nhắn đã lưu (ngân sách {BUDGET_MS:g} ms)")
    for column in ("việc", "lần đầu ms", "trung vị ms", "chậm nhất ms", "CPU ms"):
        table.add_column(column, justify="left" if column == "việc" else "right")
    for one in figures:
        times = (f"{value:.1f}" for value in (one.first, one.median, one.worst, one.cpu))
        table.add_row(SCENES[one.scene][0], *times)
    Console().print(table)
