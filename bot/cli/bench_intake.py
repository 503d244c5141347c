"""`./letan bench intake`: how fast a webhook is acknowledged, engine up and down, and how fast the bot answers.

Everything runs for real, in processes of its own: PostgreSQL, engine, action server, front office. Only Telegram is a
local server, which notes when an answer reaches it. Each message comes from another chat, since a channel paces chats.
"""

from __future__ import annotations

import asyncio
import os
import platform
import secrets
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

import aiohttp
from aiohttp import web
from rich.console import Console
from rich.table import Table

from bot.adapters.clock import SystemClock
from bot.adapters.db.embedded import EmbeddedPostgres
from bot.adapters.db.migrate import migrate
from bot.adapters.processes.keeper import Keeper
from bot.adapters.processes.ports import free_port
from bot.adapters.processes.supervisor import Supervisor
from bot.adapters.training.models import Model
from bot.cli import parts
from bot.cli.model_files import ensure
from bot.cli.output import say_json, tell
from bot.cli.started import data_directory

TEXTS = (
    "cho em hỏi mấy giờ mở cửa",
    "shop o dau vay a",
    "em muốn xuất hoá đơn đỏ cho công ty",
    "giá tủ lạnh 300 lít bao nhiêu",
    "đơn hàng của tôi tới đâu rồi",
    "tks shop nhé",
    "lam the thanh vien can gi",
    "wifi o cua hang bi gi ma cham qua",
)
SECRET = "bench_secret"  # noqa: S105 - of a server that lives as long as the measurement


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Milliseconds over one round."""

    name: str
    rate: float
    count: int
    failed: int
    p50: float
    p95: float
    p99: float
    worst: float


@dataclass
class Sink:
    """A Telegram that takes everything at once and notes when."""

    arrived: dict[str, float] = field(default_factory=dict)
    number: int = 0

    async def call(self, request: web.Request) -> web.Response:
        """Answer any method of the Bot API."""
        method = request.match_info["method"]
        if method != "sendMessage":
            return web.json_response({"ok": True, "result": True})
        form = await request.post()
        chat = str(form["chat_id"])
        self.arrived.setdefault(chat, time.perf_counter())
        self.number += 1
        result = {"message_id": self.number, "date": 0, "chat": {"id": int(chat), "type": "private"}, "text": "x"}
        return web.json_response({"ok": True, "result": result})

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[str]:
        """Serve on loopback and yield the address."""
        app = web.Application()
        app.router.add_post("/bot{token}/{method}", self.call)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        try:
            yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()


def run(*, seconds: int = 20, rate: float = 50.0, as_json: bool = False) -> int:
    """Measure and print. Raises CannotStart, Failure."""
    figures, memory = asyncio.run(_measure(seconds, rate))
    machine = {"cores": os.cpu_count(), "load": os.getloadavg()[0], "python": platform.python_version()}
    if as_json:
        say_json({"rounds": [asdict(one) for one in figures], "memory_mb": memory, "machine": machine})
        return 0
    table = Table("vòng đo", "tin/giây", "số tin", "hỏng", "p50 ms", "p95 ms", "p99 ms", "chậm nhất ms")
    for one in figures:
        values = (one.p50, one.p95, one.p99, one.worst)
        table.add_row(one.name, f"{one.rate:g}", str(one.count), str(one.failed), *(f"{value:.1f}" for value in values))
    console = Console()
    console.print(table)
    console.print(f"Bộ nhớ (PSS) mọi tiến trình: {sum(memory.values()):.0f} MB {memory}")
    console.print(f"Máy: {machine['cores']} nhân, tải {machine['load']:.1f}, Python {machine['python']}")
    return 0


async def _measure(seconds: int, rate: float) -> tuple[list[Figures], dict[str, float]]:
    model, _ = await ensure(data_directory(), tell)
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="letan-bench-")))
        sink = Sink()
        telegram = await stack.enter_async_context(sink.serve())
        url, engine, keepers = await stack.enter_async_context(_house(folder, model, telegram))
        session = await stack.enter_async_context(aiohttp.ClientSession())
        door = f"{url}/webhooks/telegram"
        await _round(session, door, sink, 10, 40, "khởi động")
        figures = [
            await _round(session, door, sink, rate, int(rate * seconds), "nhận tin, máy hiểu chạy"),
            *await _answers(session, door, sink, 20.0, 20 * seconds),
        ]
        memory = {keeper.spec.name: await asyncio.to_thread(_pss, keeper) for keeper in keepers}
        await engine.stop()
        figures.append(await _round(session, door, sink, rate, int(rate * seconds), "nhận tin, máy hiểu tắt"))
        return figures, memory


@asynccontextmanager
async def _house(folder: Path, model: Model, telegram: str) -> AsyncIterator[tuple[str, Keeper, list[Keeper]]]:
    where = parts.Addresses(
        host="127.0.0.1",
        port=free_port(),
        engine_port=free_port(),
        actions_port=free_port(),
        engine_token=secrets.token_urlsafe(32),
    )
    database = EmbeddedPostgres(folder)
    await database.initialise()
    supervisor = Supervisor(folder, now=SystemClock().now, changed=lambda _: None, trouble=lambda _, __: None)
    try:
        first = supervisor.start(database.spec())
        await supervisor.until_ready(first)
        await database.ensure_database()
        await asyncio.to_thread(migrate, database.dsn())
        settings = {
            "LETAN_DATA": str(folder),
            "LETAN_DATABASE_URL": database.dsn(),
            "LETAN_TELEGRAM_TOKEN": "1:bench",
            "LETAN_TELEGRAM_API": telegram,
            "LETAN_TELEGRAM_MODE": "webhook",
            "LETAN_TELEGRAM_SECRET": SECRET,
            "LETAN_PUBLIC_URL": "https://bench.invalid",
        }
        actions, engine = supervisor.start(parts.actions(where)), supervisor.start(parts.engine(where, model))
        front = supervisor.start(parts.front(where, settings))
        for keeper in (actions, engine, front):
            await supervisor.until_ready(keeper)
        yield f"http://127.0.0.1:{where.port}", engine, [first, actions, engine, front]
    finally:
        await supervisor.stop(["front"], ["engine", "actions"], ["database"])
        database.release()


_chats = iter(range(1_000_000, 9_000_000))


async def _post(session: aiohttp.ClientSession, door: str, chat: int) -> float | None:
    """Deliver one update; returns the seconds until it was acknowledged, ``None`` when it was not."""
    update = {
        "update_id": chat,
        "message": {
            "message_id": 1,
            "date": int(time.time()),
            "chat": {"id": chat, "type": "private", "first_name": "Khách"},
            "from": {"id": chat, "is_bot": False, "first_name": "Khách"},
            "text": TEXTS[chat % len(TEXTS)],
        },
    }
    started = time.perf_counter()
    async with session.post(door, json=update, headers={"X-Telegram-Bot-Api-Secret-Token": SECRET}) as response:
        await response.read()
        return time.perf_counter() - started if response.status == 200 else None


async def _paced(
    session: aiohttp.ClientSession, door: str, rate: float, count: int
) -> list[tuple[int, float, float | None]]:
    """Send on a fixed schedule, however slow the answers are; returns chat, start and acknowledgement of each."""
    begun = time.perf_counter()

    async def one(index: int) -> tuple[int, float, float | None]:
        await asyncio.sleep(max(0.0, begun + index / rate - time.perf_counter()))
        chat, started = next(_chats), time.perf_counter()
        return chat, started, await _post(session, door, chat)

    return await asyncio.gather(*(one(index) for index in range(count)))


async def _round(session: aiohttp.ClientSession, door: str, sink: Sink, rate: float, count: int, name: str) -> Figures:
    sent = await _paced(session, door, rate, count)
    await _arrived(sink, [chat for chat, _, _ in sent])
    return _figures(name, rate, [taken for _, _, taken in sent])


async def _answers(session: aiohttp.ClientSession, door: str, sink: Sink, rate: float, count: int) -> list[Figures]:
    sent = await _paced(session, door, rate, count)
    await _arrived(sink, [chat for chat, _, _ in sent])
    answers = [sink.arrived[str(chat)] - started if str(chat) in sink.arrived else None for chat, started, _ in sent]
    return [_figures("bot trả lời, tới kênh", rate, answers)]


async def _arrived(sink: Sink, chats: Sequence[int], limit: float = 60.0) -> None:
    end = time.perf_counter() + limit
    while any(str(chat) not in sink.arrived for chat in chats) and time.perf_counter() < end:
        await asyncio.sleep(0.1)


def _figures(name: str, rate: float, seconds: Sequence[float | None]) -> Figures:
    good = sorted(one * 1000 for one in seconds if one is not None)

    def at(share: float) -> float:
        return round(good[min(len(good) - 1, int(len(good) * share))], 2) if good else float("nan")

    return Figures(
        name=name,
        rate=rate,
        count=len(seconds),
        failed=len(seconds) - len(good),
        p50=at(0.5),
        p95=at(0.95),
        p99=at(0.99),
        worst=at(1.0),
    )


def _pss(keeper: Keeper) -> float:
    """Proportional set size in MB of a part and its children: shared pages count once over all processes."""
    pid = keeper.status().pid
    return sum(map(_pss_of, _family(pid))) if pid is not None else 0.0


def _family(pid: int) -> list[int]:
    found = [pid]
    for thread in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in thread.read_text().split():
            found += _family(int(child))
    return found


def _pss_of(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        # A helper process of the database has ended since it was listed.
        return 0.0
    return next((float(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)


if __name__ == "__main__":
    sys.exit(run(as_json="--json" in sys.argv))
