"""What the use cases need from the store about cases and promises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from bot.domain.cases import Case, CaseState
from bot.domain.company import Priority
from bot.domain.messages import Channel
from bot.domain.promises import Promise, PromiseKind
from bot.domain.sla import SlaClock
from bot.domain.staff import StaffMember
from bot.services.ports_desk import CaseQueries


@dataclass(frozen=True, kw_only=True)
class NewCase:
    """A case about to get its number; it waits from ``opened_at`` on."""

    code: str
    conversation_id: int
    customer_id: int
    department: str
    wanted: str
    priority: Priority
    reason: str
    summary: str
    collected: Mapping[str, Any]
    queue_number: int
    queue_day: date
    opened_at: datetime
    language: str = "vi"
    skill: str | None = None
    complaint: bool = False
    ahead: int | None = None
    serving: int | None = None
    at_once: bool = False
    wait_low: int | None = None
    wait_high: int | None = None
    sla: SlaClock | None = None


@dataclass(frozen=True, kw_only=True)
class CaseFilter:
    """Which cases a list wants; ``None`` means any. ``visible_to`` limits them to what that person may see.

    ``introduced_by``: open ones into which that person brought a colleague.
    """

    department: str | None = None
    state: CaseState | None = None
    owner_id: int | None = None
    introduced_by: int | None = None
    visible_to: StaffMember | None = None
    before: int | None = None
    limit: int = 50


@dataclass(frozen=True, kw_only=True)
class CaseRow:
    """A case as a list shows it, with what the reader needs to choose.

    ``calling_at``: since when its owner makes the call that was promised; the desk looks for it, the store does not.
    """

    case: Case
    customer_name: str | None
    channel: Channel
    owner_name: str | None
    due_at: datetime | None
    last_text: str
    last_at: datetime
    calling_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class QueueLook:
    """How a queue stands: open cases by state, since when its first one waits, and how many wait past their date.

    ``resting`` ones wait for nothing but a call that is still far: nobody need take them, and nobody waits behind them.
    """

    waiting: int = 0
    resting: int = 0
    assigned: int = 0
    waiting_since: datetime | None = None
    late: int = 0


class Cases(CaseQueries, Protocol):
    """Cases and their numbers."""

    async def numbers(self, prefix: str, department: str, day: date) -> tuple[int, int]:
        """Draw the next case number of a prefix and the next queue number of a department's day, in this order."""
        ...

    async def queue_number(self, department: str, day: date) -> int:
        """Draw the next queue number of a department's day."""
        ...

    async def add(self, case: NewCase) -> Case:
        """Store a new waiting case."""
        ...

    async def get(self, case_id: int, *, lock: bool = False) -> Case:
        """Return one case. Raises `Unknown`."""
        ...

    async def by_code(self, code: str, *, lock: bool = False) -> Case:
        """Return one case by its code. Raises `Unknown`."""
        ...

    async def save(self, case: Case) -> None:
        """Store a changed case; the caller holds its lock."""
        ...

    async def of_customer(self, customer_id: int) -> list[Case]:
        """Return the customer's open cases, newest first."""
        ...

    async def recent(self, customer_id: int, since: datetime) -> list[tuple[Case, datetime | None]]:
        """Return the customer's open cases and those resolved since a moment, newest first, each with its open date."""
        ...

    async def assigned_in(self, conversation_id: int, staff_id: int) -> list[Case]:
        """Return the open cases of a conversation that a staff member owns."""
        ...

    async def of_conversation(self, conversation_id: int) -> list[Case]:
        """Return every case of a conversation, resolved ones included, newest first."""
        ...

    async def held_by(self, staff_id: int) -> list[Case]:
        """Return the open cases that a staff member owns, anywhere."""
        ...

    async def listing(self, wanted: CaseFilter) -> list[CaseRow]:
        """Return a page of cases: urgent first, then oldest first; resolved ones newest first."""
        ...

    async def waiting(self, now: datetime) -> dict[str, int]:
        """Count waiting cases by department, without those that rest until a call that is still far."""
        ...

    async def queues(self, staff: StaffMember, now: datetime) -> dict[str, QueueLook]:
        """Return how every queue with an open case stands, as far as the staff member may see its cases."""
        ...


class Promises(Protocol):
    """Promises of cases; a case has at most one open promise."""

    async def add(
        self,
        case_id: int,
        due_at: datetime,
        made_at: datetime,
        timer_id: int,
        kind: PromiseKind = PromiseKind.ANSWER,
        tries: int = 0,
        *,
        silent: bool = False,
    ) -> Promise:
        """Store an open promise with the timer that watches it."""
        ...

    async def get(self, promise_id: int) -> Promise:
        """Return one promise. Raises `Unknown`."""
        ...

    async def open_of(self, case_id: int) -> Promise | None:
        """Return the promise that is still to be kept."""
        ...

    async def called(self, case_id: int, due_at: datetime) -> bool:
        """Tell whether a call that was promised for this very moment was made."""
        ...

    async def broken(self, case_id: int) -> int:
        """Count the promises of a case that fell due unkept since one was kept: dates missed in a row."""
        ...

    async def save(self, promise: Promise) -> None:
        """Store a changed promise."""
        ...
