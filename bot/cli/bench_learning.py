"""`./letan bench learning`: what labels are worth, chosen in our order against chosen at random.

Two assistants learn: a young one, which begins with a few examples of every need, and the shipped one. The one who
labels is always right. After 50, 100, 200 and 400 labels the assistant is trained again and measured on messages that
neither training nor choosing ever sees; what it then understands decides what is looked at next, as from week to week.
"""

from __future__ import annotations

import json
import subprocess
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.adapters.processes.place import ENGINE_PYTHON, ROOT, bare_environment
from bot.cli.output import Failure, say_json, tell
from bot.domain.teaching.worth import RANDOM_SHARE, Seen, order

LABELS = (0, 50, 100, 200, 400)
YOUNG = 10
"""Examples of each need that the young assistant begins with."""
OURS, RANDOM = "our order", "random order"

Line = dict[str, Any]
Ask = Callable[[dict[str, Any]], Any]
Choose = Callable[[Sequence[Line], Sequence[dict[str, Any]], int], list[int]]


@dataclass(frozen=True, kw_only=True)
class Curve:
    """Accuracies (0 to 1) after each number of ``labels``, for each order one list per repetition."""

    name: str
    labels: tuple[int, ...]
    orders: dict[str, list[list[float]]]


class _Pupil:
    """The engine's process that trains and reads."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, request: dict[str, Any]) -> Any:
        """Return the answer to a request. Raises `Failure` when the process ended."""
        if self._process.stdin is None or self._process.stdout is None:
            raise Failure("Không nói chuyện được với máy hiểu tiếng Việt.")
        self._process.stdin.write(json.dumps(request, ensure_ascii=False) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise Failure("Huấn luyện không xong; lỗi ở ngay phía trên.")
        return json.loads(answer)


def run(*, repetitions: int, picture: Path | None, as_json: bool) -> int:
    """Measure, print, and draw where a picture is wanted. Raises `Failure`."""
    if not ENGINE_PYTHON.exists():
        raise Failure("Chưa có môi trường của máy hiểu tiếng Việt. Chạy ./letan train trước.")
    with _pupil() as pupil:
        curves = _measure(pupil, repetitions)
    if picture is not None:
        command = [str(ENGINE_PYTHON), "-m", "engine.bench_curves", str(picture.resolve())]
        told = json.dumps([asdict(one) for one in curves])
        subprocess.run(command, cwd=ROOT, env=bare_environment(), input=told, text=True, check=True)  # noqa: S603 (ours)
    if as_json:
        say_json([asdict(one) for one in curves])
    else:
        _print(curves)
    return 0


@contextmanager
def _pupil() -> Iterator[_Pupil]:
    command = [str(ENGINE_PYTHON), "-m", "engine.bench_learning"]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, cwd=ROOT, env=bare_environment(), stdin=pipe, stdout=pipe, text=True)  # noqa: S603
    with process:
        try:
            yield _Pupil(process)
        finally:
            process.kill()


def _measure(pupil: _Pupil, repetitions: int) -> list[Curve]:
    shipped: list[Line] = pupil.ask({"lines": "nlu"})
    others: list[Line] = pupil.ask({"lines": "tests/data/heldout"})
    tests: list[Line] = pupil.ask({"lines": "tests/data/locked"})
    known = {one["intent"] for one in shipped}
    others, tests = ([one for one in lines if one["intent"] in known] for lines in (others, tests))
    young: dict[str, list[list[float]]] = {OURS: [], RANDOM: []}
    grown: dict[str, list[list[float]]] = {OURS: [], RANDOM: []}
    for seed in range(repetitions):
        few, rest = _few(shipped, seed)
        for name, choose in _orders(seed).items():
            tell(f"Lần {seed + 1}/{repetitions}: trợ lý mới, {name}…")
            young[name].append(learn(pupil.ask, few, [*rest, *others], tests, choose, LABELS))
            tell(f"Lần {seed + 1}/{repetitions}: trợ lý đi kèm, {name}…")
            grown[name].append(learn(pupil.ask, shipped, others, tests, choose, LABELS))
    return [
        Curve(name=f"young: {YOUNG} examples a need", labels=LABELS, orders=young),
        Curve(name="shipped", labels=LABELS, orders=grown),
    ]


def _few(lines: Sequence[Line], seed: int) -> tuple[list[Line], list[Line]]:
    """Return what the young assistant begins with, and the rest."""
    by_need: defaultdict[str, list[Line]] = defaultdict(list)
    for one in Random(seed).sample(lines, k=len(lines)):  # noqa: S311 - an experiment, not a secret
        by_need[one["intent"]].append(one)
    return (
        [one for group in by_need.values() for one in group[:YOUNG]],
        [one for group in by_need.values() for one in group[YOUNG:]],
    )


def _orders(seed: int) -> dict[str, Choose]:
    def ours(pool: Sequence[Line], readings: Sequence[dict[str, Any]], count: int) -> list[int]:
        everyone = range(len(pool))
        drawn = Random(seed).sample(everyone, k=len(pool))  # noqa: S311 - as above
        sample = frozenset(drawn[: round(RANDOM_SHARE * len(pool))])
        seen = [_seen(at, pool[at]["text"], readings[at], drawn=at in sample) for at in everyone]
        chosen = [group.leader.message_id for group in order(seen, seed=seed)]
        # Where nothing is left that the queue would show, somebody who has to label more takes anything.
        return list(dict.fromkeys([*chosen, *drawn]))[:count]

    def random(pool: Sequence[Line], _: Sequence[dict[str, Any]], count: int) -> list[int]:
        return Random(seed).sample(range(len(pool)), k=count)  # noqa: S311 - as above

    return {OURS: ours, RANDOM: random}


def _seen(place: int, text: str, read: dict[str, Any], *, drawn: bool) -> Seen:
    return Seen(
        message_id=place,
        customer_id=place,
        channel="webchat",
        text=text,
        at=datetime(2026, 1, 1, tzinfo=UTC),
        intent=read["intent"],
        confidence=read["confidence"],
        ranking=tuple((name, share) for name, share in read["ranking"]),
        in_scope=read["in_scope"],
        decision=read["decision"],
        drawn=drawn,
    )


def learn(
    ask: Ask, base: Sequence[Line], pool: Sequence[Line], tests: Sequence[Line], choose: Choose, labels: Sequence[int]
) -> list[float]:
    """Return the accuracy on ``tests`` after each number of labels, the first of which is 0.

    ``ask`` takes the requests of `engine.bench_learning`; ``choose`` gets the pool, how each of it was read, and how
    many places of it are wanted. What was labelled is not in the pool any more.
    """
    known, left, accuracies = list(base), list(pool), []
    for wanted in (*labels[1:], None):
        texts = [one["text"] for one in (*tests, *left)]
        readings = ask({"train": known, "read": texts})["readings"]
        right = sum(one["intent"] == read["intent"] for one, read in zip(tests, readings, strict=False))
        accuracies.append(right / len(tests))
        if wanted is None:
            break
        have = len(known) - len(base)
        chosen = set(choose(left, readings[len(tests) :], wanted - have))
        # Not as everyday traffic: what was chosen because the model doubted it says nothing of how often that happens.
        known += [{**left[place], "everyday": False} for place in sorted(chosen)]
        left = [one for place, one in enumerate(left) if place not in chosen]
    return accuracies


def _print(curves: Sequence[Curve]) -> None:
    table = Table("trợ lý", "thứ tự", *(f"{count} nhãn" for count in LABELS))
    for curve in curves:
        for name, runs in curve.orders.items():
            means = [sum(column) / len(column) for column in zip(*runs, strict=True)]
            table.add_row(curve.name, name, *(f"{mean:.3f}" for mean in means))
    Console().print(table)
