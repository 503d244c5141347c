"""What assignment works on: cases that wait, how heavily each of them weighs, and what is decided of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from bot.domain.company import Company, Priority
from bot.domain.routing import Step

HEAD_START = {Priority.NORMAL: 0.0, Priority.HIGH: 20.0, Priority.URGENT: 60.0}
"""Minutes of waiting that a priority is worth. Finite, so that even a stream of urgent cases passes a normal one only
while that one has waited less than an hour longer than they have."""

COMPLAINT_START = 10.0
"""Minutes of waiting that being a complaint is worth."""

REFUSAL_START = 5.0
"""Minutes of waiting that every refused offer is worth: whoever was passed over is not put at the end again."""


class InQueue(Protocol):
    """What says whom a case may be put before."""

    @property
    def department(self) -> str:
        """Where it is now."""

    @property
    def wanted(self) -> str:
        """Whose work it is."""

    @property
    def tries(self) -> int:
        """How many offers were refused."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WaitingCase:
    """A case in a queue, without an open offer. ``tries`` counts refused offers, ``refused_by`` says whose they were.

    ``department`` has it now; ``wanted`` is the desk whose work it is.
    """

    id: int
    department: str
    wanted: str
    priority: Priority
    waiting_since: datetime
    language: str = "vi"
    skill: str | None = None
    complaint: bool = False
    tries: int = 0
    refused_by: frozenset[int] = frozenset()
    previous_staff_id: int | None = None
    since: float = field(init=False, repr=False, compare=False)
    """`waiting_since` in seconds, so that thousands of cases are compared without a sum each."""
    place: float = field(init=False, repr=False, compare=False)
    """Seconds; the smallest is the heaviest. A case weighs its waiting and its head start. All gain weight at the same
    pace and without bound: the order stays, and whoever arrives later can pass for a limited time only."""

    def __post_init__(self) -> None:
        since = self.waiting_since.timestamp()
        object.__setattr__(self, "since", since)
        object.__setattr__(self, "place", since - 60 * head_start(self))


class Plan(NamedTuple):
    """One decision: this case to this person. ``in_person``: assigned at once, there is nothing to accept."""

    case_id: int
    staff_id: int
    step: Step
    in_person: bool = False


def head_start(case: WaitingCase) -> float:
    """Return the minutes that a case is ahead of a plain one which began to wait at the same moment."""
    start = HEAD_START[case.priority] + REFUSAL_START * case.tries
    return start + COMPLAINT_START if case.complaint else start


def patience(company: Company, wanted: str, priority: Priority) -> timedelta:
    """Return how long a case waits for the best person before another will do: a third of its first-response time."""
    return first_answer(company, wanted, priority) / 3


def first_answer(company: Company, wanted: str, priority: Priority) -> timedelta:
    """Return the time in which the desk owes a first answer; after it any person of the chain will do."""
    department = company.department_or_reception(wanted)
    return timedelta(minutes=department.sla.of(priority).first_response)
