"""Measure the understanding on data of one's choice.

`python -m engine.bench_nlu --train FILE --test FILE [--test FILE ...] [--vs-stock] [--json] [--plots DIR]`

The files hold JSON lines `{"text", "intent"}`, optionally with a `"style"`; a directory stands for all such files in
it, or for the training examples of its Rasa files (`--train nlu --test tests/data/heldout` measures the shipped
assistant). Trains the shipped pipeline on the training file and prints, per test file: accuracy, macro F1, expected
calibration error over 15 bins, milliseconds a message, and what the decisions would have cost. Test messages whose
intent does not occur in training count as out of scope: they do not enter these figures, and the areas under the ROC
curve of the in-scope score and of the plain confidence say how well each finds them. `--vs-stock` trains Rasa's
default DIET pipeline on the same data in the same run. Status 1, with one line per fault, when a file is bad; 2 for
wrong use.
"""

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from engine.bench_data import BadLinesError, Line, read_lines
from engine.nlu.metrics import calibration_error, macro_f1, separation
from engine.nlu.model import Model
from engine.nlu.training import NothingToLearnError, train


@dataclass(frozen=True, slots=True)
class Answer:
    """What a pipeline made of one message, and how long it took."""

    intent: str
    confidence: float
    in_scope: float
    decision: str
    candidates: tuple[str, ...]
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Figures:
    """How a pipeline did on one set of messages; ratios between 0 and 1, `None` where there was nothing to measure."""

    messages: int
    accuracy: float | None
    macro_f1: float | None
    ece: float | None
    ms_p50: float
    ms_p99: float
    answered: float | None
    answered_wrongly: float | None
    asked: float | None
    asked_in_vain: float | None
    handed_off: float | None
    outside: int
    auroc_in_scope: float | None
    auroc_confidence: float | None


