"""Runs a program of the engine to its end, whichever way of training asks for it."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from bot.adapters.processes.child import dies_with_us
from bot.services.ports_training import TrainingFailed

FAULTS: Final = 50
"""Lines of complaint that are kept."""
TOLD: Final = frozenset({1, 2})
"""Statuses of a program that says itself what is wrong."""
CANNOT_WRITE: Final = 74
_PROGRESS: Final = "progress "


async def run(
    command: Sequence[str], *, cwd: Path, env: Mapping[str, str], heard: Callable[[str], None], given: bytes = b""
) -> list[str]:
    """Feed a program and return the lines it printed, without those of progress: `heard` is called with each of them.

    It ends with us, and when we are cancelled.

    Raises:
        TrainingFailed: it ended with another status than 0.
    """
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=cwd,
        env=dict(env),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for us; its own account of it would look like a fault
        preexec_fn=dies_with_us(os.getpid(), signal.SIGKILL),
    )
    if process.stdin is None or process.stdout is None or process.stderr is None:
        raise RuntimeError("the process has no pipes")
    try:
        lines, errors, _ = await asyncio.gather(
            _follow(process.stdout, heard), process.stderr.read(), _feed(process.stdin, given)
        )
        code = await process.wait()
    except asyncio.CancelledError:
        with suppress(ProcessLookupError):  # it has just ended by itself
            process.kill()
        await process.wait()
        raise
    if code != 0:
        complaints = [one for one in errors.decode("utf-8", "replace").splitlines() if one.strip()]
        raise TrainingFailed(complaints[-FAULTS:] if code in TOLD and complaints else [_ended(code)])
    return lines


def _ended(code: int) -> str:
    """Say how a program ended that said nothing about it; minus a signal is what killed it."""
    if code == CANNOT_WRITE:
        return "Không ghi được lên đĩa, có thể đĩa đã đầy. Anh/chị dọn bớt rồi huấn luyện lại giúp."
    if code == -signal.SIGKILL:
        return "Tiến trình bị hệ thống dừng đột ngột, có thể vì máy hết bộ nhớ. Anh/chị thử lại sau giúp."
    return f"Tiến trình dừng đột ngột (mã {code})."


async def _follow(stream: asyncio.StreamReader, heard: Callable[[str], None]) -> list[str]:
    lines: list[str] = []
    while line := (await stream.readline()).decode("utf-8", "replace").strip():
        if line.startswith(_PROGRESS):
            heard(line.removeprefix(_PROGRESS))
        else:
            lines.append(line)
    return lines


async def _feed(stream: asyncio.StreamWriter, given: bytes) -> None:
    stream.write(given)
    with suppress(ConnectionError):  # it ended before it had read everything, and its status says why
        await stream.drain()
    stream.close()
