"""Train the understanding again and again on growing data, for `./letan bench learning`.

`python -m engine.bench_learning [--draw FILE.png]`

Without `--draw` it reads one request per line of standard input and answers each with one line of JSON:

- `{"lines": PATH}` gives `[{"text", "intent", "style", "everyday"}]` of a file or directory of labelled messages;
- `{"train": [{"text", "intent", "everyday"}], "read": [text]}` trains, and gives
  `{"seconds", "readings": [{"intent", "confidence", "ranking", "in_scope", "decision"}]}`.

With `--draw` it reads the finished curves and draws them. Status 1 when data are bad, with one line per fault.
"""

import argparse
import json
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from engine.bench_data import BadLinesError, Line, read_lines
from engine.bench_nlu import learn
from engine.nlu.model import Model
from engine.nlu.training import NothingToLearnError

_GUESSES = 5
_DOTS = 120


def main() -> int:
    """Answer requests until there are none left, or draw."""
    parser = argparse.ArgumentParser(prog="engine.bench_learning", description="Train on growing data.")
    parser.add_argument("--draw", type=Path, metavar="FILE.png", help="draw the curves that come in")
    options = parser.parse_args()
    if options.draw:
        _draw(json.load(sys.stdin), options.draw)
        return 0
    for line in sys.stdin:
        try:
            answer = _answer(json.loads(line))
        except (BadLinesError, NothingToLearnError) as error:
            sys.stderr.write(f"{error}\n")
            return 1
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    return 0


def _answer(request: Mapping[str, Any]) -> Any:
    if "lines" in request:
        return [asdict(line) for line in read_lines(Path(request["lines"]))]
    started = time.perf_counter()
    model = learn([Line(one["text"], one["intent"], everyday=one["everyday"]) for one in request["train"]])
    return {"seconds": time.perf_counter() - started, "readings": [_reading(model, text) for text in request["read"]]}


def _reading(model: Model, text: str) -> dict[str, Any]:
    meant = model.understand(text)
    top = meant.ranking[0] if meant.ranking else None
    return {
        "intent": top.intent if top else None,
        "confidence": top.confidence if top else 0.0,
        "ranking": [[one.intent, one.confidence] for one in meant.ranking[:_GUESSES]],
        "in_scope": meant.in_scope,
        "decision": meant.decision.value,
    }


def _draw(curves: list[Mapping[str, Any]], path: Path) -> None:
    """Draw one panel per assistant: `{"name", "labels": [n], "orders": {order: [[accuracy per n] per repetition]}}`."""
    import matplotlib as mpl  # noqa: PLC0415 (a second, and only pictures need it)

    mpl.use("Agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415

    figure, panels = plt.subplots(1, len(curves), figsize=(5.2 * len(curves), 4.2), layout="constrained", squeeze=False)
    for axes, curve in zip(panels[0], curves, strict=True):
        for (order, runs), marker in zip(curve["orders"].items(), "os", strict=False):
            columns = list(zip(*runs, strict=True))
            middle = [sum(column) / len(column) for column in columns]
            spread = [
                [mean - min(column) for mean, column in zip(middle, columns, strict=True)],
                [max(column) - mean for mean, column in zip(middle, columns, strict=True)],
            ]
            axes.errorbar(curve["labels"], middle, yerr=spread, marker=marker, capsize=3, label=order)
        axes.set(title=curve["name"], xlabel="messages labelled", ylabel="accuracy on tests/data/locked")
        axes.grid(alpha=0.3)
        axes.legend(frameon=False, loc="lower right")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=_DOTS)


if __name__ == "__main__":
    sys.exit(main())
