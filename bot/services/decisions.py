"""What people decided on messages, as it is told: what holds now, and who said otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.teaching.examples import Example
from bot.services.ports_review import Objection
from bot.services.ports_teach import Decision
from bot.services.refusals import NotNow

TEACHING: Final = "teaching"
"""The kind of the live events of teaching: somebody decided something, or a training went on."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """Who said what of a text; without a person, the developers' files do."""

    label: str | None
    staff_id: int | None = None
    at: datetime | None = None
    message_id: int | None = None
    example_id: int | None = None


class SaidOtherwise(NotNow):
    """Somebody said something else of the same text; ``said`` tells who and what, so that one can go and ask."""

    code = "conflict"

    def __init__(self, explanation: str, said: Sequence[Said]) -> None:
        super().__init__(explanation)
        self.said = tuple(said)


@dataclass(frozen=True, kw_only=True)
class Decided:
    """What holds of a message now. ``examples`` are what it teaches; ``disputed`` is set while two people disagree."""

    message_id: int
    label: str | None
    examples: tuple[Example, ...] = ()
    undone: bool = False
    disputed: bool = False


def said_of(decision: Decision | None, objection: Objection | None) -> tuple[Said, ...]:
    """Return who said what of a message, the first one first."""
    said = []
    if decision is not None:
        said.append(
            Said(
                label=decision.label,
                staff_id=decision.staff_id,
                at=decision.at,
                message_id=decision.message_id,
                example_id=decision.example_id,
            )
        )
    if objection is not None:
        message_id = objection.message_id
        said.append(Said(label=objection.label, staff_id=objection.staff_id, at=objection.at, message_id=message_id))
    return tuple(said)


def told(said: Sequence[Said], names: Mapping[int, str]) -> str:
    """Say it for the person who is refused."""
    return ", ".join(_told(one, names) for one in said)


def _told(said: Said, names: Mapping[int, str]) -> str:
    if said.staff_id is None:
        return f"mẫu có sẵn của “{said.label}”"
    by = names.get(said.staff_id, "một đồng nghiệp")
    return f"{by} đã bỏ qua" if said.label is None else f"{by} đã gắn “{said.label}”"
