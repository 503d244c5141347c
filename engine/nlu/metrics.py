"""Figures that say how good an understanding is. Plain functions over arrays."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def calibration_error(confidence: Floats, correct: Bools, bins: int = 15) -> float:
    """Expected calibration error: how far stated confidence and share of right answers lie apart."""
    if not len(confidence):
        return 0.0
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    stated = np.bincount(which, confidence, bins)
    right = np.bincount(which, correct.astype(float), bins)
    return float(np.abs(stated - right).sum() / len(confidence))


def macro_f1(truth: list[str], answer: list[str]) -> float:
    """Mean F1 over the intents that occur in the truth; an intent seldom asked for counts as much as a frequent one."""
    scores = []
    for intent in sorted(set(truth)):
        hit = sum(t == a == intent for t, a in zip(truth, answer, strict=True))
        total = truth.count(intent) + answer.count(intent)
        scores.append(2 * hit / total)
    return float(np.mean(scores)) if scores else 0.0


def separation(inside: Floats, outside: Floats) -> float | None:
    """Area under the ROC curve: the chance that a message in scope scores above one out of scope; ties count half."""
    if not len(inside) or not len(outside):
        return None
    ordered = np.sort(outside)
    below = np.searchsorted(ordered, inside, "left")
    upto = np.searchsorted(ordered, inside, "right")
    return float((below + upto).mean() / (2 * len(outside)))


def risk_at(confidence: Floats, correct: Bools) -> tuple[Floats, Floats]:
    """Coverage and error rate when only the most confident share is answered, for every share."""
    order = np.argsort(-confidence, kind="stable")
    answered = np.arange(1, len(order) + 1)
    return answered / len(order), np.cumsum(~correct[order]) / answered
