"""Training: copies, separators, and what unseen messages teach about how far to trust them."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from engine.nlu.calibration import Judged, Scope, Sharpness, joined, learn_scope, learn_sharpness
from engine.nlu.copies import noisy, without_diacritics
from engine.nlu.decision import MOST_CANDIDATES, Outcomes, Thresholds, learn_thresholds
from engine.nlu.evidence import count_evidence
from engine.nlu.features import features
from engine.nlu.linear import separate
from engine.nlu.model import Model
from engine.nlu.reading import read
from engine.nlu.slips import Slips, count_words
from engine.nlu.vocabulary import Vocabulary, learn_vocabulary

Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
# Fewer copies of everyday lines than this say less than all lines do.
_ENOUGH_EVERYDAY = 500


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train; `doubt` is the highest chance of being wrong at which an answer is given without asking."""

    seed: int = 20
    softness: float = 0.5
    noisy_copies: int = 1
    most_rows: int = 24_000
    folds: int = 4
    kept_out: int = 3
    doubt: float = 0.3


class NothingToLearnError(Exception):
    """No training line has anything readable in it."""


@dataclass(frozen=True)
class _Rows:
    """All copies of all lines as rows, with the line each is a copy of and the number of its intent."""

    matrix: csr_matrix
    trust: NDArray[np.float32]
    known: Floats
    words: Floats
    label: Ints
    line: Ints


def is_everyday(metadata: object) -> bool:
    """Whether the metadata of an intent's examples (Rasa's YAML) say that they stand for what comes in."""
    return isinstance(metadata, dict) and metadata.get("traffic") == "everyday"


def train(lines: Sequence[tuple[str, str]], recipe: Recipe = Recipe(), everyday: Sequence[bool] = ()) -> Model:
    """Train on pairs of text and intent. The same lines and recipe give the same model.

    `everyday` marks the lines that were written as customers write and not chosen to be unlike each other. All lines
    teach what is meant; if enough are marked, only those teach how far to trust it.
    """
    kept = [at for at, (text, _) in enumerate(lines) if _readable(text)]
    readable = [lines[at] for at in kept]
    typical = np.array([bool(everyday) and everyday[at] for at in kept], bool)
    if not readable:
        raise NothingToLearnError("no training line has anything readable in it")
    intents = tuple(sorted({intent for _, intent in readable}))
    slips = Slips(count_words(read(text) for text, _ in readable))
    rows, vocabulary = _rows(readable, intents, slips, recipe)
    # One after the other: the solver draws from a generator that all threads of a process share, so trainings side by
    # side would not be repeatable.
    separators = separate(rows.matrix, rows.label, len(intents), recipe.softness)
    evidence = count_evidence(rows.matrix, rows.label, len(intents), rows.trust)
    unseen = [_unseen_lines(rows, fold, len(intents), recipe) for fold in range(recipe.folds)]
    groups = (_unseen_intents(rows, group, len(intents), recipe) for group in range(recipe.kept_out))
    strangers = [pair for pair in groups if pair is not None]
    if sum(int(typical[of_line].sum()) for _, _, of_line in unseen) < _ENOUGH_EVERYDAY:
        typical[:] = True
    trusted = [(judged.which(typical[of_line]), truth[typical[of_line]]) for judged, truth, of_line in unseen]
    sharpness, scope, thresholds = _trust(trusted, strangers, recipe)
    return Model(intents, slips, vocabulary, separators, evidence, sharpness, scope, thresholds)


def _readable(text: str) -> bool:
    reading = read(text)
    return bool(reading.tokens or reading.mood.happy or reading.mood.upset)


def _rows(
    lines: Sequence[tuple[str, str]], intents: tuple[str, ...], slips: Slips, recipe: Recipe
) -> tuple[_Rows, Vocabulary]:
    chance = random.Random(recipe.seed)  # noqa: S311 (noise, not secrets)
    number = {intent: at for at, intent in enumerate(intents)}
    documents: list[list[str]] = []
    words: list[int] = []
    of_line: list[int] = []
    for at, (text, _) in enumerate(lines):
        own = count_words([read(text)])
        for copy in _copies(text, at, len(lines), chance, recipe):
            reading = slips.repaired(read(copy), own)
            names = features(reading)
            if names:
                documents.append(names)
                words.append(len(reading.matter))
                of_line.append(at)
    vocabulary = learn_vocabulary(documents, at_least=2 if len(documents) > len(lines) else 1)
    rows = [vocabulary.row(names) for names in documents]
    label = np.array([number[lines[at][1]] for at in of_line], np.int32)
    known = np.array([row.known for row in rows])
    line = np.array(of_line, np.int32)
    return _Rows(vocabulary.matrix(rows), vocabulary.trust(), known, np.array(words, float), label, line), vocabulary


