"""How the engine read a turn, in the form in which it is kept for those who teach the assistant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.domain.teaching.worth import NARROW, STRANGE
from bot.domain.turns import Reading
from bot.services.ports_engine import EngineAnswer

ANSWER, ASK, HAND_OFF = "answer", "ask", "hand_off"
NOT_UNDERSTOOD: Final = frozenset({"out_of_scope"})
"""Reasons of a handoff for which the bot did not know what was wanted (`actions/doubt.py`)."""


def reading_of(answer: EngineAnswer) -> Reading:
    """Return what is kept of an answer. It is doubtful where the bot asked back, gave up, or had to choose."""
    ranking = tuple((one.name, round(one.confidence, 4)) for one in answer.ranking)
    decision = _decision(answer)
    narrow = len(ranking) > 1 and ranking[0][1] - ranking[1][1] < NARROW
    strange = answer.in_scope is not None and answer.in_scope < STRANGE
    return Reading(
        ranking=ranking,
        in_scope=answer.in_scope,
        decision=decision,
        doubtful=decision != ANSWER or narrow or strange,
    )


def _decision(answer: EngineAnswer) -> str:
    for outcome in answer.outcomes:
        if "clarify" in outcome:
            return ASK
        handoff = outcome.get("handoff")
        if isinstance(handoff, Mapping) and handoff.get("reason") in NOT_UNDERSTOOD:
            return HAND_OFF
    return ANSWER
