"""Answer, ask back, or hand to a person: thresholds read off messages that the separators had never seen.

A wrong answer costs more than a question, and a question whose buttons all miss costs more than a person. So a
message is answered while the chance that the answer is wrong stays below `doubt`; else the customer is asked, while
one of the three likeliest needs is still likely enough to be meant; else a person takes over.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from sklearn.isotonic import IsotonicRegression

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

MOST_CANDIDATES = 3
# Fewer messages than this say too little about an error rate.
_ENOUGH = 50
# The chance to find the need among the candidates below which a question is no help.
_ASK_FINDS = 0.5
# The share of rightly understood messages that the in-scope score may keep from being answered at once.
_SCOPE_STOPS = 0.02
# The share of traffic that the thresholds assume to be about something else altogether.
_OUTSIDE_SHARE = 0.05
_WORTH_OFFERING = 0.25


class Decision(StrEnum):
    """What the dialogue should do with a message."""

    ANSWER = "answer"
    ASK = "ask"
    HAND_OFF = "hand_off"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The lowest confidence to answer at, total of the three likeliest to ask at, and in-scope score to answer at."""

    answer: float = 0.7
    ask: float = 0.5
    scope: float = 0.0

    def decide(self, probabilities: Floats, scope: float) -> Decision:
        """Decide for one message, from its probabilities in descending order."""
        if probabilities[0] >= self.answer and scope >= self.scope:
            return Decision.ANSWER
        return Decision.ASK if probabilities[:MOST_CANDIDATES].sum() >= self.ask else Decision.HAND_OFF

    def candidates(self, probabilities: Floats) -> int:
        """How many of the likeliest intents to offer in a question: two or three, if there are as many."""
        third = len(probabilities) > 2 and probabilities[2] >= _WORTH_OFFERING * probabilities[1]
        return min(len(probabilities), MOST_CANDIDATES if third else MOST_CANDIDATES - 1)


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Unseen messages: their scores, and whether the likeliest intent, or one of the three likeliest, was right."""

    confidence: Floats
    top_three: Floats
    in_scope: Floats
    right: Bools
    among_three: Bools


def learn_thresholds(inside: Outcomes, outside: Sequence[Outcomes], doubt: float) -> Thresholds:
    """Choose thresholds so that no answer is given whose chance of being wrong exceeds `doubt`.

    Messages outside every intent are wrong whatever is answered, and are weighed to be a small share of the traffic.
    """
    if len(inside.right) < _ENOUGH or not inside.right.any():
        return Thresholds()
    scope = float(np.quantile(inside.in_scope[inside.right], _SCOPE_STOPS))
    strangers = sum(len(part.right) for part in outside)
    weight_outside = _OUTSIDE_SHARE / (1 - _OUTSIDE_SHARE) * len(inside.right) / max(1, strangers)
    weights = np.repeat([1.0, weight_outside], [len(inside.right), strangers])
    every = _joined([inside, *outside])
    allowed = every.in_scope >= scope
    answer = _lowest(every.confidence[allowed], every.right[allowed], weights[allowed], 1.0 - doubt)
    return Thresholds(answer, _lowest(every.top_three, every.among_three, weights, _ASK_FINDS), scope)


def _lowest(score: Floats, right: Bools, weights: Floats, chance: float) -> float:
    """The lowest score at which a message still has this chance of being right; 0 when all have, 1 when none has."""
    curve = IsotonicRegression(out_of_bounds="clip").fit(score, right.astype(float), sample_weight=weights)
    good = np.flatnonzero(curve.y_thresholds_ >= chance)
    if not len(good):
        return 1.0
    return float(curve.X_thresholds_[good[0]]) if good[0] else 0.0


def _joined(parts: Sequence[Outcomes]) -> Outcomes:
    columns = zip(*((p.confidence, p.top_three, p.in_scope, p.right, p.among_three) for p in parts), strict=True)
    return Outcomes(*map(np.concatenate, columns))
