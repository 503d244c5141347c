"""Everything that the store in memory holds: one dictionary for each table, and the indices beside them."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from bot.adapters.memory.journal import Index, Journal
from bot.domain.approvals import Approval
from bot.domain.cases import Case
from bot.domain.conversations import Conversation
from bot.domain.feedback import Rating
from bot.domain.messages import Attachment, Channel, Message
from bot.domain.offers import Offer
from bot.domain.promises import Promise
from bot.domain.requests import Request
from bot.domain.second_factor import SecondFactor
from bot.domain.shifts import Absence, DayException, Roster, Shift
from bot.domain.staff import StaffMember
from bot.domain.teaching.answers import AnswerVersion
from bot.domain.teaching.examples import Example
from bot.domain.teaching.needs import TaughtNeed
from bot.domain.transfers import Transfer
from bot.domain.turns import Turn
from bot.domain.waits import Past
from bot.services.ports import Clock, QueueName, StoredEvent
from bot.services.ports_desk import Load
from bot.services.ports_models import ShadowReading
from bot.services.ports_review import Correction, Erasure, Objection, Refusal
from bot.services.ports_teach import Decision, Training

FEED_KEPT = 1_000
"""Live events that are kept for whoever looks back; the store itself needs none of them."""


class FeedEvent(NamedTuple):
    """A live event as it was published."""

    kind: str
    conversation_id: int | None
    data: Mapping[str, Any]


class AuditLine(NamedTuple):
    """Who did what."""

    at: datetime
    actor: str
    action: str
    subject: str
    detail: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Customer:
    """A person outside, with the name that a channel or they themselves gave."""

    id: int
    name: str | None
    language: str
    created_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Login:
    """A session of a staff member."""

    staff_id: int
    csrf: str
    created_at: datetime
    seen_at: datetime


def _numbers() -> Iterator[int]:
    """Ids are never given back, as in a database: a rollback leaves a gap."""
    return itertools.count(1)


@dataclass
class Memory:
    """The state of the house. Repositories change it through the journal of their unit of work."""

    clock: Clock
    numbers: dict[str, Iterator[int]] = field(default_factory=dict)

    customers: dict[int, Customer] = field(default_factory=dict)
    identities: dict[tuple[Channel, str], int] = field(default_factory=dict)
    conversations: dict[int, Conversation] = field(default_factory=dict)
    chats: dict[tuple[Channel, str], int] = field(default_factory=dict)
    conversations_of: Index = field(default_factory=Index)

    messages: dict[int, Message] = field(default_factory=dict)
    messages_in: Index = field(default_factory=Index)
    unhandled_in: Index = field(default_factory=Index)
    attachments: dict[int, Attachment] = field(default_factory=dict)

    turns: dict[int, Turn] = field(default_factory=dict)
    turns_in: Index = field(default_factory=Index)
    open_turns: dict[int, int] = field(default_factory=dict)
    """Conversation to its open turn."""

    events: dict[int, StoredEvent] = field(default_factory=dict)
    event_keys: dict[tuple[Channel, str], int] = field(default_factory=dict)

    counters: dict[str, int] = field(default_factory=dict)
    cases: dict[int, Case] = field(default_factory=dict)
    case_codes: dict[str, int] = field(default_factory=dict)
    cases_of: Index = field(default_factory=Index)
    cases_in: Index = field(default_factory=Index)
    cases_held: Index = field(default_factory=Index)
    cases_waiting: Index = field(default_factory=Index)
    calls_waiting: Index = field(default_factory=Index)
    open_cases: dict[int, None] = field(default_factory=dict)
    waits_over: dict[str, dict[int, Past]] = field(default_factory=dict)
    """How long taken cases waited, by department and case, the latest taking last."""

    last_moves: dict[int, datetime] = field(default_factory=dict)
    """When a person last took or finished a case."""

    promises: dict[int, Promise] = field(default_factory=dict)
    open_promises: dict[int, int] = field(default_factory=dict)
    promises_of: Index = field(default_factory=Index)

    offers: dict[int, Offer] = field(default_factory=dict)
    offers_of: Index = field(default_factory=Index)
    open_offers: dict[int, int] = field(default_factory=dict)
    transfers: dict[int, Transfer] = field(default_factory=dict)
    transfers_of: Index = field(default_factory=Index)
    asked_transfers: dict[int, int] = field(default_factory=dict)
    requests: dict[int, Request] = field(default_factory=dict)
    requests_of: Index = field(default_factory=Index)
    unsettled_requests: dict[int, None] = field(default_factory=dict)
    approvals: dict[int, Approval] = field(default_factory=dict)
    approvals_of: Index = field(default_factory=Index)
    pending_approvals: dict[int, None] = field(default_factory=dict)
    ratings: dict[int, Rating] = field(default_factory=dict)
    case_ratings: dict[int, int] = field(default_factory=dict)
    """Case to its rating; so with open offers, asked transfers and open promises."""

    shifts: dict[int, Shift] = field(default_factory=dict)
    day_exceptions: dict[tuple[int, date], DayException] = field(default_factory=dict)
    absences: dict[int, Absence] = field(default_factory=dict)
    rosters: dict[tuple[Any, ...], Roster] = field(default_factory=dict)
    """Rosters that were asked for, until one of the above changes."""

    planned: dict[tuple[Any, ...], Roster] = field(default_factory=dict)
    """The same without absences, until shifts or single days change."""

    loads: dict[int, Load] | None = None
    """What everybody holds, where that was counted since it last changed."""

    staff: dict[int, StaffMember] = field(default_factory=dict)
    people: list[StaffMember] | None = None
    """Everybody who is active, by id, where that was listed since the last change. Nobody changes the list."""

    passwords: dict[int, str | None] = field(default_factory=dict)
    second_factors: dict[int, SecondFactor] = field(default_factory=dict)
    logins: dict[bytes, Login] = field(default_factory=dict)
    attempts: dict[str, tuple[int, datetime]] = field(default_factory=dict)
    links: dict[bytes, tuple[str, datetime]] = field(default_factory=dict)
    visitors: dict[bytes, tuple[int, datetime]] = field(default_factory=dict)

    examples: dict[int, Example] = field(default_factory=dict)
    decisions: dict[int, Decision] = field(default_factory=dict)
    standing: dict[int, int] = field(default_factory=dict)
    """Message to the decision on it that stands."""

    objections: dict[int, Objection] = field(default_factory=dict)
    """Message to the objection that stands."""

    corrections: dict[int, Correction] = field(default_factory=dict)
    """Case to the correction that stands."""

    refusals: dict[int, Refusal] = field(default_factory=dict)
    erasures: dict[int, Erasure] = field(default_factory=dict)
    trainings: dict[int, Training] = field(default_factory=dict)
    needs: dict[int, TaughtNeed] = field(default_factory=dict)
    answers: dict[tuple[str, int], AnswerVersion] = field(default_factory=dict)
    shadow_readings: dict[tuple[str, int], ShadowReading] = field(default_factory=dict)
    """What candidates made of messages, by model and message."""

    channel_states: dict[str, dict[str, Any]] = field(default_factory=dict)
    gates: dict[str, datetime] = field(default_factory=dict)
    audit: dict[str, list[AuditLine]] = field(default_factory=dict)
    """Lines by what they speak of, oldest first."""

    feed: deque[FeedEvent] = field(default_factory=lambda: deque(maxlen=FEED_KEPT))

    def forget_loads(self) -> None:
        """Have what everybody holds counted anew."""
        self.loads = None

    def forget_people(self) -> None:
        """Have everybody who is active listed anew, with what they hold."""
        self.people = self.loads = None

    def next_id(self, table: str) -> int:
        """Draw the next id of a table."""
        numbers = self.numbers.get(table)
        if numbers is None:
            numbers = self.numbers[table] = _numbers()
        return next(numbers)


class Effects:
    """What others hear of once a transaction has committed: queues with new items, live events."""

    __slots__ = ("events", "people", "queues")

    def __init__(self) -> None:
        self.queues: dict[QueueName, None] = {}
        self.events: list[FeedEvent] = []
        self.people = False
        """Somebody may be there who was not, or the other way round: a duty, an account, a roster."""

    def __bool__(self) -> bool:
        return bool(self.queues or self.events or self.people)

    def taken(self) -> tuple[dict[QueueName, None], list[FeedEvent], bool]:
        """Return them, to be told, and begin anew."""
        found = self.queues, self.events, self.people
        self.clear()
        return found

    def clear(self) -> None:
        """Forget them: they were told, or the transaction is taken back."""
        if self.queues:
            self.queues = {}
        if self.events:
            self.events = []
        self.people = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """What every repository of a unit of work shares."""

    memory: Memory
    journal: Journal
    effects: Effects
