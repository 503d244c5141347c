"""Reviewing: what those who teach should look at first, and what they decide.

An example never holds a customer's own words: personal data is replaced before it is stored, and whoever decides sees
the masked text only.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.domain.company import Company
from bot.domain.errors import Invalid
from bot.domain.staff import StaffMember, require_lead
from bot.domain.teaching.examples import Consent, Example, ExampleState, Source, labelled
from bot.domain.teaching.labels import NOT_A_NEED
from bot.domain.teaching.masking import mask, specimen
from bot.domain.teaching.worth import Group, Seen, order
from bot.services.ports import Clock, Store, UnitOfWork
from bot.services.ports_teach import Candidate, Decision, Taught
from bot.services.refusals import NotNow

LOOKED_BACK: Final = timedelta(days=30)
SHOWN_MEMBERS: Final = 5
"""Near-duplicates of an entry that are shown; a decision may be meant for all of them."""
MOST_AT_ONCE: Final = 100
KIND: Final = "teaching"
"""The kind of its live events: somebody decided something, or a training went on."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A group of near-duplicates with texts in which nobody can be recognised, the leader's first."""

    group: Group
    texts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Queue:
    """What to look at first. ``waiting`` counts all entries, ``labelled`` the decisions that stand."""

    entries: Sequence[Entry]
    waiting: int
    labelled: int
    approved: int


@dataclass(frozen=True, kw_only=True)
class Decided:
    """What holds of a message now; ``example`` is set where it teaches something."""

    message_id: int
    label: str | None
    example: Example | None = None
    undone: bool = False


