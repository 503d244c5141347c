"""The trained understanding: one object that turns a text into an intent, and the two files that hold it."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from engine.nlu.calibration import Floats, Judged, Scope, Sharpness
from engine.nlu.decision import Decision, Thresholds
from engine.nlu.features import features
from engine.nlu.linear import Separators
from engine.nlu.reading import Reading, read
from engine.nlu.vocabulary import Vocabulary

OUT_OF_SCOPE = "out_of_scope"
_FORMAT = 1
_SETTINGS, _ARRAYS = "intents.json", "intents.npz"


class UnreadableModelError(Exception):
    """The directory holds no model of this version; train again."""


@dataclass(frozen=True, slots=True)
class Guess:
    """One intent and the probability that it is meant."""

    intent: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a message means: all intents by falling probability, and what to do about it.

    `candidates` are the intents worth offering in a question. `ranking` is empty for a message in which nothing can
    be read.
    """

    ranking: tuple[Guess, ...]
    in_scope: float
    decision: Decision
    candidates: tuple[str, ...]


NOTHING_READ = Understanding((), 0.0, Decision.ASK, ())


@dataclass(frozen=True)
class Model:
    """Separators over a vocabulary, with everything learned about how far to trust them. Immutable, safe to share."""

    intents: tuple[str, ...]
    vocabulary: Vocabulary
    separators: Separators
    sharpness: Sharpness
    scope: Scope
    thresholds: Thresholds

    def understand(self, text: str) -> Understanding:
        """Read and classify a text; never raises, whatever the text."""
        reading = read(text)
        return self.classify(reading, features(reading))

    def classify(self, reading: Reading, names: list[str]) -> Understanding:
        """Classify a message whose features are already known."""
        if not names:
            return NOTHING_READ
        row = self.vocabulary.row(names)
        margins = self.separators.margin(row.columns, row.values).astype(float)
        judged = Judged(margins[None], np.array([row.known]), np.array([float(len(reading.tokens))]))
        probabilities = self.sharpness.probabilities(judged)[0]
        order = np.argsort(-probabilities, kind="stable")
        ranked = probabilities[order]
        scope = float(self.scope.score(judged)[0])
        ranked_intents = tuple(self.intents[at] for at in order)
        return Understanding(
            tuple(map(Guess, ranked_intents, ranked.tolist())),
            scope * (1.0 - self._outside(probabilities)),
            self.thresholds.decide(ranked, scope),
            ranked_intents[: self.thresholds.candidates(ranked)],
        )

    def _outside(self, probabilities: Floats) -> float:
        """The probability of the intent that collects what is none of our business, if the assistant has one."""
        return float(probabilities[self.intents.index(OUT_OF_SCOPE)]) if OUT_OF_SCOPE in self.intents else 0.0

    def save(self, directory: Path) -> None:
        """Write the model as JSON and compressed arrays, neither of which can carry code."""
        settings = {
            "format": _FORMAT,
            "intents": self.intents,
            "sharpness": self.sharpness.weights,
            "scope": asdict(self.scope),
            "thresholds": asdict(self.thresholds),
            "features": self.vocabulary.names,
        }
        (directory / _SETTINGS).write_text(json.dumps(settings, ensure_ascii=False), encoding="utf-8")
        np.savez_compressed(
            directory / _ARRAYS,
            rarity=self.vocabulary.rarity,
            weights=self.separators.weights.astype(np.float16),
            bias=self.separators.bias,
        )


def load_model(directory: Path) -> Model:
    """Read a model back; `UnreadableModelError` when the files are missing or of another version."""
    try:
        settings = json.loads((directory / _SETTINGS).read_text(encoding="utf-8"))
        with np.load(directory / _ARRAYS, allow_pickle=False) as arrays:
            rarity, weights, bias = arrays["rarity"], arrays["weights"].astype(np.float32), arrays["bias"]
    except (OSError, ValueError, KeyError) as error:
        raise UnreadableModelError(f"{directory}: {error}") from error
    if settings.get("format") != _FORMAT:
        raise UnreadableModelError(f"{directory}: format {settings.get('format')}, expected {_FORMAT}")
    scope = settings["scope"]
    return Model(
        tuple(settings["intents"]),
        Vocabulary(tuple(settings["features"]), rarity),
        Separators(weights, bias),
        Sharpness(tuple(settings["sharpness"])),
        Scope(tuple(scope["weights"]), scope["bias"]),
        Thresholds(**settings["thresholds"]),
    )
