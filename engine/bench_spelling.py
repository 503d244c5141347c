"""What other spellings cost: the accented messages of a test set, re-spelled by program.

`python -m engine.bench_spelling --train nlu --test tests/data/heldout [--seeds 3]`

Prints accuracy and expected calibration error per spelling, and what each loses against the messages as written. The
re-spelling is that of the training copies, with other seeds.
"""

import argparse
import random
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from engine.bench_data import BadLinesError, Line, read_lines
from engine.bench_nlu import learn
from engine.nlu.copies import noisy, raw_telex, teencode, typos, without_diacritics
from engine.nlu.marks import strip_marks
from engine.nlu.metrics import calibration_error
from engine.nlu.model import Model
from engine.nlu.training import NothingToLearnError

_FIRST_SEED = 1000
_SPELLINGS: dict[str, Callable[[str, random.Random], str]] = {
    "as written": lambda text, _: text,
    "without diacritics": lambda text, _: without_diacritics(text),
    "teencode": teencode,
    "raw Telex": raw_telex,
    "a slip in every fourth word": typos,
    "all of it mixed": noisy,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse, measure, print; status 1 with one line per fault when a file is bad."""
    parser = argparse.ArgumentParser(prog="engine.bench_spelling", description="Measure what other spellings cost.")
    parser.add_argument("--train", required=True, type=Path, help="what to train on, as in engine.bench_nlu")
    parser.add_argument("--test", required=True, type=Path, help="messages to re-spell")
    parser.add_argument("--seeds", type=int, default=3, metavar="N", help="how often to re-spell by chance")
    options = parser.parse_args(arguments)
    try:
        lines = read_lines(options.train)
        tests = [line for line in read_lines(options.test) if strip_marks(line.text.lower()) != line.text.lower()]
        model = learn(lines)
    except (BadLinesError, NothingToLearnError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(table(model, tests, options.seeds) + "\n")
    return 0


def table(model: Model, tests: list[Line], seeds: int) -> str:
    """One line per spelling."""
    rows = [f"{'':30}{'n':>6}{'acc':>8}{'loss':>8}{'ECE':>8}"]
    written = None
    every: list[tuple[float, bool]] = []
    for name, respell in _SPELLINGS.items():
        judged = [
            _judged(model, respell(line.text, chance), line.intent)
            for chance in map(random.Random, range(_FIRST_SEED, _FIRST_SEED + seeds))
            for line in tests
        ]
        every += judged
        accuracy = float(np.mean([right for _, right in judged])) if judged else 0.0
        written = accuracy if written is None else written
        rows.append(f"{name:30}{len(tests):>6}{accuracy:>8.3f}{written - accuracy:>8.3f}{_error(judged):>8.3f}")
    rows.append(f"{'all spellings together':30}{'':>22}{_error(every):>8.3f}")
    return "\n".join(rows)


def _judged(model: Model, text: str, intent: str) -> tuple[float, bool]:
    ranking = model.understand(text).ranking
    return (ranking[0].confidence, ranking[0].intent == intent) if ranking else (0.0, False)


def _error(judged: list[tuple[float, bool]]) -> float:
    confidence, right = np.array([pair[0] for pair in judged]), np.array([pair[1] for pair in judged], bool)
    return calibration_error(confidence, right)


if __name__ == "__main__":
    sys.exit(main())
