"""What a PostgreSQL server leaves behind when it, or we, were killed.

A `postmaster.pid` whose number now belongs to some other program keeps a new server from starting; one whose server is
still dying makes it fail. Both are settled by looking which processes really work inside the directory.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from bot.adapters.processes.spec import CannotStart

_LADDER = ((signal.SIGINT, 5.0), (signal.SIGQUIT, 3.0), (signal.SIGKILL, 2.0))
"""Fast shutdown, immediate shutdown, the end; with the seconds each is given."""


async def clear_leftovers(cluster: Path, *, tell: Callable[[str], None]) -> None:
    """End every server process that still works in this directory and remove its `postmaster.pid`.

    Only the holder of the directory's lock may call this: the processes found are then nobody's.

    Raises:
        CannotStart: a process does not go away even by SIGKILL.
    """
    left = _workers(cluster)
    if left:
        await _until_gone(cluster, 0.5)  # after a kill the others notice by themselves
        left = _workers(cluster)
    for number, seconds in _LADDER if left else ():
        tell(f"Đang dừng máy chủ cơ sở dữ liệu còn sót lại (pid {', '.join(map(str, left))}).")
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, number)
        if await _until_gone(cluster, seconds):
            break
        left = _workers(cluster)
    else:
        if left:
            raise CannotStart(f"Không dừng được tiến trình PostgreSQL cũ (pid {', '.join(map(str, left))}).")
    for name in ("postmaster.pid", ".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
        (cluster / name).unlink(missing_ok=True)


async def _until_gone(cluster: Path, seconds: float) -> bool:
    end = asyncio.get_running_loop().time() + seconds
    while _workers(cluster):
        if asyncio.get_running_loop().time() > end:
            return False
        await asyncio.sleep(0.05)
    return True


def _workers(cluster: Path) -> list[int]:
    """Return the PostgreSQL processes whose working directory is this one; they never leave it."""
    place = cluster.stat()
    found = []
    for process in Path("/proc").iterdir():
        if not process.name.isdigit():
            continue
        try:
            works_in = (process / "cwd").stat()
            name = (process / "comm").read_text().strip()
        except OSError:
            continue  # another user's, or gone meanwhile
        if (works_in.st_dev, works_in.st_ino) == (place.st_dev, place.st_ino) and name.startswith("postgres"):
            found.append(int(process.name))
    return found