class Reviewing:
    """Moves of those who teach; they lead or are admins."""

    def __init__(self, *, store: Store, clock: Clock, company: Company) -> None:
        self._store = store
        self._clock = clock
        self._company = company
        self.two_reviewers = company.teaching.two_reviewers

    # --- reading ------------------------------------------------------------------------------------------------------

    async def queue(self, staff: StaffMember, limit: int) -> Queue:
        """Return what is worth a look, in order. Raises `NotPermitted`."""
        require_lead(staff)
        now = self._clock.now()
        async with self._store.read() as uow:
            found = await uow.teaching.candidates(now - LOOKED_BACK, now.toordinal())
            names = tuple((await uow.staff.names()).values())
            labelled_so_far, approved = await uow.teaching.counts()
        found = [self._owned(one) for one in found]
        # Comparing and masking take longer than the doors, which share this process, may wait.
        entries, waiting = await asyncio.to_thread(_entries, found, names, limit, now.toordinal())
        return Queue(entries=entries, waiting=waiting, labelled=labelled_so_far, approved=approved)

    def _owned(self, candidate: Candidate) -> Candidate:
        """Return the message with the department that its need belongs to; what the case wanted moves along with it."""
        seen = candidate.seen
        owner = self._company.owners.get(seen.intent or "", seen.department_first)
        return replace(candidate, seen=replace(seen, department_first=owner))

    async def examples(
        self, staff: StaffMember, *, state: ExampleState | None, before: int | None, limit: int
    ) -> tuple[list[Example], dict[int, str]]:
        """Return a page of examples, the newest first, and the names of staff. Raises `NotPermitted`."""
        require_lead(staff)
        async with self._store.read() as uow:
            return await uow.teaching.examples(state=state, before=before, limit=limit), await uow.staff.names()

    # --- deciding -----------------------------------------------------------------------------------------------------

    async def label(self, staff: StaffMember, message_ids: Iterable[int], label: str) -> list[Decided]:
        """Say which need messages speak of. The same label by a second person approves what the first one proposed.

        Raises:
            NotPermitted: the person does not lead.
            Invalid: the company has no such need, or a text cannot be learned from.
            ForbiddenMove: another decision stands on one of them.
            Unknown: one of them is no message of a customer.
        """
        if label != NOT_A_NEED and label not in self._company.owners:
            raise Invalid("label", f"Không có nhu cầu nào tên “{label}”.")
        async with self._deciding(staff) as uow:
            names = tuple((await uow.staff.names()).values())
            return [
                await self._label(uow, staff, await uow.teaching.message(one, lock=True), label, names)
                for one in _checked(message_ids)
            ]

    async def skip(self, staff: StaffMember, message_ids: Iterable[int]) -> list[Decided]:
        """Put messages aside; see `label` for what it raises."""
        async with self._deciding(staff) as uow:
            skipped = []
            for message_id in _checked(message_ids):
                await uow.teaching.message(message_id, lock=True)
                standing = await uow.teaching.decision(message_id)
                if standing is None:
                    await uow.teaching.decide(message_id, None, staff.id, self._clock.now(), None)
                    await self._note(uow, staff, "teach.skip", message_id)
                elif standing.label is not None:
                    raise _taken(standing)
                skipped.append(Decided(message_id=message_id, label=None))
            return skipped

    async def undo(self, staff: StaffMember, message_ids: Iterable[int]) -> list[Decided]:
        """Take back what was decided on messages; what nobody decided on stays as it is. Raises as `label` does."""
        async with self._deciding(staff) as uow:
            undone = []
            for message_id in _checked(message_ids):
                await uow.teaching.message(message_id, lock=True)
                standing = await uow.teaching.decision(message_id)
                if standing is not None:
                    await self._take_back(uow, standing)
                    await self._note(uow, staff, "teach.undo", message_id, label=standing.label)
                label = standing.label if standing is not None else None
                undone.append(Decided(message_id=message_id, label=label, undone=True))
            return undone

    async def withdraw(self, staff: StaffMember, example_id: int) -> Example:
        """Have an example teach nothing any more; its words are deleted. Raises `NotPermitted`, `Unknown`."""
        async with self._deciding(staff) as uow:
            example = (await uow.teaching.example(example_id)).withdrawn(self._clock.now())
            await uow.teaching.save_example(example)
            await uow.audit.write(self._clock.now(), _actor(staff), "teach.withdraw", f"example {example_id}")
            return example

    async def forget_customer(self, uow: UnitOfWork, customer_id: int, at: datetime) -> int:
        """Withdraw every example of a customer within a transaction and count them; the next model knows none."""
        examples = [one for one in await uow.teaching.of_customer(customer_id) if one.state is not _WITHDRAWN]
        for one in examples:
            await uow.teaching.save_example(one.withdrawn(at))
        return len(examples)

    @asynccontextmanager
    async def _deciding(self, staff: StaffMember) -> AsyncIterator[UnitOfWork]:
        require_lead(staff)
        async with self._store.begin() as uow:
            yield uow
            await uow.feed.publish(KIND, None, {"by": staff.id})

    async def _label(
        self, uow: UnitOfWork, staff: StaffMember, message: Taught, label: str, names: Sequence[str]
    ) -> Decided:
        standing = await uow.teaching.decision(message.message_id)
        if standing is not None:
            return await self._again(uow, staff, standing, label)
        example = None
        if label != NOT_A_NEED:
            example = await uow.teaching.add_example(self._example(staff, message, label, names))
        example_id = example.id if example is not None else None
        await uow.teaching.decide(message.message_id, label, staff.id, self._clock.now(), example_id)
        await self._note(uow, staff, "teach.label", message.message_id, label=label)
        return Decided(message_id=message.message_id, label=label, example=example)

    async def _again(self, uow: UnitOfWork, staff: StaffMember, standing: Decision, label: str) -> Decided:
        """Deal with a label for what has one: the same is an approval or nothing new."""
        if standing.label != label:
            raise _taken(standing)
        example = await uow.teaching.example(standing.example_id) if standing.example_id is not None else None
        if example is not None and example.state is ExampleState.PROPOSED and example.labelled_by != staff.id:
            example = example.approved(staff.id, two_reviewers=self.two_reviewers)
            await uow.teaching.save_example(example)
            await self._note(uow, staff, "teach.approve", standing.message_id, label=label)
        return Decided(message_id=standing.message_id, label=label, example=example)

    def _example(self, staff: StaffMember, message: Taught, label: str, names: Sequence[str]) -> Example:
        known = (*names, message.name) if message.name else names
        return labelled(
            id=0,
            text=specimen(message.text, known),
            label=label,
            source=Source.REVIEW,
            staff_id=staff.id,
            at=self._clock.now(),
            consent=Consent.DEIDENTIFIED,
            two_reviewers=self.two_reviewers,
            message_id=message.message_id,
            customer_id=message.customer_id,
        )

    async def _take_back(self, uow: UnitOfWork, standing: Decision) -> None:
        now = self._clock.now()
        await uow.teaching.undo(standing, now)
        if standing.example_id is not None:
            example = await uow.teaching.example(standing.example_id)
            await uow.teaching.save_example(example.withdrawn(now))

    async def _note(
        self, uow: UnitOfWork, staff: StaffMember, action: str, message_id: int, label: str | None = None
    ) -> None:
        await uow.audit.write(self._clock.now(), _actor(staff), action, f"message {message_id}", label=label)


_WITHDRAWN = ExampleState.WITHDRAWN


def _entries(found: Sequence[Candidate], names: Sequence[str], limit: int, seed: int) -> tuple[list[Entry], int]:
    """Return the first entries with masked texts, and how many there are."""
    groups = order((one.seen for one in found), seed=seed)
    of_customer = {one.seen.message_id: one.name for one in found}

    def masked(seen: Seen) -> str:
        name = of_customer[seen.message_id]
        return mask(seen.text, (*names, name) if name else names)

    entries = [
        Entry(group=group, texts=tuple(masked(one) for one in group.members[:SHOWN_MEMBERS]))
        for group in groups[:limit]
    ]
    return entries, len(groups)


def _checked(message_ids: Iterable[int]) -> list[int]:
    """Return the ids in the order in which they are locked, each once."""
    wanted = sorted(set(message_ids))
    if len(wanted) > MOST_AT_ONCE:
        raise Invalid("also", f"Mỗi lần chỉ quyết định được {MOST_AT_ONCE} câu.")
    return wanted


def _taken(standing: Decision) -> NotNow:
    if standing.label is None:
        return NotNow("Câu này đã được bỏ qua. Anh/chị hoàn tác trước rồi gắn nhãn giúp.")
    return NotNow(f"Câu này đã được gắn nhãn “{standing.label}”. Anh/chị hoàn tác trước rồi gắn lại giúp.")


def _actor(staff: StaffMember) -> str:
    return f"staff:{staff.id}"
