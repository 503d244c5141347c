"""Cases, their numbers and their lists in memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import date, datetime

from bot.adapters.memory.case_queries import MemoryCaseQueries
from bot.domain.cases import Case, CaseState
from bot.domain.company import Priority
from bot.domain.errors import Unknown
from bot.domain.messages import Direction, Message
from bot.domain.staff import StaffMember
from bot.services.ports_cases import CaseFilter, CaseRow, NewCase, QueueLook

OF_CUSTOMER, OF_CONVERSATION = 20, 200
"""The newest cases that a look at a customer or a conversation gives."""

_URGENCY = {Priority.URGENT: 0, Priority.HIGH: 1, Priority.NORMAL: 2}
_GIVEN = tuple(one.name for one in fields(NewCase))


class MemoryCases(MemoryCaseQueries):
    """See `bot.services.ports_cases.Cases`."""

    async def numbers(self, prefix: str, department: str, day: date) -> tuple[int, int]:
        """Draw a case number and a queue number."""
        return self._draw(f"case:{prefix}"), self._draw(_queue_name(department, day))

    async def queue_number(self, department: str, day: date) -> int:
        """Draw a queue number."""
        return self._draw(_queue_name(department, day))

    def _draw(self, name: str) -> int:
        drawn = self._memory.counters.get(name, 0) + 1
        self._journal.put(self._memory.counters, name, drawn)
        return drawn

    async def add(self, case: NewCase) -> Case:
        """Store a waiting case."""
        given = {name: getattr(case, name) for name in _GIVEN}
        given.update(collected=dict(case.collected), state=CaseState.WAITING, waiting_since=case.opened_at)
        stored = Case(id=self._memory.next_id("cases"), **given)
        self._journal.put(self._memory.cases, stored.id, stored)
        self._journal.put(self._memory.case_codes, stored.code, stored.id)
        self._journal.put(self._memory.open_cases, stored.id, None)
        self._memory.cases_of.add(self._journal, stored.customer_id, stored.id)
        self._memory.cases_in.add(self._journal, stored.conversation_id, stored.id)
        self._memory.cases_waiting.add(self._journal, stored.department, stored.id)
        self._memory.calls_waiting.move(self._journal, None, _calls(stored), stored.id)
        return stored

    async def get(self, case_id: int, *, lock: bool = False) -> Case:
        """Find by id."""
        found = self._memory.cases.get(case_id)
        if found is None:
            raise Unknown(f"case {case_id}")
        return found

    async def by_code(self, code: str, *, lock: bool = False) -> Case:
        """Find by code."""
        case_id = self._memory.case_codes.get(code)
        if case_id is None:
            raise Unknown(f"case {code}")
        return self._memory.cases[case_id]

    async def save(self, case: Case) -> None:
        """Store a change, and keep the indices true."""
        before = self._memory.cases[case.id]
        self._journal.put(self._memory.cases, case.id, case)
        self._memory.cases_waiting.move(self._journal, _queue(before), _queue(case), case.id)
        self._memory.calls_waiting.move(self._journal, _calls(before), _calls(case), case.id)
        self._memory.cases_held.move(self._journal, _holder(before), _holder(case), case.id)
        self._note_wait(before, case)
        if case.owner_id is not None:
            self._note_move(before, case)
        if before.owner_id != case.owner_id or before.state is not case.state or before.claimed_at != case.claimed_at:
            self._note_loads(before.owner_id, case.owner_id)
        if case.open:
            self._journal.put(self._memory.open_cases, case.id, None)
        else:
            self._journal.drop(self._memory.open_cases, case.id)

    async def of_customer(self, customer_id: int) -> list[Case]:
        """Find a customer's open cases, newest first."""
        return [case for case in self._newest(self._memory.cases_of.of(customer_id)) if case.open][:OF_CUSTOMER]

    async def recent(self, customer_id: int, since: datetime) -> list[tuple[Case, datetime | None]]:
        """Find a customer's cases, with the dates of their open promises."""
        found = [
            case
            for case in self._newest(self._memory.cases_of.of(customer_id))
            if case.open or (case.resolved_at is not None and case.resolved_at >= since)
        ]
        return [(case, self._due_at(case)) for case in found[:OF_CUSTOMER]]

    def _due_at(self, case: Case) -> datetime | None:
        promise = self._memory.open_promises.get(case.id)
        return self._memory.promises[promise].due_at if promise is not None else None

    def _newest(self, ids: Iterable[int]) -> list[Case]:
        return [self._memory.cases[one] for one in reversed(list(ids))]

    async def assigned_in(self, conversation_id: int, staff_id: int) -> list[Case]:
        """Find what a person holds in a conversation."""
        return [case for case in self._held(staff_id) if case.conversation_id == conversation_id]

    async def of_conversation(self, conversation_id: int) -> list[Case]:
        """Find by conversation."""
        return self._newest(self._memory.cases_in.of(conversation_id))[:OF_CONVERSATION]

    async def held_by(self, staff_id: int) -> list[Case]:
        """Find what a person holds anywhere."""
        return self._held(staff_id)

    def _held(self, staff_id: int) -> list[Case]:
        return [self._memory.cases[one] for one in self._memory.cases_held.of(staff_id)]

    async def waiting(self, now: datetime) -> dict[str, int]:
        """Count waiting cases."""
        found = self._memory.cases_waiting.counts()
        for department in self._memory.calls_waiting.counts():
            for one in self._memory.calls_waiting.of(department):
                found[department] -= _rests(self._memory.cases[one], now)
        return {department: count for department, count in found.items() if count}

    async def queues(self, staff: StaffMember, now: datetime) -> dict[str, QueueLook]:
        """Count open cases for the queue list."""
        found: dict[str, QueueLook] = {}
        for case_id in self._memory.open_cases:
            case = self._memory.cases[case_id]
            if _listed(staff, case):
                found[case.department] = self._with(found.get(case.department, QueueLook()), case, now)
        return found

    def _with(self, look: QueueLook, case: Case, now: datetime) -> QueueLook:
        if case.state is not CaseState.WAITING:
            return replace(look, assigned=look.assigned + 1)
        if _rests(case, now):
            return replace(look, resting=look.resting + 1)
        promise = self._memory.open_promises.get(case.id)
        late = promise is not None and self._memory.promises[promise].due_at < now
        first = min(look.waiting_since or case.opened_at, case.opened_at)
        return replace(look, waiting=look.waiting + 1, waiting_since=first, late=look.late + late)

    async def listing(self, wanted: CaseFilter) -> list[CaseRow]:
        """Read a page for a list."""
        found = [self._memory.cases[one] for one in self._candidates(wanted) if self._wanted(wanted, one)]
        return [self._row(case) for case in found[: wanted.limit]]

    def _candidates(self, wanted: CaseFilter) -> list[int]:
        if wanted.state is CaseState.RESOLVED:
            return sorted(self._memory.cases, reverse=True)
        if wanted.state is CaseState.WAITING and wanted.department is not None:
            ids: Iterable[int] = self._memory.cases_waiting.of(wanted.department)
        elif wanted.state is CaseState.ASSIGNED and wanted.owner_id is not None:
            ids = self._memory.cases_held.of(wanted.owner_id)
        else:
            ids = self._memory.open_cases
        return sorted(ids, key=lambda one: (_URGENCY[self._memory.cases[one].priority], one))

    def _wanted(self, wanted: CaseFilter, case_id: int) -> bool:
        case = self._memory.cases[case_id]
        before = wanted.before if wanted.state is CaseState.RESOLVED else None
        return (
            (before is None or case.id < before)
            and (wanted.state is None or case.state is wanted.state)
            and (wanted.department is None or case.department == wanted.department)
            and (wanted.owner_id is None or case.owner_id == wanted.owner_id)
            and (wanted.introduced_by is None or self._introduced(wanted.introduced_by, case))
            and (wanted.visible_to is None or _listed(wanted.visible_to, case))
        )

    def _introduced(self, staff_id: int, case: Case) -> bool:
        past = [self._memory.transfers[one] for one in self._memory.transfers_of.of(case.id)]
        return case.open and any(one.brought_in and one.from_staff_id == staff_id for one in past)

    def _row(self, case: Case) -> CaseRow:
        conversation = self._memory.conversations[case.conversation_id]
        owner = self._memory.staff.get(case.owner_id) if case.owner_id is not None else None
        last = self._last(case.conversation_id)
        return CaseRow(
            case=case,
            customer_name=conversation.customer_name,
            channel=conversation.channel,
            owner_name=owner.name if owner else None,
            due_at=self._due_at(case),
            last_text=last.text if last else "",
            last_at=last.created_at if last else case.opened_at,
        )

    def _last(self, conversation_id: int) -> Message | None:
        for one in reversed(self._memory.messages_in.of(conversation_id)):
            message = self._memory.messages[one]
            if message.direction is not Direction.INTERNAL:
                return message
        return None


def _queue_name(department: str, day: date) -> str:
    return f"queue:{department}:{day.isoformat()}"


def _queue(case: Case) -> str | None:
    return case.department if case.state is CaseState.WAITING else None


def _calls(case: Case) -> str | None:
    return case.department if case.state is CaseState.WAITING and case.call_at is not None else None


def _rests(case: Case, now: datetime) -> bool:
    return case.rests_until is not None and case.rests_until > now


def _holder(case: Case) -> int | None:
    return case.owner_id if case.state is CaseState.ASSIGNED else None


def _listed(staff: StaffMember, case: Case) -> bool:
    """The lists ask what somebody may see, not whether their account is still active: a session sees to that."""
    return staff.leads or case.owner_id == staff.id or case.department in staff.departments
