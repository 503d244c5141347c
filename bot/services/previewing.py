"""What the bot would make of a message: a turn through the real engine that is stored nowhere and opens no case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid4

from bot.domain.company import Company, Language, Words
from bot.domain.errors import Invalid, Unknown
from bot.domain.knowledge import Knowledge, Wordings
from bot.domain.staff import StaffMember, require_lead
from bot.domain.teaching.answers import checked_texts
from bot.domain.text import clean
from bot.services import facts
from bot.services.answers import NOTHING
from bot.services.ports import Clock, Store, UnitOfWork
from bot.services.ports_engine import Engine, EngineAnswer, EngineRequest
from bot.services.readings import reading_of


@dataclass(frozen=True, kw_only=True)
class Draft:
    """Texts of an answer to try out; a language without any is as it is."""

    key: str
    vi: Sequence[str]
    en: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What came back. ``decision`` is the bot's, ``handed_to`` the department that would have got a case."""

    answer: EngineAnswer
    label: Words
    decision: str
    department: str
    handed_to: str | None


class Previewing:
    """Asks the engine as a stranger would, with every open department staffed."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        company: Company,
        base: Knowledge,
        placeholders: frozenset[str],
        engine: Engine,
    ) -> None:
        self._store = store
        self._clock = clock
        self._company = company
        self._base = base
        self._placeholders = placeholders
        self._engine = engine

    async def preview(self, staff: StaffMember, text: str, language: Language, draft: Draft | None) -> Preview:
        """Return what the bot would make of a message.

        Raises:
            NotPermitted: the person does not lead.
            Invalid: the message says nothing, or the draft has faults.
            HeldByGuard: the draft sends the customer away.
            Unknown: there is no such answer to draft.
            EngineUnavailable: the engine gives no answer now.
        """
        require_lead(staff)
        said = clean(text)
        if not said:
            raise Invalid("text", "Anh/chị viết một câu như khách sẽ nhắn giúp.")
        async with self._store.read() as uow:
            names = {one.intent: one.name for one in await uow.needs.listed()}
            drafts = await self._drafted(uow, draft, names, language) if draft is not None else {}
        known = facts.of_stranger(self._company, self._clock.now())
        request = EngineRequest(
            conversation=f"preview-{uuid4().hex}",
            message_id=uuid4().hex,
            text=said,
            dialogue=None,
            facts={**known, "language": language.value, "drafts": drafts},
        )
        return self._preview(await self._engine.turn(request), names)

    async def _drafted(
        self, uow: UnitOfWork, draft: Draft, taught: Mapping[str, Words], language: Language
    ) -> dict[str, dict[str, list[str]]]:
        own = draft.key not in self._base.answers
        if own and draft.key not in taught:
            raise Unknown(f"answer {draft.key}")
        newest = await uow.answers.latest(draft.key)
        now = newest.texts if newest is not None else None
        said: Wordings = now or self._base.answers.get(draft.key, NOTHING)
        texts = checked_texts(draft.vi or said.vi, draft.en or said.en, self._placeholders, english=not own)
        # All of both languages could be more than the engine takes in.
        vi, en = (texts.vi[:1], texts.en) if language is Language.EN else (texts.vi, ())
        return {draft.key: {"vi": list(vi), "en": list(en)}}

    def _preview(self, answer: EngineAnswer, taught: Mapping[str, Words]) -> Preview:
        intent = answer.intent.name
        handed = next((_department(one["handoff"]) for one in answer.outcomes if "handoff" in one), None)
        owner = next((str(one["department"]) for one in answer.outcomes if "department" in one), None)
        return Preview(
            answer=answer,
            label=taught.get(intent) or self._base.needs.get(intent) or Words(intent, intent),
            decision=reading_of(answer).decision or "",
            department=self._company.department_or_reception(
                handed or owner or self._company.department_for(intent).id
            ).id,
            handed_to=self._company.department_or_reception(handed).id if handed is not None else None,
        )


def _department(handoff: object) -> str:
    return str(handoff.get("department")) if isinstance(handoff, Mapping) else ""
