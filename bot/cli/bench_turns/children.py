"""The processes that are measured: started for the run, asked until they answer, ended with it."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from bot.adapters.processes.place import ROOT
from bot.cli.output import Failure

START_SECONDS = 180.0


@asynccontextmanager
async def child(
    name: str,
    command: Sequence[str],
    *,
    env: Mapping[str, str],
    log: Path,
    probe: Callable[[], Awaitable[bool]],
    cwd: Path = ROOT,
) -> AsyncIterator[int]:
    """Run a process for the length of the block; gives its pid once it answers its probe."""
    with log.open("wb") as written:
        process = await asyncio.create_subprocess_exec(
            *command, cwd=cwd, env=dict(env), stdout=written, stderr=written, start_new_session=True
        )
    try:
        await _ready(name, process, log, probe)
        yield process.pid
    finally:
        await _end(process)


async def _ready(
    name: str, process: asyncio.subprocess.Process, log: Path, probe: Callable[[], Awaitable[bool]]
) -> None:
    try:
        async with asyncio.timeout(START_SECONDS):
            while not await probe():
                if process.returncode is not None:
                    raise Failure(f"{name} dừng ngay khi khởi động:\n{_tail(log)}")
                await asyncio.sleep(0.3)
    except TimeoutError as error:
        raise Failure(f"{name} không sẵn sàng sau {START_SECONDS:.0f} giây:\n{_tail(log)}") from error


async def _end(process: asyncio.subprocess.Process) -> None:
    """End the whole process group: Rasa may have started children of its own."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        if process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), 5.0)


def _tail(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")[-2000:]


def resident_mib(pid: int) -> float:
    """Resident memory of a process, in MiB."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0
