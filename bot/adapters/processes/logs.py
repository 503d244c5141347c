"""Log files of child processes, kept small, and the lines in them that a person should see at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

_GRAVE = re.compile(
    rb'\b(?:WARNING|ERROR|CRITICAL|FATAL|PANIC|Traceback)\b|"level":\s*"(?:warning|error|critical)"'
    rb"|\[(?:warning|error|critical)\s*\]"
)
_LONGEST_LINE = 4_000


class RotatingLog:
    """Appends to a file and keeps a few old ones beside it. A full disk loses lines, never the process that writes."""

    def __init__(self, path: Path, *, limit: int = 10_000_000, keep: int = 3) -> None:
        self.path = path
        self.lost = 0
        """Bytes that could not be written."""
        self._limit = limit
        self._keep = keep
        self._size = path.stat().st_size if path.exists() else 0

    def write(self, chunk: bytes) -> None:
        """Append, and begin a new file when this one has become too large."""
        try:
            if self._size + len(chunk) > self._limit and self._size:
                self._rotate()
            with self.path.open("ab") as file:
                file.write(chunk)
            self._size += len(chunk)
        except OSError:
            self.lost += len(chunk)

    def tail(self, lines: int = 15) -> list[str]:
        """Return the last lines, for an error message."""
        try:
            with self.path.open("rb") as file:
                file.seek(max(0, self.path.stat().st_size - 64_000))
                return file.read().decode("utf-8", "replace").splitlines()[-lines:]
        except FileNotFoundError:
            return []

    def _rotate(self) -> None:
        for number in range(self._keep - 1, 0, -1):
            with suppress(FileNotFoundError):
                self._old(number).rename(self._old(number + 1))
        self.path.rename(self._old(1))
        self._size = 0

    def _old(self, number: int) -> Path:
        return self.path.with_name(f"{self.path.name}.{number}")


class Announcer:
    """Cuts a stream into lines and hands on those that speak of trouble."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._rest = b""

    def feed(self, chunk: bytes) -> None:
        """Take the next piece of the stream."""
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        self._rest = self._rest[-_LONGEST_LINE:]
        for line in lines:
            if _GRAVE.search(line[:_LONGEST_LINE]):
                self._tell(line[:_LONGEST_LINE].decode("utf-8", "replace").strip())
