"""How a transaction in memory is taken back: every change notes what was there before it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")

_ABSENT: Final = object()


class Journal:
    """Changes dictionaries, and changes them back.

    One that does not record is for units of work without a transaction: what they change stays changed.
    """

    __slots__ = ("_recording", "_undo")

    def __init__(self, *, recording: bool) -> None:
        self._recording = recording
        self._undo: list[tuple[dict[Any, Any] | None, Any, Any]] = []

    def put(self, table: dict[Key, Value], key: Key, value: Value) -> None:
        """Set an entry."""
        if self._recording:
            self._undo.append((table, key, table.get(key, _ABSENT)))
        table[key] = value

    def drop(self, table: dict[Key, Value], key: Key) -> None:
        """Remove an entry, if it is there."""
        before = table.pop(key, _ABSENT)
        if self._recording and before is not _ABSENT:
            self._undo.append((table, key, before))

    def on_undo(self, action: Callable[[], object]) -> None:
        """Have something done when everything up to here is taken back."""
        if self._recording:
            self._undo.append((None, action, None))

    def forget(self) -> None:
        """Let the changes stand."""
        self._undo.clear()

    def undo(self) -> None:
        """Take every change back, the latest first."""
        for table, key, before in reversed(self._undo):
            if table is None:
                key()
            elif before is _ABSENT:
                table.pop(key, None)
            else:
                table[key] = before
        self._undo.clear()


class Index:
    """Which ids belong to a key. Reading gives them in ascending order, which is the order in which they were made."""

    __slots__ = ("_ids",)

    def __init__(self) -> None:
        self._ids: dict[Any, dict[int, None]] = {}

    def add(self, journal: Journal, key: object, one: int) -> None:
        """Put an id under a key."""
        ids = self._ids.get(key)
        if ids is None:
            # An empty set that outlives a rollback says the same as none.
            ids = self._ids[key] = {}
        journal.put(ids, one, None)

    def drop(self, journal: Journal, key: object, one: int) -> None:
        """Take an id from a key, if it is there."""
        ids = self._ids.get(key)
        if ids is not None:
            journal.drop(ids, one)

    def move(self, journal: Journal, before: object, after: object, one: int) -> None:
        """Put an id under another key; ``None`` is no key at all."""
        if before == after:
            return
        if before is not None:
            self.drop(journal, before, one)
        if after is not None:
            self.add(journal, after, one)

    def of(self, key: object) -> list[int]:
        """Return the ids of a key, ascending."""
        ids = self._ids.get(key)
        return sorted(ids) if ids else []

    def first(self, key: object) -> int | None:
        """Return the oldest id of a key."""
        ids = self._ids.get(key)
        return min(ids) if ids else None

    def count(self, key: object) -> int:
        """Return how many ids a key has."""
        return len(self._ids.get(key, ()))

    def counts(self) -> dict[Any, int]:
        """Return how many ids each key has; keys without any are left out."""
        return {key: len(ids) for key, ids in self._ids.items() if ids}

    def forget(self, key: object) -> None:
        """Drop a key for good, outside any transaction."""
        self._ids.pop(key, None)

    def sweep(self) -> None:
        """Drop the keys that have no ids left, outside any transaction."""
        for key in [one for one, ids in self._ids.items() if not ids]:
            del self._ids[key]
