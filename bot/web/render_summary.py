"""The JSON shapes of what a case page says beside the case: the handoff summary, its deadlines, the wait."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.domain.cases import Case, CaseState
from bot.domain.moods import Mood
from bot.domain.sla import SlaClock
from bot.domain.summaries import HandoffSummary
from bot.web.endpoint import Given
from bot.web.render_work import Reader


class FactOut(Given):
    """A collected detail under the name by which it is stored."""

    name: str
    value: str


class PastCaseOut(Given):
    """An earlier case of the same customer."""

    code: str
    department: str
    department_label: str
    state: CaseState
    summary: str
    opened_at: datetime
    owner_name: str | None


class SuggestionOut(Given):
    """Words that answered this need before. ``code``: the resolved case they are from, null: the assistant's own."""

    text: str
    code: str | None


class SummaryOut(Given):
    """What a person needs to know before speaking; ``need``, ``mood_said`` and ``said_by_bot`` are quotations."""

    need: list[str]
    collected: list[FactOut]
    mood: Mood
    mood_said: str
    said_by_bot: list[str]
    history: list[PastCaseOut]
    suggestion: SuggestionOut | None


class DeadlinesOut(Given):
    """When what is due; null where nothing is owed. The resolution stands still while ``waiting_for_customer``.

    ``asked_for_time``: a person has asked the customer for it, and has not answered since.
    """

    first_due_at: datetime | None
    next_due_at: datetime | None
    resolution_due_at: datetime | None
    waiting_for_customer: bool
    asked_for_time: bool


class WaitOut(Given):
    """What the customer was last told of the wait: people ahead, and a range in minutes from ``since``."""

    since: datetime
    ahead: int | None
    low: int | None
    high: int | None


def summary_out(summary: HandoffSummary, reader: Reader) -> SummaryOut:
    """Return a handoff summary."""
    suggestion = summary.suggestion
    return SummaryOut(
        need=list(summary.need),
        collected=[FactOut(name=one.name, value=one.value) for one in summary.collected],
        mood=summary.mood,
        mood_said=summary.mood_said,
        said_by_bot=list(summary.said_by_bot),
        history=[
            PastCaseOut(
                code=one.code,
                department=one.department,
                department_label=reader.label(one.department),
                state=one.state,
                summary=one.summary,
                opened_at=one.opened_at,
                owner_name=reader.name(one.owner_id),
            )
            for one in summary.history
        ],
        suggestion=SuggestionOut(text=suggestion.text, code=suggestion.code) if suggestion else None,
    )


def deadlines_out(clock: SlaClock) -> DeadlinesOut:
    """Return the deadlines of a case."""
    return DeadlinesOut(
        first_due_at=_utc(clock.first_due_at),
        next_due_at=_utc(clock.next_due_at),
        resolution_due_at=_utc(clock.resolution_due_at),
        waiting_for_customer=clock.waiting_for_customer,
        asked_for_time=clock.asked_for_time,
    )


def _utc(moment: datetime | None) -> datetime | None:
    """Return a moment as every other one of a case page is written."""
    return None if moment is None else moment.astimezone(UTC)


def wait_out(case: Case) -> WaitOut | None:
    """Return the wait of a case, ``None`` where somebody has it."""
    if case.state is not CaseState.WAITING:
        return None
    return WaitOut(since=case.waits_from, ahead=case.ahead, low=_minutes(case.wait_low), high=_minutes(case.wait_high))


def _minutes(seconds: int | None) -> int | None:
    return None if seconds is None else round(seconds / 60)
