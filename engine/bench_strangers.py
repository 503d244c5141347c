"""How well needs that nobody trained are noticed.

`python -m engine.bench_strangers --train nlu --test tests/data/heldout [--splits 5] [--seeds 2]`

Takes `out_of_scope` and a share of the other intents out of training, every intent once per seed, and asks the test
messages: those of the intents left out are strangers. Prints the area under the ROC curve of the in-scope score and of
two common scores from the same model (the confidence, which is the maximum of the softmax, and the entropy), and the
difference to the confidence with its 95 % interval over splits and seeds.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.bench_data import BadLinesError, Line, read_lines
from engine.bench_nlu import learn
from engine.nlu.metrics import separation
from engine.nlu.model import OUT_OF_SCOPE, Model
from engine.nlu.training import NothingToLearnError

Floats = NDArray[np.float64]
# Two-sided 97.5 % quantiles of Student's distribution by degrees of freedom; beyond, the normal one is near enough.
_STUDENT = {4: 2.78, 9: 2.26, 14: 2.14, 19: 2.09}
_NAMES = ("in_scope", "confidence", "entropy")


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse, measure, print; status 1 with one line per fault when a file is bad."""
    parser = argparse.ArgumentParser(prog="engine.bench_strangers", description="Measure how strangers are noticed.")
    parser.add_argument("--train", required=True, type=Path, help="what to train on, as in engine.bench_nlu")
    parser.add_argument("--test", required=True, type=Path, help="messages to ask")
    parser.add_argument("--splits", type=int, default=5, metavar="N", help="parts the intents are dealt into")
    parser.add_argument("--seeds", type=int, default=2, metavar="N", help="how often to deal them anew")
    options = parser.parse_args(arguments)
    areas = []
    try:
        lines, tests = read_lines(options.train), read_lines(options.test)
        for seed in range(options.seeds):
            for gone in _splits(lines, options.splits, seed):
                areas.append(_areas(lines, tests, gone))
                sys.stdout.write(
                    "  ".join(f"{name} {area:.3f}" for name, area in zip(_NAMES, areas[-1], strict=True)) + "\n"
                )
                sys.stdout.flush()
    except (BadLinesError, NothingToLearnError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(summary(np.array(areas)) + "\n")
    return 0


def _splits(lines: list[Line], splits: int, seed: int) -> Iterator[set[str]]:
    intents = sorted({line.intent for line in lines} - {OUT_OF_SCOPE})
    dealt = np.random.default_rng(seed).permutation(len(intents))
    for part in range(splits):
        yield {OUT_OF_SCOPE, *(intents[at] for at in dealt[part::splits])}


def _areas(lines: list[Line], tests: list[Line], gone: set[str]) -> tuple[float, ...]:
    model = learn([line for line in lines if line.intent not in gone])
    scores = np.array([_scores(model, line.text) for line in tests])
    strange = np.array([line.intent in gone for line in tests])
    return tuple(separation(column[~strange], column[strange]) or 0.0 for column in scores.T)


def _scores(model: Model, text: str) -> tuple[float, float, float]:
    meant = model.understand(text)
    shares = np.array([guess.confidence for guess in meant.ranking] or [1.0])
    negative_entropy = float((shares * np.log(np.maximum(shares, 1e-12))).sum())
    return meant.in_scope, float(shares[0]), negative_entropy


def summary(areas: Floats) -> str:
    """Means, and differences to the confidence with 95 % intervals over the rows."""
    count = len(areas)
    wide = _STUDENT.get(count - 1, 1.96 if count > 20 else 2.6) / np.sqrt(max(1, count))
    rows = [f"{'':12}{'mean':>8}{'against confidence':>22}"]
    for at, name in enumerate(_NAMES):
        gain = areas[:, at] - areas[:, 1]
        spread = float(gain.std(ddof=1)) * wide if count > 1 else float("nan")
        rows.append(f"{name:12}{areas[:, at].mean():>8.3f}{gain.mean():>+13.3f} ± {spread:.3f}")
    return "\n".join(rows)


if __name__ == "__main__":
    sys.exit(main())
