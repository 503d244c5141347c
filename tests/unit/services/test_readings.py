"""What is kept of an answer, and when somebody should look at it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from bot.services.ports_engine import EngineAnswer, Ranked
from bot.services.readings import reading_of

SURE, NARROW = (0.97, 0.02), (0.45, 0.4)


def answer(
    shares: Sequence[float] = SURE, outcomes: Sequence[Mapping[str, Any]] = (), in_scope: float | None = 0.9
) -> EngineAnswer:
    ranking = [Ranked(name=f"need_{place}", confidence=share) for place, share in enumerate(shares)]
    return EngineAnswer(
        message_id="m-1", model_id="x", intent=ranking[0], ranking=ranking, outcomes=outcomes, in_scope=in_scope
    )


@pytest.mark.parametrize(
    ("given", "decision", "doubtful"),
    [
        (answer(), "answer", False),
        (answer(NARROW), "answer", True),
        (answer((0.5,)), "answer", False),
        (answer(in_scope=0.1), "answer", True),
        (answer(in_scope=None), "answer", False),
        (answer(outcomes=[{"clarify": {"intents": ["a", "b"]}}]), "ask", True),
        (answer(outcomes=[{"handoff": {"reason": "out_of_scope"}}]), "hand_off", True),
        (answer(outcomes=[{"handoff": {"reason": "invoice_request"}}]), "answer", False),
        (answer(outcomes=[{"handoff": None}]), "answer", False),
    ],
)
def test_what_the_bot_was_in_doubt_about_is_to_be_looked_at(given: EngineAnswer, decision: str, doubtful: bool) -> None:
    reading = reading_of(given)
    assert (reading.decision, reading.doubtful) == (decision, doubtful)
    assert reading.ranking == tuple((one.name, one.confidence) for one in given.ranking)
