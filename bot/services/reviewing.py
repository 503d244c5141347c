"""Reviewing: what those who teach should look at first, and what they decide.

An example never holds a customer's own words: personal data is replaced before it is stored, and whoever decides sees
the masked text only.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from bot.domain.company import Company
from bot.domain.errors import Invalid
from bot.domain.staff import StaffMember, require_lead
from bot.domain.teaching.examples import EntityMark, Example, ExampleState
from bot.domain.teaching.labels import NOT_A_NEED
from bot.domain.teaching.marking import Part
from bot.domain.teaching.masking import mask
from bot.domain.teaching.worth import Group, Seen, order
from bot.services.consents import Consents
from bot.services.decisions import TEACHING, Decided, Said, said_of
from bot.services.lessons import LessonBook
from bot.services.ports import Clock, Store
from bot.services.ports_teach import Candidate
from bot.services.sitting import Sitting
from bot.services.taking_back import taking_back
from bot.services.wrong_needs import WrongNeeds

LOOKED_BACK: Final = timedelta(days=30)
SHOWN_MEMBERS: Final = 5
"""Near-duplicates of an entry that are shown; a decision may be meant for all of them."""
MOST_AT_ONCE: Final = 100
MOST_WRITTEN: Final = 100_000
KIND: Final = TEACHING


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A group of near-duplicates with texts in which nobody can be recognised, the leader's first.

    ``said`` is set where somebody's label of the leader waits for a second person, or two people disagree on it.
    """

    group: Group
    texts: tuple[str, ...]
    said: tuple[Said, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Queue:
    """What to look at first. ``waiting`` counts all entries, ``labelled`` the decisions that stand.

    ``entities`` are the names that a part of a text may be marked with; ``names`` those of staff.
    """

    entries: Sequence[Entry]
    waiting: int
    labelled: int
    approved: int
    entities: Sequence[str]
    names: Mapping[int, str]


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page of what was taught. ``refused`` are customers who want nothing learned from them, ``names`` staff's."""

    examples: Sequence[Example]
    refused: frozenset[int]
    names: Mapping[int, str]


class Reviewing:
    """Moves of those who teach; they lead or are admins.

    Without a ``book`` nothing can be marked or exported.
    """

    def __init__(self, *, store: Store, clock: Clock, company: Company, book: LessonBook | None = None) -> None:
        self._store = store
        self._clock = clock
        self._company = company
        self._book = book or LessonBook(None)
        self.two_reviewers = company.teaching.two_reviewers
        self.wrong_needs = WrongNeeds(store=store, clock=clock, company=company)
        self.consents = Consents(store=store, clock=clock)

    # --- reading ------------------------------------------------------------------------------------------------------

    async def queue(self, staff: StaffMember, limit: int) -> Queue:
        """Return what is worth a look, in order. Raises `NotPermitted`."""
        require_lead(staff)
        now, lessons = self._clock.now(), await self._book.lessons()
        async with self._store.read() as uow:
            found = await uow.teaching.candidates(now - LOOKED_BACK, now.toordinal(), second=staff.id)
            names = await uow.staff.names()
            labelled_so_far, approved = await uow.teaching.counts()
        found = [self._owned(one) for one in found]
        # Comparing and masking take longer than the doors, which share this process, may wait.
        entries, waiting = await asyncio.to_thread(_entries, found, names, limit, now.toordinal())
        return Queue(
            entries=entries,
            waiting=waiting,
            labelled=labelled_so_far,
            approved=approved,
            entities=sorted(lessons.entities),
            names=names,
        )

    def _owned(self, candidate: Candidate) -> Candidate:
        """Return the message with the department that its need belongs to; what the case wanted moves along with it."""
        seen = candidate.seen
        owner = self._company.owners.get(seen.intent or "", seen.department_first)
        return replace(candidate, seen=replace(seen, department_first=owner))

    async def examples(self, staff: StaffMember, *, state: ExampleState | None, before: int | None, limit: int) -> Page:
        """Return a page of examples, the newest first. Raises `NotPermitted`."""
        require_lead(staff)
        async with self._store.read() as uow:
            found = await uow.teaching.examples(state=state, before=before, limit=limit)
            customers = {one.customer_id for one in found if one.customer_id is not None}
            refused = await uow.teaching.refused(customers)
            return Page(examples=found, refused=refused, names=await uow.staff.names())

    async def written(self, staff: StaffMember) -> str:
        """Return the approved examples as a training file, for those who keep it in git.

        Raises:
            NotPermitted: the person does not lead.
            Invalid: one of them cannot be written so that it reads the same.
        """
        require_lead(staff)
        async with self._store.read() as uow:
            taught = await uow.teaching.approved(MOST_WRITTEN)
        return await self._book.written(taught)

    # --- deciding -----------------------------------------------------------------------------------------------------

    async def label(
        self,
        staff: StaffMember,
        message_ids: Sequence[int],
        label: str,
        marks: Sequence[EntityMark] = (),
        *,
        settle: bool = False,
    ) -> list[Decided]:
        """Say which need messages speak of; ``marks`` are in the masked text of the first. See `Sitting.label`.

        Raises:
            NotPermitted: the person does not lead.
            Invalid: the company has no such need, or a text cannot be learned from.
            ForbiddenMove: another decision stands on one of them.
            Unknown: one of them is no message of a customer.
        """
        self._require_need(label)
        marked = {message_ids[0]: marks} if message_ids else {}
        async with self._sitting(staff) as sitting:
            return [
                await sitting.label(one, label, marked.get(one, ()), settle=settle) for one in _checked(message_ids)
            ]

    async def split(self, staff: StaffMember, message_id: int, parts: Sequence[Part]) -> Decided:
        """Say that a message speaks of several needs; see `label` for what it raises."""
        for one in parts:
            self._require_need(one.label)
        if all(one.label == NOT_A_NEED for one in parts):
            raise Invalid("parts", "Ít nhất một phần phải là một nhu cầu.")
        async with self._sitting(staff) as sitting:
            return await sitting.split(message_id, parts)

    async def skip(self, staff: StaffMember, message_ids: Iterable[int]) -> list[Decided]:
        """Put messages aside; see `label` for what it raises."""
        async with self._sitting(staff) as sitting:
            return [await sitting.skip(one) for one in _checked(message_ids)]

    async def undo(self, staff: StaffMember, message_ids: Iterable[int]) -> list[Decided]:
        """Take back what was decided on messages; what nobody decided on stays as it is. Raises as `label` does."""
        async with self._sitting(staff) as sitting:
            return [await sitting.undo(one) for one in _checked(message_ids)]

    async def approve(self, staff: StaffMember, example_id: int) -> Example:
        """Be the second person for an example. Raises `NotPermitted`, `Unknown`, `ForbiddenMove`."""
        async with self._sitting(staff) as sitting:
            return await sitting.approve(example_id)

    async def withdraw(self, staff: StaffMember, example_id: int) -> Example:
        """Delete an example's words, and open its message again. Raises `NotPermitted`, `Unknown`."""
        async with self._sitting(staff) as sitting:
            example = await sitting.back.example(example_id)
            await sitting.uow.audit.write(sitting.now, f"staff:{staff.id}", "teach.withdraw", f"example {example_id}")
            return example

    def _require_need(self, label: str) -> None:
        if label != NOT_A_NEED and label not in self._company.owners:
            raise Invalid("label", f"Không có nhu cầu nào tên “{label}”.")

    @asynccontextmanager
    async def _sitting(self, staff: StaffMember) -> AsyncIterator[Sitting]:
        require_lead(staff)
        lessons = await self._book.lessons()
        async with self._store.begin() as uow:
            now = self._clock.now()
            async with taking_back(uow, now) as back:
                yield Sitting(
                    uow=uow,
                    staff=staff,
                    now=now,
                    two_reviewers=self.two_reviewers,
                    names=await uow.staff.names(),
                    lessons=lessons,
                    back=back,
                )
            await uow.feed.publish(KIND, None, {"by": staff.id})


def _entries(found: Sequence[Candidate], names: Mapping[int, str], limit: int, seed: int) -> tuple[list[Entry], int]:
    """Return the first entries with masked texts, and how many there are."""
    groups = order((one.seen for one in found), seed=seed)
    known = {one.seen.message_id: one for one in found}

    def masked(seen: Seen) -> str:
        return mask(seen.text, names.values(), known[seen.message_id].name)

    def entry(group: Group) -> Entry:
        leader = known[group.leader.message_id]
        texts = tuple(masked(one) for one in group.members[:SHOWN_MEMBERS])
        return Entry(group=group, texts=texts, said=said_of(leader.decision, leader.objection))

    return [entry(group) for group in groups[:limit]], len(groups)


def _checked(message_ids: Iterable[int]) -> list[int]:
    """Return the ids in the order in which they are locked, each once."""
    wanted = sorted(set(message_ids))
    if len(wanted) > MOST_AT_ONCE:
        raise Invalid("also", f"Mỗi lần chỉ quyết định được {MOST_AT_ONCE} câu.")
    return wanted
