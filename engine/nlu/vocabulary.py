"""Feature names to numbers: the table of known features, their weights, and sparse rows of unit length."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import log

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from engine.nlu.features import trust, weight

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Row:
    """One message as a sparse row of unit length, and the share of its features that are known."""

    columns: list[int]
    values: Floats
    known: float


@dataclass(frozen=True)
class Vocabulary:
    """The features seen in training, in column order, each with its inverse document frequency."""

    names: tuple[str, ...]
    rarity: Floats
    _column: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_column", {name: at for at, name in enumerate(self.names)})

    def __len__(self) -> int:
        return len(self.names)

    def trust(self) -> Floats:
        """How far the count of each feature is believed."""
        return np.array([trust(name) for name in self.names], np.float32)

    def row(self, names: Sequence[str]) -> Row:
        """Weigh the features of one message. An empty or wholly unknown message gives an empty row."""
        counted = Counter(names)
        column = self._column
        known = [(column[name], count) for name, count in counted.items() if name in column]
        if not known:
            return Row([], np.zeros(0, np.float32), 0.0)
        columns = [at for at, _ in known]
        values = (
            np.array([1.0 if count == 1 else 1.0 + log(count) for _, count in known], np.float32) * self.rarity[columns]
        )
        return Row(columns, values / np.sqrt(values @ values), len(known) / len(counted))

    def matrix(self, rows: Iterable[Row]) -> csr_matrix:
        """Stack rows for training."""
        rows = list(rows)
        ends = np.cumsum([0, *(len(row.columns) for row in rows)])
        columns = np.fromiter((at for row in rows for at in row.columns), np.int32, count=int(ends[-1]))
        values = np.concatenate([row.values for row in rows]) if rows else np.zeros(0, np.float32)
        return csr_matrix((values, columns, ends), shape=(len(rows), len(self)), dtype=np.float32)


def learn_vocabulary(documents: Sequence[Sequence[str]], at_least: int) -> Vocabulary:
    """Keep features of `at_least` documents; each weighs by its rarity times the weight of its view."""
    found: Counter[str] = Counter()
    for names in documents:
        found.update(set(names))
    kept = sorted(name for name, count in found.items() if count >= at_least)
    rarity = np.array(
        [weight(name) * (1.0 + log((1 + len(documents)) / (1 + found[name]))) for name in kept], np.float32
    )
    return Vocabulary(tuple(kept), rarity)
