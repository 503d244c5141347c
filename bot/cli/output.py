"""How commands speak: results to standard output, progress and reasons to standard error."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO


class Failure(Exception):
    """The command failed for a reason that a person can act on; the text says what to do, in Vietnamese. Exit 1."""


def say(text: str = "") -> None:
    """Print one line of the result."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def say_json(value: object) -> None:
    """Print one line of JSON, readable by people too."""
    say(json.dumps(value, ensure_ascii=False))


def tell(text: str) -> None:
    """Say something that is not the result."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


class Step:
    """One long step under way."""

    def __init__(self, screen: TextIO, title: str, *, redraw: bool) -> None:
        self._screen = screen
        self._title = title
        self._redraw = redraw
        self._last = 0.0

    def update(self, doing: str) -> None:
        """Say what the step is at. Where lines cannot be redrawn, only now and then."""
        if self._redraw:
            self._screen.write(f"\r\033[K{self._title}: {doing}")
            self._screen.flush()
        elif time.monotonic() - self._last >= 5:
            self._last = time.monotonic()
            tell(f"{self._title}: {doing}")


class Steps:
    """Numbered long steps: what, and how long it took."""

    def __init__(self, total: int, screen: TextIO | None = None) -> None:
        """Expect so many steps."""
        self._screen = screen or sys.stderr
        self._total = total
        self._number = 0

    @contextmanager
    def step(self, what: str) -> Iterator[Step]:
        """Show the step while the block runs."""
        self._number += 1
        title = f"[{self._number}/{self._total}] {what}"
        redraw = self._screen.isatty()
        self._screen.write(f"{title} …" if redraw else f"{title} …\n")
        self._screen.flush()
        begun = time.monotonic()
        done = False
        try:
            yield Step(self._screen, title, redraw=redraw)
            done = True
        finally:
            start = "\r\033[K" if redraw else ""
            took = f"{time.monotonic() - begun:.1f} giây"
            self._screen.write(f"{start}{title}: {'xong' if done else 'không xong'}, {took}\n")
            self._screen.flush()
