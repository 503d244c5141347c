"""The handoff summary of a case, put together from what the store has of it; see `bot.domain.summaries`."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.cases import Case, CaseState
from bot.domain.messages import Author, Direction, Message
from bot.domain.summaries import ALIKE, HandoffSummary, Solved, content_words, likeness, summarise
from bot.services.ports import UnitOfWork
from bot.services.ports_cases import CaseFilter

LOOKED_AT = 50
"""Resolved cases of the same desk among which the most similar need is looked for."""

ANSWER_IN = 60
"""Newest messages of its conversation in which the answer is looked for."""


async def summary_of(
    uow: UnitOfWork, case: Case, transcript: Sequence[Message], earlier: Sequence[Case]
) -> HandoffSummary:
    """Return the summary. For staff only: a suggestion may be taken from another customer's case."""
    return summarise(case, transcript, earlier=earlier, solved=await _solved(uow, case) if case.open else ())


async def _solved(uow: UnitOfWork, case: Case) -> list[Solved]:
    """Return the resolved case of this desk whose need is most like this one's, with the words that answered it."""
    rows = await uow.cases.listing(CaseFilter(department=case.department, state=CaseState.RESOLVED, limit=LOOKED_AT))
    wanted = content_words(case.summary)
    alike = [
        (likeness(wanted, content_words(row.case.summary)), row.case)
        for row in rows
        if row.case.id != case.id and row.case.customer_id != case.customer_id
    ]
    close = sorted((one for one in alike if one[0] >= ALIKE), key=lambda one: (-one[0], -one[1].id))
    for _, found in close[:1]:
        said = await uow.messages.history(found.conversation_id, limit=ANSWER_IN, newest=True)
        answers = [one.text for one in said if _answers(one, found)]
        if answers:
            return [Solved(code=found.code, need=found.summary, answer=answers[-1])]
    return []


def _answers(message: Message, case: Case) -> bool:
    spoken = message.direction is Direction.OUTBOUND and message.author is Author.STAFF
    return spoken and message.case_id == case.id and bool(message.text.strip())
