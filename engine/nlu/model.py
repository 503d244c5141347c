"""The trained understanding: one object that turns a text into an intent, and the two files that hold it."""

import json
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix

from engine.nlu.calibration import Floats, Judged, Scope, Sharpness
from engine.nlu.decision import Decision, Thresholds
from engine.nlu.evidence import Evidence, weigh
from engine.nlu.features import features
from engine.nlu.linear import Separators
from engine.nlu.reading import Reading, read
from engine.nlu.slips import Slips, Taught
from engine.nlu.vocabulary import Vocabulary

OUT_OF_SCOPE = "out_of_scope"
_FORMAT = 2
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
    slips: Slips
    vocabulary: Vocabulary
    separators: Separators
    evidence: Evidence
    sharpness: Sharpness
    scope: Scope
    thresholds: Thresholds

    def understand(self, text: str) -> Understanding:
        """Read and classify a text; never raises, whatever the text."""
        return self.classify(read(text))

    def classify(self, reading: Reading) -> Understanding:
        """Classify a message that is already read."""
        reading = self.slips.repaired(reading)
        names = features(reading)
        if not names:
            return NOTHING_READ
        row = self.vocabulary.row(names)
        margins = self.separators.margin(row.columns, row.values).astype(float)
        evidence = self.evidence.of_row(row.columns, row.values).astype(float)
        length = float(len(reading.matter))
        judged = Judged(margins[None], evidence[None], np.array([row.known]), np.array([length]))
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
            "words": self.slips.taught.words,
            "pairs": self.slips.taught.pairs,
        }
        (directory / _SETTINGS).write_text(json.dumps(settings, ensure_ascii=False), encoding="utf-8")
        np.savez_compressed(
            directory / _ARRAYS,
            rarity=self.vocabulary.rarity,
            weights=self.separators.weights.astype(np.float16),
            bias=self.separators.bias,
            met=self.evidence.counts.data.astype(np.uint16),
            met_feature=self.evidence.counts.indices,
            met_intent=self.evidence.counts.indptr,
        )


def load_model(directory: Path) -> Model:
    """Read a model back; `UnreadableModelError` when the files are missing or of another version."""
    try:
        settings = json.loads((directory / _SETTINGS).read_text(encoding="utf-8"))
        with np.load(directory / _ARRAYS, allow_pickle=False) as arrays:
            rarity, weights, bias = arrays["rarity"], arrays["weights"].astype(np.float32), arrays["bias"]
            met = (arrays["met"].astype(np.float32), arrays["met_feature"], arrays["met_intent"])
    except (OSError, ValueError, KeyError) as error:
        raise UnreadableModelError(f"{directory}: {error}") from error
    if settings.get("format") != _FORMAT:
        raise UnreadableModelError(f"{directory}: format {settings.get('format')}, expected {_FORMAT}")
    scope = settings["scope"]
    vocabulary = Vocabulary(tuple(settings["features"]), rarity)
    return Model(
        tuple(settings["intents"]),
        Slips(Taught(Counter(settings["words"]), Counter(settings["pairs"]))),
        vocabulary,
        Separators(weights, bias),
        weigh(csr_matrix(met, shape=weights.shape[::-1]), vocabulary.trust()),
        Sharpness(tuple(settings["sharpness"])),
        Scope(tuple(scope["weights"]), scope["bias"]),
        Thresholds(**settings["thresholds"]),
    )
