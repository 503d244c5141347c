"""One person deciding on messages within one transaction: what becomes an example, and who said otherwise."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.company import RoleId
from bot.domain.errors import Invalid
from bot.domain.staff import StaffMember
from bot.domain.teaching.examples import Consent, EntityMark, Example, ExampleState, Source, labelled
from bot.domain.teaching.labels import NOT_A_NEED
from bot.domain.teaching.marking import Marked, Part, piece, sentence
from bot.domain.teaching.masking import Masked, masked
from bot.services.decisions import Decided, Said, SaidOtherwise, said_of, told
from bot.services.lessons import Lessons
from bot.services.ports import UnitOfWork
from bot.services.ports_review import Objection
from bot.services.ports_teach import Decision, Spoken
from bot.services.refusals import NotNow
from bot.services.taking_back import TakingBack, unsay

JOIN: Final = "+"
"""Between the labels of a message that was split; no name of a need has it."""


@dataclass(frozen=True, kw_only=True)
class Sitting:
    """See above. ``names`` are those of staff by id, which are covered in texts and told in refusals."""

    uow: UnitOfWork
    staff: StaffMember
    now: datetime
    two_reviewers: bool
    names: Mapping[int, str]
    lessons: Lessons
    back: TakingBack
    source: Source = Source.REVIEW
    """Where labelled messages came from, but for those that staff had said were misread."""

    async def label(
        self, message_id: int, label: str, marks: Sequence[EntityMark] = (), *, settle: bool = False
    ) -> Decided:
        """Say which need a message speaks of; the same label by a second person approves what the first one proposed.

        Where two people are wanted, another label is an objection, which a third person settles, or an admin, who says
        ``settle`` where they are one of the two.

        Raises:
            Unknown: it is no message of a customer.
            Invalid: the text cannot be learned from, or a mark is wrong.
            SaidOtherwise: another decision stands on it, or the same text teaches something else.
            ForbiddenMove: the customer does not want to be learned from.
        """
        message = await self._message(message_id)
        standing = await self.uow.teaching.decision(message_id)
        if standing is None:
            return await self._first(message, label, marks)
        examples = await self.uow.teaching.of_message(message_id)
        objection = await self.uow.teaching.objection(message_id)
        if objection is not None:
            return await self._settle(message, standing, objection, label, marks, settle=settle)
        if standing.label == label:
            return await self._agree(standing, examples)
        open_to_doubt = all(one.state is ExampleState.PROPOSED for one in examples) and JOIN not in (
            standing.label or ""
        )
        if not self.two_reviewers or not open_to_doubt or standing.label is None or standing.staff_id == self.staff.id:
            raise self._otherwise(standing)
        await self.uow.teaching.object(message_id, label, self.staff.id, self.now)
        await self._note("teach.object", message_id, label=label)
        return Decided(message_id=message_id, label=standing.label, examples=tuple(examples), disputed=True)

    async def split(self, message_id: int, parts: Sequence[Part]) -> Decided:
        """Say that a message speaks of several needs; each part is an example. Raises as `label` does."""
        message = await self._message(message_id)
        shown = self._shown(message)
        taught = [(piece(shown, one), one.label) for one in parts]
        joined = JOIN.join(one.label for one in parts)
        standing = await self.uow.teaching.decision(message_id)
        if standing is None:
            examples = await self._teach(message, taught)
            await self._decide(message_id, joined, examples)
            await self._note("teach.split", message_id, label=joined)
            return Decided(message_id=message_id, label=joined, examples=tuple(examples))
        found = await self.uow.teaching.of_message(message_id)
        wanted = [words.text for words, label in taught if label != NOT_A_NEED]
        if standing.label != joined or [one.text for one in found] != wanted:
            raise self._otherwise(standing)
        return await self._agree(standing, found)

    async def own(self, text: str, label: str) -> str | None:
        """Teach a sentence of the house, once; personal data in it are replaced as in a message.

        Returns what it teaches where something was replaced, ``None`` where nothing was.

        Raises:
            Invalid: it cannot be learned from.
            SaidOtherwise: it teaches something else already.
        """
        shown = masked(text, self.names.values())
        example = labelled(
            id=0,
            text=sentence(shown).text,
            label=label,
            source=Source.WRITTEN,
            staff_id=self.staff.id,
            at=self.now,
            consent=Consent.OWN,
            two_reviewers=self.two_reviewers,
        )
        await self._check_alike(example)
        if not await self.uow.teaching.alike(example.text):
            added = await self.uow.teaching.add_example(example)
            await self._audit("teach.write", f"example {added.id}", label=label)
        return example.text if shown.spans else None

    async def skip(self, message_id: int) -> Decided:
        """Put a message aside; see `label` for what it raises."""
        await self.uow.teaching.message(message_id, lock=True)
        standing = await self.uow.teaching.decision(message_id)
        if standing is None:
            await self.uow.teaching.decide(message_id, None, self.staff.id, self.now, None)
            await self._note("teach.skip", message_id)
        elif standing.label is not None:
            raise self._otherwise(standing)
        return Decided(message_id=message_id, label=None)

    async def undo(self, message_id: int) -> Decided:
        """Take back what was decided on a message; what nobody decided on stays as it is. Raises `Unknown`.

        A second person takes back only what they said themselves: the first one's label waits for a second again.
        """
        if await unsay(self.uow, message_id, self.staff.id, self.now):
            await self._note("teach.unsay", message_id)
            return Decided(message_id=message_id, label=None, undone=True)
        standing = await self.back.decision(message_id)
        if standing is not None:
            await self._note("teach.undo", message_id, label=standing.label)
        return Decided(message_id=message_id, label=standing.label if standing else None, undone=True)

    async def approve(self, example_id: int) -> Example:
        """Be the second person for one example.

        Raises:
            Unknown: there is no such example.
            NotPermitted: the person labelled it.
            ForbiddenMove: it was withdrawn, or somebody objected.
        """
        found = await self.uow.teaching.example(example_id, lock=False)
        if found.message_id is not None:
            await self.uow.teaching.message(found.message_id, lock=True)
            if await self.uow.teaching.objection(found.message_id) is not None:
                raise NotNow("Câu này đang có hai ý kiến khác nhau, anh/chị chọn nhãn ở hàng đợi giúp.")
        example = await self.uow.teaching.example(example_id)
        if example.state is ExampleState.WITHDRAWN:
            raise NotNow("Câu này vừa được gỡ, không còn gì để duyệt.")
        return (await self._approve([example], two=self.two_reviewers))[0]

    # --- steps --------------------------------------------------------------------------------------------------------

    async def _message(self, message_id: int) -> Spoken:
        message = await self.uow.teaching.message(message_id, lock=True)
        if await self.uow.teaching.refusal(message.customer_id) is not None:
            raise NotNow("Khách này không đồng ý cho dùng tin nhắn để dạy trợ lý.")
        return message

    async def _first(
        self, message: Spoken, label: str, marks: Sequence[EntityMark], *, by: int | None = None
    ) -> Decided:
        taught = [(sentence(self._shown(message), marks), label)] if label != NOT_A_NEED else []
        examples = await self._teach(message, taught, by=by)
        await self._decide(message.message_id, label, examples, by=by)
        await self._note("teach.label", message.message_id, label=label)
        return Decided(message_id=message.message_id, label=label, examples=tuple(examples))

    async def _agree(self, standing: Decision, examples: Sequence[Example]) -> Decided:
        """Say the same: an approval by a second person, and nothing new by the first."""
        others = [one for one in examples if one.labelled_by != self.staff.id]
        approved = {one.id: one for one in await self._approve(others, two=self.two_reviewers)}
        kept = tuple(approved.get(one.id, one) for one in examples)
        return Decided(message_id=standing.message_id, label=standing.label, examples=kept)

    async def _settle(
        self,
        message: Spoken,
        standing: Decision,
        objection: Objection,
        label: str,
        marks: Sequence[EntityMark],
        *,
        settle: bool,
    ) -> Decided:
        """Deal with a label for what two people see differently: giving in, or a third voice; nothing new otherwise."""
        me, admin = self.staff.id, settle and self.staff.role is RoleId.ADMIN
        own = {standing.staff_id: standing.label, objection.staff_id: objection.label}.get(me)
        if own == label and not admin:
            examples = await self.uow.teaching.of_message(message.message_id)
            return Decided(message_id=message.message_id, label=standing.label, examples=tuple(examples), disputed=True)
        if own is not None and label not in (standing.label, objection.label) and not admin:
            raise self._otherwise(standing, objection)
        await self.uow.teaching.settle(objection, self.now)
        await self._note("teach.settle", message.message_id, label=label)
        if label == standing.label:
            examples = await self.uow.teaching.of_message(message.message_id)
            approved = await self._approve(examples, two=not admin)
            return Decided(message_id=message.message_id, label=label, examples=tuple(approved))
        await self.back.decision(message.message_id)
        seconded = label == objection.label
        decided = await self._first(message, label, marks, by=objection.staff_id if seconded else me)
        if not (seconded or admin):
            return decided
        approved = await self._approve(decided.examples, two=not admin)
        return Decided(message_id=message.message_id, label=label, examples=tuple(approved))

    async def _teach(
        self, message: Spoken, taught: Sequence[tuple[Marked, str]], *, by: int | None = None
    ) -> list[Example]:
        corrected = await self.uow.teaching.corrected(message.message_id)
        examples = []
        for part, (words, label) in enumerate(taught):
            if label == NOT_A_NEED:
                continue
            self._check_names(words)
            example = labelled(
                id=0,
                text=words.text,
                label=label,
                source=Source.CORRECTION if corrected else self.source,
                staff_id=by or self.staff.id,
                at=self.now,
                consent=Consent.DEIDENTIFIED,
                two_reviewers=self.two_reviewers,
                message_id=message.message_id,
                customer_id=message.customer_id,
                entities=words.marks,
                part=part,
            )
            await self._check_alike(example)
            examples.append(await self.uow.teaching.add_example(example))
        return examples

    def _check_names(self, words: Marked) -> None:
        if unknown := sorted({one.name for one in words.marks} - self.lessons.entities):
            raise Invalid("entities", f"Không có loại thông tin nào tên “{unknown[0]}”.")

    async def _check_alike(self, example: Example) -> None:
        """Refuse a text that teaches something else already, since nobody could train on both, or cannot be written."""
        await asyncio.to_thread(self.lessons.check, example)
        said = [
            Said(
                label=one.label,
                staff_id=one.labelled_by,
                at=one.made_at,
                message_id=one.message_id,
                example_id=one.id,
            )
            for one in await self.uow.teaching.alike(example.text)
            if one.label != example.label
        ]
        said += [Said(label=one) for one in self.lessons.otherwise(example.text, example.label)]
        if said:
            raise SaidOtherwise(f"Cùng một câu đang dạy nhu cầu khác: {told(said, self.names)}.", said)

    async def _approve(self, examples: Sequence[Example], *, two: bool) -> list[Example]:
        approved = []
        for one in examples:
            found = one.approved(self.staff.id, two_reviewers=two) if one.state is ExampleState.PROPOSED else one
            if found is not one:
                await self.uow.teaching.save_example(found)
                subject = f"example {one.id}" if one.message_id is None else f"message {one.message_id}"
                await self._audit("teach.approve", subject, label=one.label)
            approved.append(found)
        return approved

    async def _decide(self, message_id: int, label: str, examples: Sequence[Example], *, by: int | None = None) -> None:
        example_id = examples[0].id if examples else None
        await self.uow.teaching.decide(message_id, label, by or self.staff.id, self.now, example_id)

    # --- words --------------------------------------------------------------------------------------------------------

    def _shown(self, message: Spoken) -> Masked:
        return masked(message.text, self.names.values(), message.name)

    def _otherwise(self, standing: Decision, objection: Objection | None = None) -> SaidOtherwise:
        said = said_of(standing, objection)
        return SaidOtherwise(f"Câu này {told(said, self.names)}. Anh/chị hoàn tác trước rồi gắn lại giúp.", said)

    async def _note(self, action: str, message_id: int, label: str | None = None) -> None:
        await self._audit(action, f"message {message_id}", label=label)

    async def _audit(self, action: str, subject: str, label: str | None) -> None:
        await self.uow.audit.write(self.now, f"staff:{self.staff.id}", action, subject, label=label)
