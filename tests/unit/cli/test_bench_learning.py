"""The experiment behind the learning curve: who is asked for what, and what is measured."""

from collections.abc import Sequence
from typing import Any

from bot.cli.bench_learning import learn

Line = dict[str, Any]


def _line(text: str, intent: str) -> Line:
    return {"text": text, "intent": intent, "everyday": False}


class Parrot:
    """Knows what it was taught, word for word, and nothing else."""

    def __init__(self) -> None:
        self.taught: list[list[str]] = []

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        known = {one["text"]: one["intent"] for one in request["train"]}
        self.taught.append(sorted(known))
        return {"readings": [{"intent": known.get(text)} for text in request["read"]]}


def _first(pool: Sequence[Line], readings: Sequence[dict[str, Any]], count: int) -> list[int]:
    assert len(pool) == len(readings)
    assert all(one["intent"] is None for one in readings), "what was labelled is asked for again"
    return list(range(count))


def test_labels_are_taken_from_the_pool_once_and_measured_after_each_training() -> None:
    parrot = Parrot()
    base = [_line("giá bao nhiêu", "product_price")]
    pool = [_line("mấy giờ đóng cửa", "opening_hours"), _line("ở đâu vậy", "address"), _line("alo", "greet")]
    tests = [*base, *pool]

    accuracies = learn(parrot.ask, base, pool, tests, _first, (0, 1, 3))

    assert accuracies == [1 / 4, 2 / 4, 4 / 4]
    assert [len(one) for one in parrot.taught] == [1, 2, 4]
