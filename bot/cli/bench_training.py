"""`./letan bench training`: what a training beside them costs the customers' turns.

It is paused and let go on again from round to round, so that both kinds of rounds meet the same machine.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import aiohttp

from bot.adapters.processes.child import dies_with_us
from bot.adapters.processes.place import ENGINE_PYTHON, ROOT, bare_environment
from bot.adapters.processes.ports import free_port
from bot.adapters.training.trainer import NICEST
from bot.cli import parts
from bot.cli.bench_turns.load import TEXTS, Sample, paced
from bot.cli.bench_turns.running import System, our_system, start
from bot.cli.model_files import ensure
from bot.cli.output import Failure, Steps, say, say_json
from bot.cli.started import data_directory

ROUNDS = 4
LIMIT = 1.5
"""How many times as long as without a training the 95th percentile may be."""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Milliseconds of turns at an even pace; ``ratio`` is of the 95th percentiles.

    ``share`` is how much of one processor the training got while turns were measured beside it: on a machine that is
    busy with something else it gets little, and costs little. ``load`` is the machine's, before.
    """

    turns: int
    failed: int
    p50_alone: float
    p95_alone: float
    p50_training: float
    p95_training: float
    ratio: float
    share: float
    load: float


def run(seconds: int, as_json: bool) -> int:
    """Measure and print; 1 when turns failed or became slower than they may."""
    found = asyncio.run(measure(seconds))
    if as_json:
        say_json(asdict(found))
    else:
        say(f"Không huấn luyện: p50 {found.p50_alone:.1f} ms, p95 {found.p95_alone:.1f} ms")
        say(f"Đang huấn luyện:  p50 {found.p50_training:.1f} ms, p95 {found.p95_training:.1f} ms")
        say(f"p95 gấp {found.ratio:.2f} lần (cho phép {LIMIT}), {found.turns} lượt, {found.failed} lượt hỏng.")
        say(f"Huấn luyện được dùng {found.share:.0%} một bộ xử lý; tải máy {found.load}.")
    return 1 if found.failed or found.ratio > LIMIT else 0


async def measure(seconds: int) -> Figures:
    """Measure in alternating rounds of ``seconds`` each. Raises Failure where no turn was answered."""
    steps, load = Steps(2), os.getloadavg()[0]
    with steps.step("Mô hình") as step:
        model, _ = await ensure(data_directory(), step.update)
    alone, beside = Sample(), Sample()
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="letan-bench-")))
        session = await stack.enter_async_context(aiohttp.ClientSession())
        where = parts.Addresses(
            host="127.0.0.1",
            port=0,
            engine_port=free_port(),
            actions_port=free_port(),
            engine_token=secrets.token_urlsafe(24),
        )
        await start(stack, parts.actions(where), folder)
        system = await our_system(stack, where, model, folder, session)
        await _warm(system)
        with steps.step("Đo") as step:
            step.update("chờ huấn luyện bắt đầu")
            training = await stack.enter_async_context(_training(folder / "model.tar.gz"))
            for number in range(ROUNDS):
                step.update(f"{number + 1}/{ROUNDS}")
                training.send_signal(signal.SIGSTOP)
                alone.add(await paced(system.talk, seconds))
                training.send_signal(signal.SIGCONT)
                beside.add(await paced(system.talk, seconds))
            if training.returncode is not None:
                raise Failure("Huấn luyện xong trước khi đo xong; hãy đo ngắn hơn bằng --seconds.")
            share = _processor_seconds(training.pid) / beside.seconds
    return _figures(alone, beside, share, load)


async def _warm(system: System) -> None:
    talk = system.talk()
    for text in TEXTS:
        await talk.say(text)


@asynccontextmanager
async def _training(out: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """Train as the console does while the block runs, which begins when it has looked at its data."""
    process = await asyncio.create_subprocess_exec(
        *("nice", "-n", str(NICEST), str(ENGINE_PYTHON), "-m", "engine.train", "--project", str(ROOT)),
        *("--out", str(out)),
        cwd=ROOT,
        env=bare_environment(),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        preexec_fn=dies_with_us(os.getpid(), signal.SIGKILL),
    )
    try:
        if process.stdout is not None:
            while line := await process.stdout.readline():
                if b"load Rasa" in line:
                    break
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def _processor_seconds(pid: int) -> float:
    """Return what a process has used; it is told after the name, which may hold anything, in parentheses."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _figures(alone: Sample, beside: Sample, share: float, load: float) -> Figures:
    found = [one.percentile(percent) for one in (alone, beside) for percent in (50, 95)]
    if any(one is None for one in found):
        raise Failure("Không có lượt nào được trả lời.")
    p50_alone, p95_alone, p50_training, p95_training = (round(one or 0.0, 2) for one in found)
    return Figures(
        turns=len(alone.latencies) + len(beside.latencies),
        failed=alone.failed + beside.failed,
        p50_alone=p50_alone,
        p95_alone=p95_alone,
        p50_training=p50_training,
        p95_training=p95_training,
        ratio=round(p95_training / p95_alone, 2),
        share=round(share, 2),
        load=round(load, 1),
    )
