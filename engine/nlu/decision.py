"""Answer, ask back, or hand to a person: thresholds that keep a promised error rate on messages never trained on."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

MOST_CANDIDATES = 3
# Fewer messages than this say too little about an error rate.
_ENOUGH = 30
_ASK_FINDS = 0.8
_SCOPE_KEEPS = 0.97
# The share of traffic that the thresholds assume to be about something else altogether.
_OUTSIDE_SHARE = 0.1


class Decision(StrEnum):
    """What the dialogue should do with a message."""

    ANSWER = "answer"
    ASK = "ask"
    HAND_OFF = "hand_off"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """`answer`: lowest confidence to answer at; `ask`: lowest total of the three likeliest to ask at; `scope`: lowest in-scope score to answer at."""

    answer: float = 0.6
    ask: float = 0.5
    scope: float = 0.0

    def decide(self, probabilities: Floats, in_scope: float) -> Decision:
        """Decide for one message, from its probabilities in descending order."""
        if probabilities[0] >= self.answer and in_scope >= self.scope:
            return Decision.ANSWER
        return Decision.ASK if probabilities[:MOST_CANDIDATES].sum() >= self.ask else Decision.HAND_OFF

    def candidates(self, probabilities: Floats) -> int:
        """How many of the likeliest intents to offer in a question: two or three, fewer when there are not as many intents."""
        third_matters = len(probabilities) > 2 and probabilities[2] >= 0.25 * probabilities[1]
        return min(len(probabilities), MOST_CANDIDATES if third_matters else MOST_CANDIDATES - 1)


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Unseen messages: confidence, total of the three likeliest, in-scope score, and whether the top (the top three) were right."""

    confidence: Floats
    top_three: Floats
    in_scope: Floats
    right: Bools
    among_three: Bools


def learn_thresholds(inside: Outcomes, outside: Sequence[Outcomes], risk: float) -> Thresholds:
    """Choose thresholds so that at most a share `risk` of the answered messages is answered wrongly.

    Messages outside every intent are wrong whatever is answered, and are weighed to be a tenth of the traffic.
    """
    if len(inside.right) < _ENOUGH:
        return Thresholds()
    scope = float(np.quantile(inside.in_scope[inside.right], 1.0 - _SCOPE_KEEPS)) if inside.right.any() else 0.0
    strangers = sum(len(part.right) for part in outside)
    weight_outside = _OUTSIDE_SHARE / (1 - _OUTSIDE_SHARE) * len(inside.right) / max(1, strangers)
    weights = np.repeat([1.0, weight_outside], [len(inside.right), strangers])
    every = _joined([inside, *outside])
    allowed = every.in_scope >= scope
    answer = _lowest(every.confidence[allowed], every.right[allowed], weights[allowed], 1.0 - risk)
    doubtful = ~(allowed & (every.confidence >= answer))
    ask = _lowest(every.top_three[doubtful], every.among_three[doubtful], weights[doubtful], _ASK_FINDS)
    return Thresholds(answer, ask, scope)


def _lowest(score: Floats, right: Bools, weights: Floats, share: float) -> float:
    """The lowest score from which on at least `share` are right; the highest that enough messages reach when none does."""
    if not len(score):
        return 1.0
    order = np.argsort(-score, kind="stable")
    total = np.cumsum(weights[order])
    enough = total >= min(_ENOUGH, total[-1])
    good = (np.cumsum((weights * right)[order]) / total >= share) & enough
    at = np.flatnonzero(good)[-1] if good.any() else np.flatnonzero(enough)[0]
    return float(score[order][at])


def _joined(parts: Sequence[Outcomes]) -> Outcomes:
    columns = zip(*((p.confidence, p.top_three, p.in_scope, p.right, p.among_three) for p in parts), strict=True)
    return Outcomes(*map(np.concatenate, columns))
