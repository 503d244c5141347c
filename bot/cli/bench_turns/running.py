"""The measurement: both systems at once on this machine, the same actions, rounds that take turns."""

from __future__ import annotations

import asyncio
import secrets
import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
import orjson

from bot.adapters.engine import HttpEngine
from bot.adapters.processes.ports import free_port
from bot.adapters.processes.probes import answers_http
from bot.adapters.processes.spec import ChildSpec
from bot.adapters.training.models import Model
from bot.cli import parts
from bot.cli.bench_turns import report, stock
from bot.cli.bench_turns.children import child, resident_mib
from bot.cli.bench_turns.load import FACTS, TEXTS, Sample, Talk, paced, saturated
from bot.cli.model_files import ensure
from bot.cli.output import Steps
from bot.cli.started import data_directory
from bot.services.ports_engine import EngineRequest, EngineUnavailable

ROUNDS = 3
_STOCK_SECONDS = 60.0
_numbers = count(1)


@dataclass
class System:
    """One of the two that are compared."""

    name: str
    pid: int
    talk: Callable[[], Talk]
    saturated: Sample = field(default_factory=Sample)
    paced: Sample = field(default_factory=Sample)
    memory_mib: float = 0.0


class _OurTalk:
    """A conversation with our engine, through the client that the front office uses."""

    def __init__(self, engine: HttpEngine) -> None:
        self._engine = engine
        self._name = f"bench-{next(_numbers)}"
        self._dialogue: Any = None

    async def say(self, text: str) -> bool:
        request = EngineRequest(
            conversation=self._name,
            message_id=f"m-{next(_numbers)}",
            text=text,
            dialogue=self._dialogue,
            facts=FACTS,
        )
        try:
            answer = await self._engine.turn(request)
        except EngineUnavailable:
            return False
        self._dialogue = answer.dialogue
        return True


class _StockTalk:
    """A conversation with stock Rasa over its rest channel. An empty list is Rasa's way of failing."""

    def __init__(self, session: aiohttp.ClientSession, port: int) -> None:
        self._session = session
        self._address = f"http://127.0.0.1:{port}/webhooks/rest/webhook"
        self._name = f"bench-{next(_numbers)}"

    async def say(self, text: str) -> bool:
        body = orjson.dumps({"sender": self._name, "message": text, "metadata": FACTS})
        headers = {"Content-Type": "application/json"}
        try:
            async with self._session.post(self._address, data=body, headers=headers) as response:
                return response.status == 200 and bool(orjson.loads(await response.read()))
        except (aiohttp.ClientError, TimeoutError):
            return False


class _AnyIntent(frozenset[str]):
    """Here every intent is welcome: what is measured is time."""

    def __contains__(self, item: object) -> bool:
        return True


def run(vs_stock: bool, seconds: int, json: bool) -> int:
    """Measure and print; 1 when our engine failed a turn. Raises Failure where nothing could be measured."""
    result = asyncio.run(measure(vs_stock=vs_stock, seconds=seconds))
    report.show(result, as_json=json)
    return 1 if result["ours"]["saturated"]["failed"] or result["ours"]["paced"]["failed"] else 0


async def measure(*, vs_stock: bool, seconds: int) -> dict[str, Any]:
    """Start everything, measure in alternating rounds of ``seconds``, and return the figures (see `report.figures`)."""
    steps = Steps(4 if vs_stock else 2)
    data = data_directory()
    with steps.step("Mô hình của Lễ Tân") as step:
        ours, _ = await ensure(data, step.update)
    stock_model = None
    if vs_stock:
        with steps.step("Mô hình của Rasa nguyên bản (lần đầu mất vài phút)") as step:
            stock_model = await stock.model(data, step.update)
    async with AsyncExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="letan-bench-")))
        session = await stack.enter_async_context(
            aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=_STOCK_SECONDS), connector=aiohttp.TCPConnector(limit=200)
            )
        )
        where = parts.Addresses(
            host="127.0.0.1",
            port=0,
            engine_port=free_port(),
            actions_port=free_port(),
            engine_token=secrets.token_urlsafe(24),
        )
        await start(stack, parts.actions(where), directory)
        systems = [await our_system(stack, where, ours, directory, session)]
        if stock_model is not None:
            with steps.step("Khởi động Rasa nguyên bản"):
                systems.append(await _stock(stack, where, stock_model, directory, session))
        with steps.step("Đo") as step:
            await _rounds(systems, seconds, step.update)
        for system in systems:
            system.memory_mib = resident_mib(system.pid)
    return report.figures(systems, seconds, ours.id)


async def start(stack: AsyncExitStack, spec: ChildSpec, directory: Path) -> int:
    """Start a part of the product for as long as the stack is open, and return its process id once it answers."""
    running = child(
        spec.label, spec.command, env=spec.env, log=directory / f"{spec.name}.log", probe=spec.probe, cwd=spec.cwd
    )
    return await stack.enter_async_context(running)


async def our_system(
    stack: AsyncExitStack, where: parts.Addresses, model: Model, directory: Path, session: aiohttp.ClientSession
) -> System:
    """Start our engine with a model."""
    pid = await start(stack, parts.engine(where, model), directory)
    engine = HttpEngine(
        session,
        f"http://127.0.0.1:{where.engine_port}",
        where.engine_token,
        known_intents=_AnyIntent(),
        turn_seconds=_STOCK_SECONDS,
    )
    return System("Lễ Tân", pid, lambda: _OurTalk(engine))


async def _stock(
    stack: AsyncExitStack, where: parts.Addresses, model: Path, directory: Path, session: aiohttp.ClientSession
) -> System:
    port = free_port()
    command, env = stock.serve_command(model, port, where.actions_port, directory)
    running = child("Rasa", command, env=env, log=directory / "stock.log", probe=answers_http(port, "/"), cwd=directory)
    pid = await stack.enter_async_context(running)
    return System("Rasa", pid, lambda: _StockTalk(session, port))


async def _rounds(systems: list[System], seconds: int, progress: Callable[[str], None]) -> None:
    for system in systems:
        warm = system.talk()
        for text in TEXTS:
            await warm.say(text)
    for number in range(ROUNDS):
        for system in systems:
            progress(f"hết công suất {number + 1}/{ROUNDS} {system.name}")
            system.saturated.add(await saturated(system.talk, seconds))
    for system in systems:
        progress(f"nhịp đều {system.name}")
        system.paced.add(await paced(system.talk, seconds))
