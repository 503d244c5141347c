"""One training at a time in a data directory, whoever starts it: the console, the shell, or the first start."""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

_LOOK_SECONDS: Final = 0.2


@asynccontextmanager
async def alone(data: Path) -> AsyncIterator[None]:
    """Hold the lock of a data directory; a second one waits. It goes with the process, however that ends."""
    folder = data / "models"
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        while not _locked(handle):  # a lock that blocks would keep us from hearing that we are to stop
            await asyncio.sleep(_LOOK_SECONDS)
        yield
    finally:
        os.close(handle)


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
