"""What a person needs to know before speaking: put together from what was said and stored, with no invented word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.cases import CaseState


class Mood(StrEnum):
    """How the customer sounds, read from words; what is not heard is calm."""

    ANGRY = "angry"
    URGENT = "urgent"
    THANKFUL = "thankful"
    CALM = "calm"


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One collected detail: the name under which it is stored, and its value as text."""

    name: str
    value: str


@dataclass(frozen=True, kw_only=True)
class PastCase:
    """An earlier case of this customer. ``owner_id`` is who had it last."""

    code: str
    department: str
    state: CaseState
    summary: str
    opened_at: datetime
    owner_id: int | None


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """Words that answered this need before. ``code`` is the resolved case they are from, ``None``: the assistant."""

    text: str
    code: str | None


@dataclass(frozen=True, kw_only=True)
class HandoffSummary:
    """The page that is handed over with a case. ``need`` and ``said_by_bot`` are quotations, oldest first.

    ``mood_said`` is the sentence in which the mood was heard, "" where it is calm.
    """

    need: tuple[str, ...]
    collected: tuple[Fact, ...]
    mood: Mood
    mood_said: str
    said_by_bot: tuple[str, ...]
    history: tuple[PastCase, ...]
    suggestion: Suggestion | None
