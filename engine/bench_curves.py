"""Draw the curves of `./letan bench learning`, which come in as JSON: `python -m engine.bench_curves FILE.png`."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import pyplot as plt

_DOTS = 120


def draw(curves: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Draw one panel per assistant: `{"name", "labels": [n], "orders": {order: [[accuracy per n] per repetition]}}`."""
    mpl.use("Agg")
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
    draw(json.load(sys.stdin), Path(sys.argv[1]))
