"""Faults in a file that a business edits by hand: all of them at once, each with its line."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple


class Fault(NamedTuple):
    """One thing to correct: a line counted from 1, and a Vietnamese sentence for the person editing the file."""

    line: int
    message: str


class FileFaults(Exception):
    """The file cannot be used as it stands. Nothing of it was taken over; the person editing it must correct it."""

    def __init__(self, path: Path, faults: list[Fault]) -> None:
        self.path = path
        self.faults = sorted(faults)
        super().__init__("\n".join(f"{path.name}:{fault.line}: {fault.message}" for fault in self.faults))


class CompanyFaults(FileFaults):
    """`company.yml` has faults."""


class KnowledgeFaults(FileFaults):
    """`knowledge.yml` has faults."""


@dataclass(slots=True)
class Collector:
    """Where checks leave what they find, so that reading goes on after the first fault."""

    faults: list[Fault] = field(default_factory=list)

    def add(self, line: int, message: str) -> None:
        """Record one fault."""
        self.faults.append(Fault(line, message))
