"""What a turn comes to: texts with buttons, outcomes for the front office, and what to remember."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from actions.memory import Memory
from bot.domain.company import Priority


@dataclass(frozen=True, slots=True)
class Handoff:
    """A case to open with a department; `summary` and `collected` are for staff and therefore in Vietnamese."""

    department: str
    reason: str
    summary: str
    priority: Priority
    collected: dict[str, str]
    address: dict[str, str]
    """What the customer is called, and what we call ourselves (`you`, `me`): for sentences of the front office."""
    call_at: datetime | None = None
    """When the customer wants to be called."""
    reopens: str | None = None
    """Code of the case that is opened again."""

    def outcome(self) -> dict[str, Any]:
        """Return it in the words of the contract with the front office."""
        called = {"call_at": self.call_at.isoformat()} if self.call_at is not None else {}
        again = {"reopens": self.reopens} if self.reopens is not None else {}
        return {
            "handoff": {
                "department": self.department,
                "reason": self.reason,
                "summary": self.summary,
                "priority": str(self.priority),
                "collected": self.collected,
                "address": self.address,
                **called,
                **again,
            }
        }


@dataclass(frozen=True, slots=True)
class Reply:
    """The decision of one turn. `memory` replaces what was remembered before."""

    memory: Memory
    texts: Sequence[str] = ()
    buttons: Sequence[str] = ()
    outcomes: Sequence[dict[str, Any]] = field(default_factory=tuple)

    def messages(self) -> list[dict[str, Any]]:
        """Return the texts, buttons below the last; a button sends its title, so typing the title does the same."""
        shown: list[dict[str, Any]] = [{"text": text, "buttons": []} for text in self.texts]
        if shown and self.buttons:
            shown[-1]["buttons"] = [{"title": title, "payload": title} for title in self.buttons]
        return shown


def answered_by(department: str) -> dict[str, Any]:
    """Return the outcome of a turn that the bot settled: the department that owns the answer."""
    return {"department": department}
