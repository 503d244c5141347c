"""A case: one need that a person owes, from the moment it gets a number until it is resolved."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.domain.company import Priority
from bot.domain.copies import altered
from bot.domain.errors import AlreadyTaken, ForbiddenMove
from bot.domain.promises import CALL_NEAR
from bot.domain.sla import SlaClock
from bot.domain.text import fold

HOP_LIMIT = 2
"""A case is passed on at most this often; after that a manager takes it in person (DESIGN section 1)."""

REOPEN_WINDOW = timedelta(days=3)
"""How long a resolved case stays among the facts of its customer, who may still ask about it."""

_CODE = re.compile(r"(?<![a-z0-9])([a-z]{2})\s*[-–_ ]?\s*(\d{1,7})(?![a-z0-9])")


class CaseState(StrEnum):
    """``waiting``: in its department's queue. ``assigned``: one staff member owns it. ``resolved``: nothing is owed."""

    WAITING = "waiting"
    ASSIGNED = "assigned"
    RESOLVED = "resolved"


@dataclass(frozen=True, kw_only=True)
class Case:
    """A case as stored.

    ``department`` has it now; ``wanted`` is the desk whose work it is (they differ while a cover or a manager has it).
    ``queue_number`` counts within the department's day; ``hops`` counts transfers. ``tries`` counts the offers that
    were refused since ``waiting_since``. ``ahead``, ``serving`` and ``at_once`` are what was known when it began to
    wait (see `waits.Past`); ``wait_low`` and ``wait_high`` are the range that the customer was told, in seconds from
    ``waiting_since``. ``timer_id`` watches ``sla``.
    """

    id: int
    code: str
    conversation_id: int
    customer_id: int
    department: str
    wanted: str
    state: CaseState
    priority: Priority
    reason: str
    summary: str
    opened_at: datetime
    owner_id: int | None = None
    queue_number: int | None = None
    queue_day: date | None = None
    collected: dict[str, Any] = field(default_factory=dict)
    claimed_at: datetime | None = None
    replied_at: datetime | None = None
    resolved_at: datetime | None = None
    hops: int = 0
    language: str = "vi"
    skill: str | None = None
    complaint: bool = False
    waiting_since: datetime | None = None
    tries: int = 0
    ahead: int | None = None
    serving: int | None = None
    at_once: bool = False
    wait_low: int | None = None
    wait_high: int | None = None
    sla: SlaClock | None = None
    timer_id: int | None = None

    @property
    def waits_from(self) -> datetime:
        """Return since when it waits for somebody, or waited before somebody took it."""
        return self.waiting_since or self.opened_at

    @property
    def call_at(self) -> datetime | None:
        """Return when its customer is called, while that is promised."""
        return self.sla.call_at if self.sla is not None else None

    @property
    def rests_until(self) -> datetime | None:
        """Return until when nobody need take it: shortly before the call that it is about.

        What is urgent, and what its customer has written since, does not wait for a call.
        """
        if self.call_at is None or self.priority is Priority.URGENT or (self.sla is not None and self.sla.owes_answer):
            return None
        return self.call_at - CALL_NEAR

    @property
    def owes_beside_call(self) -> bool:
        """Tell whether its customer is called, and is owed an answer beside that."""
        return self.sla is not None and self.sla.owes_beside_call

    def call_near(self, now: datetime) -> bool:
        """Tell whether somebody must have its call in their hands by now."""
        return self.call_at is not None and self.call_at - CALL_NEAR <= now

    @property
    def answered(self) -> bool:
        """Tell whether a person has spoken to the customer, and did more in the end than ask for time."""
        return self.replied_at is not None and not (self.sla is not None and self.sla.asked_for_time)

    @property
    def waits_for_customer(self) -> bool:
        """Tell whether its customer has the next word: nothing is owed but a date that was given, if one was."""
        return self.sla is not None and self.sla.waiting_for_customer

    @property
    def owes_word(self) -> bool:
        """Tell whether no person has answered its customer, who has not taken it off either."""
        return not self.answered and not self.waits_for_customer

    @property
    def open(self) -> bool:
        """Tell whether somebody still owes the customer something."""
        return self.state is not CaseState.RESOLVED

    def claimed(self, staff_id: int, at: datetime) -> Case:
        """Return the case as owned by a staff member; claiming one's own case again changes nothing.

        Raises:
            AlreadyTaken: somebody else owns it.
            ForbiddenMove: it is resolved.
        """
        if self.state is CaseState.RESOLVED:
            raise ForbiddenMove(f"{self.code} is resolved")
        if self.state is CaseState.ASSIGNED:
            if self.owner_id == staff_id:
                return self
            raise AlreadyTaken(self.owner_id)
        return altered(self, state=CaseState.ASSIGNED, owner_id=staff_id, claimed_at=at)

    def stepped_into(self, manager_id: int, at: datetime) -> Case:
        """Return the case after a manager takes it from whoever has it."""
        if self.state is CaseState.RESOLVED:
            raise ForbiddenMove(f"{self.code} is resolved")
        return altered(self, state=CaseState.ASSIGNED, owner_id=manager_id, claimed_at=at)

    def transferred(self, department: str, queue_number: int, day: date, at: datetime | None = None) -> Case:
        """Return the case in another department's queue.

        Raises:
            ForbiddenMove: it is resolved, it is there already, or its hops are used up.
        """
        if self.state is CaseState.RESOLVED:
            raise ForbiddenMove(f"{self.code} is resolved")
        if department == self.department:
            raise ForbiddenMove(f"{self.code} is in {department} already")
        if self.hops >= HOP_LIMIT:
            raise ForbiddenMove(f"{self.code} was passed on {self.hops} times already")
        moved = altered(self, department=department, wanted=department, hops=self.hops + 1)
        return moved._queued(queue_number, day, at)

    def released(self, queue_number: int, day: date, at: datetime | None = None) -> Case:
        """Return the case back in its department's queue, because its owner can no longer hold it.

        Raises:
            ForbiddenMove: nobody holds it.
        """
        if self.state is not CaseState.ASSIGNED:
            raise ForbiddenMove(f"{self.code} is {self.state}")
        return self._queued(queue_number, day, at)

    def unclaimed(self) -> Case:
        """Return the case as it waited before it was given to somebody who took no notice: its place is still its own.

        Raises:
            ForbiddenMove: nobody holds it.
        """
        if self.state is not CaseState.ASSIGNED:
            raise ForbiddenMove(f"{self.code} is {self.state}")
        return altered(self, state=CaseState.WAITING, owner_id=None, claimed_at=None)

    def escalated(self, department: str, queue_number: int, day: date, at: datetime | None = None) -> Case:
        """Return the case in the management queue with at least high priority; an escalation is not a hop.

        Whoever has it loses it, also where it is management's already: somebody who does not lead may have taken it.

        Raises:
            ForbiddenMove: it is resolved.
        """
        if self.state is CaseState.RESOLVED:
            raise ForbiddenMove(f"{self.code} is resolved")
        moved = self.hurried()
        if self.department == department and self.state is CaseState.WAITING:
            return moved
        # Whoever waits already goes on waiting, with the weight of it.
        since = self.waits_from if self.state is CaseState.WAITING else at
        return altered(moved, department=department)._queued(queue_number, day, since)

    def hurried(self) -> Case:
        """Return the case with at least high priority; its deadlines follow where it is stored (`Deadlines.follow`)."""
        return altered(self, priority=Priority.HIGH) if self.priority is Priority.NORMAL else self

    def covered(self, department: str, queue_number: int, day: date) -> Case:
        """Return a waiting case in the queue of a desk that stands in for its own, where nobody is left.

        Raises:
            ForbiddenMove: somebody has it, or it is resolved.
        """
        if self.state is not CaseState.WAITING:
            raise ForbiddenMove(f"{self.code} is {self.state}")
        return altered(self, department=department, queue_number=queue_number, queue_day=day)

    def refused(self) -> Case:
        """Return a waiting case after somebody declined it or let its offer run out.

        Raises:
            ForbiddenMove: somebody has it, or it is resolved.
        """
        if self.state is not CaseState.WAITING:
            raise ForbiddenMove(f"{self.code} is {self.state}")
        return altered(self, tries=self.tries + 1)

    def replied(self, at: datetime) -> Case:
        """Return the case after a person's first answer; later answers leave the first moment alone."""
        return self if self.replied_at else altered(self, replied_at=at)

    def resolved(self, at: datetime) -> Case:
        """Return the case as resolved.

        Raises:
            ForbiddenMove: it is resolved already, or nobody owns it.
        """
        if self.state is not CaseState.ASSIGNED:
            raise ForbiddenMove(f"{self.code} is {self.state}, only an assigned case can be resolved")
        return altered(self, state=CaseState.RESOLVED, resolved_at=at)

    def called_off(self, at: datetime) -> Case:
        """Return a waiting case as resolved, because its customer wants nothing of it any more.

        Raises:
            ForbiddenMove: somebody has it, or it is resolved.
        """
        if self.state is not CaseState.WAITING:
            raise ForbiddenMove(f"{self.code} is {self.state}, only a waiting case is called off")
        return altered(self, state=CaseState.RESOLVED, resolved_at=at)

    def reopened(self, queue_number: int, day: date, at: datetime | None = None) -> Case:
        """Return the case back in its department's queue.

        Raises:
            ForbiddenMove: it is open.
        """
        if self.state is not CaseState.RESOLVED:
            raise ForbiddenMove(f"{self.code} is open")
        return altered(self, resolved_at=None, replied_at=None)._queued(queue_number, day, at)

    def _queued(self, queue_number: int, day: date, at: datetime | None) -> Case:
        """Return the case as it begins to wait at a moment: what was known of an earlier wait is over."""
        return altered(
            self,
            state=CaseState.WAITING,
            owner_id=None,
            claimed_at=None,
            queue_number=queue_number,
            queue_day=day,
            waiting_since=at or self.waiting_since,
            tries=0,
            ahead=None,
            serving=None,
            at_once=False,
            wait_low=None,
            wait_high=None,
        )


def code_of(prefix: str, number: int) -> str:
    """Return a case code such as ``KT-0042``; numbers above 9999 simply grow longer."""
    return f"{prefix}-{number:04d}"


def codes_in(text: str) -> list[str]:
    """Return the case codes a person may have meant: "kt 42", "KT-0042" and "phiếu kt0042" all give ``KT-0042``."""
    return [code_of(prefix.upper(), int(number)) for prefix, number in _CODE.findall(fold(text))]
