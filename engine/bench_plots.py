"""Pictures for `engine.bench_nlu --plots`: what is confused, whether confidence is honest, and what it buys."""

from collections import Counter
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from numpy.typing import NDArray

from engine.bench_data import Line
from engine.bench_nlu import Answer, Run
from engine.nlu.metrics import calibration_error, risk_at

_BINS = 10
_DOTS = 120
# Intents with fewer messages than this leave no mark anybody could read.
_MOST_CONFUSIONS = 20


def draw(runs: list[Run], directory: Path) -> None:
    """Write `confusion.png` of the first pipeline, and `calibration.png` and `risk_coverage.png` of all of them."""
    mpl.use("Agg")
    directory.mkdir(parents=True, exist_ok=True)
    inside = [(run, _inside(run)) for run in runs]
    _confusion(inside[0][1], directory / "confusion.png")
    figure, axes = plt.subplots(figsize=(5.5, 5.0), layout="constrained")
    for run, asked in inside:
        _calibration(axes, run.result.pipeline, asked)
    axes.plot([0, 1], [0, 1], color="0.6", linewidth=1, linestyle="--")
    axes.set(xlabel="stated confidence", ylabel="share of right answers", xlim=(0, 1), ylim=(0, 1))
    axes.legend(frameon=False)
    figure.savefig(directory / "calibration.png", dpi=_DOTS)
    figure, axes = plt.subplots(figsize=(6.5, 4.5), layout="constrained")
    for run, asked in inside:
        _risk(axes, run.result.pipeline, asked)
    axes.set(xlabel="share of messages answered without asking", ylabel="share of those answered wrongly", xlim=(0, 1))
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False)
    figure.savefig(directory / "risk_coverage.png", dpi=_DOTS)
    plt.close("all")


def _inside(run: Run) -> list[tuple[Line, Answer]]:
    known = {answer.intent for _, answer in run.asked} | {name for _, answer in run.asked for name in answer.candidates}
    return [(line, answer) for line, answer in run.asked if line.intent in known]


def _numbers(asked: list[tuple[Line, Answer]]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    confidence = np.array([answer.confidence for _, answer in asked])
    return confidence, np.array([line.intent == answer.intent for line, answer in asked], bool)


def _confusion(asked: list[tuple[Line, Answer]], path: Path) -> None:
    """The whole matrix as a picture, and beside it the confusions that occur most."""
    intents = sorted({line.intent for line, _ in asked} | {answer.intent for _, answer in asked})
    number = {intent: at for at, intent in enumerate(intents)}
    matrix = np.zeros((len(intents), len(intents)))
    for line, answer in asked:
        matrix[number[line.intent], number[answer.intent]] += 1
    share = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    figure, (left, right) = plt.subplots(1, 2, figsize=(17, 12), width_ratios=(3, 1), layout="constrained")
    left.imshow(share, cmap="Blues", vmin=0, vmax=1)
    left.set(xlabel="understood as", ylabel="meant", xticks=range(len(intents)), yticks=range(len(intents)))
    left.set_xticklabels(intents, rotation=90, fontsize=6)
    left.set_yticklabels(intents, fontsize=6)
    wrong = Counter((line.intent, answer.intent) for line, answer in asked if line.intent != answer.intent)
    common = wrong.most_common(_MOST_CONFUSIONS)[::-1]
    right.barh([f"{meant} → {taken}" for (meant, taken), _ in common], [count for _, count in common], color="#4878a8")
    right.set(xlabel="messages", title="most frequent confusions")
    right.tick_params(axis="y", labelsize=8)
    figure.savefig(path, dpi=_DOTS)


def _calibration(axes: Axes, name: str, asked: list[tuple[Line, Answer]]) -> None:
    confidence, right = _numbers(asked)
    bins = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    filled = [at for at in range(_BINS) if (bins == at).any()]
    stated = [confidence[bins == at].mean() for at in filled]
    found = [right[bins == at].mean() for at in filled]
    axes.plot(stated, found, marker="o", label=f"{name} (ECE {calibration_error(confidence, right):.3f})")


def _risk(axes: Axes, name: str, asked: list[tuple[Line, Answer]]) -> None:
    confidence, right = _numbers(asked)
    coverage, risk = risk_at(confidence, right)
    (line,) = axes.plot(coverage, risk, label=name)
    answered = np.array([answer.decision == "answer" for _, answer in asked])
    if answered.any():
        axes.plot(
            answered.mean(), 1 - right[answered].mean(), marker="o", color=line.get_color(), label=f"{name}: decisions"
        )
