"""The examples of a need that somebody adds: customers' messages without their data, and sentences of the house."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.errors import Invalid, Unknown
from bot.domain.staff import StaffMember
from bot.domain.teaching.examples import Consent, Example, Source, labelled
from bot.domain.teaching.labels import sameness
from bot.domain.teaching.masking import specimen
from bot.domain.teaching.needs import TaughtNeed
from bot.services.ports import Clock, UnitOfWork


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """A message or sentence that did not become an example."""

    message_id: int | None
    text: str
    reason: str


class NeedExamples:
    """Makes them, within a transaction of somebody else."""

    def __init__(self, clock: Clock, *, two_reviewers: bool) -> None:
        self._clock = clock
        self._two_reviewers = two_reviewers

    async def teach(
        self,
        uow: UnitOfWork,
        staff: StaffMember,
        need: TaughtNeed,
        message_ids: Sequence[int],
        sentences: Sequence[str],
    ) -> list[LeftOut]:
        """Make examples of messages and sentences, each once; return those of which none could be made."""
        names = tuple((await uow.staff.names()).values())
        refused = [await self._teach_message(uow, staff, need, one, names) for one in sorted(set(message_ids))]
        known: set[str] = set()
        for text in sentences:
            try:
                example = self._example(staff, need, text)
            except Invalid as failure:
                refused.append(LeftOut(message_id=None, text=text, reason=failure.reason))
                continue
            if sameness(example.text) not in known:
                known.add(sameness(example.text))
                await uow.teaching.add_example(example)
        return [one for one in refused if one is not None]

    async def _teach_message(
        self, uow: UnitOfWork, staff: StaffMember, need: TaughtNeed, message_id: int, names: Sequence[str]
    ) -> LeftOut | None:
        try:
            said = await uow.teaching.message(message_id, lock=True)
        except Unknown:
            return LeftOut(message_id=message_id, text="", reason="Không còn tin nhắn này.")
        standing = await uow.teaching.decision(message_id)
        if standing is not None:
            given = f"được gắn nhãn “{standing.label}”" if standing.label is not None else "được bỏ qua"
            return LeftOut(message_id=message_id, text="", reason=f"Câu này đã {given}.")
        try:
            text = specimen(said.text, (*names, said.name) if said.name else names)
            example = self._example(staff, need, text, message_id=message_id, customer_id=said.customer_id)
        except Invalid as failure:
            return LeftOut(message_id=message_id, text="", reason=failure.reason)
        added = await uow.teaching.add_example(example)
        await uow.teaching.decide(message_id, need.intent, staff.id, self._clock.now(), added.id)
        return None

    def _example(
        self,
        staff: StaffMember,
        need: TaughtNeed,
        text: str,
        message_id: int | None = None,
        customer_id: int | None = None,
    ) -> Example:
        own = message_id is None
        return labelled(
            id=0,
            text=text,
            label=need.intent,
            source=Source.WRITTEN if own else Source.CLUSTER,
            staff_id=staff.id,
            at=self._clock.now(),
            consent=Consent.OWN if own else Consent.DEIDENTIFIED,
            two_reviewers=self._two_reviewers,
            message_id=message_id,
            customer_id=customer_id,
        )
