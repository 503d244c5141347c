"""From margins to honest numbers: confidence, in-scope score, and what to do with them.

All three are learned from margins that no separator had trained on: those of lines kept out of a fold, in all their
copies, and those of whole intents kept out of training, which stand for the needs nobody has thought of yet.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, log_softmax, logsumexp, softmax
from sklearn.linear_model import LogisticRegression

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]

# How much the counts weigh beside the separators; flat around this value.
_EVIDENCE_COUNTS = 0.1
# Sharpens margins before their sum is taken as an energy; margins of separators differ by about one between yes and no.
_ENERGY_SCALE = 4.0
_SHARPNESS_BEFORE_LEARNING = (1.3, 0.0, 0.0, 0.0)
_STAY_NEAR = 0.002
# Four weights are not learned better from more messages than this.
_ENOUGH = 5000
# The energy looks at this many margins, so that it means the same whatever the number of intents.
_ENERGY_OVER = 10


@dataclass(frozen=True, slots=True)
class Judged:
    """Messages, a row each: what separators and counts say, the share of known features, the number of words."""

    margins: Floats
    evidence: Floats
    known: Floats
    words: Floats

    @property
    def together(self) -> Floats:
        """Both opinions in the measure of the margins."""
        both: Floats = self.margins + _EVIDENCE_COUNTS * self.evidence
        return both

    def __len__(self) -> int:
        return len(self.margins)

    def every(self, step: int) -> "Judged":
        """Each `step`-th of the messages."""
        return Judged(self.margins[::step], self.evidence[::step], self.known[::step], self.words[::step])

    def which(self, wanted: Bools) -> "Judged":
        """The wanted messages."""
        return Judged(self.margins[wanted], self.evidence[wanted], self.known[wanted], self.words[wanted])

    def only(self, intents: Bools) -> "Judged":
        """The same messages judged by fewer intents."""
        return Judged(self.margins[:, intents], self.evidence[:, intents], self.known, self.words)


def joined(parts: Sequence[Judged]) -> Judged:
    """Messages judged by the same intents, one after the other; the empty parts may be of any width."""
    filled = [part for part in parts if len(part)]
    if not filled:
        return Judged(np.zeros((0, 1)), np.zeros((0, 1)), np.zeros(0), np.zeros(0))
    columns = zip(*((part.margins, part.evidence, part.known, part.words) for part in filled), strict=True)
    return Judged(*map(np.concatenate, columns))


@dataclass(frozen=True, slots=True)
class Sharpness:
    """How far the margins of a message may be sharpened: less for unknown words and undecided messages."""

    weights: tuple[float, ...] = _SHARPNESS_BEFORE_LEARNING

    def logits(self, judged: Judged) -> Floats:
        """Margins scaled so that their softmax is a probability one can believe."""
        logits: Floats = judged.together * np.exp(_hints(judged) @ np.array(self.weights))[:, None]
        return logits

    def probabilities(self, judged: Judged) -> Floats:
        """One probability per intent and message."""
        probabilities: Floats = softmax(self.logits(judged), axis=1)
        return probabilities


@dataclass(frozen=True, slots=True)
class Scope:
    """A logistic score of how likely a message is about one of the intents at all."""

    weights: tuple[float, ...] = (1.0, *[0.0] * 7)
    bias: float = 0.0

    def score(self, judged: Judged) -> Floats:
        """Scores between 0 (surely outside) and 1."""
        score: Floats = expit(_signals(judged) @ np.array(self.weights) + self.bias)
        return score


def learn_sharpness(judged: Judged, truth: Ints) -> Sharpness:
    """Find the sharpness under which the true intents of unseen messages are likeliest."""
    step = max(1, len(truth) // _ENOUGH)
    judged, truth = judged.every(step), truth[::step]
    hints, together = _hints(judged), judged.together
    rows = np.arange(len(truth))
    start = np.array(_SHARPNESS_BEFORE_LEARNING)

    def loss(weights: Floats) -> float:
        scale = np.exp(np.clip(hints @ weights, -5.0, 5.0))
        surprise = -log_softmax(together * scale[:, None], axis=1)[rows, truth].mean()
        return float(surprise + _STAY_NEAR * np.square(weights[1:]).sum())

    return Sharpness(
        tuple(float(weight) for weight in minimize(loss, start, method="L-BFGS-B", options={"maxiter": 40}).x)
    )


def learn_scope(strangers: Sequence[tuple[Judged, Judged]]) -> Scope:
    """Learn to tell messages of known intents from messages of intents that were kept out of training.

    Each pair was judged by separators of its own: messages of intents these knew, and of intents these did not.
    """
    pairs = [(_signals(here), _signals(there)) for here, there in strangers if len(here) and len(there)]
    if not pairs:
        return Scope()
    signals = np.concatenate([part for pair in pairs for part in pair])
    belongs = np.concatenate([np.repeat([1, 0], [len(here), len(there)]) for here, there in pairs])
    middle, spread = signals.mean(axis=0), signals.std(axis=0) + 1e-6
    learned = LogisticRegression(C=1.0, class_weight="balanced").fit((signals - middle) / spread, belongs)
    weights = learned.coef_[0] / spread
    return Scope(tuple(map(float, weights)), float(learned.intercept_[0] - weights @ middle))


def _hints(judged: Judged) -> Floats:
    """What sharpness may depend on.

    The gap lets it bend the curve that a single scale would leave too steep or too flat.
    """
    return np.stack(
        [np.ones(len(judged)), judged.known - 0.8, np.log1p(judged.words) - 2.0, _gap(judged.together) - 0.5], axis=1
    )


def _signals(judged: Judged) -> Floats:
    margins = judged.margins
    highest = (
        np.partition(margins, -_ENERGY_OVER, axis=1)[:, -_ENERGY_OVER:] if margins.shape[1] > _ENERGY_OVER else margins
    )
    energy = logsumexp(highest * _ENERGY_SCALE, axis=1) / _ENERGY_SCALE
    evidence = judged.evidence
    winner = judged.together.argmax(axis=1)[:, None]
    return np.stack(
        [
            *(energy, margins.max(axis=1), _gap(margins), judged.known, np.log1p(judged.words)),
            *(evidence.max(axis=1), _gap(evidence), np.take_along_axis(evidence, winner, axis=1)[:, 0]),
        ],
        axis=1,
    )


def _gap(margins: Floats) -> Floats:
    if margins.shape[1] < 2:
        return np.ones(len(margins))
    top = np.partition(margins, -2, axis=1)[:, -2:]
    gap: Floats = top[:, 1] - top[:, 0]
    return gap