def _copies(text: str, at: int, lines: int, chance: random.Random, recipe: Recipe) -> list[str]:
    """The line as it is, and as many copies as the budget of rows allows; copies that change nothing are left out."""
    wanted = min(1 + recipe.noisy_copies, recipe.most_rows // lines - 1)
    if wanted < 1:
        return [text]
    copies = [without_diacritics(text)] if wanted > 1 or at % 2 else []
    copies += [noisy(text, chance) for _ in range(wanted - len(copies))]
    return list(dict.fromkeys([text.lower(), *copies]))


def _unseen_lines(rows: _Rows, fold: int, intents: int, recipe: Recipe) -> tuple[Judged, Ints, Ints]:
    """The copies of one fold's lines, judged by what saw none of them; their intents; and which line each is of."""
    held = _dealt(rows, recipe)[rows.line] == fold
    common = np.bincount(rows.label[~held], minlength=intents) > 0
    asked = held & common[rows.label]
    return _judge_unseen(rows, held, asked, intents, recipe), rows.label[asked], rows.line[asked]


def _unseen_intents(rows: _Rows, group: int, intents: int, recipe: Recipe) -> tuple[Judged, Judged] | None:
    """Margins for unseen lines, and for all lines of a share of the intents, from separators that heard of neither.

    Both come from the same separators over the same intents, so that nothing but the matter tells them apart.
    """
    if intents < 2 * recipe.kept_out:
        return None
    strange = np.isin(
        np.arange(intents), np.random.default_rng(recipe.seed).permutation(intents)[group :: recipe.kept_out]
    )
    unheard = strange[rows.label]
    held = unheard | (_dealt(rows, recipe)[rows.line] == group)
    inside, outside = (_judge_unseen(rows, held, held & which, intents, recipe) for which in (~unheard, unheard))
    return inside.only(~strange), outside.only(~strange)


def _judge_unseen(rows: _Rows, held: Bools, asked: Bools, intents: int, recipe: Recipe) -> Judged:
    """Train without the held rows and judge the asked ones as if the features that only held rows have were unknown."""
    if held.all() or not asked.any():
        return Judged(np.zeros((0, intents)), np.zeros((0, intents)), np.zeros(0), np.zeros(0))
    separators = separate(rows.matrix[~held], rows.label[~held], intents, recipe.softness)
    evidence = count_evidence(rows.matrix[~held], rows.label[~held], intents, rows.trust)
    seen = np.asarray(rows.matrix[~held].getnnz(axis=0)) > 0
    matrix = rows.matrix[asked]
    before = matrix.getnnz(axis=1)
    matrix = matrix.multiply(seen[None].astype(np.float32)).tocsr()
    matrix.eliminate_zeros()
    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    scale = csr_matrix((1.0 / np.maximum(length, 1e-6), (np.arange(len(length)),) * 2))
    known = rows.known[asked] * matrix.getnnz(axis=1) / np.maximum(before, 1)
    matrix = scale @ matrix
    margins, counted = separators.margins(matrix), evidence.of_rows(matrix)
    return Judged(margins.astype(float), counted.astype(float), known, rows.words[asked])


def _dealt(rows: _Rows, recipe: Recipe) -> Ints:
    """A fold for every line, dealt in turn within each intent in a random order."""
    fold = np.zeros(int(rows.line.max()) + 1, np.int32)
    lines, first = np.unique(rows.line, return_index=True)
    labels = rows.label[first]
    chance = np.random.default_rng(recipe.seed)
    for label in np.unique(labels):
        mine = chance.permutation(lines[labels == label])
        fold[mine] = (np.arange(len(mine)) + chance.integers(recipe.folds)) % recipe.folds
    return fold


def _trust(
    unseen: list[tuple[Judged, Ints]], strangers: list[tuple[Judged, Judged]], recipe: Recipe
) -> tuple[Sharpness, Scope, Thresholds]:
    """Learn what confidence, in-scope score and decision are made of; defaults when the data is too small to tell."""
    inside = joined([judged for judged, _ in unseen])
    if not len(inside):
        return Sharpness(), Scope(), Thresholds()
    truth = np.concatenate([labels for _, labels in unseen])
    sharpness = learn_sharpness(inside, truth)
    scope = learn_scope(strangers)
    outside = [_outcomes(there, np.full(len(there), -1), sharpness, scope) for _, there in strangers]
    return sharpness, scope, learn_thresholds(_outcomes(inside, truth, sharpness, scope), outside, recipe.doubt)


def _outcomes(judged: Judged, truth: Ints, sharpness: Sharpness, scope: Scope) -> Outcomes:
    probabilities = sharpness.probabilities(judged)
    order = np.argsort(-probabilities, axis=1)[:, :MOST_CANDIDATES]
    ranked = np.take_along_axis(probabilities, order, axis=1)
    hits = order == truth[:, None]
    return Outcomes(ranked[:, 0], ranked.sum(axis=1), scope.score(judged), hits[:, 0], hits.any(axis=1))
