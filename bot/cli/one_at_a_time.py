"""One `up` a data directory."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.adapters.processes.spec import CannotStart


class Busy(Exception):
    """Lễ Tân already runs on this data directory; the text says where, in Vietnamese."""


@contextmanager
def only_one(data: Path, address: str) -> Iterator[None]:
    """Hold the data directory for one `up`, and leave word where it answers. The kernel frees it when we die.

    Raises:
        Busy: another one holds it.
        CannotStart: the directory cannot be made or written.
    """
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(data / "up.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise CannotStart(f"Không ghi được vào thư mục dữ liệu {data}: {error.strerror}.") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        word = os.read(handle, 500).decode("utf-8", "replace").strip()
        os.close(handle)
        raise Busy(
            f"Lễ Tân đang chạy với dữ liệu {data} ({word}). "
            "Hãy dừng nó trước, hoặc chạy bản thứ hai với --data và --port khác."
        ) from error
    try:
        os.ftruncate(handle, 0)
        os.write(handle, f"{address}, pid {os.getpid()}\n".encode())
        yield
    finally:
        os.close(handle)
