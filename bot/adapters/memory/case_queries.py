"""What the assigner asks about cases, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from bot.adapters.memory.data import Work
from bot.domain.cases import Case, CaseState
from bot.domain.waits import Past
from bot.services.ports_desk import Load

_WAITED = ("claimed_at", "department", "waiting_since", "ahead", "serving", "at_once")


class MemoryCaseQueries:
    """See `bot.services.ports_desk.CaseQueries`."""

    def __init__(self, work: Work) -> None:
        self._memory = work.memory
        self._journal = work.journal

    async def waiting_in(self, departments: frozenset[str] | None) -> list[Case]:
        """Find what nobody is being asked about."""
        memory = self._memory
        found = [
            memory.cases[one]
            for department in memory.cases_waiting.counts()
            if departments is None or department in departments
            for one in memory.cases_waiting.of(department)
            if one not in memory.open_offers and one not in memory.asked_transfers
        ]
        return sorted(found, key=lambda case: (case.waits_from, case.id))

    async def loads(self) -> dict[int, Load]:
        """Count what people hold; the same until a case or a person changes, and nobody's to change."""
        if self._memory.loads is None:
            found = {one: self._load(one) for one in self._memory.staff}
            self._memory.loads = {one: load for one, load in found.items() if load is not None}
        return self._memory.loads

    def _load(self, staff_id: int) -> Load | None:
        person = self._memory.staff[staff_id]
        if not person.active:
            return None
        idle_since = self._memory.last_moves.get(staff_id, person.created_at)
        if person.created_at is not None and (idle_since is None or idle_since < person.created_at):
            idle_since = person.created_at
        return Load(self._memory.cases_held.count(staff_id), idle_since) if idle_since is not None else None

    def _note_move(self, before: Case, case: Case) -> None:
        """Remember that a case's owner took or finished it."""
        taken = case.claimed_at is not None and case.claimed_at != before.claimed_at
        finished = case.state is CaseState.RESOLVED and before.state is not CaseState.RESOLVED
        moment = case.resolved_at if finished else case.claimed_at
        if case.owner_id is not None and moment is not None and (taken or finished):
            earlier = self._memory.last_moves.get(case.owner_id, moment)
            self._journal.put(self._memory.last_moves, case.owner_id, max(earlier, moment))

    def _note_loads(self, *staff_ids: int | None) -> None:
        """Count anew what these people hold, where everybody's was counted."""
        known = self._memory.loads
        if known is not None:
            changed = {one: self._load(one) for one in staff_ids if one in known}
            self._memory.loads = {**known, **{one: load for one, load in changed.items() if load is not None}}
            self._journal.on_undo(self._memory.forget_loads)

    async def past_waits(self, department: str, limit: int) -> list[Past]:
        """Find the latest waits."""
        return list(islice(reversed(self._memory.waits_over.get(department, {}).values()), limit))[::-1]

    def _note_wait(self, before: Case, case: Case) -> None:
        """Keep the wait of a case that somebody has taken, as the latest of its department."""
        if case.claimed_at is None and before.claimed_at is None:
            return
        if before.claimed_at is not None:
            if all(getattr(before, name) == getattr(case, name) for name in _WAITED):
                return
            self._drop_wait(before)
        past = _past(case)
        if past is not None:
            self._journal.put(self._memory.waits_over.setdefault(case.department, {}), case.id, past)

    def _drop_wait(self, case: Case) -> None:
        known = self._memory.waits_over.get(case.department, {})
        if case.id in known:
            # A new dictionary, for one entry that is put back would come last.
            left = {one: past for one, past in known.items() if one != case.id}
            self._journal.put(self._memory.waits_over, case.department, left)

    async def with_customers(self, case_ids: Sequence[int]) -> dict[int, tuple[Case, str | None]]:
        """Find many cases with whom they are for."""
        found = [self._memory.cases[one] for one in case_ids]
        return {one.id: (one, self._memory.conversations[one.conversation_id].customer_name) for one in found}

    async def previous_staff_of(self, case_ids: Sequence[int]) -> dict[int, int]:
        """Find whom many customers last had."""
        found = {}
        for case_id in case_ids:
            case = self._memory.cases.get(case_id)
            if case is not None:
                previous = self._previous(case.customer_id, case.wanted, besides=case_id)
                if previous is not None:
                    found[case_id] = previous
        return found

    def _previous(self, customer_id: int, department: str, *, besides: int) -> int | None:
        for case_id in reversed(self._memory.cases_of.of(customer_id)):
            case = self._memory.cases[case_id]
            if case_id != besides and case.wanted == department and case.owner_id is not None:
                return case.owner_id
        return None


def _past(case: Case) -> Past | None:
    if case.claimed_at is None or case.ahead is None or case.serving is None or case.waiting_since is None:
        return None
    waited = case.claimed_at - case.waiting_since
    return Past(ahead=case.ahead, serving=case.serving, waited=waited, at_once=case.at_once)
