"""The story tests as plain sequences of needs, one per conversation: alternatives in a step are conversations apart."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import yaml

STORIES = Path(__file__).parents[2] / "stories"


def conversations(path: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Return the name of each story with the needs of one conversation of it, in order."""
    for story in yaml.safe_load(path.read_text(encoding="utf-8"))["stories"]:
        said = [step.get("or", [step]) for step in story["steps"] if "action" not in step]
        for needs in product(*said):
            yield story["story"], tuple(one["intent"] for one in needs)