@dataclass(frozen=True, slots=True)
class Result:
    """One pipeline on all test files: figures per file, and per style where the file names styles."""

    pipeline: str
    training_seconds: float
    files: dict[str, Figures]
    styles: dict[str, dict[str, Figures]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Run:
    """A result and the answers behind it."""

    result: Result
    asked: list[tuple[Line, Answer]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse, measure, print."""
    options = _parser().parse_args(arguments)
    try:
        training = read_lines(options.train)
        tests = {str(path): read_lines(path) for path in options.test}
        runs = [measure_shipped(training, tests)]
        if options.vs_stock:
            from engine.bench_stock import measure_stock  # noqa: PLC0415 (TensorFlow takes seconds and 400 MB)

            runs.append(measure_stock(training, tests, options.stock_epochs))
    except (BadLinesError, NothingToLearnError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if options.plots:
        from engine.bench_plots import draw  # noqa: PLC0415 (Matplotlib takes a second)

        draw(runs, options.plots)
    results = [run.result for run in runs]
    sys.stdout.write((json.dumps([asdict(result) for result in results]) if options.json else table(results)) + "\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="engine.bench_nlu", description="Measure the understanding on JSON lines.")
    parser.add_argument("--train", required=True, type=Path, help='JSON lines {"text", "intent"} to train on')
    parser.add_argument(
        "--test", required=True, type=Path, action="append", help="JSON lines to measure on; may be repeated"
    )
    parser.add_argument(
        "--vs-stock", action="store_true", help="train Rasa's default pipeline on the same data as well"
    )
    parser.add_argument(
        "--plots", type=Path, metavar="DIR", help="draw confusion, calibration and risk as pictures there"
    )
    parser.add_argument("--stock-epochs", type=int, default=100, metavar="N", help="Rasa's own default is 100")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser


def measure_shipped(training: list[Line], tests: dict[str, list[Line]]) -> Run:
    """Train our pipeline and run the tests through it, one message at a time as in a conversation."""
    started = time.perf_counter()
    model = learn(training)
    seconds = time.perf_counter() - started
    return measure("letan", seconds, set(model.intents), tests, lambda text: _ours(model, text))


def learn(training: list[Line]) -> Model:
    """Train our pipeline as the product does."""
    pairs = [(line.text, line.intent) for line in training]
    return train(pairs, everyday=[line.everyday for line in training])


def _ours(model: Model, text: str) -> Answer:
    started = time.perf_counter()
    meant = model.understand(text)
    took = (time.perf_counter() - started) * 1000
    top = meant.ranking[0] if meant.ranking else None
    intent, confidence = (top.intent, top.confidence) if top else ("", 0.0)
    return Answer(intent, confidence, meant.in_scope, meant.decision.value, meant.candidates, took)


def measure(
    pipeline: str, seconds: float, known: set[str], tests: dict[str, list[Line]], ask: Callable[[str], Answer]
) -> Run:
    """Run every test file through a trained pipeline."""
    everything: list[tuple[Line, Answer]] = []
    files: dict[str, Figures] = {}
    styles: dict[str, dict[str, Figures]] = {}
    for name, lines in tests.items():
        asked = [(line, ask(line.text)) for line in lines]
        files[name] = figures(asked, known)
        everything += asked
        by_style: dict[str, list[tuple[Line, Answer]]] = defaultdict(list)
        for pair in asked:
            by_style[pair[0].style].append(pair)
        if set(by_style) != {""}:
            styles[name] = {style: figures(pairs, known) for style, pairs in sorted(by_style.items())}
    return Run(Result(pipeline, seconds, files, styles), everything)


def figures(asked: list[tuple[Line, Answer]], known: set[str]) -> Figures:
    """Sum up the answers to one set of messages."""
    inside = [(line, answer) for line, answer in asked if line.intent in known]
    outside = [answer for line, answer in asked if line.intent not in known]
    right = np.array([line.intent == answer.intent for line, answer in inside], bool)
    confidence = np.array([answer.confidence for _, answer in inside])
    took = np.array([answer.milliseconds for _, answer in asked])
    answered, asked_back, handed = (
        np.array([a.decision == d for _, a in inside], bool) for d in ("answer", "ask", "hand_off")
    )
    offered = np.array([line.intent in answer.candidates for line, answer in inside], bool)
    return Figures(
        messages=len(inside),
        accuracy=_mean(right),
        macro_f1=macro_f1([line.intent for line, _ in inside], [a.intent for _, a in inside]) if inside else None,
        ece=calibration_error(confidence, right) if inside else None,
        ms_p50=float(np.percentile(took, 50)),
        ms_p99=float(np.percentile(took, 99)),
        answered=_mean(answered),
        answered_wrongly=_mean(~right[answered]),
        asked=_mean(asked_back),
        asked_in_vain=_mean(~offered[asked_back]),
        handed_off=_mean(handed),
        outside=len(outside),
        auroc_in_scope=separation(np.array([a.in_scope for _, a in inside]), np.array([a.in_scope for a in outside])),
        auroc_confidence=separation(confidence, np.array([a.confidence for a in outside])),
    )


def _mean(values: Any) -> float | None:
    return float(values.mean()) if len(values) else None


def table(results: list[Result]) -> str:
    """The figures for people, one block per test file with the pipelines under each other."""
    columns = ("n", "acc", "F1", "ECE", "p50 ms", "p99 ms", "answer", "wrong", "ask", "auroc", "(conf)")
    head = f"{'':34}{columns[0]:>6}{''.join(f'{name:>8}' for name in columns[1:])}"
    lines = [f"training, seconds: {', '.join(f'{r.pipeline} {r.training_seconds:.1f}' for r in results)}", "", head]
    for name in results[0].files:
        lines.append(name)
        for result in results:
            lines.append(_row(f"  {result.pipeline}", result.files[name]))
            lines += [_row(f"    {style or '(none)'}", found) for style, found in result.styles.get(name, {}).items()]
    return "\n".join(lines)


def _row(label: str, found: Figures) -> str:
    shares = (found.accuracy, found.macro_f1, found.ece)
    decisions = (found.answered, found.answered_wrongly, found.asked, found.auroc_in_scope, found.auroc_confidence)
    return (
        f"{label:34}{found.messages:>6}{''.join(_cell(share) for share in shares)}"
        f"{found.ms_p50:>8.2f}{found.ms_p99:>8.2f}{''.join(_cell(share) for share in decisions)}"
    )


def _cell(share: float | None) -> str:
    return f"{'-' if share is None else f'{share:.3f}':>8}"


if __name__ == "__main__":
    sys.exit(main())
